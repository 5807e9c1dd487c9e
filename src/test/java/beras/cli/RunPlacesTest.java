package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.training.RunCommands;
import beras.cli.training.RunPlaces;
import beras.runs.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cli")
class RunPlacesTest {

    @Test
    void theCommandThatRepeatsARunHasItsOptions() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("data", "my table.csv");
        options.put("augment", true);
        options.put("test-every-epoch", false);
        options.put("na", "-999");
        options.put("seed", 3);
        String command = RunCommands.INSTANCE.repeat(new RunFolder(Path.of("r")), options, Map.of("init", "a.beras"));
        assertTrue(command.endsWith(" train --data 'my table.csv' --augment --test-every-epoch=false --na=-999 --seed 3"
                + " --init a.beras --run r-again"), command);
    }

    /** A model in its usual place needs no name to be resumed. */
    @Test
    void placesOutsideOfTheRunAreTold() throws IOException {
        Path run = Path.of("r");
        assertEquals(Map.of(), RunPlaces.of(null, Path.of("m.beras")));
        assertEquals(Map.of("run", "r"), RunPlaces.of(run, null));
        assertEquals(Map.of("run", "r"), RunPlaces.of(run, run.resolve("model.beras").toAbsolutePath()));
        assertEquals(Map.of("run", "r", "out", "m.beras"), RunPlaces.of(run, Path.of("m.beras")));
    }
}

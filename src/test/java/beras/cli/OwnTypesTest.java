package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's layer, loss, metric, optimizer and schedule on the command line: they are on the class path, and that is all. */
@Tag("cli")
@Tag("process")
class OwnTypesTest {

    private static final List<String> RECIPE = List.of("--layers", "dense(16, relu), louder(1.5), dense(10, sigmoid)", "--loss",
            "quartic", "--metrics", "within(0.5), quartic, log_error, largest_error", "--optimizer", "signum(0.01, momentum=0.9)",
            "--lr-schedule", "steps(0.01, 50)", "--epochs", "40", "--batch-size", "32", "--json");

    @TempDir
    Path folder;

    private JarProcess start(Object... args) throws Exception {
        return JarProcess.startMain(folder, ownTypes() + File.pathSeparator + System.getProperty("java.class.path"), args);
    }

    private static Path ownTypes() throws URISyntaxException {
        return Path.of(OwnTypesTest.class.getResource("/own-types").toURI());
    }

    private Result run(Object... args) throws Exception {
        try (JarProcess process = start(args)) {
            return process.end();
        }
    }

    private Object[] train(String run) {
        List<Object> args = new ArrayList<>(List.of("train", "--run", run, "--checkpoint-every", 2));
        args.addAll(RECIPE);
        return args.toArray();
    }

    @Test
    void areTrainedConfiguredEvaluatedAndResumed() throws Exception {
        TinyDigits.write(folder.resolve("data"));
        Result whole = run(train("whole"));
        assertTrue(whole.summary().has("within") && whole.summary().has("test_quartic")
                && whole.summary().has("largest_error"), whole::toString);
        assertEquals(whole.hash(), run("train", "--config", "whole/config.json", "--json").hash());
        assertTrue(run("verify", "whole/model.beras", "--epochs", 2).out().startsWith("whole/model.beras: Same bits: 2 epochs. Not compared:"));
        assertExit(Exit.DONE, run("evaluate", "whole/model.beras"));
        assertExit(Exit.DONE, run("predict", "whole/model.beras", "data/t10k-images-idx3-ubyte.gz"));
        assertExit(Exit.DONE, run("convert", "whole/model.beras", "--out", "model.onnx"));
        try (JarProcess process = start(train("killed"))) {
            assertTrue(process.readLine() && process.readLine());
            process.kill();
            assertEquals(128 + 9, process.end().exit());
        }
        assertEquals(whole.hash(), run("train", "--resume", "killed", "--json").hash());
        assertEquals(Files.readString(folder.resolve("whole/log.csv")), Files.readString(folder.resolve("killed/log.csv")));
        String unknown = "layer 2: There is no such name for a layer. Received: Gain";
        Commands.assertRefused(Exit.BAD_DATA, unknown,
                Commands.run("evaluate", folder.resolve("whole/model.beras"), "--data", folder.resolve("data")));
        Commands.assertRefused(Exit.BAD_DATA, unknown, Commands.run("verify", folder.resolve("whole/model.beras")));
    }
}

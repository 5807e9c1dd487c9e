package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.saving.CSVLogger;
import beras.saving.ModelCheckpoint;
import beras.saving.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A callback that is used in a second training begins anew. */
@Tag("model")
class SecondFitTest {

    /** A file that it wrote in the first training it may replace, and the best of the first does not count. */
    @Test
    void aCheckpointSavesTheBestOfEachTraining(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("best.beras");
        ModelCheckpoint checkpoint = new ModelCheckpoint(file.toString()).monitor("loss").saveBestOnly(true);
        FakeTraining.run(new FakeTraining(3, Problem.model()), checkpoint, "loss", 3, 1, 2);
        assertEquals("2", ModelFile.load(file).provenance().get("epoch"));
        FakeTraining.run(new FakeTraining(4, Problem.model()), checkpoint, "loss", 9, 8, 7, 8);
        assertEquals("3", ModelFile.load(file).provenance().get("epoch"));
        assertEquals(List.of(file, file, file), checkpoint.files());
        assertEquals(7, checkpoint.best());
    }

    @Test
    void aLogHasTheEpochsOfTheLatestTraining(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("log.csv");
        CSVLogger logger = new CSVLogger(file);
        FakeTraining.run(logger, "loss", 3, 2, 1);
        FakeTraining.run(logger, "accuracy", 0.5, 0.75);
        assertEquals(List.of("epoch,accuracy", "0,0.5", "1,0.75"), Files.readAllLines(file));
    }
}

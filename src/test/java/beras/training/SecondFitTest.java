package beras.training;

import static beras.training.FakeTraining.logs;
import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.saving.CSVLogger;
import beras.saving.EventReader;
import beras.saving.EventReader.Event;
import beras.saving.ModelCheckpoint;
import beras.saving.ModelFile;
import beras.saving.TensorBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A callback that is used in a second training begins anew. */
@Tag("model")
class SecondFitTest {

    @Test
    void tensorBoardCountsBatchesAnew(@TempDir Path folder) throws IOException {
        TensorBoard board = new TensorBoard(folder).updateFreq(2);
        for (int fit = 0; fit < 2; fit++) {
            board.onTrainBegin(new FakeTraining(1));
            board.onEpochBegin(0, 3);
            for (int batch = 0; batch < 3; batch++) {
                board.onBatchEnd(batch, logs("loss", 1));
            }
            board.onEpochEnd(0, logs("loss", 1));
            board.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
        }
        try (Stream<Path> files = Files.list(folder.resolve("train"))) {
            List<Path> both = files.toList();
            assertEquals(2, both.size());
            for (Path file : both) {
                List<Event> events = EventReader.read(file);
                assertEquals(List.of(2L, 0L), events.subList(1, events.size()).stream().map(Event::step).toList());
            }
        }
    }

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

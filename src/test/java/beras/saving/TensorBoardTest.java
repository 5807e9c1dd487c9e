package beras.saving;

import static beras.training.FakeTraining.logs;
import static org.junit.jupiter.api.Assertions.*;

import beras.files.WatchedFiles;
import beras.saving.EventReader.Event;
import beras.training.FakeTraining;
import beras.training.History;
import beras.training.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("saving")
class TensorBoardTest {

    @TempDir
    Path folder;

    private List<Path> files(String run) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(run))) {
            return files.sorted().toList();
        }
    }

    /** The events of the only file of a run, after that of the version. */
    private List<Event> events(String run) throws IOException {
        assertEquals(1, files(run).size());
        List<Event> events = EventReader.read(files(run).get(0));
        assertEquals("brain.Event:2", events.get(0).version());
        double now = System.currentTimeMillis() / 1e3;
        for (Event event : events) {
            assertTrue(event.wallTime() > now - 600 && event.wallTime() <= now, "written just now");
        }
        return events.subList(1, events.size());
    }

    private static void epoch(TensorBoard board, int epoch, Object... logs) {
        board.onEpochBegin(epoch, 1);
        board.onBatchEnd(0, logs("loss", 9));
        board.onEpochEnd(epoch, logs(logs));
    }

    // ------------------------------------------------------------------------------------------------------- epochs

    @Test
    void writesEachEpochWhereKerasDoes() throws IOException {
        FakeTraining training = new FakeTraining(2);
        TensorBoard board = new TensorBoard(folder.resolve("made/if/needed"));
        board.onTrainBegin(training);
        epoch(board, 0, "loss", 0.5, "accuracy", 0.25, "val_loss", 2, "val_accuracy", 0.75,
                "learning_rate", 1);
        epoch(board, 1, "loss", 0.25, "accuracy", 0.5, "val_loss", 1, "val_accuracy", 1,
                "learning_rate", 0.125);
        board.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
        folder = folder.resolve("made/if/needed");
        List<Event> train = events("train");
        assertEquals(List.of(0L, 1L), train.stream().map(Event::step).toList());
        assertEquals(Map.of("epoch_loss", 0.5f, "epoch_accuracy", 0.25f, "epoch_learning_rate", 1f), train.get(0).values());
        assertEquals(Map.of("epoch_loss", 0.25f, "epoch_accuracy", 0.5f, "epoch_learning_rate", 0.125f), train.get(1).values());
        List<Event> validation = events("validation");
        assertEquals(List.of(0L, 1L), validation.stream().map(Event::step).toList());
        assertEquals(Map.of("epoch_loss", 2f, "epoch_accuracy", 0.75f), validation.get(0).values());
        assertEquals(Map.of("epoch_loss", 1f, "epoch_accuracy", 1f), validation.get(1).values());
    }

    @Test
    void withoutValidationThereIsNoFileForIt() throws IOException {
        TensorBoard board = new TensorBoard(folder);
        board.onTrainBegin(new FakeTraining(1));
        epoch(board, 0, "loss", 1);
        assertFalse(Files.exists(folder.resolve("validation")));
    }

    @Test
    void theFileIsWholeAfterEachEpoch() throws IOException {
        TensorBoard board = new TensorBoard(folder);
        board.onTrainBegin(new FakeTraining(3));
        for (int epoch = 0; epoch < 3; epoch++) {
            assertEquals(epoch, events("train").size());
            epoch(board, epoch, "loss", 1);
        }
    }

    @Test
    void theNamesAreSuchAsTensorBoardLooksForInAnyLanguage() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            new TensorBoard(folder).onTrainBegin(new FakeTraining(1));
        } finally {
            Locale.setDefault(before);
        }
        String name = files("train").get(0).getFileName().toString();
        assertTrue(name.matches("events\\.out\\.tfevents\\.\\d{10}\\.beras\\.\\d+\\.\\d+"), name);
    }

    @Test
    void eachTrainingHasFilesOfItsOwn() throws IOException {
        TensorBoard board = new TensorBoard(folder);
        for (int training = 0; training < 12; training++) {
            board.onTrainBegin(new FakeTraining(1));
            epoch(board, 0, "loss", training, "val_loss", training);
        }
        assertEquals(12, files("train").size());
        assertEquals(12, files("validation").size());
        for (Path file : files("train")) {
            assertEquals(2, EventReader.read(file).size());
        }
    }

    // ------------------------------------------------------------------------------------------------------ refusals

    @Test
    void aFileInTheWayIsReportedBeforeTraining() throws IOException {
        Files.writeString(folder.resolve("train"), "mine");
        assertThrows(UncheckedIOException.class, () -> new TensorBoard(folder).onTrainBegin(new FakeTraining(1)));
        assertEquals("mine", Files.readString(folder.resolve("train")));
    }

    /** What was trained is worth more than its events. */
    @Test
    void aFileInTheWayOfAResumedTrainingIsAWarning() throws IOException {
        Files.writeString(folder.resolve("train"), "mine");
        TensorBoard board = new TensorBoard(folder);
        FakeTraining training = new FakeTraining(2).resumed(1);
        board.onTrainBegin(training);
        epoch(board, 1, "loss", 1, "val_loss", 2);
        assertEquals(List.of("TensorBoard is left out: " + folder.resolve("train") + ": the file exists already"),
                training.warnings());
        assertEquals("mine", Files.readString(folder.resolve("train")));
        assertFalse(Files.exists(folder.resolve("validation")));
    }

    @Test
    void aFileThatIsGoneIsReported() throws IOException {
        TensorBoard board = new TensorBoard(folder);
        board.onTrainBegin(new FakeTraining(1));
        Files.delete(files("train").get(0));
        assertThrows(UncheckedIOException.class, () -> epoch(board, 0, "loss", 1));
    }

    // --------------------------------------------------------------------------------------------------- in training

    @Test
    void aWholeTraining() throws IOException {
        SmallTraining small = new SmallTraining();
        History history = small.fit(new TensorBoard(folder));
        List<Event> epochs = events("train");
        assertEquals(SmallTraining.EPOCHS, epochs.size());
        List<Event> validation = events("validation");
        for (int epoch = 0; epoch < SmallTraining.EPOCHS; epoch++) {
            Map<String, Object> values = epochs.get(epoch).values();
            assertEquals(history.get("loss").get(epoch).floatValue(), values.get("epoch_loss"));
            assertEquals(SmallTraining.RATE, values.get("epoch_learning_rate"));
            assertNull(values.get("epoch_val_loss"));
            assertEquals(history.get("val_loss").get(epoch).floatValue(), validation.get(epoch).values().get("epoch_loss"));
        }
    }

    /** In the folder of a training that has not begun nothing is left, and the reason has a name. */
    @Test
    void aFileThatCannotBeWrittenIsNamedAndRemoved() throws IOException {
        for (String failing : List.of("write", "close")) {
            TensorBoard board = new TensorBoard(new WatchedFiles(WatchedFiles.failing(failing::equals)).path(folder));
            UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> board.onTrainBegin(new FakeTraining(1)));
            String message = e.getCause().getMessage();
            assertTrue(message.startsWith(folder.resolve("train/events.out.tfevents.").toString()) && message.endsWith(": test"), message);
            try (Stream<Path> files = Files.list(folder.resolve("train"))) {
                assertEquals(List.of(), files.toList());
            }
        }
    }

    /** Of a training in the same second of the same process, whose file has the name that is tried first. */
    @Test
    void aFileThatCannotBeCreatedRemovesNoOther() throws IOException {
        int[] creations = new int[1];
        Path watched = new WatchedFiles((operation, path) -> {
            if (operation.equals("create")) {
                creations[0]++;
                Files.createFile(folder.resolve("train").resolve(path.getFileName().toString()));
                throw new IOException("too many open files");
            }
        }).path(folder);
        assertThrows(UncheckedIOException.class, () -> new TensorBoard(watched).onTrainBegin(new FakeTraining(1)));
        assertEquals(1, creations[0]);
        assertEquals(1, files("train").size());
    }
}

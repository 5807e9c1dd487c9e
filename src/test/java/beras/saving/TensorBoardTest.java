package beras.saving;

import static beras.training.FakeTraining.logs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.files.WatchedFiles;
import beras.saving.EventReader.Event;
import beras.saving.EventReader.Histogram;
import beras.tensor.Tensor;
import beras.tensor.Variable;
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

    // --------------------------------------------------------------------------------------------------- batches

    @Test
    void batchesAreWrittenAsOftenAsAsked() throws IOException {
        TensorBoard board = new TensorBoard(folder).updateFreq(2);
        board.onTrainBegin(new FakeTraining(2));
        for (int epoch = 0; epoch < 2; epoch++) {
            for (int batch = 0; batch < 3; batch++) {
                board.onBatchEnd(batch, logs("loss", 10 * epoch + batch, "accuracy", 0.5));
            }
            board.onEpochEnd(epoch, logs("loss", 1));
        }
        List<Event> events = events("train");
        assertEquals(List.of(2L, 0L, 4L, 6L, 1L), events.stream().map(Event::step).toList());
        assertEquals(Map.of("batch_loss", 1f, "batch_accuracy", 0.5f), events.get(0).values());
        assertEquals(10f, events.get(2).values().get("batch_loss"));
        assertEquals(12f, events.get(3).values().get("batch_loss"));
    }

    // ------------------------------------------------------------------------------------------------- histograms

    @Test
    void weightsAreWrittenAsOftenAsAskedUnderNamesOfTheirOwn() throws IOException {
        Variable kernel = new Variable("kernel", Tensor.of(new float[][] {{1, 2, 3, 3}}));
        Variable state = Variable.state("mean", Tensor.zeros(2));
        TensorBoard board = new TensorBoard(folder).histogramFreq(2);
        board.onTrainBegin(new FakeTraining(3, kernel, state, new Variable("kernel", Tensor.ones(3)),
                new Variable("kernel", Tensor.zeros(0))));
        for (int epoch = 0; epoch < 3; epoch++) {
            epoch(board, epoch, "loss", 1);
            kernel.assign(-1);
        }
        List<Event> events = events("train");
        List<String> names = List.of("kernel/histogram", "mean/histogram", "kernel_1/histogram", "kernel_2/histogram");
        for (int epoch = 0; epoch < 3; epoch++) {
            Map<String, Object> values = events.get(epoch).values();
            assertEquals(epoch != 1, values.keySet().containsAll(names));
            assertEquals(epoch == 1 ? 1 : 5, values.size());
        }
        Histogram first = assertInstanceOf(Histogram.class, events.get(0).values().get("kernel/histogram"));
        assertEquals(List.of(1.0, 3.0, 4.0, 9.0), List.of(first.min(), first.max(), first.count(), first.sum()));
        assertEquals(2, first.buckets().get(29));
        assertEquals(-1, ((Histogram) events.get(2).values().get("kernel/histogram")).max());
    }

    // ------------------------------------------------------------------------------------------------------ refusals

    @Test
    void badArgumentsAreRefused() {
        TensorBoard board = new TensorBoard(folder);
        Exception e = assertThrows(IllegalArgumentException.class, () -> board.updateFreq(-1));
        assertEquals("updateFreq must be at least 0. Received: -1", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> board.histogramFreq(-1));
        assertEquals("histogramFreq must be at least 0. Received: -1", e.getMessage());
    }

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
        TensorBoard board = new TensorBoard(folder).updateFreq(1);
        FakeTraining training = new FakeTraining(2).resumed(1);
        board.onTrainBegin(training);
        epoch(board, 1, "loss", 1, "val_loss", 2);
        assertEquals(List.of("TensorBoard is left out: " + folder.resolve("train") + ": the file exists already"),
                training.warnings());
        assertEquals("mine", Files.readString(folder.resolve("train")));
        assertFalse(Files.exists(folder.resolve("validation")));
    }

    @Test
    void theCountOfBatchesGoesOn() throws IOException {
        TensorBoard before = new TensorBoard(folder.resolve("before")).updateFreq(1);
        before.onTrainBegin(new FakeTraining(2));
        epoch(before, 0, "loss", 1);
        TensorBoard after = new TensorBoard(folder).updateFreq(1);
        after.onTrainBegin(new FakeTraining(2));
        after.restore(before.state().orElseThrow());
        epoch(after, 1, "loss", 1);
        assertEquals(2L, events("train").get(0).step());
    }

    @Test
    void eachTrainingCountsItsBatchesFromOne() throws IOException {
        TensorBoard board = new TensorBoard(folder).updateFreq(1);
        for (int training = 0; training < 2; training++) {
            board.onTrainBegin(new FakeTraining(1));
            epoch(board, 0, "loss", 1);
            epoch(board, 1, "loss", 1);
        }
        for (Path file : files("train")) {
            assertEquals(List.of(1L, 2L), EventReader.read(file).stream()
                    .filter(event -> event.values().containsKey("batch_loss")).map(Event::step).toList());
        }
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
        History history = small.fit(new TensorBoard(folder).updateFreq(1).histogramFreq(1));
        List<Event> epochs = events("train").stream().filter(event -> event.values().containsKey("epoch_loss")).toList();
        assertEquals(SmallTraining.EPOCHS, epochs.size());
        List<Event> validation = events("validation");
        for (int epoch = 0; epoch < SmallTraining.EPOCHS; epoch++) {
            Map<String, Object> values = epochs.get(epoch).values();
            assertEquals(history.get("loss").get(epoch).floatValue(), values.get("epoch_loss"));
            assertEquals(SmallTraining.RATE, values.get("epoch_learning_rate"));
            assertEquals(2.0, ((Histogram) values.get("kernel/histogram")).count());
            assertNull(values.get("epoch_val_loss"));
            assertEquals(history.get("val_loss").get(epoch).floatValue(), validation.get(epoch).values().get("epoch_loss"));
        }
        assertEquals(SmallTraining.EPOCHS * SmallTraining.BATCHES,
                events("train").stream().filter(event -> event.values().containsKey("batch_loss")).count());
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

package beras.saving;

import static beras.training.FakeTraining.logs;
import static org.junit.jupiter.api.Assertions.*;

import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.models.Functional;
import beras.models.Sequential;
import beras.training.FakeTraining;
import beras.training.Mode;
import beras.training.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("saving")
class ModelCheckpointTest {

    private static final double NAN = Double.NaN;

    @TempDir
    Path folder;
    private final Dense dense = new Dense(1, 1, Initializers.zeros());
    private final Sequential model = new Sequential(dense);

    private ModelCheckpoint to(String name) {
        return new ModelCheckpoint(folder + "/" + name);
    }

    /** Trains the weight to the number of the epoch, which ends with this loss. */
    private void train(ModelCheckpoint checkpoint, double... losses) {
        checkpoint.onTrainBegin(new FakeTraining(losses.length, model).with("x"));
        for (int epoch = 0; epoch < losses.length; epoch++) {
            dense.w().assign(epoch);
            checkpoint.onEpochEnd(epoch, logs("val_loss", losses[epoch], "val_accuracy", losses[epoch]));
        }
        checkpoint.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
    }

    private float saved(String name) throws IOException {
        return ModelFile.load(folder.resolve(name)).model().weights().get(0).item();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    // ---------------------------------------------------------------------------------------------------- what it saves

    @Test
    void savesAfterEachEpochInPlaceOfTheOneBefore() throws IOException {
        ModelCheckpoint checkpoint = to("m.beras");
        train(checkpoint, 3, 4, NAN);
        assertEquals(List.of("m.beras"), names());
        assertEquals(2, saved("m.beras"));
        Path file = folder.resolve("m.beras");
        assertEquals(List.of(file, file, file), checkpoint.files());
    }

    @Test
    void namesTellEpochAndNumbers() throws IOException {
        ModelCheckpoint checkpoint = to("{epoch:02d}-{val_loss:.2f}.beras");
        train(checkpoint, 0.5, 0.25);
        assertEquals(List.of("01-0.50.beras", "02-0.25.beras"), names());
        assertEquals(0, saved("01-0.50.beras"));
        assertEquals(1, saved("02-0.25.beras"));
        assertEquals(List.of(folder.resolve("01-0.50.beras"), folder.resolve("02-0.25.beras")), checkpoint.files());
    }

    @Test
    void refusesAtOnceWhatCannotBeWrittenUnderThePath() {
        Node x = new Input(1).apply();
        Functional other = new Functional(1, List.of(x), List.of(new Dense(1).apply(new Add().named("sum").apply(x))));
        for (String name : List.of("m.keras", "{epoch}.keras", "{epoch}-{loss:.2f}.keras")) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> to(name).onTrainBegin(new FakeTraining(1, other).with("loss"))).getMessage();
            assertTrue(message.contains("Keras's format cannot express Add \"sum\" of one input"), message);
        }
        to("{epoch}.keras.beras").onTrainBegin(new FakeTraining(1, other).with("loss"));
        to("m.keras").onTrainBegin(new FakeTraining(1, model).with("loss"));
    }

    @Test
    void savesOnlyTheBestIfAsked() throws IOException {
        ModelCheckpoint checkpoint = to("best-{epoch}").saveBestOnly(true);
        train(checkpoint, NAN, 3, 4, 2, 2, NAN, 1, 5);
        assertEquals(List.of("best-2", "best-4", "best-7"), names());
        assertEquals(1, checkpoint.best());
        assertEquals(6, saved("best-7"));
    }

    @Test
    void theBestMayBeTheMost() throws IOException {
        train(to("name-{epoch}").saveBestOnly(true).monitor("val_accuracy"), 3, 4, 2);
        train(to("mode-{epoch}").mode(Mode.MAX).saveBestOnly(true), 3, 4, 2);
        train(to("both-{epoch}").mode(Mode.MIN).monitor("val_accuracy").saveBestOnly(true), 3, 4, 2);
        assertEquals(List.of("both-1", "both-3", "mode-1", "mode-2", "name-1", "name-2"), names());
    }

    @Test
    void theBestMustBeatWhatWasBefore() throws IOException {
        train(to("{epoch}").saveBestOnly(true).initialValueThreshold(2), 3, 2, 1.5);
        assertEquals(List.of("3"), names());
    }

    @Test
    void beginsAnewWithEachTraining() throws IOException {
        ModelCheckpoint checkpoint = to("m.beras").saveBestOnly(true);
        train(checkpoint, 1);
        train(checkpoint, 9, 8);
        assertEquals(1, saved("m.beras"));
        assertEquals(2, checkpoint.files().size());
        assertEquals(8, checkpoint.best());
    }

    @Test
    void goesOnWithTheBestOfTheTrainingBefore() throws IOException {
        ModelCheckpoint before = to("m.beras").saveBestOnly(true);
        train(before, 2);
        ModelCheckpoint after = to("m.beras").saveBestOnly(true).overwrite(true);
        after.onTrainBegin(new FakeTraining(3, model));
        after.restore(before.state().orElseThrow());
        dense.w().assign(7);
        after.onEpochEnd(1, logs("val_loss", 3));
        assertEquals(0, saved("m.beras"));
        after.onEpochEnd(2, logs("val_loss", 1));
        assertEquals(7, saved("m.beras"));
        before.onTrainBegin(new FakeTraining(1, model));
        assertTrue(Double.isNaN(before.best()));
        after.restore(before.state().orElseThrow());
        assertTrue(Double.isNaN(after.best()));
    }

    @Test
    void theFileTellsWhereTheModelComesFrom() throws IOException {
        train(to("m.beras").parts(saved -> saved.provenance(Map.of("seed", "5"))), 1, 1);
        assertEquals(Map.of("beras", Version.get(), "arithmetic", Integer.toString(Version.ARITHMETIC), "seed", "5", "epoch", "2"),
                ModelFile.load(folder.resolve("m.beras")).provenance());
    }

    @Test
    void theFolderIsMade() throws IOException {
        train(to("a/b/m.beras"), 1);
        assertEquals(0, saved("a/b/m.beras"));
    }

    @Test
    void aLinkToAFolderIsAFolder() throws IOException {
        Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        train(to("link/m.beras"), 1);
        assertTrue(Files.exists(folder.resolve("real/m.beras")));
    }

    // ------------------------------------------------------------------------------------------------ files of others

    private void assertRefusedBeforeTraining(Class<? extends IOException> expected, ModelCheckpoint checkpoint) {
        UncheckedIOException e = assertThrows(UncheckedIOException.class,
                () -> checkpoint.onTrainBegin(new FakeTraining(1, model)));
        assertInstanceOf(expected, e.getCause());
    }

    @Test
    void aFileOfOthersIsReplacedOnlyWhenTold() throws IOException {
        Path file = folder.resolve("m.beras");
        Files.writeString(file, "mine");
        assertRefusedBeforeTraining(FileAlreadyExistsException.class, to("m.beras"));
        assertEquals("mine", Files.readString(file));
        train(to("m.beras").overwrite(true), 1, 1);
        assertEquals(1, saved("m.beras"));
        assertRefusedBeforeTraining(FileAlreadyExistsException.class, to("m.beras"));
    }

    @Test
    void aFileOfAnEarlierTrainingIsInTheWayOfAPattern() throws IOException {
        train(to("{epoch}-{val_loss:.1f}.beras"), 1, 1);
        Files.writeString(folder.resolve("notes"), "mine");
        assertRefusedBeforeTraining(FileAlreadyExistsException.class, to("{epoch}-{val_loss:.1f}.beras"));
        train(to("{epoch}-{val_loss:.1f}.beras").overwrite(true), 2);
        assertEquals(List.of("1-1.0.beras", "1-2.0.beras", "2-1.0.beras", "notes"), names());
    }

    @Test
    void aFileThatAppearedSinceIsNotReplaced() throws IOException {
        ModelCheckpoint checkpoint = to("{epoch}");
        checkpoint.onTrainBegin(new FakeTraining(2, model));
        checkpoint.onEpochEnd(0, logs("loss", 1));
        Files.writeString(folder.resolve("2"), "mine");
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> checkpoint.onEpochEnd(1, logs("loss", 1)));
        assertInstanceOf(FileAlreadyExistsException.class, e.getCause());
        assertEquals("mine", Files.readString(folder.resolve("2")));
        assertEquals(List.of(folder.resolve("1")), checkpoint.files());
    }

    @Test
    void anEpochThatCouldNotBeSavedIsNotTheBest() throws IOException {
        ModelCheckpoint checkpoint = to("m.beras").saveBestOnly(true);
        checkpoint.onTrainBegin(new FakeTraining(3, model).with("x"));
        checkpoint.onEpochEnd(0, logs("val_loss", 3));
        Files.delete(folder.resolve("m.beras"));
        Files.createDirectory(folder.resolve("m.beras"));
        assertThrows(UncheckedIOException.class, () -> checkpoint.onEpochEnd(1, logs("val_loss", 1)));
        assertEquals(3, checkpoint.best());
        Files.delete(folder.resolve("m.beras"));
        dense.w().assign(7);
        checkpoint.onEpochEnd(2, logs("val_loss", 2));
        assertEquals(2, checkpoint.best());
        assertEquals(7f, saved("m.beras"));
    }

    @Test
    void itsOwnFilesAreReplacedInALaterTraining() throws IOException {
        ModelCheckpoint checkpoint = to("{epoch}");
        train(checkpoint, 1, 1);
        train(checkpoint, 1, 1, 1);
        assertEquals(List.of("1", "2", "3"), names());
    }

    @Test
    void aFolderInTheWayIsReportedBeforeTraining() throws IOException {
        Files.createDirectory(folder.resolve("m.beras"));
        assertRefusedBeforeTraining(FileSystemException.class, to("m.beras").overwrite(true));
        Files.createFile(folder.resolve("file"));
        assertRefusedBeforeTraining(IOException.class, to("file/m.beras"));
    }

    // ------------------------------------------------------------------------------------------------------ refusals

    @Test
    void badArgumentsAreRefused() {
        assertMessage("initialValueThreshold must be finite. Received: NaN", () -> to("m").initialValueThreshold(NAN));
    }

    @Test
    void numbersThatTheLogsWillNotHaveAreRefusedBeforeTraining() throws IOException {
        String known = "[loss, val_loss, accuracy, val_accuracy, learning_rate, x]";
        assertMessage("There will be no val_x_loss in the logs to monitor, only " + known
                + ". Did you mean val_loss?", () -> train(to("m").saveBestOnly(true).monitor("val_x_loss"), 1));
        assertMessage("There will be no nosuch in the logs for {nosuch}, only " + known + " and epoch. Received: \"" + folder
                + "/{epoch}-{nosuch:.2f}\"", () -> train(to("{epoch}-{nosuch:.2f}"), 1));
        assertEquals(List.of(), names());
    }

    @Test
    void onlyModelsAreSaved() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> to("m").onTrainBegin(new FakeTraining(1)));
        assertTrue(e.getMessage().startsWith("ModelCheckpoint saves a Model. Received: "), e.getMessage());
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}

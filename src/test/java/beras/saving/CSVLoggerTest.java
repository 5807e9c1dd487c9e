package beras.saving;

import static beras.training.FakeTraining.logs;
import static org.junit.jupiter.api.Assertions.*;

import beras.files.WatchedFiles;
import beras.training.FakeTraining;
import beras.training.Logs;
import beras.training.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("saving")
class CSVLoggerTest {

    private static final Logs FIRST = logs("loss", 0.5, "val_loss", 0.1, "learning_rate", 1);
    private static final Logs SECOND = logs("loss", 0.25, "val_loss", Double.NaN, "learning_rate", 1);
    private static final String HEADER = "epoch,loss,val_loss,learning_rate\n";
    private static final String LINES = "0,0.5,0.1,1.0\n1,0.25,NaN,1.0\n";

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("log.csv");
    }

    private static void train(CSVLogger logger, Logs... epochs) {
        logger.onTrainBegin(new FakeTraining(epochs.length));
        for (int epoch = 0; epoch < epochs.length; epoch++) {
            logger.onEpochBegin(epoch, 1);
            logger.onEpochEnd(epoch, epochs[epoch]);
        }
        logger.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
    }

    private void assertFile(String expected) throws IOException {
        assertEquals(expected, Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "nothing else is left");
        }
    }

    // -------------------------------------------------------------------------------------------------------- lines

    @Test
    void writesAHeaderAndALineForEachEpoch() throws IOException {
        train(new CSVLogger(file), FIRST, SECOND);
        assertFile(HEADER + LINES);
    }

    @Test
    void aLineIsThereWhenItsEpochEnds() throws IOException {
        CSVLogger logger = new CSVLogger(file);
        logger.onTrainBegin(new FakeTraining(2));
        assertFalse(Files.exists(file), "nothing is made before there is something to say");
        logger.onEpochEnd(0, FIRST);
        assertFile(HEADER + "0,0.5,0.1,1.0\n");
        logger.onEpochEnd(1, SECOND);
        assertFile(HEADER + LINES);
    }

    @Test
    void namesWithSeparatorsAreQuoted() throws IOException {
        train(new CSVLogger(file), logs("a,b", 1, "c\"d", 2));
        assertFile("epoch,\"a,b\",\"c\"\"d\"\n0,1.0,2.0\n");
    }

    @Test
    void aNumberThatIsMissingLaterIsNotAvailable() throws IOException {
        train(new CSVLogger(file), FIRST, logs("loss", 1, "learning_rate", 1));
        assertFile(HEADER + "0,0.5,0.1,1.0\n1,1.0,NA,1.0\n");
    }

    @Test
    void aNumberWithoutAColumnIsRefused() throws IOException {
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> train(new CSVLogger(file), FIRST, logs("loss", 1, "x", 2)));
        assertEquals("The columns of " + file + " are [epoch, loss, val_loss, learning_rate]. Received also: [x]",
                e.getMessage());
        assertFile(HEADER + "0,0.5,0.1,1.0\n");
    }

    // ------------------------------------------------------------------------------------------- files that are there

    @Test
    void aFileOfOthersIsReplacedOnlyWhenTold() throws IOException {
        Files.writeString(file, "mine");
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> train(new CSVLogger(file), FIRST));
        assertInstanceOf(FileAlreadyExistsException.class, e.getCause());
        assertFile("mine");
        train(new CSVLogger(file).overwrite(true), FIRST, SECOND);
        assertFile(HEADER + LINES);
    }

    @Test
    void aFileThatAppearedSinceIsNotReplaced() throws IOException {
        CSVLogger logger = new CSVLogger(file);
        logger.onTrainBegin(new FakeTraining(1));
        Files.writeString(file, "mine");
        assertThrows(UncheckedIOException.class, () -> logger.onEpochEnd(0, FIRST));
        assertFile("mine");
    }

    @Test
    void itsOwnFileBeginsAnewWithEachTraining() throws IOException {
        CSVLogger logger = new CSVLogger(file);
        train(logger, SECOND, SECOND, SECOND);
        train(logger, FIRST, SECOND);
        assertFile(HEADER + LINES);
    }

    @Test
    void itsFolderMustBeThere() {
        CSVLogger logger = new CSVLogger(folder.resolve("none/log.csv"));
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> logger.onTrainBegin(new FakeTraining(1)));
        assertInstanceOf(NoSuchFileException.class, e.getCause());
    }

    @Test
    void aFileThatIsGoneIsReported() throws IOException {
        CSVLogger logger = new CSVLogger(file);
        train(logger, FIRST);
        Files.delete(file);
        assertThrows(UncheckedIOException.class, () -> logger.onEpochEnd(1, SECOND));
        assertFalse(Files.exists(file));
    }

    /** Be it the first, with the header, or the last. */
    @Test
    void linesThatCouldNotBeWrittenAreWrittenWithTheNextOrWhenTrainingEnds() throws IOException {
        for (int broken = 0; broken < 3; broken++) {
            boolean[] fails = new boolean[1];
            CSVLogger logger = new CSVLogger(new WatchedFiles(WatchedFiles.failing(operation -> operation.equals("write")
                    && fails[0])).path(file)).overwrite(true);
            logger.onTrainBegin(new FakeTraining(3));
            for (int epoch = 0; epoch < 3; epoch++) {
                Logs logs = logs("loss", epoch);
                int ended = epoch;
                fails[0] = epoch == broken;
                if (fails[0]) {
                    assertThrows(UncheckedIOException.class, () -> logger.onEpochEnd(ended, logs));
                } else {
                    logger.onEpochEnd(ended, logs);
                }
            }
            fails[0] = false;
            logger.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
            assertFile("epoch,loss\n0,0.0\n1,1.0\n2,2.0\n");
        }
    }

    /** Whatever the file holds, or whether it is there. */
    @ParameterizedTest
    @ValueSource(strings = {"", "epoch,loss", "some text\n", HEADER + "0,1,2,3\n5,6,7,8\n"})
    void earlierEpochsTakeThePlaceOfWhatIsThere(String text) throws IOException {
        if (!text.isEmpty()) {
            Files.writeString(file, text);
        }
        CSVLogger logger = new CSVLogger(file).startWith(List.of(FIRST, SECOND)).overwrite(true);
        logger.onTrainBegin(new FakeTraining(5).resumed(2));
        assertFile(HEADER + LINES);
        logger.onEpochEnd(2, FIRST);
        assertFile(HEADER + LINES + "2,0.5,0.1,1.0\n");
        if (!text.isEmpty()) {
            Files.writeString(file, text);
            CSVLogger careful = new CSVLogger(file).startWith(List.of(FIRST));
            assertThrows(UncheckedIOException.class, () -> careful.onTrainBegin(new FakeTraining(5).resumed(1)));
            assertFile(text);
        }
    }
}

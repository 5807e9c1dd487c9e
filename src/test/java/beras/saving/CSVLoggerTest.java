package beras.saving;

import static beras.training.FakeTraining.logs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.files.WatchedFiles;
import beras.training.FakeTraining;
import beras.training.History;
import beras.training.Logs;
import beras.training.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
import org.junit.jupiter.params.provider.CsvSource;
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
    void theSeparatorMayBeAnother() throws IOException {
        train(new CSVLogger(file).separator(';'), FIRST);
        assertFile("epoch;loss;val_loss;learning_rate\n0;0.5;0.1;1.0\n");
        train(new CSVLogger(file).separator(';').append(true), FIRST);
        assertFile("epoch;loss;val_loss;learning_rate\n0;0.5;0.1;1.0\n0;0.5;0.1;1.0\n");
    }

    @Test
    void namesWithSeparatorsAreQuoted() throws IOException {
        train(new CSVLogger(file), logs("a,b", 1, "c\"d", 2));
        assertFile("epoch,\"a,b\",\"c\"\"d\"\n0,1.0,2.0\n");
        train(new CSVLogger(file).append(true), logs("a,b", 3, "c\"d", 4));
        assertTrue(Files.readString(file).endsWith("\n0,3.0,4.0\n"));
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

    // ---------------------------------------------------------------------------------------------------- appending

    @Test
    void goesOnWithAFile() throws IOException {
        train(new CSVLogger(file).append(true), FIRST, SECOND);
        assertFile(HEADER + LINES);
        train(new CSVLogger(file).append(true), SECOND);
        assertFile(HEADER + LINES + "0,0.25,NaN,1.0\n");
    }

    @Test
    void aResumedTrainingTakesAwayTheLinesThatItMakesAgain() throws IOException {
        train(new CSVLogger(file), FIRST, SECOND, SECOND, FIRST);
        String first = HEADER + "0,0.5,0.1,1.0\n1,0.25,NaN,1.0\n";
        assertFile(first + "2,0.25,NaN,1.0\n3,0.5,0.1,1.0\n");
        for (int epoch : new int[] {7, 4, 2, 2}) {
            new CSVLogger(file).append(true).onTrainBegin(new FakeTraining(5).resumed(epoch));
            assertFile(epoch == 2 ? first : first + "2,0.25,NaN,1.0\n3,0.5,0.1,1.0\n");
        }
        CSVLogger logger = new CSVLogger(file).append(true);
        logger.onTrainBegin(new FakeTraining(5).resumed(1));
        logger.onEpochEnd(1, FIRST);
        assertFile(HEADER + "0,0.5,0.1,1.0\n1,0.5,0.1,1.0\n");
    }

    /** As a power failure leaves it: the epoch is made again, or was not known any more. */
    @ParameterizedTest
    @CsvSource({"'0,0.5,0.1,1.0\n1,0.25,N', 1, '0,0.5,0.1,1.0\n'", "'0,0.5,0.1,1.0\n1,0.25,NaN,1.0', 2, '0,0.5,0.1,1.0\n'",
        "'0,0.5', 2, ''"})
    void aResumedTrainingRemovesALineThatWasCutOff(String lines, int resumed, String kept) throws IOException {
        Files.writeString(file, HEADER + lines.replace("\\n", "\n"));
        CSVLogger logger = new CSVLogger(file).append(true);
        logger.onTrainBegin(new FakeTraining(5).resumed(resumed));
        assertFile(HEADER + kept.replace("\\n", "\n"));
        logger.onEpochEnd(resumed, FIRST);
        assertFile(HEADER + kept.replace("\\n", "\n") + resumed + ",0.5,0.1,1.0\n");
    }

    @Test
    void aResumedTrainingBeginsAFileWhoseHeaderWasCutOff() throws IOException {
        Files.writeString(file, HEADER.substring(0, 7));
        CSVLogger logger = new CSVLogger(file).append(true);
        logger.onTrainBegin(new FakeTraining(5).resumed(1));
        logger.onEpochEnd(1, FIRST);
        assertFile(HEADER + "1,0.5,0.1,1.0\n");
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

    @Test
    void ofSeveralTrainingsTheLastIsGoneOnWith() throws IOException {
        Files.writeString(file, HEADER + "0,1,2,3\n5,1,2,3\n0,4,5,6\n1,4,5,6\n");
        new CSVLogger(file).append(true).onTrainBegin(new FakeTraining(5).resumed(1));
        assertFile(HEADER + "0,1,2,3\n5,1,2,3\n0,4,5,6\n");
    }

    @Test
    void goesOnWithItsOwnFile() throws IOException {
        CSVLogger logger = new CSVLogger(file).append(true);
        train(logger, FIRST, SECOND);
        train(logger, FIRST, SECOND);
        assertFile(HEADER + LINES + LINES);
    }

    @Test
    void anEmptyFileIsBegun() throws IOException {
        Files.createFile(file);
        train(new CSVLogger(file).append(true), FIRST, SECOND);
        assertFile(HEADER + LINES);
    }

    @Test
    void linesMayEndAsOnOtherSystems() throws IOException {
        Files.writeString(file, "epoch,loss,val_loss,learning_rate\r\n0,1,2,3\r\n");
        train(new CSVLogger(file).append(true), FIRST);
        assertFile("epoch,loss,val_loss,learning_rate\r\n0,1,2,3\r\n0,0.5,0.1,1.0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "epoch,loss,val_loss,learning_rate\n0,1,2,3\n1,1,2,3", // without an end
        "epoch,loss,val_loss,learning_rate\n0,1,2,3\n1,1,", // half a line
        "epoch,loss,val_loss,learning_rate\n0,1,2\n1,1,2,3\n", // a cell missing
        "epoch,loss,val_loss,learning_rate\n0,1,2,3,4\n", // a cell too many
        "epoch,loss,val_loss,learning_rate\n0,\"1,2,3\n", // a quote that is not closed
        "epoch,loss,val_loss,learning_rate", "loss,val_loss\n1,2\n", "some text\n", "\n",
        "epoch;loss;val_loss;learning_rate\n"})
    void aFileThatIsNotWholeIsRefusedBeforeTraining(String text) throws IOException {
        Files.writeString(file, text);
        CSVLogger logger = new CSVLogger(file).append(true);
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> logger.onTrainBegin(new FakeTraining(1)));
        assertInstanceOf(FileSystemException.class, e.getCause());
        assertTrue(e.getMessage().contains(file + ": cannot add to this file: "), e.getMessage());
        assertTrue(e.getMessage().contains("Received: "), e.getMessage());
        assertFile(text);
    }

    @Test
    void aFileThatIsNotTextIsRefused() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, '\n'});
        CSVLogger logger = new CSVLogger(file).append(true);
        Exception e = assertThrows(UncheckedIOException.class, () -> logger.onTrainBegin(new FakeTraining(1)));
        assertTrue(e.getMessage().contains("it must be text in UTF-8"), e.getMessage());
    }

    @Test
    void otherColumnsAreRefused() throws IOException {
        Files.writeString(file, "epoch,loss,learning_rate\n");
        assertThrows(IllegalArgumentException.class, () -> train(new CSVLogger(file).append(true), FIRST));
        assertFile("epoch,loss,learning_rate\n");
    }

    @Test
    void badSeparatorsAreRefused() {
        for (char bad : new char[] {'"', '\n', '\r'}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> new CSVLogger(file).separator(bad));
            assertTrue(e.getMessage().endsWith("Received: character " + (int) bad), e.getMessage());
        }
    }

    // --------------------------------------------------------------------------------------------------- in training

    @Test
    void aWholeTraining() throws IOException {
        History history = new SmallTraining().fit(new CSVLogger(file));
        StringBuilder expected = new StringBuilder(HEADER);
        for (int epoch = 0; epoch < SmallTraining.EPOCHS; epoch++) {
            expected.append(String.join(",", Integer.toString(epoch), history.get("loss").get(epoch).toString(),
                    history.get("val_loss").get(epoch).toString(), "0.125\n"));
        }
        assertFile(expected.toString());
    }
}

package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import beras.saving.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint is there at any moment, whatever the file system does. */
@Tag("spark")
@ExtendWith(Cluster.class)
class CheckpointTest {

    private static final byte[] OLD = "old".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final byte[] NEW = "newer".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private SparkSession session; // alone knows the file system

    @BeforeEach
    void register() {
        session = Cluster.session().newSession();
        session.conf().set("fs.stubborn.impl", StubbornFileSystem.class.getName());
        StubbornFileSystem.throwing = false;
        StubbornFileSystem.renamesLeft = Integer.MAX_VALUE;
    }

    @AfterEach
    void repair() {
        StubbornFileSystem.renamesLeft = Integer.MAX_VALUE;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"file, false", "stubborn, false", "stubborn, true"})
    void aFileIsReplacedAndNothingElseIsLeft(String scheme, boolean throwing) throws Exception {
        StubbornFileSystem.throwing = throwing;
        HadoopFiles files = new HadoopFiles(session);
        String path = scheme + "://" + folder.resolve("state");
        assertEquals(Optional.empty(), files.readIfThere(path));
        for (byte[] bytes : List.of(OLD, NEW, OLD)) {
            files.replace(path, bytes);
            assertArrayEquals(bytes, files.read(path));
            assertEquals(List.of("state"), names());
        }
    }

    /** The draft is renamed, which is refused; then the earlier file is, then the draft again. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aCrashBetweenRenamesLosesNothing(int renames) throws Exception {
        HadoopFiles files = new HadoopFiles(session);
        String path = "stubborn://" + folder.resolve("state");
        files.replace(path, OLD);
        StubbornFileSystem.renamesLeft = renames;
        assertThrows(StubbornFileSystem.Crash.class, () -> files.replace(path, NEW));
        StubbornFileSystem.renamesLeft = Integer.MAX_VALUE;
        assertArrayEquals(OLD, files.readIfThere(path).orElseThrow());
        files.replace(path, NEW);
        assertArrayEquals(NEW, files.readIfThere(path).orElseThrow());
        assertEquals(List.of("state"), names());
    }

    @Test
    void aWriteThatFailsKeepsTheEarlierFile() throws Exception {
        HadoopFiles files = new HadoopFiles(session);
        Path state = folder.resolve("state");
        files.replace(state.toString(), OLD);
        Files.createDirectories(folder.resolve("state.draft").resolve("in the way"));
        assertThrows(IOException.class, () -> files.replace(state.toString(), NEW));
        assertArrayEquals(OLD, files.readIfThere(state.toString()).orElseThrow());
    }

    @Test
    void aFileSystemOfTheSessionOfTheDatasetIsUsed() {
        session.conf().set("fs.own.impl", StubbornFileSystem.class.getName()); // known to this session alone
        SparkSession.setActiveSession(Cluster.session());
        Dataset<Row> rows = MadeRows.labelled(i -> (double) MadeRows.sign(i));
        Dataset<Row> ofSession = session.createDataFrame(rows.collectAsList(), rows.schema());
        BerasClassifier classifier = MadeRows.classifier().setEpochs(1).setCheckpointDir("own://" + folder);
        assertTrue(assertThrows(UncheckedIOException.class, () -> classifier.fit(rows)).getMessage().contains("\"own\""));
        classifier.fit(ofSession);
        assertTrue(Files.exists(folder.resolve("checkpoint.beras")));
    }

    /** Between the two renames of the checkpoint of the third epoch. */
    @Test
    void aTrainingWhoseDriverDiesBetweenRenamesIsResumedToTheSameBits() throws Exception {
        Dataset<Row> made = MadeRows.labelled(i -> (double) MadeRows.sign(i));
        Dataset<Row> rows = session.createDataFrame(made.collectAsList(), made.schema());
        BerasClassifier classifier = MadeRows.classifier().setEpochs(5).setCheckpointDir("stubborn://" + folder);
        String undisturbed = MadeRows.classifier().setEpochs(5).fit(rows).weightsSha256();
        StubbornFileSystem.renamesLeft = 1 + 3 + 2;
        assertThrows(StubbornFileSystem.Crash.class, () -> classifier.fit(rows));
        assertEquals(List.of("checkpoint.beras.before", "checkpoint.beras.draft"), names());
        StubbornFileSystem.renamesLeft = Integer.MAX_VALUE;
        BerasModel resumed = classifier.fit(rows);
        assertEquals(undisturbed, resumed.weightsSha256());
        assertEquals(5, resumed.saved().provenance().get("losses").split(",").length);
        assertEquals(List.of("checkpoint.beras"), names());
    }

    @Test
    void earlyStoppingIsResumed() {
        Dataset<Row> made = MadeRows.labelled(i -> (double) MadeRows.sign(i)).withColumn("check", functions.expr("a < -0.6"));
        Dataset<Row> rows = session.createDataFrame(made.collectAsList(), made.schema());
        BerasClassifier classifier = MadeRows.classifier().setOptimizer("adam(0.7)").setEpochs(30).setPatience(3)
                .setValidationIndicatorCol("check");
        BerasModel undisturbed = classifier.fit(rows);
        int epochs = undisturbed.saved().provenance().get("losses").split(",").length;
        assertTrue(epochs < 30, () -> epochs + " epochs");
        classifier.setCheckpointDir("stubborn://" + folder);
        StubbornFileSystem.renamesLeft = 1 + 3 * (epochs - 3); // the checkpoint of the last epoch but one is not written
        assertThrows(StubbornFileSystem.Crash.class, () -> classifier.fit(rows));
        StubbornFileSystem.renamesLeft = Integer.MAX_VALUE;
        BerasModel resumed = classifier.fit(rows);
        assertEquals(undisturbed.weightsSha256(), resumed.weightsSha256());
        assertEquals(undisturbed.saved().provenance(), resumed.saved().provenance());
        BerasModel again = classifier.fit(rows.repartition(3)); // from its end
        assertEquals(undisturbed.weightsSha256(), again.weightsSha256());
        assertEquals(undisturbed.saved().provenance(), again.saved().provenance());
        for (BerasClassifier other : List.of(classifier.copy(ParamMap.empty()).setPatience(4),
                classifier.copy(ParamMap.empty()).setColumnTypes("a=category"))) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> other.fit(rows)).getMessage()
                    .contains("expected a checkpoint of this training"));
        }
    }

    @Test
    void theEndOfATrainingIsKeptWhateverCheckpointEverySays() throws Exception {
        MadeRows.classifier().setEpochs(5).setCheckpointDir(folder.toString()).setCheckpointEvery(3)
                .fit(MadeRows.labelled(i -> (double) MadeRows.sign(i)));
        assertEquals(5, ModelFile.load(folder.resolve("checkpoint.beras")).trainingState().orElseThrow().config()
                .integer("epoch"));
    }

    @Test
    void aFolderIsOfOneTrainingAtATime() throws Exception {
        try (CheckpointFile used = new CheckpointFile(session, folder.toString())) {
            used.write(OLD);
            String message = assertThrows(IllegalArgumentException.class, () -> new CheckpointFile(session, "file:" + folder))
                    .getMessage();
            assertTrue(message.startsWith("Expected a checkpointDir that no other training uses at the same time"), message);
        }
        try (CheckpointFile after = new CheckpointFile(session, folder.toString())) {
            assertArrayEquals(OLD, after.read().orElseThrow());
        }
    }
}

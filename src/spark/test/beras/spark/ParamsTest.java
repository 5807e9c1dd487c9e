package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Bounds hold wherever a value comes from; what is set is kept. */
@Tag("spark")
@ExtendWith(Cluster.class)
class ParamsTest {

    @TempDir
    Path folder;

    /** A value out of bounds, and what is said to it. */
    private record Wrong(String param, int value, String message) {}

    private static final String POWERS = "shards must be a power of two from 1 to 1048576. Received: ";
    private static final List<Wrong> WRONG = List.of(new Wrong("ensemble", 0, "ensemble must be at least 1. Received: 0"),
            new Wrong("epochs", -1, "epochs must be at least 0. Received: -1"),
            new Wrong("batchSize", 0, "batchSize must be at least 1. Received: 0"),
            new Wrong("patience", -1, "patience must be at least 0. Received: -1"), new Wrong("shards", 0, POWERS + "0"),
            new Wrong("shards", 3, POWERS + "3"), new Wrong("shards", -8, POWERS + "-8"),
            new Wrong("shards", 1 << 21, POWERS + "2097152"), new Wrong("syncEvery", 0, "syncEvery must be at least 1. Received: 0"),
            new Wrong("checkpointEvery", 0, "checkpointEvery must be at least 1. Received: 0"));

    private static void assertRefused(Wrong wrong, Executable setting) {
        assertEquals(wrong.message, assertThrows(IllegalArgumentException.class, setting, wrong::toString).getMessage());
    }

    @Test
    void numbersOutOfBoundsAreRefusedInEachWay() throws Exception {
        Dataset<Row> rows = MadeRows.labelled(i -> (double) MadeRows.sign(i));
        for (Wrong wrong : WRONG) {
            BerasClassifier classifier = new BerasClassifier();
            Param<Object> param = classifier.getParam(wrong.param);
            String setter = "set" + Character.toUpperCase(wrong.param.charAt(0)) + wrong.param.substring(1);
            assertRefused(wrong, () -> {
                try {
                    BerasClassifier.class.getMethod(setter, int.class).invoke(classifier, wrong.value);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
            assertRefused(wrong, () -> classifier.set(param, wrong.value));
            assertRefused(wrong, () -> classifier.fit(rows, new ParamMap().put(param, wrong.value)));
            assertRefused(wrong, () -> new ParamGridBuilder()
                    .addGrid(param, CollectionConverters.asScala(List.<Object>of(wrong.value))).build());
            assertFalse(classifier.isSet(param));
        }
    }

    @Test
    void aSavedEstimatorWithANumberOutOfBoundsIsRefused() throws Exception {
        Path saved = folder.resolve("saved");
        new BerasClassifier().setEnsemble(1).setEpochs(1).setBatchSize(1).setPatience(1).setShards(1).setSyncEvery(1)
                .setCheckpointEvery(1).save(saved.toString());
        Path metadata;
        try (Stream<Path> files = Files.list(saved.resolve("metadata"))) {
            metadata = files.filter(file -> file.getFileName().toString().startsWith("part-")).findFirst().orElseThrow();
        }
        Files.deleteIfExists(metadata.resolveSibling("." + metadata.getFileName() + ".crc"));
        String before = Files.readString(metadata);
        for (Wrong wrong : WRONG) {
            String given = "\"" + wrong.param + "\":1,";
            assertTrue(before.replace("}", ",}").contains(given), () -> wrong + " is not in " + before);
            Files.writeString(metadata, before.replace("}", ",}").replaceFirst(given, "\"" + wrong.param + "\":" + wrong.value + ",")
                    .replace(",}", "}"));
            assertRefused(wrong, () -> BerasClassifier.load(saved.toString()));
        }
    }

    @Test
    void textsThatSayNothingAreRefusedWhenTheyAreSet() {
        BerasClassifier classifier = new BerasClassifier();
        for (Runnable wrong : List.<Runnable>of(() -> classifier.setLayers("8:sharp"), () -> classifier.setLoss("small"),
                () -> classifier.setOptimizer("adam(speed=1)"), () -> classifier.setSchedule("sinking"),
                () -> classifier.setColumnTypes("zip=code"), () -> classifier.setColumnTypes("zip"),
                () -> classifier.setLabelCol(" "), () -> classifier.setCheckpointDir(""), () -> classifier.setInputCols(),
                () -> classifier.setInputCols("a", "a"), () -> classifier.setLabelCol(null),
                () -> classifier.set(classifier.getParam("epochs"), 3L), () -> classifier.set(classifier.getParam("epochs"), "3"))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
        assertEquals("epochs must be a whole number of 32 bits. Received: 3, a java.lang.Long",
                assertThrows(IllegalArgumentException.class, () -> classifier.set(classifier.getParam("epochs"), 3L)).getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> classifier.setColumnTypes("zip=code")).getMessage()
                .startsWith("columnTypes: A type must be one of [numeric, category, date, dayfirst, monthfirst, list, text, sequence, ignored]. Received: code"));
    }

    @Test
    void settingsThatMakeNoSenseTogetherAreRefused() {
        Dataset<Row> rows = MadeRows.labelled(i -> (double) MadeRows.sign(i));
        assertEquals("patience needs validation rows. Received: a patience of 3 without a validationIndicatorCol. Set that, or"
                + " clear patience", refused(MadeRows.classifier().setPatience(3), rows));
        assertTrue(refused(MadeRows.classifier().setCheckpointEvery(2), rows).startsWith("checkpointEvery needs a folder"));
        assertEquals("batchSize must be at least as large as shards, so that no step is without rows. Received: a batchSize of 4 and"
                + " 8 shards. Set fewer shards or a larger batchSize", refused(MadeRows.classifier().setBatchSize(4), rows));
        assertEquals("A training has at most 2147483647 steps. Received: 5 steps in each of 500000000 epochs. Set fewer epochs or"
                + " a larger batchSize", refused(MadeRows.classifier().setEpochs(500_000_000), rows));
        BerasClassifier many = MadeRows.classifier().setShards(128);
        many.clear(many.batchSize());
        assertTrue(refused(many, rows).startsWith("batchSize must be at least as large as shards"));
        MadeRows.classifier().setBatchSize(8).setEpochs(1).fit(rows);
    }

    private static String refused(BerasClassifier classifier, Dataset<Row> rows) {
        return assertThrows(IllegalArgumentException.class, () -> classifier.fit(rows)).getMessage();
    }

    @Test
    void explainParamsTellsTheDefaultOfEach() {
        for (BerasEstimator<?> estimator : List.of(new BerasClassifier(), new BerasRegressor())) {
            String explained = estimator.explainParams();
            assertFalse(explained.contains("undefined"), explained);
            for (String expected : List.of("batchSize: rows of a step, over all shards (default: 64 for up to 10000 rows to train"
                    + " on, else 128)", "layers: the layers before the output, such as 128:relu,dropout:0.2 (default:"
                    + " 128:relu,64:relu,32:relu for 10000 to 100000 rows to train on, else 64:relu,32:relu)", "shards: into how many parts the rows are divided, a power of two: at most so many tasks"
                    + " work at a time (default: 8)", "epochs: how often to go through the rows, at most (default: as many as make"
                    + " 8000 steps for 10000 to 100000 rows to train on, else 5000, from 5 to 100)", "inputCols: the columns to learn from (default: all columns but those that"
                    + " other params name, if there is no featuresCol)")) {
                assertTrue(explained.contains(expected), () -> explained + "\nlacks " + expected);
            }
        }
        assertTrue(new BerasClassifier().explainParams().contains("loss: what to minimize (default: cross-entropy)"));
        assertTrue(new BerasRegressor().explainParams().contains("loss: what to minimize (default: mse)"));
        assertTrue(new BerasRegressor().setEpochs(3).explainParams().contains("at most (current: 3)"));
        assertFalse(new BerasRegressor().explainParams().contains("probabilityCol"));
    }

    @Test
    void allParamsOfAnEstimatorAreSavedAndCopied() throws Exception {
        BerasClassifier set = new BerasClassifier().setLabelCol("l").setInputCols("a", "b c").setWeightCol("w")
                .setValidationIndicatorCol("v").setColumnTypes("a=category").setLayers("4:relu").setEnsemble(2)
                .setLoss("cross-entropy").setOptimizer("adam(0.01)").setSchedule("cosine").setEpochs(3).setBatchSize(64)
                .setPatience(2).setSeed(9).setShards(4).setSyncEvery(2).setCheckpointDir("dir").setCheckpointEvery(5)
                .setPredictionCol("p").setProbabilityCol("q").setRawPredictionCol("r").setPredictedLabelCol("s");
        set.set(set.featuresCol(), "f");
        for (Param<?> param : set.params()) {
            assertTrue(set.isSet(param), () -> "not set here: " + param.name());
        }
        String file = folder.resolve("estimator").toString();
        set.save(file);
        String pipeline = folder.resolve("pipeline").toString();
        new Pipeline().setStages(new PipelineStage[] {set}).save(pipeline);
        for (BerasClassifier other : List.of(BerasClassifier.load(file), (BerasClassifier) Pipeline.load(pipeline).getStages()[0],
                set.copy(ParamMap.empty()))) {
            assertEquals(set.uid(), other.uid());
            for (Param<?> param : set.params()) {
                Object expected = set.get(param).get();
                Object actual = other.get(other.getParam(param.name())).get();
                if (expected instanceof String[] names) {
                    assertArrayEquals(names, (String[]) actual);
                } else {
                    assertEquals(expected, actual, param.name());
                }
            }
        }
        assertEquals(5, set.copy(new ParamMap().put(set.epochs(), 5)).getOrDefault(set.epochs()));
    }

    @Test
    void aModelHasTheColumnsOfItsEstimator() {
        BerasClassifier estimator = MadeRows.classifier().setEpochs(0).setPredictionCol("p").setProbabilityCol("q")
                .setRawPredictionCol("r").setPredictedLabelCol("");
        BerasModel model = estimator.fit(MadeRows.labelled(i -> (double) MadeRows.sign(i)));
        assertEquals(List.of("a", "b", "label", "p", "q", "r"),
                List.of(model.transform(MadeRows.labelled(i -> 0.0)).columns()));
        assertEquals(estimator, model.parent());
        assertEquals(estimator.uid(), model.uid());
        assertFalse(model.isSet(model.featuresCol()));
        assertEquals(0, model.getOrDefault(model.predictedLabelCol()).length());
    }
}

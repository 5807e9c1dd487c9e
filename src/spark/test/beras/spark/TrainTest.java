package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.data.table.TableOptions;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.models.Ensemble;
import beras.saving.ModelFile;
import beras.tables.TableDefaults;
import beras.training.DivergedException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training in shards: the same weights, whatever happens to partitions and executors. */
@Tag("spark")
@ExtendWith(Cluster.class)
class TrainTest {

    private static final Path PENGUINS = Path.of("data/penguins.csv");

    @TempDir
    Path folder;

    private final SparkSession spark = Cluster.session();

    private Dataset<Row> penguins() {
        return spark.read().option("header", true).option("inferSchema", true).csv(PENGUINS.toString());
    }

    private static BerasClassifier classifier() {
        return new BerasClassifier().setLabelCol("species").setLayers("16:relu,batch_normalization,dropout:0.2").setBatchSize(64)
                .setEpochs(3);
    }

    // ------------------------------------------------------------------------------------------------------ the same bits

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theWeightsDependNeitherOnPartitionsNorOnTheOrderOfRows(int syncEvery) {
        String once = classifier().setSyncEvery(syncEvery).fit(penguins()).weightsSha256();
        assertEquals(syncEvery == 1 ? "687894db1348b9faebfeee60b8837a2f012edd5195b2bb29113be67386b45a49"
                : "46219f9ad888afa32a090f13791b78251ecd0c3f6558a5552b6a96710573418a", once);
        assertEquals(once, classifier().setSyncEvery(syncEvery).fit(penguins().orderBy(functions.desc("bill_depth_mm"))
                .repartition(5))
                .weightsSha256());
        assertNotEquals(once, classifier().setSyncEvery(syncEvery).setSeed(2).fit(penguins()).weightsSha256());
        assertNotEquals(once, classifier().setSyncEvery(syncEvery).fit(penguins().limit(343)).weightsSha256());
    }

    /** The same training by one thread, which sums over all shards itself. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void executorsMakeWhatOneThreadMakes(int syncEvery) throws Exception {
        BerasModel model = classifier().setSyncEvery(syncEvery).fit(penguins());
        TableColumns columns = new TableColumns(List.of(penguins().columns()), numbers(penguins()), "species",
                TableTarget.Task.CLASSIFICATION, java.util.Map.of(), false, null, null);
        try (ShardedTable table = new ShardedTable(penguins(), columns, new Cells(penguins().schema(), columns.names(), "UTC"),
                8, 1)) {
            Plan plan = Plan.of(model.saved().recipe().orElseThrow(), table.schema().width(), table.rows(), syncEvery);
            Replica master = new Replica(plan);
            Replica worker = new Replica(plan);
            List<Shard> shards = table.encoded().collect();
            assertEquals(2, table.partitions());
            int steps = plan.steps();
            for (int epoch = 0; epoch < 3; epoch++) {
                for (int from = 0; from < steps; from += syncEvery) {
                    Round round = new Round(epoch, from, Math.min(steps, from + syncEvery), epoch * steps + from);
                    float[] state = master.state();
                    master.end(round, Contribution.sum(0, 8, i -> worker.contribute(shards.get(i), state, round)).sum());
                }
            }
            assertEquals(ModelFile.weightsSha256(master.net()), model.weightsSha256());
        }
    }

    private static boolean[] numbers(Dataset<Row> rows) {
        boolean[] numbers = new boolean[rows.schema().length()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Cells.Kind.of(rows.schema().fields()[i].dataType()).isNumber();
        }
        return numbers;
    }

    /** Runs work as soon as a file is there. */
    private static CompletableFuture<Void> when(Path file, Runnable work) throws Exception {
        Files.createDirectories(file.getParent());
        WatchService watch = file.getFileSystem().newWatchService();
        file.getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        return CompletableFuture.runAsync(() -> {
            try (watch) {
                WatchKey key;
                do {
                    key = watch.take();
                    for (WatchEvent<?> event : key.pollEvents()) {
                        if (file.getFileName().equals(event.context())) {
                            work.run();
                            return;
                        }
                    }
                } while (key.reset());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aKilledExecutorCostsTimeAlone() throws Exception {
        String undisturbed = classifier().setEpochs(6).fit(penguins()).weightsSha256();
        long pid = new JavaSparkContext(spark.sparkContext()).parallelize(List.of(1), 1).map(one -> ProcessHandle.current().pid())
                .first();
        Path checkpoints = folder.resolve("killed");
        CompletableFuture<Void> killed = when(checkpoints.resolve("checkpoint.beras"),
                () -> assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly()));
        assertEquals(undisturbed, classifier().setEpochs(6).setCheckpointDir(checkpoints.toString()).fit(penguins())
                .weightsSha256());
        killed.get();
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void aTrainingGoesOnFromItsCheckpointToTheSameBits() throws Exception {
        String undisturbed = classifier().setEpochs(6).fit(penguins()).weightsSha256();
        String checkpoints = folder.resolve("broken").toString();
        CompletableFuture<Void> broken = when(Path.of(checkpoints, "checkpoint.beras"), Thread.currentThread()::interrupt);
        BerasClassifier training = classifier().setEpochs(6).setCheckpointDir(checkpoints);
        assertThrows(InterruptedException.class, () -> training.fit(penguins()));
        broken.get();
        BerasModel resumed = training.fit(penguins().repartition(3));
        assertEquals(undisturbed, resumed.weightsSha256());
        assertEquals(6, resumed.saved().provenance().get("losses").split(",").length);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> training.setSeed(9).fit(penguins())).getMessage()
                .contains("expected a checkpoint of this training"));
    }

    // --------------------------------------------------------------------------------------------------------- learning

    @Test
    void theSchemaIsThatOfTheFile() throws Exception {
        TableSchema ofFile = TableSchema.infer(PENGUINS, "species", new TableOptions());
        TableSchema learnt = ((TablePreprocessor) classifier().setEpochs(0).fit(penguins()).saved().preprocessor().orElseThrow())
                .schema();
        assertEquals(ofFile.target(), learnt.target());
        assertEquals(ofFile.rows(), learnt.rows());
        assertEquals(ofFile.featureNames(), learnt.featureNames());
        assertEquals(ofFile.columns(), learnt.columns());
    }

    /** More numbers differ than are counted: a sample of them decides. */
    @Test
    void theNumbersOfManyRowsAreThoseOfTheFile() throws Exception {
        Dataset<Row> rows = spark.range(20_000).selectExpr("1000 * sin(id) size", "id % 1000 place", "if(id % 3 = 0, 'a', 'b') kind");
        List<String> lines = new ArrayList<>(List.of("size,place,kind"));
        rows.collectAsList().forEach(row -> lines.add(row.mkString(",")));
        TableSchema ofFile = TableSchema.infer(Files.write(folder.resolve("many.csv"), lines), "kind", new TableOptions());
        for (int shards : new int[] {1, 8}) {
            TableSchema learnt = ((TablePreprocessor) classifier().setLabelCol("kind").setShards(shards).setEpochs(0)
                    .fit(rows.repartition(3)).saved().preprocessor().orElseThrow()).schema();
            assertEquals(ofFile.columns(), learnt.columns());
        }
    }

    @Test
    void labelsAndValuesAreLearnt() throws Exception {
        BerasModel labels = new BerasClassifier().setLabelCol("species").setBatchSize(32).setEpochs(12).fit(penguins());
        Dataset<Row> predicted = labels.transform(penguins());
        assertTrue(predicted.where("species = predictedLabel").count() > 330);
        assertEquals(TableDefaults.ENSEMBLE, ((Ensemble) labels.saved().model()).nets().size());
        assertEquals(2, ((Ensemble) classifier().setEnsemble(2).setEpochs(0).fit(penguins()).saved().model()).nets().size());
        BerasModel values = new BerasRegressor().setLabelCol("body_mass_g").setBatchSize(32).setEpochs(12).setSyncEvery(2)
                .setPredictionCol("mass").fit(penguins());
        double r2 = new RegressionEvaluator().setLabelCol("body_mass_g").setPredictionCol("mass").setMetricName("r2")
                .evaluate(values.transform(penguins()).where("body_mass_g is not null").withColumn("body_mass_g",
                        functions.col("body_mass_g").cast("double")));
        assertTrue(r2 > 0.7, () -> "r2 " + r2);
        String place = folder.resolve("estimator").toString();
        new BerasRegressor().setLabelCol("body_mass_g").setShards(4).save(place);
        BerasRegressor loaded = BerasRegressor.load(place);
        assertEquals("body_mass_g", loaded.getOrDefault(loaded.labelCol()));
        assertEquals(4, loaded.getOrDefault(loaded.shards()));
    }

    // ------------------------------------------------------------------------------------------------------ bad input

    @Test
    void whatIsWrongIsToldByName() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> classifier().setLabelCol("kind").fit(penguins()))
                .getMessage()
                .startsWith("Expected a column \"kind\", the label. Received the columns: species, "));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> classifier().fit(penguins().withColumn("list",
                functions.array(functions.lit(1))))).getMessage()
                .startsWith("Column \"list\": expected numbers, text, booleans or"));
        assertThrows(IllegalArgumentException.class, () -> classifier().setBatchSize(0));
        assertThrows(IllegalArgumentException.class, () -> classifier().setEnsemble(0));
        assertThrows(IllegalArgumentException.class, () -> classifier().setShards(3));
        assertTrue(refused(penguins().where("false")).contains("expected rows to train on. Received: none"));
        assertTrue(refused(penguins().withColumn("species", functions.lit(null).cast("string"))).contains("have no target"));
        assertTrue(refused(penguins().withColumn("species", functions.lit("one")))
                .contains("expected a target of different values"));
        assertThrows(DivergedException.class, () -> classifier().setOptimizer("sgd(1e30)").fit(penguins()));
    }

    private static String refused(Dataset<Row> rows) {
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> classifier().fit(rows));
        assertTrue(e.getCause() instanceof DataException, e::toString);
        return e.getCause().getMessage();
    }
}

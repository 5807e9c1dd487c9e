package beras.spark;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.training.DivergedException;
import beras.training.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is sent is sent once, shared, and freed; what fails for want of a disk is tried again. */
@Tag("spark")
@ExtendWith(Cluster.class)
class LifecycleTest {

    private final SparkSession spark = Cluster.session();
    private final JavaSparkContext context = new JavaSparkContext(spark.sparkContext());

    private static Dataset<Row> rows() {
        return MadeRows.labelled(i -> (double) MadeRows.sign(i));
    }

    // ---------------------------------------------------------------------------------------------- at the same time

    private static Plan plan(String layers) {
        return Plan.of(new Recipe().layers(layers).loss("mse").optimizer("sgd(0.1)").batchSize(8), 2, new int[] {4, 4}, 1);
    }

    @Test
    void trainingsAtTheSameTimeKeepTheirNets() {
        Replicas one = new Replicas(plan("3:relu,1:linear"));
        Replicas other = new Replicas(plan("5:relu,1:linear"));
        Replica mine = one.take();
        Replica second = one.take();
        assertNotSame(mine, second);
        one.release(mine);
        Replica others = other.take();
        other.release(others);
        assertSame(mine, one.take());
        assertSame(others, other.take());
        assertEquals(5, others.net().weights().get(0).dim(1));
    }

    @Test
    void anExecutorHasOneObjectOfWhatWasBroadcast() {
        Broadcast<Replicas> sent = context.broadcast(new Replicas(plan("3:relu,1:linear")));
        Broadcast<Replicas> other = context.broadcast(new Replicas(plan("3:relu,1:linear")));
        Set<String> seen = new HashSet<>();
        for (int job = 0; job < 3; job++) {
            seen.addAll(context.parallelize(IntStream.range(0, 4).boxed().toList(), 4)
                    .map(i -> ProcessHandle.current().pid() + " " + System.identityHashCode(sent.value())).collect());
            context.parallelize(List.of(1, 2), 2).map(i -> System.identityHashCode(other.value())).collect();
        }
        Set<String> executors = seen.stream().map(text -> text.split(" ")[0]).collect(Collectors.toSet());
        assertEquals(executors.size(), seen.size(), seen::toString);
        sent.destroy();
        other.destroy();
    }

    @Test
    void twoTrainingsAtOnceGiveTheBitsOfEachAlone() {
        Dataset<Row> rows = rows().cache();
        List<BerasClassifier> trainings = List.of(MadeRows.classifier().setLayers("4:relu"), MadeRows.classifier().setSeed(5),
                MadeRows.classifier().setSyncEvery(2).setShards(4));
        List<String> alone = trainings.stream().map(training -> training.fit(rows).weightsSha256()).toList();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<CompletableFuture<String>> atOnce = trainings.stream()
                    .map(training -> CompletableFuture.supplyAsync(() -> training.fit(rows).weightsSha256(), threads)).toList();
            assertEquals(alone, atOnce.stream().map(CompletableFuture::join).toList());
        } finally {
            threads.shutdown();
            rows.unpersist();
        }
    }

    // ------------------------------------------------------------------------------------------------------ freed

    /** A context that remembers what it has broadcast. */
    private static final class Recording extends JavaSparkContext {

        private final List<Broadcast<?>> sent = new ArrayList<>();

        Recording(SparkSession session) {
            super(session.sparkContext());
        }

        @Override
        public <T> Broadcast<T> broadcast(T value) {
            Broadcast<T> broadcast = super.broadcast(value);
            sent.add(broadcast);
            return broadcast;
        }
    }

    private static void assertDestroyed(Broadcast<?> broadcast) {
        assertTrue(assertThrows(SparkException.class, broadcast::value).getMessage().contains("destroyed"));
    }

    private void assertAllIsFreed(String optimizer, Class<? extends Exception> failure, int broadcasts) throws Exception {
        Dataset<Row> rows = rows();
        TableColumns columns = new TableColumns(List.of("a", "b", "label"), new boolean[] {true, true, true}, "label",
                beras.data.table.TableTarget.Task.CLASSIFICATION, java.util.Map.of(), false, null, null);
        int cached = context.getPersistentRDDs().size();
        Recording recording = new Recording(spark);
        try (ShardedTable table = new ShardedTable(rows, columns, new Cells(rows.schema(), columns.names(), "UTC"), 4, 1)) {
            Recipe recipe = new Recipe().layers("4:relu,2:softmax").loss("cross-entropy").optimizer(optimizer).batchSize(80)
                    .epochs(2);
            ShardedTraining training = new ShardedTraining(recording, table, recipe, 1, 0, text -> { });
            if (failure == null) {
                training.run();
            } else {
                assertThrows(failure, training::run);
            }
            assertEquals(cached + 1, context.getPersistentRDDs().size());
        }
        assertEquals(cached, context.getPersistentRDDs().size());
        assertEquals(broadcasts, recording.sent.size());
        recording.sent.forEach(LifecycleTest::assertDestroyed);
    }

    @Test
    void whatATrainingHasSentIsFreedAlsoIfItFails() throws Exception {
        assertAllIsFreed("sgd(0.1)", null, 1 + 2 * 2); // the nets, and the weights of each step
        assertAllIsFreed("sgd(1e30)", DivergedException.class, 3);
    }

    @Test
    void whatFailsWhileRowsAreEncodedIsFreedToo() {
        int cached = context.getPersistentRDDs().size();
        Dataset<Row> rows = rows().withColumn("v", org.apache.spark.sql.functions.expr("if(a > 0, array(a), array(a, b))"));
        assertThrows(Exception.class, () -> MadeRows.classifier().setFeaturesCol("v").fit(rows));
        assertThrows(IllegalArgumentException.class, () -> MadeRows.classifier().setEpochs(1 << 29).fit(rows()));
        assertEquals(cached, context.getPersistentRDDs().size());
    }

    // --------------------------------------------------------------------------------------------------- sent once

    @Test
    void aCopyOfAModelIsNotSentAgain() {
        BerasModel model = MadeRows.classifier().setEpochs(0).fit(rows());
        Dataset<Row> rows = rows();
        List<Row> expected = model.transform(rows).select("a", "b", "prediction").orderBy("a", "b").collectAsList();
        long first = context.broadcast(0).id();
        Dataset<Row> renamed = model.transform(rows, new ParamMap().put(model.predictionCol(), "p"));
        BerasModel copy = model.copy(ParamMap.empty());
        Dataset<Row> again = copy.transform(rows);
        assertEquals(first + 1, context.broadcast(0).id(), "something was broadcast");
        assertSame(model.saved(), copy.saved());
        assertEquals(expected, again.select("a", "b", "prediction").orderBy("a", "b").collectAsList());
        assertEquals(expected, renamed.selectExpr("a", "b", "p as prediction").orderBy("a", "b").collectAsList());
    }

    /** Where driver and executor are one JVM, tasks must not predict with a net that somebody trains on. */
    @Test
    void tasksOpenAModelOnceForThemselves() {
        ModelBytes own = new ModelBytes(new SavedModel(new Sequential(1, new Input(2), new Dense(1, "linear"))));
        ModelBytes sent = own.unopened();
        assertNotSame(own.open(), sent.open());
        assertSame(sent.open(), sent.open());
        assertEquals(ModelFile.weightsSha256(own.open().model()), ModelFile.weightsSha256(sent.open().model()));
    }

    // ------------------------------------------------------------------------------------------------------- retried

    @Test
    void onlyWhatIsWrongWithDataOrSettingsIsAResult() throws Exception {
        for (Exception about : List.of(new DataException("a.csv: line 3"), new IllegalArgumentException("no such layer"))) {
            Attempt<String> attempt = Attempt.of(() -> {
                throw about;
            });
            assertSame(about, assertThrows(about.getClass(), attempt::get));
        }
        assertEquals("done", Attempt.of(() -> "done").get());
        assertNull(Attempt.<String>of(() -> null).get());
        IOException disk = new IOException("Input/output error");
        for (Exception other : List.of(disk, new NoSuchFileException("shuffle_1"), new UncheckedIOException(disk),
                new DataException("expected room for the rows as numbers", disk), new IllegalStateException("closed"),
                new InterruptedException())) {
            assertSame(other, assertThrows(other.getClass(), () -> Attempt.of(() -> {
                throw other;
            })));
        }
    }

    @Test
    void aTaskWhoseDiskIsLostIsMadeAgain() throws Exception {
        List<Attempt<Integer>> attempts = context.parallelize(List.of(1), 1).map(one -> Attempt.of(() -> {
            if (TaskContext.get().attemptNumber() == 0) {
                throw new IOException("Input/output error");
            }
            return TaskContext.get().attemptNumber();
        })).collect();
        assertEquals(1, attempts.get(0).get());
    }
}

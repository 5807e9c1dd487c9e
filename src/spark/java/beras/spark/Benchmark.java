package beras.spark;

import beras.compute.Compute;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSplit;
import beras.files.WholeFile;
import beras.models.Model;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Measures BERAS on a cluster, and writes a CSV: {@code score} and {@code train} compare with one JVM and with Spark ML's
 * multilayer perceptron, {@code steps} is the time of a training step, {@code cost} its cost by the model of
 * {@code src/spark/README.md}. The rows are synthetic: twenty numbers, and one of four labels that follows from them.
 *
 * <pre>
 * spark-submit --class beras.spark.Benchmark beras-spark.jar score --rows 10000000 --out score.csv
 * </pre>
 */
public final class Benchmark {

    private static final int NUMBERS = 20;
    private static final int LABELS = 4;
    private static final int RUNS = 3;
    private static final int BATCH = 256;
    private static final int MOST_LOCAL = 200_000;
    private static final int REPEATS = 10;
    private static final String LABEL = "label";
    private static final String WIDE = "1024:relu,512:relu";
    private static final String HIDDEN = "64:relu,32:relu";
    private static final int[] LAYERS = {NUMBERS, 64, 32, LABELS};
    private static final double BITS = 8;
    /** The slots of Adam for each parameter. */
    private static final int ADAM_SLOTS = 2;

    private final Map<String, String> options = new LinkedHashMap<>(Map.ofEntries(Map.entry("rows", "100000"),
            Map.entry("cores", "2"), Map.entry("epochs", "5"), Map.entry("batch", "1024"), Map.entry("shards", "8"),
            Map.entry("sync-every", "1"), Map.entry("seed", "1"), Map.entry("kill-after", "0"), Map.entry("mlp-iterations", "100"),
            Map.entry("local", "true"), Map.entry("overhead", "0.017"), Map.entry("parameter-seconds", "2e-7"),
            Map.entry("row-seconds", "3e-6"), Map.entry("row-parameter-seconds", "7e-11")));
    private final List<String> lines = new ArrayList<>();

    /** Runs one of the benchmarks: {@code score}, {@code train}, {@code steps} or {@code cost}, with options such as {@code --rows 1000000}. */
    public static void main(String[] args) throws Exception {
        if (args.length % 2 != 1 || !List.of("score", "train", "steps", "cost").contains(args[0])) {
            throw new IllegalArgumentException("Expected score, train, steps or cost, and options with values. Received: "
                    + Arrays.toString(args));
        }
        Benchmark benchmark = new Benchmark();
        for (int i = 1; i < args.length; i += 2) {
            String name = args[i].replaceFirst("^--", "");
            if (!name.equals("out") && !benchmark.options.containsKey(name)) {
                throw new IllegalArgumentException("Expected one of the options " + benchmark.options.keySet()
                        + " or out. Received: "
                        + args[i]);
            }
            benchmark.options.put(name, args[i + 1]);
        }
        if (args[0].equals("cost")) {
            benchmark.cost();
        } else {
            SparkSession spark = SparkSession.builder().appName("benchmark of BERAS").getOrCreate();
            try {
                switch (args[0]) {
                    case "score" -> benchmark.score(spark);
                    case "train" -> benchmark.train(spark);
                    default -> benchmark.steps(spark);
                }
            } finally {
                spark.stop();
            }
        }
        benchmark.write();
    }

    private long whole(String option) {
        return Long.parseLong(options.get(option));
    }

    private double number(String option) {
        return Double.parseDouble(options.get(option));
    }

    private void add(Object... cells) {
        String line = Arrays.stream(cells).map(cell -> cell instanceof Double number ? String.format(Locale.ROOT, "%.6g", number)
                : cell.toString()).collect(Collectors.joining(","));
        lines.add(line);
        System.getLogger(Benchmark.class.getName()).log(System.Logger.Level.INFO, line);
    }

    private void write() throws IOException {
        if (options.containsKey("out")) {
            lines.add(0, origin());
            WholeFile.write(Path.of(options.get("out")), true,
                    out -> out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The first line of a file of results: day, machine, JDK and commit, by the script of all results. */
    private static String origin() throws IOException {
        Process script = new ProcessBuilder("python3", "results/origin.py", System.getProperty("java.version"))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        return new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    // ------------------------------------------------------------------------------------------------------- the rows

    /** Rows that follow from their numbers, on any cluster the same. */
    private static Dataset<Row> rows(SparkSession spark, long from, long to) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < NUMBERS; i++) {
            Column x = functions.xxhash64(functions.col("id"), functions.lit(i)).bitwiseAND((1L << 40) - 1)
                    .divide((double) (1L << 39)).minus(1);
            columns.add(x.as("x" + i));
        }
        Dataset<Row> numbers = spark.range(from, to).select(columns.toArray(Column[]::new));
        Column[] sums = new Column[LABELS];
        for (int c = 0; c < LABELS; c++) {
            Column sum = functions.lit(0.0);
            for (int i = 0; i < NUMBERS; i++) {
                double weight = Math.sin(7.0 * c + 3.0 * i + 1); // any will do
                sum = sum.plus(functions.col("x" + i).multiply(functions.col("x" + (i + 1) % NUMBERS).plus(weight)));
            }
            numbers = numbers.withColumn("sum" + c, sum);
            sums[c] = functions.col("sum" + c);
        }
        numbers = numbers.withColumn("best", functions.greatest(sums));
        Column label = functions.lit((double) (LABELS - 1));
        for (int c = LABELS - 2; c >= 0; c--) {
            label = functions.when(functions.col("best").equalTo(sums[c]), (double) c).otherwise(label);
        }
        numbers = numbers.withColumn(LABEL, label).drop("best");
        for (int c = 0; c < LABELS; c++) {
            numbers = numbers.drop("sum" + c);
        }
        return numbers;
    }

    private static Dataset<Row> withVectors(Dataset<Row> rows) {
        return new VectorAssembler().setInputCols(IntStream.range(0, NUMBERS).mapToObj(i -> "x" + i).toArray(String[]::new))
                .setOutputCol("features").transform(rows);
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    /** The minimum of some runs, after a warm-up run. */
    private static double best(Runnable work) {
        work.run();
        double best = Double.POSITIVE_INFINITY;
        for (int run = 0; run < RUNS; run++) {
            best = Math.min(best, seconds(work));
        }
        return best;
    }

    // -------------------------------------------------------------------------------------------------------- scoring

    private void score(SparkSession spark) throws Exception {
        long count = whole("rows");
        int cores = (int) whole("cores"); // of all executors: Spark has no method for it
        Dataset<Row> some = rows(spark, 0, 20_000).cache();
        BerasModel model = new BerasClassifier().setLabelCol(LABEL).setLayers(HIDDEN).setEpochs(1).fit(some)
                .setProbabilityCol("").setRawPredictionCol("").setPredictedLabelCol("");
        MultilayerPerceptronClassificationModel mlp = new MultilayerPerceptronClassifier().setLayers(LAYERS).setMaxIter(2)
                .setSeed(1)
                .fit(withVectors(some));
        Dataset<Row> raw = rows(spark, 0, count).drop(LABEL).repartition(cores * 4).cache();
        add("contender", "rows", "cores", "seconds", "rows_per_second_per_core", "backend");
        raw.count();
        List<Row> here = raw.limit(MOST_LOCAL).collectAsList();
        for (int threads : cores == 1 ? new int[] {1} : new int[] {1, cores}) {
            double alone = local(model.saved(), here, threads);
            long predicted = (long) here.size() * REPEATS * threads;
            add("beras in one JVM", predicted, threads, alone, predicted / alone / threads, '"' + Compute.describe() + '"');
        }
        double beras = best(() -> model.transform(raw).agg(functions.sum("prediction")).collect());
        raw.unpersist(true);
        Dataset<Row> vectors = withVectors(rows(spark, 0, count).drop(LABEL)).select("features").repartition(cores * 4).cache();
        vectors.count();
        double perceptron = best(() -> mlp.transform(vectors).agg(functions.sum("prediction")).collect());
        String onExecutor = new JavaSparkContext(spark.sparkContext()).parallelize(List.of(1), 1).map(one -> Compute.describe())
                .first();
        add("beras on Spark", count, cores, beras, count / beras / cores, '"' + onExecutor + '"');
        add("Spark ML multilayer perceptron", count, cores, perceptron, count / perceptron / cores, "");
    }

    /** The time of some threads at once, each for all of these rows in memory, several times. */
    private static double local(SavedModel saved, List<Row> rows, int threads) throws InterruptedException {
        Compute.awaitFast();
        TablePreprocessor table = (TablePreprocessor) saved.preprocessor().orElseThrow();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            return best(() -> IntStream.range(0, threads)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        for (int repeat = 0; repeat < REPEATS; repeat++) {
                            predict(saved.model(), table, rows);
                        }
                    }, pool))
                    .toList().forEach(CompletableFuture::join));
        } finally {
            pool.shutdown();
        }
    }

    private static void predict(Model net, TablePreprocessor table, List<Row> rows) {
        int width = net.inputShape().size();
        float[] inputs = new float[BATCH * width];
        Object[] values = new Object[NUMBERS];
        Compute.alone(() -> {
            for (int from = 0; from < rows.size(); from += BATCH) {
                int size = Math.min(BATCH, rows.size() - from);
                for (int i = 0; i < size; i++) {
                    Row row = rows.get(from + i);
                    for (int c = 0; c < values.length; c++) {
                        values[c] = row.get(c);
                    }
                    table.encode(Arrays.asList(values), inputs, i * width);
                }
                table.decodeAll(net.predict(Tensor.wrap(inputs, BATCH, width).slice(0, size)));
            }
        });
    }

    // ------------------------------------------------------------------------------------------------------- training

    private void train(SparkSession spark) throws Exception {
        long count = whole("rows");
        int cores = (int) whole("cores"); // of all executors: Spark has no method for it
        Dataset<Row> training = rows(spark, 0, count);
        Dataset<Row> test = rows(spark, 1L << 40, (1L << 40) + Math.max(10_000, count / 10)).cache();
        int epochs = (int) whole("epochs");
        int batch = (int) whole("batch");
        long seed = whole("seed");
        add("contender", "rows", "cores", "seed", "epochs", "seconds", "test_accuracy", "weights_sha256");
        if (whole("kill-after") > 0) {
            killOneExecutor(spark, whole("kill-after"));
        }
        BerasModel[] trained = new BerasModel[1];
        double seconds = seconds(() -> trained[0] = new BerasClassifier().setLabelCol(LABEL).setLayers(HIDDEN).setEpochs(epochs)
                .setBatchSize(batch).setSeed(seed).setShards((int) whole("shards")).setSyncEvery((int) whole("sync-every")).fit(training));
        add("beras on Spark", count, cores, seed, epochs, seconds, accuracy(trained[0], test), trained[0].weightsSha256());
        if (Boolean.parseBoolean(options.get("local"))) {
            Path file = Files.createTempFile("beras-", ".csv");
            try {
                Files.writeString(file, String.join(",", training.columns()) + "\n" + training.collectAsList().stream()
                        .map(row -> row.mkString(",")).collect(Collectors.joining("\n")) + "\n");
                TableModel[] alone = new TableModel[1];
                TableTraining here = TableTraining.of(file, LABEL).split(TableSplit.random(0)).layers(HIDDEN)
                        .change(recipe -> recipe.epochs(epochs).batchSize(batch).seed(seed));
                double inOne = seconds(() -> {
                    try {
                        alone[0] = here.fit();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                add("beras in one JVM", count, Compute.threads(), seed, epochs, inOne, accuracy(BerasModel.of(alone[0].saved()), test),
                        ModelFile.weightsSha256(alone[0].model()));
            } finally {
                Files.delete(file);
            }
        }
        int iterations = (int) whole("mlp-iterations");
        if (iterations > 0) {
            Dataset<Row> vectors = withVectors(training).select("features", LABEL).repartition(cores).cache();
            vectors.count();
            MultilayerPerceptronClassificationModel[] mlp = new MultilayerPerceptronClassificationModel[1];
            double its = seconds(() -> mlp[0] = new MultilayerPerceptronClassifier().setLayers(LAYERS).setMaxIter(iterations)
                    .setSeed(seed).fit(vectors));
            Dataset<Row> predicted = mlp[0].transform(withVectors(test));
            add("Spark ML multilayer perceptron", count, cores, seed, iterations, its,
                    (double) predicted.where("prediction = label").count() / predicted.count(), "");
        }
    }

    private static double accuracy(BerasModel model, Dataset<Row> test) {
        Dataset<Row> predicted = model.transform(test);
        return (double) predicted.where("predictedLabel = cast(label as string)").count() / predicted.count();
    }

    /** Kills an executor on this machine after so many seconds. */
    private static void killOneExecutor(SparkSession spark, long seconds) {
        long pid = new JavaSparkContext(spark.sparkContext()).parallelize(List.of(1), 1).map(one -> ProcessHandle.current().pid())
                .first();
        Thread killer = new Thread(() -> {
            try {
                Thread.sleep(seconds * 1000);
                boolean killed = ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false);
                System.getLogger(Benchmark.class.getName()).log(System.Logger.Level.INFO, "Executor " + pid
                        + (killed ? " killed" : " had ended"));
            } catch (InterruptedException e) {
                // the benchmark is over
            }
        });
        killer.setDaemon(true);
        killer.start();
    }

    /** The time of a step: that of more epochs less that of one. */
    private void steps(SparkSession spark) {
        long count = whole("rows");
        Dataset<Row> training = rows(spark, 0, count).cache();
        training.count();
        add("executors", "parameters", "batch", "step_seconds");
        for (String hidden : List.of(HIDDEN, WIDE)) {
            for (int batch : new int[] {1024, 8192}) {
                long[] parameters = new long[1];
                double[] seconds = new double[2];
                int epochs = (int) whole("epochs");
                for (int more = 0; more < 2; more++) {
                    BerasClassifier learner = new BerasClassifier().setLabelCol(LABEL).setLayers(hidden).setBatchSize(batch)
                            .setShards((int) whole("shards")).setEpochs(more == 0 ? 1 : epochs);
                    seconds[more] = seconds(() -> parameters[0] = learner.fit(training).saved().model().weights().stream().mapToLong(weight -> weight.size()).sum());
                }
                long stepsOfAnEpoch = (count + batch - 1) / batch;
                add(whole("cores"), parameters[0], batch, (seconds[1] - seconds[0]) / ((epochs - 1) * stepsOfAnEpoch));
            }
        }
    }

    // ----------------------------------------------------------------------------------------------------------- cost

    /** The time of a step by the model, for networks of so many parameters, and the number of executors that minimizes it. */
    private void cost() {
        long every = whole("sync-every"); // steps from one exchange to the next
        int arrays = every == 1 ? 1 : 1 + ADAM_SLOTS;
        add("gigabit_per_second", "parameters", "executors", "step_seconds", "times_as_fast_as_one_machine", "best_executors");
        for (double gigabit : new double[] {1, 10}) {
            for (long parameters : new long[] {10_000, 100_000, 1_000_000, 10_000_000}) {
                double fixed = number("overhead") + parameters * number("parameter-seconds");
                double compute = whole("batch") * (number("row-seconds") + parameters * number("row-parameter-seconds"));
                // there and back through the driver's link
                double each = 2 * arrays * Float.BYTES * parameters * BITS / (gigabit * 1e9);
                double bestAt = Math.max(1, Math.sqrt(compute * every / each));
                for (int executors : new int[] {1, 2, 4, 8, 16, 32}) {
                    double step = compute / executors + (fixed + each * executors) / every;
                    add(gigabit, parameters, executors, step, compute / step, bestAt);
                }
            }
        }
    }

    private Benchmark() {}
}

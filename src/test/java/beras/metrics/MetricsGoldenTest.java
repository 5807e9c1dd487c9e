package beras.metrics;

import static org.junit.jupiter.api.Assertions.*;

import beras.evaluation.ConfusionMatrix;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.losses.CategoricalCrossEntropy;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every metric against float64, gathered over batches, with and without weights. */
@Tag("metrics")
class MetricsGoldenTest {

    @TestFactory
    Stream<DynamicTest> allMetrics() {
        return Stream.of(
                tests("categorical_accuracy\\.(?!.*x1$).*", 5, c -> check(c, new CategoricalAccuracy())),
                tests("categorical_accuracy\\..*x1", 2, c -> assertThrows(IllegalArgumentException.class,
                        () -> check(c, new CategoricalAccuracy()), "Keras gives 1, whatever the predictions are")),
                tests("sparse_categorical_accuracy\\..*", 4, c -> check(c, Metrics.of("sparse_categorical_accuracy"))),
                tests("top_k\\..*", 7, c -> check(c, Metrics.of("top_k_categorical_accuracy").with("k", (int) c.param("k")))),
                tests("sparse_top_k\\.11.*", 7, c -> check(c, Metrics.of("sparse_top_k_categorical_accuracy").with("k", (int) c.param("k")))),
                tests("sparse_top_k\\.ties.k2", 1, c -> check(c, Metrics.of("sparse_top_k_categorical_accuracy(2)"))),
                tests("binary_accuracy\\..*", 9, c -> check(c, Metrics.of("binary_accuracy").with("threshold", c.param("threshold")))),
                tests("precision\\..*", 13, c -> checkPositives(c, new Precision())),
                tests("recall\\..*", 13, c -> checkPositives(c, new Recall())),
                tests("f1\\..*", 16, MetricsGoldenTest::checkF1Score),
                tests("auc\\..*", 14, MetricsGoldenTest::checkAreaUnderTheCurve),
                tests("rmse\\..*", 6, c -> check(c, Metrics.of("rmse"))),
                tests("mae\\..*", 4, c -> check(c, Metrics.of("mae"))),
                tests("mse\\..*", 4, c -> check(c, Metrics.of("mse"))),
                tests("r2\\..*", 17, MetricsGoldenTest::checkR2Score),
                tests("categorical_crossentropy\\..*", 1,
                        c -> check(c, new LossMetric(new CategoricalCrossEntropy().with("epsilon", 1e-7f).with("normalize", true)))),
                tests("(mean|sum)(\\.weighted)?", 3, MetricsGoldenTest::checkMean),
                tests("confusion_matrix\\..*", 2, MetricsGoldenTest::checkConfusionMatrix)).flatMap(tests -> tests);
    }

    private static Stream<DynamicTest> tests(String names, int count, Consumer<GoldenCase> check) {
        return Golden.tests("metrics", names, count, check);
    }

    private static void checkPositives(GoldenCase c, Metric plain) {
        Metric metric = plain.with("thresholds", c.paramWords("thresholds").stream().map(Float::valueOf).toList());
        for (String setting : List.of("topK", "classId")) {
            metric = c.name().contains(setting.equals("topK") ? ".topk" : ".class") ? metric.with(setting, (int) c.param(setting)) : metric;
        }
        check(c, metric);
    }

    private static void checkF1Score(GoldenCase c) {
        F1Score.Average average = F1Score.Average.valueOf(c.name().split("\\.")[1].toUpperCase(Locale.ROOT));
        Metric score = new F1Score().with("average", average);
        check(c, c.name().contains("argmax") ? score : score.with("threshold", c.param("threshold")));
    }

    /** With very many thresholds the area is the exact one. */
    private static void checkAreaUnderTheCurve(GoldenCase c) {
        AUC.Curve curve = AUC.Curve.valueOf(c.paramText("curve"));
        AUC.Summation summation = AUC.Summation.valueOf(c.paramText("summationMethod").toUpperCase(Locale.ROOT));
        check(c, new AUC().with("numThresholds", (int) c.param("numThresholds")).with("curve", curve).with("summationMethod", summation));
        if (c.expects("exactRocAuc")) {
            double[] exact = c.expected("exactRocAuc");
            List<double[]> fine = afterEachBatch(c,
                    new AUC().with("numThresholds", 1_000_001).with("curve", curve).with("summationMethod", summation));
            for (int i = 0; i < exact.length; i++) {
                assertEquals(exact[i], fine.get(i)[0], 1e-6, c + ", after batch " + i);
            }
        }
    }

    private static void checkR2Score(GoldenCase c) {
        R2Score.Aggregation aggregation = c.name().endsWith("none") ? R2Score.Aggregation.NONE
                : R2Score.Aggregation.valueOf(c.paramText("classAggregation").toUpperCase(Locale.ROOT));
        check(c, new R2Score().with("classAggregation", aggregation).with("numRegressors", (int) c.param("numRegressors")));
    }

    private static void checkMean(GoldenCase c) {
        float[] values = c.input("values").toArray();
        int[] sizes = c.paramList("batches");
        float[] results = new float[sizes.length];
        Mean mean = new Mean();
        int seen = 0;
        for (int b = 0; b < sizes.length; b++) {
            for (int i = 0; i < sizes[b]; i++, seen++) {
                mean.add(values[seen], c.hasInput("sampleWeight") ? c.input("sampleWeight").get(seen) : 1);
            }
            results[b] = (float) (c.name().startsWith("sum") ? mean.sum() : mean.result());
        }
        c.check("result", Tensor.of(results));
    }

    private static void checkConfusionMatrix(GoldenCase c) {
        int classes = (int) c.param("numClasses");
        Tensor labels = c.input("labels");
        Tensor predictions = c.input("predictions");
        ConfusionMatrix plain = new ConfusionMatrix(classes);
        ConfusionMatrix weighted = new ConfusionMatrix(classes);
        for (int i = 0; i < labels.size(); i++) {
            plain.add((int) labels.get(i), (int) predictions.get(i), 1);
            weighted.add((int) labels.get(i), (int) predictions.get(i), c.input("weights").get(i));
        }
        c.check("result", tensor(plain));
        c.check("weighted", tensor(weighted));
        Tensor scores = Tensor.generate(i -> predictions.get(i / classes) == i % classes ? 0.9 : 0.1, labels.size(),
                classes);
        ConfusionMatrix ofBatches = new ConfusionMatrix(classes);
        ofBatches.update(scores.slice(0, 10), labels.slice(0, 10), c.input("weights").slice(0, 10));
        ofBatches.update(scores.slice(10, 23), labels.slice(10, 23).reshape(13, 1), c.input("weights").slice(10, 23));
        c.check("weighted", tensor(ofBatches));
    }

    private static Tensor tensor(ConfusionMatrix matrix) {
        double[][] counts = matrix.counts();
        int classes = matrix.classes();
        return Tensor.generate(i -> counts[i / classes][i % classes], classes, classes);
    }

    @Test
    void noCaseIsLeftOut() {
        assertEquals(128, allMetrics().map(DynamicTest::getDisplayName).distinct().count());
        assertEquals(128, Golden.tests("metrics", ".*", 128, c -> { }).count());
    }

    private static void check(GoldenCase c, Metric metric) {
        List<double[]> results = afterEachBatch(c, metric);
        Shape shape = c.expectedShape("result");
        int width = results.get(0).length;
        assertEquals(shape.size(), results.size() * width);
        c.check("result", Tensor.generate(i -> results.get(i / width)[i % width], shape.toArray()));
        if (c.expects("matches")) {
            Tensor predictions = c.input("yPred");
            Tensor truth = c.input("yTrue");
            c.check("matches", Tensor.generate(i -> metric.forward(predictions.slice(i, i + 1), truth.slice(i, i + 1)),
                    predictions.dim(0)));
        }
    }

    private static List<double[]> afterEachBatch(GoldenCase c, Metric metric) {
        int[] sizes = c.paramList("batches");
        double[][] results = new double[sizes.length][];
        Metric.Accumulator accumulator = metric.accumulator();
        int seen = 0;
        for (int i = 0; i < sizes.length; i++) {
            int from = seen;
            seen += sizes[i];
            accumulator.update(c.input("yPred").slice(from, seen), c.input("yTrue").slice(from, seen),
                    c.hasInput("sampleWeight") ? c.input("sampleWeight").slice(from, seen) : null);
            results[i] = accumulator.results();
            double mean = 0;
            for (double result : results[i]) {
                mean += result / results[i].length;
            }
            assertEquals(mean, accumulator.result(), 1e-12, () -> c + ": the mean of all results");
        }
        return List.of(results);
    }
}

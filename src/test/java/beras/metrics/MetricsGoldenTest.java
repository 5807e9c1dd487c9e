package beras.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.losses.CategoricalCrossEntropy;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every metric against float64, gathered over batches, with and without weights. */
@Tag("metrics")
class MetricsGoldenTest {

    @TestFactory
    Stream<DynamicTest> accuracies() {
        return Stream.of(
                Golden.tests("metrics", "categorical_accuracy\\.(?!.*x1$).*", 5, c -> check(c, new CategoricalAccuracy())),
                Golden.tests("metrics", "categorical_accuracy\\..*x1", 2, c -> assertThrows(IllegalArgumentException.class,
                        () -> check(c, new CategoricalAccuracy()), "Keras gives 1, whatever the predictions are")),
                Golden.tests("metrics", "sparse_categorical_accuracy\\..*", 4, c -> check(c, new SparseCategoricalAccuracy())),
                Golden.tests("metrics", "top_k\\..*", 7, c -> check(c, new TopKCategoricalAccuracy((int) c.param("k")))),
                Golden.tests("metrics", "sparse_top_k\\.11.*", 7,
                        c -> check(c, new SparseTopKCategoricalAccuracy((int) c.param("k")))),
                Golden.tests("metrics", "sparse_top_k\\.ties.k2", 1, c -> check(c, new SparseTopKCategoricalAccuracy(2))),
                Golden.tests("metrics", "binary_accuracy\\..*", 9,
                        c -> check(c, new BinaryAccuracy((float) c.param("threshold")))))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> precision() {
        return Stream.of(
                Golden.tests("metrics", "precision\\.(11|nothing).*", 9,
                        c -> check(c, new Precision().thresholds(thresholds(c)))),
                Golden.tests("metrics", "precision\\.topk.*", 2,
                        c -> check(c, new Precision().thresholds(thresholds(c)).topK((int) c.param("topK")))),
                Golden.tests("metrics", "precision\\.class.*", 2,
                        c -> check(c, new Precision().thresholds(thresholds(c)).classId((int) c.param("classId")))))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> recall() {
        return Stream.of(
                Golden.tests("metrics", "recall\\.(11|nothing).*", 9, c -> check(c, new Recall().thresholds(thresholds(c)))),
                Golden.tests("metrics", "recall\\.topk.*", 2,
                        c -> check(c, new Recall().thresholds(thresholds(c)).topK((int) c.param("topK")))),
                Golden.tests("metrics", "recall\\.class.*", 2,
                        c -> check(c, new Recall().thresholds(thresholds(c)).classId((int) c.param("classId")))))
                .flatMap(tests -> tests);
    }

    private static double[] thresholds(GoldenCase c) {
        List<String> numbers = c.paramWords("thresholds");
        double[] thresholds = new double[numbers.size()];
        for (int i = 0; i < thresholds.length; i++) {
            thresholds[i] = Float.parseFloat(numbers.get(i));
        }
        return thresholds;
    }

    @TestFactory
    Stream<DynamicTest> f1Score() {
        return Golden.tests("metrics", "f1\\..*", 16, c -> {
            F1Score.Average average = F1Score.Average.valueOf(c.name().split("\\.")[1].toUpperCase(Locale.ROOT));
            F1Score score = new F1Score().average(average);
            check(c, c.name().contains("argmax") ? score : score.threshold((float) c.param("threshold")));
        });
    }

    /** With very many thresholds the area is the exact one. */
    @TestFactory
    Stream<DynamicTest> areaUnderTheCurve() {
        return Golden.tests("metrics", "auc\\..*", 14, c -> {
            AUC.Curve curve = AUC.Curve.valueOf(c.paramText("curve"));
            AUC.Summation summation = AUC.Summation.valueOf(c.paramText("summationMethod").toUpperCase(Locale.ROOT));
            check(c, new AUC().numThresholds((int) c.param("numThresholds")).curve(curve).summationMethod(summation));
            if (c.expects("exactRocAuc")) {
                double[] exact = c.expected("exactRocAuc");
                List<double[]> fine = afterEachBatch(c,
                        new AUC().numThresholds(1_000_001).curve(curve).summationMethod(summation));
                for (int i = 0; i < exact.length; i++) {
                    assertEquals(exact[i], fine.get(i)[0], 1e-6, c + ", after batch " + i);
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> errors() {
        return Stream.of(tests("rmse", 6), tests("mae", 4), tests("mse", 4)).flatMap(tests -> tests);
    }

    private static Stream<DynamicTest> tests(String name, int count) {
        return Golden.tests("metrics", name + "\\..*", count, c -> check(c, Metrics.of(name)));
    }

    @TestFactory
    Stream<DynamicTest> r2Score() {
        return Golden.tests("metrics", "r2\\..*", 17, c -> {
            R2Score.Aggregation aggregation = c.name().endsWith("none") ? R2Score.Aggregation.NONE
                    : R2Score.Aggregation.valueOf(c.paramText("classAggregation").toUpperCase(Locale.ROOT));
            check(c, new R2Score().classAggregation(aggregation).numRegressors((int) c.param("numRegressors")));
        });
    }

    @TestFactory
    Stream<DynamicTest> lossAsMetric() {
        return Golden.tests("metrics", "categorical_crossentropy\\..*", 1,
                c -> check(c, new LossMetric(new CategoricalCrossEntropy().epsilon(1e-7f).normalize(true))));
    }

    @TestFactory
    Stream<DynamicTest> means() {
        return Golden.tests("metrics", "(mean|sum)(\\.weighted)?", 3, c -> {
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
        });
    }

    @TestFactory
    Stream<DynamicTest> confusionMatrix() {
        return Golden.tests("metrics", "confusion_matrix\\..*", 2, c -> {
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
        });
    }

    private static Tensor tensor(ConfusionMatrix matrix) {
        double[][] counts = matrix.counts();
        int classes = matrix.classes();
        return Tensor.generate(i -> counts[i / classes][i % classes], classes, classes);
    }

    @Test
    void noCaseIsLeftOut() {
        Set<String> tested = Stream.of(accuracies(), precision(), recall(), f1Score(), areaUnderTheCurve(), errors(), r2Score(),
                lossAsMetric(), means(), confusionMatrix()).flatMap(tests -> tests).map(DynamicTest::getDisplayName)
                .collect(Collectors.toSet());
        assertEquals(128, tested.size());
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

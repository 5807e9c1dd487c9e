package beras.metrics;

import static beras.Refusals.assertReceived;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.losses.BinaryCrossEntropy;
import beras.losses.CosineSimilarity;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.tensor.Layouts;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What all metrics have in common: batches, weights, shapes, names. Their values are in the golden test. */
@Tag("metrics")
class MetricTest {

    private static final int COUNT = 13;
    private static final int CLASSES = 4;

    @Test
    void whatIsOfClassesOrOfALossIsKnownUnderAnyName() {
        List<String> ofClasses = Metrics.REGISTRY.names().stream().filter(name -> Metrics.of(name).isOfClasses()).toList();
        assertEquals(List.of("CategoricalAccuracy", "SparseCategoricalAccuracy", "BinaryAccuracy", "TopKCategoricalAccuracy",
                "SparseTopKCategoricalAccuracy", "Precision", "Recall", "F1Score", "AUC", "BalancedAccuracy", "BrierScore",
                "Perplexity"), ofClasses);
        Loss loss = new CosineSimilarity();
        assertEquals(Optional.of(loss), Metrics.lossOf(new LossMetric(loss).named("angle")));
        assertEquals(Optional.empty(), Metrics.lossOf(new AUC()));
        assertTrue(new Recall().named("found").isOfClasses());
    }

    /** All but those of an overlap, which are one number for a batch. */
    static Stream<Metric> metrics() {
        return Stream.concat(Metrics.names().stream().filter(name -> !List.of("Dice", "Tversky").contains(name)).map(Metrics::of), Stream.of(
                Metrics.of("binary_accuracy(0.25)"),
                Metrics.of("top_k_categorical_accuracy(2)"),
                Metrics.of("sparse_top_k_categorical_accuracy(1)"),
                new Precision().with("thresholds", List.of(0.25f, 0.5f)).with("classId", 1),
                new Recall().with("topK", 2),
                new F1Score().with("average", F1Score.Average.MICRO).with("threshold", 0.4f),
                new F1Score().with("average", F1Score.Average.WEIGHTED),
                new AUC().with("numThresholds", 7).with("curve", AUC.Curve.PR).with("summationMethod", AUC.Summation.MAJORING),
                new R2Score().with("classAggregation", R2Score.Aggregation.NONE),
                new R2Score().with("classAggregation", R2Score.Aggregation.VARIANCE_WEIGHTED_AVERAGE),
                new LossMetric(new SparseCategoricalCrossEntropy().fromLogits(true).with("ignoreClass", 2)),
                new Recall().named("found")));
    }

    /** Scores from 0.1 to 0.9 in steps, so that there are ties. */
    private static Tensor predictions() {
        Rng rng = new Rng(1, "predictions", 0);
        return Tensor.generate(i -> 0.1 + 0.1 * (int) (9 * rng.uniform(i)), COUNT, CLASSES);
    }

    private static boolean takesLabels(Metric metric) {
        return metric.config().type().startsWith("Sparse") || metric.typeName().equals("Perplexity");
    }

    private static Tensor truth(Metric metric) {
        Rng rng = new Rng(2, "truth", 0);
        int[] labels = IntStream.range(0, COUNT).map(i -> (int) (rng.uniform(i) * CLASSES)).toArray();
        return takesLabels(metric) ? Tensor.generate(i -> labels[i], COUNT)
                : Tensor.generate(i -> labels[i / CLASSES] == i % CLASSES ? 1 : 0, COUNT, CLASSES);
    }

    private static double[] results(Metric metric, Tensor predictions, Tensor truth, Tensor weights, int batchSize) {
        Metric.Accumulator accumulator = metric.accumulator();
        for (int from = 0; from < predictions.dim(0); from += batchSize) {
            int to = Math.min(predictions.dim(0), from + batchSize);
            accumulator.update(predictions.slice(from, to), truth.slice(from, to),
                    weights == null ? null : weights.slice(from, to));
        }
        return accumulator.results();
    }

    // --------------------------------------------------------------------------------------------------- batches

    private static void update(Metric metric, int from, int to, Metric.Accumulator... accumulators) {
        for (Metric.Accumulator accumulator : accumulators) {
            accumulator.update(predictions().slice(from, to), truth(metric).slice(from, to),
                    Tensor.generate(i -> 0.5f + (from + i) % 3, to - from));
        }
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void aPassIsGoneOnWithElsewhere(Metric metric) {
        Metric.Accumulator whole = metric.accumulator();
        Metric.Accumulator first = metric.accumulator();
        Metric.Accumulator second = metric.accumulator();
        update(metric, 0, 6, whole, first);
        second.restore(first.state());
        assertArrayEquals(first.results(), second.results());
        double[] unchanged = first.results();
        update(metric, 6, COUNT, whole, second);
        assertArrayEquals(whole.results(), second.results());
        assertArrayEquals(unchanged, first.results(), "the state is a copy");
        Metric.Accumulator unused = metric.accumulator();
        unused.restore(metric.accumulator().state());
        update(metric, 0, COUNT, unused);
        assertArrayEquals(whole.results(), unused.results());
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void anExampleOfWeightZeroIsAsIfItWereNotThere(Metric metric) {
        for (int left : new int[] {0, 4, COUNT - 1}) {
            int[] others = IntStream.range(0, COUNT).filter(i -> i != left).toArray();
            Tensor weights = Tensor.generate(i -> i == left ? 0 : 1 + i % 2, COUNT);
            double[] expected = results(metric, predictions().gather(0, others), truth(metric).gather(0, others),
                    weights.gather(0, others), COUNT);
            for (int batchSize : new int[] {1, 4, COUNT}) {
                assertArrayEquals(expected, results(metric, predictions(), truth(metric), weights, batchSize),
                        left + " by " + batchSize);
            }
        }
        double[] none = results(metric, predictions(), truth(metric), Tensor.zeros(COUNT), 5);
        assertArrayEquals(new double[none.length], none);
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void doesNotDependOnHowExamplesAreCut(Metric metric) {
        Tensor weights = Tensor.generate(i -> 0.1 * (i % 5), COUNT);
        for (Tensor w : new Tensor[] {null, weights}) {
            double[] whole = results(metric, predictions(), truth(metric), w, COUNT);
            for (int batchSize = 1; batchSize < COUNT; batchSize++) {
                assertArrayEquals(whole, results(metric, predictions(), truth(metric), w, batchSize), "by " + batchSize);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void aWholeWeightStandsForThatManyExamples(Metric metric) {
        int[] examples = {0, 0, 0, 2, 3, 3, 5, 6, 7, 8, 9, 10, 11};
        Tensor weights = Tensor.of(3f, 0f, 1f, 2f, 0f, 1f, 1f, 1f, 1f, 1f, 1f, 1f, 0f);
        Tensor p = predictions();
        Tensor t = truth(metric);
        Tensor pTwice = Tensor.generate(i -> p.get(examples[i / CLASSES], i % CLASSES), COUNT, CLASSES);
        Tensor tTwice = t.rank() == 1 ? Tensor.generate(i -> t.get(examples[i]), COUNT)
                : Tensor.generate(i -> t.get(examples[i / CLASSES], i % CLASSES), COUNT, CLASSES);
        assertArrayEquals(results(metric, pTwice, tTwice, null, COUNT), results(metric, p, t, weights, COUNT), 1e-9);
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void isZeroOfNothing(Metric metric) {
        assertEquals(0, metric.accumulator().result());
        Metric.Accumulator accumulator = metric.accumulator();
        accumulator.update(predictions().slice(0, 0), truth(metric).slice(0, 0), null);
        assertEquals(0, accumulator.result());
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void readsAnyLayout(Metric metric) {
        Tensor t = truth(metric);
        Tensor weights = Tensor.generate(i -> i % 3, COUNT);
        double[] expected = results(metric, predictions(), t, weights, COUNT);
        for (UnaryOperator<Tensor> view : Layouts.ALL) {
            assertArrayEquals(expected, results(metric, view.apply(predictions()), view.apply(t), view.apply(weights), COUNT));
        }
    }

    // ---------------------------------------------------------------------------------------------------- shapes

    @ParameterizedTest
    @MethodSource("metrics")
    void refusesShapesThatDoNotFit(Metric metric) {
        for (Tensor truth : List.of(Tensor.zeros(3, 4), Tensor.zeros(2, 3), Tensor.zeros(3), Tensor.zeros(2, 4, 1))) {
            assertReceived("(2, 4) and " + truth.shape(), () -> metric.forward(Tensor.zeros(2, 4), truth));
        }
        Tensor p = predictions();
        for (int[] shape : new int[][] {{COUNT - 1}, {1, COUNT}, {COUNT, CLASSES}, {}}) {
            Tensor weights = Tensor.zeros(shape);
            assertReceived("weights of shape " + weights.shape(), () -> metric.accumulator().update(p, truth(metric), weights));
        }
    }

    @Test
    void refusesAnotherNumberOfOutputsThanBefore() {
        for (Metric metric : List.of(new F1Score(), new R2Score())) {
            Metric.Accumulator accumulator = metric.accumulator();
            accumulator.update(Tensor.zeros(2, 3), Tensor.zeros(2, 3), null);
            assertReceived("4", () -> accumulator.update(Tensor.zeros(2, 4), Tensor.zeros(2, 4), null));
        }
        assertReceived("(2, 3)", () -> new Precision().with("classId", 3).forward(Tensor.zeros(2, 3), Tensor.zeros(2, 3)));
    }

    /** Of sequences every step is an example; a weight may be for a step or for all of a sequence. */
    @Test
    void everyRowIsAnExample() {
        Tensor p = Tensor.generate(i -> i % 2, 2, 3, 2);
        Tensor labels = Tensor.of(new float[][] {{1f, 1f, 0f}, {0f, 0f, 1f}});
        Metric.Accumulator accumulator = Metrics.of("sparse_categorical_accuracy").accumulator();
        accumulator.update(p, labels, null);
        assertEquals(0.5, accumulator.result());
        accumulator.update(p, labels, Tensor.of(2f, 0f));
        assertEquals((3 + 4) / 12.0, accumulator.result());
        accumulator.update(p, labels, Tensor.of(new float[][] {{0f, 0f, 0f}, {0f, 0f, 4f}}));
        assertEquals((3 + 4 + 4) / 16.0, accumulator.result());
    }

    // ----------------------------------------------------------------------------------------------------- names

    @ParameterizedTest
    @MethodSource("metrics")
    void isMadeAgainFromItsConfig(Metric metric) {
        Metric again = Metrics.of(metric.config());
        assertEquals(metric.getClass(), again.getClass());
        assertEquals(metric.config(), again.config());
        assertEquals(metric.name(), again.name());
        Tensor truth = truth(metric);
        assertArrayEquals(results(metric, predictions(), truth, null, 5), results(again, predictions(), truth, null, 5));
    }

    @ParameterizedTest
    @CsvSource({"accuracy, accuracy", "acc, acc", "categorical_accuracy, categorical_accuracy",
        "CategoricalAccuracy, categorical_accuracy", "categorical_cross_entropy, categorical_crossentropy", "SparseCategoricalAccuracy, sparse_categorical_accuracy",
        "sparse_categorical_accuracy, sparse_categorical_accuracy", "binary_accuracy, binary_accuracy",
        "top_k_categorical_accuracy, top_k_categorical_accuracy",
        "sparse_top_k_categorical_accuracy, sparse_top_k_categorical_accuracy", "precision, precision", "recall, recall",
        "f1_score, f1_score", "f1, f1", "auc, auc", "AUC, auc", "rmse, rmse",
        "root_mean_squared_error, root_mean_squared_error", "r2_score, r2_score", "mae, mae",
        "MeanAbsoluteError, mean_absolute_error", "mse, mse", "mape, mape",
        "msle, msle", "kld, kld", "cosine_similarity, cosine_similarity",
        "categorical_crossentropy, categorical_crossentropy", "bce, bce",
        "sparse_categorical_crossentropy, sparse_categorical_crossentropy", "squared_hinge, squared_hinge",
        "balanced_accuracy, balanced_accuracy", "brier_score, brier_score", "cross-entropy, cross-entropy", "huber(2), huber", "quantile(0.9), quantile", "f1(average=macro), f1"})
    void isReportedUnderTheNameItWasMadeBy(String name, String reported) {
        Metric metric = Metrics.of(name);
        assertEquals(reported, metric.name());
        assertEquals(reported, Metrics.of(metric.config()).name());
    }

    @Test
    void takesANameOfItsOwn() {
        Metric metric = Metrics.of(Config.of("precision").with("classId", 2).with("name", "of_cats"));
        assertEquals("of_cats", metric.name());
        assertEquals(2, metric.config().values().get("classId"));
        assertEquals("mean", new LossMetric(Losses.REGISTRY.of("mse")).named("error").named("mean").name());
    }

    @Test
    void anotherSettingIsThatOfACopy() {
        for (Metric metric : List.of(new Recall(), new LossMetric(Losses.REGISTRY.of("huber")).named("robust"))) {
            String setting = metric instanceof Recall ? "topK" : "delta";
            Metric changed = metric.with(setting, 3);
            assertNotEquals(metric.config(), changed.config());
            assertEquals(metric.config(), changed.with(setting, metric.config().values().get(setting)).config());
            assertEquals(metric.name(), changed.name());
        }
    }

    @Test
    void refusesSettingsOutOfRange() {
        for (float threshold : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertReceived("" + threshold, () -> Metrics.of("binary_accuracy").with("threshold", threshold));
            assertReceived("" + threshold, () -> new Precision().with("thresholds", List.of(0.5f, threshold)));
            assertReceived("" + threshold, () -> new F1Score().with("average", F1Score.Average.MICRO).with("threshold", threshold));
        }
        assertReceived("0", () -> Metrics.of("top_k_categorical_accuracy(0)"));
        assertReceived("0", () -> Metrics.of("sparse_top_k_categorical_accuracy(0)"));
        assertReceived("0", () -> new Recall().with("topK", 0));
        assertReceived("-1", () -> new Recall().with("classId", -1));
        assertReceived("nothing", () -> new F1Score().with("average", null));
        assertReceived("1", () -> new AUC().with("numThresholds", 1));
        assertReceived("nothing", () -> new AUC().with("curve", null));
        assertReceived("-1", () -> new R2Score().with("numRegressors", -1));
    }

    // ---------------------------------------------------------------------------------------------- single metrics

    /** As in Keras, the loss falls and the metric rises. */
    @Test
    void theCosineIsPositiveAsAMetric() {
        Tensor x = Tensor.of(new float[][] {{3f, 4f}});
        assertEquals(-1f, new CosineSimilarity().forward(x, x).item(), 1e-6);
        assertEquals(1f, Metrics.of("cosine_similarity").forward(x, x), 1e-6);
    }

    @Test
    void aLossThatIgnoresExamplesDoesSoAsAMetric() {
        Metric.Accumulator accumulator = new LossMetric(new SparseCategoricalCrossEntropy().with("ignoreClass", -1)).accumulator();
        Tensor p = Tensor.of(new float[][] {{0.5f, 0.5f}, {0.5f, 0.5f}, {0.25f, 0.75f}});
        accumulator.update(p, Tensor.of(0f, -1f, 0f), Tensor.of(1f, 7f, 3f));
        assertEquals((Math.log(2) + 3 * Math.log(4)) / 4, accumulator.result(), 1e-6);
    }

    @Test
    void aLabelThatIsNoClassIsNeverFound() {
        Tensor p = Tensor.of(new float[][] {{1f, 0f}, {1f, 0f}, {1f, 0f}});
        Tensor labels = Tensor.of(-1f, 2f, 0.5f);
        assertEquals(0f, Metrics.of("sparse_categorical_accuracy").forward(p, labels));
        assertEquals(0f, Metrics.of("sparse_top_k_categorical_accuracy").forward(p, labels));
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertEquals(0f, Metrics.of("sparse_top_k_categorical_accuracy").forward(Tensor.of(new float[][] {{wrong, 0}}), Tensor.of(0f)));
        }
    }

    @Test
    void ofEqualScoresTheFirstIsAmongTheLargest() {
        Metric first = new Precision().with("topK", 1);
        Tensor p = Tensor.of(new float[][] {{0.1f, 0.5f, 0.5f}});
        assertEquals(1f, first.forward(p, Tensor.of(new float[][] {{0f, 1f, 0f}})));
        assertEquals(0f, first.forward(p, Tensor.of(new float[][] {{0f, 0f, 1f}})));
    }

    @Test
    void theAreaOfPredictionsThatAreNoNumbersIsNone() {
        Tensor truth = Tensor.of(1f, 0f, 1f);
        Metric.Accumulator area = new AUC().accumulator();
        area.update(Tensor.of(0.9f, 0.1f, 0.8f), truth, null);
        assertEquals(1, area.result(), 1e-6);
        area.update(Tensor.of(0.9f, Float.NaN, 0.8f), truth, Tensor.of(1f, 0f, 1f));
        assertEquals(1, area.result(), 1e-6, "without weight it does not count");
        area.update(Tensor.of(0.9f, Float.NaN, 0.8f), truth, null);
        assertTrue(Double.isNaN(area.result()));
        Metric.Accumulator again = new AUC().accumulator();
        again.restore(area.state());
        assertTrue(Double.isNaN(again.result()));
    }

    @Test
    void labelsForOneHotTargetsAndTheReverseAreRefusedWithTheCure() {
        Tensor p = Tensor.zeros(2, 3);
        for (String metric : List.of("categorical_accuracy", "precision", "auc", "f1_score", "top_k_categorical_accuracy")) {
            for (Tensor labels : List.of(Tensor.zeros(2), Tensor.zeros(2, 1))) {
                assertTrue(assertThrows(IllegalArgumentException.class, () -> Metrics.of(metric).forward(p, labels)).getMessage()
                        .endsWith("Received: (2, 3) and " + labels.shape() + ". For labels of classes take a sparse metric, such as"
                                + " sparse_categorical_accuracy, or make them one-hot: new OneHotEncoder().forward(labels)"), metric);
            }
        }
        for (String metric : List.of("sparse_categorical_accuracy", "sparse_top_k_categorical_accuracy")) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> Metrics.of(metric).forward(p, p)).getMessage()
                    .endsWith(". For one-hot targets take the metric that is not sparse, such as categorical_accuracy"), metric);
        }
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Metrics.of("auc").forward(p, Tensor.zeros(2, 2))).getMessage()
                .endsWith("Received: (2, 3) and (2, 2)"));
    }

    /** As in Keras: the largest of a row that is 0 throughout is no answer. */
    @Test
    void aRowOfZerosPredictsNoClass() {
        Tensor predictions = Tensor.of(new float[][] {{0, 0}, {1, 0}, {0, 1}});
        Tensor truth = Tensor.of(new float[][] {{1, 0}, {1, 0}, {0, 1}});
        assertArrayEquals(new double[] {2.0 / 3, 1}, results(new F1Score(), predictions, truth, null, 3), 1e-6);
        assertEquals(5.0 / 6, new F1Score().forward(predictions, truth), 1e-6);
    }

    @Test
    void ofScoresOfClassesTheLargestCounts() {
        for (String loss : List.of("categorical_crossentropy(from_logits=true)", "categorical_hinge")) {
            assertEquals(Metrics.of("accuracy").config(),
                    Metrics.of(Config.of("Accuracy").with("name", "accuracy"), Losses.REGISTRY.of(loss), Shape.of(3)).config());
            Metrics.of(Config.of("BalancedAccuracy"), Losses.REGISTRY.of(loss), Shape.of(3));
            assertThrows(IllegalArgumentException.class, () -> Metrics.of(Config.of("AUC"), Losses.REGISTRY.of(loss), Shape.of(3)));
        }
        Metric probabilities = Metrics.of(Config.of("accuracy"), new BinaryCrossEntropy(), Shape.of(1));
        assertEquals(Metrics.of("BinaryAccuracy").named("accuracy").config(), probabilities.config());
    }

    @Test
    void aScoreAtAThresholdIsNotAboveIt() {
        Tensor truth = Tensor.of(1f, 0f);
        assertEquals(0.5f, new AUC().with("numThresholds", 3).forward(Tensor.of(0.5f, 0.4f), truth), "both are above 0 alone");
        assertEquals(1f, new AUC().with("numThresholds", 3).forward(Tensor.of(Math.nextUp(0.5f), 0.4f), truth));
    }

    @Test
    void scoresBeyondTheUnitIntervalAreClipped() {
        Tensor truth = Tensor.of(0f, 1f, 1f, 0f);
        Tensor far = Tensor.of(-1e30f, 1e30f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
        assertEquals(new AUC().forward(Tensor.of(0f, 1f, 1f, 0f), truth), new AUC().forward(far, truth));
    }

    /** Where sums of squares would leave a rest of rounding to divide by. */
    @Test
    void aConstantTruthHasNoVariation() {
        Tensor truth = Tensor.full(0.1f, 1000);
        assertEquals(0f, new R2Score().forward(Tensor.zeros(1000), truth));
    }

    @Test
    void anAdjustmentNeedsMoreExamplesThanRegressors() {
        Tensor p = Tensor.of(1f, 2f, 3f);
        Tensor t = Tensor.of(1f, 2f, 4f);
        float plain = new R2Score().forward(p, t);
        assertEquals(1 - (1 - plain) * 2, new R2Score().with("numRegressors", 1).forward(p, t), 1e-6);
        assertEquals(plain, new R2Score().with("numRegressors", 2).forward(p, t));
        assertEquals(plain, new R2Score().with("numRegressors", 3).forward(p, t));
    }
}

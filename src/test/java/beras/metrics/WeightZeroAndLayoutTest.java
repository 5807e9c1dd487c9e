package beras.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import beras.tensor.Layouts;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must not matter: an example of weight 0, wherever it stands, and how tensors lie in memory. */
@Tag("metrics")
class WeightZeroAndLayoutTest {

    private static final int COUNT = 9;
    private static final int CLASSES = 4;
    private static final double TOLERANCE = 1e-12;

    static Stream<Metric> metrics() {
        return MetricTest.metrics();
    }

    private static Tensor predictions(int count) {
        Rng rng = new Rng(1, "predictions", 0);
        return Tensor.generate(i -> 0.1 + 0.8 * rng.uniform(i), count, CLASSES);
    }

    private static Tensor truth(Metric metric, int count) {
        Rng rng = new Rng(2, "truth", 0);
        boolean labels = metric.config().type().startsWith("Sparse");
        return labels ? Tensor.generate(i -> (int) (rng.uniform(i) * CLASSES), count)
                : Tensor.generate(i -> (int) (rng.uniform(i / CLASSES) * CLASSES) == i % CLASSES ? 1 : 0, count, CLASSES);
    }

    /** Examples of weight 1, one after the other, but for those of weight 0. */
    private static double[] results(Metric metric, int count, int batchSize, int... out) {
        Tensor weights = Tensor.generate(i -> Arrays.stream(out).anyMatch(o -> o == i) ? 0 : 1, count);
        Metric.Accumulator accumulator = metric.accumulator();
        for (int from = 0; from < count; from += batchSize) {
            int to = Math.min(count, from + batchSize);
            accumulator.update(predictions(count).slice(from, to), truth(metric, count).slice(from, to), weights.slice(from, to));
        }
        return accumulator.results();
    }

    private static double[] leavingOut(Metric metric, int count, int out) {
        Metric.Accumulator accumulator = metric.accumulator();
        for (int i = 0; i < count; i++) {
            if (i != out) {
                accumulator.update(predictions(count).slice(i, i + 1), truth(metric, count).slice(i, i + 1), null);
            }
        }
        return accumulator.results();
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void anExampleOfWeightZeroIsAsIfLeftOut(Metric metric) {
        for (int out : new int[] {0, 4, COUNT - 1}) {
            double[] expected = leavingOut(metric, COUNT, out);
            assertFalse(Double.isNaN(expected[0]));
            for (int batchSize : new int[] {1, 4, COUNT}) {
                assertArrayEquals(expected, results(metric, COUNT, batchSize, out), TOLERANCE, out + " by " + batchSize);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void examplesOfWeightZeroAloneAreAsNone(Metric metric) {
        double[] results = results(metric, 2, 1, 0, 1);
        assertArrayEquals(new double[results.length], results);
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void readsAnyLayout(Metric metric) {
        Tensor weights = Tensor.generate(i -> i % 3, COUNT);
        double[] expected = results(metric, predictions(COUNT), truth(metric, COUNT), weights);
        for (UnaryOperator<Tensor> view : Layouts.ALL) {
            assertArrayEquals(expected,
                    results(metric, view.apply(predictions(COUNT)), view.apply(truth(metric, COUNT)), view.apply(weights)));
        }
    }

    private static double[] results(Metric metric, Tensor predictions, Tensor truth, Tensor weights) {
        Metric.Accumulator accumulator = metric.accumulator();
        accumulator.update(predictions, truth, weights);
        return accumulator.results();
    }

    /** As in Keras: the largest of a row that is 0 throughout is no answer. */
    @Test
    void aRowOfZerosPredictsNoClass() {
        Tensor predictions = Tensor.of(new float[][] {{0, 0}, {1, 0}, {0, 1}});
        Tensor truth = Tensor.of(new float[][] {{1, 0}, {1, 0}, {0, 1}});
        Metric.Accumulator accumulator = new F1Score().accumulator();
        accumulator.update(predictions, truth, null);
        assertArrayEquals(new double[] {2.0 / 3, 1}, accumulator.results(), 1e-6);
        assertEquals(5.0 / 6, accumulator.result(), 1e-6);
    }
}

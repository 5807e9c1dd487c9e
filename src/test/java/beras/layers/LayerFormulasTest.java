package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.config.Config;
import beras.initializers.Initializers;
import beras.layers.activations.ReLU;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of layers against their formulas in double precision, and where these have corners. */
@Tag("layers")
class LayerFormulasTest {

    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final Tensor X = Tensor.generate(new Rng(5, "formulas", 0)::normal, 6, 7);

    private static void assertNear(IntToDoubleFunction expected, Tensor received) {
        float[] values = received.toArray();
        for (int i = 0; i < values.length; i++) {
            double wanted = expected.applyAsDouble(i);
            assertEquals(wanted, values[i], 4 * Math.ulp((float) Math.max(1, Math.abs(wanted))), "element " + i);
        }
    }

    private static double x(int i) {
        return X.toArray()[i];
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.2, 0.1", "0.5, 0, 0", "0, 0.3, 0", "0.1, 0.3, 0.6"})
    void reluHasALargestValueASlopeAndAThreshold(float most, float slope, float threshold) {
        Layer layer = new ReLU().with("maxValue", most).with("negativeSlope", slope).with("threshold", threshold);
        assertNear(i -> x(i) > threshold ? Math.min(x(i), most) : slope * (x(i) - threshold), layer.forward(X));
        layer.call(X);
        assertNear(i -> x(i) > threshold ? x(i) < most ? 1 : 0 : slope, layer.inputGradients().get(0));
    }

    @Test
    void reluHasItsCornersAndLimits() {
        Layer six = new ReLU().with("maxValue", 6f);
        Tensor y = six.call(Tensor.of(-INFINITY, -1f, 0f, 6f, 7f, INFINITY, Float.NaN));
        assertEquals(Tensor.of(0f, 0f, 0f, 6f, 6f, 6f, Float.NaN), y);
        assertEquals(Tensor.of(0f, 0f, 0f, 0f, 0f, 0f, 0f), six.inputGradients().get(0));
        Layer from = new ReLU().with("threshold", 2f);
        assertEquals(Tensor.of(0f, 0f, 0f, 2.5f), from.call(Tensor.of(-INFINITY, 1.5f, 2f, 2.5f)));
        assertEquals(Tensor.of(0f, 0f, 0f, 1f), from.inputGradients().get(0));
        assertEquals(Tensor.of(-0.25f, 0f, 3f), new ReLU().with("negativeSlope", 0.25f).forward(Tensor.of(-1f, 0f, 3f)));
        for (String setting : List.of("maxValue", "negativeSlope", "threshold")) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> Layers.REGISTRY.of(Config.of("ReLU").with(setting, -1))).getMessage();
            assertEquals(setting + " of ReLU must be finite and at least 0. Received: -1.0", message);
        }
    }

    @Test
    void preluHasASlopeForEachElementOrForAnAxis() {
        PReLU layer = new PReLU().with("alphaInitializer", Initializers.constant(0.25));
        assertNear(i -> x(i) > 0 ? x(i) : 0.25 * x(i), layer.forward(X));
        PReLU shared = new PReLU().with("sharedAxes", List.of(1));
        shared.build(List.of(X.reshape(3, 2, 7).shape().rest()));
        shared.alpha().assign(Tensor.generate(i -> i / 4.0, 1, 7));
        assertNear(i -> x(i) > 0 ? x(i) : i % 7 / 4.0 * x(i), shared.forward(X.reshape(3, 2, 7)));
        Recorded recorded = Recorded.of(() -> shared.call(X.reshape(3, 2, 7)));
        assertNear(c -> {
            double sum = 0;
            for (int i = c; i < X.size(); i += 7) {
                sum += Math.min(x(i), 0);
            }
            return sum;
        }, recorded.gradient(shared.weights()).get(0));
        assertThrows(IllegalArgumentException.class, () -> new PReLU().with("sharedAxes", List.of(0)));
    }

    @Test
    void alphaDropoutKeepsMeanAndDeviation() {
        double rate = 0.3;
        double p = -1.6732632423543772 * 1.0507009873554805;
        double a = 1 / Math.sqrt((1 - rate) * (1 + rate * p * p));
        Tensor x = Tensor.generate(new Rng(1, "alpha", 0)::normal, 200_000);
        float[] y = new AlphaDropout(rate).seed(3).callInTraining(x).toArray();
        int kept = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < y.length; i++) {
            boolean dropped = Math.abs(y[i] - (a * p - a * p * rate)) < 1e-6;
            kept += dropped ? 0 : 1;
            assertTrue(dropped || Math.abs(y[i] - (a * x.get(i) - a * p * rate)) < 2e-6, "element " + i);
            sum += y[i];
            squares += y[i] * y[i];
        }
        assertEquals(1 - rate, kept / (double) y.length, 6 * Math.sqrt(rate * (1 - rate) / y.length));
        assertEquals(0, sum / y.length, 6 / Math.sqrt(y.length));
        assertEquals(1, squares / y.length, 12 / Math.sqrt(y.length));
        assertThrows(IllegalArgumentException.class, () -> new AlphaDropout(1));
    }

    @Test
    void permuteAndRepeatVectorPutElementsWhereTheyBelong() {
        Tensor y = new Permute(3, 1, 2).forward(Tensor.generate(i -> i, 2, 3, 4, 5));
        for (int s = 0; s < 2; s++) {
            for (int i = 0; i < 60; i++) {
                assertEquals(s * 60 + i, y.get(s, i % 5, i / 20, i / 5 % 4));
            }
        }
        Tensor repeated = new RepeatVector(3).forward(X);
        for (int i = 0; i < 6 * 3 * 7; i++) {
            assertEquals(X.get(i / 21, i % 7), repeated.get(i / 21, i / 7 % 3, i % 7));
        }
        for (int[] dims : new int[][] {{0, 1}, {1, 1}, {2, 3}}) {
            assertThrows(IllegalArgumentException.class, () -> new Permute(dims));
        }
        assertThrows(IllegalArgumentException.class, () -> new RepeatVector(0));
    }

    @Test
    void normalizationsOfARow() {
        assertNear(i -> x(i) / root(i, 1, 0), new UnitNormalization().forward(X));
        assertNear(i -> x(i) / root(i, 7, 1e-6), new RMSNormalization().forward(X));
        assertNear(i -> x(i) / root(i, 7, 0.5), new RMSNormalization().with("epsilon", 0.5f).forward(X));
        assertNear(i -> 0.5 * x(i) - 0.25, new Rescaling(0.5, -0.25).forward(X));
        UnitNormalization layer = new UnitNormalization();
        assertEquals(Tensor.zeros(1, 2), layer.call(Tensor.zeros(1, 2)));
        assertEquals(1e12f, layer.composeInputGradients(List.of(Tensor.ones(1, 2))).get(0).get(0, 0), 1e6f);
    }

    /** The root of the sum of the squares of the row of element {@code i}, divided by {@code n}, plus epsilon. */
    private static double root(int i, int n, double epsilon) {
        double sum = 0;
        for (int c = 0; c < 7; c++) {
            sum += x(i / 7 * 7 + c) * x(i / 7 * 7 + c);
        }
        return Math.sqrt(sum / n + epsilon);
    }
}

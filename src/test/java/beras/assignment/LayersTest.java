package beras.assignment;

import static beras.assignment.Fixtures.B1;
import static beras.assignment.Fixtures.J;
import static beras.assignment.Fixtures.W1;
import static beras.assignment.Fixtures.X;
import static beras.assignment.Fixtures.assertClose;
import static beras.assignment.Fixtures.dense;
import static beras.assignment.Fixtures.range;
import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.GradientTape;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the assignment says of Dense and of initializers. */
@Tag("layers")
class LayersTest {

    private final Dense layer = dense(W1, B1);

    @Test
    @DisplayName("public test B1: Dense(10, 5) gives shape (10, 5)")
    void denseForwardShape() {
        Rng rng = new Rng(1, "test", 0);
        assertEquals(Shape.of(10, 5), new Dense(10, 5).call(Tensor.generate(rng::normal, 10, 10)).shape());
    }

    @Test
    @DisplayName("check 4: x w + b")
    void forward() {
        assertClose("[[1.25, -0.1], [-1.35, 0.4]]", layer.call(X));
    }

    @Test
    @DisplayName("check 5: the local gradient to the input is w, not transposed")
    void localInputGradient() {
        layer.call(X);
        assertEquals(1, layer.inputGradients().size());
        assertClose(W1, layer.inputGradients().get(0));
    }

    @Test
    @DisplayName("check 6: the local gradients to the weights are per example for w, ones for b")
    void localWeightGradients() {
        layer.call(X);
        List<Tensor> local = layer.weightGradients();
        assertEquals(2, local.size());
        assertClose("[[[1, 1], [2, 2], [-1, -1]], [[0.5, 0.5], [-1.5, -1.5], [2, 2]]]", local.get(0));
        assertClose("[[1, 1]]", local.get(1));
    }

    @Test
    @DisplayName("check 6: a batch as large as the input makes no difference")
    void localWeightGradientsOfASquareBatch() {
        layer.call(Tensor.ones(3, 3));
        assertEquals(Shape.of(3, 3, 2), layer.weightGradients().get(0).shape());
        assertEquals(Shape.of(1, 2), layer.weightGradients().get(1).shape());
    }

    @Test
    @DisplayName("checks 7 and 8: composed gradients; those to weights are sums over the batch, not means")
    void composedGradients() {
        layer.call(X);
        assertAllClose(List.of("[[0.5, -0.5, -1.7], [-0.55, 1.35, 1.55]]"), layer.composeInputGradients(List.of(J)));
        assertAllClose(List.of("[[1.25, -0.5], [1.25, -8.5], [0, 8]]", "[[1.5, 1]]"),
                layer.composeWeightGradients(List.of(J)));
    }

    @Test
    @DisplayName("check 9: an absent upstream, in both spellings, gives the local gradients")
    void absentUpstream() {
        layer.call(X);
        for (List<Tensor> absent : Arrays.asList(null, Arrays.asList((Tensor) null))) {
            assertEquals(layer.inputGradients(), layer.composeInputGradients(absent));
            assertEquals(layer.weightGradients(), layer.composeWeightGradients(absent));
        }
    }

    @Test
    @DisplayName("check 10: several upstreams give separate gradients, one upstream after the other")
    void severalUpstreams() {
        layer.call(X);
        List<Tensor> upstreams = List.of(J, tensor("[[0, 1], [-1, 1]]"));
        assertAllClose(List.of("[[0.5, -0.5, -1.7], [-0.55, 1.35, 1.55]]", "[[-0.2, 0.4, 0.6], [-0.3, 0.1, 1.1]]"),
                layer.composeInputGradients(upstreams));
        assertAllClose(List.of("[[1.25, -0.5], [1.25, -8.5], [0, 8]]", "[[1.5, 1]]",
                "[[-0.5, 1.5], [1.5, 0.5], [-2, 1]]", "[[-1, 2]]"), layer.composeWeightGradients(upstreams));
    }

    @ParameterizedTest(name = "check 11: batch {0}, {1} inputs, {2} outputs: composed equals local times upstream")
    @CsvSource({"1, 4, 3", "4, 4, 3", "3, 4, 3", "7, 1, 1", "5, 2, 5", "16, 17, 33"})
    void composedEqualsLocal(int batch, int inputs, int outputs) {
        Rng rng = new Rng(batch, "test", inputs);
        Dense dense = new Dense(inputs, outputs, Initializers.normal(), outputs);
        Tensor x = Tensor.generate(rng::normal, batch, inputs);
        Tensor upstream = Tensor.generate(i -> rng.normal(1000 + i), batch, outputs);
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = dense.call(x);
        }
        assertClose(dense.composeInputsFromLocal(tape.producer(y), upstream).get(0),
                dense.composeInputGradients(List.of(upstream)).get(0));
        List<Tensor> expected = dense.composeWeightsFromLocal(tape.producer(y), upstream);
        List<Tensor> actual = dense.composeWeightGradients(List.of(upstream));
        assertClose(expected.get(0), actual.get(0));
        assertClose(expected.get(1), actual.get(1));
    }

    @Test
    @DisplayName("Spring 2023: a zero layer on -5..4")
    void zeroLayer() {
        Dense zero = new Dense(10, 5, Initializers.REGISTRY.of("zero"));
        assertClose(Tensor.zeros(1, 5), zero.call(range(-5, 5).reshape(1, 10)));
        assertClose(Tensor.generate(i -> i / 5 - 5, 1, 10, 5), zero.weightGradients().get(0));
        assertClose(Tensor.ones(1, 5), zero.weightGradients().get(1));
        assertClose(Tensor.zeros(10, 5), zero.inputGradients().get(0));
    }

    /** {@code limit}: no weight beyond it; for the truncated normals 2.2737 deviations. */
    @ParameterizedTest(name = "check 12: {0} on (784, 256)")
    @CsvSource({
        "normal,          0.01,  1,             100",
        "xavier,          0.001, 0.04385290097, 0.09970809836",
        "kaiming,         0.001, 0.05050762723, 0.1148389127",
        "xavier uniform,  0.001, 0.04385290097, 0.07595545253",
        "kaiming uniform, 0.001, 0.05050762723, 0.08748177653"})
    void distribution(String name, double meanWithin, double deviation, double limit) {
        Dense dense = new Dense(784, 256, Initializers.REGISTRY.of(name), 5);
        Moments moments = Moments.of(dense.w());
        assertEquals(0, moments.mean, meanWithin);
        assertEquals(deviation, moments.deviation, 0.02 * deviation);
        assertTrue(moments.largest <= limit * 1.0000001, () -> "largest " + moments.largest);
        assertClose(Tensor.zeros(1, 256), dense.b());
    }

    @ParameterizedTest(name = "check 12: {0} on (128, 10)")
    @CsvSource({"xavier, 0.1203858531", "kaiming, 0.125"})
    void distributionOfASmallLayer(String name, double deviation) {
        assertEquals(deviation, Moments.of(Initializers.REGISTRY.of(name).values(Shape.of(128, 10), 5)).deviation, 0.1 * deviation);
    }

    @Test
    @DisplayName("check 13: names in any case, unknown ones refused, two layers differ")
    void names() {
        assertEquals(Tensor.zeros(3, 2), Initializers.REGISTRY.of("Zero").values(Shape.of(3, 2), 1));
        assertEquals(Initializers.heNormal().values(Shape.of(3, 2), 1),
                Initializers.REGISTRY.of("KAIMING").values(Shape.of(3, 2), 1));
        Exception e = assertThrows(IllegalArgumentException.class, () -> Initializers.REGISTRY.of("foo"));
        assertTrue(e.getMessage().contains("Received: foo"), e.getMessage());
        assertNotEquals(new Dense(3, 2, Initializers.normal()).w().copy(), new Dense(3, 2, Initializers.normal()).w().copy());
    }

    @Test
    @DisplayName("section 4: before the first call there are no gradients to speak of")
    void notCalled() {
        Exception e = assertThrows(IllegalStateException.class, layer::inputGradients);
        assertTrue(e.getMessage().startsWith("Dense was not called yet"), e.getMessage());
    }

    private static void assertAllClose(List<String> expected, List<Tensor> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertClose(expected.get(i), actual.get(i));
        }
    }

    private record Moments(double mean, double deviation, double largest) {
        static Moments of(Tensor tensor) {
            double sum = 0;
            double squares = 0;
            double largest = 0;
            for (float v : tensor.toArray()) {
                sum += v;
                squares += (double) v * v;
                largest = Math.max(largest, Math.abs(v));
            }
            double mean = sum / tensor.size();
            return new Moments(mean, Math.sqrt(squares / tensor.size() - mean * mean), largest);
        }
    }
}

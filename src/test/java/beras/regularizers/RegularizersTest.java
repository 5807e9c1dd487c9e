package beras.regularizers;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Regularizers by name and config, their gradients, and what they refuse. */
@Tag("layers")
class RegularizersTest {

    static Stream<Regularizer> all() {
        return Stream.of(new L1(0.3f), new L2(0.3f), new L1L2(0.2f, 0.3f));
    }

    @ParameterizedTest
    @MethodSource("all")
    void comesBackFromItsConfig(Regularizer regularizer) {
        Regularizer again = Regularizers.REGISTRY.of(regularizer.config());
        Tensor w = random(3, 4);
        assertEquals(regularizer.config(), again.config());
        assertEquals(regularizer.getClass(), again.getClass());
        assertEquals(regularizer.forward(w), again.forward(w));
    }

    @ParameterizedTest
    @MethodSource("all")
    void hasTheGradientOfItsDefinitionAndTheGradientOfThat(Regularizer regularizer) {
        Tensor w = random(3, 4);
        Tensor factors = random(4, 3).transpose().copy();
        Tensor gradient;
        Tensor derivative;
        GradientTape outer = new GradientTape();
        try (outer) {
            outer.watch(w);
            gradient = gradient(regularizer, w);
            derivative = outer.gradient(gradient.multiply(factors).sum(), w);
        }
        assertTrue(gradient.allClose(gradient(regularizer, w), 1e-6, 1e-8));
        float step = 0x1p-7f;
        for (int i = 0; i < w.size(); i++) {
            float[] up = w.toArray();
            float[] down = w.toArray();
            up[i] += step;
            down[i] -= step;
            float slope = gradient(regularizer, Tensor.wrap(up, w.shape())).subtract(gradient(regularizer,
                    Tensor.wrap(down, w.shape()))).multiply(factors).sum().item() / (2 * step);
            assertEquals(slope, derivative == null ? 0f : derivative.get(i / 4, i % 4), 2e-4, "element " + i);
        }
    }

    private static Tensor gradient(Regularizer regularizer, Tensor w) {
        Recorded recorded = Recorded.of(() -> regularizer.call(w));
        Tensor gradient = recorded.gradient(w);
        assertTrue(recorded.gradient(List.of(w), Tensor.scalar(-3)).get(0).allClose(gradient.multiply(-3), 0, 1e-6),
                "what counts times -3");
        return gradient;
    }

    @Test
    void theSignOf0Is0() {
        L1 l1 = new L1(0.5f);
        assertEquals(2f, l1.call(Tensor.of(-3f, 0f, -0f, 1f)).item());
        assertEquals(Tensor.of(-0.5f, 0f, 0f, 0.5f), l1.inputGradients().get(0).add(0f));
        assertEquals(5e29f, l1.forward(Tensor.scalar(1e30f)).item(), "squares that overflow do not count");
    }

    @ParameterizedTest
    @MethodSource("all")
    void takesEmptyAndViewedWeights(Regularizer regularizer) {
        assertEquals(0f, regularizer.call(Tensor.zeros(0, 3)).item());
        assertEquals(Shape.of(0, 3), regularizer.inputGradients().get(0).shape());
        Tensor w = random(5, 3);
        assertEquals(regularizer.forward(w.transpose().copy()), regularizer.forward(w.transpose()));
    }

    @ParameterizedTest
    @ValueSource(floats = {-0.1f, Float.NaN, Float.POSITIVE_INFINITY})
    void refusesFactorsOutOfRange(float wrong) {
        assertRefused("l1 of L1 must be finite and at least 0", wrong, () -> new L1(wrong));
        assertRefused("l2 of L2 must be finite and at least 0", wrong, () -> new L2(wrong));
        assertRefused("l1 of L1L2 must be finite and at least 0", wrong, () -> new L1L2(wrong, 0f));
        assertRefused("l2 of L1L2 must be finite and at least 0", wrong, () -> new L1L2(0f, wrong));
    }

    @Test
    void refusesOtherCounts() {
        assertRefused("L2 takes one weight", 2, () -> new L2().call(Tensor.ones(3), Tensor.ones(3)));
    }

    private static Tensor random(int... shape) {
        return Tensor.generate(new Rng(3, "test", 0)::normal, shape);
    }
}

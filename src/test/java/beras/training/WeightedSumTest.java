package beras.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.autograd.GradientTape;
import beras.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sum of several losses. */
@Tag("training")
class WeightedSumTest {

    @Test
    void hasGradientsOfItsGradients() {
        Tensor x = Tensor.of(1f, -2f, 3f);
        GradientTape outer = new GradientTape();
        Tensor gradient;
        Tensor derivative;
        try (outer) {
            outer.watch(x);
            GradientTape inner = new GradientTape();
            Tensor sum;
            try (inner) {
                inner.watch(x);
                Tensor squares = x.square().sum();
                sum = new WeightedSum(new float[] {2f, 3f}).call(squares, x.sum(), squares.square());
            }
            assertEquals(2f * 14 + 3f * 2 + 14 * 14, sum.item());
            gradient = inner.gradient(sum, x); // 4 x + 3 + 4 |x|^2 x
            derivative = outer.gradient(gradient.sum(), x);
        }
        assertEquals(x.multiply(4 + 4 * 14).add(3), gradient);
        assertEquals(x.multiply(8 * 2).add(4 + 4 * 14), derivative);
    }
}

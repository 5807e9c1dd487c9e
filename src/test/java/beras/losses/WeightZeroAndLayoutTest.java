package beras.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.GradientTape;
import beras.tensor.Layouts;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must not matter: an example of weight 0, wherever it stands, and how tensors lie in memory. */
@Tag("losses")
class WeightZeroAndLayoutTest {

    private static final int COUNT = 7;
    private static final int CLASSES = 5;

    static Stream<Loss> losses() {
        return LossTest.losses();
    }

    private static Tensor predictions() {
        Rng rng = new Rng(1, "predictions", 0);
        return Tensor.generate(i -> 0.1 + 0.8 * rng.uniform(i), COUNT, CLASSES);
    }

    private static Tensor truth(Loss loss) {
        Rng rng = new Rng(2, "truth", 0);
        boolean labels = loss instanceof SparseCategoricalCrossEntropy;
        return Tensor.generate(i -> labels ? 1 + (int) (rng.uniform(i) * (CLASSES - 1)) : 0.1 + 0.8 * rng.uniform(i),
                loss.targetShape(predictions().shape()).toArray());
    }

    /** Loss and gradient, times the number of examples. */
    private static List<Tensor> sums(Loss loss, Tensor predictions, Tensor... rest) {
        try (GradientTape tape = new GradientTape()) {
            Tensor value = rest.length == 1 ? loss.call(predictions, rest[0]) : loss.call(predictions, rest[0], rest[1]);
            float count = predictions.dim(0);
            return List.of(value.multiply(count),
                    tape.gradient(value, List.of(predictions)).get(0).multiply(count));
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theFirstOrLastExampleAddsNothing(Loss loss) {
        Tensor predictions = predictions();
        Tensor truth = truth(loss);
        for (int out : new int[] {0, COUNT - 1}) {
            int from = out == 0 ? 1 : 0;
            List<Tensor> without = sums(loss, predictions.slice(from, from + COUNT - 1), truth.slice(from, from + COUNT - 1));
            List<Tensor> with = sums(loss, predictions, truth, Tensor.generate(i -> i == out ? 0 : 1, COUNT));
            assertEquals(without.get(0).item(), with.get(0).item(), 1e-5 * Math.abs(without.get(0).item()));
            Tensor rows = with.get(1).slice(from, from + COUNT - 1);
            assertTrue(rows.allClose(without.get(1), 1e-5, 1e-6), () -> rows + " instead of " + without.get(1));
            assertTrue(with.get(1).slice(out, out + 1).allClose(Tensor.zeros(1, CLASSES), 0, 0), "row " + out);
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void readsAnyLayout(Loss loss) {
        Tensor truth = truth(loss);
        Tensor weights = Tensor.generate(i -> i % 3, COUNT);
        List<Tensor> expected = sums(loss, predictions(), truth, weights);
        Tensor expectedLosses = loss.forwardPerExample(predictions(), truth);
        for (UnaryOperator<Tensor> view : Layouts.ALL) {
            assertEquals(expected, sums(loss, view.apply(predictions()), view.apply(truth), view.apply(weights)));
            assertEquals(expectedLosses, loss.forwardPerExample(view.apply(predictions()), view.apply(truth)));
        }
    }

    /** Where predictions are clipped, at both ends, they have no gradient; in vectors and behind them. */
    @Test
    void outsideOfItsRangeADivergenceHasNoGradient() {
        Tensor predictions = Tensor.generate(i -> i % 3 == 0 ? 1.5 : i % 3 == 1 ? -0.5 : 0.5, 1, 37);
        Tensor gradient = sums(new KLDivergence(), predictions, Tensor.full(0.25f, 1, 37)).get(1);
        for (int i = 0; i < 37; i++) {
            if (i % 3 == 2) {
                assertNotEquals(0f, gradient.get(0, i));
            } else {
                assertEquals(0f, gradient.get(0, i), "prediction " + predictions.get(0, i));
            }
        }
        Tensor logarithmic = sums(new MeanSquaredLogarithmicError(), predictions, Tensor.full(0.25f, 1, 37)).get(1);
        for (int i = 0; i < 37; i++) {
            assertEquals(i % 3 == 1, logarithmic.get(0, i) == 0, "prediction " + predictions.get(0, i) + ", clipped at 0 only");
        }
    }
}

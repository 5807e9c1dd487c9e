package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("gradient")
class CustomGradientTest {

    private final Tensor x = Tensor.of(-1.25, 0.75, 2);

    private static List<Tensor> gradients(CustomGradient custom, Tensor... inputs) {
        return Recorded.of(() -> custom.call(inputs).multiply(3), inputs).gradient(List.of(inputs));
    }

    @Test
    void aStraightThroughEstimatorPassesTheGradientOn() {
        CustomGradient round = new CustomGradient(in -> in.get(0).add(0.5).floor(), (in, y, upstream) -> List.of(upstream));
        assertEquals(Tensor.of(-1, 1, 2), round.call(x));
        assertEquals(Tensor.of(-1, 1, 2), round.forward(x));
        assertEquals(List.of(Tensor.full(3, 3)), gradients(round, x));
    }

    @Test
    void theGradientsGetInputsOutputAndUpstream() {
        CustomGradient product = new CustomGradient(in -> in.get(0).multiply(in.get(1)), (in, y, upstream) -> {
            assertSame(x, in.get(0));
            assertEquals(in.get(0).multiply(in.get(1)), y);
            assertEquals(Tensor.full(3, 3), upstream);
            return List.of(y, upstream.multiply(10));
        });
        Tensor w = Tensor.of(1, 2, 3);
        assertEquals(List.of(x.multiply(w), Tensor.full(30, 3)), gradients(product, x, w));
    }

    @Test
    void itsGradientsAreDifferentiatedAgain() {
        CustomGradient square = new CustomGradient(in -> in.get(0).square(),
                (in, y, upstream) -> List.of(upstream.multiply(in.get(0)).multiply(2)));
        for (int order = 1; order <= 3; order++) {
            GradientCheck.Report report = GradientCheck.of(t -> square.call(t.exp()).multiply(t)).order(order).check(x);
            assertTrue(report.passed(), report::toString);
        }
        CustomGradient through = new CustomGradient(in -> in.get(0).floor(), (in, y, upstream) -> List.of(upstream));
        Recorded recorded = Recorded.of(() -> Recorded.of(() -> through.call(x.power(3)), x).gradient(x), x);
        assertEquals(x.square().multiply(3), recorded.target());
        assertEquals(x.multiply(6), recorded.gradient(x), "of the gradient that is passed on");
    }

    @Test
    void wrongGradientsAreRefusedByName() {
        CustomGradient shape = new CustomGradient(in -> in.get(0).exp(), (in, y, upstream) -> List.of(upstream.sum()));
        Exception e = assertThrows(IllegalStateException.class, () -> gradients(shape, x));
        assertTrue(e.getMessage().contains("must have the shape of that input, (3,). Received: ()"), e.getMessage());
        CustomGradient count = new CustomGradient(in -> in.get(0).exp(), (in, y, upstream) -> List.of(upstream, upstream));
        e = assertThrows(IllegalStateException.class, () -> gradients(count, x));
        assertTrue(e.getMessage().contains("needs a gradient for each of its 1 inputs. Received: 2"), e.getMessage());
    }

    @Test
    void anInputThatIsGivenBackIsAnotherTensor() {
        CustomGradient reversed = new CustomGradient(in -> in.get(0), (in, y, upstream) -> List.of(upstream.negate()));
        assertEquals(List.of(Tensor.full(-3, 3)), gradients(reversed, x));
    }

    @Test
    void whatWasComputedBeforeGetsTheGradientsGiven() {
        Variable w = new Variable(Tensor.of(2f));
        Recorded recorded = Recorded.of(() -> {
            Tensor before = w.multiply(3);
            return new CustomGradient(in -> before, (in, out, upstream) -> List.of(upstream.multiply(100))).call(w);
        });
        assertEquals(100f, recorded.gradient(w).item());
    }
}

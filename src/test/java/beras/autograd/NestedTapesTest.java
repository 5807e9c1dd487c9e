package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Multiply;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nested tapes: gradients of gradients, and their exceptions. */
@Tag("gradient")
class NestedTapesTest {

    private final Tensor x = Tensor.of(1, -2, 3);

    @AfterEach
    void noTapeIsLeftOpen() {
        assertFalse(GradientTape.isRecording());
    }

    /** The derivatives of an elementwise function, from the function itself on: each by a tape around those before. */
    private List<Tensor> derivatives(UnaryOperator<Tensor> function, int order) {
        GradientTape tape = new GradientTape();
        List<Tensor> derivatives;
        try (tape) {
            tape.watch(x);
            derivatives = order == 1 ? new ArrayList<>(List.of(function.apply(x))) : derivatives(function, order - 1);
        }
        derivatives.add(tape.gradient(derivatives.get(order - 1), x));
        return derivatives;
    }

    @Test
    void eachTapeGivesOneOrderMore() {
        assertEquals(List.of(x.power(4), x.power(3).multiply(4), x.power(2).multiply(12), x.multiply(24)),
                derivatives(t -> t.multiply(t).multiply(t).multiply(t), 3));
        List<Tensor> ofSine = derivatives(Tensor::sin, 4);
        assertEquals(List.of(x.sin(), x.cos(), x.sin().negate(), x.cos().negate(), x.sin()), ofSine);
    }

    @Test
    void theGradientMayBeTakenInsideTheInnerScopeToo() {
        GradientTape outer = new GradientTape();
        Tensor gradient;
        try (outer) {
            outer.watch(x);
            try (GradientTape inner = new GradientTape()) {
                inner.watch(x);
                gradient = inner.gradient(x.power(3), x);
            }
        }
        assertEquals(x.multiply(6), outer.gradient(gradient, x));
    }

    @Test
    void bothTapesHaveTheGradientsOfWhatTheInnerOneRecorded() {
        Variable w = new Variable(Tensor.of(2, 2, 2));
        GradientTape outer = new GradientTape();
        GradientTape inner = new GradientTape();
        Tensor y;
        Tensor z;
        try (outer) {
            try (inner) {
                y = w.square();
            }
            z = y.multiply(3);
        }
        assertEquals(Tensor.of(4, 4, 4), inner.gradient(y, w));
        assertNull(inner.gradient(z, w), "computed when it was closed");
        assertEquals(Tensor.of(12, 12, 12), outer.gradient(z, w));
        assertEquals(Tensor.of(4, 4, 4), outer.gradient(y, w));
    }

    /** Tensors watched by the inner tape alone are constants of the outer one. */
    @Test
    void eachTapeWatchesForItself() {
        Variable w = new Variable(Tensor.of(5, 6, 7));
        Recorded recorded = Recorded.of(() -> Recorded.of(() -> x.square().multiply(w), x).gradient(x));
        assertEquals(x.multiply(2), recorded.gradient(w));
        Exception e = assertThrows(IllegalArgumentException.class, () -> recorded.gradient(x));
        assertTrue(e.getMessage().contains("call tape.watch(source) before its first use"), e.getMessage());
    }

    @Test
    void theTapesMayCloseInAnyOrder() {
        GradientTape outer = new GradientTape();
        GradientTape inner = new GradientTape();
        outer.watch(x);
        inner.watch(x);
        outer.close();
        Tensor y = x.square();
        inner.close();
        assertEquals(x.multiply(2), inner.gradient(y, x));
        assertNull(outer.producer(y));
    }

    @Test
    void aGradientPenaltyHasGradientsToTheWeights() {
        Variable w = new Variable(Tensor.of(new float[][] {{1, 2}, {-1, 0.5f}}));
        Tensor rows = Tensor.of(new float[][] {{1, 2}, {3, -1}, {0.5f, 1}});
        GradientCheck.Report report = GradientCheck.of(t -> Recorded.of(() -> t.matmul(w).tanh().square().sum(1), t).gradient(t)
                .norm(1).subtract(1).square().mean()).check(rows);
        assertTrue(report.passed(), report::toString);
        assertEquals(10, report.compared());
    }

    // ------------------------------------------------------------------------------------------------- refused

    /** Computes by itself, and says nothing of its second derivatives. */
    private static final class Doubled extends Diffable {

        @Override
        protected Tensor compute(Call call) {
            return new Opaque(2).apply(call.input(0));
        }
    }

    @Test
    void theGradientOfWhatHasNoDefinitionIsRefusedByName() {
        Recorded recorded = Recorded.of(() -> Recorded.of(() -> new Doubled().call(x.square()), x).gradient(x), x);
        assertEquals(x.multiply(4), recorded.target());
        Exception e = assertThrows(UnsupportedOperationException.class, () -> recorded.gradient(x));
        assertTrue(e.getMessage().contains("The gradient of Doubled has no derivative"), e.getMessage());
    }

    /** As a first gradient it is right, under however many tapes. */
    @Test
    void whatIsRefusedDoesNotMatterElsewhere() {
        Variable w = new Variable(Tensor.of(1, 2, 3));
        Recorded loss = Recorded.of(() -> w.multiply(Recorded.of(() -> new Doubled().call(x), x).gradient(x)));
        assertEquals(Tensor.of(2, 2, 2), loss.gradient(w));
    }

    @Test
    void aTapeDoesNotDifferentiateItsOwnGradients() {
        try (GradientTape tape = new GradientTape()) {
            tape.watch(x);
            Tensor gradient = tape.gradient(x.power(3), x);
            Tensor y = gradient.multiply(x);
            Exception e = assertThrows(UnsupportedOperationException.class, () -> tape.gradient(y, x));
            assertTrue(e.getMessage().startsWith("A tape does not differentiate gradients that it has computed: open an outer"
                    + " GradientTape"), e.getMessage());
            assertEquals(x.multiply(gradient.stopGradient()).multiply(2).divide(2), x.multiply(gradient.stopGradient()));
            assertEquals(gradient, tape.gradient(x.multiply(gradient.stopGradient()), x), "as a constant");
        }
    }

    /** The gradient of a sum is the upstream itself, which is a tensor of this tape. */
    @Test
    void anUpstreamOfTheTapeKeepsItsGradients() {
        try (GradientTape tape = new GradientTape()) {
            tape.watch(x);
            Tensor upstream = x.square();
            Tensor sum = x.add(1);
            assertEquals(List.of(upstream), tape.gradient(sum, List.of(x), upstream));
            assertEquals(x.multiply(2), tape.gradient(upstream, x));
        }
    }

    // ------------------------------------------------------------------------------------------------- workspaces

    /** The tape of a step may have another within; the next step has the memory of the one before. */
    @Test
    void theTapeOfAWorkspaceDifferentiatesGradientsOfAnInnerOne() {
        Variable w = new Variable(Tensor.of(2, 3, 4));
        Workspace workspace = new Workspace();
        for (int step = 1; step <= 3; step++) {
            GradientTape outer = new GradientTape(workspace, true);
            Tensor gradient;
            try (outer) {
                Tensor factor = Tensor.scalar(step);
                gradient = Recorded.of(() -> x.multiply(factor).square().multiply(w).add(w.multiply(w)), x).gradient(x);
            }
            assertEquals(x.multiply(w).multiply(2 * step * step), gradient);
            assertEquals(List.of(x.multiply(2 * step * step)), outer.gradient(gradient, List.of(w)));
        }
    }

    @Test
    void gradientsOfWhatAnOuterTapeHasMissedAreRefused() {
        Variable v = new Variable(Tensor.of(2f));
        Variable other = new Variable(Tensor.of(3f));
        Recorded recorded = Recorded.of(() -> v.square().multiply(v));
        GradientTape late = new GradientTape();
        Tensor gradient;
        Tensor product;
        try (late) {
            gradient = recorded.gradient(v);
            product = gradient.multiply(other);
        }
        assertEquals(12f, gradient.item());
        Exception e = assertThrows(UnsupportedOperationException.class, () -> late.gradient(gradient, v));
        assertTrue(e.getMessage().contains("computed before the GradientTape was opened"), e.getMessage());
        assertThrows(UnsupportedOperationException.class, () -> late.gradient(product, v));
        assertEquals(gradient, late.gradient(product, other)); // which does not go through the gradient
    }

    /** Where the outer one has all calls, too. */
    @Test
    void theInnerTapeMayDifferentiateTheGradientsOfTheOuterOne() {
        GradientTape inner;
        Tensor gradient;
        try (GradientTape outer = new GradientTape()) {
            outer.watch(x);
            inner = new GradientTape();
            try (inner) {
                inner.watch(x);
                gradient = outer.gradient(x.square().multiply(x), x);
            }
        }
        assertEquals(x.multiply(6), inner.gradient(gradient, x));
    }

    /** As each input it has half of the gradient, which must not count twice. */
    @Test
    void oneTensorThatIsBothInputsOfALayerHasTheGradientOfBoth() {
        Tensor twice = Tensor.of(new float[][] {{1, 2, 3}});
        try (GradientTape outer = new GradientTape()) {
            outer.watch(twice);
            Tensor slope;
            try (GradientTape inner = new GradientTape()) {
                slope = inner.gradient(new Multiply().call(twice, twice), twice);
            }
            assertEquals(twice.multiply(2), slope);
            assertEquals(Tensor.full(2, 1, 3), outer.gradient(slope, twice));
        }
    }
}

package beras.optimizers;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gradients that are summed over steps, of variables that do not have one in each step. */
@Tag("optimizers")
class AccumulationTest {

    private final Variable always = new Variable("always", Tensor.of(0f));
    private final Variable now = new Variable("now", Tensor.of(0f));
    private final Optimizer optimizer = new SGD(1).with("gradientAccumulationSteps", 2);

    private void step(Float gradient) {
        optimizer.applyGradients(List.of(always, now),
                Arrays.asList(Tensor.of(1f), gradient == null ? null : Tensor.of(gradient)));
    }

    @Test
    void aStepWithoutAGradientAddsNothing() {
        step(8f);
        step(null);
        assertEquals(Tensor.of(-4f), now.copy());
        step(null);
        step(2f);
        assertEquals(Tensor.of(-5f), now.copy());
        assertEquals(Tensor.of(-2f), always.copy());
        step(null);
        step(null);
        assertEquals(Tensor.of(-5f), now.copy());
    }

    /** Such that the sum is finite for each of both, and that is not. */
    @Test
    void aSumThatIsNotFiniteIsDroppedAndChangesNothing() {
        step(3e38f);
        assertThrows(NonFiniteGradientException.class, () -> step(3e38f));
        assertEquals(List.of(Tensor.of(0f), Tensor.of(0f)), List.of(now.copy(), always.copy()));
        step(1f);
        assertThrows(NonFiniteGradientException.class, () -> step(Float.NaN), "as if it had not been");
        step(3f);
        assertEquals(List.of(Tensor.of(-2f), Tensor.of(-1f)), List.of(now.copy(), always.copy()));
    }

    @Test
    void aSumIsDroppedIfTheVariableIsNotInTheLastStep() {
        step(8f);
        optimizer.applyGradients(List.of(always), List.of(Tensor.of(1f)));
        optimizer.applyGradients(List.of(always), List.of(Tensor.of(1f)));
        step(2f);
        assertEquals(Tensor.of(-1f), now.copy());
    }

    @Test
    void alsoIfItWasFrozenMeanwhile() {
        step(8f);
        now.trainable(false);
        step(4f);
        step(4f);
        now.trainable(true);
        step(2f);
        assertEquals(Tensor.of(-1f), now.copy());
    }
}

package beras.optimizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    private final Optimizer optimizer = new SGD(1).gradientAccumulation(2);

    private void step(Float gradient) {
        optimizer.applyGradients(List.of(always, now),
                Arrays.asList(Tensor.of(1f), gradient == null ? null : Tensor.of(gradient)));
    }

    @Test
    void aSumWithoutAGradientInTheLastStepIsDropped() {
        step(8f);
        step(null);
        assertEquals(Tensor.of(0f), now.copy());
        step(null);
        step(2f);
        assertEquals(Tensor.of(-1f), now.copy(), "half of 2, and nothing of 8");
        assertEquals(Tensor.of(-2f), always.copy());
    }

    @Test
    void alsoIfTheVariableWasNotThereAtAll() {
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

package beras.optimizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.layers.Dense;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import org.junit.jupiter.api.Test;

class MinimizeTest {

    @Test
    void ofSeveralElementsTheSumCounts() {
        Variable w = new Variable(Tensor.of(1, 2));
        assertEquals(Tensor.of(1, 4), new SGD(0.5).minimize(() -> w.square(), List.of(w)));
        assertEquals(Tensor.of(0, 0), w.copy());
    }

    @Test
    void theLossScaleIsTakenOutAgain() {
        Variable w = new Variable(Tensor.of(1, 2));
        new SGD(0.25).lossScale(1024).minimize(() -> w.square().sum(), List.of(w));
        assertEquals(Tensor.of(0.5, 1), w.copy());
    }

    /** The output 2 has a penalty of 4, whose gradient to both weights is 4. */
    @Test
    void penaltiesOnWhatLayersGiveAreMinimizedToo() {
        Dense dense = new Dense(1);
        dense.activityRegularizer("l2(1)");
        Tensor x = Tensor.ones(1, 2);
        dense.call(x);
        dense.weights().get(0).assign(1);
        Tensor loss = new SGD(0.125).minimize(() -> dense.call(x).multiply(0).sum(), dense.weights());
        assertEquals(0f, loss.item());
        assertEquals(Tensor.full(0.5, 2, 1), dense.weights().get(0).copy());
    }

    @Test
    void aLossOfConstantsIsRefused() {
        Variable w = new Variable(Tensor.of(1, 2));
        assertThrows(IllegalArgumentException.class, () -> new SGD(0.5).minimize(() -> Tensor.of(3f), List.of(w)));
    }

    @Test
    void aLossThatIsNotFiniteChangesNothing() {
        Variable w = new Variable(Tensor.of(-1, 2));
        assertTrue(Float.isNaN(new SGD(0.5).minimize(() -> w.log().sum(), List.of(w)).item()));
        assertEquals(Tensor.of(-1, 2), w.copy());
    }
}

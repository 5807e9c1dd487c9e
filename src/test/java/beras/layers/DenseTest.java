package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.kernels.UnaryOp;
import beras.layers.activations.ReLU;
import beras.models.Sequential;
import beras.tensor.Tensor;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which activations a Dense layer takes in. */
@Tag("layers")
class DenseTest {

    /** A user's own layer, whose derivative needs its input. */
    private static final class Log extends Elementwise {
        Log() {
            super(UnaryOp.LOG, 0f);
        }
    }

    @Test
    void takesNoActivationInWhoseDerivativeNeedsItsInput() {
        assertEquals(Optional.empty(), new Dense(2, 3).fused(new Log()));
        assertEquals(Optional.empty(), new Dense(2, 3).activation(new Log()).fused());
    }

    @Test
    void takesOneInput() {
        Dense dense = new Dense(2, 3);
        Tensor x = Tensor.ones(1, 2);
        assertThrows(IllegalArgumentException.class, () -> dense.call(x, x));
        assertThrows(IllegalArgumentException.class, dense::forward);
        assertThrows(IllegalArgumentException.class, () -> new Sequential(dense).forward(x, x));
    }

    @Test
    void takesInOneActivationAtMost() {
        Dense once = new Dense(2, 3).activation("relu");
        assertEquals(Optional.empty(), once.fused(new ReLU()));
        assertEquals(Optional.empty(), new Dense(2, 3).fused());
        assertEquals(Optional.empty(), new Dense(2, 3).fused(new ReLU(), new ReLU()));
        assertTrue(once.fused().isPresent());
    }
}

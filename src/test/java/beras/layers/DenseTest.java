package beras.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.GradientTape;
import beras.initializers.Initializers;
import beras.kernels.UnaryOp;
import beras.layers.activations.ReLU;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import beras.training.FitOptions;
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

    @Test
    void aModelTrainsSuchALayerWithTheRightGradient() {
        Tensor x = Tensor.of(new float[][] {{1, 2}, {3, 1}});
        Tensor y = Tensor.of(new float[][] {{0.5f}, {1}});
        Dense dense = new Dense(2, 1, Initializers.zeros());
        dense.b().assign(2f);
        Log log = new Log();
        MeanSquaredError mse = new MeanSquaredError();
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            loss = mse.call(log.call(dense.call(x)), y);
        }
        Tensor expected = dense.w().subtract(tape.gradient(loss, dense.weights()).get(0).multiply(0.1f));
        Sequential model = new Sequential(dense, log);
        model.compile(new SGD(0.1f), mse);
        model.fit(x, y, new FitOptions().batchSize(2).shuffle(false));
        assertTrue(dense.w().allClose(expected, 1e-6, 0), () -> dense.w() + " instead of " + expected);
        assertEquals(2, model.layers().size());
    }
}

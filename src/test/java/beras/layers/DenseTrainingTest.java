package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.constraints.Constraint;
import beras.constraints.Constraints;
import beras.initializers.Initializers;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.regularizers.L1L2;
import beras.regularizers.Regularizer;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.FitOptions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A step of training with a penalty and a rule on the weights. */
@Tag("layers")
class DenseTrainingTest {

    private static final float RATE = 0.5f;

    @Test
    void aStepAddsThePenaltyAndEndsWithTheRule() {
        Rng rng = new Rng(8, "test", 0);
        Tensor x = Tensor.generate(rng::normal, 4, 3);
        Tensor truth = Tensor.generate(i -> rng.normal(100 + i), 4, 2);
        Regularizer penalty = new L1L2(0.1f, 0.2f);
        Constraint rule = Constraints.REGISTRY.of("max_norm", 0.4f);
        Dense dense = new Dense(3, 2, Initializers.glorotUniform(), 1).with("kernelRegularizer", penalty).with("kernelConstraint", rule);
        Layer gelu = Layers.activation("gelu");
        Recorded recorded = Recorded.of(() -> new MeanSquaredError().call(gelu.call(dense.call(x)), truth));
        penalty.call(dense.w());
        Tensor gradient = recorded.gradient(List.of(dense.w())).get(0).add(penalty.inputGradients().get(0));
        float whole = recorded.target().item() + penalty.outputs().get(0).item();
        Variable expected = new Variable(dense.w().subtract(gradient.multiply(RATE)));
        rule.apply(expected);

        Sequential model = new Sequential(dense, gelu);
        model.compile(new SGD(RATE), new MeanSquaredError());
        double reported = model.fit(x, truth, new FitOptions().batchSize(4).shuffle(false)).get("loss").get(0);
        assertTrue(dense.w().allClose(expected, 1e-5, 1e-6), () -> dense.w() + " instead of " + expected);
        assertEquals(whole, reported, 1e-6);
    }
}

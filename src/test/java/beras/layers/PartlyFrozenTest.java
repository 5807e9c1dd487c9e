package beras.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batch normalization of which one weight is frozen. */
@Tag("layers")
class PartlyFrozenTest {

    private static final Tensor X = new Dice("batch").normal(16, 3);
    private static final Tensor Y = new Dice("targets").normal(16, 2);

    /** It follows its batches as long as one weight learns, and only what is not frozen changes. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void followsItsBatchesAsLongAsOneWeightLearns(boolean gammaLearns, boolean betaLearns) {
        BatchNormalization layer = new BatchNormalization();
        Model model = new Sequential(1, new Input(3), layer, new Dense(2));
        layer.gamma().trainable(gammaLearns);
        layer.beta().trainable(betaLearns);
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(X, Y, new FitOptions().batchSize(8));
        assertChanged(gammaLearns, Tensor.ones(3), layer.gamma());
        assertChanged(betaLearns, Tensor.zeros(3), layer.beta());
        assertChanged(gammaLearns || betaLearns, Tensor.zeros(3), layer.movingMean());
        assertChanged(gammaLearns || betaLearns, Tensor.ones(3), layer.movingVariance());
    }

    /** A weight that is not there does not count as frozen, nor as one that learns. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void theOnlyWeightDecides(boolean scale, boolean learns) {
        BatchNormalization layer = new BatchNormalization().with("scale", scale).with("center", !scale);
        layer.build(List.of(Shape.of(3)));
        (scale ? layer.gamma() : layer.beta()).trainable(learns);
        Model model = new Sequential(1, new Input(3), layer, new Dense(2));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(X, Y, new FitOptions().batchSize(8));
        assertChanged(learns, Tensor.zeros(3), layer.movingMean());
    }

    private static void assertChanged(boolean expected, Tensor before, Tensor after) {
        if (expected) {
            assertNotEquals(before, after.copy());
        } else {
            assertEquals(before, after.copy());
        }
    }
}

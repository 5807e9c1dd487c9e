package beras.losses;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import beras.config.ConfigText;
import beras.layers.Dense;
import beras.layers.OutputRange;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.layers.activations.Tanh;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which targets and outputs a loss refuses, and what it says. */
@Tag("losses")
class LossChecksTest {

    private static final String TAKEN = "";
    private static final int CLASSES = 3;
    private static final OutputRange SIGMOIDS = OutputRange.elementwise(0, 1, new Sigmoid());
    private static final OutputRange SOFTMAX = new OutputRange(0, 1, false, Optional.of(new Softmax()));

    private static Loss loss(String text) {
        return Losses.REGISTRY.of(ConfigText.parse(text));
    }

    private static void assertRefusal(String expected, Runnable check) {
        if (expected.equals(TAKEN)) {
            assertDoesNotThrow(check::run);
        } else {
            assertEquals(expected, assertThrows(IllegalArgumentException.class, check::run).getMessage());
        }
    }

    /** At the bounds and behind them; NaN is left to make the loss NaN. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = TAKEN, value = {
        "binary_crossentropy | 0 1 0.5 NaN | ''",
        "binary_crossentropy | 0 -1 1 | of 0 and 1, or probabilities",
        "binary_crossentropy | 0 1 1.0000001 | of 0 and 1, or probabilities",
        "categorical_crossentropy | 0 1 0 | ''",
        "categorical_crossentropy | 0.33 0.33 0.33 | ''",
        "categorical_crossentropy | 0.5 0.52 0 | ''",
        "categorical_crossentropy | 0.3 0.3 0.3 | that are one-hot, or shares that sum to 1",
        "categorical_crossentropy | 0.6 0.6 0 | that are one-hot, or shares that sum to 1",
        "categorical_crossentropy | 1.5 -0.5 0 | that are one-hot, or shares that sum to 1",
        "categorical_crossentropy | -0.5 1.5 0 | that are one-hot, or shares that sum to 1",
        "categorical_crossentropy | 0 0 0 | that are one-hot, or shares that sum to 1",
        "categorical_hinge | 1 1 0 | that are one-hot, or shares that sum to 1",
        "kl_divergence | 1 1 0 | that are one-hot, or shares that sum to 1",
        "poisson | 0 7 NaN | ''",
        "poisson | 0 7 -1e-30 | of at least 0",
        "msle | 0 -1 7 | of at least 0",
        "hinge | -1 1 0 | ''",
        "hinge | -1 1 NaN | ''",
        "hinge | -1 2 1 | of -1 and 1, or of 0 and 1",
        "hinge | 0.5 1 1 | of -1 and 1, or of 0 and 1",
        "squared_hinge | 1 1 -0.5 | of -1 and 1, or of 0 and 1",
        "mse | -1e30 7 0.5 | ''"})
    void refusesTargetsThatMakeNoSense(String text, String row, String needs) {
        float[] numbers = new float[CLASSES];
        String[] words = row.split(" ");
        for (int i = 0; i < CLASSES; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        Loss loss = loss(text);
        Runnable check = () -> loss.requireTargets(Tensor.of(new float[][] {numbers}), Optional.empty());
        if (needs.equals(TAKEN)) {
            assertDoesNotThrow(check::run);
        } else {
            String message = assertThrows(IllegalArgumentException.class, check::run).getMessage();
            String expected = "Row 0 of a batch: " + loss.typeName() + " needs targets " + needs + ". Received: "
                    + Arrays.toString(numbers) + ". ";
            assertEquals(expected, message.substring(0, Math.min(expected.length(), message.length())));
        }
    }

    @Test
    void showsTheFirstOfManyTargetsAndTheCure() {
        for (int count : new int[] {20, 21}) {
            String shown = Arrays.toString(new float[20]);
            assertRefusal("Row 0 of a batch: CategoricalCrossEntropy needs targets that are one-hot, or shares that sum to 1."
                    + " Received: " + shown + (count > 20 ? " and more" : "")
                    + ". Leave out examples without a class, or give them the weight 0",
                    () -> new CategoricalCrossEntropy().requireTargets(Tensor.zeros(1, count), Optional.empty()));
        }
    }

    @Test
    void refusesOutputsThatAreNoProbabilities() {
        Shape output = Shape.of(CLASSES);
        String cure = ". End in a sigmoid; or, if they are logits, say so by fromLogits(true), in text from_logits=true";
        Loss loss = new BinaryCrossEntropy();
        assertRefusal(TAKEN, () -> loss.requireOutputs(output, OutputRange.UNKNOWN));
        assertRefusal(TAKEN, () -> loss.requireOutputs(output, SIGMOIDS));
        assertRefusal("BinaryCrossEntropy needs probabilities, from 0 to 1. Received: outputs of Tanh, which may be negative" + cure,
                () -> loss.requireOutputs(output, OutputRange.elementwise(-1, 1, new Tanh())));
        assertRefusal("BinaryCrossEntropy needs probabilities, from 0 to 1. Received: outputs of " + new ReLU()
                + ", which may be above 1" + cure,
                () -> loss.requireOutputs(output, OutputRange.elementwise(0, Double.POSITIVE_INFINITY, new ReLU())));
        Dense dense = new Dense(CLASSES);
        assertRefusal("BinaryCrossEntropy needs probabilities, from 0 to 1. Received: outputs of " + dense
                + ", which may be negative or above 1" + cure, () -> loss.requireOutputs(output, OutputRange.unbounded(dense)));
        assertRefusal("BinaryCrossEntropy from logits applies the sigmoid itself. Received: outputs of Sigmoid, which are from 0"
                + " to 1 already. Leave out that activation, or fromLogits(true), in text from_logits=true",
                () -> new BinaryCrossEntropy().fromLogits(true).requireOutputs(output, SIGMOIDS));
        assertRefusal(TAKEN, () -> new BinaryCrossEntropy().fromLogits(true).requireOutputs(output, OutputRange.unbounded(dense)));
        assertRefusal("Poisson needs predictions of at least 0. Received: outputs of Tanh, which may be negative. ",
                () -> OutputChecks.requireNotNegative(new Poisson(), OutputRange.elementwise(-1, 1, new Tanh()), ""));
        assertRefusal(TAKEN, () -> OutputChecks.requireNotNegative(new Poisson(),
                OutputRange.elementwise(0, Double.POSITIVE_INFINITY, new ReLU()), ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"categorical_crossentropy", "kl_divergence"})
    void aLossOfClassesNeedsOutputsThatShareOne(String text) {
        Loss loss = loss(text);
        assertRefusal(TAKEN, () -> loss.requireOutputs(Shape.of(CLASSES), SOFTMAX));
        assertRefusal(TAKEN, () -> loss.requireOutputs(Shape.of(CLASSES), OutputRange.UNKNOWN));
        assertRefusal(loss.typeName() + " needs outputs that share 1 between them: of sigmoids it would make all 1. Received:"
                + " Sigmoid at the end. For one class of several end in a softmax; for independent classes use BinaryCrossEntropy",
                () -> loss.requireOutputs(Shape.of(CLASSES), SIGMOIDS));
        assertRefusal(loss.typeName() + " needs an output for each class, at least 2. Received: outputs of shape (1,). For two"
                + " classes use BinaryCrossEntropy, and end in a sigmoid", () -> loss.requireOutputs(Shape.of(1), SOFTMAX));
    }

    /** Whose rows are divided by their sums first. */
    @Test
    void aLossThatNormalizesTakesSigmoids() {
        Loss loss = new SparseCategoricalCrossEntropy();
        assertRefusal(TAKEN, () -> loss.requireOutputs(Shape.of(CLASSES), SIGMOIDS));
        assertRefusal("SparseCategoricalCrossEntropy needs an output for each class, at least 2. Received: outputs of shape (1,). For"
                + " two classes use BinaryCrossEntropy, and end in a sigmoid", () -> loss.requireOutputs(Shape.of(1), SIGMOIDS));
    }

    @Test
    void aLossOfLogitsAppliesTheSoftmaxItself() {
        Loss loss = new CategoricalCrossEntropy().fromLogits(true);
        assertRefusal(TAKEN, () -> loss.requireOutputs(Shape.of(CLASSES), OutputRange.unbounded(new Dense(CLASSES))));
        assertRefusal("CategoricalCrossEntropy from logits applies the softmax itself. Received: outputs of Softmax, which are"
                + " from 0 to 1 already. Leave out that activation, or fromLogits(true), in text from_logits=true",
                () -> loss.requireOutputs(Shape.of(CLASSES), SOFTMAX));
    }
}

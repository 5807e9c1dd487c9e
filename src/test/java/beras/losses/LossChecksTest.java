package beras.losses;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.ConfigText;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which targets and outputs a loss refuses, and what it says. */
@Tag("losses")
class LossChecksTest {

    private static final String TAKEN = "";
    private static final int CLASSES = 3;
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
}

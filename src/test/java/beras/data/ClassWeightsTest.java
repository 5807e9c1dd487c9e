package beras.data;

import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("data")
class ClassWeightsTest {

    /** As {@code compute_class_weight("balanced", classes=[0, 1, 2], y)} of scikit-learn. */
    @Test
    void balancedAsInScikitLearn() {
        int[] labels = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2};
        double[] weights = {10.0 / (3 * 6), 10.0 / (3 * 3), 10.0 / 3};
        assertArrayEquals(weights, ClassWeights.balanced(labels, 3));
        assertArrayEquals(weights, ClassWeights.balanced(new long[] {6, 3, 1}));
    }

    @Test
    void equalClassesWeighOne() {
        assertArrayEquals(new double[] {1, 1}, ClassWeights.balanced(new int[] {1, 0, 0, 1}, 2));
        assertArrayEquals(new double[] {1}, ClassWeights.balanced(new int[] {0}, 1));
    }

    @Test
    void classesWithoutExamplesDoNotCount() {
        assertArrayEquals(new double[] {0, 4.0 / (2 * 3), 0, 2}, ClassWeights.balanced(new int[] {1, 3, 1, 1}, 4));
    }

    @Test
    void refusesWhatIsNoClass() {
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertRefused(type, () -> ClassWeights.balanced(new int[] {0, 3}, 3), "0 to 2", "Received: 3 at index 1");
        assertRefused(type, () -> ClassWeights.balanced(new int[] {-1}, 3), "Received: -1 at index 0");
        assertRefused(type, () -> ClassWeights.balanced(new int[0], 3), "not all 0", "Received: [0, 0, 0]");
        assertRefused(type, () -> ClassWeights.balanced(new int[0], 0), "at least 1", "Received: 0");
        assertRefused(type, () -> ClassWeights.balanced(new long[] {3, -1}), "at least 0", "Received: [3, -1]");
    }
}

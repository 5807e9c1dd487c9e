package beras.evaluation;

import static beras.Refusals.assertReceived;
import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("metrics")
class ConfusionMatrixTest {

    private static ConfusionMatrix example() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        int[][] examples = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}, {1, 1}, {1, 1}};
        for (int[] example : examples) {
            matrix.add(example[0], example[1], 1);
        }
        return matrix;
    }

    @Test
    void tellsHowGoodEachClassIs() {
        ConfusionMatrix matrix = example();
        assertArrayEquals(new double[][] {{2, 1, 0}, {1, 3, 0}, {0, 0, 0}}, matrix.counts());
        assertEquals(3, matrix.classes());
        assertEquals(3, matrix.support(0));
        assertEquals(4, matrix.predicted(1));
        assertEquals(3, matrix.predicted(0));
        assertEquals(2 / 3.0, matrix.precision(0));
        assertEquals(3 / 4.0, matrix.recall(1));
        assertEquals(2 * 2 / 6.0, matrix.f1(0));
        assertEquals(5 / 7.0, matrix.accuracy());
    }

    @Test
    void isPrintedAsATable() {
        ConfusionMatrix matrix = example();
        assertEquals("ConfusionMatrix of 3 classes, accuracy 0.7143; rows are true classes, columns predicted ones\n"
                + "    0  1  2\n 0  2  1  0\n 1  1  3  0\n 2  0  0  0", matrix.toString());
        matrix.add(2, 0, 0.123456);
        assertEquals("      0       1       2\n 0       2       1       0\n 1       1       3       0\n 2 0.12346       0       0".strip(),
                matrix.toString().split("\n", 2)[1].strip());
        assertEquals("ConfusionMatrix of 21 classes, accuracy 0.0", new ConfusionMatrix(21).toString());
        assertEquals(22, new ConfusionMatrix(20).toString().lines().count());
    }

    @Test
    void whatDoesNotOccurIsZero() {
        ConfusionMatrix matrix = example();
        assertEquals(0, matrix.support(2));
        assertEquals(0, matrix.precision(2));
        assertEquals(0, matrix.recall(2));
        assertEquals(0, matrix.f1(2));
        assertEquals(0, new ConfusionMatrix(2).accuracy());
    }

    @Test
    void givesCountsAway() {
        ConfusionMatrix matrix = example();
        matrix.counts()[0][0] = 99;
        assertEquals(2, matrix.counts()[0][0]);
    }

    @Test
    void readsOneHotRowsLabelsAndSingleOutputs() {
        double[][] expected = {{1, 0}, {2, 1}};
        Tensor scores = Tensor.of(new float[][] {{0.5f, 0.5f}, {3f, -1f}, {0.1f, 0.9f}, {0.9f, 0.1f}});
        Tensor labels = Tensor.of(0f, 1f, 1f, 1f);
        assertArrayEquals(expected, counts(scores, labels));
        assertArrayEquals(expected, counts(scores, labels.reshape(4, 1)));
        assertArrayEquals(expected, counts(scores, Tensor.generate(i -> labels.get(i / 2) == i % 2 ? 1 : 0, 4, 2)));
        Tensor chances = Tensor.of(new float[][] {{0.5f}, {0.1f}, {0.6f}, {0f}});
        assertArrayEquals(expected, counts(chances, labels));
        assertArrayEquals(expected, counts(chances, labels.reshape(4, 1)));
    }

    private static double[][] counts(Tensor predictions, Tensor truth) {
        ConfusionMatrix matrix = new ConfusionMatrix(2);
        matrix.update(predictions, truth, null);
        return matrix.counts();
    }

    @Test
    void refusesWhatDoesNotFit() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        assertReceived("1", () -> new ConfusionMatrix(1));
        assertReceived("3", () -> matrix.add(3, 0, 1));
        assertReceived("-1", () -> matrix.add(0, -1, 1));
        assertReceived("0.5", () -> matrix.update(Tensor.zeros(1, 3), Tensor.of(0.5f), null));
        assertReceived("(1, 2) and (1, 2)", () -> matrix.update(Tensor.zeros(1, 2), Tensor.zeros(1, 2), null));
        assertReceived("(1, 1) and (1, 1)", () -> matrix.update(Tensor.zeros(1, 1), Tensor.zeros(1, 1), null));
        assertReceived("(2, 3) and (3, 3)", () -> matrix.update(Tensor.zeros(2, 3), Tensor.zeros(3, 3), null));
        assertReceived("(3,) and (3,)", () -> matrix.update(Tensor.zeros(3), Tensor.zeros(3), null));
        assertReceived("weights of shape (3,)", () -> matrix.update(Tensor.zeros(2, 3), Tensor.zeros(2, 3), Tensor.zeros(3)));
        assertArrayEquals(new double[3][3], matrix.counts(), "nothing was counted");
    }
}

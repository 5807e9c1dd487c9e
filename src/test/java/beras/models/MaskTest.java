package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.feed.Batch;
import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.GRU;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Masking;
import beras.layers.Node;
import beras.losses.MeanSquaredError;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.optimizers.Adam;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Objective;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Masks go from the layer that finds padding through all that keep the steps into losses and metrics. */
@Tag("model")
class MaskTest {

    private static final int[] LENGTHS = {3, 0, 1, 2};

    /** Steps that count are normal numbers, and not the same for each row; padding is zeros. */
    private static Tensor padded(int steps, int columns, String purpose) {
        Rng rng = new Rng(1, purpose, 0);
        return Tensor.generate(i -> {
            int row = i / columns / steps;
            int step = i / columns % steps;
            return step < LENGTHS[row] ? rng.normal((long) row * 1000 + step * columns + i % columns) : 0;
        }, LENGTHS.length, steps, columns);
    }

    private static Tensor labels(int steps, int padding) {
        return Tensor.generate(i -> i % steps < LENGTHS[i / steps] ? (i / steps + i % steps) % 3 : padding, LENGTHS.length, steps);
    }

    private static Sequential net(int steps) {
        return new Sequential(3, new Input(steps, 2), new Masking(), new GRU(5).returnSequences(true), new LayerNormalization(),
                new Dense(4, "tanh"), new Dense(3, "softmax"));
    }

    /** Also where the labels at padding are no classes. */
    @Test
    void trainingHasTheSameBitsWhateverThePadding() {
        Map<String, Double> first = null;
        List<Tensor> weights = null;
        for (int steps : new int[] {3, 4, 9}) {
            Sequential net = net(steps);
            net.compile(new Adam(0.01), new Objective(new SparseCategoricalCrossEntropy()).metrics("accuracy", "sparse_categorical_crossentropy"));
            Map<String, Double> logs = null;
            for (int step = 0; step < 3; step++) {
                logs = net.trainOnBatch(
                        new Batch(List.of(padded(steps, 2, "x")), List.of(labels(steps, steps == 4 ? -1 : 0)), null)).values();
            }
            first = first == null ? logs : first;
            weights = weights == null ? net.getWeights() : weights;
            assertEquals(first, logs, steps + " steps");
            assertEquals(weights, net.getWeights(), steps + " steps");
        }
        assertEquals(first.get("loss"), first.get("sparse_categorical_crossentropy"), 1e-6);
    }

    @Test
    void aLossCountsTheStepsThatAreNotMasked() {
        Tensor x = padded(4, 2, "x");
        Tensor y = padded(4, 2, "y").add(1);
        Sequential net = new Sequential(3, new Input(4, 2), new Masking());
        try (GradientTape tape = GradientTape.forPrediction()) {
            Tensor loss = new MeanSquaredError().call(net.call(x), y);
            double sum = 0;
            for (int row = 0; row < LENGTHS.length; row++) {
                for (int i = 0; i < 2 * LENGTHS[row]; i++) {
                    sum += Math.pow(x.get(row, i / 2, i % 2) - y.get(row, i / 2, i % 2), 2);
                }
            }
            assertEquals(sum / 12, loss.item(), 1e-6);
        }
    }

    @Test
    void layersThatMergeTakeTheMasksOfAll() {
        Node x = new Input(2, 1).apply();
        Node y = new Input(2, 1).apply();
        Node masked = new Masking().apply(x);
        Node other = new Masking(1).apply(y);
        Tensor a = Tensor.wrap(new float[] {0, 1, 0, 2}, 2, 2, 1);
        Tensor b = Tensor.wrap(new float[] {1, 2, 3, 1}, 2, 2, 1);
        assertEquals(Tensor.of(new float[][] {{0, 1}, {1, 1}}), mask(new Add(), masked, other, a, b));
        assertEquals(Tensor.of(new float[][] {{0, 1}, {1, 1}}), mask(new Concatenate(), masked, other, a, b));
        assertEquals(Tensor.of(new float[][] {{0, 1, 0, 1}, {0, 1, 1, 0}}), mask(new Concatenate(1), masked, other, a, b));
        assertEquals(Tensor.of(new float[][] {{0, 1, 1, 1}, {0, 1, 1, 1}}), mask(new Concatenate(1), masked, y, a, b));
        assertEquals(null, mask(new Add(), masked, y, a, b));
    }

    private static Tensor mask(Layer merge, Node left, Node right, Tensor... inputs) {
        Node l = left.layer() instanceof Input ? left : left.inputs().get(0);
        Node r = right.layer() instanceof Input ? right : right.inputs().get(0);
        return new Functional(List.of(l, r), List.of(merge.apply(left, right))).forward(inputs).mask().orElse(null);
    }

    @Test
    void anEmbeddingMasksTheIndexZeroAndTheMeanLeavesItOut() {
        Embedding embedding = new Embedding(5, 2).maskZero(true);
        Sequential net = new Sequential(3, new Input(3), embedding, new GlobalAveragePooling1D());
        Tensor words = Tensor.of(new float[][] {{2, 4, 0}, {0, 0, 0}, {1, 0, 3}});
        Tensor table = embedding.embeddings();
        Tensor expected = Tensor.stack(0, table.gather(0, 2, 4).mean(0), Tensor.zeros(2), table.gather(0, 1, 3).mean(0));
        assertEquals(expected, net.predict(words));
        assertEquals(words.notEqual(0), embedding.call(words).mask().orElseThrow());
        assertTrue(new Embedding(5, 2).call(words).mask().isEmpty());
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Embedding(5, 2).maskZero(true).outputShape(Shape.of()));
        assertTrue(e.getMessage().contains("needs sequences of indices"), e.getMessage());
    }

    @Test
    void statisticsOfPaddingAreRefused() {
        Sequential net = new Sequential(3, new Input(4, 2), new Masking(), new BatchNormalization(), new LSTM(2), new Dense(1));
        net.compile(new Adam(0.01), new MeanSquaredError());
        Exception e = assertThrows(UnsupportedOperationException.class,
                () -> net.trainOnBatch(new Batch(List.of(padded(4, 2, "x")), List.of(Tensor.zeros(4, 1)), null)));
        assertTrue(e.getMessage().contains("LayerNormalization"), e.getMessage());
        assertEquals(4, net.predict(padded(4, 2, "x")).dim(0));
    }
}

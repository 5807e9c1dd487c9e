package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.kernels.RestoresThreads;
import beras.kernels.Threads;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention beside padding and other sequences, and what it refuses. */
@Tag("layers")
class AttentionTest implements RestoresThreads {

    private static final int FEATURES = 6;

    /** A sequence of numbers that do not depend on where it stands; what stands at padding is something else. */
    private static Tensor sequences(String purpose, int before, int steps, int... lengths) {
        Rng padding = new Rng(before, "padding", steps);
        Tensor all = Tensor.generate(padding::normal, lengths.length, steps, FEATURES);
        for (int b = 0; b < lengths.length; b++) {
            Rng rng = new Rng(b, purpose, 0);
            for (int i = 0; i < lengths[b] * FEATURES; i++) {
                all.data()[(b * steps + before) * FEATURES + i] = (float) rng.normal(i);
            }
        }
        return all;
    }

    private static Tensor mask(int before, int steps, int... lengths) {
        return Tensor.generate(i -> i % steps >= before && i % steps < before + lengths[i / steps] ? 1 : 0, lengths.length, steps);
    }

    /** The output, and the gradients to it and to all inputs and weights. */
    private static List<Tensor> results(Layer layer, Tensor upstream, Tensor... inputs) {
        Recorded recorded = Recorded.of(() -> layer.call(inputs));
        assertBits(recorded.target(), layer.forward(inputs), layer.toString());
        List<Tensor> sources = new ArrayList<>(List.of(inputs));
        sources.addAll(layer.weights());
        List<Tensor> results = new ArrayList<>(List.of(recorded.target()));
        results.addAll(recorded.gradient(sources, upstream));
        return results;
    }

    /** 0 and -0 alike. */
    private static void assertBits(Tensor expected, Tensor actual, String what) {
        assertArrayEquals(expected.add(0).toArray(), actual.add(0).toArray(), what);
    }

    private static Tensor part(Tensor batch, int row, int before, int length) {
        return batch.slice(row, row + 1).slice(1, before, before + length).copy();
    }

    @ParameterizedTest
    @CsvSource({"'multi_head_attention(2, 5)', 1", "'multi_head_attention(3, 4, useCausalMask=true)', 2",
        "'multi_head_attention(1, 17, valueDim=33, useBias=false)', 3", "'transformer_block(2, 9)', 1", "'transformer_block(3, 16, causal=true)', 2"})
    void aSequenceHasTheSameBitsWithPaddingAndAmongOthers(String text, int threads) {
        Threads.set(threads);
        Layer layer = Layers.REGISTRY.of(text).seed(1);
        layer.build(List.of(Shape.of(40, FEATURES)));
        int[] lengths = {5, 1, 40, 33, 7, 0};
        List<Tensor> first = null;
        for (int[] padding : new int[][] {{0, 0}, {0, 3}, {4, 0}, {2, 37}}) {
            int steps = padding[0] + 40 + padding[1];
            Tensor counts = mask(padding[0], steps, lengths);
            Tensor x = sequences("x", padding[0], steps, lengths).masked(counts);
            Tensor upstream = sequences("upstream", padding[0], steps, lengths).multiply(counts.expandDims(2));
            List<Tensor> all = results(layer, upstream, x);
            assertEquals(counts, x.mask().orElseThrow());
            first = first == null ? all : first;
            for (int i = 2; i < all.size(); i++) {
                assertTrue(all.get(i).allClose(first.get(i), 1e-4, 1e-4), text + ", weight " + (i - 2));
            }
            for (int b = 0; b < lengths.length; b++) {
                if (lengths[b] > 0) {
                    List<Tensor> one = results(layer, part(upstream, b, padding[0], lengths[b]), part(x, b, padding[0], lengths[b]));
                    assertBits(one.get(0), part(all.get(0), b, padding[0], lengths[b]), text + ", sequence " + b);
                    assertBits(one.get(1), part(all.get(1), b, padding[0], lengths[b]), text + ", gradient of sequence " + b);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"'multi_head_attention(2, 5)'", "attention"})
    void aTextHasTheSameBitsWithPaddingForAnotherThatAsks(String text) {
        Layer layer = Layers.REGISTRY.of(text).seed(1);
        layer.build(List.of(Shape.of(3, FEATURES), Shape.of(9, FEATURES)));
        Tensor q = sequences("q", 0, 3, 3);
        Tensor upstream = sequences("upstream", 0, 3, 3);
        Tensor v = sequences("v", 0, 9, 9);
        List<Tensor> alone = results(layer, upstream, q, v);
        List<Tensor> padded = results(layer, upstream, q, sequences("v", 2, 16, 9).masked(mask(2, 16, 9)));
        for (int i = 0; i < alone.size(); i++) {
            assertBits(alone.get(i), i == 2 ? part(padded.get(2), 0, 2, 9) : padded.get(i), text + ", result " + i);
        }
        Tensor asks = mask(2, 40, 3);
        Tensor among = sequences("upstream", 2, 40, 3).multiply(asks.expandDims(2));
        Tensor padding = Tensor.where(asks.expandDims(2), sequences("q", 2, 40, 3), Tensor.scalar(Float.NaN));
        List<Tensor> asked = results(layer, among, padding.masked(asks), v);
        for (int i = 0; i < 3; i++) {
            assertBits(alone.get(i), i < 2 ? part(asked.get(i), 0, 2, 3) : asked.get(i), text + " with padded queries, result " + i);
        }
    }

    /** The queries and keys of the steps 0, 1 and 2 have their products, so that scores are these over sqrt(9). */
    @Test
    void theWeightsOfAStepAreTheSoftmaxOfItsProductsWithTheOthers() {
        MultiHeadAttention layer = new MultiHeadAttention(1, 9).causal(true).useBias(false);
        layer.build(List.of(Shape.of(3, 1)));
        layer.setWeights(layer.weights().stream().map(weight -> Tensor.full(weight.size() == 9 ? 1 / 3.0 : 1, weight.shape().toArray())).toList());
        Tensor weights = layer.attentionWeights(Tensor.of(0, 1, 2).reshape(1, 3, 1));
        double sum = 1 + Math.exp(2 / 3.0) + Math.exp(4 / 3.0);
        double second = 1 + Math.exp(1 / 3.0);
        assertTrue(weights.allClose(Tensor.of(1, 0, 0, (float) (1 / second), (float) (1 - 1 / second), 0, (float) (1 / sum),
                (float) (Math.exp(2 / 3.0) / sum), (float) (Math.exp(4 / 3.0) / sum)).reshape(1, 1, 3, 3), 1e-6, 1e-6), weights::toString);
    }

    /** Those of a block are of its normalized input; they weigh the values of all steps but padding. */
    @Test
    void theWeightsOfABlockSumToOne() {
        TransformerBlock block = new TransformerBlock(2, 9).causal(true).seed(1);
        Tensor counts = mask(0, 7, 7, 4);
        Tensor x = sequences("x", 0, 7, 7, 4).masked(counts);
        block.build(List.of(x.shape().rest()));
        Tensor weights = block.attentionWeights(x);
        assertEquals(Shape.of(2, 2, 7, 7), weights.shape());
        assertTrue(weights.sum(3).allClose(Tensor.ones(2, 2, 7), 1e-6, 1e-6), weights::toString);
        assertEquals(0, weights.slice(0, 1).get(0, 1, 2, 3));
        assertEquals(0, weights.slice(1, 2).slice(2, 0, 4).slice(3, 4, 7).abs().sum().item());
        MultiHeadAttention inside = (MultiHeadAttention) block.layers().stream().filter(MultiHeadAttention.class::isInstance).findFirst().orElseThrow();
        Tensor values = new LayerNormalization().epsilon(1e-5).forward(x);
        assertEquals(inside.attentionWeights(values), weights);
    }

    /** A causal step has the same bits whatever follows it. */
    @Test
    void aCausalStepSeesNoLaterOne() {
        Layer layer = new MultiHeadAttention(2, 3).causal(true).seed(2);
        Tensor x = sequences("x", 0, 70, 70);
        Tensor y = layer.call(x);
        for (int steps : new int[] {1, 2, 32, 33, 64, 69}) {
            assertBits(part(y, 0, 0, steps), layer.forward(part(x, 0, 0, steps)), steps + " steps");
        }
    }

    /** As Keras does: the layers behind see no mask of what attention has used. */
    @Test
    void takesMasksOffItsInputsIfItIsToldTo() {
        for (boolean takes : new boolean[] {false, true}) {
            Tensor x = sequences("x", 0, 4, 3, 4).masked(mask(0, 4, 3, 4));
            Tensor y = new MultiHeadAttention(1, 2).with("takesMasks", takes).call(x);
            assertEquals(mask(0, 4, 3, 4), y.mask().orElseThrow());
            assertEquals(!takes, x.mask().isPresent());
        }
    }

    @Test
    void attentionGivesZerosToQueriesThatDoNotCount() {
        Tensor q = sequences("q", 0, 3, 3).masked(Tensor.of(new float[][] {{1, 0, 1}}));
        Tensor y = new Attention().call(q, sequences("v", 0, 4, 4));
        assertBits(Tensor.zeros(1, 1, FEATURES), y.slice(1, 1, 2), "masked");
        assertFalse(y.slice(1, 0, 1).equals(Tensor.zeros(1, 1, FEATURES)));
        assertEquals(q.mask(), y.mask());
    }

    @ParameterizedTest
    @CsvSource({"'multi_head_attention(2, 5, dropout=0.5)'", "'attention(dropout=0.5)'", "'attention(dropout=0.5, scoreMode=concat)'"})
    void dropoutsDifferFromCallToCall(String text) {
        Layer layer = Layers.REGISTRY.of(text).seed(1);
        Tensor x = sequences("x", 0, 4, 3, 4).masked(mask(0, 4, 3, 4));
        Tensor first = layer.callInTraining(x, x);
        assertEquals(1, layer.noiseCalls());
        assertFalse(first.equals(layer.callInTraining(x, x)));
        layer.noiseCalls(0);
        assertEquals(first, layer.callInTraining(x, x));
        assertEquals(layer.forward(x, x), layer.call(x, x));
    }

    @Test
    void positionsAreThoseOfTheSteps() {
        PositionEmbedding layer = new PositionEmbedding(5);
        Tensor y = layer.call(Tensor.zeros(2, 3, 4));
        assertEquals(layer.weight("embeddings").slice(0, 3), y.slice(1, 2).reshape(3, 4));
        assertThrows(IllegalArgumentException.class, () -> layer.forward(Tensor.zeros(2, 6, 4)));
    }
}

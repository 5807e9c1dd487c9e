package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sequences step by step beside the whole. */
@Tag("layers")
class StepTest {

    private static final int STEPS = 37; // more than the first room for keys, and no multiple of lanes
    private static final int BATCH = 2;

    /** Layers for sequences of five features, and how far a step may be from the whole, relative to the largest. */
    static Stream<Object[]> layers() {
        double exact = 0;
        double rounded = 1e-6;
        return Stream.of(
                new Object[] {new Dense(4, "gelu"), exact},
                new Object[] {new LayerNormalization(), exact},
                new Object[] {new Dropout(0.5), exact},
                new Object[] {new TimeDistributed(new Dense(3)), exact},
                new Object[] {new PositionEmbedding(STEPS), exact},
                new Object[] {new PositionEmbedding(STEPS + 3).addsInput(true), exact},
                new Object[] {new MultiHeadAttention(3, 2).causal(true), exact},
                new Object[] {new MultiHeadAttention(1, 7).causal(true).with("valueDim", 3).useBias(false), exact},
                new Object[] {new TransformerBlock(5, 9).causal(true), exact},
                new Object[] {new LSTM(6).returnSequences(true), rounded},
                new Object[] {new LSTM(6).returnSequences(true).with("activation", "gelu").with("useBias", false), rounded},
                new Object[] {new GRU(6).returnSequences(true), rounded},
                new Object[] {new GRU(6).returnSequences(true).with("resetAfter", false), rounded},
                new Object[] {new SimpleRNN(6).returnSequences(true), rounded});
    }

    private static Tensor sequences(int features) {
        return Tensor.generate(new Rng(7, "sequences", features)::normal, BATCH, STEPS, features);
    }

    private static Tensor inSteps(Layer layer, Tensor x) {
        StepState state = new StepState();
        List<Tensor> outputs = new ArrayList<>();
        for (int t = 0; t < x.dim(1); t++) {
            outputs.add(layer.step(state, x.slice(1, t, t + 1)));
        }
        return Tensor.concatenate(1, outputs.toArray(Tensor[]::new));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aStepIsThatOfTheWholeSequence(Layer layer, double tolerance) {
        layer.seed(3);
        Tensor x = sequences(5);
        Tensor whole = layer.forward(x);
        for (int again = 0; again < 2; again++) { // each state begins for itself
            Tensor steps = inSteps(layer, x);
            assertEquals(whole.shape(), steps.shape());
            double largest = whole.abs().max().item();
            assertArrayEquals(whole.toArray(), steps.toArray(), (float) (tolerance * largest), layer.toString());
        }
    }

    @Test
    void aLayerThatGivesOneResultGivesThatOfTheStepsSoFar() {
        LSTM layer = new LSTM(4);
        layer.seed(1);
        Tensor x = sequences(3);
        StepState state = new StepState();
        for (int t = 0; t < STEPS; t++) {
            Tensor soFar = layer.step(state, x.slice(1, t, t + 1));
            assertArrayEquals(layer.forward(x.slice(1, 0, t + 1)).toArray(), soFar.toArray(), 1e-6f);
        }
    }

    @Test
    void aModelOfBranchesComputesSteps() {
        Node tokens = new Input(STEPS).apply();
        Node words = new Embedding(11, 8).apply(tokens);
        Node placed = new Add().apply(words, new PositionEmbedding(STEPS).apply(words));
        Node seen = new MultiHeadAttention(2, 4).causal(true).apply(placed);
        Model model = new Functional(tokens, new Dense(11, "softmax").apply(new Add().apply(placed, seen)));
        Tensor x = Tensor.generate(i -> (i * 7 + i / 5) % 11, BATCH, STEPS);
        assertArrayEquals(model.forward(x).toArray(), inSteps(model, x).toArray());
        StepState state = new StepState();
        model.step(state, x.slice(1, 0, 1));
        assertEquals(STEPS, state.limit());
    }

    @Test
    void stepsBehindTheLastPositionAreRefused() {
        PositionEmbedding layer = new PositionEmbedding(2);
        StepState state = new StepState();
        Tensor x = Tensor.ones(1, 1, 3);
        layer.step(state, x);
        layer.step(state, x);
        Exception e = assertThrows(IllegalStateException.class, () -> layer.step(state, x));
        assertTrue(e.getMessage().contains("at most 2 steps"), e.getMessage());
    }

    @ParameterizedTest
    @MethodSource("whatNeedsAllSteps")
    void whatNeedsAllStepsRefusesOne(Layer layer) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> layer.step(new StepState(), sequences(3).slice(1, 0, 1)));
        assertTrue(e.getMessage().contains("step"), e.getMessage());
    }

    static List<Layer> whatNeedsAllSteps() {
        return Arrays.asList(new Conv1D(2, 1), new GlobalAveragePooling1D(), new MultiHeadAttention(1, 2), new TransformerBlock(1, 2),
                new GRU(2).with("goBackwards", true), new Bidirectional(new LSTM(2)),
                new Sequential(new Input(STEPS, 3), new Conv1D(2, 1)));
    }
}

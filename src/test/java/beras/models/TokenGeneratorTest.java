package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.GRU;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.LayerNormalization;
import beras.layers.PositionEmbedding;
import beras.layers.TransformerBlock;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Texts that models continue. */
@Tag("models")
class TokenGeneratorTest {

    private static final int VOCABULARY = 5;
    private static final Sampling GREEDY = new Sampling(0, 0, 1, 1);

    private static Sequential transformer(int steps, int vocabulary) {
        return new Sequential(3, new Input(steps), new Embedding(vocabulary, 16), new PositionEmbedding(steps).addsInput(true),
                new TransformerBlock(2, 32).causal(true), new LayerNormalization(), new Dense(vocabulary));
    }

    private static int[] generated(Model model, int[] prompt, int count, Sampling sampling) {
        IntStream.Builder tokens = IntStream.builder();
        new TokenGenerator(model).generate(prompt, count, sampling, token -> {
            tokens.add(token);
            return true;
        });
        return tokens.build().toArray();
    }

    /** Each token is the likeliest after the whole sequence before it. */
    @Test
    void aTokenIsThatOfTheWholeSequence() {
        Sequential model = transformer(40, VOCABULARY);
        int[] made = generated(model, new int[] {1, 2}, 38, GREEDY);
        assertEquals(38, made.length);
        float[] tokens = new float[40];
        tokens[0] = 1;
        tokens[1] = 2;
        for (int i = 0; i < made.length; i++) {
            Tensor outputs = model.predict(Tensor.of(new float[][] {tokens}));
            assertEquals(made[i], outputs.slice(1, i + 1, i + 2).reshape(1, -1).argmax(1)[0]);
            tokens[Math.min(i + 2, 39)] = made[i];
        }
    }

    /** Where positions are used up, the later half is continued as if it were a prompt. */
    @Test
    void longSequencesContinueFromTheirLaterHalf() {
        Sequential model = transformer(8, VOCABULARY);
        int[] made = generated(model, new int[] {1, 2, 3}, 30, GREEDY);
        int[] all = IntStream.concat(IntStream.of(1, 2, 3), Arrays.stream(made)).toArray();
        assertEquals(33, all.length);
        assertArrayEquals(generated(model, Arrays.copyOfRange(all, 5, 9), 5, GREEDY), Arrays.copyOfRange(all, 9, 14));
        assertArrayEquals(made, generated(model, new int[] {1, 2, 3}, 30, GREEDY));
    }

    @Test
    void allKindsOfModelsGenerate() {
        for (Model model : List.of(
                new Sequential(1, new Input(6), new Embedding(VOCABULARY, 4), new GRU(8).returnSequences(true), new Dense(VOCABULARY, "softmax")),
                new Sequential(1, new Input(6, VOCABULARY), new LSTM(8), new Dense(VOCABULARY, "softmax")),
                transformer(6, VOCABULARY))) {
            int[] made = generated(model, new int[] {4}, 50, new Sampling(0.9, 0, 1, 7));
            assertEquals(50, made.length);
            assertTrue(Arrays.stream(made).distinct().count() > 1, () -> Arrays.toString(made));
            assertArrayEquals(made, generated(model, new int[] {4}, 50, new Sampling(0.9, 0, 1, 7)));
        }
    }

    // ----------------------------------------------------------------------------------------------- sampling

    private static Map<Integer, Integer> counts(Sampling sampling, float... scores) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            counts.merge(sampling.choose(scores, 0, scores.length, i), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void tokensHaveTheirProbabilities() {
        float[] scores = {(float) Math.log(0.1), (float) Math.log(0.6), (float) Math.log(0.3), Float.NEGATIVE_INFINITY};
        Map<Integer, Integer> all = counts(Sampling.DEFAULT, scores);
        assertEquals(1000, all.get(0), 100);
        assertEquals(6000, all.get(1), 150);
        assertEquals(3000, all.get(2), 150);
        assertEquals(3, all.size());
        Map<Integer, Integer> colder = counts(new Sampling(0.5, 0, 1, 1), scores); // squares: .01, .36, .09
        assertEquals(10_000 * 0.36 / 0.46, colder.get(1), 150);
        assertEquals(10_000 * 0.6 / 0.9, counts(new Sampling(1, 2, 1, 1), scores).get(1), 150);
        assertEquals(2, counts(new Sampling(1, 0, 0.61, 1), scores).size()); // the one that reaches it is included
        assertEquals(1, counts(new Sampling(1, 0, 0.6, 1), scores).size());
        assertEquals(Map.of(1, 10_000), counts(GREEDY, scores));
    }

    @Test
    void whatCannotBeChosenFromIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Sampling(-1, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(Double.NaN, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, -1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 1.1, 1));
        assertThrows(IllegalArgumentException.class, () -> counts(GREEDY, 1, Float.NaN));
        assertThrows(IllegalArgumentException.class, () -> counts(GREEDY, Float.NEGATIVE_INFINITY));
        assertThrows(IllegalArgumentException.class, () -> counts(GREEDY, Float.POSITIVE_INFINITY));
        Model model = transformer(4, VOCABULARY);
        assertThrows(IllegalArgumentException.class, () -> generated(model, new int[0], 3, GREEDY));
        assertThrows(IllegalArgumentException.class, () -> generated(model, new int[] {VOCABULARY}, 3, GREEDY));
        assertThrows(IllegalArgumentException.class, () -> new TokenGenerator(new Sequential(new Input(3, 4), new Dense(5))));
    }
}

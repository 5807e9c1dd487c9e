package beras.models;

import beras.layers.Layer;
import beras.layers.StepState;
import beras.layers.activations.Softmax;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Continues sequences of tokens with a model that gives numbers for the token that comes next: after each step
 * {@code (steps, vocabulary)}, or after the last {@code (vocabulary)}. Each token is computed from the state that the layers
 * keep of earlier ones, see {@link Layer#step}.
 *
 * <pre>{@code
 * TokenGenerator generator = new TokenGenerator(model);
 * generator.generate(new int[] {3, 1, 4}, 100, Sampling.DEFAULT, token -> {
 *     System.out.println(token);
 *     return true;       // false ends it
 * });
 * }</pre>
 */
public final class TokenGenerator {

    private final Model model;
    private final int vocabulary;
    private final boolean isOfProbabilities;
    private int excluded = -1; // none

    /**
     * @param model takes tokens by their numbers {@code (steps)}, or one-hot rows {@code (steps, vocabulary)}, and ends in logits or a softmax
     * @throws IllegalArgumentException if its inputs or outputs have other shapes
     */
    public TokenGenerator(Model model) {
        this.model = model;
        int rank = model.outputShapes().size() == 1 ? model.outputShape().rank() : 0;
        this.vocabulary = rank == 1 || rank == 2 ? model.outputShape().dim(-1) : 0;
        boolean takesTokens = model.inputShapes().size() == 1 && (model.inputShape().rank() == 1
                || model.inputShape().rank() == 2 && model.inputShape().dim(1) == vocabulary);
        if (vocabulary < 2 || !takesTokens) {
            throw new IllegalArgumentException("A model that generates takes tokens (steps), or one-hot rows (steps, vocabulary), and gives"
                    + " numbers (steps, vocabulary) or (vocabulary). Received: inputs " + model.inputShapes() + ", outputs "
                    + model.outputShapes());
        }
        this.isOfProbabilities = model.last() instanceof Softmax;
    }

    /** Never adds this token, such as the unknown token. */
    public TokenGenerator without(int token) {
        excluded = token;
        return this;
    }

    /** The number of different tokens. */
    public int vocabulary() {
        return vocabulary;
    }

    /**
     * Continues a sequence. A model that computes at most so many steps continues from the later half of them when they are used up.
     *
     * @param prompt   the tokens to continue, at least one
     * @param count    how many to add at most
     * @param sampling how each is chosen
     * @param each     takes each token that is added; false ends it
     * @throws IllegalArgumentException if the prompt is empty, a token is none, or a layer does not compute step by step
     */
    public void generate(int[] prompt, int count, Sampling sampling, IntPredicate each) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("A prompt needs at least one token. Received: none");
        }
        int[] tokens = Arrays.copyOf(prompt, Math.addExact(prompt.length, Math.max(0, count)));
        StepState state = new StepState();
        int begin = 0; // of the tokens that the state has seen
        int seen = 0;
        Tensor output = null;
        for (int next = prompt.length; next < tokens.length; next++) {
            while (seen < next) {
                if (seen - begin >= state.limit()) {
                    begin = next - Math.max(1, state.limit() / 2);
                    seen = begin;
                    state = new StepState();
                }
                output = model.step(state, input(tokens[seen++]));
            }
            tokens[next] = sampling.choose(scores(output), 0, vocabulary, next - prompt.length);
            if (!each.test(tokens[next])) {
                return;
            }
        }
    }

    private Tensor input(int token) {
        if (token < 0 || token >= vocabulary) {
            throw new IllegalArgumentException("A token is a number from 0 to " + (vocabulary - 1) + ". Received: " + token);
        }
        return model.inputShape().rank() == 1 ? Tensor.full(token, 1, 1)
                : Tensor.generate(i -> i == token ? 1 : 0, 1, 1, vocabulary);
    }

    private float[] scores(Tensor output) {
        float[] scores = output.toArray();
        for (int i = 0; isOfProbabilities && i < scores.length; i++) {
            scores[i] = (float) StrictMath.log(scores[i]);
        }
        if (excluded >= 0) {
            scores[excluded] = Float.NEGATIVE_INFINITY;
        }
        return scores;
    }
}

package beras.data.text;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.tensor.Rng;
import beras.tensor.Shape;

/**
 * Windows of a text as examples, from which a model learns the next token: the input is a window {@code (length)} of tokens, the target
 * the window that begins one token later, for a loss of labels such as {@code SparseCategoricalCrossEntropy}. The text is kept once, two
 * bytes a token. Immutable.
 *
 * <pre>{@code
 * Vocabulary vocabulary = Vocabulary.ofCharacters("to be or not to be");
 * TextWindows windows = new TextWindows(vocabulary.encode("to be or not to be"), 8);
 * model.fit(windows, new FitOptions().epochs(5));
 * }</pre>
 *
 * <p>An epoch has each token once, about: windows stand side by side. Each epoch begins at another place within the first window, so that
 * windows differ; {@link #forValidation} always begins at the first token. Windows of two parts of a text do not overlap.
 */
public final class TextWindows implements Examples {

    private final char[] tokens;
    private final int length;
    private final long seed;
    private final boolean moves;

    /**
     * Windows side by side.
     *
     * @param tokens of the text, as {@link Vocabulary#encode} gives them; at least one more than the length
     * @param length how many tokens a window has, at least 1
     * @throws IllegalArgumentException if the text is shorter, or a token is less than 0 or more than 65,535
     */
    public TextWindows(int[] tokens, int length) {
        this(narrowed(tokens), Arguments.atLeast(1, "The length of a window", length), 1, true);
        if (tokens.length <= length) {
            throw new IllegalArgumentException("Windows of " + length + " tokens need a text of at least " + (length + 1L)
                    + " tokens. Received: " + tokens.length);
        }
    }

    private TextWindows(char[] tokens, int length, long seed, boolean moves) {
        this.tokens = tokens;
        this.length = length;
        this.seed = seed;
        this.moves = moves;
    }

    private static char[] narrowed(int[] tokens) {
        char[] narrow = new char[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            narrow[i] = (char) tokens[i];
            if (narrow[i] != tokens[i]) {
                throw new IllegalArgumentException("A token must be a number from 0 to 65535. Received: " + tokens[i] + " at index " + i);
            }
        }
        return narrow;
    }

    /** The seed of the places where epochs begin; default 1. */
    @CheckReturnValue
    public TextWindows seed(long newSeed) {
        return new TextWindows(tokens, length, newSeed, moves);
    }

    @Override
    public int count() {
        int whole = (tokens.length - 1) / length;
        return moves ? Math.max(1, whole - 1) : whole; // the rest is room to shift
    }

    @Override
    public ExampleSpec spec() {
        return ExampleSpec.of(Shape.of(length), Shape.of(length));
    }

    /** The same windows, which begin at the first token in each epoch. */
    @Override
    @CheckReturnValue
    public TextWindows forValidation() {
        return new TextWindows(tokens, length, seed, false);
    }

    /** The shift of an epoch's windows, in tokens. */
    private int shift(int epoch) {
        int room = Math.min(length, tokens.length - count() * length);
        return moves ? (int) (new Rng(seed, "windows", epoch).uniform(0) * room) : 0;
    }

    @Override
    public void read(int epoch, int[] order, int from, int to, Batch into) {
        float[] inputs = into.inputs().get(0).data();
        float[] targets = into.targets().get(0).data();
        int shift = shift(epoch);
        for (int i = from; i < to; i++) {
            int begin = order[i] * length + shift;
            for (int j = 0; j < length; j++) {
                inputs[(i - from) * length + j] = tokens[begin + j];
                targets[(i - from) * length + j] = tokens[begin + j + 1];
            }
        }
    }
}

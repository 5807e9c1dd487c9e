package beras.data.text;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.tensor.Rng;
import beras.tensor.Shape;
import java.nio.CharBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * Windows of a text as examples, from which a model learns the next token: the input is a window {@code (length)} of tokens, the target
 * the window that begins one token later, for a loss of labels such as {@code SparseCategoricalCrossEntropy}. The text is kept once, two
 * bytes a token, and may be a mapped file. Immutable.
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

    private final List<CharBuffer> segments; // all but the last as large as the first
    private final long from;
    private final long to;
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
        this(List.of(CharBuffer.wrap(narrowed(tokens))), length);
    }

    /**
     * Windows side by side of a text that may be larger than memory.
     *
     * @param segments of its tokens, which are not copied; all but the last as large as the first
     * @param length   how many tokens a window has, at least 1
     * @throws IllegalArgumentException if the text is shorter, or has more than 2<sup>31</sup> - 1 windows
     */
    public TextWindows(List<CharBuffer> segments, int length) {
        this(List.copyOf(segments), 0, segments.stream().mapToLong(CharBuffer::remaining).sum(),
                Arguments.atLeast(1, "The length of a window", length), 1, true);
    }

    private TextWindows(List<CharBuffer> segments, long from, long to, int length, long seed, boolean moves) {
        this.segments = segments;
        this.from = from;
        this.to = to;
        this.length = length;
        this.seed = seed;
        this.moves = moves;
        if (tokens() <= length) {
            throw new IllegalArgumentException("Windows of " + length + " tokens need a text of at least " + (length + 1L)
                    + " tokens. Received: " + tokens());
        }
        if ((tokens() - 1) / length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A text has at most " + Integer.MAX_VALUE + " windows. Received: " + tokens()
                    + " tokens in windows of " + length + ". Take a longer window");
        }
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
        return new TextWindows(segments, from, to, length, newSeed, moves);
    }

    /**
     * The windows of a part of the text.
     *
     * @param first of its tokens
     * @param end   after the last
     * @throws IllegalArgumentException if it is shorter than a window and the token that follows
     */
    @CheckReturnValue
    public TextWindows part(long first, long end) {
        Objects.checkFromToIndex(first, end, tokens());
        return new TextWindows(segments, from + first, from + end, length, seed, moves);
    }

    /** The number of tokens of the text. */
    public long tokens() {
        return to - from;
    }

    /** How often a token is in the text. */
    public long frequency(int token) {
        return LongStream.range(from, to).filter(at -> token(at) == token).count();
    }

    private char token(long at) {
        int size = segments.get(0).limit();
        return segments.get((int) (at / size)).get((int) (at % size));
    }

    @Override
    public int count() {
        int whole = (int) ((tokens() - 1) / length);
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
        return new TextWindows(segments, from, to, length, seed, false);
    }

    /** The shift of an epoch's windows, in tokens. */
    private int shift(int epoch) {
        int room = (int) Math.min(length, tokens() - (long) count() * length);
        return moves ? (int) (new Rng(seed, "windows", epoch).uniform(0) * room) : 0;
    }

    @Override
    public void read(int epoch, int[] order, int from, int to, Batch into) {
        float[] inputs = into.inputs().get(0).data();
        float[] targets = into.targets().get(0).data();
        int shift = shift(epoch);
        for (int i = from; i < to; i++) {
            long begin = this.from + (long) order[i] * length + shift;
            for (int j = 0; j < length; j++) {
                inputs[(i - from) * length + j] = token(begin + j);
                targets[(i - from) * length + j] = token(begin + j + 1);
            }
        }
    }
}

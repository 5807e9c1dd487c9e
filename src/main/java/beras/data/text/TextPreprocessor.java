package beras.data.text;

import beras.config.Arguments;
import beras.config.Config;
import beras.feed.Preprocessor;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encodes a text for a model, and decodes its prediction: the next token, of a {@link Vocabulary}.
 *
 * <p>An example is a text of at least as many tokens as the model takes, of which the last are taken. {@code beras.models.TokenGenerator}
 * continues texts of any length.
 */
public final class TextPreprocessor implements Preprocessor {

    private final Vocabulary vocabulary;
    private final int length;
    private final List<String> names; // of the tokens

    /**
     * @param vocabulary of the model
     * @param length     how many tokens the model takes, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public TextPreprocessor(Vocabulary vocabulary, int length) {
        this.vocabulary = vocabulary;
        this.length = Arguments.atLeast(1, "length", length);
        this.names = IntStream.range(0, vocabulary.size()).mapToObj(vocabulary::token).toList();
    }

    /**
     * Creates the preprocessor that {@link #config} describes.
     *
     * @throws IllegalArgumentException if it is no such config
     */
    public static TextPreprocessor of(Config config) {
        config.requireOnly("vocabulary", "length");
        return new TextPreprocessor(Vocabulary.of(config.config("vocabulary")), config.integer("length"));
    }

    /** The tokens of the model. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** {@code (length)}. */
    @Override
    public Shape inputShape() {
        return Shape.of(length);
    }

    /** {@code (length, tokens)}. */
    @Override
    public Shape outputShape() {
        return Shape.of(length, vocabulary.size());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if it is no text, or has fewer tokens than the model takes
     */
    @Override
    public void encode(Object example, float[] out, int at) {
        int[] tokens = example instanceof CharSequence text ? vocabulary.encode(text) : null;
        if (tokens == null || tokens.length < length) {
            throw new IllegalArgumentException("An example must be a text of at least " + length + " tokens. Received: "
                    + (tokens != null ? tokens.length + " tokens" : example == null ? "null" : example.getClass().getName()));
        }
        for (int i = 0; i < length; i++) {
            out[at + i] = tokens[tokens.length - length + i];
        }
    }

    /** The token that comes after the last, with the model's numbers for all. */
    @Override
    public Prediction decode(float[] output, int at) {
        int last = at + (length - 1) * vocabulary.size();
        return Prediction.ofLabels(names, Arrays.copyOfRange(output, last, last + vocabulary.size()));
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("vocabulary", vocabulary.config()).with("length", length);
    }
}

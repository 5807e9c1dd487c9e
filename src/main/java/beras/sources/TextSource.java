package beras.sources;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.rows.TextFolder;
import beras.data.text.TextPreprocessor;
import beras.data.text.TextWindows;
import beras.data.text.Vocabulary;
import beras.data.text.Vocabulary.Unit;
import beras.feed.Examples;
import beras.models.DataSource;
import beras.models.ReadListener;
import beras.tables.TableOrigin;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A text, such as a book, from which a network learns to predict the next token. The vocabulary is of the whole text; its last
 * part is held out.
 *
 * @param path            of a file of plain text, or gzip
 * @param tokens          their kind: {@code characters}, {@code words} or {@code byte-pairs}, the latter two also with their
 *     largest number, such as {@code words=5000}
 * @param context         how many of them a network sees
 * @param net             the name of the network, as of {@link TextNet}
 * @param validationSplit the share of the text that is held out, such as {@link #VALIDATION_SPLIT}
 * @param seed            of the places where windows begin
 */
public record TextSource(Path path, String tokens, int context, TextNet net, double validationSplit, long seed) implements DataSource {

    /** The tokens if nothing else is given. */
    public static final String CHARACTERS = "characters";
    /** The default number of tokens that a network sees. */
    public static final int CONTEXT = 64;
    /** The share of a text that is held out. */
    public static final double VALIDATION_SPLIT = 0.1;
    /** The most words of a vocabulary if nothing else is given. */
    public static final int WORDS = 10_000;
    /** The most byte-pair tokens of a vocabulary if nothing else is given. */
    public static final int BYTE_PAIRS = 1000;

    private static final int MOST_SHOWN = 10;

    /** @throws SettingException if a setting is out of range */
    public TextSource {
        SettingException.requireAtLeast("context", 1, context);
        if (!(validationSplit >= 0 && validationSplit < 1)) {
            throw new SettingException("validationSplit", "it must be at least 0 and less than 1. Received: " + validationSplit);
        }
        unit(tokens);
        size(tokens);
    }

    @Override
    public boolean holdsOut() {
        return validationSplit > 0;
    }

    /** The best weights are kept, as a network may learn a short text by heart. */
    @Override
    public boolean stopsEarly() {
        return holdsOut();
    }

    @Override
    public void check(Recipe given) {
        given.check(new Recipe().optimizer(TextNet.OPTIMIZER)); // whether the rest fits depends on the text
    }

    @Override
    public TextData read(ReadListener listener) throws IOException {
        String text = text(path, listener);
        Vocabulary vocabulary = vocabulary(text);
        int[] encoded = vocabulary.encode(text);
        int training = encoded.length - (int) (encoded.length * validationSplit);
        boolean isShort = training <= context || holdsOut() && encoded.length - training <= context;
        if (isShort) {
            double share = holdsOut() ? Math.min(validationSplit, 1 - validationSplit) : 1;
            throw new DataException(path + ": expected a text of at least " + (long) Math.ceil((context + 1) / share) + " tokens, so that"
                    + (holdsOut() ? " the part to train on and the last part, which is held out, have" : " it has") + " a window of "
                    + context + " and the one that follows. Received: " + encoded.length + ". Take a longer text, or a shorter"
                    + " `context`");
        }
        long unknown = Arrays.stream(encoded).filter(token -> token == Vocabulary.UNKNOWN).count();
        listener.onRemark(path + ": " + encoded.length + " tokens, " + vocabulary.size() + " different: "
                + tokens.split("=", 2)[0] + (unknown == 0 ? "" : ", one of which stands for the " + unknown + " that are none of the most"
                        + " frequent") + (holdsOut() ? "; the last " + (encoded.length - training) + " are held out" : ""));
        return new TextData(this, vocabulary, encoded, training);
    }

    private Vocabulary vocabulary(String text) throws DataException {
        try {
            return switch (unit(tokens)) {
                case CHARACTERS -> Vocabulary.ofCharacters(text);
                case WORDS -> Vocabulary.ofWords(text, size(tokens));
                case BYTE_PAIRS -> Vocabulary.ofBytePairs(text, size(tokens));
            };
        } catch (IllegalArgumentException e) {
            throw new DataException(path + ": " + e.getMessage(), e);
        }
    }

    private static Unit unit(String tokens) {
        String name = tokens.split("=", 2)[0].toUpperCase(Locale.ROOT).replace('-', '_');
        for (Unit unit : Unit.values()) {
            if (unit.name().equals(name)) {
                return unit;
            }
        }
        throw wrong(tokens);
    }

    private static int size(String tokens) {
        int at = tokens.indexOf('=');
        if (at < 0) {
            return unit(tokens) == Unit.WORDS ? WORDS : BYTE_PAIRS;
        }
        try {
            int size = Integer.parseInt(tokens.substring(at + 1));
            if (unit(tokens) != Unit.CHARACTERS && size >= 2 && size <= Vocabulary.MOST_TOKENS) {
                return size;
            }
        } catch (NumberFormatException e) {
            // is wrong as well
        }
        throw wrong(tokens);
    }

    private static SettingException wrong(String tokens) {
        return new SettingException("tokens", "they are characters, words or byte-pairs, of the latter two also with how many at most, from"
                + " 2 to " + Vocabulary.MOST_TOKENS + ", such as words=5000. Received: " + tokens);
    }

    /** The whole text of a file, with the ends of lines of Unix. */
    private static String text(Path path, ReadListener listener) throws IOException {
        List<String> remarks = new ArrayList<>();
        String text = TextFolder.read(path, null, remarks);
        remarks.forEach(listener::onRemark);
        return text;
    }

    /**
     * The windows of a text to evaluate a model on: for its training text the held-out ones, else all.
     *
     * @param provenance of the model
     * @throws DataException if the text is too short
     */
    public static Examples tested(Path data, TextPreprocessor meaning, Map<String, String> provenance, ReadListener listener)
            throws IOException {
        String text = text(data, listener);
        int[] tokens = meaning.vocabulary().encode(text);
        if (DataHash.of(data).filter(hash -> hash.equals(provenance.get(TableOrigin.DATA_HASH))).isPresent()) {
            int held = held(tokens.length, provenance.getOrDefault(ImageData.VALIDATION_SPLIT, ""));
            listener.onRemark(data + " is the text that the model was trained on" + (held == 0 ? ", so that these numbers are better than"
                    + " those of other texts" : ": the last " + held + " tokens, which were held out then, are taken"));
            tokens = held == 0 ? tokens : Arrays.copyOfRange(tokens, tokens.length - held, tokens.length);
        }
        int length = meaning.inputShape().dim(0);
        if (tokens.length <= length) {
            throw new DataException(data + ": expected a text of at least " + (length + 1) + " tokens, as the model sees " + length
                    + ". Received: " + tokens.length);
        }
        List<String> unknown = meaning.vocabulary().unknown(text);
        if (!unknown.isEmpty()) {
            listener.onRemark(data + ": " + Arrays.stream(tokens).filter(token -> token == Vocabulary.UNKNOWN).count() + " of "
                    + tokens.length + " tokens are not in the vocabulary of the model: " + unknown.stream().limit(MOST_SHOWN).toList()
                    + (unknown.size() > MOST_SHOWN ? " and " + (unknown.size() - MOST_SHOWN) + " more" : ""));
        }
        return new TextWindows(tokens, length).forValidation();
    }

    private static int held(int tokens, String share) {
        try {
            return Math.max(0, Math.min(tokens, (int) (tokens * Double.parseDouble(share))));
        } catch (NumberFormatException e) {
            return 0; // the model has no record of the held-out part
        }
    }
}

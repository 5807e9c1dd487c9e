package beras.sources;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.rows.TextFolder;
import beras.data.text.TextPreprocessor;
import beras.data.text.TextWindows;
import beras.data.text.Vocabulary;
import beras.data.text.Vocabulary.Unit;
import beras.feed.Examples;
import beras.files.FileFailure;
import beras.files.ScratchBytes;
import beras.models.DataSource;
import beras.models.ReadListener;
import beras.tables.TableOrigin;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

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
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new DataException(path + ": expected a file, as a text is read twice. Received: a pipe or device. Write the text to a file");
        }
        Vocabulary vocabulary = vocabulary();
        List<CharBuffer> encoded = encoded(path, listener, vocabulary::encode);
        long count = count(encoded);
        long training = count - (long) (count * validationSplit);
        boolean isShort = training <= context || holdsOut() && count - training <= context;
        if (isShort) {
            double share = holdsOut() ? Math.min(validationSplit, 1 - validationSplit) : 1;
            throw new DataException(path + ": expected a text of at least " + (long) Math.ceil((context + 1) / share) + " tokens, so that"
                    + (holdsOut() ? " the part to train on and the last part, which is held out, have" : " it has") + " a window of "
                    + context + " and the one that follows. Received: " + count + ". Take a longer text, or a shorter"
                    + " `context`");
        }
        TextWindows windows = windows(path, encoded, context);
        long unknown = windows.frequency(Vocabulary.UNKNOWN);
        listener.onRemark(path + ": " + count + " tokens, " + vocabulary.size() + " different: "
                + tokens.split("=", 2)[0] + (unknown == 0 ? "" : ", one of which stands for the " + unknown + " that are none of the most"
                        + " frequent") + (holdsOut() ? "; the last " + (count - training) + " are held out" : ""));
        return new TextData(this, vocabulary, windows, training);
    }

    private Vocabulary vocabulary() throws DataException {
        Vocabulary.Learner learner = new Vocabulary.Learner(unit(tokens));
        TextFolder.readParts(path, null, new ArrayList<>(), learner::add);
        try {
            return learner.learn(size(tokens));
        } catch (IllegalArgumentException e) {
            throw new DataException(path + ": " + e.getMessage(), e);
        }
    }

    /** The tokens of a file, in memory if they are few, else in a temporary file. */
    private static List<CharBuffer> encoded(Path path, ReadListener listener, Function<String, int[]> encoding) throws IOException {
        List<String> remarks = new ArrayList<>();
        try (ScratchBytes kept = new ScratchBytes(".tokens")) {
            TextFolder.readParts(path, null, remarks, part -> {
                try {
                    for (int token : encoding.apply(part)) {
                        kept.record(Character.BYTES).putChar((char) token);
                    }
                } catch (IOException e) {
                    throw noRoom(path, e);
                }
            });
            remarks.forEach(listener::onRemark);
            return kept.finish().stream().map(ByteBuffer::asCharBuffer).toList();
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw noRoom(path, e);
        }
    }

    private static DataException noRoom(Path path, IOException e) {
        return new DataException(path + ": expected room for its tokens, of two bytes each, in " + System.getProperty("java.io.tmpdir")
                + ". Received: " + FileFailure.reason(e) + ". Name another folder with -Djava.io.tmpdir", e);
    }

    private static long count(List<CharBuffer> tokens) {
        return tokens.stream().mapToLong(CharBuffer::remaining).sum();
    }

    private static TextWindows windows(Path path, List<CharBuffer> tokens, int length) throws DataException {
        try {
            return new TextWindows(tokens, length);
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

    /**
     * The windows of a text to evaluate a model on: for its training text the held-out ones, else all.
     *
     * @param provenance of the model
     * @throws DataException if the text is too short
     */
    public static Examples tested(Path data, TextPreprocessor meaning, Map<String, String> provenance, ReadListener listener)
            throws IOException {
        Vocabulary vocabulary = meaning.vocabulary();
        Set<String> unknown = new LinkedHashSet<>();
        List<CharBuffer> encoded = encoded(data, listener, part -> {
            unknown.addAll(vocabulary.unknown(part));
            return vocabulary.encode(part);
        });
        long all = count(encoded);
        long tested = all;
        if (DataHash.of(data).filter(hash -> hash.equals(provenance.get(TableOrigin.DATA_HASH))).isPresent()) {
            long held = held(all, provenance.getOrDefault(ImageData.VALIDATION_SPLIT, ""));
            listener.onRemark(data + " is the text that the model was trained on" + (held == 0 ? ", so that these numbers are better than"
                    + " those of other texts" : ": the last " + held + " tokens, which were held out then, are taken"));
            tested = held == 0 ? all : held;
        }
        int length = meaning.inputShape().dim(0);
        if (tested <= length) {
            throw new DataException(data + ": expected a text of at least " + (length + 1) + " tokens, as the model sees " + length
                    + ". Received: " + tested);
        }
        TextWindows windows = windows(data, encoded, length).part(all - tested, all);
        if (!unknown.isEmpty()) {
            listener.onRemark(data + ": " + windows.frequency(Vocabulary.UNKNOWN) + " of " + tested
                    + " tokens are not in the vocabulary of the model: " + unknown.stream().limit(MOST_SHOWN).toList()
                    + (unknown.size() > MOST_SHOWN ? " and " + (unknown.size() - MOST_SHOWN) + " more" : ""));
        }
        return windows.forValidation();
    }

    private static long held(long tokens, String share) {
        try {
            return Math.max(0, Math.min(tokens, (long) (tokens * Double.parseDouble(share))));
        } catch (NumberFormatException e) {
            return 0; // the model has no record of the held-out part
        }
    }
}

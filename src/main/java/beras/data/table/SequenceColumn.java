package beras.data.table;

import beras.config.Config;
import beras.data.DataException;
import beras.data.table.RowEncoder.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A column of free text whose words a network reads in their order: each becomes its rank among the most frequent words, from 2 on, or
 * 1 if it is not in the vocabulary; zeros pad the rest. A 1 follows where the text is missing, if any training row had none. Words are
 * those of a {@link TextColumn}; a long text is cut after the first {@code steps} words.
 */
public final class SequenceColumn extends TableColumn {

    /** The number that stands for a word outside the vocabulary. */
    static final int OTHER = 1;

    /** At most so many words have a number each, the most frequent ones. */
    private static final int MOST_WORDS = 20_000;
    /** A word of fewer rows is not in the vocabulary. */
    private static final int FEWEST_ROWS = 2;
    /** The limit of the words that are read of a text. */
    private static final int MOST_STEPS = 400;
    /** The least share of texts that is read as a whole, within that limit. */
    private static final double SHARE_OF_WHOLE = 0.95;

    private final List<String> words;
    private final int steps;
    private final Map<String, Integer> numbers = new HashMap<>();

    /** @param words the most frequent first */
    SequenceColumn(String name, long missing, String note, List<String> words, int steps) {
        super(Type.SEQUENCE, name, missing, note, steps);
        this.words = List.copyOf(words);
        this.steps = steps;
        words.forEach(word -> numbers.put(word, OTHER + 1 + numbers.size()));
        require(!words.isEmpty() && numbers.size() == words.size() && vocabulary() <= 1 << 24, "words must be at least one, and differ",
                words.size());
        require(steps >= 1, "steps must be at least 1", steps);
    }

    /** Statistics of texts: the number of rows of each word, and the lengths in words. */
    static final class Words {

        private final Map<String, Long> rows = new HashMap<>();
        private final TreeMap<Integer, Long> lengths = new TreeMap<>();
        private long texts;

        void add(String text) {
            List<String> words = TextColumn.words(text);
            new HashSet<>(words).forEach(word -> rows.merge(word, 1L, Long::sum));
            lengths.merge(words.size(), 1L, Long::sum);
            texts++;
        }

        private int steps() {
            long shorter = 0;
            for (Map.Entry<Integer, Long> length : lengths.entrySet()) {
                shorter += length.getValue();
                if (shorter >= SHARE_OF_WHOLE * texts) {
                    return Math.min(MOST_STEPS, length.getKey());
                }
            }
            throw new AssertionError(texts);
        }
    }

    static TableColumn learn(ColumnStatistics cells) throws DataException {
        List<String> words = new ArrayList<>();
        ColumnStatistics.mostFrequentFirst(cells.sequences.rows).forEach((word, rows) -> {
            if (words.size() < MOST_WORDS && (rows >= FEWEST_ROWS || words.isEmpty())) {
                words.add(word);
            }
        });
        if (words.isEmpty()) {
            throw cells.noWords();
        }
        return new SequenceColumn(cells.name(), cells.missing, "", words, Math.max(1, cells.sequences.steps()));
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** The words that have a number each, the most frequent first. */
    public List<String> words() {
        return words;
    }

    /** How many words of a text are read, each as a feature. */
    public int steps() {
        return steps;
    }

    /** The count of numbers: one for each word, 1 for other words and 0 for padding. */
    public int vocabulary() {
        return words.size() + OTHER + 1;
    }

    @Override
    public String becomes() {
        return "a sequence of " + steps + " of " + words.size() + " words";
    }

    @Override
    List<String> valueFeatures() {
        return IntStream.rangeClosed(1, steps).mapToObj(step -> name() + " word " + step).toList();
    }

    @Override
    public Input input() {
        return new Input(Set.of(Input.Kind.TEXT), List.of(), "Free text.");
    }

    // --------------------------------------------------------------------------------------------------- encoding

    @Override
    Found encodeValue(Object cell, float[] out, int at) {
        List<String> found = TextColumn.words(RowEncoder.text(cell));
        boolean isKnown = false;
        for (int i = 0; i < Math.min(steps, found.size()); i++) {
            int number = numbers.getOrDefault(found.get(i), OTHER);
            out[at + i] = number;
            isKnown |= number != OTHER;
        }
        return isKnown ? Found.VALUE : Found.UNLISTED;
    }

    // ----------------------------------------------------------------------------------------------------- config

    @Override
    void addSettings(Map<String, Object> settings) {
        settings.put("words", words);
        settings.put("steps", steps);
    }

    static SequenceColumn read(Config config) {
        return new SequenceColumn(config.text("name"), config.whole("missing"), config.text("note"), config.texts("words"),
                config.integer("steps"));
    }
}

package beras.data.table;

import beras.config.Config;
import beras.data.DataException;
import beras.data.table.RowEncoder.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A column of free text: of each of its most frequent words and pairs of words how often it is there times
 * {@code ln((1 + rows) / (1 + rows with it)) + 1}, divided by the Euclidean norm of all (the weights of scikit-learn's
 * {@code TfidfVectorizer}), then a 1 where the text is missing, if any training row had none. A word is a run of letters and digits
 * in lower case.
 */
public final class TextColumn extends TableColumn {

    /** At most so many words and pairs have a feature each, the most frequent ones. */
    private static final int MOST_TERMS = 512;
    /** A longer text is no word. */
    private static final int LONGEST_WORD = 40;
    /** The maximum of words read of a text. */
    private static final int MOST_WORDS = 2000;
    /** The least average number of words of a text; with fewer it is left out as ids are, unless requested. */
    private static final int FEWEST_WORDS = 3;
    /** Text of fewer values is a category. */
    private static final int FEWEST_VALUES = 100;
    /** The least share of distinct values of a text; below it is a category. */
    private static final double SHARE_OF_VALUES = 0.5;
    /** Text whose words matter has in half of its rows so many words at least that other rows have, too. */
    private static final int SHARED_WORDS = 2;

    private final List<String> terms;
    private final List<Double> weights;
    private final Map<String, Integer> places = new HashMap<>();

    /**
     * @param terms   words, and pairs with a space between them, the most frequent first
     * @param weights of these, above 0
     */
    TextColumn(String name, long missing, String note, List<String> terms, List<Double> weights) {
        super(Type.TEXT, name, missing, note, terms.size());
        this.terms = List.copyOf(terms);
        this.weights = List.copyOf(weights);
        terms.forEach(term -> places.put(term, places.size()));
        require(!terms.isEmpty() && places.size() == terms.size() && terms.size() == weights.size(),
                "terms must be at least one, and differ, and have a weight each", terms.size());
        require(weights.stream().allMatch(weight -> weight > 0 && weight <= Float.MAX_VALUE), "weights must be above 0", weights);
    }

    // -------------------------------------------------------------------------------------------------- inference

    /** Whether cells are free text whose words other rows have, too. */
    static boolean fits(ColumnStatistics cells) {
        Map<String, Long> texts = cells.texts();
        return texts.size() >= FEWEST_VALUES && !cells.areNumbers() && cells.meanWords() >= FEWEST_WORDS
                && cells.distinct() >= SHARE_OF_VALUES * cells.present && sharesWords(cells, SHARED_WORDS);
    }

    /** Whether half of the texts at least have so many words that other rows have, too. */
    static boolean sharesWords(ColumnStatistics cells, int least) {
        Map<String, Long> texts = cells.texts();
        Map<String, Long> rows = rowsWith(texts, false);
        long all = 0;
        long sharing = 0;
        for (Map.Entry<String, Long> text : texts.entrySet()) {
            all += text.getValue();
            Set<String> words = new HashSet<>(words(text.getKey()));
            long shared = words.stream().filter(word -> rows.get(word) >= TableOptions.OFTEN).count();
            sharing += shared >= least ? text.getValue() : 0;
        }
        return 2 * sharing >= all && all > 0;
    }

    /** In how many rows each word is, or each pair besides. */
    private static Map<String, Long> rowsWith(Map<String, Long> texts, boolean pairs) {
        Map<String, Long> rows = new TreeMap<>();
        texts.forEach((text, count) -> new HashSet<>(terms(text, pairs)).forEach(term -> rows.merge(term, count, Long::sum)));
        return rows;
    }

    /** The words of a text, and the pairs of words besides. */
    private static List<String> terms(String text, boolean pairs) {
        List<String> terms = words(text);
        int words = terms.size();
        for (int i = 1; pairs && i < words; i++) {
            terms.add(terms.get(i - 1) + " " + terms.get(i));
        }
        return terms;
    }

    static TableColumn learn(ColumnStatistics cells) throws DataException {
        Map<String, Long> texts = cells.texts();
        Map<String, Long> rows = ColumnStatistics.mostFrequentFirst(rowsWith(texts, true));
        long all = texts.values().stream().mapToLong(count -> count).sum();
        List<String> terms = new ArrayList<>();
        List<Double> weights = new ArrayList<>();
        for (Map.Entry<String, Long> term : rows.entrySet()) {
            if (terms.size() == MOST_TERMS || term.getValue() < Math.min(TableOptions.OFTEN, rows.values().iterator().next())) {
                break;
            }
            terms.add(term.getKey());
            weights.add(StrictMath.log((1.0 + all) / (1.0 + term.getValue())) + 1);
        }
        if (terms.isEmpty()) {
            throw cells.noWords();
        }
        long digits = terms.stream().filter(term -> term.chars().noneMatch(Character::isLetter)).count();
        return new TextColumn(cells.name(), cells.missing, 2 * digits < terms.size() ? ""
                : "most of its words are numbers, of which text compares no size: write each number alone, in a column of its own", terms, weights);
    }

    /** The words of a text, in its order. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= text.length() && words.size() < MOST_WORDS; i++) {
            if (i == text.length() || !Character.isLetterOrDigit(text.charAt(i))) {
                if (i > begin && i - begin <= LONGEST_WORD) {
                    words.add(text.substring(begin, i).toLowerCase(Locale.ROOT));
                }
                begin = i + 1;
            }
        }
        return words;
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** The words and pairs that have a feature each, the most frequent first. */
    public List<String> terms() {
        return terms;
    }

    @Override
    public String becomes() {
        return "text: " + terms.size() + (terms.size() == 1 ? " word" : " words and pairs of words");
    }

    @Override
    List<String> valueFeatures() {
        return terms.stream().map(term -> name() + " has \"" + term + "\"").toList();
    }

    @Override
    public Input input() {
        return new Input(Set.of(Input.Kind.TEXT), List.of(), "Free text.");
    }

    // --------------------------------------------------------------------------------------------------- encoding

    @Override
    Found encodeValue(Object cell, float[] out, int at) {
        for (String term : terms(RowEncoder.text(cell), true)) {
            Integer place = places.get(term);
            if (place != null) {
                out[at + place]++;
            }
        }
        double squares = 0;
        for (int i = 0; i < terms.size(); i++) {
            double weighted = out[at + i] * weights.get(i);
            squares += weighted * weighted;
        }
        if (squares == 0) {
            return Found.UNLISTED;
        }
        double norm = Math.sqrt(squares);
        for (int i = 0; i < terms.size(); i++) {
            out[at + i] = (float) (out[at + i] * weights.get(i) / norm);
        }
        return Found.VALUE;
    }

    // ----------------------------------------------------------------------------------------------------- config

    @Override
    void addSettings(Map<String, Object> settings) {
        settings.put("terms", terms);
        settings.put("weights", weights);
    }

    static TextColumn read(Config config) {
        return new TextColumn(config.text("name"), config.whole("missing"), config.text("note"), config.texts("terms"),
                config.numbers("weights"));
    }
}

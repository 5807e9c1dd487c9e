package beras.data.table;

import beras.config.Config;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.table.RowEncoder.CellException;
import beras.data.table.RowEncoder.Found;
import beras.feed.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A column of texts: a 1 at the value's place, then one for all other values, if any training row had such, then one for
 * a missing value, likewise.
 *
 * <p>What no training row had (an unknown value where none was rare, a missing one where none was missing) is all zeros:
 * a place of its own would be one that training never saw, with weights as random as at the start.
 *
 * <p>Values are found by all spellings that are one value, see {@link Spellings}; in older model files by one. Where no value says
 * otherwise, {@code TRUE} and {@code True} are {@code true}, likewise false, and {@code 501} is the
 * code {@code 00501}.
 */
public final class CategoryColumn extends TableColumn {

    private static final String SPELLINGS = "spellings";
    private static final String OTHERS = "(others)";
    private static final int MOST_EXAMPLES = 10;
    /** At most so many values are listed in an error. */
    private static final int LISTED = 20;
    /** A column of which such a share of the values differ looks like an id. */
    private static final double SHARE_OF_IDS = 0.9;
    /** So many values that look like ids may be categories all the same. */
    private static final int MOST_IDS = 100;
    private static final String ID = "id";
    /** The last word in the name of a column of codes. */
    private static final Set<String> NAMES_OF_CODES = Set.of(ID, "code", "codes", "zip", "zipcode", "postcode", "plz", "fips");
    /** Values of so many words on average are text. */
    private static final int WORDS_OF_TEXT = 6;

    private final List<String> values;
    private final long others;
    private final Spellings spellings;
    private final Map<String, Integer> places = new HashMap<>();

    /**
     * Values with the spellings of {@link Spellings#WORDS}.
     *
     * @param values the most frequent ones, in the order of their text
     * @param others how many training rows have another value
     * @throws IllegalArgumentException if a value is there twice or a number is below 0
     */
    public CategoryColumn(String name, long missing, String note, List<String> values, long others) {
        this(name, missing, note, values, others, Spellings.WORDS);
    }

    /**
     * Values with such spellings.
     *
     * @param values    the most frequent ones, in the order of their text
     * @param others    how many training rows have another value
     * @param spellings which are one value
     * @throws IllegalArgumentException if a value is there twice or a number is below 0
     */
    public CategoryColumn(String name, long missing, String note, List<String> values, long others, Spellings spellings) {
        super(Type.CATEGORY, name, missing, note, values.size() + (others > 0 ? 1 : 0));
        this.values = List.copyOf(values);
        this.others = others;
        this.spellings = spellings;
        for (String value : values) {
            places.put(value, places.size());
        }
        require(!values.isEmpty() && places.size() == values.size(), "values must be at least one, and differ", values);
        require(others >= 0, "others must be at least 0", others);
        for (int i = 0; i < values.size(); i++) {
            places.putIfAbsent(unified(values.get(i)), i);
            places.putIfAbsent(withoutZeros(values.get(i)), i);
        }
        spellings.addKeys(places);
    }

    /** The spelling that stands for all those of true and false. */
    static String unified(String value) {
        return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false") ? value.toLowerCase(Locale.ROOT) : value;
    }

    /** A code as programs spoil it that take it for a number; a text that is none stays what it is. */
    private static String withoutZeros(String value) {
        return value.startsWith("0") && value.matches("[0-9]+") ? value.replaceFirst("^0+(?=.)", "") : value;
    }

    // -------------------------------------------------------------------------------------------------- inference

    /** Why numbers are codes, not amounts; empty if they are not. */
    static String codes(SeenColumn seen) {
        ColumnTally cells = seen.tally();
        String word = lastWord(seen.name());
        boolean zeros = cells.haveLeadingZeros();
        if (!zeros && !(cells.isMostly(cells.codes()) && NAMES_OF_CODES.contains(word))) {
            return "";
        }
        // If there are too many for a category, as numbers they may say something; only ids say nothing.
        if (!word.equals(ID) && (cells.isUncounted() || areLikeIds(seen))) {
            return "";
        }
        return "the numbers are taken for codes, as "
                + (zeros ? "some begin with 0, such as " + CsvRows.shown(cells.firstLedByZero()) : "the name of the column says");
    }

    /** In lower case: {@code id} of {@code userId}, {@code user_id} and {@code User ID}. */
    private static String lastWord(String name) {
        String[] words = name.split("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})");
        return words.length == 0 ? "" : words[words.length - 1].toLowerCase(Locale.ROOT);
    }

    private static boolean areLikeIds(SeenColumn seen) {
        return seen.rows() >= SeenColumn.FEW_ROWS && seen.tally().distinct() >= SHARE_OF_IDS * seen.tally().present();
    }

    static TableColumn learn(SeenColumn seen) throws DataException {
        ColumnTally cells = seen.tally();
        boolean asked = seen.asked() == Type.CATEGORY;
        String codes = !asked && NumericColumn.areNumbers(cells) ? codes(seen) : "";
        String spelt = cells.unifySpellings(seen.options().spellings());
        boolean isMixed = !asked && codes.isEmpty() && cells.numbers().count() > 0;
        String doubt = isMixed ? cells.numbers().count() + " of " + cells.present() + " values are numbers"
                + cells.unit().filter(unit -> !unit.symbol().isEmpty()).map(unit -> " in " + unit.symbol()).orElse("") + ", but not "
                + cells.numbers().firstOther().shown() + ": " + seen.typed(Type.NUMERIC) + " takes such for missing" : codes;
        boolean text = cells.meanWords() >= WORDS_OF_TEXT;
        if (cells.isUncounted()) {
            if (asked) {
                throw seen.table().error("column " + (seen.place() + 1) + " (" + seen.name()
                        + "): too many different values for a category,"
                        + " of which at most " + ColumnTally.MOST_DISTINCT + " are counted, of at most "
                        + ColumnTally.MOST_CHARACTERS + " characters together. Remove it");
            }
            return seen.ignored(SeenColumn.joined("there are too many different values, as of " + (text ? "free text" : "ids"), doubt));
        }
        if (cells.distinct() == 1 && cells.missing() == 0) {
            return seen.constant();
        }
        boolean likeIds = !asked && areLikeIds(seen);
        String ids = likeIds ? cells.distinct() + " of " + cells.present() + " values differ, as those of "
                + (text ? "free text" : "ids") + " do" : "";
        boolean surely = text || lastWord(seen.name()).equals(ID) || cells.distinct()
                > Math.min(MOST_IDS, seen.options().maxCategories());
        if (likeIds && surely) {
            return seen.ignored(SeenColumn.joined(ids, doubt));
        }
        List<String> all = cells.values();
        int listed = Math.min(all.size(), seen.options().maxCategories());
        while (listed > TableOptions.ALWAYS_LISTED && cells.count(all.get(listed - 1)) < TableOptions.OFTEN) {
            listed--;
        }
        List<String> frequent = all.subList(0, listed);
        long others = cells.present() - frequent.stream().mapToLong(cells::count).sum();
        return new CategoryColumn(seen.name(), cells.missing(), SeenColumn.joined(SeenColumn.joined(SeenColumn.joined(ids, doubt), spelt),
                SeenColumn.doubtfulMark(cells)), frequent.stream().sorted().toList(), others, seen.options().spellings());
    }

    @Override
    String contents(ColumnTally cells) {
        return others > 0 ? values.size() + " values have a feature each, the others share one" : "";
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** The most frequent values, in the order of their text. */
    public List<String> values() {
        return values;
    }

    /** {@inheritDoc} */
    @Override
    public long others() {
        return others;
    }

    @Override
    List<String> valueFeatures() {
        List<String> features = new ArrayList<>();
        values.forEach(value -> features.add(name() + " = " + value));
        if (others > 0) {
            features.add(name() + " is another");
        }
        return features;
    }

    @Override
    public String noun() {
        return "category";
    }

    @Override
    public String ifMissing() {
        return isFlagged() ? "treated as a category" : "treated as unknown";
    }

    @Override
    public Input input() {
        return new Input(Set.of(Input.Kind.values()), values.subList(0, Math.min(MOST_EXAMPLES, values.size())), "A category.");
    }

    @Override
    public List<Level> levels(Rows rows, int most) {
        return frequent(others > 0 ? Stream.concat(values.stream(), Stream.of(OTHERS)).toList() : values, rows, most);
    }

    // --------------------------------------------------------------------------------------------------- encoding

    @Override
    Found encodeValue(Object cell, boolean strict, float[] out, int at) throws CellException {
        Integer own = places.get(cell.toString());
        if (own == null) {
            String text = RowEncoder.text(cell);
            own = places.get(unified(text));
            own = own == null && spellings != Spellings.EXACT ? places.get(spellings.key(text)) : own;
        }
        if (own != null) {
            out[at + own] = 1f;
            return Found.VALUE;
        }
        if (strict) {
            throw new CellException("a value that the model lists, one of " + Table.listed(values, LISTED));
        }
        if (others > 0) {
            out[at + values.size()] = 1f;
        }
        return Found.UNLISTED;
    }

    @Override
    Encoding.Source source(MissingMarks marks) {
        Map<String, Integer> all = new HashMap<>();
        for (String flag : List.of("true", "false")) {
            if (places.containsKey(flag)) {
                spellings(flag).forEach(spelling -> all.put(spelling, places.get(flag)));
            }
        }
        all.putAll(places);
        for (int i = 0; i < values.size() && spellings != Spellings.EXACT; i++) {
            for (String spelling : Spellings.usual(values.get(i))) {
                if (Integer.valueOf(i).equals(places.get(spellings.key(spelling)))) {
                    all.putIfAbsent(spelling, i);
                }
            }
        }
        Set<String> missing = new HashSet<>(marks.others());
        missing.addAll(marks.hasUsual() ? Table.MISSING : Set.of(""));
        missing.forEach(mark -> all.put(mark, isFlagged() ? width() - 1 : -1));
        return new Encoding.Texts(name(), all, others > 0 ? values.size() : -1, width());
    }

    /** A word in all mixtures of capital and small letters. */
    private static List<String> spellings(String word) {
        List<String> spellings = List.of("");
        for (char letter : word.toCharArray()) {
            spellings = spellings.stream().flatMap(begun -> Stream.of(begun + letter, begun + Character.toUpperCase(letter)))
                    .toList();
        }
        return spellings;
    }

    // ----------------------------------------------------------------------------------------------------- config

    @Override
    void addSettings(Map<String, Object> settings) {
        settings.put("values", values);
        settings.put("others", others);
        settings.put(SPELLINGS, spellings == Spellings.EXACT ? null : spellings.name());
    }

    static CategoryColumn read(Config config) {
        return new CategoryColumn(config.text("name"), config.whole("missing"), config.text("note"),
                config.texts("values"), config.whole("others"), spellingsOf(config));
    }

    private static Spellings spellingsOf(Config config) {
        String name = config.has(SPELLINGS) ? config.text(SPELLINGS) : Spellings.EXACT.name();
        return Arrays.stream(Spellings.values()).filter(mode -> mode.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(SPELLINGS + " must be one of " + Arrays.toString(Spellings.values())
                        + ". Received: " + name));
    }
}

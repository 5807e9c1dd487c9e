package beras.data.table;

import beras.config.Config;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.RowEncoder.Found;
import beras.data.table.values.HashedValues;
import beras.prediction.Encoding;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A column of texts: a 1 at the value's place, then one for all other values, if any training row had such, then one for
 * a missing value, likewise. Before these are the means of the target for the value, if {@link TargetMeans} made such. Where
 * values are too many to be counted, buckets of their {@linkplain HashedValues#hash hash} take their place.
 *
 * <p>A value that no training row had (an unknown value where none was rare, a missing one where none was missing) is all
 * zeros: its feature would never be trained, with weights as random as at the start.
 *
 * <p>Values are found by all spellings that are one value, see {@link Spellings}; in older model files by one. Unless listed as
 * values, {@code TRUE} and {@code True} are {@code true}, likewise false, and a number is found in any notation: {@code 1.0} is
 * {@code 1}, and {@code 501} is the code {@code 00501}. Values of many buckets are found by one spelling alone.
 */
public final class CategoryColumn extends TableColumn {

    private static final String SPELLINGS = "spellings";
    /** At most so many values are listed in an error. */
    private static final int LISTED = 20;
    /** The share of distinct values from which on a column looks like an id. */
    private static final double SHARE_OF_IDS = 0.9;
    /** The share of distinct values from which on a column looks like an id if they are too many to be counted. */
    private static final double MOST_HASHED = 0.5;
    /** So many values that look like ids may be categories all the same. */
    private static final int MOST_IDS = 100;
    private static final String ID = "id";
    /** The last word in the name of a column of codes. */
    private static final Set<String> NAMES_OF_CODES = Set.of(ID, "code", "codes", "zip", "zipcode", "postcode", "plz", "fips");
    /** Values of so many words on average are text. */
    private static final int WORDS_OF_TEXT = 6;

    private final List<String> values;
    private final long others;
    private final int buckets; // of hashed values; 0: values are as they are
    private final List<String> rare; // values that have means alone
    private final List<Double> means; // of values, then rare ones
    private final float[] numbers; // these means
    private final int outputs; // how many means a value has
    private final Spellings spellings;
    private final Map<String, Integer> places = new HashMap<>(); // of values, then rare ones
    private final Set<String> sharedNumbers; // that several values are, so that no other spelling means one of them

    /**
     * Values with the spellings of {@link Spellings#WORDS}, without means of the target.
     *
     * @param values the most frequent ones, in the order of their text
     * @param others how many training rows have another value
     * @throws IllegalArgumentException if a value is there twice or a number is below 0
     */
    public CategoryColumn(String name, long missing, String note, List<String> values, long others) {
        this(name, missing, note, values, others, Spellings.WORDS, 0, List.of(), List.of());
    }

    /**
     * @param buckets into so many values are hashed, a power of two, and {@code values} stand for these; 0: they are not
     * @param rare    values besides that have means of the target, in the order of their text
     * @param means   the target encoding of each value, then of each rare one, equally many numbers each; may be empty
     */
    CategoryColumn(String name, long missing, String note, List<String> values, long others, Spellings spellings, int buckets,
            List<String> rare, List<Double> means) {
        super(Type.CATEGORY, name, missing, note, outputs(values, rare, means) + values.size() + (others > 0 ? 1 : 0));
        this.values = List.copyOf(values);
        this.others = others;
        this.spellings = spellings;
        this.buckets = buckets;
        this.rare = List.copyOf(rare);
        this.means = List.copyOf(means);
        this.outputs = outputs(values, rare, means);
        this.numbers = new float[means.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = means.get(i).floatValue();
            require(Float.isFinite(numbers[i]), "means must be finite", means.get(i));
        }
        values.forEach(value -> places.put(value, places.size()));
        rare.forEach(value -> places.put(value, places.size()));
        int known = values.size() + rare.size();
        require(!values.isEmpty() && places.size() == known, "values must be at least one, and differ", values);
        require(others >= 0, "others must be at least 0", others);
        require(buckets >= 0 && (buckets & buckets - 1) == 0, "buckets must be 0 or a power of two", buckets);
        require(outputs * known == means.size() && (outputs > 0 || rare.isEmpty()), "means must be equally many of each value",
                means.size());
        for (int i = 0; i < known; i++) {
            places.putIfAbsent(unified(value(i)), i);
        }
        this.sharedNumbers = Spellings.addKeys(places, Decimal::canonical);
        Spellings.addKeys(places, spellings::key);
    }

    private static int outputs(List<String> values, List<String> rare, List<Double> means) {
        return means.size() / Math.max(1, values.size() + rare.size());
    }

    /** The same column with means of the target, where {@code shared} training rows have another value than the listed ones. */
    CategoryColumn withMeans(List<String> listed, long shared, List<String> others, List<Double> means) {
        return new CategoryColumn(name(), missing(), note(), listed, shared, spellings, buckets, others, means);
    }

    /** The canonical spelling of true and false. */
    static String unified(String value) {
        return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false") ? value.toLowerCase(Locale.ROOT) : value;
    }

    // -------------------------------------------------------------------------------------------------- inference

    /** Why numbers are codes and have no size; empty if they are not. */
    static String codes(ColumnStatistics cells) {
        String word = lastWord(cells);
        boolean zeros = cells.haveLeadingZeros();
        if (!zeros && !(cells.isMostly(cells.codes) && NAMES_OF_CODES.contains(word))) {
            return "";
        }
        // Numbers that are too many for a category may be informative as numbers; only ids are not.
        if (!word.equals(ID) && (cells.isUncounted() || areLikeIds(cells))) {
            return "";
        }
        return "the numbers are taken for codes, as "
                + (zeros ? "some begin with 0, such as " + CsvRows.shown(cells.firstLedByZero) : "their column is named so");
    }

    private static String lastWord(ColumnStatistics cells) {
        List<String> words = cells.wordsOfName();
        return words.get(words.size() - 1);
    }

    private static boolean areLikeIds(ColumnStatistics cells) {
        return cells.rows() >= ColumnStatistics.FEW_ROWS && cells.distinct() >= SHARE_OF_IDS * cells.present;
    }

    static TableColumn learn(ColumnStatistics cells) throws DataException {
        boolean asked = cells.asked() == Type.CATEGORY;
        String codes = !asked && cells.areNumbers() ? codes(cells) : "";
        String spelt = cells.unifySpellings();
        String doubt = !asked && codes.isEmpty() ? someNumbers(cells) : codes;
        boolean text = cells.meanWords() >= WORDS_OF_TEXT;
        if (cells.isUncounted() && !asked && (cells.buckets() == 0 || cells.distinct() > MOST_HASHED * cells.present)) {
            String many = "there are too many different values, as of " + (text ? "free text" : "ids");
            return leftOut(cells, ColumnStatistics.joined(many, doubt));
        }
        if (!cells.isUncounted() && cells.distinct() == 1 && cells.missing == 0) {
            return cells.constant();
        }
        boolean likeIds = !asked && areLikeIds(cells);
        String ids = likeIds ? cells.distinct() + " of " + cells.present + " values differ, as those of "
                + (text ? "free text" : "ids") + " do" : "";
        boolean surely = text || lastWord(cells).equals(ID) || cells.distinct()
                > Math.min(MOST_IDS, cells.options.maxCategories());
        if (likeIds && surely) {
            return leftOut(cells, ColumnStatistics.joined(ids, doubt));
        }
        Map<String, Long> frequencies = cells.frequencies();
        List<String> frequent = listed(frequencies, cells.options.maxCategories());
        long others = cells.present - frequent.stream().mapToLong(frequencies::get).sum();
        String hashed = cells.buckets() == 0 ? ""
                : "about " + cells.distinct() + " different values are hashed to " + cells.buckets();
        String note = ColumnStatistics.joined(hashed, ids, doubt, spelt, cells.doubtfulMark());
        return new CategoryColumn(cells.name(), cells.missing, note, frequent, others,
                cells.buckets() == 0 ? cells.options.spellings : Spellings.EXACT, cells.buckets(), List.of(), List.of());
    }

    /** The column, left out, with the option that takes its words, if rows share such. */
    private static TableColumn leftOut(ColumnStatistics cells, String why) {
        return cells.ignored(TextColumn.sharesWords(cells, 1) ? why + "; " + cells.typed(Type.TEXT) + " takes its words" : why);
    }

    /** That some values are numbers, in a sentence that names the option which loses none of them, if there is one. */
    private static String someNumbers(ColumnStatistics cells) {
        if (!cells.form.several().isEmpty()) {
            return "the numbers have different words behind them, " + cells.form.several()
                    + ": write them in one unit, or write the words in a column of their own";
        }
        if (cells.numbers.count == 0) {
            boolean many = cells.isMostly(cells.garbled) && (cells.isUncounted() || cells.distinct() > TableOptions.ALWAYS_LISTED);
            return !many ? "" : "values such as " + cells.firstGarbled.shown() + " begin with a number but are none: they are taken"
                    + " as they are written, so write numbers alone to compare their size";
        }
        String some = cells.numbers.count + " of " + cells.present + " values are numbers"
                + (cells.form.unit().isEmpty() ? "" : " in " + cells.form.unit()) + ", but not " + cells.numbers.firstOther.shown();
        // So few that others are mistakes begin with a digit, but are no numbers.
        return cells.garbled <= ColumnStatistics.SHARE_OF_MISTAKES * cells.present ? some + ": " + cells.typed(Type.NUMERIC)
                + " takes such for missing" : some + ", which has digits, too: write the numbers alone, with one decimal mark";
    }

    /**
     * The values that have a feature each, in the order of their text.
     *
     * @param frequencies of values, the most frequent first
     * @param most        how many values may have one
     */
    static List<String> listed(Map<String, Long> frequencies, int most) {
        List<String> listed = new ArrayList<>();
        for (Map.Entry<String, Long> each : frequencies.entrySet()) {
            if (listed.size() == most || listed.size() >= TableOptions.ALWAYS_LISTED && each.getValue() < TableOptions.OFTEN) {
                break;
            }
            listed.add(each.getKey());
        }
        listed.sort(null);
        return listed;
    }

    /** Whether values have means of the target. */
    boolean hasMeans() {
        return outputs > 0;
    }

    /** Whether there are so many values that target encoding is used. */
    boolean hasMany() {
        return values.size() + (others > 0 ? 1 : 0) > TableOptions.ALWAYS_LISTED;
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** The most frequent values, in the order of their text. */
    public List<String> values() {
        return values;
    }

    @Override
    public long others() {
        return others;
    }

    /** Into how many buckets values are hashed, for which {@link #values} stand; 0 if they are not. */
    public int buckets() {
        return buckets;
    }

    private static String becomes(int listed) {
        return "a feature each of the " + listed + " most frequent, and the mean of the target";
    }

    /** The description of the features that target encoding will add. */
    String becomesWithMeans(TableOptions options) {
        return becomes(Math.min(values.size(), options.categoriesBesideMeans()));
    }

    @Override
    public String becomes() {
        return outputs == 0 ? "" : becomes(values.size());
    }

    @Override
    List<String> valueFeatures() {
        List<String> features = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            features.add(name() + " target mean" + (outputs == 1 ? "" : " " + (i + 1)));
        }
        values.forEach(value -> features.add(name() + " = " + value));
        if (others > 0) {
            features.add(name() + " is another");
        }
        return features;
    }

    @Override
    public String ifMissing() {
        return isFlagged() ? "treated as a category" : "treated as unknown";
    }

    @Override
    public Input input() {
        return new Input(Set.of(Input.Kind.values()), values, "A category.");
    }

    @Override
    public List<Level> levels(Tensor rows, int most) {
        return frequent(outputs, values, rows, most);
    }

    // --------------------------------------------------------------------------------------------------- encoding

    @Override
    Found encodeValue(Object cell, float[] out, int at) {
        Integer own = place(RowEncoder.text(cell));
        if (own != null) {
            System.arraycopy(numbers, own * outputs, out, at, outputs);
            if (own < values.size()) {
                out[at + outputs + own] = 1f;
                return Found.VALUE;
            }
        }
        if (others > 0) {
            out[at + outputs + values.size()] = 1f;
        }
        return buckets > 0 ? Found.VALUE : own != null ? Found.RARE : Found.UNLISTED;
    }

    @Override
    String listed() {
        return "a value that the model lists, one of " + Table.listed(values, LISTED);
    }

    private Integer place(String text) {
        if (buckets > 0) {
            return places.get(key(text));
        }
        Integer own = places.get(text);
        own = own == null ? places.get(unified(text)) : own;
        own = own == null ? places.get(spellings.key(text)) : own;
        if (own != null) {
            return own;
        }
        String number = Decimal.canonical(text);
        return sharedNumbers.contains(number) ? null : places.get(number);
    }

    /** The key of a text among the known values. */
    String key(String text) {
        if (buckets > 0) {
            return HashedValues.name(HashedValues.bucket(text, buckets));
        }
        Integer own = spellings == Spellings.EXACT ? null : place(text);
        return own == null ? spellings.key(unified(text)) : value(own);
    }

    private String value(int place) {
        return place < values.size() ? values.get(place) : rare.get(place - values.size());
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
        for (int i = 0; i < values.size() + rare.size(); i++) {
            for (String spelling : spellings == Spellings.EXACT ? List.<String>of() : Spellings.usual(value(i))) {
                if (Integer.valueOf(i).equals(places.get(spellings.key(spelling)))) {
                    all.putIfAbsent(spelling, i);
                }
            }
            String point = Decimal.canonical(value(i)) + ".0"; // as programs write whole numbers that take them for fractions
            if (Integer.valueOf(i).equals(place(point))) {
                all.putIfAbsent(point, i);
            }
        }
        Set<String> missing = new HashSet<>(marks.others());
        missing.addAll(marks.hasUsual() ? Table.MISSING : Set.of(""));
        missing.forEach(all::remove);
        if (buckets > 0) {
            return new Encoding.OtherTexts(name(), "hashes texts");
        }
        int shared = others > 0 ? values.size() : -1;
        Map<String, List<Float>> numbers = new HashMap<>();
        if (outputs > 0) {
            all.forEach((value, own) -> numbers.put(value,
                    means.subList(own * outputs, (own + 1) * outputs).stream().map(Double::floatValue).toList()));
        }
        all.replaceAll((value, own) -> own < values.size() ? own : shared);
        missing.forEach(mark -> all.put(mark, isFlagged() ? width() - outputs - 1 : -1));
        return new Encoding.Texts(name(), numbers, all, shared, width() - outputs);
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
        settings.put("buckets", buckets == 0 ? null : buckets);
        settings.put("rare", outputs == 0 ? null : rare);
        settings.put("means", outputs == 0 ? null : means);
    }

    static CategoryColumn read(Config config) {
        return new CategoryColumn(config.text("name"), config.whole("missing"), config.text("note"), config.texts("values"), config.whole("others"),
                config.has(SPELLINGS) ? named(SPELLINGS + " must be", config.text(SPELLINGS), Spellings.values()) : Spellings.EXACT,
                config.has("buckets") ? Math.toIntExact(config.whole("buckets")) : 0,
                config.has("rare") ? config.texts("rare") : List.of(), config.has("means") ? config.numbers("means") : List.of());
    }
}

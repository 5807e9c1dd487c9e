package beras.data.table;

import beras.config.ProposedSetting;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.Table.Place;
import beras.data.table.TableColumn.Type;
import beras.data.table.values.DateText;
import beras.data.table.values.HashedValues;
import beras.data.table.values.NumberCounts;
import beras.data.table.values.NumberSample;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Statistics of a column's cells, from which a {@link TableColumn} learns: one pass, in memory that does not grow with the
 * rows.
 */
class ColumnStatistics {

    /** More different values than this are not counted one by one. */
    static final int MOST_DISTINCT = 10_000;

    /** As many different values as may be counted have so many characters each on average, or they are too many, too. */
    private static final int CHARACTERS_EACH = 105;
    /** Values that are longer in total are not counted. */
    static final int MOST_CHARACTERS = MOST_DISTINCT * CHARACTERS_EACH;

    /** The largest share of other cells in a column of numbers; these count as missing. */
    static final double SHARE_OF_MISTAKES = 0.05;
    /** In fewer rows nothing is a mistake, or looks like an id, or like a value that is none. */
    static final int FEW_ROWS = 20;
    private static final int EXAMPLES = 3;
    /** So many cells behind, dates are given up. */
    private static final int HOPELESS = 100;
    /** The least share of values beginning with 0 in a column of digits that are codes. */
    private static final double SHARE_OF_ZEROS = 0.01;
    /** The least number of buckets for hashed values; fewer would not be informative. */
    private static final int FEWEST_BUCKETS = 1 << 10;

    /** The names that pandas, readr and Spark give to a first column without a name. */
    private static final Set<String> UNNAMED = Set.of("Unnamed: 0", "...1", "_c0");

    static final String COUNTS_AS_MISSING =
            " counts as missing: if it is a value, give the marks of missing values with `missing only:`";

    final Table table;
    final int place; // in the table
    final TableOptions options;
    private final boolean isFeature; // else no dates are looked for, and all that is no number may be a value
    private final int mostDistinct;
    private final int buckets; // of hashed values; 0: they are never hashed
    private final boolean digitsMayBeDates; // whether any number that may be a date is looked at as one, such as 2024
    private final List<Table.Row> head;
    final NumberForm form; // how numbers are written
    final NumberStatistics numbers; // statistics of the cells as numbers
    DateStatistics dates; // statistics of the cells as dates; null: given up, as hardly any is one
    final SequenceColumn.Words sequences; // null: not asked for
    long missing; // cells without a value
    long present; // cells with a value
    String first; // that has a value; null if there is none
    private HashMap<String, long[]> counts = new HashMap<>(); // null: there are too many
    private HashedValues hashed; // null: they are few enough to count, or not hashed either
    private long characters;
    private final TreeMap<String, long[]> marks = new TreeMap<>(); // usual ones of missing values, and how often they are there
    private final TreeMap<String, Long> words = new TreeMap<>(); // in place of numbers or dates, and how often they are there
    long unknown; // cells that mark an unknown value by a word, by MissingMarks.isWord
    long codes; // cells that are nothing but digits
    private long codesLedByZero;
    String firstLedByZero; // and has more digits; null: none
    long garbled; // cells that begin with a digit, but are no numbers
    Place firstGarbled; // null: none
    private double plain; // the last cell, with a decimal point; NaN: no number
    private double value; // likewise, as numbers are written here
    private boolean typed; // whether numbers have a point though texts have a comma
    private Map<String, Long> texts; // null: not computed yet
    int bins = TableOptions.BINS; // that the code of numbers has at most

    /** The statistics of a target, or of weights. */
    ColumnStatistics(Table table, int place, TableOptions options) throws DataException {
        this(table, place, options, MOST_DISTINCT, 0);
    }

    /**
     * @param mostDistinct more distinct values than this are not counted, unless a category is requested
     * @param sampled      the maximum of numbers kept, see {@link NumberSample}; 0: the column is no feature
     */
    ColumnStatistics(Table table, int place, TableOptions options, int mostDistinct, int sampled) throws DataException {
        this.table = table;
        this.place = place;
        this.options = options;
        this.isFeature = sampled > 0;
        this.mostDistinct = areTextsAsked() ? MOST_DISTINCT : mostDistinct;
        int power = Integer.highestOneBit(this.mostDistinct);
        this.buckets = isFeature && power >= FEWEST_BUCKETS ? power : 0; // labels are needed as they are
        this.digitsMayBeDates = asked() == Type.DATE || asked() == Type.DAYFIRST || asked() == Type.MONTHFIRST;
        this.head = table.head();
        this.form = NumberForm.of(table, place, isFeature && !areTextsAsked(), asked() == Type.NUMERIC);
        this.numbers = new NumberStatistics(sampled);
        this.dates = isFeature ? new DateStatistics(asked()) : null;
        this.sequences = asked() == Type.SEQUENCE ? new SequenceColumn.Words() : null;
    }

    private boolean areTextsAsked() {
        return asked() == Type.CATEGORY || asked() == Type.LIST || asked() == Type.TEXT || asked() == Type.SEQUENCE;
    }

    String name() {
        return table.columns().get(place);
    }

    /** The type that somebody gave the column; null: nobody did. */
    Type asked() {
        return options.types.get(name());
    }

    /** Whether a column has no name: in the file, or in the table from which pandas or Spark wrote it. */
    static boolean isUnnamed(Table table, int place) {
        return table.isNameless(place) || place == 0 && UNNAMED.contains(table.columns().get(0));
    }

    // ---------------------------------------------------------------------------------------------------- counting

    /** Takes in the cell of the table's current row. */
    void add() {
        String cell = table.cell(place);
        plain = Double.NaN;
        value = Double.NaN;
        if (table.isMissing(cell)) {
            missing++;
            countMark(cell);
            return;
        }
        first = present++ == 0 ? cell : first;
        if (sequences != null) {
            sequences.add(cell);
        }
        countValue(cell);
        plain = Decimal.parse(cell, false);
        if (isFeature && Double.isNaN(plain) && table.missing().isWord(cell)) {
            words.merge(cell, 1L, Long::sum);
            unknown++;
            return;
        }
        if (dates != null) {
            dates.add(Double.isNaN(plain) || digitsMayBeDates ? DateText.parse(cell) : DateText.ofDigits(cell), table, place);
            long others = present - unknown - dates.count();
            dates = others >= HOPELESS && others > dates.count() && !digitsMayBeDates ? null : dates;
        }
        if (!Double.isNaN(plain)) {
            countCode(cell);
        }
        boolean isTyped = form.comma() && table.isNumber(place);
        typed |= isTyped;
        value = form.comma() || Double.isNaN(plain) ? form.parse(cell, isTyped) : plain;
        numbers.add(value, table, place);
        if (Double.isNaN(value) && Character.isDigit(cell.charAt(0))) {
            garbled++;
            firstGarbled = firstGarbled == null ? new Place(table.line(), cell) : firstGarbled;
        }
    }

    /** The contribution of the latest cell to the hash of its row: for a number its bits, in any notation. */
    long bits() {
        if (!Double.isNaN(plain)) {
            return Double.doubleToRawLongBits(plain + 0.0); // of both zeros the positive one
        }
        String cell = table.cell(place);
        return table.isMissing(cell) ? 0 : cell.hashCode();
    }

    /** Samples the number that was taken in last, of a row of this {@link NumberSample#level}. */
    void sample(byte level) {
        if (Double.isFinite(value)) {
            numbers.sample.add(value, level);
        }
    }

    /** Counts a cell with a usual mark of a missing value that is a word, and so may be a value. */
    void countMark(String cell) {
        if (!cell.isEmpty() && Table.MISSING.contains(cell) && cell.chars().allMatch(Character::isLetter)) {
            marks.computeIfAbsent(cell, mark -> new long[1])[0]++;
        }
    }

    private void countValue(String cell) {
        if (hashed != null) {
            hashed.add(cell, 1);
        }
        if (counts == null) {
            return;
        }
        long[] count = counts.get(cell);
        if (count != null) {
            count[0]++;
            return;
        }
        characters += cell.length();
        if (counts.size() < mostDistinct && characters <= (long) mostDistinct * CHARACTERS_EACH) {
            counts.put(cell, new long[] {1});
            return;
        }
        if (buckets > 0 && (areTextsAsked() || areTexts())) {
            hashed = new HashedValues(buckets);
            counts.forEach((value, times) -> hashed.add(value, times[0]));
            hashed.add(cell, 1);
        }
        counts = null;
    }

    /** Whether most values are neither numbers nor dates: their frequencies are not needed. */
    private boolean areTexts() {
        return 2 * numbers.count < present && (dates == null || 2 * dates.count() < present);
    }

    private void countCode(String cell) {
        if (!Decimal.isDigits(cell, 0, cell.length())) {
            return;
        }
        codes++;
        if (cell.length() > 1 && cell.charAt(0) == '0') {
            firstLedByZero = codesLedByZero++ == 0 ? cell : firstLedByZero;
        }
    }

    // ------------------------------------------------------------------------------------------------------- facts

    /** How often each number is there, or each of a sample if more differ than values are counted; there are two at least. */
    NumberCounts numberCounts() {
        NumberCounts each = counts == null || typed ? NumberCounts.of(numbers.sample.values()) : countedNumbers();
        // Fewer than two are different where almost all rows are equal.
        return each.values().length > 1 ? each : each.and(numbers.min, numbers.max);
    }

    private NumberCounts countedNumbers() {
        TreeMap<Double, Long> times = new TreeMap<>();
        counts.forEach((cell, count) -> {
            double number = form.parse(cell, false);
            if (Double.isFinite(number)) {
                NumberCounts.add(times, number, count[0]);
            }
        });
        return NumberCounts.of(times);
    }

    long rows() {
        return present + missing;
    }

    /** The number of values not of a kind, without words for an unknown value. */
    long others(long ofKind) {
        return present - unknown - ofKind;
    }

    /** Whether so many of the values are of a kind that the others are mistakes. */
    boolean isMostly(long ofKind) {
        long others = others(ofKind);
        return others == 0 || present >= FEW_ROWS && others <= SHARE_OF_MISTAKES * present;
    }

    /** Whether cells are numbers, or all but a few. */
    boolean areNumbers() {
        return unknown < present && (!numbers.hasTexts || isMostly(numbers.count));
    }

    /** Whether they are whole numbers of which many begin with 0, as codes do. */
    boolean haveLeadingZeros() {
        return isMostly(codes) && codesLedByZero > 0 && codesLedByZero >= SHARE_OF_ZEROS * present;
    }

    /** How many words a cell of the first rows has on average. */
    long meanWords() {
        List<String> cells = head.stream().map(row -> row.cells()[place]).filter(cell -> !table.isMissing(cell)).toList();
        return cells.stream().mapToLong(cell -> cell.strip().split(" +").length).sum() / Math.max(1, cells.size());
    }

    /** Whether there are more different values than are counted one by one, or longer ones. */
    boolean isUncounted() {
        return counts == null;
    }

    /** Into how many buckets the values are hashed, as they are uncounted; 0 if they are not. */
    int buckets() {
        return hashed == null ? 0 : buckets;
    }

    /** How many different values there are, about so many if they are hashed. */
    int distinct() {
        return hashed != null ? hashed.distinct() : counts.size();
    }

    /** The distinct values, or the buckets of hashed ones, the most frequent first, each with its frequency. */
    Map<String, Long> frequencies() {
        return mostFrequentFirst(longs(hashed != null ? hashed.counts() : counts));
    }

    private static Map<String, Long> longs(Map<String, long[]> counts) {
        Map<String, Long> longs = new TreeMap<>();
        counts.forEach((value, count) -> longs.put(value, count[0]));
        return longs;
    }

    static Map<String, Long> mostFrequentFirst(Map<String, Long> counts) {
        Map<String, Long> frequencies = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .forEach(each -> frequencies.put(each.getKey(), each.getValue()));
        return frequencies;
    }

    /** The error of a column of texts in which there is none. */
    DataException noWords() {
        return table.columnError(place, "text. Received: none with a letter or digit");
    }

    /** Different values with how often each is there: all, a sample if they are hashed, none if they are uncounted otherwise. */
    Map<String, Long> texts() {
        if (texts == null) {
            texts = hashed != null ? hashed.sample() : counts == null ? Map.of() : longs(counts);
        }
        return texts;
    }

    /** The different values, the most frequent first. */
    List<String> values() {
        return List.copyOf(frequencies().keySet());
    }

    long count(String value) {
        long[] count = counts.get(value);
        return count == null ? 0 : count[0];
    }

    /** A few values, the most frequent first; the first of all if there are too many to count, none if all are missing. */
    List<String> examples() {
        return present == 0 ? List.of() : counts == null ? List.of(first) : values().stream().limit(EXAMPLES).toList();
    }

    /** Merges the spellings of true, of false, and of other values as requested, into one each; returns {@link Spellings#note}. */
    String unifySpellings() {
        texts = null;
        if (counts == null) {
            return "";
        }
        for (String value : List.copyOf(counts.keySet())) {
            merge(CategoryColumn.unified(value), value);
        }
        List<List<String>> groups = options.spellings.grouped(List.copyOf(counts.keySet()), this::count);
        String note = options.spellings.note("values", groups, this::count);
        groups.forEach(group -> group.forEach(other -> merge(group.get(0), other)));
        return note;
    }

    private void merge(String value, String spelling) {
        if (!value.equals(spelling)) {
            long count = counts.remove(spelling)[0];
            counts.computeIfAbsent(value, none -> new long[1])[0] += count;
        }
    }

    // ---------------------------------------------------------------------------------------------------- sentences

    /** The words of a name in lower case: user and id of {@code userId}, {@code user_id} and {@code User ID}. */
    List<String> wordsOfName() {
        return List.of(name().replaceFirst("^[^\\p{L}\\p{N}]+", "").split("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})")).stream()
                .map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    String typed(Type type) {
        return typed(name(), type);
    }

    /** The setting that gives a column a type. */
    static String typed(String name, Type type) {
        return new ProposedSetting("types", NamedValues.join(List.of(name)) + '=' + type.name().toLowerCase(Locale.ROOT)).toString();
    }

    /** The setting that takes a text for a mark of missing values. */
    static String na(String mark) {
        return new ProposedSetting("missing", mark).toString();
    }

    static String joined(String... sentences) {
        return String.join("; ", List.of(sentences).stream().filter(sentence -> !sentence.isEmpty()).toList());
    }

    IgnoredColumn ignored(String why) {
        return new IgnoredColumn(name(), missing, why);
    }

    /** The column, left out as it has one value alone. */
    IgnoredColumn constant() {
        return ignored("all values are " + CsvRows.shown(first));
    }

    /** That some values are not of a kind. */
    String mistakes(long others, String kind, Place one) {
        return others + " of " + present + " values " + (others == 1 ? "is no " + kind + " and counts"
                : "are no " + kind + "s and count") + " as missing, such as " + one.shown();
    }

    /** That words count as missing, in a sentence; empty if there are none. */
    String unknownNote() {
        if (words.isEmpty()) {
            return "";
        }
        String word = mostFrequentFirst(words).keySet().iterator().next();
        return CsvRows.shown(word) + (words.size() > 1 ? " and the like" : "") + " in " + unknown + " of " + present
                + " values " + (unknown == 1 ? "counts" : "count") + " as missing here: " + na(word) + " declares that of all columns, "
                + typed(Type.CATEGORY) + " takes values as they are written";
    }

    /**
     * A usual mark of missing values that is at least half as frequent as the values are on average, as a value is that looks like
     * one: NA for Namibia, None for no dose; in a sentence, empty if there is none.
     */
    String doubtfulMark() {
        return present < FEW_ROWS || counts == null ? "" : marks.entrySet().stream().filter(mark -> 2 * mark.getValue()[0] * distinct() >= present)
                .max(Comparator.comparingLong(mark -> mark.getValue()[0])).map(mark -> described(mark.getKey()) + COUNTS_AS_MISSING).orElse("");
    }

    /** The usual marks of missing values that were there, each with how often. */
    List<String> marks() {
        return marks.keySet().stream().map(this::described).toList();
    }

    private String described(String mark) {
        long count = marks.get(mark)[0];
        return CsvRows.shown(mark) + " in " + count + (count == 1 ? " row" : " rows");
    }

    /** @throws DataException naming the first cell that is no finite number */
    void requireNumbers(String expected) throws DataException {
        Place wrong = numbers.firstOther;
        if (wrong != null) {
            String cure = table.missing().isWord(wrong.cell()) ? " (" + na(wrong.cell()) + " declares that such rows have none)" : "";
            throw table.error(place, wrong.line(), Decimal.expected(wrong.cell(), expected) + cure, wrong.cell());
        }
    }
}

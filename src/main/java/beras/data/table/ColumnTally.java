package beras.data.table;

import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.TableColumn.Type;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a column's cells are like, learnt while they go by, in memory that does not grow with their number. */
final class ColumnTally implements Serializable {

    private static final long serialVersionUID = 1;

    /** More different values than this are not counted one by one. */
    static final int MOST_DISTINCT = 10_000;

    /** As many different values as may be counted have so many characters each on average, or they are too many, too. */
    private static final int CHARACTERS_EACH = 105;
    /** What is longer together is not counted. */
    static final int MOST_CHARACTERS = MOST_DISTINCT * CHARACTERS_EACH;

    /** At most such a share of a column of numbers may be something else, which counts as missing. */
    static final double SHARE_OF_MISTAKES = 0.05;
    /** Among fewer values nothing is a mistake. */
    private static final int FEW_VALUES = 20;
    /** So many cells behind, the other way to write numbers is given up. */
    private static final int HOPELESS = 100;

    /** So many rows that have a value, as has the row before, are expected by chance before that says something. */
    private static final int MERGED = 10;

    /** At least such a share of a column of digits begins with 0 if these are codes. */
    private static final double SHARE_OF_ZEROS = 0.01;

    /** Words are counted in so many cells. */
    private static final int SAMPLE_OF_WORDS = 1000;

    /** Values are hashed to so many buckets at least; fewer would say too little. */
    private static final int FEWEST_BUCKETS = 1 << 10;

    private final int mostDistinct;
    private final boolean areTextsAsked; // as somebody said
    private final int buckets; // of hashed values; 0: they are never hashed
    private final boolean digitsMayBeDates; // whether any number that may be a date is looked at as one, such as 2024
    private long missing;
    private long present;
    private String first;
    private HashMap<String, long[]> counts = new HashMap<>(); // null: there are too many
    private HashedValues hashed; // null: they are few enough to count, or not hashed either
    private final TreeMap<String, long[]> marks = new TreeMap<>(); // usual ones of missing values, and how often they are there
    private final TreeMap<String, long[]> words; // in place of numbers or dates, and how often they are there; null: not looked for
    private long wordsInPlace; // how many such cells there are
    private boolean hadValue; // the row before
    private boolean beginsWithValue;
    private long together; // rows with a value, as the row before
    private long characters;
    private long sampled; // cells whose words are counted
    private long spaced; // how many words these have
    private long codes;
    private long codesLedByZero;
    private String firstLedByZero; // null: none
    private transient Map<String, Long> texts; // null: nobody asked for them yet
    private final boolean quantitiesAsked; // whether they are numbers however few differ
    private final WrittenNumbers withPoint;
    private double point; // the last cell, with a decimal point; NaN: no number
    private boolean typed; // whether numbers have a point though texts may have a comma
    private WrittenNumbers withComma; // the same one as long as both ways say the same; null: given up
    private DateTally dates; // null: given up

    /** Of any values, of whose numbers none are kept. */
    ColumnTally() {
        this(MOST_DISTINCT, 0, null);
    }

    /**
     * @param mostDistinct more different values than this are not counted, unless a category is asked for
     * @param sampled      so many numbers are kept at most, see {@link NumberSample}; 0: none
     * @param asked        the type that somebody gave the column; null: nobody did
     */
    ColumnTally(int mostDistinct, int sampled, Type asked) {
        this.words = sampled > 0 ? new TreeMap<>() : null;
        boolean quantities = sampled > 0 && asked != Type.CATEGORY && asked != Type.LIST && asked != Type.TEXT;
        this.withPoint = new WrittenNumbers(false, sampled, quantities);
        this.withComma = withPoint;
        this.quantitiesAsked = asked == Type.NUMERIC;
        this.areTextsAsked = asked == Type.CATEGORY || asked == Type.LIST || asked == Type.TEXT;
        this.mostDistinct = areTextsAsked ? MOST_DISTINCT : mostDistinct;
        this.digitsMayBeDates = asked == Type.DATE || asked == Type.DAYFIRST || asked == Type.MONTHFIRST;
        this.dates = new DateTally(asked);
        int power = Integer.highestOneBit(this.mostDistinct);
        this.buckets = sampled > 0 && power >= FEWEST_BUCKETS ? power : 0; // labels are needed as they are
    }

    /** Takes in a cell of the table's current row. */
    void add(Table table, int column) {
        String cell = table.cell(column);
        point = Double.NaN;
        withPoint.begin();
        if (withComma != null) {
            withComma.begin();
        }
        if (table.isMissing(cell)) {
            missing++;
            countMark(cell);
            hadValue = false;
            return;
        }
        beginsWithValue |= present + missing == 0;
        together += hadValue ? 1 : 0;
        hadValue = true;
        if (present++ == 0) {
            first = cell;
        }
        countValue(cell, 1);
        if (sampled < SAMPLE_OF_WORDS) {
            sampled++;
            spaced += words(cell);
        }
        double value = Decimal.parse(cell, false);
        if (Double.isNaN(value) && words != null && table.missing().isWord(cell)) {
            words.computeIfAbsent(cell, word -> new long[1])[0]++;
            wordsInPlace++;
            return;
        }
        if (dates != null) {
            dates.add(Double.isNaN(value) || digitsMayBeDates ? DateText.parse(cell) : DateText.ofDigits(cell), table, column);
            long others = present - wordsInPlace - dates.count();
            if (others >= HOPELESS && others > dates.count() && !digitsMayBeDates) {
                dates = null;
            }
        }
        if (!Double.isNaN(value)) {
            countCode(cell);
        }
        boolean isMarked = withComma != null && Decimal.isMarked(cell);
        boolean isTyped = isMarked && table.isNumber(column);
        typed |= isTyped;
        if (isMarked && !isTyped) {
            tellCommaApart();
        }
        withPoint.add(value, table, column);
        point = value;
        if (withComma != null && withComma != withPoint) {
            withComma.add(isMarked && !isTyped ? Decimal.parse(cell, true) : value, table, column);
            if (withPoint.count() - withComma.count() >= HOPELESS) {
                withComma = null;
            }
        }
    }

    /** What stands for the cell that was taken in last in the hash of its row: of a number its bits, however it is written. */
    long bits(Table table, int column) {
        if (!Double.isNaN(point)) {
            return Double.doubleToRawLongBits(point + 0.0); // of both zeros the positive one
        }
        String cell = table.cell(column);
        return table.isMissing(cell) ? 0 : cell.hashCode();
    }

    /** Samples the number that was taken in last, of a row of this {@link NumberSample#level}. */
    void sample(byte level) {
        withPoint.sample(level);
        if (withComma != null && withComma != withPoint) {
            withComma.sample(level);
        }
    }

    private void tellCommaApart() {
        if (withComma == withPoint) {
            withComma = withPoint.withComma();
        }
    }

    /** Counts a cell that has no value, if it says so by a usual mark that is a word, and so may be a value. */
    void countMark(String cell) {
        if (!cell.isEmpty() && Table.MISSING.contains(cell) && cell.chars().allMatch(Character::isLetter)) {
            marks.computeIfAbsent(cell, mark -> new long[1])[0]++;
        }
    }

    /**
     * Takes in the cells that follow, which another one has seen. What either has given up is not taken up again: with the same
     * parts in the same order the result is the same.
     */
    void add(ColumnTally next) {
        first = first == null ? next.first : first;
        firstLedByZero = firstLedByZero == null ? next.firstLedByZero : firstLedByZero;
        beginsWithValue |= present + missing == 0 && next.beginsWithValue;
        together += next.together;
        missing += next.missing;
        present += next.present;
        next.marks.forEach((mark, count) -> marks.computeIfAbsent(mark, one -> new long[1])[0] += count[0]);
        sampled += next.sampled;
        spaced += next.spaced;
        wordsInPlace += next.wordsInPlace;
        if (words != null) {
            next.words.forEach((word, count) -> words.computeIfAbsent(word, one -> new long[1])[0] += count[0]);
        }
        codes += next.codes;
        codesLedByZero += next.codesLedByZero;
        typed |= next.typed;
        if (withComma == null || next.withComma == null) {
            withComma = null;
        } else if (withComma != withPoint || next.withComma != next.withPoint) {
            tellCommaApart();
            withComma.add(next.withComma);
        }
        withPoint.add(next.withPoint);
        if (dates != null && next.dates != null) {
            dates.add(next.dates);
        } else {
            dates = null;
        }
        if (next.hashed != null && (hashed != null || counts != null)) {
            hashValues();
            hashed.add(next.hashed);
        } else if (next.counts == null) {
            counts = null;
            hashed = null;
        } else {
            next.counts.forEach((cell, count) -> countValue(cell, count[0]));
        }
    }

    private void countValue(String cell, long times) {
        if (hashed != null) {
            hashed.add(cell, times);
        }
        if (counts == null) {
            return;
        }
        long[] count = counts.get(cell);
        if (count != null) {
            count[0] += times;
            return;
        }
        characters += cell.length();
        if (counts.size() == mostDistinct || characters > (long) mostDistinct * CHARACTERS_EACH) {
            if (buckets > 0 && (areTextsAsked || areTexts())) {
                hashValues();
                hashed.add(cell, times);
            }
            counts = null;
        } else {
            counts.put(cell, new long[] {times});
        }
    }

    /** Whether most values are neither numbers nor dates: of those nobody asks how often each is there. */
    private boolean areTexts() {
        return 2 * numbers().count() < present && (dates == null || 2 * dates.count() < present);
    }

    /** Counts buckets of hashes from now on. */
    private void hashValues() {
        if (hashed == null) {
            hashed = new HashedValues(buckets);
            counts.forEach((value, count) -> hashed.add(value, count[0]));
            counts = null;
        }
    }

    private static int words(String cell) {
        int words = 0;
        for (int i = 0; i < cell.length(); i++) {
            words += cell.charAt(i) != ' ' && (i == 0 || cell.charAt(i - 1) == ' ') ? 1 : 0;
        }
        return words;
    }

    private void countCode(String cell) {
        for (int i = 0; i < cell.length(); i++) {
            if (cell.charAt(i) < '0' || cell.charAt(i) > '9') {
                return;
            }
        }
        codes++;
        if (cell.length() > 1 && cell.charAt(0) == '0') {
            firstLedByZero = codesLedByZero++ == 0 ? cell : firstLedByZero;
        }
    }

    /** Whether a comma comes before the decimals: more cells are numbers then. */
    boolean hasDecimalComma() {
        return withComma != null && withComma.count() > withPoint.count();
    }

    /** Whether cells that are no numbers may be such with the other decimal mark. */
    boolean haveOtherMark() {
        return withComma != withPoint;
    }

    /** What the cells are as numbers, in the way in which more of them are. */
    NumberTally numbers() {
        return numbers(hasDecimalComma());
    }

    /**
     * What the cells are as numbers, read in one way.
     *
     * @param comma whether decimals come after a comma; not if that was given up, as few cells are numbers then
     */
    NumberTally numbers(boolean comma) {
        WrittenNumbers numbers = comma ? withComma : withPoint;
        return areQuantities(numbers) ? numbers.in(numbers.unit()) : numbers.plain();
    }

    /** Whether some cells are quantities that count as numbers. */
    boolean areQuantities() {
        return areQuantities(written());
    }

    /** Limits of which few differ are categories: as numbers they would be less. */
    private boolean areQuantities(WrittenNumbers numbers) {
        boolean few = counts != null && counts.size() <= TableOptions.ALWAYS_LISTED;
        return numbers.hasQuantities() && (!few || quantitiesAsked || numbers.limits() <= SHARE_OF_MISTAKES * present);
    }

    /** The one unit of the numbers; empty if they have none. */
    String unit() {
        return areQuantities() ? written().unit() : "";
    }

    /** The cells as numbers, in the way in which more of them are. */
    WrittenNumbers written() {
        return hasDecimalComma() ? withComma : withPoint;
    }

    /** How often each number is there, or each of a sample if more differ than values are counted; there are two at least. */
    NumberCounts numberCounts() {
        boolean isComma = hasDecimalComma();
        boolean isSampled = counts == null || isComma && typed || areQuantities();
        NumberCounts each = isSampled ? NumberCounts.of(numbers().sample().values()) : countedNumbers(isComma);
        // Fewer than two are different where almost all rows are equal.
        return each.values().length > 1 ? each : each.and(numbers().min(), numbers().max());
    }

    private NumberCounts countedNumbers(boolean comma) {
        TreeMap<Double, Long> times = new TreeMap<>();
        for (Map.Entry<String, long[]> each : counts.entrySet()) {
            double number = Decimal.parse(each.getKey(), comma);
            if (Double.isFinite(number)) {
                NumberCounts.add(times, number, each.getValue()[0]);
            }
        }
        return NumberCounts.of(times);
    }

    long missing() {
        return missing;
    }

    /** Whether most rows have no value, and hardly any two that follow each other have, as where a cell holds for the rows below it. */
    boolean areMerged() {
        double byChance = (double) present / (present + missing) * present;
        return beginsWithValue && missing > present && byChance >= MERGED && 2 * together < byChance;
    }

    /** Whether so few values that others are mistakes begin with a digit, but are no numbers. */
    boolean fewAreGarbled() {
        return written().garbled() <= SHARE_OF_MISTAKES * present;
    }

    /** How many cells have a value. */
    long present() {
        return present;
    }

    /** The first cell that has a value; null if there is none. */
    String first() {
        return first;
    }

    /** What the cells are as dates; empty if hardly any is one. */
    Optional<DateTally> dates() {
        return Optional.ofNullable(dates);
    }

    /** How many cells are nothing but digits. */
    long codes() {
        return codes;
    }

    /** Whether they are whole numbers of which many begin with 0, as codes do. */
    boolean haveLeadingZeros() {
        return isMostly(codes) && codesLedByZero > 0 && codesLedByZero >= SHARE_OF_ZEROS * present;
    }

    /** The first that begins with 0 and has more digits; null if there is none. */
    String firstLedByZero() {
        return firstLedByZero;
    }

    /** How many words a cell has on average, in the first thousand of each part; there must be one. */
    long meanWords() {
        return spaced / sampled;
    }

    /** Whether every value is a finite number. */
    boolean isNumeric() {
        return numbers().count() == present;
    }

    /**
     * Takes the spellings of true, and those of false, for one value each, and those of other values as asked.
     *
     * @return {@link Spellings#note}
     */
    String unifySpellings(Spellings spellings) {
        texts = null;
        if (counts == null) {
            return "";
        }
        for (String value : List.copyOf(counts.keySet())) {
            String unified = CategoryColumn.unified(value);
            if (!unified.equals(value)) {
                long count = counts.remove(value)[0];
                counts.computeIfAbsent(unified, none -> new long[1])[0] += count;
            }
        }
        List<List<String>> groups = spellings.grouped(List.copyOf(counts.keySet()), this::count);
        String note = spellings.note("values", groups, this::count);
        for (List<String> group : groups) {
            for (String other : group.subList(1, group.size())) {
                counts.get(group.get(0))[0] += counts.remove(other)[0];
            }
        }
        return note;
    }

    /** How many values are not of a kind, without words for a value that is not known. */
    long others(long ofKind) {
        return present - wordsInPlace - ofKind;
    }

    /**
     * How many cells say in words that their value is not known, by {@link MissingMarks#isWord}, if numbers or dates are kept.
     */
    long unknown() {
        return wordsInPlace;
    }

    /** The words of {@link #unknown} cells, the most frequent first. */
    List<String> unknownWords() {
        return words.keySet().stream().sorted(Comparator.<String>comparingLong(word -> -words.get(word)[0]).thenComparing(
                Comparator.naturalOrder())).toList();
    }

    /** Whether so many of the values are of a kind that the others are mistakes. */
    boolean isMostly(long ofKind) {
        long others = others(ofKind);
        return others == 0 || present >= FEW_VALUES && others <= SHARE_OF_MISTAKES * present;
    }

    /**
     * @param expected what a cell should be
     * @throws DataException naming the first cell that is no finite number
     */
    void requireNumbers(Table table, int column, String expected) throws DataException {
        NumberTally.Place wrong = numbers().firstOther();
        if (wrong != null) {
            String cure = table.missing().isWord(wrong.cell()) ? " (" + SeenColumn.na(wrong.cell()) + " says that such rows have none)" : "";
            throw table.error(column, wrong.line(), Decimal.expected(wrong.cell(), expected) + cure, wrong.cell());
        }
    }

    /** Whether there are more different values than are counted one by one, or longer ones. */
    boolean isUncounted() {
        return counts == null;
    }

    /** Into how many buckets the values are hashed, as they are uncounted; 0 if they are not. */
    int buckets() {
        return hashed == null ? 0 : hashed.buckets();
    }

    /** How many different values there are, about so many if they are hashed. */
    int distinct() {
        return hashed != null ? hashed.distinct() : counts.size();
    }

    /** The different values, or what stands for buckets of them, the most frequent first, each with how often it is there. */
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

    /**
     * A usual mark of missing values that is at least half as frequent as the values are on average, as a value is that looks like
     * one: NA for Namibia, None for no dose. With how often it is there; empty if there is none such.
     */
    Optional<String> doubtfulMark() {
        return marks.entrySet().stream().filter(mark -> counts != null && 2 * mark.getValue()[0] * distinct() >= present)
                .max(Comparator.comparingLong(mark -> mark.getValue()[0])).map(mark -> described(mark.getKey()));
    }

    /** The usual marks of missing values that were there, each with how often. */
    List<String> marks() {
        return marks.keySet().stream().map(this::described).toList();
    }

    private String described(String mark) {
        long count = marks.get(mark)[0];
        return CsvRows.shown(mark) + " in " + count + (count == 1 ? " row" : " rows");
    }

    /** How often a value is there. */
    long count(String value) {
        long[] count = counts.get(value);
        return count == null ? 0 : count[0];
    }

    /** Up to so many values, the most frequent first; the first of all if there are too many to count. */
    List<String> examples(int most) {
        if (counts == null) {
            return List.of(first);
        }
        return values().stream().limit(most).toList();
    }
}

package beras.data.table;

import beras.config.Config;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.RowEncoder.CellException;
import beras.data.table.RowEncoder.Found;
import beras.feed.Encoding;
import beras.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A column of numbers: {@code (x - mean) / standardDeviation}, then a 1 where the value is missing, if any training row lacked
 * it. The mean stands for a missing value, and for a cell that is no number, which counts as missing. A number beyond those of
 * training counts as the nearest of them, for a net knows nothing of what lies beyond.
 */
public final class NumericColumn extends TableColumn {

    private static final String EXPECTED = "a finite number, as in a column of numbers";
    static final String DECIMAL_MARK = "decimalMark";
    private static final String COMMA = ",";
    private static final String LEAST = "least";
    private static final String MOST = "most";
    /** Such a share of the values at each end is not tried as {@link #levels}. */
    private static final double TAIL = 0.05;
    /** A float holds some seven digits. */
    private static final MathContext DIGITS = new MathContext(6);

    private final double mean;
    private final double standardDeviation;
    private final boolean decimalComma;
    private final double min;
    private final double max;

    /** Numbers without limits, whose decimals come after a point. */
    public NumericColumn(String name, long missing, String note, double mean, double standardDeviation) {
        this(name, missing, note, mean, standardDeviation, false, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /**
     * @param mean              of the training rows
     * @param standardDeviation of the training rows, dividing by their number; 0 if all values are one, and then there is no feature
     *                          but that of missing values
     * @param decimalComma      whether decimals come after a comma, as in {@code 1.234,5}
     * @param min               the smallest number of the training rows; negative infinity if there is no limit
     * @param max               the largest one; infinity if there is no limit
     * @throws IllegalArgumentException if a number is not finite or below 0, or no feature comes of the column
     */
    public NumericColumn(String name, long missing, String note, double mean, double standardDeviation, boolean decimalComma, double min,
            double max) {
        super(Type.NUMERIC, name, missing, note, standardDeviation > 0 ? 1 : 0);
        this.mean = mean;
        this.standardDeviation = standardDeviation;
        this.decimalComma = decimalComma;
        this.min = min;
        this.max = max;
        require(Double.isFinite(mean) && standardDeviation >= 0 && standardDeviation <= Double.MAX_VALUE,
                "mean and deviation must be finite, the deviation at least 0", mean + " and " + standardDeviation);
        require(min <= max, "the smallest number must not be above the largest", min + " and " + max);
        require(width() > 0, "the deviation of a column that is never missing must be above 0", standardDeviation);
    }

    // -------------------------------------------------------------------------------------------------- inference

    /** Whether cells are numbers, or all but a few, that are no codes. */
    static boolean fits(SeenColumn seen) {
        return areNumbers(seen.tally()) && CategoryColumn.codes(seen).isEmpty();
    }

    static boolean areNumbers(ColumnTally cells) {
        return !cells.numbers().hasTexts() || cells.isMostly(cells.numbers().count());
    }

    static TableColumn learn(SeenColumn seen) throws DataException {
        ColumnTally cells = seen.tally();
        NumberTally numbers = cells.numbers();
        if (numbers.count() == 0) {
            cells.requireNumbers(seen.table(), seen.place(), EXPECTED);
        }
        long others = cells.present() - numbers.count();
        long missing = cells.missing() + others;
        if (numbers.standardDeviation() == 0 && missing == 0) {
            return seen.constant();
        }
        boolean counts = seen.rows() >= SeenColumn.FEW_ROWS && cells.present() == seen.rows() && numbers.isWhole() && numbers.isRising();
        if (counts && seen.table().isNameless(seen.place()) && seen.asked() == null) {
            return seen.ignored("it has no name and counts the rows");
        }
        String note = others > 0 ? seen.mistakes(others, "number", numbers.firstOther())
                : counts ? "each value is above the one before, as numbers of rows are: leave it out if it is one"
                : seen.asked() == null && cells.haveLeadingZeros() ? "some begin with 0, such as "
                        + CsvRows.shown(cells.firstLedByZero()) + ", as codes do, but too many differ for a category: they count"
                        + " as numbers"
                : "";
        return new NumericColumn(seen.name(), missing, note, numbers.mean(), numbers.standardDeviation(), cells.hasDecimalComma(),
                numbers.min(), numbers.max());
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** Of the training rows. */
    public double mean() {
        return mean;
    }

    /** Of the training rows, dividing by their number; 0 if all values are one. */
    public double standardDeviation() {
        return standardDeviation;
    }

    @Override
    public boolean decimalComma() {
        return decimalComma;
    }

    /** The smallest number of the training rows; negative infinity if there is no limit. */
    public double min() {
        return min;
    }

    /** The largest number of the training rows; infinity if there is no limit. */
    public double max() {
        return max;
    }

    @Override
    List<String> valueFeatures() {
        return standardDeviation > 0 ? List.of(name()) : List.of();
    }

    @Override
    public boolean isNumeric() {
        return true;
    }

    @Override
    public String noun() {
        return "number";
    }

    @Override
    public String ifMissing() {
        return isFlagged() ? "using the training mean, and a feature that says so" : "using the training mean";
    }

    @Override
    public Input input() {
        return new Input(EnumSet.of(Input.Kind.NUMBER, Input.Kind.TEXT), List.of(), Double.isFinite(min)
                ? "Training had " + min + " to " + max + "; what lies beyond counts as the nearest." : "");
    }

    private static Double limit(double number) {
        return Double.isFinite(number) ? number : null;
    }

    /** Numbers from the 5th to the 95th of a hundred: those there are, or a grid if they are many. */
    @Override
    public List<Level> levels(Rows rows, int most) {
        List<Level> levels = new ArrayList<>();
        if (standardDeviation == 0) { // all that counts is whether it is there
            levels.add(new Level("(any)", OptionalDouble.empty(), Tensor.zeros(width())));
            levels.addAll(frequent(List.of(), rows, most));
            return levels;
        }
        float[] sorted = new float[rows.count()];
        int count = 0;
        for (int row = 0; row < rows.count(); row++) {
            if (!isFlagged() || rows.feature(row, 1) == 0) {
                sorted[count++] = rows.feature(row, 0);
            }
        }
        if (count == 0) {
            return List.of();
        }
        Arrays.sort(sorted, 0, count);
        int cut = (int) (TAIL * count);
        boolean mostlyOne = sorted[cut] == sorted[count - 1 - cut];
        float[] inside = mostlyOne ? Arrays.copyOf(sorted, count) : Arrays.copyOfRange(sorted, cut, count - cut);
        double[] distinct = IntStream.range(0, inside.length).mapToDouble(i -> inside[i]).distinct().toArray();
        if (distinct.length > most) {
            double first = distinct[0];
            double step = (distinct[distinct.length - 1] - first) / (most - 1);
            distinct = IntStream.range(0, most).mapToDouble(i -> first + i * step).toArray();
        }
        for (double standardised : distinct) {
            float[] features = new float[width()];
            features[0] = (float) standardised;
            BigDecimal value = new BigDecimal(mean + standardDeviation * standardised).round(DIGITS);
            levels.add(new Level(value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString(),
                    OptionalDouble.of(value.doubleValue()), Tensor.wrap(features, width())));
        }
        return levels;
    }

    // --------------------------------------------------------------------------------------------------- encoding

    @Override
    Found encodeValue(Object cell, boolean strict, float[] out, int at) throws CellException {
        double value = RowEncoder.number(cell, decimalComma);
        if (Double.isNaN(value)) {
            return unreadable(cell, strict, out, at);
        }
        if (!encodeFinite(value, out, at)) {
            throw RowEncoder.tooFar();
        }
        return limited(value) == value ? Found.VALUE : Found.BEYOND;
    }

    /** Writes the feature of a number that is finite as a float; false if it is so far away that the feature is not. */
    boolean encodeFinite(double value, float[] out, int at) {
        float standardized = standardDeviation > 0 ? (float) ((limited(value) - mean) / standardDeviation) : 0f;
        out[at] = standardized;
        return Float.isFinite(standardized);
    }

    private double limited(double value) {
        // max and min, which see to signs of zeros, take longer
        return min < value && value < max ? value : Math.max(min, Math.min(max, value));
    }

    @Override
    String expected() {
        return EXPECTED;
    }

    @Override
    Encoding.Source source(MissingMarks marks) {
        Set<Double> missing = new HashSet<>();
        for (String mark : marks.others()) {
            double number = Decimal.parse(mark);
            if (Double.isFinite(number) && RowEncoder.text(number).equals(mark)) {
                missing.add(number);
            }
        }
        List<List<Encoding.Step>> chains = standardDeviation == 0 ? List.of()
                : List.of(List.of(new Encoding.Clip(min, max), new Encoding.Standardize(mean, standardDeviation)));
        return new Encoding.Numbers(name(), chains, missing, isFlagged());
    }

    // ----------------------------------------------------------------------------------------------------- config

    @Override
    void addSettings(Map<String, Object> values) {
        values.put(LEAST, limit(min));
        values.put(MOST, limit(max));
        values.put("mean", mean);
        values.put("deviation", standardDeviation);
        values.put(DECIMAL_MARK, mark(decimalComma));
    }

    static NumericColumn read(Config config) {
        return new NumericColumn(config.text("name"), config.whole("missing"), config.text("note"), config.number("mean"),
                config.number("deviation"), hasComma(config),
                config.has(LEAST) ? config.number(LEAST) : Double.NEGATIVE_INFINITY,
                config.has(MOST) ? config.number(MOST) : Double.POSITIVE_INFINITY);
    }

    /** Numbers with a point need no word of it, and had none before there were others. */
    static String mark(boolean decimalComma) {
        return decimalComma ? COMMA : null;
    }

    static boolean hasComma(Config config) {
        if (config.has(DECIMAL_MARK) && !config.text(DECIMAL_MARK).equals(COMMA)) {
            throw new IllegalArgumentException(DECIMAL_MARK + " is a comma, or not there. Received: " + config.text(DECIMAL_MARK));
        }
        return config.has(DECIMAL_MARK);
    }
}

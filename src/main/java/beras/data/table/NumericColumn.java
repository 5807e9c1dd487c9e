package beras.data.table;

import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.Decimal;
import beras.data.table.RowEncoder.CellException;
import beras.data.table.RowEncoder.Found;
import beras.data.table.Table.Place;
import beras.data.table.values.NumberCode;
import beras.data.table.values.Quantity;
import beras.prediction.Encoding;
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
 * A column of numbers: the number on a robust scale and its piecewise-linear code, see {@link NumberCode}, then a 1 where the
 * value is missing, if any training row had none. The median stands for a missing value, and for a cell that is no number,
 * which counts as missing. A number outside the training range is clipped to it, as a network cannot extrapolate reliably.
 *
 * <p>Cells are numbers as people write them, in the column's unit if it has one, see {@link #unit(String)}, and with the decimal
 * mark of the training rows.
 *
 * <p>A column of an older model file is one feature, {@code (x - mean) / standardDeviation}, and the mean stands for a missing value.
 */
public final class NumericColumn extends TableColumn {

    /** The numbers of an index of rows are at most so many times as large as there are rows, of which a part may be left. */
    private static final double MOST_OF_INDEX = 20;
    private static final String EXPECTED = "a finite number, as in a column of numbers";
    static final String DECIMAL_MARK = "decimalMark";
    private static final String COMMA = ",";
    private static final String LEAST = "least";
    private static final String MOST = "most";
    private static final String MEAN = "mean";
    private static final String DEVIATION = "deviation";
    private static final String MEDIAN = "median";
    private static final String SPREAD = "spread";
    private static final String EDGES = "edges";
    private static final String UNIT = "unit";
    /** The share of values at each end that is not tried as {@link #levels}. */
    private static final double TAIL = 0.05;
    /** A float holds some seven digits. */
    private static final MathContext DIGITS = new MathContext(6);

    private final double center;
    private final double scale;
    private final boolean robust; // else standardised
    private final boolean decimalComma;
    private final String unit; // as Quantity.word gives it
    private final double min;
    private final double max;
    private final double[] edges; // of bins; none if there is no code
    private final double[] centers; // subtracted in each bin
    private final double[] widths; // the divisor in each bin
    private final float[] lows; // the result of each bin below its lower edge
    private final float[] highs; // and above its upper one

    /** Standardised numbers without limits, whose decimals come after a point. */
    public NumericColumn(String name, long missing, String note, double mean, double standardDeviation) {
        this(name, missing, note, mean, standardDeviation, false, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    /**
     * Standardised numbers, without a code.
     *
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
        this(name, missing, note, mean, standardDeviation, null, decimalComma, "", min, max);
    }

    /** @param inner the edges between {@code min} and {@code max}; null: the numbers are standardised */
    private NumericColumn(String name, long missing, String note, double center, double scale, List<Double> inner, boolean decimalComma,
            String unit, double min, double max) {
        super(Type.NUMERIC, name, missing, note, scale > 0 ? 1 + bins(inner) : 0);
        this.center = center;
        this.scale = scale;
        this.robust = inner != null;
        this.decimalComma = decimalComma;
        this.unit = Quantity.word(unit);
        this.min = min;
        this.max = max;
        require(Double.isFinite(center) && scale >= 0 && scale <= Double.MAX_VALUE,
                "mean and standard deviation, or median and spread, must be finite, the second at least 0", center + " and " + scale);
        require(min <= max, "the smallest number must not be above the largest", min + " and " + max);
        require(width() > 0, "the deviation of a column that is never missing must be above 0", scale);
        int bins = bins(inner);
        edges = new double[bins == 0 ? 0 : bins + 1];
        centers = new double[bins];
        widths = new double[bins];
        lows = new float[bins];
        highs = new float[bins];
        if (robust) {
            require(Double.isFinite(max - min) && (max - min) / scale <= NumberCode.MOST_SPREADS,
                    "the range must be finite and at most " + NumberCode.MOST_SPREADS + " spreads", min + " to " + max);
        }
        for (int i = 0; i <= bins && bins > 0; i++) {
            edges[i] = i == 0 ? min : i == bins ? max : inner.get(i - 1);
            require(i == 0 || edges[i - 1] < edges[i], "edges must be in ascending order between the smallest and the largest number",
                    inner);
        }
        for (int i = 0; i < bins; i++) {
            centers[i] = Math.max(edges[i], Math.min(edges[i + 1], center));
            widths[i] = (edges[i + 1] - edges[i]) * 2 * Math.sqrt(bins);
            lows[i] = (float) ((edges[i] - centers[i]) / widths[i]);
            highs[i] = (float) ((edges[i + 1] - centers[i]) / widths[i]);
        }
    }

    /** How many bins there are between the smallest number, such edges and the largest number; a single one is no code. */
    private static int bins(List<Double> inner) {
        return inner == null || inner.isEmpty() ? 0 : inner.size() + 1;
    }

    /**
     * Numbers on a robust scale with a piecewise-linear code.
     *
     * @param median       of the training rows
     * @param spread       the divisor of a distance from the median; above 0
     * @param edges        of the bins of the code, in ascending order, between the smallest and the largest number, which are edges too;
     *                     none: there is no code
     * @param decimalComma whether decimals come after a comma, as in {@code 1.234,5}
     * @param min          the smallest number of the training rows
     * @param max          the largest one
     * @throws IllegalArgumentException if a number is not finite, the spread is not above 0 or very small beside the range, or edges are
     *         not in order
     */
    public static NumericColumn robust(String name, long missing, String note, double median, double spread, List<Double> edges,
            boolean decimalComma, double min, double max) {
        return new NumericColumn(name, missing, note, median, spread, List.copyOf(edges), decimalComma, "", min, max);
    }

    /**
     * The same column of which the numbers are in a unit, such as {@code kg}: {@code 12 kg} is read, {@code 500 g} is no number then,
     * and a number without a unit counts as one with it.
     *
     * @param symbol of the unit as people write it; empty for none
     */
    @CheckReturnValue
    public NumericColumn unit(String symbol) {
        return new NumericColumn(name(), missing(), note(), center, scale, robust ? inner() : null, decimalComma, symbol, min, max);
    }

    // -------------------------------------------------------------------------------------------------- inference

    /** Whether cells are numbers, or all but a few, that are no codes. */
    static boolean fits(ColumnStatistics cells) {
        return cells.areNumbers() && CategoryColumn.codes(cells).isEmpty();
    }

    static TableColumn learn(ColumnStatistics cells) throws DataException {
        NumberStatistics numbers = cells.numbers;
        if (numbers.count == 0) {
            cells.requireNumbers(EXPECTED);
        }
        long others = cells.others(numbers.count);
        long missing = cells.missing + cells.unknown + others;
        boolean isConstant = numbers.min >= numbers.max;
        if (isConstant && missing == 0) {
            return cells.constant();
        }
        boolean whole = cells.rows() >= ColumnStatistics.FEW_ROWS && cells.present == cells.rows() && numbers.isWhole;
        boolean counts = whole && numbers.isRising;
        if (whole && ColumnStatistics.isUnnamed(cells.table, cells.place) && cells.asked() == null && (counts || isShuffledIndex(cells))) {
            return cells.ignored("it has no name and numbers the rows, as an index does: " + cells.typed(Type.NUMERIC) + " keeps it");
        }
        String doubt = others > 0 ? cells.mistakes(others, "number", numbers.firstOther)
                : counts ? "each value is above the one before, as numbers of rows are: leave it out if it is one"
                : DateColumn.doubt(cells);
        if (doubt.isEmpty() && cells.asked() == null && cells.haveLeadingZeros()) {
            doubt = "some begin with 0, such as " + CsvRows.shown(cells.firstLedByZero) + ", as codes do, but too many differ for a"
                    + " category: they count as numbers";
        }
        String note = ColumnStatistics.joined(read(cells), cells.unknownNote(), doubt);
        NumberForm form = cells.form;
        if (isConstant) {
            return new NumericColumn(cells.name(), missing, note, numbers.min, 0, null, form.comma(), form.unit(), numbers.min, numbers.max);
        }
        NumberCode code = NumberCode.learn(cells.numberCounts(), numbers.min, numbers.max, cells.bins);
        String far = FarNumbers.note(numbers, cells.numberCounts());
        return new NumericColumn(cells.name(), missing, ColumnStatistics.joined(note, far), code.median(), code.spread(), code.inner(), form.comma(), form.unit(),
                numbers.min, numbers.max);
    }

    /** How cells are read that are no plain numbers; empty if there are none. */
    private static String read(ColumnStatistics cells) {
        NumberForm form = cells.form;
        List<String> read = new ArrayList<>();
        for (Place example : form.examples()) {
            double value = form.parse(example.cell(), false);
            if (!Double.isNaN(value)) {
                read.add(example.shown() + (read.isEmpty() ? " is read as " : " as ") + shown(value));
            }
        }
        return read.isEmpty() ? "" : (form.unit().isEmpty() ? "numbers: " : "numbers in " + form.unit() + ": ") + String.join(", ", read)
                + "; " + cells.typed(Type.CATEGORY) + " takes them as they are written";
    }

    /**
     * Whether the first column has not much larger whole numbers than there are rows, which never repeat, as the rows of a
     * shuffled table do.
     */
    private static boolean isShuffledIndex(ColumnStatistics cells) {
        NumberStatistics numbers = cells.numbers;
        return cells.place == 0 && numbers.min >= 0 && numbers.max <= MOST_OF_INDEX * cells.rows()
                && (cells.isUncounted() ? numbers.sample.isDistinct() : cells.distinct() == cells.present);
    }

    @Override
    public String becomes() {
        String number = unit().isEmpty() ? "a number" : "a number in " + unit();
        return centers.length > 0 ? number + " and " + centers.length + " bins" : unit().isEmpty() ? "" : number;
    }

    // ------------------------------------------------------------------------------------------------------ facts

    /** The number that stands for a missing one: the median of the training rows; of older models the mean. */
    public double center() {
        return center;
    }

    /** The divisor of a distance from the center, see {@link NumberCode}; 0 if all values are one. */
    public double scale() {
        return scale;
    }

    /** The unit of the numbers, such as {@code kg}; empty if they have none. */
    public String unit() {
        return unit;
    }

    /** The edges between the smallest number and the largest. */
    private List<Double> inner() {
        List<Double> all = edges();
        return all.isEmpty() ? all : all.subList(1, all.size() - 1);
    }

    /** The edges of the bins of the piecewise-linear code, in ascending order, of which there is one more; none: there is no code. */
    public List<Double> edges() {
        return Arrays.stream(edges).boxed().toList();
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
        List<String> features = new ArrayList<>();
        if (scale > 0) {
            features.add(name());
        }
        for (int i = 0; i < centers.length; i++) {
            features.add(name() + " from " + shown(edges[i]) + " to " + shown(edges[i + 1]));
        }
        return features;
    }

    @Override
    public String ifMissing() {
        return "using the training " + (robust ? "median" : "mean") + (isFlagged() ? ", and a feature that marks it" : "");
    }

    @Override
    public Input input() {
        return new Input(EnumSet.of(Input.Kind.NUMBER, Input.Kind.TEXT), List.of(), (unit().isEmpty() ? "" : "In " + unit() + ". ")
                + (Double.isFinite(min) ? "Training had " + min + " to " + max + "; what lies beyond counts as the nearest." : ""));
    }

    private static Double limit(double number) {
        return Double.isFinite(number) ? number : null;
    }

    /** Numbers from the 5th to the 95th of a hundred: all distinct ones, or a grid if they are many. */
    @Override
    public List<Level> levels(Tensor rows, int most) {
        List<Level> levels = new ArrayList<>();
        if (scale == 0) { // all that counts is whether it is there
            levels.add(new Level("(any)", OptionalDouble.empty(), Tensor.zeros(width())));
            levels.addAll(frequent(0, List.of(), rows, most));
            return levels;
        }
        double[] sorted = new double[rows.dim(0)];
        int count = 0;
        for (int row = 0; row < rows.dim(0); row++) {
            if (!isFlagged() || rows.get(row, width() - 1) == 0) {
                sorted[count++] = decoded(rows, row);
            }
        }
        if (count == 0) {
            return List.of();
        }
        Arrays.sort(sorted, 0, count);
        int cut = (int) (TAIL * count);
        boolean mostlyOne = sorted[cut] == sorted[count - 1 - cut];
        double[] inside = mostlyOne ? Arrays.copyOf(sorted, count) : Arrays.copyOfRange(sorted, cut, count - cut);
        double[] distinct = Arrays.stream(inside).distinct().toArray();
        if (distinct.length > most) {
            double first = distinct[0];
            double step = (distinct[distinct.length - 1] - first) / (most - 1);
            distinct = IntStream.range(0, most).mapToDouble(i -> first + i * step).toArray();
        }
        for (double value : distinct) {
            float[] features = new float[width()];
            encodeFinite(value, features, 0);
            String text = shown(value);
            levels.add(new Level(text, OptionalDouble.of(Double.parseDouble(text)), Tensor.wrap(features, width())));
        }
        return levels;
    }

    /** The number of which features were made, except for rounding. */
    private double decoded(Tensor rows, int row) {
        double value = center;
        if (centers.length > 0) { // exact far from the center, too
            for (int i = 0; i < centers.length; i++) {
                value += rows.get(row, 1 + i) * widths[i];
            }
            return value;
        }
        double scaled = rows.get(row, 0);
        double share = scaled / NumberCode.LIMIT;
        return limited(value + scale * (robust ? scaled / Math.sqrt(Math.max(0, 1 - share * share)) : scaled));
    }

    private static String shown(double number) {
        BigDecimal value = new BigDecimal(number).round(DIGITS);
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    // --------------------------------------------------------------------------------------------------- encoding

    @Override
    Found encodeValue(Object cell, float[] out, int at) throws CellException {
        double value = RowEncoder.number(cell, decimalComma, unit);
        if (Double.isNaN(value)) {
            return Found.UNREADABLE;
        }
        if (!encodeFinite(value, out, at)) {
            throw RowEncoder.tooFar();
        }
        return found(value);
    }

    /** Whether a finite number is within the training range. */
    Found found(double value) {
        return limited(value) == value ? Found.VALUE : Found.BEYOND;
    }

    /** Writes the features of a number that is finite as a float; false if it is so far away that they are not. */
    boolean encodeFinite(double value, float[] out, int at) {
        double limited = limited(value);
        double scaled = scale > 0 ? (limited - center) / scale : 0;
        if (robust) {
            double share = scaled / NumberCode.LIMIT;
            scaled /= Math.sqrt(share * share + 1);
        }
        out[at] = (float) scaled;
        int bins = centers.length;
        int bin = 0;
        for (; bin < bins && limited >= edges[bin + 1]; bin++) {
            out[at + 1 + bin] = highs[bin];
        }
        if (bin < bins && limited > edges[bin]) {
            out[at + 1 + bin] = (float) ((limited - centers[bin]) / widths[bin]);
            bin++;
        }
        for (; bin < bins; bin++) {
            out[at + 1 + bin] = lows[bin];
        }
        return Float.isFinite(out[at]);
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
            if (Double.isFinite(number)) {
                missing.add(number);
            }
        }
        List<List<Encoding.Step>> chains = new ArrayList<>();
        if (scale > 0) {
            List<Encoding.Step> number = new ArrayList<>(List.of(new Encoding.Clip(min, max), new Encoding.Standardize(center, scale)));
            if (robust) {
                number.add(new Encoding.SmoothClip(NumberCode.LIMIT));
            }
            chains.add(number);
        }
        if (centers.length > 0) {
            chains.add(List.of(new Encoding.PiecewiseLinear(edges(), center)));
        }
        return new Encoding.Numbers(name(), chains, missing, isFlagged());
    }

    // ----------------------------------------------------------------------------------------------------- config

    @Override
    void addSettings(Map<String, Object> values) {
        values.put(LEAST, limit(min));
        values.put(MOST, limit(max));
        values.put(robust ? MEDIAN : MEAN, center);
        values.put(robust ? SPREAD : DEVIATION, scale);
        if (robust) {
            values.put(EDGES, inner());
        }
        values.put(DECIMAL_MARK, mark(decimalComma));
        values.put(UNIT, unit().isEmpty() ? null : unit());
    }

    static NumericColumn read(Config config) {
        boolean robust = config.has(MEDIAN) || config.has(SPREAD) || config.has(EDGES); // else of an older model file, or constant
        return new NumericColumn(config.text("name"), config.whole("missing"), config.text("note"),
                config.number(robust ? MEDIAN : MEAN), config.number(robust ? SPREAD : DEVIATION), robust ? config.numbers(EDGES) : null,
                hasComma(config), config.has(UNIT) ? config.text(UNIT) : "", config.has(LEAST) ? config.number(LEAST) : Double.NEGATIVE_INFINITY,
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

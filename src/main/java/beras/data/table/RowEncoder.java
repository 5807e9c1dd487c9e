package beras.data.table;

import beras.data.rows.Decimal;
import beras.data.table.values.Quantity;
import beras.prediction.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Encodes cells as the features of a schema: text of a file, or objects in memory. Safe in several threads. */
final class RowEncoder {

    /** At most so many values are listed in an error. */
    private static final int LISTED = 20;

    /** The kind of a cell. */
    enum Found {
        /** A value of the schema. */
        VALUE,
        /** No value. */
        MISSING,
        /** A number outside the training range, clipped to it. */
        BEYOND,
        /** A category that was too rare in training for its own feature. */
        RARE,
        /** A list of which the schema lists some values. */
        PARTLY_LISTED,
        /** A category that the schema does not list. */
        UNLISTED,
        /** No number in a column of numbers, which counts as missing. */
        UNREADABLE
    }

    /** A cell that cannot be encoded; the message is the expected form. */
    static final class CellException extends Exception {

        private static final long serialVersionUID = 1;

        CellException(String expected) {
            super(expected, null, false, false);
        }
    }

    private final MissingMarks marks;
    private final boolean marked; // some may be numbers: checked for each cell
    private final Set<String> markedNumbers; // as numbers in memory are spelled
    private final TableColumn[] columns; // null: not used
    private final int[] places; // of their first features
    private final Target target;
    /** The number of features. */
    final int width;

    RowEncoder(TableSchema schema) {
        marks = schema.missing();
        marked = !marks.others().isEmpty();
        markedNumbers = marks.others().stream().map(Decimal::canonical).collect(Collectors.toSet());
        columns = new TableColumn[schema.columns().size()];
        places = new int[columns.length];
        int feature = 0;
        for (int i = 0; i < columns.length; i++) {
            TableColumn column = schema.columns().get(i);
            columns[i] = column.width() > 0 ? column : null;
            places[i] = feature;
            feature += column.width();
        }
        width = feature;
        target = new Target(schema.target());
    }

    List<Encoding.Source> sources() {
        return Arrays.stream(columns).filter(Objects::nonNull).map(column -> column.source(marks)).toList();
    }

    boolean isUsed(int column) {
        return columns[column] != null;
    }

    /**
     * Writes the features of a cell.
     *
     * @param column an index among the schema's columns, of one that is used
     * @param cell   a text without spaces around it, a number, or null for none
     * @param refused the kinds of cells to reject, unless training had such in the column
     */
    Found encode(int column, Object cell, Set<Found> refused, float[] out, int at) throws CellException {
        int place = at + places[column];
        columns[column].clear(out, place);
        Found found = columns[column].encode(isMissing(cell) ? null : cell, out, place);
        found = found == Found.UNREADABLE && marks.isWord(cell.toString()) ? Found.MISSING : found; // an unknown value
        if (refused.contains(found)) {
            columns[column].refuse(found, cell);
        }
        return found;
    }

    /** Writes the features of a number as {@link #encode} does, without an object; null if it may be a mark, is not finite, or not of a
     * column of numbers. */
    Found encodeNumber(int column, double cell, float[] out, int at) {
        if (marked || !isFinite(cell) || !(columns[column] instanceof NumericColumn numbers)) {
            return null;
        }
        int place = at + places[column];
        numbers.clear(out, place);
        return numbers.encodeFinite(cell, out, place) ? numbers.found(cell) : null;
    }

    /** The target in a cell: the number of its class, or the standardised number. */
    float target(Object cell) throws CellException {
        if (isMissing(cell)) {
            throw new CellException("the target, which each row must have");
        }
        return target.value(cell);
    }

    /** Writes a result of {@link #target} in the form of the model's output: a class one-hot, or the standardised number. */
    static void write(float value, TableTarget target, float[] out, int at) {
        if (target.width() == 1) {
            out[at] = value;
        } else {
            Arrays.fill(out, at, at + target.width(), 0f);
            out[at + (int) value] = 1f;
        }
    }

    /** Whether a cell has no value, in the words of the schema. */
    boolean isMissing(Object cell) {
        if (cell == null || cell instanceof Number number && Double.isNaN(number.doubleValue())) {
            return true;
        }
        return cell instanceof String text ? marks.isMissing(text) : marked && markedNumbers.contains(text(cell));
    }

    /** The text of a cell: of a number its one spelling, whatever type it has in memory. */
    static String text(Object cell) {
        return cell instanceof Number number ? Decimal.text(number) : cell.toString();
    }

    static double number(Object cell, boolean decimalComma) {
        double value = cell instanceof Number number ? number.doubleValue() : Decimal.parse(cell.toString(), decimalComma);
        return isFinite(value) ? value : Double.NaN;
    }

    /** As {@link #number(Object, boolean)}, also of a {@link Quantity} of a unit. */
    static double number(Object cell, boolean decimalComma, String unit) {
        double value = number(cell, decimalComma);
        return !Double.isNaN(value) || cell instanceof Number ? value : Quantity.parse(cell.toString(), decimalComma, unit);
    }

    private static boolean isFinite(double value) {
        return Float.isFinite((float) value);
    }

    static CellException tooFar() {
        return new CellException("a number nearer to those that were trained on");
    }

    /** Turns the cells of the target into numbers. */
    private static final class Target {

        /** Keys by which labels in other spellings are found. */
        private static final List<UnaryOperator<String>> KEYS = List.of(Decimal::canonical, Spellings.WORDS::key, Spellings.ALL::key);

        private final TableTarget target;
        private final Map<String, Integer> classes = new HashMap<>(); // by each spelling of a label
        private final List<Set<String>> shared = new ArrayList<>(); // by key: keys of several labels, by which none is found

        Target(TableTarget target) {
            this.target = target;
            for (String label : target.labels()) {
                classes.put(label, classes.size());
            }
            for (UnaryOperator<String> key : KEYS) {
                shared.add(Spellings.addKeys(classes, key));
            }
            Spellings.addTruthKeys(classes);
        }

        float value(Object cell) throws CellException {
            if (target instanceof TableTarget.Regression regression) {
                double value = number(cell, regression.decimalComma());
                if (Double.isNaN(value)) {
                    throw new CellException(Decimal.expected(cell, "a finite number, as the target of a regression is"));
                }
                if (regression.isNotNegative() && value < 0) {
                    throw new CellException(Decimal.expected(cell, "a number of at least 0, as the distribution poisson of the target needs"));
                }
                float standardized = regression.standardize(value);
                if (!Float.isFinite(standardized)) {
                    throw tooFar();
                }
                return standardized;
            }
            String text = text(cell);
            Integer number = classes.get(text);
            for (int i = 0; number == null && i < KEYS.size(); i++) {
                String key = KEYS.get(i).apply(text);
                number = shared.get(i).contains(key) ? null : classes.get(key);
            }
            if (number == null) {
                throw new CellException("a label that is known, one of " + Table.listed(target.labels(), LISTED));
            }
            return number;
        }
    }
}

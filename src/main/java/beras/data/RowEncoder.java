package beras.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns cells into the numbers that a schema says: text of a file, or objects in memory. Safe in several threads. */
final class RowEncoder {

    /** What a cell of a numeric column was expected to be. */
    static final String FINITE_NUMBER = "a finite number, as in a column of numbers";

    /** At most so many values are listed in an error. */
    private static final int LISTED = 20;

    /** What a cell was. */
    enum Found {
        /** A value that the schema knows. */
        VALUE,
        /** No value. */
        MISSING,
        /** A category that the schema does not list. */
        UNLISTED,
        /** No number in a column of numbers, which counts as missing. */
        UNREADABLE
    }

    /** A cell that cannot be encoded; the message is what was expected. */
    static final class CellException extends Exception {

        private static final long serialVersionUID = 1;

        CellException(String expected) {
            super(expected, null, false, false);
        }
    }

    private final Column[] columns;
    private final Target target;
    private final int width;

    RowEncoder(TableSchema schema) {
        columns = new Column[schema.columns().size()];
        int feature = 0;
        for (int i = 0; i < columns.length; i++) {
            TableColumn column = schema.columns().get(i);
            if (column.width() > 0) {
                columns[i] = column instanceof TableColumn.Numeric numeric ? new NumericColumn(numeric, feature)
                        : new CategoryColumn((TableColumn.Category) column, feature);
                feature += column.width();
            }
        }
        width = feature;
        target = new Target(schema.target());
    }

    /** The number of features. */
    int width() {
        return width;
    }

    /** Whether a column of the schema has features. */
    boolean isUsed(int column) {
        return columns[column] != null;
    }

    /** Makes room for the features of a row, to which {@link #encode} adds. */
    void clear(float[] out, int at) {
        Arrays.fill(out, at, at + width, 0f);
    }

    /**
     * Writes the features of a cell.
     *
     * @param column of those of the schema, one that is used
     * @param cell   a text without spaces around it, a number, or null for none
     * @param strict whether to refuse what training never saw
     */
    Found encode(int column, Object cell, boolean strict, float[] out, int at) throws CellException {
        return columns[column].encode(cell, strict, out, at);
    }

    /** The target that a cell says: the number of its class, or the standardised amount. */
    float target(String cell) throws CellException {
        return target.value(cell);
    }

    private static boolean isMissing(Object cell) {
        return cell == null || cell instanceof String text && Table.isMissing(text)
                || cell instanceof Number number && Double.isNaN(number.doubleValue());
    }

    private static double number(Object cell, boolean decimalComma) {
        double value = cell instanceof Number number ? number.doubleValue() : Decimal.parse(cell.toString(), decimalComma);
        return Math.abs(value) <= Float.MAX_VALUE ? value : Double.NaN;
    }

    private static float requireFinite(float standardized) throws CellException {
        if (!Float.isFinite(standardized)) {
            throw new CellException("a number nearer to those that were trained on");
        }
        return standardized;
    }

    /** Turns the cells of one column into features, which are zeros before. */
    private abstract static class Column {

        final int feature;
        /** Where a 1 says that the value is missing, the last feature; -1 if no training row lacked one. */
        private final int missingFeature;

        /**
         * @param feature the place of the first feature
         */
        Column(TableColumn column, int feature) {
            this.feature = feature;
            this.missingFeature = column.missing() > 0 ? feature + column.width() - 1 : -1;
        }

        Found encode(Object cell, boolean strict, float[] out, int at) throws CellException {
            if (!isMissing(cell)) {
                return encodeValue(cell, strict, out, at);
            }
            if (missingFeature < 0 && strict) {
                throw new CellException("a value, as in all rows that were trained on");
            }
            encodeMissing(out, at);
            return Found.MISSING;
        }

        final void encodeMissing(float[] out, int at) {
            if (missingFeature >= 0) {
                out[at + missingFeature] = 1f;
            }
        }

        abstract Found encodeValue(Object cell, boolean strict, float[] out, int at) throws CellException;
    }

    private static final class NumericColumn extends Column {

        private final double mean;
        private final double deviation;
        private final boolean decimalComma;

        NumericColumn(TableColumn.Numeric column, int feature) {
            super(column, feature);
            this.mean = column.mean();
            this.deviation = column.deviation();
            this.decimalComma = column.decimalComma();
        }

        @Override
        Found encodeValue(Object cell, boolean strict, float[] out, int at) throws CellException {
            double value = number(cell, decimalComma);
            if (Double.isNaN(value)) {
                if (strict) {
                    throw new CellException(Decimal.expected(cell, FINITE_NUMBER));
                }
                encodeMissing(out, at);
                return Found.UNREADABLE;
            }
            if (deviation > 0) {
                out[at + feature] = requireFinite((float) ((value - mean) / deviation));
            }
            return Found.VALUE;
        }
    }

    private static final class CategoryColumn extends Column {

        private final List<String> values;
        private final Map<String, Integer> places = new HashMap<>();
        private final boolean others;

        CategoryColumn(TableColumn.Category column, int feature) {
            super(column, feature);
            values = column.values();
            values.forEach(value -> places.put(value, places.size()));
            others = column.others() > 0;
        }

        @Override
        Found encodeValue(Object cell, boolean strict, float[] out, int at) throws CellException {
            Integer own = places.get(cell.toString());
            if (own == null && cell instanceof Number number && number.doubleValue() == number.longValue()) {
                own = places.get(Long.toString(number.longValue())); // 1.0 is the 1 of a file
            }
            if (own != null) {
                out[at + feature + own] = 1f;
                return Found.VALUE;
            }
            if (strict) {
                throw new CellException("a value that the model lists, one of " + Table.listed(values, LISTED));
            }
            if (others) {
                out[at + feature + values.size()] = 1f;
            }
            return Found.UNLISTED;
        }
    }

    /** Turns the cells of the target into numbers. */
    private static final class Target {

        private final TableTarget target;
        private final Map<String, Integer> classes = new HashMap<>();
        /** The classes by number, empty if a label is not one. */
        private final Map<Double, Integer> classesByNumber = new HashMap<>();

        Target(TableTarget target) {
            this.target = target;
            target.labels().forEach(label -> classes.put(label, classes.size()));
            if (target instanceof TableTarget.Labels labels && labels.areNumbers()) {
                classes.forEach((label, number) -> classesByNumber.put(TargetValues.labelValue(label), number));
            }
        }

        float value(String cell) throws CellException {
            if (Table.isMissing(cell)) {
                throw new CellException("the target, which each row must have");
            }
            if (target instanceof TableTarget.Amount amount) {
                double value = number(cell, amount.decimalComma());
                if (Double.isNaN(value)) {
                    throw new CellException(Decimal.expected(cell, "a finite number, as the target of a regression is"));
                }
                return requireFinite(amount.standardize(value));
            }
            Integer number = classes.get(cell);
            if (number == null) {
                number = classesByNumber.get(TargetValues.labelValue(cell));
            }
            if (number == null) {
                throw new CellException("a label that is known, one of " + Table.listed(target.labels(), LISTED));
            }
            return number;
        }
    }
}

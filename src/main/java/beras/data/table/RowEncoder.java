package beras.data.table;

import beras.data.rows.Decimal;
import beras.data.table.TableColumn.Date.Part;
import beras.feed.Encoding;
import beras.feed.Encoding.Part.Kind;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Turns cells into the numbers that a schema says: text of a file, or objects in memory. Safe in several threads. */
final class RowEncoder {

    /** What a cell of a numeric column was expected to be. */
    static final String FINITE_NUMBER = "a finite number, as in a column of numbers";

    /** What a cell of a column of dates was expected to be. */
    static final String DATE = "a date or time, as in a column of dates";

    /** At most so many values are listed in an error. */
    private static final int LISTED = 20;

    /** What a cell was. */
    enum Found {
        /** A value that the schema knows. */
        VALUE,
        /** No value. */
        MISSING,
        /** A number beyond those of training, which counts as the nearest. */
        BEYOND,
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

    private final MissingMarks marks;
    private final boolean marked; // some may be numbers: asked of each cell
    private final Column[] columns;
    private final Target target;
    private final int width;

    RowEncoder(TableSchema schema) {
        marks = schema.missing();
        marked = !marks.others().isEmpty();
        columns = new Column[schema.columns().size()];
        int feature = 0;
        for (int i = 0; i < columns.length; i++) {
            TableColumn column = schema.columns().get(i);
            if (column.width() > 0) {
                columns[i] = column(column, feature);
                feature += column.width();
            }
        }
        width = feature;
        target = new Target(schema.target());
    }

    /** A column that has features. */
    private static Column column(TableColumn column, int feature) {
        if (column instanceof TableColumn.Numeric numeric) {
            return new NumericColumn(numeric, feature);
        }
        return column instanceof TableColumn.Date date ? new DateColumn(date, feature)
                : new CategoryColumn((TableColumn.Category) column, feature);
    }

    /** What each column that is used becomes, in order. */
    List<Encoding.Source> sources() {
        List<Encoding.Source> sources = new ArrayList<>();
        for (Column column : columns) {
            if (column != null) {
                sources.add(column.source(marks));
            }
        }
        return sources;
    }

    /** The number of features. */
    int width() {
        return width;
    }

    /** Whether a column of the schema has features. */
    boolean isUsed(int column) {
        return columns[column] != null;
    }

    /**
     * Writes the features of a cell.
     *
     * @param column of those of the schema, one that is used
     * @param cell   a text without spaces around it, a number, or null for none
     * @param strict whether to refuse what training never saw
     */
    Found encode(int column, Object cell, boolean strict, float[] out, int at) throws CellException {
        columns[column].clear(out, at);
        return columns[column].encode(isMissing(cell) ? null : cell, strict, out, at);
    }

    /** Writes the features of a number as {@link #encode} does, without an object; false if it takes more than standardising. */
    boolean encodeNumber(int column, double cell, float[] out, int at) {
        if (marked || !isFinite(cell) || !(columns[column] instanceof NumericColumn numbers)) {
            return false;
        }
        numbers.clear(out, at);
        return numbers.encodeFinite(cell, out, at);
    }

    /** What the cells of a column were expected to be, if they cannot be read. */
    String expected(int column) {
        return columns[column].expected();
    }

    /** The target that a cell says: the number of its class, or the standardised amount. */
    float target(Object cell) throws CellException {
        if (isMissing(cell)) {
            throw new CellException("the target, which each row must have");
        }
        return target.value(cell);
    }

    /** Whether a cell has no value, in the words of the schema. */
    boolean isMissing(Object cell) {
        if (cell == null || cell instanceof Number number && Double.isNaN(number.doubleValue())) {
            return true;
        }
        return cell instanceof String text ? marks.isMissing(text) : marked && marks.others().contains(text(cell));
    }

    /** What a cell would be in a file: there, a whole number has no point. */
    private static String text(Object cell) {
        return cell instanceof Number number && number.doubleValue() == number.longValue() ? Long.toString(number.longValue())
                : cell.toString();
    }

    private static double number(Object cell, boolean decimalComma) {
        double value = cell instanceof Number number ? number.doubleValue() : Decimal.parse(cell.toString(), decimalComma);
        return isFinite(value) ? value : Double.NaN;
    }

    /** Whether a number is finite as a float. */
    private static boolean isFinite(double value) {
        return Float.isFinite((float) value);
    }

    private static CellException tooFar() {
        return new CellException("a number nearer to those that were trained on");
    }

    /** Turns the cells of one column into features, which are zeros before. */
    private abstract static class Column {

        final String name;
        final int feature;
        private final int end;
        /** Where a 1 says that the value is missing, the last feature; -1 if no training row lacked one. */
        private final int missingFeature;

        /**
         * @param feature the place of the first feature
         */
        Column(TableColumn column, int feature) {
            this.name = column.name();
            this.feature = feature;
            this.end = feature + column.width();
            this.missingFeature = column.missing() > 0 ? end - 1 : -1;
        }

        final void clear(float[] out, int at) {
            Arrays.fill(out, at + feature, at + end, 0f);
        }

        Found encode(Object cell, boolean strict, float[] out, int at) throws CellException {
            if (cell != null) {
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

        /** For a cell that is not what it should be. */
        final Found unreadable(Object cell, boolean strict, float[] out, int at) throws CellException {
            if (strict) {
                throw new CellException(Decimal.expected(cell, expected()));
            }
            encodeMissing(out, at);
            return Found.UNREADABLE;
        }

        abstract String expected();

        final boolean isFlagged() {
            return missingFeature >= 0;
        }

        /** What {@link #encode} does to a value in memory. */
        abstract Encoding.Source source(MissingMarks marks);
    }

    private static final class NumericColumn extends Column {

        private final double mean;
        private final double deviation;
        private final boolean decimalComma;
        private final double least;
        private final double most;

        NumericColumn(TableColumn.Numeric column, int feature) {
            super(column, feature);
            this.mean = column.mean();
            this.deviation = column.deviation();
            this.decimalComma = column.decimalComma();
            this.least = column.least();
            this.most = column.most();
        }

        @Override
        Found encodeValue(Object cell, boolean strict, float[] out, int at) throws CellException {
            double value = number(cell, decimalComma);
            if (Double.isNaN(value)) {
                return unreadable(cell, strict, out, at);
            }
            if (!encodeFinite(value, out, at)) {
                throw tooFar();
            }
            return limited(value) == value ? Found.VALUE : Found.BEYOND;
        }

        /** Writes the feature of a number that is finite as a float; false if it is so far away that the feature is not. */
        boolean encodeFinite(double value, float[] out, int at) {
            float standardized = deviation > 0 ? (float) ((limited(value) - mean) / deviation) : 0f;
            out[at + feature] = standardized;
            return Float.isFinite(standardized);
        }

        private double limited(double value) {
            // max and min, which see to signs of zeros, take longer
            return least < value && value < most ? value : Math.max(least, Math.min(most, value));
        }

        @Override
        String expected() {
            return FINITE_NUMBER;
        }

        @Override
        Encoding.Source source(MissingMarks marks) {
            Set<Double> missing = new HashSet<>();
            for (String mark : marks.others()) {
                double number = Decimal.parse(mark);
                if (Double.isFinite(number) && text(number).equals(mark)) {
                    missing.add(number);
                }
            }
            return new Encoding.Numbers(name, mean, deviation, least, most, missing, isFlagged());
        }
    }

    private static final class DateColumn extends Column {

        private final TableColumn.Date column;

        DateColumn(TableColumn.Date column, int feature) {
            super(column, feature);
            this.column = column;
        }

        @Override
        Found encodeValue(Object cell, boolean strict, float[] out, int at) throws CellException {
            LocalDateTime when = DateText.read(text(cell), column.monthFirst());
            if (when == null) {
                return unreadable(cell, strict, out, at);
            }
            int place = at + feature;
            for (Part part : column.parts()) {
                switch (part) {
                    case YEAR -> out[place] = (float) ((when.getYear() - column.meanYear()) / column.deviationYear());
                    case MONTH -> circle((when.getDayOfYear() - 1.0) / when.toLocalDate().lengthOfYear(), out, place);
                    case WEEKDAY -> out[place + when.getDayOfWeek().ordinal()] = 1f;
                    case TIME -> circle(DateText.timeOfDay(when), out, place);
                    case DAYS -> out[place] = (float) ((DateText.days(when) - column.meanDays()) / column.deviationDays());
                    default -> throw new AssertionError(part);
                }
                place += part.width();
            }
            return Found.VALUE;
        }

        /** The place on a circle of what comes again and again. */
        private static void circle(double share, float[] out, int place) {
            out[place] = (float) StrictMath.sin(2 * Math.PI * share);
            out[place + 1] = (float) StrictMath.cos(2 * Math.PI * share);
        }

        @Override
        String expected() {
            return DATE;
        }

        @Override
        Encoding.Source source(MissingMarks marks) {
            List<Encoding.Part> parts = new ArrayList<>();
            for (Part part : column.parts()) {
                parts.add(switch (part) {
                    case YEAR -> new Encoding.Part(Kind.YEAR, column.meanYear(), column.deviationYear());
                    case MONTH -> new Encoding.Part(Kind.SEASON, 0, 1);
                    case WEEKDAY -> new Encoding.Part(Kind.WEEKDAY, 0, 1);
                    case TIME -> new Encoding.Part(Kind.TIME, 0, 1);
                    case DAYS -> new Encoding.Part(Kind.DAYS, column.meanDays(), column.deviationDays());
                });
            }
            return new Encoding.Dates(name, parts, isFlagged());
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
            for (int i = 0; i < values.size(); i++) {
                places.putIfAbsent(TableColumn.Category.unified(values.get(i)), i);
                places.putIfAbsent(withoutZeros(values.get(i)), i);
            }
            others = column.others() > 0;
        }

        /** A code as programs spoil it that take it for a number; a text that is none stays what it is. */
        private static String withoutZeros(String value) {
            return value.startsWith("0") && value.matches("[0-9]+") ? value.replaceFirst("^0+(?=.)", "") : value;
        }

        @Override
        Found encodeValue(Object cell, boolean strict, float[] out, int at) throws CellException {
            Integer own = places.get(cell.toString());
            if (own == null) {
                own = places.get(TableColumn.Category.unified(text(cell)));
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

        @Override
        String expected() {
            throw new AssertionError("each text is a category");
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
            int width = values.size() + (others ? 1 : 0) + (isFlagged() ? 1 : 0);
            Set<String> missing = new HashSet<>(marks.others());
            missing.addAll(marks.hasUsual() ? Table.MISSING : Set.of(""));
            missing.forEach(mark -> all.put(mark, isFlagged() ? width - 1 : -1));
            return new Encoding.Texts(name, all, others ? values.size() : -1, width);
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

        float value(Object cell) throws CellException {
            if (target instanceof TableTarget.Amount amount) {
                double value = number(cell, amount.decimalComma());
                if (Double.isNaN(value)) {
                    throw new CellException(Decimal.expected(cell, "a finite number, as the target of a regression is"));
                }
                float standardized = amount.standardize(value);
                if (!Float.isFinite(standardized)) {
                    throw tooFar();
                }
                return standardized;
            }
            Integer number = classes.get(cell);
            if (number == null) {
                number = classesByNumber.get(TargetValues.labelValue(cell.toString()));
            }
            if (number == null) {
                throw new CellException("a label that is known, one of " + Table.listed(target.labels(), LISTED));
            }
            return number;
        }
    }
}

package beras.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Turns the current row of a table into the numbers that its schema says. */
final class TableEncoder {

    /** At most so many values are listed in an error. */
    private static final int LISTED = 20;

    private final Table table;
    private final int width;
    private final ColumnEncoder[] columns;
    /** Null if targets are not read. */
    private final TargetEncoder target;
    private boolean strict;

    /**
     * @throws DataException if the table lacks a column
     */
    TableEncoder(Table table, TableSchema schema, boolean targets) throws DataException {
        this.table = table;
        List<ColumnEncoder> encoders = new ArrayList<>();
        int feature = 0;
        for (TableColumn column : schema.columns()) {
            if (!column.features().isEmpty()) {
                encoders.add(column instanceof TableColumn.Numeric numeric
                        ? new NumericEncoder(numeric, feature) : new CategoryEncoder((TableColumn.Category) column, feature));
                feature += column.features().size();
            }
        }
        this.width = feature;
        this.columns = encoders.toArray(ColumnEncoder[]::new);
        this.target = targets ? new TargetEncoder(schema.target()) : null;
    }

    int width() {
        return width;
    }

    void strict() {
        strict = true;
    }

    /** Writes the features of the row. */
    void features(float[] out, int at) throws DataException {
        Arrays.fill(out, at, at + width, 0f);
        for (ColumnEncoder column : columns) {
            column.encode(table.cell(column.place), out, at + column.feature);
        }
    }

    boolean hasTarget() {
        return target != null;
    }

    /** The target of the row. */
    float target() throws DataException {
        return target.value(table.cell(target.place));
    }

    Map<String, Long> missing() {
        return counts(column -> column.missing);
    }

    Map<String, Long> unlisted() {
        return counts(column -> column.unlisted);
    }

    private Map<String, Long> counts(ToLongFunction<ColumnEncoder> count) {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (ColumnEncoder column : columns) {
            if (count.applyAsLong(column) > 0) {
                counts.put(table.columns().get(column.place), count.applyAsLong(column));
            }
        }
        return counts;
    }

    private double number(int place, String cell, String expected) throws DataException {
        double value = Decimal.parse(cell);
        if (!Double.isFinite(value)) {
            throw table.error(place, expected);
        }
        return value;
    }

    private float requireFinite(int place, float standardized) throws DataException {
        if (!Float.isFinite(standardized)) {
            throw table.error(place, "a number nearer to those that were trained on");
        }
        return standardized;
    }

    /** Turns the cells of one column into features, which are zeros before. */
    private abstract class ColumnEncoder {

        final int place;
        final int feature;
        /** Where a 1 says that the value is missing, the last feature; -1 if no training row lacked one. */
        private final int missingFeature;
        private long missing;
        long unlisted;

        /**
         * @param feature the place of the first feature
         */
        ColumnEncoder(TableColumn column, int feature) throws DataException {
            this.place = table.column(column.name(), "which the model needs");
            this.feature = feature;
            this.missingFeature = column.missing() > 0 ? column.features().size() - 1 : -1;
        }

        void encode(String cell, float[] out, int at) throws DataException {
            if (!Table.isMissing(cell)) {
                encodeValue(cell, out, at);
                return;
            }
            missing++;
            if (missingFeature >= 0) {
                out[at + missingFeature] = 1f;
            } else if (strict) {
                throw table.error(place, "a value, as in all rows that were trained on");
            }
        }

        abstract void encodeValue(String cell, float[] out, int at) throws DataException;
    }

    private final class NumericEncoder extends ColumnEncoder {

        private final double mean;
        private final double deviation;

        NumericEncoder(TableColumn.Numeric column, int feature) throws DataException {
            super(column, feature);
            this.mean = column.mean();
            this.deviation = column.deviation();
        }

        @Override
        void encodeValue(String cell, float[] out, int at) throws DataException {
            double value = number(place, cell, "a finite number, as in a column of numbers");
            if (deviation > 0) {
                out[at] = requireFinite(place, (float) ((value - mean) / deviation));
            }
        }
    }

    private final class CategoryEncoder extends ColumnEncoder {

        private final Map<String, Integer> features = new LinkedHashMap<>();
        private final boolean others;

        CategoryEncoder(TableColumn.Category column, int feature) throws DataException {
            super(column, feature);
            column.values().forEach(value -> features.put(value, features.size()));
            this.others = column.others() > 0;
        }

        @Override
        void encodeValue(String cell, float[] out, int at) throws DataException {
            Integer own = features.get(cell);
            if (own != null) {
                out[at + own] = 1f;
                return;
            }
            if (strict) {
                throw table.error(place, "a value that the model lists, one of "
                        + Table.listed(List.copyOf(features.keySet()), LISTED));
            }
            unlisted++;
            if (others) {
                out[at + features.size()] = 1f;
            }
        }
    }

    /** Turns the cells of the target into numbers. */
    private final class TargetEncoder {

        private final int place;
        private final TableTarget target;
        private final Map<String, Integer> classes = new LinkedHashMap<>();
        /** The classes by number, empty if a label is not one. */
        private final Map<Double, Integer> classesByNumber = new HashMap<>();

        TargetEncoder(TableTarget target) throws DataException {
            this.place = table.column(target.name(), "the target");
            this.target = target;
            if (target instanceof TableTarget.Labels labels) {
                labels.labels().forEach(label -> classes.put(label, classes.size()));
                if (labels.labels().stream().allMatch(label -> Double.isFinite(Decimal.parse(label)))) {
                    classes.forEach((label, number) -> classesByNumber.put(TableInference.labelValue(label), number));
                }
            }
        }

        float value(String cell) throws DataException {
            if (Table.isMissing(cell)) {
                throw table.error(place, "the target, which each row must have");
            }
            if (target instanceof TableTarget.Amount amount) {
                double value = number(place, cell, "a finite number, as the target of a regression is");
                return requireFinite(place, amount.standardize(value));
            }
            Integer number = classes.get(cell);
            if (number == null) {
                number = classesByNumber.get(TableInference.labelValue(cell));
            }
            if (number == null) {
                throw table.error(place, "a label that is known, one of "
                        + Table.listed(List.copyOf(classes.keySet()), LISTED));
            }
            return number;
        }
    }
}

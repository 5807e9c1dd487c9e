package beras.data.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;

/** What the training rows of a table told about one column, and so the features that it becomes. */
public sealed interface TableColumn {

    /** How a column is read. */
    enum Type {
        /** A number, which is standardised. */
        NUMERIC,
        /** One of some texts, which becomes one-hot. */
        CATEGORY,
        /** A date, a time or both, which become what differs of year, season, day of the week, time of day and elapsed days. */
        DATE,
        /** Left out. */
        IGNORED
    }

    /** The column's name. */
    String name();

    /** What it is taken for. */
    Type type();

    /** How many training rows have no value here. */
    long missing();

    /** What a person should know about it, such as why it is left out; empty if nothing. */
    String note();

    /** The names of the features that it becomes, in order. */
    List<String> features();

    /** The number of features that it becomes. */
    int width();

    /**
     * A column of numbers: {@code (x - mean) / deviation}, then a 1 where the value is missing, if any training row lacked
     * it. The mean stands for a missing value, and for a cell that is no number, which counts as missing. A number beyond those of
     * training counts as the nearest of them, for a net knows nothing of what lies beyond.
     *
     * @param mean         of the training rows
     * @param deviation    of the training rows, dividing by their number; 0 if all values are one, and then there is no feature
     *                     but that of missing values
     * @param decimalComma whether decimals come after a comma, as in {@code 1.234,5}
     * @param least        the smallest number of the training rows; negative infinity if there is no limit
     * @param most         the largest one; infinity if there is no limit
     */
    record Numeric(String name, long missing, String note, double mean, double deviation, boolean decimalComma, double least,
            double most) implements TableColumn {

        /** Numbers without limits. */
        public Numeric(String name, long missing, String note, double mean, double deviation, boolean decimalComma) {
            this(name, missing, note, mean, deviation, decimalComma, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }

        /** Numbers without limits, whose decimals come after a point. */
        public Numeric(String name, long missing, String note, double mean, double deviation) {
            this(name, missing, note, mean, deviation, false);
        }

        /**
         * @throws IllegalArgumentException if a number is not finite or below 0, or no feature comes of the column
         */
        public Numeric {
            requireBasics(name, missing, note);
            if (!Double.isFinite(mean) || !(deviation >= 0 && deviation <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("Column " + name
                        + ": mean and deviation must be finite, the deviation at least 0."
                        + " Received: " + mean + " and " + deviation);
            }
            if (!(least <= most)) {
                throw new IllegalArgumentException("Column " + name + ": the smallest number must not be above the largest."
                        + " Received: " + least + " and " + most);
            }
            if (deviation == 0 && missing == 0) {
                throw new IllegalArgumentException("Column " + name
                        + ": the deviation of a column that is never missing must be"
                        + " above 0. Received: " + deviation);
            }
        }

        @Override
        public Type type() {
            return Type.NUMERIC;
        }

        @Override
        public List<String> features() {
            List<String> features = new ArrayList<>();
            if (deviation > 0) {
                features.add(name);
            }
            if (missing > 0) {
                features.add(name + " is missing");
            }
            return features;
        }

        @Override
        public int width() {
            return (deviation > 0 ? 1 : 0) + (missing > 0 ? 1 : 0);
        }
    }

    /**
     * A column of texts: a 1 at the value's place, then one for all other values, if any training row had such, then one for
     * a missing value, likewise.
     *
     * <p>What no training row had (an unknown value where none was rare, a missing one where none was missing) is all zeros:
     * a place of its own would be one that training never saw, with weights as random as at the start.
     *
     * <p>Where no value says otherwise, {@code TRUE} and {@code True} are {@code true}, likewise false, and {@code 501} is the
     * code {@code 00501}.
     *
     * @param values the most frequent ones, in the order of their text
     * @param others how many training rows have another value
     */
    record Category(String name, long missing, String note, List<String> values, long others) implements TableColumn {

        /**
         * @throws IllegalArgumentException if a value is there twice or a number is below 0
         */
        public Category {
            requireBasics(name, missing, note);
            values = List.copyOf(values);
            if (values.isEmpty() || new HashSet<>(values).size() < values.size()) {
                throw new IllegalArgumentException("Column " + name + ": values must be at least one, and differ. Received: "
                        + values);
            }
            if (others < 0) {
                throw new IllegalArgumentException("Column " + name + ": others must be at least 0. Received: " + others);
            }
        }

        /** The spelling that stands for all those of true and false. */
        static String unified(String value) {
            return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false") ? value.toLowerCase(Locale.ROOT) : value;
        }

        @Override
        public Type type() {
            return Type.CATEGORY;
        }

        @Override
        public List<String> features() {
            List<String> features = new ArrayList<>();
            values.forEach(value -> features.add(name + " = " + value));
            if (others > 0) {
                features.add(name + " is another");
            }
            if (missing > 0) {
                features.add(name + " is missing");
            }
            return features;
        }

        @Override
        public int width() {
            return values.size() + (others > 0 ? 1 : 0) + (missing > 0 ? 1 : 0);
        }
    }

    /**
     * A column of dates, times or both: the features of its {@link Part}s, then a 1 where the value is missing, if any training
     * row lacked it. A missing value, and a cell that is no date, has zeros in all parts.
     *
     * <p>Dates are as in {@code 2024-01-31}, {@code 2024-01-31T12:30:45+01:00}, {@code 31.01.2024 12:30}, {@code
     * 1/31/24 1:30 PM}, {@code Jan 31, 2024}, {@code 31-Jan-2024}, {@code 2024-01}, {@code 20240131} or {@code 12:30}, with
     * English names, of the years 1 to 9999. Two digits from 69 on are a year of the last century. The time is that of the clock
     * where it was written.
     * @param monthFirst    whether {@code 1/2/2024} is the second of January, not the first of February
     * @param parts         what differs from one training row to another
     * @param meanDays      of the training rows, in days since the beginning of 1970
     * @param deviationDays of the training rows, dividing by their number; above 0 if elapsed days are a part
     * @param meanYear      of the training rows
     * @param deviationYear of the training rows; above 0 if the year is a part
     */
    record Date(String name, long missing, String note, boolean monthFirst, List<Part> parts, double meanDays,
            double deviationDays,
            double meanYear, double deviationYear) implements TableColumn {

        /** What a date becomes, in this order. */
        public enum Part {
            /** The year, standardised. */
            YEAR("year"),
            /** How much of the year is over, as sine and cosine, so that December is near January. */
            MONTH("month, sine", "month, cosine"),
            /** One-hot, as no day of the week is between two others. */
            WEEKDAY("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
            /** How much of the day is over, as sine and cosine. */
            TIME("time of day, sine", "time of day, cosine"),
            /** Days with their fraction, standardised. */
            DAYS("elapsed days");

            private final List<String> features;

            Part(String... features) {
                this.features = List.of(features);
            }

            /** How many features it becomes. */
            int width() {
                return features.size();
            }

            /** As a person says it. */
            @Override
            public String toString() {
                return this == WEEKDAY ? "day of the week" : features.get(0).replace(", sine", "");
            }
        }

        /**
         * @throws IllegalArgumentException if a number is not finite, a deviation is below 0 or that of a part not above, parts
         *         are not in their order, or no feature comes of the column
         */
        public Date {
            requireBasics(name, missing, note);
            parts = List.copyOf(parts);
            if (!parts.equals(List.copyOf(new TreeSet<>(parts))) || parts.isEmpty() && missing == 0) {
                throw new IllegalArgumentException("Column " + name
                        + ": parts of a date must differ and be in their order, at least one"
                        + " if it is never missing. Received: " + parts);
            }
            requireMoments(name, meanDays, deviationDays, parts.contains(Part.DAYS));
            requireMoments(name, meanYear, deviationYear, parts.contains(Part.YEAR));
        }

        private static void requireMoments(String name, double mean, double deviation, boolean used) {
            if (!Double.isFinite(mean) || !(deviation >= (used ? Double.MIN_NORMAL : 0) && deviation <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("Column " + name
                        + ": mean and deviation must be finite, the deviation at least 0, above"
                        + " it if it is used. Received: " + mean + " and " + deviation);
            }
        }

        @Override
        public Type type() {
            return Type.DATE;
        }

        @Override
        public List<String> features() {
            List<String> features = new ArrayList<>();
            parts.forEach(part -> part.features.forEach(feature -> features.add(name + " " + feature)));
            if (missing > 0) {
                features.add(name + " is missing");
            }
            return features;
        }

        @Override
        public int width() {
            return parts.stream().mapToInt(Part::width).sum() + (missing > 0 ? 1 : 0);
        }
    }

    /** A column that is left out; the note says why. */
    record Ignored(String name, long missing, String note) implements TableColumn {

        /**
         * @throws IllegalArgumentException if {@code missing} is below 0
         */
        public Ignored {
            requireBasics(name, missing, note);
        }

        @Override
        public Type type() {
            return Type.IGNORED;
        }

        @Override
        public List<String> features() {
            return List.of();
        }

        @Override
        public int width() {
            return 0;
        }
    }

    private static void requireBasics(String name, long missing, String note) {
        Objects.requireNonNull(note);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("A column must have a name. Received: an empty one");
        }
        if (missing < 0) {
            throw new IllegalArgumentException("Column " + name + ": missing must be at least 0. Received: " + missing);
        }
    }
}

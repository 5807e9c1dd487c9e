package beras.data.table;

import beras.config.Config;
import beras.config.Configurable;
import beras.data.ClassWeights;
import beras.data.rows.Decimal;
import beras.feed.Encoding;
import beras.feed.Prediction;
import beras.tensor.Shape;
import beras.training.Targets;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/** The column that a table's rows are to predict. */
public sealed interface TableTarget extends Configurable, Targets {

    /** What is predicted. */
    enum Task {
        /** One of some labels. */
        CLASSIFICATION,
        /** A number. */
        REGRESSION
    }

    /** The column's name. */
    String name();

    /** What is predicted. */
    Task task();

    /** How many outputs a model of it has: one for each label, or one for an amount. */
    default int width() {
        return Math.max(1, labels().size());
    }

    /** All labels; empty for an amount. */
    @Override
    default List<String> labels() {
        return List.of();
    }

    /** How many training rows have each label; empty for an amount. */
    default List<Long> counts() {
        return List.of();
    }

    /** What an error of 1 in training is in units of the table; 1 for labels. */
    default double unit() {
        return 1;
    }

    @Override
    default Shape targetShape() {
        return Shape.of(width());
    }

    @Override
    default double[] balancedClassWeights() {
        return ClassWeights.balanced(counts().stream().mapToLong(Long::longValue).toArray());
    }

    /**
     * What outputs of a model mean.
     *
     * @param output holds {@link #width} numbers from index {@code at} on
     * @throws IllegalArgumentException if one of them is not finite, or the amount is not
     */
    Prediction decode(float[] output, int at);

    /** What {@link #decode} does, for files that have other systems do the same. */
    Encoding.Meaning meaning();

    /** A prediction as text: the label, or the amount in as many digits as mean something. */
    String render(Prediction prediction);

    /** Whether text of the column has a decimal comma: then a number must not be read as text. */
    default boolean decimalComma() {
        return false;
    }

    /**
     * The target that has this config.
     *
     * @throws IllegalArgumentException if there is no such type, or a setting is missing or wrong
     */
    static TableTarget of(Config config) {
        String name = config.text("name");
        return switch (config.type()) {
            case "Labels" -> new Labels(name, config.texts("labels"), config.wholes("counts"));
            case "Amount" -> new Amount(name, config.number("mean"), config.number("deviation"), NumericColumn.hasComma(config));
            default -> throw new IllegalArgumentException("A target is Labels or Amount. Received: " + config.type());
        };
    }

    /**
     * One of some labels: class {@code c} is the {@code c}-th of them.
     *
     * @param labels all labels of the file, in ascending order: as numbers if all are numbers, else as text
     * @param counts how many training rows have each
     */
    record Labels(String name, List<String> labels, List<Long> counts) implements TableTarget {

        /**
         * @throws IllegalArgumentException if there are fewer than two labels, one is there twice, or the counts do not fit
         */
        public Labels {
            labels = List.copyOf(labels);
            counts = List.copyOf(counts);
            if (labels.size() < 2 || new HashSet<>(labels).size() < labels.size()) {
                throw new IllegalArgumentException("Target " + name + ": labels must be at least two, and differ. Received: "
                        + labels);
            }
            if (counts.size() != labels.size() || counts.stream().anyMatch(count -> count < 0)) {
                throw new IllegalArgumentException("Target " + name + ": each of the " + labels.size()
                        + " labels needs a count of at least 0. Received: " + counts);
            }
        }

        @Override
        public Task task() {
            return Task.CLASSIFICATION;
        }

        @Override
        public Prediction decode(float[] output, int at) {
            return Prediction.ofLabels(labels, Arrays.copyOfRange(output, at, at + labels.size()));
        }

        @Override
        public Encoding.Meaning meaning() {
            return new Encoding.Labels(labels, labels.size());
        }

        @Override
        public Config config() {
            return Config.of("Labels").with("name", name).with("labels", labels).with("counts", counts);
        }

        @Override
        public String render(Prediction prediction) {
            return prediction.label();
        }

        /** Whether all labels are finite numbers. */
        public boolean areNumbers() {
            return labels.stream().allMatch(label -> Double.isFinite(Decimal.parse(label)));
        }
    }

    /**
     * A number. Training sees {@code (y - mean) / deviation}, so that a net learns prices of 200,000 as well as shares of
     * 0.2; {@link #restore} takes what it predicts back.
     *
     * @param mean      of the training rows
     * @param deviation of the training rows, dividing by their number
     * @param decimalComma whether decimals come after a comma, as in {@code 1.234,5}
     */
    record Amount(String name, double mean, double deviation, boolean decimalComma) implements TableTarget {

        /** Numbers whose decimals come after a point. */
        public Amount(String name, double mean, double deviation) {
            this(name, mean, deviation, false);
        }

        /** A float holds some seven digits, so more than a millionth of the deviation would be noise. */
        private static final int MEANINGFUL_DIGITS = 6;

        /**
         * @throws IllegalArgumentException if the mean is not finite, or the deviation not finite and above 0
         */
        public Amount {
            if (!Double.isFinite(mean) || !(deviation > 0 && deviation <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("Target " + name
                        + ": mean and deviation must be finite, the deviation above 0."
                        + " Received: " + mean + " and " + deviation);
            }
        }

        @Override
        public Task task() {
            return Task.REGRESSION;
        }

        @Override
        public double unit() {
            return deviation;
        }

        @Override
        public Prediction decode(float[] output, int at) {
            return Prediction.ofAmount(restore(output[at]));
        }

        @Override
        public Encoding.Meaning meaning() {
            return new Encoding.Amount(mean, deviation);
        }

        @Override
        public Config config() {
            return Config.of("Amount").with("name", name).with("mean", mean).with("deviation", deviation)
                    .with(NumericColumn.DECIMAL_MARK, NumericColumn.mark(decimalComma));
        }

        @Override
        public String render(Prediction prediction) {
            BigDecimal exact = new BigDecimal(deviation);
            int wholeDigits = exact.precision() - exact.scale();
            int decimals = Math.max(0, MEANINGFUL_DIGITS + 1 - wholeDigits);
            return new BigDecimal(prediction.amount()).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
        }

        /** The value that stands for a number of the table in training. */
        public float standardize(double value) {
            return (float) ((value - mean) / deviation);
        }

        /** The number of the table for what a model predicts; an error in units of the table is {@code deviation} times one. */
        public double restore(double standardized) {
            return mean + deviation * standardized;
        }
    }
}

package beras.data.table;

import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.config.Configurable;
import beras.config.SettingException;
import beras.data.ClassWeights;
import beras.data.rows.Decimal;
import beras.prediction.Encoding;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import beras.training.Targets;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/** The column that a table's rows are to predict. */
public sealed interface TableTarget extends Configurable, Targets {

    /** The prediction task. */
    enum Task {
        /** One of some labels. */
        CLASSIFICATION,
        /** A number. */
        REGRESSION
    }

    /** The distribution of a number around its prediction: it decides loss, output and scale of a network. */
    enum Distribution {
        /** Errors vary as much whatever is predicted: squared errors of the standardised number. */
        NORMAL,
        /**
         * The spread grows with the prediction: a network outputs the logarithm, so that effects multiply, and its Poisson loss
         * is least at the mean, of counts and of any other numbers of at least 0.
         */
        POISSON
    }

    /** Which numbers there are among the numbers of all rows. */
    enum Range {
        /** Some are negative. */
        ALL,
        /** None is below 0. */
        NOT_NEGATIVE,
        /** All are whole, and none is below 0. */
        COUNTS
    }

    /** The column's name. */
    String name();

    /** The prediction task. */
    Task task();

    /** How many outputs a model of it has: one for each label, or one for a number. */
    default int width() {
        return Math.max(1, labels().size());
    }

    /** All labels; empty for a number. */
    @Override
    default List<String> labels() {
        return List.of();
    }

    /** How many training rows have each label; empty for a number. */
    default List<Long> counts() {
        return List.of();
    }

    /** The size of an error of 1 in training, in units of the table; 1 for labels. */
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
     * Decodes outputs of a model.
     *
     * @param output holds {@link #width} numbers from index {@code at} on
     * @throws IllegalArgumentException if one of them is not finite, or the number is not
     */
    Prediction decode(float[] output, int at);

    /** The form of {@link #decode} for files in which other systems decode outputs. */
    Encoding.Meaning meaning();

    /** A prediction as text: the label, or the number in as many digits as mean something. */
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
            case "Amount" -> new Regression(name, config.number("mean"), config.number("deviation"),
                    NumericColumn.hasComma(config),
                    Regression.value(Range.ALL, config, Regression.RANGE),
                    Regression.value(Distribution.NORMAL, config, Regression.DISTRIBUTION),
                    config.has(Regression.MOST) ? config.number(Regression.MOST) : Double.POSITIVE_INFINITY);
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
     * A number. Training sees {@code (y - mean) / deviation}, so that a network learns prices of 200,000 as well as shares of
     * 0.2; with the distribution {@link Distribution#POISSON} it sees {@code y / mean}. {@link #restore} takes such numbers
     * back.
     *
     * @param mean      of the training rows
     * @param deviation of the training rows, dividing by their number
     * @param decimalComma whether decimals come after a comma, as in {@code 1.234,5}
     * @param range        which numbers there are: if none is below 0, no prediction is
     * @param most         the largest of the training rows, which no prediction by a logarithm exceeds, as that may grow without end
     */
    record Regression(String name, double mean, double deviation, boolean decimalComma, Range range, Distribution distribution,
            double most)
            implements TableTarget {

        private static final String RANGE = "range";
        private static final String MOST = "most";
        private static final String DISTRIBUTION = "distribution";

        /** Numbers of any sign whose decimals come after a point. */
        public Regression(String name, double mean, double deviation) {
            this(name, mean, deviation, false, Range.ALL, Distribution.NORMAL, Double.POSITIVE_INFINITY);
        }

        /** A float holds some seven digits, so more than a millionth of the deviation would be noise. */
        private static final int MEANINGFUL_DIGITS = 6;

        /**
         * @throws IllegalArgumentException if the mean is not finite, the deviation not finite and above 0, or the distribution none of
         *     numbers that may be negative
         */
        public Regression {
            if (!Double.isFinite(mean) || !(deviation > 0 && deviation <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("Target " + name
                        + ": mean and standard deviation must be finite, the second above 0."
                        + " Received: " + mean + " and " + deviation);
            }
            if (distribution == Distribution.POISSON && range == Range.ALL) {
                throw new SettingException("distribution", "poisson is for a target of numbers of at least 0. Received: " + name
                        + ", some of whose numbers are negative. Take normal");
            }
        }

        @Override
        public Task task() {
            return Task.REGRESSION;
        }

        /** The same numbers, of another distribution. */
        @CheckReturnValue
        public Regression with(Distribution other) {
            return new Regression(name, mean, deviation, decimalComma, range, other, most);
        }

        @Override
        public boolean isNotNegative() {
            return distribution == Distribution.POISSON;
        }

        @Override
        public double unit() {
            return distribution == Distribution.POISSON ? mean : deviation;
        }

        @Override
        public Prediction decode(float[] output, int at) {
            return Prediction.ofValue(predicted(output[at]));
        }

        @Override
        public Encoding.Regression meaning() {
            return new Encoding.Regression(distribution == Distribution.POISSON ? 0 : mean, unit(),
                    range == Range.ALL ? Double.NEGATIVE_INFINITY : 0, distribution == Distribution.POISSON ? most : Double.POSITIVE_INFINITY);
        }

        @Override
        public Config config() {
            Config config = Config.of("Amount").with("name", name).with("mean", mean).with("deviation", deviation)
                    .with(NumericColumn.DECIMAL_MARK, NumericColumn.mark(decimalComma)).with(RANGE, word(range))
                    .with(DISTRIBUTION, word(distribution));
            return Double.isInfinite(most) ? config : config.with(MOST, most);
        }

        private static String word(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT);
        }

        /** @param absent of earlier files, which do not have it */
        private static <E extends Enum<E>> E value(E absent, Config config, String name) {
            return config.has(name) ? Enum.valueOf(absent.getDeclaringClass(), config.text(name).toUpperCase(Locale.ROOT)) : absent;
        }

        @Override
        public String render(Prediction prediction) {
            BigDecimal exact = new BigDecimal(deviation);
            int wholeDigits = exact.precision() - exact.scale();
            int decimals = Math.max(0, MEANINGFUL_DIGITS + 1 - wholeDigits);
            return new BigDecimal(prediction.value()).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
        }

        /** The value that stands for a number of the table in training. */
        public float standardize(double value) {
            return (float) (distribution == Distribution.POISSON ? value / mean : (value - mean) / deviation);
        }

        /** The number of the table that {@link #standardize} made this of; an error in units of the table is {@link #unit} times one. */
        public double restore(double standardized) {
            return distribution == Distribution.POISSON ? mean * standardized : mean + deviation * standardized;
        }

        /** The prediction for an output: {@link #restore}, clipped to the range of the target. */
        public double predicted(double output) {
            return meaning().value(output);
        }
    }
}

package beras.prediction;

import beras.config.Config;
import beras.config.Configurable;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Temperature scaling, which calibrates the probabilities of a classifier: their logarithms are divided by a temperature and
 * normalized again, so that nine in ten predictions with a confidence of 0.9 are right (Guo, Pleiss, Sun and Weinberger, On
 * Calibration of Modern Neural Networks, 2017); and optionally a rejection threshold, a confidence below which the most likely
 * label is rejected. A model file stores both next to the weights, which do not change. Immutable.
 *
 * <pre>{@code
 * Optional<Calibration> calibration = Calibration.fit(model.predict(held.inputs()), classes);
 * ModelFile.save(new SavedModel(model).preprocessor(preprocessor).calibration(calibration.get()), file);
 * }</pre>
 *
 * <p>The predicted label does not change, because the order of the probabilities does not.
 *
 * @param temperature   the divisor of the logarithms of probabilities: below 1 the model becomes more confident, above 1 less
 * @param examples      to how many examples the temperature is fitted
 * @param bound         the confidence below which the most likely label is no answer, 0 to 1; empty if it always is one
 * @param outliers      the number of outliers used
 * @param outliersBelow how many of them are below the bound
 */
public record Calibration(double temperature, int examples, OptionalDouble bound, int outliers, int outliersBelow)
        implements Configurable {

    /** The largest share of correctly classified held-out examples with less confidence than the threshold. */
    public static final double REFUSED = 0.0025;

    /** Temperatures are from 1 / MOST to MOST. */
    private static final double MOST = 20;
    /** Steps of the search, after which 1e-7 of the range is left. */
    private static final int STEPS = 40;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    /** Temperatures have four decimals and thresholds two: users read them, and more digits are not significant. */
    private static final double TEMPERATURE_PARTS = 1e4;
    private static final double BOUND_PARTS = 100;
    /** Less is taken for this: smaller floats have fewer digits, and zero has no logarithm. */
    private static final double LEAST = Float.MIN_NORMAL;
    /** The exponential of less adds nothing to a sum of at least 1. */
    private static final double NEGLIGIBLE = -40;

    private static final String TEMPERATURE = "temperature";
    private static final String EXAMPLES = "examples";
    private static final String BOUND = "bound";
    private static final String OUTLIERS = "outliers";
    private static final String OUTLIERS_BELOW = "outliersBelow";

    /** @throws IllegalArgumentException if a number is out of range */
    public Calibration {
        require("expected a temperature from " + 1 / MOST + " to " + MOST, temperature >= 1 / MOST && temperature <= MOST,
                temperature);
        require("expected at least 1 of the " + EXAMPLES, examples >= 1, examples);
        if (bound.isPresent()) {
            require("expected a " + BOUND + " from 0 to 1", bound.getAsDouble() >= 0 && bound.getAsDouble() <= 1, bound.getAsDouble());
            require("expected at least 1 of the " + OUTLIERS + ", and no more below the bound", outliers >= 1 && outliersBelow >= 0
                    && outliersBelow <= outliers, outliers + " and " + outliersBelow);
        }
    }

    // ------------------------------------------------------------------------------------------------------ fitting

    /**
     * Fits the temperature of the lowest log loss to examples that were not trained on. Its logarithm has a normal prior of
     * deviation 1, which weighs no more than an example: a few examples that are all predicted rightly do not make the model sure
     * of everything.
     *
     * <p>Rows behind the examples are of outliers, which show none of the classes. A model that was trained on such is too modest
     * about examples, and no temperature makes it less so and as modest about outliers: one fitted to both is about 1. So the
     * temperature is fitted to the examples alone, and outliers have the threshold, which follows from the examples, too: the
     * share {@link #REFUSED} of the correctly classified ones is below it, or a little less. How many outliers are below it is
     * kept. Without outliers there is no threshold.
     *
     * <p>The same bits on any machine: in double, in one order.
     *
     * @param probabilities the outputs of the model, {@code (count, classes)}, for examples and then for outliers
     * @param classes       the class of each example, from 0
     * @return empty if there is no example, or a row holds no probabilities
     * @throws IllegalArgumentException if the numbers of rows or classes do not fit
     */
    public static Optional<Calibration> fit(Tensor probabilities, int[] classes) {
        if (probabilities.rank() != 2 || probabilities.dim(0) < classes.length
                || Arrays.stream(classes).anyMatch(label -> label < 0 || label >= probabilities.dim(1))) {
            throw new IllegalArgumentException("A calibration needs the probabilities (count, classes) of all examples. Received:"
                    + " shape " + probabilities.shape() + " and " + classes.length + " classes, "
                    + Arrays.stream(classes).summaryStatistics());
        }
        if (classes.length == 0 || !IntStream.range(0, probabilities.dim(0))
                .allMatch(row -> Prediction.areProbabilities(probabilities.slice(row, row + 1).toArray()))) {
            return Optional.empty();
        }
        double[][] logs = logs(probabilities);
        double temperature = Math.round(minimum(logs, classes) * TEMPERATURE_PARTS) / TEMPERATURE_PARTS;
        int outliers = logs.length - classes.length;
        if (outliers == 0) {
            return Optional.of(new Calibration(temperature, classes.length, OptionalDouble.empty(), 0, 0));
        }
        double[] right = new double[classes.length];
        int count = 0;
        for (int i = 0; i < classes.length; i++) {
            if (best(logs[i]) == classes[i]) {
                right[count++] = confidence(logs[i], temperature);
            }
        }
        Arrays.sort(right, 0, count);
        double bound = count == 0 ? 0 : Math.floor(right[(int) (count * REFUSED)] * BOUND_PARTS) / BOUND_PARTS;
        int below = 0;
        for (int i = classes.length; i < logs.length; i++) {
            below += confidence(logs[i], temperature) < bound ? 1 : 0;
        }
        return Optional.of(new Calibration(temperature, classes.length, OptionalDouble.of(bound), outliers, below));
    }

    private static double[][] logs(Tensor probabilities) {
        double[][] logs = new double[probabilities.dim(0)][probabilities.dim(1)];
        for (int row = 0; row < logs.length; row++) {
            for (int label = 0; label < logs[row].length; label++) {
                logs[row][label] = StrictMath.log(Math.max(LEAST, probabilities.get(row, label)));
            }
        }
        return logs;
    }

    /** Golden-section search over its logarithm. */
    private static double minimum(double[][] logs, int[] classes) {
        double from = -StrictMath.log(MOST);
        double to = -from;
        double left = to - GOLDEN * (to - from);
        double right = from + GOLDEN * (to - from);
        double atLeft = cost(logs, classes, left);
        double atRight = cost(logs, classes, right);
        for (int step = 0; step < STEPS; step++) {
            if (atLeft < atRight) {
                to = right;
                right = left;
                atRight = atLeft;
                left = to - GOLDEN * (to - from);
                atLeft = cost(logs, classes, left);
            } else {
                from = left;
                left = right;
                atLeft = atRight;
                right = from + GOLDEN * (to - from);
                atRight = cost(logs, classes, right);
            }
        }
        return StrictMath.exp((from + to) / 2);
    }

    /** The log loss of all examples, plus the prior. */
    private static double cost(double[][] logs, int[] classes, double logTemperature) {
        double temperature = StrictMath.exp(logTemperature);
        double sum = logTemperature * logTemperature / 2;
        for (int i = 0; i < classes.length; i++) {
            int best = best(logs[i]);
            sum += StrictMath.log(sum(logs[i], best, temperature)) + (logs[i][best] - logs[i][classes[i]]) / temperature;
        }
        return sum;
    }

    private static double confidence(double[] logs, double temperature) {
        return 1 / sum(logs, best(logs), temperature);
    }

    /** The sum of the probabilities at a temperature, relative to the largest. */
    private static double sum(double[] logs, int best, double temperature) {
        double sum = 0;
        for (double log : logs) {
            double less = (log - logs[best]) / temperature;
            sum += less < NEGLIGIBLE ? 0 : StrictMath.exp(less);
        }
        return sum;
    }

    private static int best(double[] logs) {
        int best = 0;
        for (int label = 1; label < logs.length; label++) {
            best = logs[label] > logs[best] ? label : best;
        }
        return best;
    }

    // ----------------------------------------------------------------------------------------------------- applying

    /**
     * Probabilities at the temperature: {@code softmax(log(p) / temperature)}.
     *
     * @param probabilities {@code (count, classes)}
     */
    public Tensor apply(Tensor probabilities) {
        return probabilities.maximum(LEAST).log().divide(temperature).softmax(-1);
    }

    /** All of it in words. */
    @Override
    public String toString() {
        return "temperature " + temperature + ", fitted to " + counted(examples, "held-out example") + (bound.isEmpty() ? ""
                : "; of no label below " + bound.getAsDouble() + ", as " + outliersBelow + " of " + counted(outliers, "outlier"));
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    // ---------------------------------------------------------------------------------------------------- in files

    @Override
    public Config config() {
        Config config = Config.of(getClass()).with(TEMPERATURE, temperature).with(EXAMPLES, examples);
        return bound.isEmpty() ? config : config.with(BOUND, bound.getAsDouble()).with(OUTLIERS, outliers)
                .with(OUTLIERS_BELOW, outliersBelow);
    }

    /**
     * Creates the calibration that {@link #config} describes.
     *
     * @throws IllegalArgumentException if it is no such config
     */
    public static Calibration of(Config config) {
        config.requireOnly(TEMPERATURE, EXAMPLES, BOUND, OUTLIERS, OUTLIERS_BELOW);
        boolean rejects = config.has(BOUND);
        return new Calibration(config.number(TEMPERATURE), config.integer(EXAMPLES),
                rejects ? OptionalDouble.of(config.number(BOUND)) : OptionalDouble.empty(), rejects ? config.integer(OUTLIERS) : 0,
                rejects ? config.integer(OUTLIERS_BELOW) : 0);
    }

    private static void require(String expected, boolean fits, Object received) {
        if (!fits) {
            throw new IllegalArgumentException("Calibration: " + expected + ". Received: " + received);
        }
    }
}

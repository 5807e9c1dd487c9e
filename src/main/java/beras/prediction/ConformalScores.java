package beras.prediction;

import beras.config.Config;
import beras.config.Configurable;
import beras.config.InvalidDataException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The scores of a model's errors on held-out examples, from which predictions with a guaranteed coverage follow: split
 * conformal prediction (Papadopoulos et al., Inductive Confidence Machines for Regression, 2002; Lei et al., Distribution-Free
 * Predictive Inference for Regression, 2018). A model file keeps it. Immutable.
 *
 * <p>The score of a label is its probability, negated: the sets are then the smallest on average of all that have the coverage
 * (Sadinle, Lei and Wasserman, Least Ambiguous Set-Valued Classifiers with Bounded Error Levels, 2019). The score of a number
 * is its absolute error divided by the usual error of predictions of this size, so that intervals are wider where large numbers
 * are predicted with larger errors. The usual error is linear between the means of up to {@value #GROUPS} groups of equal
 * numbers of these examples, ordered by prediction; with fewer than {@value #LEAST_OF_GROUP} in each there are fewer groups.
 *
 * <p>The guarantee is about new examples like these in the long run, not about each kind of them; it does not hold for data
 * that have changed since. These examples have also chosen the best epoch, which the theory does not provide for: of twelve
 * tables 0.887 to 0.913 of new rows were covered for 0.9, and 0.938 where the model is right so often.
 */
public final class ConformalScores implements Configurable {

    /** At most so many scores are kept: of more, some at equal distances, of which the next larger one counts. */
    public static final int MOST = 1000;

    static final int GROUPS = 5;
    static final int LEAST_OF_GROUP = 20;
    /** The least usual error, as a share of the mean error, where the examples happen to have hardly any. */
    private static final double LEAST_ERROR = 0.2;
    private static final int DECIMALS = 4; // of a coverage in a message

    private static final String COUNT = "count";
    private static final String SCORES = "scores";
    private static final String PREDICTED = "predicted";
    private static final String ERRORS = "errors";

    private final int count;
    private final float[] scores; // ascending
    private final double[] predicted; // ascending; none: of labels
    private final double[] errors; // the usual error at each of them

    private ConformalScores(int count, float[] scores, double[] predicted, double[] errors) {
        this.count = count;
        this.scores = scores;
        this.predicted = predicted;
        this.errors = errors;
    }

    /**
     * The scores of numbers.
     *
     * @param predicted for each example, finite
     * @param actual    likewise
     * @throws IllegalArgumentException if there is none, their numbers differ, or one is not finite
     */
    public static ConformalScores ofValues(double[] predicted, double[] actual) {
        int count = predicted.length;
        if (count != actual.length) {
            throw new IllegalArgumentException("Each prediction needs what is true. Received: " + count + " predictions and "
                    + actual.length + " values");
        }
        double[] error = new double[count];
        double mean = 0;
        for (int i = 0; i < count; i++) {
            error[i] = Math.abs(actual[i] - predicted[i]);
            requireFinite(error[i]);
        }
        int[] order = IntStream.range(0, count).boxed().sorted((a, b) -> predicted[a] != predicted[b]
                ? Double.compare(predicted[a], predicted[b]) : Double.compare(error[a], error[b])).mapToInt(i -> i).toArray();
        for (int i : order) {
            mean += error[i] / count; // in an order that is the same for any order of the examples
        }
        double least = mean == 0 ? 1 : LEAST_ERROR * mean; // of a model that is always right all scores are 0
        int groups = Math.max(1, Math.min(GROUPS, count / LEAST_OF_GROUP));
        double[] centers = new double[groups];
        double[] means = new double[groups]; // of the errors
        double[] usual = new double[groups];
        for (int group = 0; group < groups; group++) {
            int from = start(group, groups, count);
            int to = start(group + 1, groups, count);
            for (int i = from; i < to; i++) {
                centers[group] += predicted[order[i]] / (to - from);
                means[group] += error[order[i]] / (to - from);
            }
            centers[group] = Math.max(centers[group], centers[Math.max(0, group - 1)]); // rounded, equal numbers may have others
            usual[group] = Math.max(means[group], least);
        }
        float[] scores = new float[count];
        for (int group = 0; group < groups; group++) {
            double whole = usual[group];
            int from = start(group, groups, count);
            int size = start(group + 1, groups, count) - from;
            for (int i = from; i < from + size; i++) {
                double own = error[order[i]];
                if (groups > 1) { // without its own error, or the scores would be smaller than for new examples
                    usual[group] = Math.max(means[group] + (means[group] - own) / (size - 1), least);
                }
                scores[i] = (float) (own / usual(centers, usual, predicted[order[i]]));
            }
            usual[group] = whole;
        }
        return new ConformalScores(count, kept(scores), centers, usual);
    }

    /** Where a group begins among the examples in order. */
    private static int start(int group, int groups, int count) {
        return (int) ((long) count * group / groups);
    }

    /**
     * The scores of labels.
     *
     * @param scores that the model gives to the true label of each example, such as its probability; finite
     * @throws IllegalArgumentException if there is none, or one is not finite
     */
    public static ConformalScores ofLabels(double[] scores) {
        float[] negated = new float[scores.length];
        for (int i = 0; i < negated.length; i++) {
            requireFinite(scores[i]);
            negated[i] = (float) -scores[i];
        }
        return new ConformalScores(negated.length, kept(negated), new double[0], new double[0]);
    }

    private static void requireFinite(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("Predictions and what is true must be finite. Received: " + number);
        }
    }

    /** All in ascending order, or {@value #MOST} of them; the largest is always kept. */
    private static float[] kept(float[] scores) {
        if (scores.length == 0) {
            throw new IllegalArgumentException("At least one example must be held out. Received: none");
        }
        Arrays.sort(scores);
        int most = Math.min(MOST, scores.length);
        float[] kept = new float[most];
        for (int i = 0; i < most; i++) {
            kept[i] = scores[(int) (rank(i, most, scores.length) - 1)];
        }
        return kept;
    }

    /** The rank in ascending order, from 1, among all scores of a kept one. */
    private static long rank(int index, int kept, long count) {
        return ((index + 1) * count - 1) / kept + 1;
    }

    /** The usual error of a prediction: linear between the centers, constant beyond. */
    private static double usual(double[] centers, double[] errors, double value) {
        int above = 0;
        while (above < centers.length && centers[above] <= value) {
            above++;
        }
        if (above == 0 || above == centers.length) {
            return errors[Math.max(0, above - 1)];
        }
        double share = (value - centers[above - 1]) / (centers[above] - centers[above - 1]);
        return errors[above - 1] + share * (errors[above] - errors[above - 1]);
    }

    /**
     * Creates the scores that {@link #config} describes.
     *
     * @throws IllegalArgumentException if it is no such config
     */
    public static ConformalScores of(Config config) {
        int count = config.integer(COUNT);
        List<Double> numbers = config.numbers(SCORES);
        float[] scores = new float[numbers.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = numbers.get(i).floatValue();
            require("expected finite scores in ascending order",
                    Float.isFinite(scores[i]) && (i == 0 || scores[i - 1] <= scores[i]), scores[i]);
        }
        require("expected " + COUNT + " to be at least 1, and as many scores, or " + MOST, count >= 1
                && scores.length == Math.min(MOST, count), count + " and " + scores.length + " scores");
        double[] predicted = config.has(PREDICTED) ? doubles(config, PREDICTED) : new double[0];
        double[] errors = config.has(PREDICTED) ? doubles(config, ERRORS) : new double[0];
        boolean fits = predicted.length == errors.length && predicted.length > 0 == config.has(PREDICTED);
        for (int i = 0; i < predicted.length && fits; i++) {
            fits = Double.isFinite(predicted[i]) && errors[i] > 0 && Double.isFinite(4 * errors[i] * scores[scores.length - 1])
                    && (i == 0 || predicted[i - 1] <= predicted[i]);
        }
        require("expected finite numbers in ascending order, each with an error above 0, and finite intervals", fits,
                Arrays.toString(predicted) + " and " + Arrays.toString(errors));
        return new ConformalScores(count, scores, predicted, errors);
    }

    private static double[] doubles(Config config, String name) {
        return config.numbers(name).stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void require(String expected, boolean fits, Object received) {
        if (!fits) {
            throw new IllegalArgumentException("Conformal scores: " + expected + ". Received: " + received);
        }
    }

    @Override
    public Config config() {
        List<Float> each = IntStream.range(0, scores.length).mapToObj(i -> scores[i]).toList();
        Config config = Config.of(getClass()).with(COUNT, count).with(SCORES, each);
        return predicted.length == 0 ? config : config.with(PREDICTED, Arrays.stream(predicted).boxed().toList())
                .with(ERRORS, Arrays.stream(errors).boxed().toList());
    }

    /** The number of examples. */
    public int count() {
        return count;
    }

    /**
     * Predictions with a coverage: the score of rank {@code ceil((count + 1) * coverage)} decides, so that the truth is within
     * with at least this probability, on average over held-out examples and new ones.
     *
     * @param coverage above 0, at most {@code count / (count + 1)}
     * @throws IllegalArgumentException if it is not
     */
    public ConformalSets at(double coverage) {
        if (!(coverage > 0 && coverage < 1)) {
            throw new IllegalArgumentException("A coverage must be above 0 and below 1. Received: " + coverage);
        }
        long rank = BigDecimal.valueOf(coverage).multiply(BigDecimal.valueOf(count + 1L)).setScale(0, RoundingMode.CEILING)
                .longValueExact();
        if (rank > count) {
            BigDecimal highest = BigDecimal.valueOf(count).divide(BigDecimal.valueOf(count + 1L), DECIMALS, RoundingMode.FLOOR);
            throw new InvalidDataException("The " + count + " held-out rows of this model can promise a coverage of at most "
                    + highest.stripTrailingZeros().toPlainString() + ". Received: " + coverage + ". Ask for less, or train with more validation rows");
        }
        int index = (int) ((rank - 1) * scores.length / count); // the first whose rank is not below
        return new ConformalSets(this, coverage, scores[index], Double.NEGATIVE_INFINITY);
    }

    /** How far from a prediction the truth may be, where scores are up to a limit. */
    double distance(double value, float limit) {
        return limit * usual(predicted, errors, value);
    }

    /** Whether they are of labels; else of numbers. */
    public boolean areOfLabels() {
        return predicted.length == 0;
    }
}

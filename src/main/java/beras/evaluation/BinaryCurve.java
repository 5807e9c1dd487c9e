package beras.evaluation;

import beras.config.InvalidDataException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The exact counts of true and false positives at every threshold on a score: an example is called positive if its score is
 * <em>above</em> the threshold. Examples of equal scores are on the same side of every threshold, so they count together, as in
 * scikit-learn. Immutable; n examples take n log n steps and at most 12 n bytes, and 8 n more while they are sorted.
 *
 * <p>{@link beras.metrics.AUC} is the streaming kin, with thresholds at fixed distances.
 */
public final class BinaryCurve {

    /** The criteria for choosing a threshold. */
    public enum Criterion {
        /** The harmonic mean of precision and recall. */
        F1,
        /** The mean of the shares of positives and of negatives that are recognised; best where Youden's J is. */
        BALANCED_ACCURACY,
        /** The share of all examples that are recognised. */
        ACCURACY;

        /** The name in lower case, as in {@link ClassificationReport#values}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The counts at one threshold. A share of none is 0.
     *
     * @param threshold      above which a score is called positive; infinite if none is
     * @param truePositives  how many positives are called so
     * @param falsePositives how many negatives are called positive
     * @param positives      how many positives there are
     * @param negatives      how many negatives there are
     */
    public record Point(double threshold, long truePositives, long falsePositives, long positives, long negatives) {

        /** The share of true positives among all called positive: {@code TP / (TP + FP)}. */
        public double precision() {
            return ConfusionMatrix.ratio(truePositives, truePositives + falsePositives);
        }

        /** The share of positives that are called so, the true positive rate: {@code TP / P}. */
        public double recall() {
            return ConfusionMatrix.ratio(truePositives, positives);
        }

        /** The share of negatives that are called positive, the false positive rate: {@code FP / N}. */
        public double fallOut() {
            return ConfusionMatrix.ratio(falsePositives, negatives);
        }

        /** The harmonic mean of precision and recall: {@code 2 TP / (TP + FP + P)}. */
        public double f1() {
            return ConfusionMatrix.ratio(2 * truePositives, truePositives + falsePositives + positives);
        }

        /** The share of examples that are recognised: {@code (TP + N - FP) / (P + N)}. */
        public double accuracy() {
            return ConfusionMatrix.ratio(truePositives + negatives - falsePositives, positives + negatives);
        }

        /** The mean of the shares of positives and of negatives that are recognised; if there is one kind alone, that of it. */
        public double balancedAccuracy() {
            if (positives == 0 || negatives == 0) {
                return accuracy();
            }
            return (recall() + 1 - fallOut()) / 2;
        }

        /** The share of examples that are called positive: {@code (TP + FP) / (P + N)}. */
        public double calledPositive() {
            return ConfusionMatrix.ratio(truePositives + falsePositives, positives + negatives);
        }

        /** The number that a criterion is about. */
        public double get(Criterion criterion) {
            return switch (criterion) {
                case F1 -> f1();
                case BALANCED_ACCURACY -> balancedAccuracy();
                case ACCURACY -> accuracy();
            };
        }
    }

    // For each distinct score, the highest first, the number of each kind with at least this score.
    private final float[] scores;
    private final int[] truePositives;
    private final int[] falsePositives;

    private BinaryCurve(float[] scores, int[] truePositives, int[] falsePositives) {
        this.scores = scores;
        this.truePositives = truePositives;
        this.falsePositives = falsePositives;
    }

    /**
     * The curve of some examples.
     *
     * @param scores   the higher, the more likely positive, such as probabilities
     * @param positive which examples are
     * @throws IllegalArgumentException if there are not as many of both, or a score is not finite
     */
    public static BinaryCurve of(float[] scores, boolean[] positive) {
        if (scores.length != positive.length) {
            throw new IllegalArgumentException("Each example has a score and is positive or not. Received: " + scores.length
                    + " scores and " + positive.length + " of the other");
        }
        return ofKeys(IntStream.range(0, scores.length).mapToLong(i -> key(scores[i], positive[i])).toArray());
    }

    /** An example as a number: they sort as the scores do, -0 as 0. */
    static long key(float score, boolean positive) {
        if (!Float.isFinite(score)) {
            throw new InvalidDataException("A score must be finite. Received: " + score);
        }
        int bits = Float.floatToIntBits(score + 0f);
        return (long) flipped(bits) << 1 | (positive ? 1 : 0);
    }

    /** Negative floats have their magnitude the other way round; this is its own inverse. */
    private static int flipped(int bits) {
        return bits ^ bits >> 31 & Integer.MAX_VALUE;
    }

    /** The curve of sorted keys of {@link #key}; the array is sorted. */
    static BinaryCurve ofKeys(long[] keys) {
        Arrays.sort(keys);
        float[] scores = new float[keys.length];
        int[] truePositives = new int[keys.length];
        int[] falsePositives = new int[keys.length];
        int distinct = 0;
        int positives = 0;
        for (int i = keys.length - 1; i >= 0; i--) {
            positives += (int) (keys[i] & 1);
            if (i == 0 || keys[i] >> 1 != keys[i - 1] >> 1) {
                scores[distinct] = Float.intBitsToFloat(flipped((int) (keys[i] >> 1)));
                truePositives[distinct] = positives;
                falsePositives[distinct++] = keys.length - i - positives;
            }
        }
        return new BinaryCurve(Arrays.copyOf(scores, distinct), Arrays.copyOf(truePositives, distinct),
                Arrays.copyOf(falsePositives, distinct));
    }

    /** The number of positive examples. */
    public long positives() {
        return truePositives.length == 0 ? 0 : truePositives[truePositives.length - 1];
    }

    /** The number of negative examples. */
    public long negatives() {
        return falsePositives.length == 0 ? 0 : falsePositives[falsePositives.length - 1];
    }

    /**
     * The area under the receiver operating characteristic, recall against fall-out: the chance that a positive has a higher
     * score than a negative, equal ones counted half (Mann and Whitney's U over {@code P N}). NaN unless there are both.
     */
    public double auc() {
        long twice = 0; // exact: at most 2 P N, which is below 2^62
        for (int i = 0; i < scores.length; i++) {
            long before = i == 0 ? 0 : truePositives[i - 1];
            twice += (falsePositives[i] - (i == 0 ? 0L : falsePositives[i - 1])) * (before + truePositives[i]);
        }
        return twice / 2.0 / ((double) positives() * negatives()); // 0 over 0 is NaN
    }

    /**
     * Average precision, the area under precision against recall in steps: the sum over distinct scores of
     * {@code (recall - recall before) * precision}, without interpolation, which would be too hopeful. NaN without positives.
     */
    public double averagePrecision() {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            int found = truePositives[i] - (i == 0 ? 0 : truePositives[i - 1]);
            sum += found * ((double) truePositives[i] / ((long) truePositives[i] + falsePositives[i]));
        }
        return sum / positives();
    }

    /**
     * The counts at a threshold.
     *
     * @throws IllegalArgumentException if it is NaN
     */
    public Point at(double threshold) {
        if (Double.isNaN(threshold)) {
            throw new IllegalArgumentException("A threshold must be a number. Received: NaN");
        }
        int from = 0;
        int to = scores.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (scores[middle] > threshold) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return point(threshold, from);
    }

    /** The point at which so many of the distinct scores are called positive, the highest. */
    private Point point(double threshold, int called) {
        return new Point(threshold, called == 0 ? 0 : truePositives[called - 1], called == 0 ? 0 : falsePositives[called - 1],
                positives(), negatives());
    }

    /**
     * All that a threshold can do: a point for each number of distinct scores above it, from none to all. The threshold of each
     * is the next distinct score, that of the last the one below the lowest score, so points are exact.
     */
    public List<Point> points() {
        List<Point> points = new ArrayList<>(scores.length + 1);
        for (int called = 0; called <= scores.length; called++) {
            points.add(point(below(called), called));
        }
        return points;
    }

    /** A number of each of {@link #points}, in their order, such as {@code coordinates(Point::recall)}. */
    public double[] coordinates(ToDoubleFunction<Point> number) {
        return points().stream().mapToDouble(number).toArray();
    }

    private double below(int called) {
        if (called < scores.length) {
            return scores[called];
        }
        return called == 0 ? Double.POSITIVE_INFINITY : Math.nextDown((double) scores[called - 1]);
    }

    /**
     * The point at which a criterion is highest, of equal ones that of the highest threshold. Its threshold is in the middle
     * between two scores, with as few decimals as distinguish them. That all are called positive is tried only if all scores are
     * above 0.
     *
     * <p>The best of many looks better than it is: choose a threshold on examples to validate, and measure it on others.
     *
     * @throws IllegalStateException if there are no examples
     */
    public Point best(Criterion criterion) {
        Objects.requireNonNull(criterion, "criterion");
        if (scores.length == 0) {
            throw new IllegalStateException("There is no best threshold without examples");
        }
        int best = 0;
        double bestValue = point(scores[0], 0).get(criterion);
        int last = scores[scores.length - 1] > 0 ? scores.length : scores.length - 1;
        for (int called = 1; called <= last; called++) {
            double value = point(0, called).get(criterion);
            if (value > bestValue) {
                bestValue = value;
                best = called;
            }
        }
        return point(best == 0 ? scores[0] : between(best == scores.length ? 0 : scores[best], scores[best - 1]), best);
    }

    /** About the middle of two numbers, with few decimals: at least {@code low} and less than {@code high}. */
    private static double between(float low, float high) {
        BigDecimal middle = new BigDecimal(low).add(new BigDecimal(high)).divide(BigDecimal.valueOf(2));
        for (int decimals = 1;; decimals++) {
            double rounded = middle.setScale(decimals, RoundingMode.HALF_EVEN).doubleValue();
            if (rounded >= low && rounded < high) {
                return rounded;
            }
        }
    }
}

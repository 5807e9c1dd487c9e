package beras.evaluation;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.config.InvalidDataException;
import beras.metrics.Mean;
import beras.metrics.Metrics;
import beras.metrics.Rows;
import beras.prediction.Prediction;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The usual measures of a classifier's scores: exact ones, over all examples together. Values equal the functions of
 * scikit-learn of the same name, where there is one.
 *
 * <pre>{@code
 * Evaluation e = model.evaluate(batches, Collect.PREDICTIONS, Collect.TARGETS);
 * ClassificationReport report = ClassificationReport.of(List.of("no", "yes"), e.predictions().get(0), e.targets().get(0));
 * System.out.println(report.auc() + " " + report.values());
 * }</pre>
 *
 * <p>With {@code n} examples, {@code k} classes, {@code p(i, c)} the score of class c for example i, and {@code y(i)} the true
 * class:
 *
 * <ul>
 * <li>{@code accuracy}: the share of examples whose class is predicted; {@code baseline_accuracy}: the accuracy of always
 * predicting the most frequent class of the training.
 * <li>{@code balanced_accuracy}: the mean recall of the classes that occur in truth.
 * <li>{@code log_loss}: the mean of {@code -ln p(i, y(i))}, with p at least 2<sup>-23</sup>, about 1.2e-7, as scores are floats.
 * <li>{@code brier_score}: the mean of {@code (p(i, positive) - [y(i) = positive])^2}; for more than two classes, the mean of
 * the sum of these squares over the classes, from 0 to 2 (Brier, 1950).
 * <li>{@code auc} and {@code average_precision}: of {@link BinaryCurve}, of the positive class; of more than two classes, the
 *     mean over the classes that occur, each against the rest. {@code auc} is exact; the metric {@link beras.metrics.AUC}, which training
 *     monitors, is Keras's: of 200 thresholds, and of all classes together.
 * <li>{@code macro_precision}, {@code macro_recall}, {@code macro_f1}: means over the classes that are true or predicted anywhere;
 *     {@code weighted_...}: means over the classes, each with as much weight as it is true.
 * <li>{@code calibration_error}: the expected calibration error (Guo et al., 2017), over ten bins of equal width: the mean
 *     distance, over examples, of a bin's share of hits from its mean probability. Its probabilities are of the positive class;
 *     for more than two classes, of the predicted class.
 * </ul>
 *
 * <p>Log loss, Brier score and calibration are of probabilities: they are NaN if the scores of an example are not from 0 to 1 with a
 * sum of 1. Measures that are not defined on the examples, such as the area under a curve without positives, are NaN, too.
 *
 * <p>The report keeps the scores, which must not change meanwhile. It takes k n steps, and each curve n log n. May be used by
 * several threads.
 */
public final class ClassificationReport {

    /** How many bins of equal width {@link #calibration} has. */
    public static final int BINS = 10;
    private static final List<String> OVER_CLASSES = List.of("balanced_accuracy", "auc", "average_precision", "macro_precision",
            "macro_recall", "macro_f1");
    /** The least probability that the log loss counts. */
    private static final float LEAST = Math.ulp(1f);

    /**
     * Further information for a report. Immutable: each method with an argument gives a changed copy.
     *
     * <pre>{@code
     * new ClassificationReport.Options().trainingCounts(target.counts()).threshold(0.3)
     * }</pre>
     *
     * @param trainingCounts how often each class occurs among the training examples: the baseline predicts the most frequent
     *     one, the rarer of two is positive; empty: the baseline predicts the most frequent class in the truth
     * @param positive       which of two classes is positive; empty: the rarer one in training, class 1 if that is unknown
     * @param threshold      the score above which the positive one of two classes is predicted; empty: the class of the highest
     *                       score is
     */
    public record Options(List<Long> trainingCounts, OptionalInt positive, OptionalDouble threshold) {

        /** Without further information. */
        public Options() {
            this(List.of(), OptionalInt.empty(), OptionalDouble.empty());
        }

        /** With counts of the training. */
        @CheckReturnValue
        public Options trainingCounts(List<Long> counts) {
            return new Options(List.copyOf(counts), positive, threshold);
        }

        /** With the class that is positive. */
        @CheckReturnValue
        public Options positive(int index) {
            return new Options(trainingCounts, OptionalInt.of(index), threshold);
        }

        /**
         * With a threshold.
         *
         * @throws IllegalArgumentException if it is not finite
         */
        @CheckReturnValue
        public Options threshold(double newThreshold) {
            return new Options(trainingCounts, positive, OptionalDouble.of(Arguments.finite("threshold", newThreshold)));
        }
    }

    /**
     * Precision, recall and F1: of a class, or means over classes.
     *
     * @param precision the share of its predictions that are right; 0 if there are none
     * @param recall    the share of its examples that are found; 0 if there are none
     * @param f1        the harmonic mean of both
     * @param support   the number of examples
     */
    public record Scores(double precision, double recall, double f1, long support) {}

    /**
     * One bin of a calibration: of examples with a probability from {@code from} (and with it) to {@code to}.
     *
     * @param count       how many there are
     * @param probability the mean of their probabilities; NaN if there are none
     * @param share       the share of them that are hits; NaN if there are none
     */
    public record Bin(double from, double to, long count, double probability, double share) {}

    private final List<String> labels;
    private final Rows rows;
    private final int[] truth;
    private final int positive;
    private final int frequent;
    private final ConfusionMatrix confusion;
    private final double logLoss;
    private final double brier;
    private final List<Bin> bins;
    private volatile double[] areas; // null: not computed yet

    /**
     * A report without further information.
     *
     * @see #of(List, Tensor, Tensor, Options)
     */
    public static ClassificationReport of(List<String> labels, Tensor scores, Tensor truth) {
        return of(labels, scores, truth, new Options());
    }

    /**
     * A report on some examples.
     *
     * @param labels the names of the classes
     * @param scores {@code (n, classes)}, such as probabilities; for 2 classes also {@code (n, 1)}, the scores of class 1
     * @param truth  one-hot {@code (n, classes)}, or numbers of classes {@code (n)} or {@code (n, 1)}
     * @throws IllegalArgumentException if there are no examples, shapes or options do not fit, or a score is not finite
     */
    public static ClassificationReport of(List<String> labels, Tensor scores, Tensor truth, Options options) {
        return new ClassificationReport(List.copyOf(labels), scores, truth, options);
    }

    private ClassificationReport(List<String> labels, Tensor scores, Tensor truth, Options options) {
        int classes = labels.size();
        this.labels = labels;
        this.confusion = new ConfusionMatrix(classes); // refuses less than two
        this.truth = Rows.trueClasses("ClassificationReport", scores, truth, classes);
        this.rows = Rows.of("ClassificationReport", scores, truth, null);
        if (rows.count() == 0) {
            throw new IllegalArgumentException("A ClassificationReport needs at least one example. Received: none");
        }
        List<Long> counts = options.trainingCounts;
        if (!counts.isEmpty() && counts.size() != classes) {
            throw new IllegalArgumentException("Each of the " + classes + " classes needs a count. Received: " + counts);
        }
        if (options.threshold.isPresent() && classes > 2) {
            throw new IllegalArgumentException("A threshold is for two classes. Received: " + labels);
        }
        this.positive = options.positive.isPresent() ? Objects.checkIndex(options.positive.getAsInt(), classes)
                : counts.isEmpty() ? 1 : rarer(counts);

        double tally = 0;
        double squares = 0;
        boolean probabilities = true;
        long[] sizes = new long[BINS];
        long[] hits = new long[BINS];
        double[] sums = new double[BINS];
        for (int r = 0; r < rows.count(); r++) {
            int guess = 0;
            double sum = 0;
            double square = 0;
            for (int c = 0; c < classes; c++) {
                float score = score(r, c);
                probabilities &= score >= 0 && score <= 1;
                sum += score;
                double error = score - (this.truth[r] == c ? 1.0 : 0.0);
                square += error * error;
                guess = score > score(r, guess) ? c : guess;
            }
            if (!Double.isFinite(sum)) {
                throw new InvalidDataException("Scores must be finite. Received: example " + r + " with a sum of " + sum);
            }
            probabilities &= Math.abs(sum - 1) <= Prediction.SUM_TOLERANCE;
            if (options.threshold.isPresent()) {
                guess = score(r, positive) > options.threshold.getAsDouble() ? positive : 1 - positive;
            } else if (rows.width() == 1) {
                guess = score(r, 1) > Metrics.THRESHOLD ? 1 : 0;
            }
            confusion.add(this.truth[r], guess, 1);
            if (probabilities) {
                tally -= StrictMath.log(Math.max(score(r, this.truth[r]), LEAST));
                squares += classes == 2 ? square / 2 : square;
                int shown = classes == 2 ? positive : guess;
                float probability = score(r, shown);
                int bin = Math.min(BINS - 1, (int) (probability * BINS));
                sizes[bin]++;
                sums[bin] += probability;
                hits[bin] += this.truth[r] == shown ? 1 : 0;
            }
        }
        this.logLoss = probabilities ? tally / rows.count() : Double.NaN;
        this.brier = probabilities ? squares / rows.count() : Double.NaN;
        List<Bin> all = new ArrayList<>();
        for (int i = 0; i < BINS && probabilities; i++) {
            all.add(new Bin((double) i / BINS, (double) (i + 1) / BINS, sizes[i], sums[i] / sizes[i],
                    (double) hits[i] / sizes[i]));
        }
        this.bins = List.copyOf(all);
        this.frequent = IntStream.range(0, classes).boxed()
                .max(Comparator.comparingDouble(c -> counts.isEmpty() ? confusion.support(c) : counts.get(c))).orElseThrow(); // the first
    }

    /** The positive one of two classes by default: the rarer one, of equal ones class 1. */
    public static int rarer(List<Long> counts) {
        return counts.get(0) < counts.get(1) ? 0 : 1;
    }

    private float score(int row, int index) {
        if (rows.width() > 1) {
            return rows.prediction(row, index);
        }
        return index == 1 ? rows.prediction(row, 0) : 1 - rows.prediction(row, 0);
    }

    // ----------------------------------------------------------------------------------------------------- basics

    /** The names of the classes. */
    public List<String> labels() {
        return labels;
    }

    /** The number of examples. */
    public int examples() {
        return rows.count();
    }

    /** Whether the scores are probabilities, each from 0 to 1, with a sum of 1 for each example. */
    public boolean hasProbabilities() {
        return !Double.isNaN(logLoss);
    }

    /** The positive one of two classes, for curves, thresholds and calibration. */
    public int positive() {
        return positive;
    }

    /** The class that the baseline always predicts. */
    public int frequent() {
        return frequent;
    }

    /** Which class was taken for which. */
    public ConfusionMatrix confusion() {
        return new ConfusionMatrix(confusion.counts());
    }

    // ---------------------------------------------------------------------------------------------------- numbers

    /** All numbers that there are one of, by name, in order; NaN if not defined. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", accuracy());
        values.put("balanced_accuracy", balancedAccuracy());
        values.put("baseline_accuracy", baselineAccuracy());
        values.put("log_loss", logLoss);
        values.put("brier_score", brier);
        values.put("auc", auc());
        values.put("average_precision", averagePrecision());
        values.put("calibration_error", calibrationError());
        put(values, "macro", macro());
        put(values, "weighted", weighted());
        return Collections.unmodifiableMap(values);
    }

    /**
     * The {@link #values} to compare with the values of other examples, or to average: NaN where one is a mean over the
     * classes, or of the positive class, and a class has no example, so that it is a mean over other classes than elsewhere.
     */
    public Map<String, Double> comparableValues() {
        Map<String, Double> values = new LinkedHashMap<>(values());
        if (IntStream.range(0, labels.size()).anyMatch(c -> confusion.support(c) == 0)) {
            OVER_CLASSES.forEach(name -> values.put(name, Double.NaN));
        }
        return Collections.unmodifiableMap(values);
    }

    private static void put(Map<String, Double> values, String name, Scores scores) {
        values.put(name + "_precision", scores.precision());
        values.put(name + "_recall", scores.recall());
        values.put(name + "_f1", scores.f1());
    }

    /** The share of examples whose class is predicted. */
    public double accuracy() {
        return confusion.accuracy();
    }

    /** Between which shares the accuracy on more examples of this kind lies with 95 % confidence. */
    public WilsonInterval accuracyInterval() {
        return WilsonInterval.of(Math.round(accuracy() * rows.count()), rows.count());
    }

    /** The accuracy of always predicting the most frequent class: a useful model exceeds it. */
    public double baselineAccuracy() {
        return confusion.support(frequent) / rows.count();
    }

    /** The mean recall of the classes that occur in truth. */
    public double balancedAccuracy() {
        Mean mean = new Mean();
        for (int c = 0; c < labels.size(); c++) {
            mean.add(confusion.recall(c), confusion.support(c) > 0 ? 1 : 0);
        }
        return mean.result();
    }

    /** The mean of minus the logarithm of the true class's probability; NaN if scores are no probabilities. */
    public double logLoss() {
        return logLoss;
    }

    /** The mean squared error of the probabilities; NaN if scores are no probabilities. */
    public double brier() {
        return brier;
    }

    /** Precision, recall and F1 of a class. */
    public Scores scores(int index) {
        return new Scores(confusion.precision(index), confusion.recall(index), confusion.f1(index),
                (long) confusion.support(index));
    }

    /** The means of precision, recall and F1 over the classes that are true or predicted anywhere. */
    public Scores macro() {
        return mean(false);
    }

    /** The means of precision, recall and F1 over the classes, each with as much weight as it is true. */
    public Scores weighted() {
        return mean(true);
    }

    private Scores mean(boolean bySupport) {
        Mean precision = new Mean();
        Mean recall = new Mean();
        Mean f1 = new Mean();
        for (int c = 0; c < labels.size(); c++) {
            double weight = bySupport ? confusion.support(c) : confusion.support(c) + confusion.predicted(c) > 0 ? 1 : 0;
            precision.add(confusion.precision(c), weight);
            recall.add(confusion.recall(c), weight);
            f1.add(confusion.f1(c), weight);
        }
        return new Scores(precision.result(), recall.result(), f1.result(), rows.count());
    }

    // ----------------------------------------------------------------------------------------------------- curves

    /** The counts at each threshold on the score of a class, for this class against the rest. Computed again in each call. */
    public BinaryCurve curve(int index) {
        Objects.checkIndex(index, labels.size());
        return BinaryCurve.ofKeys(IntStream.range(0, rows.count())
                .mapToLong(r -> BinaryCurve.key(score(r, index), truth[r] == index)).toArray());
    }

    /** The area under the ROC curve: of the positive class, or the mean over the classes; NaN if not defined. */
    public double auc() {
        return areas()[0];
    }

    /** The average precision: of the positive class, or the mean over the classes that occur; NaN if not defined. */
    public double averagePrecision() {
        return areas()[1];
    }

    /** Both, from the same sorting. */
    private double[] areas() {
        double[] known = areas;
        if (known == null) {
            Mean roc = new Mean();
            Mean precision = new Mean();
            boolean several = labels.size() > 2;
            for (int c = several ? 0 : positive; c < (several ? labels.size() : positive + 1); c++) {
                BinaryCurve curve = curve(c);
                if (curve.positives() > 0) {
                    precision.add(curve.averagePrecision(), 1);
                    if (curve.negatives() > 0) {
                        roc.add(curve.auc(), 1);
                    }
                }
            }
            known = new double[] {roc.isEmpty() ? Double.NaN : roc.result(),
                precision.isEmpty() ? Double.NaN : precision.result()};
            areas = known;
        }
        return known;
    }

    // ------------------------------------------------------------------------------------------------- calibration

    /** How far probabilities are from shares, by bins of equal width; empty if scores are no probabilities. */
    public List<Bin> calibration() {
        return bins;
    }

    /** The expected calibration error; NaN if scores are no probabilities. */
    public double calibrationError() {
        if (bins.isEmpty()) {
            return Double.NaN;
        }
        double sum = 0;
        for (Bin bin : bins) {
            sum += bin.count() == 0 ? 0 : bin.count() * Math.abs(bin.share() - bin.probability());
        }
        return sum / rows.count();
    }

    /** All numbers by name. */
    @Override
    public String toString() {
        return "ClassificationReport" + values() + " of " + rows.count() + " examples";
    }
}

package beras.metrics;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * The area under a curve that is traced by moving a threshold over the predictions: of the receiver operating characteristic,
 * or of precision against recall. Predictions (in [0, 1], else clipped) and truth {@code (batch)} or {@code (batch, n)}, all
 * outputs together; a truth above 0 is positive. 0 if there is but one class, NaN if a prediction is NaN.
 *
 * <p>As in Keras the curve has a point for each of {@code numThresholds} thresholds at equal distances, so the area is near the
 * exact one, the nearer the more thresholds. Settings: {@code numThresholds}, default 200, at least 2; {@code curve}, {@link Curve#ROC};
 * {@code summationMethod}, {@link Summation#INTERPOLATION}.
 */
public final class AUC extends Metric {

    /** Which curve. */
    public enum Curve {
        /** True positive rate against false positive rate; the area is the chance that a positive has a larger prediction. */
        ROC,
        /** Precision against recall. */
        PR
    }

    /** How the area between two points of the curve is taken. */
    public enum Summation {
        /** Trapezoids; for precision and recall the interpolation of Davis and Goadrich (2006). */
        INTERPOLATION,
        /** The lower of the two points. */
        MINORING,
        /** The higher of the two points. */
        MAJORING
    }

    private static final int POSITIVES = 0;
    private static final int NEGATIVES = 1;

    private int numThresholds = 200;
    private Curve curve = Curve.ROC;
    private Summation summationMethod = Summation.INTERPOLATION;

    @Override
    public void settings(Settings s) {
        numThresholds = Arguments.atLeast(2, "numThresholds of AUC", s.integer("numThresholds", numThresholds));
        curve = s.choice("curve", curve);
        summationMethod = s.choice("summationMethod", summationMethod);
    }

    @Override
    public boolean isOfClasses() {
        return true;
    }

    @Override
    public Accumulator accumulator() {
        return new ColumnSums(this, 2, numThresholds) {

            // Indexed by the number of thresholds that a prediction exceeds, at least 1; index 0 has the NaN.
            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                Rows rows = Rows.ofNumbers(AUC.this, predictions, truth, weights);
                for (int r = 0; r < rows.count(); r++) {
                    for (int i = 0; i < rows.width(); i++) {
                        sums[rows.truth(r, i) > 0f ? POSITIVES : NEGATIVES][exceeded(rows.prediction(r, i))] += rows.weight(r);
                    }
                }
            }

            @Override
            public double[] results() {
                if (sums[POSITIVES][0] + sums[NEGATIVES][0] > 0) {
                    return new double[] {Double.NaN};
                }
                double[] tps = above(sums[POSITIVES]);
                double[] fps = above(sums[NEGATIVES]);
                double area = 0;
                for (int k = 0; k + 1 < numThresholds; k++) {
                    area += curve == Curve.PR && summationMethod == Summation.INTERPOLATION
                            ? interpolated(tps[k], tps[k + 1], fps[k], fps[k + 1], tps[0])
                            : strip(k, tps, fps);
                }
                return new double[] {area};
            }

            private double strip(int k, double[] tps, double[] fps) {
                double recall = ratio(tps[k], tps[0]);
                double nextRecall = ratio(tps[k + 1], tps[0]);
                if (curve == Curve.ROC) {
                    return (ratio(fps[k], fps[0]) - ratio(fps[k + 1], fps[0])) * height(recall, nextRecall);
                }
                return (recall - nextRecall)
                        * height(ratio(tps[k], tps[k] + fps[k]), ratio(tps[k + 1], tps[k + 1] + fps[k + 1]));
            }
        };
    }

    /**
     * How many of the thresholds a prediction exceeds: inside, {@code k / (numThresholds - 1)}, and two outside, just below 0
     * and just above 1. 0 for NaN.
     */
    private int exceeded(float prediction) {
        if (Float.isNaN(prediction)) {
            return 0;
        }
        double clipped = Math.min(Math.max(prediction, 0f), 1f);
        return Math.max(1, (int) Math.ceil(clipped * (numThresholds - 1)));
    }

    /** For each threshold the sum of the weights of predictions above it. */
    private static double[] above(double[] byExceeded) {
        double[] above = new double[byExceeded.length];
        for (int k = above.length - 2; k >= 0; k--) {
            above[k] = above[k + 1] + byExceeded[k + 1];
        }
        return above;
    }

    private double height(double y, double next) {
        return switch (summationMethod) {
            case INTERPOLATION -> (y + next) / 2;
            case MINORING -> Math.min(y, next);
            case MAJORING -> Math.max(y, next);
        };
    }

    /** The area under precision against recall between two thresholds, true and false positives changing in proportion. */
    private static double interpolated(double tp, double nextTp, double fp, double nextFp, double positives) {
        double all = tp + fp;
        double nextAll = nextTp + nextFp;
        double slope = ratio(tp - nextTp, Math.max(all - nextAll, 0));
        double intercept = nextTp - slope * nextAll;
        double growth = all > 0 && nextAll > 0 ? all / nextAll : 1;
        return ratio(slope * (tp - nextTp + intercept * StrictMath.log(growth)), positives);
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}

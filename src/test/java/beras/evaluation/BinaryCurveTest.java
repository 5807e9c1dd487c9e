package beras.evaluation;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.evaluation.BinaryCurve.Criterion;
import beras.evaluation.BinaryCurve.Point;
import beras.tensor.Rng;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("metrics")
class BinaryCurveTest {

    static final float[] SCORES =
        {0.125f, 0.25f, 0.25f, 0.375f, 0.5f, 0.5f, 0.625f, 0.75f, 0.75f, 0.875f, 0.9375f, 0.0625f};
    static final int[] TRUTH = {0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0};

    private static BinaryCurve example() {
        return curve(SCORES, TRUTH);
    }

    private static BinaryCurve curve(float[] scores, int... truth) {
        boolean[] positive = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            positive[i] = truth[i] == 1;
        }
        return BinaryCurve.of(scores, positive);
    }

    /** {@code roc_auc_score}, {@code average_precision_score} and {@code roc_curve} of scikit-learn 1.4.2 on the same numbers. */
    @Test
    void areasAndPointsAreThoseOfScikitLearn() {
        BinaryCurve curve = example();
        assertEquals(5, curve.positives());
        assertEquals(7, curve.negatives());
        assertEquals(0.8285714285714285, curve.auc(), 1e-15);
        assertEquals(0.81, curve.averagePrecision(), 1e-15);
        double[] fallOut = {0, 0, 0, 1 / 7.0, 1 / 7.0, 3 / 7.0, 4 / 7.0, 5 / 7.0, 6 / 7.0, 1};
        double[] recall = {0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 1, 1, 1};
        double[] precision = {0, 1, 1, 0.75, 0.8, 4 / 7.0, 0.5, 0.5, 5 / 11.0, 5 / 12.0};
        List<Point> points = curve.points();
        assertEquals(fallOut.length, points.size());
        for (int i = 0; i < fallOut.length; i++) {
            assertEquals(fallOut[i], points.get(i).fallOut(), 1e-15);
            assertEquals(recall[i], points.get(i).recall(), 1e-15);
            assertEquals(precision[i], points.get(i).precision(), 1e-15);
            assertEquals(points.get(i), curve.at(points.get(i).threshold()));
        }
    }

    /** Scores with many ties, above and below 0: each measure as its definition says, pair by pair. */
    @Test
    void areasAreWhatTheyAreDefinedAs() {
        Rng rng = new Rng(3, "curve", 0);
        float[] scores = new float[200];
        int[] truth = new int[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.round(20 * rng.uniform(2L * i) - 10) / 4f * (i % 7 == 0 ? 1e20f : 1);
            truth[i] = rng.uniform(2L * i + 1) < 0.3 + 0.02 * scores[i] ? 1 : 0;
        }
        double won = 0;
        double pairs = 0;
        double precisions = 0;
        double positives = 0;
        for (int i = 0; i < scores.length; i++) {
            if (truth[i] == 1) {
                double above = 0;
                double right = 0;
                for (int j = 0; j < scores.length; j++) {
                    above += scores[j] >= scores[i] ? 1 : 0;
                    right += scores[j] >= scores[i] ? truth[j] : 0;
                    if (truth[j] == 0) {
                        pairs++;
                        won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    }
                }
                precisions += right / above; // the step in recall is shared by the positives of a score
                positives++;
            }
        }
        BinaryCurve curve = curve(scores, truth);
        assertEquals(won / pairs, curve.auc(), 1e-14);
        assertEquals(precisions / positives, curve.averagePrecision(), 1e-14);
        assertTrue(curve.points().size() < 90, "there are ties");
    }

    @Test
    void aThresholdCallsPositiveWhatIsAboveIt() {
        Point half = example().at(0.5);
        assertEquals(new Point(0.5, 4, 1, 5, 7), half);
        assertEquals(0.8, half.precision());
        assertEquals(0.8, half.recall());
        assertEquals(0.8, half.f1());
        assertEquals(10 / 12.0, half.accuracy());
        assertEquals((4 / 5.0 + 6 / 7.0) / 2, half.balancedAccuracy(), 1e-15);
        assertEquals(5 / 12.0, half.calledPositive());
        assertEquals(3, example().at(Math.nextDown(0.5)).falsePositives());
        Point none = example().at(1);
        assertEquals(0, none.precision());
        assertEquals(0, none.f1());
        assertEquals(0.5, none.balancedAccuracy());
        assertEquals(1, example().at(0).calledPositive());
    }

    @ParameterizedTest
    @EnumSource(Criterion.class)
    void theBestThresholdIsNotBeaten(Criterion criterion) {
        BinaryCurve curve = example();
        Point best = curve.best(criterion);
        assertEquals(best, curve.at(best.threshold()));
        for (Point point : curve.points()) {
            assertTrue(point.get(criterion) <= best.get(criterion), point::toString);
        }
        assertEquals(0.6, best.threshold(), "between 0.5 and 0.625, in few decimals");
        assertEquals(criterion.name(), criterion.toString().toUpperCase(Locale.ROOT));
    }

    @Test
    void theBestThresholdTellsScoresApartThatAreNextToEachOther() {
        float low = 0.3f;
        float high = Math.nextUp(low);
        double threshold = curve(new float[] {low, high, low, high}, 0, 1, 0, 1).best(Criterion.F1).threshold();
        assertTrue(threshold >= low && threshold < high, () -> Double.toString(threshold));
        assertEquals(0.2, curve(new float[] {0.4f, 0.5f}, 1, 1).best(Criterion.ACCURACY).threshold(), "all positive");
        assertEquals(0.5, curve(new float[] {0.4f, 0.5f}, 0, 0).best(Criterion.ACCURACY).threshold(), "none positive");
        assertEquals(0.2, curve(new float[] {0f, 0.5f}, 1, 1).best(Criterion.F1).threshold(), "0 is never above a threshold");
    }

    @Test
    void whatIsNotDefinedIsNaN() {
        assertEquals(Double.NaN, curve(new float[] {0.1f, 0.2f}, 1, 1).auc());
        assertEquals(1, curve(new float[] {0.1f, 0.2f}, 1, 1).averagePrecision());
        assertEquals(Double.NaN, curve(new float[] {0.1f, 0.2f}, 0, 0).auc());
        assertEquals(Double.NaN, curve(new float[] {0.1f, 0.2f}, 0, 0).averagePrecision());
        BinaryCurve empty = curve(new float[0]);
        assertEquals(Double.NaN, empty.auc());
        assertEquals(new Point(0.5, 0, 0, 0, 0), empty.at(0.5));
        assertThrows(IllegalStateException.class, () -> empty.best(Criterion.F1));
    }

    /** The mean of the recalls that are defined, as scikit-learn's. */
    @Test
    void ofOneKindAloneTheBalancedAccuracyIsItsRecall() {
        assertEquals(0.75, curve(new float[] {0.1f, 0.6f, 0.7f, 0.8f}, 1, 1, 1, 1).at(0.5).balancedAccuracy());
        assertEquals(0.25, curve(new float[] {0.1f, 0.6f, 0.7f, 0.8f}, 0, 0, 0, 0).at(0.5).balancedAccuracy());
    }

    @Test
    void zeroHasOneSign() {
        assertEquals(0.5, curve(new float[] {0f, -0f}, 1, 0).auc());
        assertEquals(2, curve(new float[] {0f, -0f}, 1, 0).points().size());
        assertEquals(1, curve(new float[] {-1f, -2f}, 1, 0).auc());
        assertEquals(1, curve(new float[] {1e-30f, -1e-30f}, 1, 0).auc());
    }

    @Test
    void refusesWhatIsNoScore() {
        assertRefused("A score must be finite. Received: NaN", () -> curve(new float[] {Float.NaN}, 1));
        assertThrows(IllegalArgumentException.class, () -> BinaryCurve.of(new float[2], new boolean[1]));
        assertThrows(IllegalArgumentException.class, () -> example().at(Double.NaN));
    }
}

package beras.evaluation;

import static org.junit.jupiter.api.Assertions.*;

import beras.evaluation.ClassificationReport.Options;
import beras.evaluation.ClassificationReport.Scores;
import beras.metrics.BalancedAccuracy;
import beras.metrics.Metrics;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Numbers of scikit-learn 1.4.2 and NumPy on the same scores, which are exact as floats; ECE as the Javadoc defines it. */
@Tag("metrics")
class ClassificationReportTest {

    private static final List<String> TWO = List.of("no", "yes");
    private static final List<String> FOUR = List.of("a", "b", "c", "d");
    private static final int[][] SIXTEENTHS = {{8, 4, 4, 0}, {4, 8, 2, 2}, {2, 2, 12, 0}, {6, 6, 4, 0}, {1, 3, 4, 8}, {4, 4, 8, 0},
        {10, 2, 4, 0}, {2, 10, 4, 0}};
    private static final Tensor TRUE_OF_FOUR = Tensor.of(0f, 1f, 2f, 1f, 2f, 0f, 0f, 1f);

    private static Tensor oneColumn() {
        return Tensor.generate(i -> BinaryCurveTest.SCORES[i], BinaryCurveTest.SCORES.length, 1);
    }

    private static Tensor twoColumns() {
        return Tensor.generate(i -> i % 2 == 1 ? BinaryCurveTest.SCORES[i / 2] : 1 - BinaryCurveTest.SCORES[i / 2],
                BinaryCurveTest.SCORES.length, 2);
    }

    private static Tensor truthOfTwo() {
        return Tensor.generate(i -> BinaryCurveTest.TRUTH[i], BinaryCurveTest.TRUTH.length);
    }

    private static ClassificationReport two(Options options) {
        return ClassificationReport.of(TWO, twoColumns(), truthOfTwo(), options);
    }

    private static ClassificationReport four(Options options) {
        return ClassificationReport.of(FOUR, Tensor.generate(i -> SIXTEENTHS[i / 4][i % 4] / 16f, 8, 4), TRUE_OF_FOUR, options);
    }

    private static void assertValues(Map<String, Double> expected, ClassificationReport report) {
        Map<String, Double> values = report.values();
        assertEquals(expected.keySet(), values.keySet());
        expected.forEach((name, value) -> assertEquals(value, values.get(name), 1e-15, name));
    }

    @Test
    void twoClasses() {
        assertValues(Map.ofEntries(Map.entry("accuracy", 0.8333333333333334), Map.entry("balanced_accuracy", 0.8285714285714285),
                Map.entry("baseline_accuracy", 7 / 12.0), Map.entry("log_loss", 0.5058661928565744),
                Map.entry("brier_score", 0.17252604166666666), Map.entry("auc", 0.8285714285714285),
                Map.entry("average_precision", 0.81), Map.entry("calibration_error", 0.2604166666666667),
                Map.entry("macro_precision", 0.8285714285714285), Map.entry("macro_recall", 0.8285714285714285),
                Map.entry("macro_f1", 0.8285714285714285), Map.entry("weighted_precision", 0.8333333333333334),
                Map.entry("weighted_recall", 0.8333333333333334), Map.entry("weighted_f1", 0.8333333333333334)),
                two(new Options()));
    }

    /** Of which d is never true and once predicted. */
    @Test
    void severalClasses() {
        assertValues(Map.ofEntries(Map.entry("accuracy", 0.625), Map.entry("balanced_accuracy", 0.611111111111111),
                Map.entry("baseline_accuracy", 0.25), Map.entry("log_loss", 0.7959252084143312),
                Map.entry("brier_score", 0.4462890625), Map.entry("auc", 0.8833333333333333),
                Map.entry("average_precision", 0.8365079365079365), Map.entry("calibration_error", 0.171875),
                Map.entry("macro_precision", 0.5416666666666666), Map.entry("macro_recall", 0.4583333333333333),
                Map.entry("macro_f1", 0.4916666666666667), Map.entry("weighted_precision", 0.75),
                Map.entry("weighted_recall", 0.625), Map.entry("weighted_f1", 0.675)),
                four(new Options().trainingCounts(List.of(2L, 3L, 9L, 1L))));
        ClassificationReport report = four(new Options());
        assertEquals(0, report.frequent(), "the first of those that are true most often");
        assertEquals(3 / 8.0, report.baselineAccuracy());
        assertEquals(new Scores(2 / 3.0, 2 / 3.0, 2 / 3.0, 3), report.scores(0));
        assertEquals(new Scores(0, 0, 0, 0), report.scores(3));
        assertEquals(1, report.confusion().counts()[2][3]);
    }

    @Test
    void oneOutputIsTheScoreOfClassOne() {
        ClassificationReport one = ClassificationReport.of(TWO, oneColumn(), truthOfTwo());
        assertEquals(two(new Options()).values(), one.values());
        Tensor oneHot = Tensor.generate(i -> BinaryCurveTest.TRUTH[i / 2] == i % 2 ? 1 : 0, BinaryCurveTest.TRUTH.length, 2);
        assertEquals(one.values(), ClassificationReport.of(TWO, twoColumns(), oneHot).values());
    }

    /** {@code average_precision_score(1 - y, 1 - p)} is 0.8520408163265305. */
    @Test
    void theRarerOfTwoIsPositive() {
        ClassificationReport no = two(new Options().trainingCounts(List.of(5L, 6L)));
        assertEquals(0, no.positive());
        assertEquals(1, no.frequent());
        assertEquals(5 / 12.0, no.baselineAccuracy());
        assertEquals(0.8520408163265305, no.averagePrecision(), 1e-15);
        assertEquals(0.8285714285714285, no.auc(), 1e-15);
        assertEquals(1, two(new Options()).positive());
        assertEquals(1, two(new Options().trainingCounts(List.of(5L, 5L))).positive());
        assertEquals(1, two(new Options().trainingCounts(List.of(5L, 6L)).positive(1)).positive());
    }

    @Test
    void aThresholdChangesWhatIsPredictedAndNothingElse() {
        ClassificationReport report = two(new Options().threshold(0.7));
        assertEquals(3 / 4.0, report.scores(1).precision());
        assertEquals(3 / 5.0, report.scores(1).recall());
        assertEquals(two(new Options()).auc(), report.auc());
        assertEquals(two(new Options()).logLoss(), report.logLoss());
        ClassificationReport no = two(new Options().positive(0).threshold(0.5));
        assertEquals(4 / 7.0, no.scores(0).recall(), "a score of 0.5 is not above it");
        assertEquals(no.curve(0).at(0.5).accuracy(), no.accuracy());
    }

    @Test
    void calibrationIsByBinsOfEqualWidth() {
        List<ClassificationReport.Bin> bins = two(new Options()).calibration();
        assertEquals(ClassificationReport.BINS, bins.size());
        assertEquals(new ClassificationReport.Bin(0.2, 0.3, 2, 0.25, 0.5), bins.get(2));
        assertEquals(0, bins.get(4).count());
        assertEquals(12, bins.stream().mapToLong(ClassificationReport.Bin::count).sum());
        Tensor sure = Tensor.of(new float[][] {{0f, 1f}, {1f, 0f}});
        assertEquals(0, ClassificationReport.of(TWO, sure, Tensor.of(1f, 0f)).calibrationError());
        assertEquals(1, ClassificationReport.of(TWO, sure, Tensor.of(0f, 1f)).calibrationError());
        assertEquals(23 * Math.log(2), ClassificationReport.of(TWO, sure, Tensor.of(0f, 1f)).logLoss(), 1e-12);
    }

    @Test
    void calibrationIsThatOfThePositiveClassWhicheverItIs() {
        ClassificationReport no = two(new Options().trainingCounts(List.of(5L, 6L)));
        assertEquals(0, no.positive());
        assertEquals(new ClassificationReport.Bin(0.5, 0.6, 2, 0.5, 1), no.calibration().get(5));
        assertEquals(new ClassificationReport.Bin(0.5, 0.6, 2, 0.5, 0), two(new Options()).calibration().get(5));
    }

    /** What is measured batch by batch while training is the same. */
    @Test
    void metricsOfTheSameNameAgree() {
        for (String name : List.of("balanced_accuracy", "brier_score")) {
            Tensor scores = Tensor.generate(i -> SIXTEENTHS[i / 4][i % 4] / 16f, 8, 4);
            Tensor oneHot = Tensor.generate(i -> TRUE_OF_FOUR.get(i / 4) == i % 4 ? 1 : 0, 8, 4);
            assertEquals(four(new Options()).values().get(name), Metrics.of(name).forward(scores, oneHot), 1e-7, name);
            double expected = two(new Options()).values().get(name);
            Tensor twoHot = Tensor.generate(i -> BinaryCurveTest.TRUTH[i / 2] == i % 2 ? 1 : 0, 12, 2);
            assertEquals(expected, Metrics.of(name).forward(twoColumns(), twoHot), 1e-7, name);
            assertEquals(expected, Metrics.of(name).forward(oneColumn(), truthOfTwo().reshape(12, 1)), 1e-7, name);
        }
        assertEquals(0f, new BalancedAccuracy().forward(Tensor.zeros(0, 3), Tensor.zeros(0)));
    }

    @Test
    void scoresThatAreNoProbabilitiesHaveNoLogLoss() {
        ClassificationReport logits = ClassificationReport.of(TWO, Tensor.of(new float[][] {{3f, -1f}, {0f, 1f}}), Tensor.of(0f, 1f));
        assertEquals(1, logits.accuracy());
        assertEquals(1, logits.auc());
        for (String name : List.of("log_loss", "brier_score", "calibration_error")) {
            assertEquals(Double.NaN, logits.values().get(name), name);
        }
        assertTrue(logits.calibration().isEmpty());
    }

    @Test
    void whatDoesNotOccurIsNotDefined() {
        ClassificationReport report = ClassificationReport.of(TWO, Tensor.of(new float[][] {{0.6f, 0.4f}}), Tensor.of(0f));
        assertEquals(Double.NaN, report.auc());
        assertEquals(Double.NaN, report.averagePrecision());
        assertEquals(1, report.balancedAccuracy());
        assertEquals(1, report.macro().f1());
    }

    @Test
    void saysWhatItIsOf() {
        ClassificationReport report = two(new Options());
        assertEquals(TWO, report.labels());
        assertEquals(12, report.examples());
        assertEquals(0.17252604166666666, report.brier(), 1e-15);
        assertTrue(report.hasProbabilities());
        assertFalse(ClassificationReport.of(TWO, Tensor.of(new float[][] {{3f, 4f}}), Tensor.of(0f)).hasProbabilities());
        assertEquals("ClassificationReport" + report.values() + " of 12 examples", report.toString());
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertRefused("shape", () -> ClassificationReport.of(FOUR, twoColumns(), truthOfTwo()));
        assertRefused("at least 2 classes", () -> ClassificationReport.of(List.of("a"), oneColumn(), truthOfTwo()));
        assertRefused("at least one example", () -> ClassificationReport.of(TWO, Tensor.zeros(0, 2), Tensor.zeros(0)));
        assertRefused("must be finite. Received: example 1 with", () -> ClassificationReport.of(TWO,
                Tensor.of(new float[][] {{0f, 1f}, {Float.NaN, 1f}}), Tensor.of(0f, 1f)));
        assertRefused("from 0 to 1. Received: 2.0", () -> ClassificationReport.of(TWO, twoColumns(), Tensor.generate(i -> 2, 12)));
        assertRefused("for two classes", () -> four(new Options().threshold(0.5)));
        assertRefused("a count", () -> two(new Options().trainingCounts(List.of(1L))));
        assertRefused("finite", () -> new Options().threshold(Double.NaN));
        assertThrows(IndexOutOfBoundsException.class, () -> two(new Options().positive(2)));
        assertThrows(IndexOutOfBoundsException.class, () -> two(new Options()).curve(2));
    }

    private static void assertRefused(String words, Executable made) {
        String message = assertThrows(IllegalArgumentException.class, made).getMessage();
        assertTrue(message.contains(words), message);
    }
}

package beras.prediction;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.prediction.ConformalSets.Interval;
import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Split conformal prediction: the rank that decides, the usual error of predictions, and what a file keeps. */
@Tag("data")
class ConformalScoresTest {

    private static final List<String> LABELS = List.of("a", "b", "c");

    private static double[] repeated(int times, double... values) {
        return DoubleStream.of(values).flatMap(value -> DoubleStream.generate(() -> value).limit(times)).toArray();
    }

    private static Interval interval(ConformalScores scores, double coverage, double value) {
        return scores.at(coverage).interval(Prediction.ofValue(value));
    }

    private static void assertInterval(double lower, double upper, Interval interval) {
        assertEquals(lower, interval.lower(), 1e-9);
        assertEquals(upper, interval.upper(), 1e-9);
    }

    /** Two groups of equal predictions have equal centers; there the width is that of the larger errors, as just above it. */
    @Test
    void atTwoEqualCentersTheWidthIsThatOfTheLast() {
        double[] predicted = repeated(20, 20, 20, 40); // whose means of 20 are exact
        double[] actual = predicted.clone();
        for (int i = 0; i < actual.length; i++) {
            actual[i] += i < 20 ? 0.125 : i < 40 ? 1 : 2;
        }
        ConformalScores scores = ConformalScores.ofValues(predicted, actual);
        Interval above = interval(scores, 0.9, Math.nextUp(20.0));
        assertInterval(above.lower(), above.upper(), interval(scores, 0.9, 20));
    }

    // ----------------------------------------------------------------------------------------------------- ranks

    /** 0.07 of 100 is 7.000000000000001 in doubles, which would be rank 8. */
    @ParameterizedTest
    @CsvSource({"99, 0.07, 7", "99, 0.9, 90", "99, 0.9001, 91", "99, 0.99, 99", "9, 0.9, 9", "9, 0.8, 8", "1, 0.5, 1", "4, 0.01, 1"})
    void theRankIsExact(int count, double coverage, int rank) {
        ConformalScores labels = ConformalScores.ofLabels(IntStream.rangeClosed(1, count).mapToDouble(i -> -i).toArray());
        assertEquals(List.of("b", "a"), labels.at(coverage).labels(Prediction.ofLabels(LABELS, -rank, 2, Math.nextDown(-rank))));
    }

    /** Of any {@code n + 1} examples as many are covered by the others' scores as the promise says: no luck is in it. */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.5, 0.8, 0.81, 0.95})
    void eachLeftOutInTurnTheCoverageIsTheOnePromised(double coverage) {
        Rng random = new Rng(3, "conformal", 0);
        double[] shares = IntStream.range(0, 20).mapToDouble(random::uniform).toArray();
        int covered = 0;
        for (int out = 0; out < shares.length; out++) {
            int left = out;
            ConformalScores others = ConformalScores.ofLabels(IntStream.range(0, 20).filter(i -> i != left).mapToDouble(i -> shares[i])
                    .toArray());
            covered += others.at(coverage).labels(Prediction.ofLabels(LABELS, (float) shares[out], 2, -1)).contains("a") ? 1 : 0;
        }
        assertEquals((int) Math.ceil(20 * coverage - 1e-9), covered);
    }

    @Test
    void moreThanTheExamplesCanPromiseIsRefused() {
        ConformalScores scores = ConformalScores.ofLabels(new double[30]);
        scores.at(0.9677);
        assertRefused("The 30 held-out rows of this model can promise a coverage of at most 0.9677. Received: 0.97. Ask for less,"
                + " or train with more validation rows", () -> scores.at(0.97));
        for (double wrong : new double[] {0, 1, -0.1, 90, Double.NaN}) {
            assertRefused("A coverage must be above 0 and below 1. Received: " + wrong, () -> scores.at(wrong));
        }
    }

    /** The limit is then at most one of the kept scores too large, and never too small. */
    @ParameterizedTest
    @ValueSource(ints = {999, 1000, 1001, 1999, 12_345})
    void ofManyScoresAThousandAreKept(int count) {
        double[] shares = IntStream.rangeClosed(1, count).mapToDouble(i -> -i).toArray(); // scores 1 to count
        ConformalScores scores = ConformalScores.ofLabels(shares);
        assertEquals(count, scores.count());
        assertEquals(Math.min(count, 1000), scores.config().list("scores").size());
        for (double coverage : new double[] {0.001, 0.1, 0.5, 0.9, 0.95, 0.998}) {
            int exact = (int) Math.ceil((count + 1) * coverage - 1e-9);
            ConformalSets sets = scores.at(coverage);
            assertEquals(List.of("b", "a"), sets.labels(Prediction.ofLabels(LABELS, -exact, 2, -count - 1)), "covers less");
            int next = exact + (count + 999) / 1000;
            assertEquals(List.of("b"), sets.labels(Prediction.ofLabels(LABELS, -next, 2, -count - 1)), "covers more");
        }
    }

    // --------------------------------------------------------------------------------------------------- numbers

    @Test
    void anIntervalIsAsWideAsTheErrorsOfPredictionsOfItsSize() {
        ConformalScores scores = ConformalScores.ofValues(repeated(20, 0, 10), repeated(20, 1, 7)); // errors 1 and 3
        assertInterval(-1, 1, interval(scores, 0.9, 0));
        assertInterval(3, 7, interval(scores, 0.9, 5));
        assertInterval(7, 13, interval(scores, 0.9, 10));
        assertInterval(-101, -99, interval(scores, 0.9, -100));
        assertInterval(997, 1003, interval(scores, 0.9, 1000));
    }

    @Test
    void fewExamplesHaveOneWidth() {
        double[] predicted = repeated(19, 0, 10);
        double[] actual = repeated(19, 1, 7);
        ConformalScores scores = ConformalScores.ofValues(predicted, actual);
        assertEquals(6, interval(scores, 0.9, 0).width(), 1e-6);
        assertEquals(6, interval(scores, 0.9, 10).width(), 1e-6);
        assertEquals(2, interval(scores, 0.4, 10).width(), 1e-6);
    }

    /** Half of the mean error is 5; a fifth of that is 1, below which the usual error of a group does not fall. */
    @Test
    void aGroupWithoutErrorsHasAWidth() {
        ConformalScores scores = ConformalScores.ofValues(repeated(20, 0, 10), repeated(20, 0, 20));
        assertEquals(20, interval(scores, 0.9, 10).width(), 1e-6);
        assertEquals(2, interval(scores, 0.9, 0).width(), 1e-6);
    }

    @Test
    void aModelThatIsAlwaysRightHasIntervalsOfOneValue() {
        ConformalScores scores = ConformalScores.ofValues(repeated(30, 1, 2), repeated(30, 1, 2));
        assertEquals(new Interval(1.5, 1.5), interval(ConformalScores.of(scores.config()), 0.9, 1.5));
    }

    /** All predictions are one number, so all groups have one center. */
    @Test
    void aConstantModelHasAnInterval() {
        double[] actual = IntStream.range(0, 100).mapToDouble(i -> i).toArray();
        ConformalScores scores = ConformalScores.ofValues(repeated(100, 5), actual);
        Interval interval = interval(ConformalScores.of(scores.config()), 0.9, 5);
        assertTrue(interval.contains(5) && interval.contains(90) && !interval.contains(120), interval.toString());
        for (int count = 40; count < 300; count++) { // means of several equal numbers are rounded differently
            double[] noise = IntStream.range(0, count).mapToDouble(i -> i % 9).toArray();
            ConformalScores.of(ConformalScores.ofValues(repeated(count, 0.1), noise).config());
        }
    }

    /** Ties in predictions and errors, too. */
    @Test
    void theOrderOfTheExamplesDoesNotMatter() {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            pairs.add(new double[] {i % 7, i % 7 + (i % 13) * 0.1 * (i % 2 == 0 ? 1 : -1)});
        }
        Config config = scores(pairs).config();
        Collections.shuffle(pairs, new Random(1));
        assertEquals(config, scores(pairs).config());
    }

    private static ConformalScores scores(List<double[]> pairs) {
        return ConformalScores.ofValues(pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
                pairs.stream().mapToDouble(pair -> pair[1]).toArray());
    }

    /** Each score is without the share of its own example in the usual error; with it 0.891 would be covered. */
    @Test
    void theUsualErrorCostsNoCoverage() {
        Rng random = new Rng(9, "conformal", 0);
        double within = 0;
        int trials = 500;
        for (int trial = 0; trial < trials; trial++) {
            double[] predicted = new double[100];
            double[] actual = new double[100];
            fillHeavy(random, 1000L * trial, predicted, actual);
            ConformalSets sets = ConformalScores.ofValues(predicted, actual).at(0.9);
            fillHeavy(random, 1000L * trial + 500, predicted, actual);
            for (int i = 0; i < predicted.length; i++) {
                within += sets.interval(Prediction.ofValue(predicted[i])).contains(actual[i]) ? 1 : 0;
            }
        }
        double coverage = within / trials / 100;
        assertTrue(coverage > 0.899 && coverage < 0.912, "coverage " + coverage);
    }

    /** Errors with a long tail. */
    private static void fillHeavy(Rng random, long from, double[] predicted, double[] actual) {
        for (int i = 0; i < predicted.length; i++) {
            predicted[i] = random.uniform(from + 2L * i);
            double share = random.uniform(from + 2L * i + 1);
            actual[i] = predicted[i] + (0.1 + predicted[i]) * share * share * share / (1.02 - share);
        }
    }

    // ---------------------------------------------------------------------------------------------------- labels

    @Test
    void aSetIsNeverEmptyAndBeginsWithTheMostProbableLabel() {
        ConformalSets sets = ConformalScores.ofLabels(repeated(10, 0.6, 0.9)).at(0.5);
        assertTrue(sets.areOfLabels());
        assertEquals(List.of("c"), sets.labels(Prediction.ofLabels(LABELS, 0.3f, 0.2f, 0.5f)));
        ConformalSets wider = ConformalScores.ofLabels(repeated(10, 0.2, 0.9)).at(0.9);
        assertEquals(List.of("c", "a", "b"), wider.labels(Prediction.ofLabels(LABELS, 0.3f, 0.2f, 0.5f)));
        assertEquals(List.of("c", "a"), wider.labels(Prediction.ofLabels(LABELS, 0.31f, 0.19f, 0.5f)));
    }

    @Test
    void setsAndIntervalsAreNotTakenForEachOther() {
        ConformalSets sets = ConformalScores.ofLabels(new double[10]).at(0.5);
        ConformalSets intervals = ConformalScores.ofValues(new double[10], new double[10]).at(0.5);
        assertFalse(intervals.areOfLabels());
        assertThrows(IllegalStateException.class, () -> sets.interval(Prediction.ofValue(1)));
        assertThrows(IllegalStateException.class, () -> sets.interval(Prediction.ofLabels(LABELS, 1, 0, 0)));
        assertThrows(IllegalStateException.class, () -> intervals.interval(Prediction.ofLabels(LABELS, 1, 0, 0)));
        assertThrows(IllegalStateException.class, () -> sets.labels(Prediction.ofValue(1)));
    }

    // ----------------------------------------------------------------------------------------------------- files

    @Test
    void whatIsNotFiniteOrMissingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ConformalScores.ofLabels(new double[0]));
        assertThrows(IllegalArgumentException.class, () -> ConformalScores.ofValues(new double[0], new double[0]));
        assertThrows(IllegalArgumentException.class, () -> ConformalScores.ofValues(new double[2], new double[3]));
        assertThrows(IllegalArgumentException.class, () -> ConformalScores.ofLabels(new double[] {0.1, Double.NaN}));
        assertThrows(IllegalArgumentException.class,
                () -> ConformalScores.ofValues(new double[2], new double[] {1, Double.POSITIVE_INFINITY}));
    }

    @Test
    void damagedConfigsAreRefused() {
        Config good = ConformalScores.ofValues(repeated(20, 0, 10), repeated(20, 1, 7)).config();
        ConformalScores.of(good);
        List<Object> descending = new ArrayList<>(good.list("scores"));
        descending.set(0, 99);
        for (Config bad : List.of(good.with("count", 0), good.with("count", 41), good.with("count", -1), good.with("count", 1L << 62), good.with("scores", descending),
                good.with("scores", List.of()), good.with("predicted", List.of(10, 0)), good.with("errors", List.of(1)),
                good.with("errors", List.of(1, 0)), good.with("errors", List.of(1, -1)), good.with("errors", null),
                good.with("predicted", List.of()).with("errors", List.of()))) {
            assertThrows(IllegalArgumentException.class, () -> ConformalScores.of(bad), bad::toString);
        }
    }
}

package beras.data;

import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.Splits.Split;
import beras.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class SplitsTest {

    /** Labels of very different frequencies, from many examples to one. */
    private static int[] labels(int count, long seed) {
        Rng rng = new Rng(seed, "labels", 0);
        return IntStream.range(0, count)
                .map(i -> (int) (30 * rng.uniform(3L * i) * rng.uniform(3L * i + 1) * rng.uniform(3L * i + 2))).toArray();
    }

    private static void assertWhole(Split split, int count) {
        List<int[]> parts = List.of(split.train(), split.validation(), split.test());
        int[] all = parts.stream().flatMapToInt(Arrays::stream).sorted().toArray();
        assertArrayEquals(IntStream.range(0, count).toArray(), all);
        for (int[] part : parts) {
            assertArrayEquals(Arrays.stream(part).sorted().toArray(), part);
        }
    }

    private static long count(int[] part, int[] labels, int label) {
        return Arrays.stream(part).filter(i -> labels[i] == label).count();
    }

    @ParameterizedTest
    @CsvSource({"10,0.2,0.1", "1000,0.3,0.2", "1000,0.2,0", "7,0,0", "3,0.34,0.34", "97,0.15,0.15", "1,0,0", "100,0,0.99"})
    void partsAreWholeAndOfTheirShare(int count, double validation, double test) {
        Split split = Splits.random(count, validation, test, 3);
        assertWhole(split, count);
        assertEquals(count * validation, split.validation().length, 1);
        assertEquals(count * test, split.test().length, 1);
    }

    @Test
    void wholeSharesAreExact() {
        for (int tens = 1; tens <= 20; tens++) {
            for (int v = 0; v < 10; v++) {
                Split split = Splits.random(10 * tens, v / 10.0, 0, 1);
                assertEquals(v * tens, split.validation().length);
                assertEquals(0, split.test().length);
            }
        }
    }

    @Test
    void theSeedDecides() {
        Split split = Splits.random(100, 0.2, 0.1, 5);
        Split same = Splits.random(100, 0.2, 0.1, 5);
        assertArrayEquals(split.validation(), same.validation());
        assertArrayEquals(split.test(), same.test());
        assertFalse(Arrays.equals(split.validation(), Splits.random(100, 0.2, 0.1, 6).validation()));
        int[] labels = labels(100, 1);
        assertArrayEquals(Splits.stratified(labels, 0.2, 0.1, 5).test(), Splits.stratified(labels, 0.2, 0.1, 5).test());
        assertFalse(Arrays.equals(Splits.stratified(labels, 0.2, 0.1, 5).test(),
                Splits.stratified(labels, 0.2, 0.1, 6).test()));
        assertFalse(Arrays.equals(Splits.deal(labels, 5, 5), Splits.deal(labels, 5, 6)));
    }

    @Test
    void everyExampleMayComeIntoEveryPart() {
        int[] validations = new int[20];
        for (int seed = 0; seed < 1000; seed++) {
            for (int i : Splits.random(20, 0.25, 0.25, seed).validation()) {
                validations[i]++;
            }
        }
        for (int count : validations) {
            assertEquals(250, count, 70, "five deviations");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void stratifiedPartsHaveEachLabelInProportion(long seed) {
        Rng rng = new Rng(seed, "shares", 0);
        int[] labels = labels(50 + (int) (rng.uniform(0) * 2000), seed);
        double[] shares = {0, rng.uniform(1) * 0.4, rng.uniform(2) * 0.4};
        shares[0] = 1 - shares[1] - shares[2];
        Split split = Splits.stratified(labels, shares[1], shares[2], seed);
        assertWhole(split, labels.length);
        int[][] parts = {split.train(), split.validation(), split.test()};
        for (int part = 0; part < parts.length; part++) {
            for (int label = 0; label < 30; label++) {
                int count = label;
                double share = shares[part] * Arrays.stream(labels).filter(l -> l == count).count();
                assertTrue(Math.abs(share - count(parts[part], labels, label)) < 1,
                        () -> "label " + count + " of share " + share);
            }
            assertEquals(shares[part] * labels.length, parts[part].length, 2, "the whole is near its share, too");
        }
    }

    /** With one or two examples each, rounding label by label would give nothing to the small parts. */
    @Test
    void rareLabelsAreShared() {
        int[] labels = IntStream.range(0, 100).toArray();
        Split split = Splits.stratified(labels, 0.2, 0.1, 4);
        assertEquals(20, split.validation().length);
        assertEquals(10, split.test().length);
    }

    @ParameterizedTest
    @CsvSource({"200,2", "500,5", "999,10"})
    void foldsHaveEachLabelInProportion(int count, int folds) {
        int[] labels = labels(count, 9);
        int[] fold = Splits.deal(labels, folds, 1);
        for (int k = 0; k < folds; k++) {
            int one = k;
            int[] members = IntStream.range(0, count).filter(i -> fold[i] == one).toArray();
            assertEquals((double) count / folds, members.length, 0.999);
            for (int label = 0; label < 30; label++) {
                int each = label;
                double share = Arrays.stream(labels).filter(l -> l == each).count() / (double) folds;
                assertEquals(share, count(members, labels, label), 0.999, () -> "label " + each);
            }
        }
    }

    @Test
    void refusesSharesThatDoNotWork() {
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertRefused(type, () -> Splits.random(10, -0.1, 0, 1), "at least 0", "Received: -0.1 and 0.0");
        assertRefused(type, () -> Splits.random(10, 0.5, 0.5, 1), "below 1", "Received: 0.5 and 0.5");
        assertRefused(type, () -> Splits.random(10, Double.NaN, 0, 1), "NaN");
        assertRefused(type, () -> Splits.random(3, 0.1, 0, 1), "must get an example", "3 examples");
        assertRefused(type, () -> Splits.random(10, 0, 0.01, 1), "must get an example");
        assertRefused(type, () -> Splits.random(0, 0, 0, 1), "must get an example");
        assertRefused(type, () -> Splits.random(-1, 0, 0, 1), "at least 0", "Received: -1");
    }

    // ----------------------------------------------------------------------------------------------------------- rows

    @Test
    void rowsForValidationFollowFromSeedAndNumberAlone() {
        LongPredicate rows = Splits.validationRows(0.2, 7);
        assertEquals(20_000, LongStream.range(0, 100_000).filter(rows).count(), 700, "five deviations");
        LongPredicate same = Splits.validationRows(0.2, 7);
        LongPredicate other = Splits.validationRows(0.2, 8);
        LongPredicate more = Splits.validationRows(0.3, 7);
        assertTrue(LongStream.range(0, 1000).allMatch(row -> rows.test(row) == same.test(row)));
        assertTrue(LongStream.range(0, 1000).anyMatch(row -> rows.test(row) != other.test(row)));
        assertTrue(LongStream.range(0, 1000).filter(rows).allMatch(more), "a larger share adds to the smaller one");
        assertTrue(LongStream.range(0, 1000).noneMatch(Splits.validationRows(0, 7)));
        assertTrue(LongStream.range(0, 1000).allMatch(Splits.validationRows(1, 7)));
        assertTrue(LongStream.range(1L << 40, (1L << 40) + 1000).anyMatch(rows));
        assertRefused(IllegalArgumentException.class, () -> Splits.validationRows(1.1, 7), "0 to 1", "Received: 1.1");
        assertRefused(IllegalArgumentException.class, () -> Splits.validationRows(Double.NaN, 7), "NaN");
    }

    @Test
    void rowsOfAPart() {
        LongPredicate rows = Splits.rows(new int[] {0, 5, 1000});
        assertArrayEquals(new long[] {0, 5, 1000}, LongStream.range(0, 2000).filter(rows).toArray());
        assertFalse(rows.test((1L << 32) + 5));
    }

    /** Two groups of a size are short of the same part, so each would be trained on. */
    @Test
    void eachPartGetsAGroupIfThereAreEnough() {
        int[] groups = IntStream.range(0, 120).map(i -> i / 20).toArray(); // three of each label
        int[] labels = IntStream.range(0, 120).map(i -> i / 60).toArray();
        Split three = Splits.grouped(labels, groups, 0.1, 0.1, 1);
        assertWhole(three, 120);
        assertEquals("40 40 40", three.train().length + " " + three.validation().length + " " + three.test().length);
        int[] halves = IntStream.range(0, 120).map(i -> i % 60 < 45 ? i / 60 : 2 + i / 60).toArray();
        Split two = Splits.grouped(labels, halves, 0, 0.1, 1);
        assertEquals("90 0 30", two.train().length + " " + two.validation().length + " " + two.test().length);
        assertEquals(15, count(two.test(), labels, 1));
        assertRefused(IllegalArgumentException.class, () -> Splits.grouped(labels, halves, 0.1, 0.1, 1),
                "Received: 120 examples in 4 groups, which stay whole, and shares ");
        assertRefused(IllegalArgumentException.class, () -> Splits.grouped(labels, labels, 0, 0.2, 1), "in 2 groups");
    }
}

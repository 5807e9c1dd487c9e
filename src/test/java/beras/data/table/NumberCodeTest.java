package beras.data.table;

import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.table.values.NumberCode;
import beras.data.table.values.NumberCounts;
import beras.data.table.values.NumberSample;
import beras.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is learnt of the numbers of a column, and what they become. */
@Tag("data")
class NumberCodeTest {

    @TempDir
    Path folder;

    private static NumberCode learn(int bins, double... numbers) {
        TreeMap<Double, Long> times = new TreeMap<>();
        Arrays.stream(numbers).forEach(number -> times.merge(number, 1L, Long::sum));
        return NumberCode.learn(NumberCounts.of(times), times.firstKey(), times.lastKey(), bins);
    }

    private static double[] numbers(Object... timesAndNumbers) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < timesAndNumbers.length; i += 2) {
            all.addAll(Collections.nCopies((Integer) timesAndNumbers[i], ((Number) timesAndNumbers[i + 1]).doubleValue()));
        }
        return all.stream().mapToDouble(number -> number).toArray();
    }

    private static double[] upTo(int last) {
        return IntStream.rangeClosed(0, last).mapToDouble(i -> i).toArray();
    }

    private static float[] encode(TableColumn column, Object cell) throws Exception {
        float[] out = new float[column.width()];
        column.encode(cell, out, 0);
        return out;
    }

    // --------------------------------------------------------------------------------------------------- what is learnt

    @Test
    void scaleIsTheInterquartileRange() {
        NumberCode code = learn(8, 1, 2, 3, 4, 100);
        assertEquals(3, code.median());
        assertEquals(2, code.spread());
        assertEquals(2.5, learn(8, 1, 2, 3, 4).median());
        assertEquals(1.5, learn(8, 1, 2, 3, 4).spread());
    }

    /** Of those that differ from the median: 2, 2, 8 away from it. */
    @Test
    void whereQuartilesAreOneTheOthersScale() {
        NumberCode code = learn(8, numbers(20, 5, 1, 3, 1, 7, 1, 13));
        assertEquals(5, code.median());
        assertEquals(2, code.spread());
    }

    @Test
    void aSpreadIsNotSoSmallThatSquaresOverflow() throws Exception {
        NumberCode code = learn(1, numbers(5, 1e-300, 5, 2e-300, 5, 3e-300, 1, 3e38));
        NumericColumn column = NumericColumn.robust("x", 0, "", code.median(), code.spread(), code.inner(), false, 1e-300, 3e38);
        assertArrayEquals(new float[] {3}, encode(column, 3e38));
        assertRefused(IllegalArgumentException.class, () -> NumericColumn.robust("x", 0, "", 0, 1e-300, List.of(), false, 0, 1),
                "Column x: the range must be finite and at most 1.0E100 spreads");
    }

    @Test
    void binsHaveEquallyManyNumbers() {
        assertEquals(List.of(10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0), learn(8, upTo(80)).inner());
        assertEquals(List.of(20.0, 40.0, 60.0), learn(4, upTo(80)).inner());
        assertEquals(List.of(), learn(1, upTo(80)).inner());
    }

    @Test
    void ofFewNumbersEachIsAnEdge() {
        assertEquals(List.of(), learn(8, numbers(9, 0, 1, 1)).inner(), "the number tells all");
        assertEquals(List.of(2.0), learn(8, numbers(90, 1, 1, 2, 9, 3)).inner());
        assertEquals(List.of(2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0), learn(8, numbers(50, 1, 1, 2, 1, 3, 1, 4, 1, 5, 1, 6, 1, 7, 1, 8, 43,
                9)).inner());
    }

    /** However often a number is there, the others have edges as close. */
    @Test
    void edgesDiffer() {
        double[] mostlyZero = new double[1000];
        for (int i = 0; i < 80; i++) {
            mostlyZero[i] = i + 1;
        }
        List<Double> inner = learn(8, mostlyZero).inner();
        assertEquals(List.of(10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0), inner);
        double[] mostlyLargest = Arrays.stream(mostlyZero).map(x -> x == 0 ? 100 : x).toArray();
        List<Double> below = learn(8, mostlyLargest).inner();
        assertTrue(below.size() >= 2 && below.stream().distinct().count() == below.size() && below.get(below.size() - 1) < 100,
                below::toString);
    }

    @Test
    void largeAndWideTablesHaveFewerBins() {
        assertEquals(16, NumberCode.bins(100, 1));
        assertEquals(12, NumberCode.bins(100_000, 50));
        assertEquals(5, NumberCode.bins(1_000_000, 10));
        assertEquals(1, NumberCode.bins(1_000_000, 50), "the number alone, as long as ever");
        assertEquals(3, NumberCode.bins(100, 2000));
        assertEquals(1, NumberCode.bins(100, 20_000));
        assertEquals(1, NumberCode.bins(Long.MAX_VALUE, 1));
        assertEquals(16, NumberCode.bins(100, 0));
    }

    // ------------------------------------------------------------------------------------------------ what they become

    @Test
    void numbersBecomeWhatTheFormulaSays() throws Exception {
        NumericColumn column = NumericColumn.robust("x", 1, "", 3, 2, List.of(2.0, 5.0), false, 1, 9);
        assertEquals(List.of("x", "x from 1 to 2", "x from 2 to 5", "x from 5 to 9", "x is missing"), column.features());
        assertArrayEquals(new float[] {0, 0, 0, 0, 0}, encode(column, 3));
        assertArrayEquals(new float[] {0, 0, 0, 0, 1}, encode(column, null), "as the median");
        float two = (float) (2 / Math.sqrt(1 + 4 / 9.0));
        double root = 2 * Math.sqrt(3); // twice that of the number of bins
        assertArrayEquals(new float[] {two, 0, (float) (2 / (3 * root)), (float) (2 / (4 * root)), 0}, encode(column, "7"));
        float minusOne = (float) (-1 / Math.sqrt(1 + 1 / 9.0));
        float whole = (float) (1 / root);
        assertArrayEquals(new float[] {minusOne, -whole, (float) (-1 / (3 * root)), 0, 0}, encode(column, 1.0));
        assertArrayEquals(encode(column, 1), encode(column, -1e30), "the nearest number of training");
        assertArrayEquals(new float[] {(float) (3 / Math.sqrt(2)), 0, (float) (2 / (3 * root)), whole, 0}, encode(column, 9));
        assertArrayEquals(encode(column, 9), encode(column, 1e30));
        assertArrayEquals(new float[] {(float) (-0.75 / Math.sqrt(1 + 0.0625)), (float) (-0.5 / root), (float) (-1 / (3 * root)), 0, 0},
                encode(column, 1.5));
    }

    @Test
    void columnsOfOlderModelsKeepTheirEncoding() throws Exception {
        TableColumn old = TableColumn.of(Config.of("Numeric", Map.of("name", "x", "missing", 1, "note", "", "least", 1.0, "most", 9.0,
                "mean", 3.0, "deviation", 2.0)));
        assertEquals(List.of("x", "x is missing"), old.features());
        assertArrayEquals(new float[] {2, 0}, encode(old, 7));
        assertArrayEquals(new float[] {3, 0}, encode(old, 1e9));
        assertEquals("using the training mean, and a feature that marks it", old.ifMissing());
    }

    @Test
    void edgesAreInOrder() {
        for (List<Double> wrong : List.of(List.of(1.0), List.of(9.0), List.of(5.0, 5.0), List.of(5.0, 4.0), List.of(Double.NaN))) {
            assertRefused(IllegalArgumentException.class,
                    () -> NumericColumn.robust("x", 0, "", 3, 2, wrong, false, 1, 9), "Column x: edges must be in ascending order",
                    "Received: " + wrong);
        }
        assertRefused(IllegalArgumentException.class,
                () -> NumericColumn.robust("x", 0, "", 3, 2, List.of(), false, 1, Double.POSITIVE_INFINITY), "range must be finite");
        assertRefused(IllegalArgumentException.class, () -> NumericColumn.robust("x", 0, "", 3, 0, List.of(), false, 1, 9), "above 0");
        assertRefused(IllegalArgumentException.class, () -> new TableOptions().bins(0), "1 to 64", "Received: 0");
        assertRefused(IllegalArgumentException.class, () -> new TableOptions().bins(65), "Received: 65");
    }

    // --------------------------------------------------------------------------------------------------------- samples

    private static NumberSample sample(int most, int from, int to) {
        NumberSample sample = new NumberSample(most);
        for (int row = from; row < to; row++) {
            sample.add(row, NumberSample.level(row));
        }
        return sample;
    }

    private static double[] sorted(NumberSample sample) {
        double[] sorted = sample.values();
        Arrays.sort(sorted);
        return sorted;
    }

    @Test
    void aSampleIsTheSameInAnyOrder() {
        double[] whole = sorted(sample(256, 0, 50_000));
        assertTrue(whole.length > 64 && whole.length <= 256, () -> whole.length + " numbers");
        NumberSample turned = new NumberSample(256);
        IntStream.range(0, 50_000).map(row -> 49_999 - row).forEach(row -> turned.add(row, NumberSample.level(row)));
        assertArrayEquals(whole, sorted(turned));
        assertArrayEquals(upTo(255), sorted(sample(256, 0, 256)), "all, if they fit");
        assertNotEquals(257, sample(256, 0, 257).values().length);
    }

    @Test
    void aSampleIsLikeTheWhole() {
        double[] sorted = sorted(sample(NumberSample.MOST, 0, 1_000_000));
        assertTrue(sorted.length > NumberSample.MOST / 3, () -> sorted.length + " numbers");
        for (int part = 1; part < 8; part++) {
            assertEquals(part * 125_000, sorted[part * sorted.length / 8], 30_000);
        }
        assertEquals(NumberSample.MOST, NumberSample.most(1));
        assertEquals(NumberSample.MOST, NumberSample.most(128));
        assertEquals(1024, NumberSample.most(1024));
        assertEquals(256, NumberSample.most(100_000));
    }

    /** Up to as many different values as are counted; more would be a sample, which cannot have them all. */
    @Test
    void numbersOfWhichFewDifferAreCountedExactly() throws IOException {
        String[] cells = IntStream.range(0, 30_000).mapToObj(i -> Integer.toString(i % 3 == 0 ? i % 9000 : 5000)).toArray(String[]::new);
        NumericColumn column = column(Set.of(), cells);
        assertEquals(5000, column.center());
        assertEquals(8997, column.max());
        double[] numbers = Arrays.stream(cells).mapToDouble(Double::parseDouble).toArray();
        NumberCode expected = learn(TableOptions.BINS, numbers);
        assertEquals(expected.spread(), column.scale());
        assertEquals(expected.inner(), column.edges().subList(1, column.edges().size() - 1));
    }

    /** A sample has all equal rows or none; here all but the smallest and the largest number are of rows that are equal to another. */
    @Test
    void whereEqualRowsFillTheSampleItIsStillALesson() throws IOException {
        String[] cells = new String[60_000];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = i < 20_000 ? Integer.toString(i) : "777.5";
        }
        NumericColumn column = column(Set.of(), cells);
        assertTrue(column.scale() > 0 && column.edges().size() > 2, () -> column.scale() + " " + column.edges());
        assertEquals(0, column.min());
        assertEquals(19_999, column.max());
    }

    private NumericColumn column(Set<String> missing, String... cells) throws IOException {
        StringBuilder text = new StringBuilder("x,y\n");
        for (int i = 0; i < cells.length; i++) {
            text.append(cells[i]).append(i % 3 == 0 ? ",a\n" : ",b\n");
        }
        Path file = Files.writeString(folder.resolve("far.csv"), text.toString());
        return (NumericColumn) TableSchema.infer(TableFile.of(file).missing(missing), "y", new TableOptions()).columns().get(0);
    }

    // ------------------------------------------------------------------------------------------------ numbers far from all

    private static String[] cells(String... far) {
        Rng rng = new Rng(1, "cells", 0);
        String[] cells = IntStream.range(0, 200).mapToObj(i -> Double.toString(rng.uniform(i))).toArray(String[]::new);
        System.arraycopy(far, 0, cells, 10, far.length);
        return cells;
    }

    @Test
    void whatIsFarFromAllOthersIsPointedOut() throws IOException {
        String[] marks = Collections.nCopies(20, "-9999").toArray(String[]::new);
        NumericColumn marked = column(Set.of(), cells(marks));
        assertEquals("\"-9999\" in 10 % of the values is far from all others: add `missing -9999` if it marks missing values", marked.note());
        assertTrue(marked.scale() < 1, "which does no harm");
        assertEquals("", column(Set.of("-9999"), cells(marks)).note());
        assertEquals("\"1e12\" in 0.5 % of the values is far from all others: add `missing 1e12` if it marks missing values",
                column(Set.of(), cells("1e12")).note());
        assertEquals("\"-9.0\" in 0.5 % and \"1000\" in 1 % of the values are far from all others: add `missing -9.0,1000` if they mark"
                + " missing values", column(Set.of(), cells("-9.0", "1000", "1000")).note());
    }

    @Test
    void tailsAndFewNumbersAreNotFar() throws IOException {
        assertEquals("", column(Set.of(), cells()).note());
        assertEquals("", column(Set.of(), cells("5.5", "3", "2")).note());
        Rng rng = new Rng(2, "tail", 0);
        assertEquals("", column(Set.of(), IntStream.range(0, 500).mapToObj(i -> Double.toString(StrictMath.exp(rng.normal(i))))
                .toArray(String[]::new)).note());
        assertEquals("", column(Set.of(), "1", "2", "3", "1", "2", "3", "99").note());
        assertEquals("", column(Set.of(), "0", "1000", "0", "1000", "0", "1").note());
    }
}

package beras.data.table;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.data.Refusals;
import beras.data.Splits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rows of a table are held out. */
@Tag("data")
class TableSplitTest {

    private static final int ROWS = 203;

    @TempDir
    Path folder;

    /** Labels a, b, c at 60, 30 and 10 %, groups of seven rows, days that do not ascend. */
    private TableFile table() throws IOException {
        return write("when,shop,x,label", row -> day(row) + ",s" + shop(row) + "," + row + "," + label(row));
    }

    private TableFile write(String header, LongFunction<String> line) throws IOException {
        List<String> lines = new ArrayList<>(List.of(header));
        LongStream.range(0, ROWS).forEach(row -> lines.add(line.apply(row)));
        return TableFile.of(Files.write(folder.resolve("table.csv"), lines));
    }

    private static String label(long row) {
        return row % 10 < 6 ? "a" : row % 10 < 9 ? "b" : "c";
    }

    private static String day(long row) {
        return String.format(Locale.ROOT, "2024-%02d-%02d", 1 + row * 5 % 12, 1 + row % 4);
    }

    private static long shop(long row) {
        return row / 7;
    }

    private static int[] rows(LongPredicate part) {
        return IntStream.range(0, ROWS).filter(part::test).toArray();
    }

    private TableParts parts(TableSplit split) throws IOException {
        return split.parts(table(), "label", new TableOptions());
    }

    @Test
    void aColumnMustBeNamed() {
        assertThrows(IllegalArgumentException.class, () -> TableSplit.parse("time:", 0.2));
        assertThrows(IllegalArgumentException.class, () -> TableSplit.byGroup("", 0.2));
    }

    /** 2024 is the number 2024, and 2023-05 some 19,000 days: the later would come first. */
    @ParameterizedTest
    @ValueSource(strings = {"2024", "20240131"})
    void datesAndNumbersHaveNoCommonOrder(String number) throws IOException {
        TableFile mixed = write("when,x,label", row -> (row == 9 ? number : day(row)) + "," + row + "," + label(row));
        Refusals.assertBadData(() -> TableSplit.byTime("when", 0.2).parts(mixed, "label", new TableOptions()), "line 11",
                "a date like", number, day(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stratified", "random"})
    void theShareIsExactAndTheSeedDecides(String kind) throws IOException {
        TableSplit split = TableSplit.parse(kind, 0.2);
        TableParts parts = parts(split.seed(1));
        assertEquals(Math.round(0.2 * ROWS), parts.validationRows());
        assertEquals(parts.validationRows(), rows(parts.validation()).length);
        assertEquals(ROWS - parts.validationRows(), rows(parts.training()).length);
        assertArrayEquals(rows(parts.validation()), rows(parts(split.seed(1)).validation()));
        assertFalse(Arrays.equals(rows(parts.validation()), rows(parts(split.seed(2)).validation())));
        assertEquals(0, rows(parts.test()).length);
    }

    /** The first fold are the validation rows; the others are trained on. */
    @ParameterizedTest
    @CsvSource({"0.2, 5", "0.1, 10", "0.3, 4", "0.9, 2"})
    void rowsToTrainOnAreInFurtherFolds(double share, int folds) throws IOException {
        TableParts parts = parts(TableSplit.stratified(share));
        assertEquals(folds, parts.folds());
        int[] sizes = new int[folds];
        int[] common = new int[folds]; // label a
        for (int row = 0; row < ROWS; row++) {
            int fold = parts.fold(row);
            assertEquals(fold == 0, parts.validation().test(row));
            assertEquals(fold != 0, parts.training().test(row));
            sizes[fold]++;
            common[fold] += label(row).equals("a") ? 1 : 0;
        }
        assertEquals(Math.round(share * ROWS), sizes[0]);
        for (int fold = 1; fold < folds; fold++) {
            assertEquals((ROWS - sizes[0]) / (folds - 1.0), sizes[fold], 0.999);
            assertEquals((double) common[0] / sizes[0], (double) common[fold] / sizes[fold], 0.05, "each label in proportion");
        }
    }

    /** A tenth of four rows would be none. */
    @Test
    void atLeastOneRowIsHeldOut() throws IOException {
        for (int rows = 2; rows < 12; rows++) {
            String text = "x,y\n" + "1,a\n".repeat(rows - 1) + "2,b\n";
            TableFile few = TableFile.of(Files.writeString(folder.resolve("few.csv"), text));
            TableParts parts = TableSplit.stratified(0.1).parts(few, "y", new TableOptions());
            assertEquals(1, parts.validationRows(), rows + " rows");
            assertEquals(Math.min(rows, 10), parts.folds(), rows + " rows");
        }
    }

    @Test
    void rowsThatBelongTogetherAreInOneFold() throws IOException {
        for (TableSplit split : List.of(TableSplit.byTime("when", 0.2), TableSplit.byGroup("shop", 0.2))) {
            assertEquals(1, parts(split).folds(), split::toString);
        }
        assertEquals(0, parts(TableSplit.random(0)).folds());
    }

    @Test
    void eachLabelIsKeptApartInProportion() throws IOException {
        TableParts parts = parts(TableSplit.stratified(0.2));
        assertEquals("at random, each label in proportion", parts.how());
        for (String label : List.of("a", "b", "c")) {
            long all = LongStream.range(0, ROWS).filter(row -> label(row).equals(label)).count();
            long held = Arrays.stream(rows(parts.validation())).filter(row -> label(row).equals(label)).count();
            assertEquals(0.2 * all, held, 0.999, label);
        }
    }

    /** In proportion to numbers would be by their order. */
    @Test
    void ofARegressionRowsAreChosenAtRandom() throws IOException {
        TableFile table = write("x,y", row -> row + "," + row * 1.5);
        TableParts parts = TableSplit.stratified(0.2).parts(table, "y", new TableOptions());
        assertEquals("at random", parts.how());
        assertArrayEquals(Splits.random(ROWS, 0.2, 0, 0).validation(), rows(parts.validation()));
        TableParts labels = TableSplit.stratified(0.2).parts(table(), "label", new TableOptions());
        assertNotEquals(parts.how(), labels.how());
    }

    @Test
    void rowsWithoutATargetAreInNoPart() throws IOException {
        TableFile table = write("x,y", row -> row + "," + (row % 3 == 0 ? "" : label(row)));
        TableParts parts = TableSplit.stratified(0.25).parts(table, "y", new TableOptions());
        int with = (int) LongStream.range(0, ROWS).filter(row -> row % 3 != 0).count();
        assertEquals(with, rows(parts.training()).length + parts.validationRows());
        assertEquals(Math.round(0.25 * with), parts.validationRows());
        assertTrue(IntStream.of(rows(parts.validation())).noneMatch(row -> row % 3 == 0));
        assertTrue(IntStream.of(rows(parts.training())).noneMatch(row -> row % 3 == 0));
    }

    @Test
    void byTimeTheLastRowsAreKeptApart() throws IOException {
        TableParts parts = parts(TableSplit.byTime("when", 0.3));
        String last = Arrays.stream(rows(parts.training())).mapToObj(TableSplitTest::day).max(String::compareTo).orElseThrow();
        String first = Arrays.stream(rows(parts.validation())).mapToObj(TableSplitTest::day).min(String::compareTo).orElseThrow();
        assertTrue(last.compareTo(first) < 0, last + " " + first);
        int ofOneDay = (int) IntStream.range(0, ROWS).filter(row -> day(row).equals(first)).count(); // stay together
        assertTrue(parts.validationRows() >= 61 && parts.validationRows() < 61 + ofOneDay, parts.validationRows() + " rows");
        TableParts byNumber = parts(TableSplit.byTime("x", 0.1));
        assertArrayEquals(IntStream.range(ROWS - 20, ROWS).toArray(), rows(byNumber.validation()));
    }

    /** That day and month change places shows only late in the column. */
    @Test
    void datesAreReadAsTheColumnShows() throws IOException {
        TableFile table = write("when,y", row -> (1 + row % 28) + "." + (1 + row / 28) + ".2024 12:30,a" + row % 2);
        TableParts parts = TableSplit.byTime("when", 0.1).parts(table, "y", new TableOptions());
        assertArrayEquals(IntStream.range(ROWS - 20, ROWS).toArray(), rows(parts.validation()));
        TableFile both = write("when,y", row -> (row % 2 == 0 ? "31/1/2024" : "1/31/2024") + ",a" + row % 2);
        assertRefused("column 1 (when): expected dates of which all begin with the month", both, TableSplit.byTime("when", 0.2));
    }

    @Test
    void datesAreReadAsIsAsked() throws IOException {
        TableFile table = write("when,y", row -> (row % 2 == 0 ? "1/2/2024" : "2/1/2024") + ",a" + row % 3);
        TableSplit split = TableSplit.byTime("when", 0.2);
        int[] odd = IntStream.range(0, ROWS).filter(row -> row % 2 == 1).toArray();
        int[] even = IntStream.range(0, ROWS).filter(row -> row % 2 == 0).toArray();
        assertArrayEquals(odd, rows(split.parts(table, "y", new TableOptions()).validation()));
        assertArrayEquals(even, rows(split.parts(table, "y", new TableOptions().types(Map.of("when", TableColumn.Type.DAYFIRST))).validation()));
    }

    /** Read with the day first, the second of January would come after the first of February. */
    @Test
    void datesBeginWithTheMonthIfTheColumnShowsIt() throws IOException {
        List<String> days = List.of("1/31/2024", "1/2/2024", "2/1/2024", "1/3/2024", "1/4/2024", "2/3/2024", "1/5/2024");
        TableFile table = write("when,y", row -> days.get((int) row % 7) + ",a" + row % 2);
        TableParts parts = TableSplit.byTime("when", 0.2).parts(table, "y", new TableOptions());
        assertArrayEquals(IntStream.range(0, ROWS).filter(row -> days.get(row % 7).startsWith("2")).toArray(),
                rows(parts.validation()));
    }

    @Test
    void groupsStayTogether() throws IOException {
        TableParts parts = parts(TableSplit.byGroup("shop", 0.2).seed(3));
        Set<Long> held = new HashSet<>();
        Arrays.stream(rows(parts.validation())).forEach(row -> held.add(shop(row)));
        assertTrue(Arrays.stream(rows(parts.training())).noneMatch(row -> held.contains(shop(row))));
        assertEquals(0.2 * ROWS, parts.validationRows(), 3.5);
    }

    /** How many rows of each group are held out, of groups of these sizes. */
    private List<Integer> held(double share, long seed, int... sizes) throws IOException {
        List<String> lines = new ArrayList<>(List.of("group,y"));
        for (int group = 0; group < sizes.length; group++) {
            for (int i = 0; i < sizes[group]; i++) {
                lines.add("g" + group + ",a" + i % 2);
            }
        }
        TableFile table = TableFile.of(Files.write(folder.resolve("groups.csv"), lines));
        LongPredicate held = TableSplit.byGroup("group", share).seed(seed).parts(table, "y", new TableOptions()).validation();
        int row = 0;
        List<Integer> counts = new ArrayList<>();
        for (int size : sizes) {
            counts.add((int) IntStream.range(row, row += size).filter(held::test).count());
        }
        return counts;
    }

    /** A group of nearly twice the share is not taken if small ones make the share, wherever it comes among them. */
    @Test
    void aLargeGroupDoesNotTakeTheShareOfSmallOnes() throws IOException {
        int[] sizes = IntStream.concat(IntStream.of(19), IntStream.generate(() -> 5).limit(16)).toArray();
        for (long seed = 0; seed < 50; seed++) {
            List<Integer> held = held(0.1, seed, sizes);
            assertEquals(0, held.get(0), "seed " + seed);
            assertEquals(10, held.stream().mapToInt(Integer::intValue).sum());
        }
    }

    /** With the group that brings the rows nearer to the share they are more than it, else they stay below; so at a tie. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void groupsComeAsNearToTheShareAsTheyCan(long seed) throws IOException {
        int[] sizes = IntStream.generate(() -> 14).limit(10).toArray();
        assertEquals(28, held(0.24, seed, sizes).stream().mapToInt(Integer::intValue).sum()); // 34 wanted
        assertEquals(42, held(0.26, seed, sizes).stream().mapToInt(Integer::intValue).sum()); // 36 wanted
        assertEquals(28, held(0.25, seed, sizes).stream().mapToInt(Integer::intValue).sum()); // 35 wanted
    }

    /** Validation rows there must be. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void ifNoGroupComesNearTheShareTheSmallestIsTaken(long seed) throws IOException {
        assertEquals(List.of(0, 0, 17, 0, 0), held(0.01, seed, 30, 40, 17, 35, 25));
        assertEquals(List.of(0, 0, 17, 0, 0), held(0.001, seed, 30, 40, 17, 35, 25), "a share that is no row");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stratified", "random", "group:shop"})
    void eachRowIsTestedInOneFold(String kind) throws IOException {
        int[] tested = new int[ROWS];
        for (TableParts fold : TableSplit.parse(kind, 0.2).seed(5).folds(4, table(), "label", new TableOptions())) {
            Arrays.stream(rows(fold.test())).forEach(row -> tested[row]++);
            assertEquals(ROWS / 4.0, fold.testRows(), kind.startsWith("group") ? 7 : 1);
            assertEquals(ROWS, fold.testRows() + fold.validationRows() + rows(fold.training()).length);
            assertEquals(0.2 * (ROWS - fold.testRows()), fold.validationRows(), kind.startsWith("group") ? 3.5 : 1);
        }
        assertTrue(Arrays.stream(tested).allMatch(count -> count == 1), Arrays.toString(tested));
    }

    /** However the rows are chosen; a label is its spellings together. */
    @ParameterizedTest
    @ValueSource(strings = {"stratified", "random", "group:g"})
    void foldsAndValidationRowsWithoutALabelAreReported(String kind) throws IOException {
        List<String> remarks = new ArrayList<>();
        TableOptions options = new TableOptions().onRemark(remarks::add);
        TableFile file = TableFile.of(Files.writeString(folder.resolve("rare.csv"), "g,y\n" + IntStream.range(0, 200)
                .mapToObj(i -> i + "," + (i % 50 == 7 ? i == 7 ? "YES" : "yes" : "no") + '\n').collect(Collectors.joining())));
        TableSplit split = TableSplit.parse(kind, 0.01).seed(1);
        split.folds(10, file, "y", options);
        assertEquals(1, remarks.size(), remarks::toString);
        assertTrue(remarks.get(0).startsWith("Some of the 10 folds have no row of a label to test: of \"yes\" (4 rows) in ")
                && remarks.get(0).endsWith(kind.equals("stratified") ? " in 6. They are left out of the means of what is measured by class, such as"
                        + " balanced_accuracy and auc. Take at most 4 folds" : " balanced_accuracy and auc"), remarks.get(0));
        split.parts(file, "y", options);
        assertEquals("None of the 2 validation rows is \"yes\" (4 rows): what is measured by class on them, such as balanced_accuracy, leaves that out",
                remarks.get(1));
        TableSplit.parse(kind, 0.5).parts(file, "y", options);
        TableSplit.stratified(0.5).folds(4, file, "y", options);
        assertEquals(2, remarks.size(), remarks::toString);
    }

    /** Where the rows that are not tested are as many, the same seed would choose those at the same places of them. */
    @Test
    void eachFoldChoosesItsRowsToValidateAnew() throws IOException {
        TableFile table = write("x,y", row -> row + "," + (row < 200 ? "1.5" : ""));
        List<int[]> places = new ArrayList<>();
        for (TableParts fold : TableSplit.random(0.2).folds(2, table, "y", new TableOptions())) {
            int[] rest = IntStream.range(0,
                    ROWS).filter(row -> fold.training().test(row) || fold.validation().test(row)).toArray();
            assertEquals(100, rest.length);
            places.add(IntStream.range(0, 100).filter(place -> fold.validation().test(rest[place])).toArray());
        }
        assertFalse(Arrays.equals(places.get(0), places.get(1)), Arrays.toString(places.get(0)));
    }

    @Test
    void foldsByTimeTestWhatComesAfter() throws IOException {
        List<TableParts> folds = TableSplit.byTime("x", 0.25).folds(3, table(), "label", new TableOptions());
        int trained = 0;
        for (TableParts fold : folds) {
            int[] training = rows(fold.training());
            int[] validation = rows(fold.validation());
            int[] test = rows(fold.test());
            assertTrue(training[training.length - 1] < validation[0] && validation[validation.length - 1] < test[0]);
            assertTrue(training.length > trained);
            trained = training.length;
            assertEquals(ROWS / 4.0, test.length, 1);
        }
        assertEquals(ROWS - 1, rows(folds.get(2).test())[(int) folds.get(2).testRows() - 1]);
    }

    @Test
    void withoutAShareAllAreToTrainOn() throws IOException {
        TableParts parts = parts(TableSplit.stratified(0));
        assertEquals(ROWS, rows(parts.training()).length);
        assertEquals(0, parts.validationRows());
        assertEquals("", parts.how());
        assertEquals(0, TableSplit.random(0).folds(3, table(), "label", new TableOptions()).get(0).validationRows());
    }

    @Test
    void whatCannotBeSplitIsRefused() throws IOException {
        TableFile table = write("when,shop,y", row -> (row == 50 ? "soon" : day(row)) + "," + (row == 60 ? "" : "one") + ",a" + row % 2);
        TableOptions options = new TableOptions();
        assertRefused("line 52, column 1 (when): expected a time such as 2024-01-31", table, TableSplit.byTime("when", 0.2));
        assertRefused("line 62, column 2 (shop): expected a value, as each row needs", table, TableSplit.byGroup("shop", 0.2));
        assertRefused("expected a column \"week\", by which rows are held out", table, TableSplit.byTime("week", 0.2));
        assertRefused("expected rows to train on and validation rows. Received: 0 and 1",
                TableFile.of(Files.writeString(folder.resolve("one.csv"), "x,y\n1,a\n")), TableSplit.random(0.1));
        TableFile one = write("shop,y", row -> "one,a" + row % 2);
        assertRefused("Received: 0 and 203, of 203 with a target, chosen in groups by shop", one, TableSplit.byGroup("shop", 0.2));
        assertRefused("Received: 0 and 203", write("t,y", row -> "7,a" + row % 2), TableSplit.byTime("t", 0.2));
        DataException folds = assertThrows(DataException.class,
                () -> TableSplit.byGroup("shop", 0.2).folds(2, write("shop,y", row -> "one,a" + row % 2), "y", options));
        assertTrue(folds.getMessage().contains("Take fewer folds"), folds.getMessage());
        assertThrows(IllegalArgumentException.class, () -> TableSplit.random(0.2).folds(1, table, "y", options));
        assertThrows(IllegalArgumentException.class, () -> TableSplit.random(1));
        assertThrows(IllegalArgumentException.class, () -> TableSplit.parse("sorted", 0.2));
    }

    private static void assertRefused(String message, TableFile table, TableSplit split) {
        DataException e = assertThrows(DataException.class, () -> split.parts(table, "y", new TableOptions()));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"stratified", "random", "time:when", "group:a:b"})
    void aSplitIsSaidAsItIsParsed(String text) {
        assertEquals(text, TableSplit.parse(text, 0.2).toString());
    }
}

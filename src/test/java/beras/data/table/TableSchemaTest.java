package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.table.DateColumn.Part;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TableTarget.Labels;
import beras.data.table.TableTarget.Range;
import beras.data.table.TableTarget.Regression;
import beras.data.table.TableTarget.Task;
import beras.saving.ConfigJson;
import beras.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class TableSchemaTest {

    private static final TableOptions PLAIN = new TableOptions();

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    private TableSchema infer(String text, String target, TableOptions options) throws IOException {
        return TableSchema.infer(file(text), target, options);
    }

    /** The schema of a table with a column {@code x}, of these cells, and a target of two labels. */
    private TableSchema ofColumn(TableOptions options, String... cells) throws IOException {
        return ofColumn(options, cells.length, i -> cells[i]);
    }

    private TableSchema ofColumn(TableOptions options, int rows, IntFunction<String> cells) throws IOException {
        String lines = IntStream.range(0, rows).mapToObj(i -> cells.apply(i) + "," + i % 2 + "," + "ab".charAt(i % 2) + "\n")
                .collect(Collectors.joining());
        return infer("x,other,y\n" + lines, "y", options);
    }

    private static TableColumn column(TableSchema schema, String name) {
        return schema.columns().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<String> texts(TableSchema schema) {
        return schema.remarks().stream().map(TableSchema.Remark::text).toList();
    }

    private TableColumn column(TableOptions options, String... cells) throws IOException {
        return column(ofColumn(options, cells), "x");
    }

    // ------------------------------------------------------------------------------------------------ types of columns

    private static NumericColumn numeric(long missing, String note, double median, double spread, double least, double most,
            Double... edges) {
        return NumericColumn.robust("x", missing, note, median, spread, List.of(edges), false, least, most);
    }

    private static NumericColumn constant(long missing, String note, double value) {
        return new NumericColumn("x", missing, note, value, 0, false, value, value);
    }

    @Test
    void numbersGetARobustScaleAndACode() throws IOException {
        assertEquals(numeric(0, "", 2.5, 1.5, 1, 4, 2.0, 3.0), column(PLAIN, "1", "2", "3.0", "4e0"));
    }

    /** The squares of such numbers are 0. */
    @Test
    void tinyNumbersDifferToo() throws IOException {
        NumericColumn tiny = assertInstanceOf(NumericColumn.class, column(PLAIN, "1e-200", "2e-200", "3e-200", "2e-200"));
        assertEquals(2e-200, tiny.center());
        assertEquals(0.5e-200, tiny.scale(), 1e-214);
        assertInstanceOf(NumericColumn.class, column(PLAIN, "0", "1e-300", "0"));
        assertInstanceOf(IgnoredColumn.class, column(PLAIN, "1e-200", "1e-200"));
        assertInstanceOf(Regression.class, target(PLAIN, "1e-200", "2e-200"));
    }

    @Test
    void oneTextMakesACategory() throws IOException {
        CategoryColumn category = assertInstanceOf(CategoryColumn.class, column(PLAIN, "1", "b2", "1", "a"));
        assertEquals(List.of("1", "a", "b2"), category.values());
        assertEquals(0, category.others());
        assertEquals("2 of 4 values are numbers, but not \"b2\" in line 3: `types x=numeric` takes such for missing", category.note());
        assertEquals("", column(PLAIN, "yes", "no", "no").note());
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "Infinity", "-INF", "1e39"})
    void aNumberThatIsNotFiniteCountsAsMissing(String cell) throws IOException {
        assertEquals(numeric(1, "1 of 4 values is no number and counts as missing, such as \"" + cell + "\" in line 4", 2,
                1, 1, 3, 2.0), column(PLAIN, "1", "2", cell, "3"));
        assertEquals(List.of("1", "Bob", cell).stream().sorted().toList(),
                ((CategoryColumn) column(PLAIN, "1", cell, "Bob")).values());
        assertInstanceOf(CategoryColumn.class, column(PLAIN.types(Map.of("x", Type.CATEGORY)), "1", cell, "3"));
        assertInstanceOf(IgnoredColumn.class, column(PLAIN.types(Map.of("x", Type.IGNORED)), "1", cell, "3"));
    }

    @Test
    void typesMayBeGiven() throws IOException {
        assertEquals(new CategoryColumn("x", 0, "", List.of("01", "1", "2"), 0),
                column(PLAIN.types(Map.of("x", Type.CATEGORY)), "01", "1", "2", "1"));
        assertEquals(new IgnoredColumn("x", 1, "as requested"), column(PLAIN.types(Map.of("x", Type.IGNORED)), "1", "", "2"));
        assertEquals(constant(3, "2 of 3 values are no numbers and count as missing, such as \"a\" in line 4", 1),
                column(PLAIN.types(Map.of("x", Type.NUMERIC)), "1", "", "a", "b"));
        assertBadData(() -> ofColumn(PLAIN.types(Map.of("z", Type.NUMERIC)), "1", "2"),
                "expected a column \"z\", whose type is given", "Received the columns: x, other, y");
        assertRefused(IllegalArgumentException.class, () -> ofColumn(PLAIN.types(Map.of("y", Type.NUMERIC)), "1", "2"),
                "Received a type for: y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NA", "NaN", "null", "?", " NA ", "\"\""})
    void missingValuesAreCounted(String cell) throws IOException {
        TableSchema numbers = ofColumn(PLAIN, "1", cell, "3", cell);
        assertEquals(numeric(2, "", 2, 1, 1, 3), column(numbers, "x"));
        assertEquals(List.of("x", "x is missing", "other"), numbers.featureNames());
        assertEquals(List.of("Column \"x\" has no value in 2 of 4 rows: using the training median, and a feature that marks it"),
                texts(numbers));
        TableSchema texts = ofColumn(PLAIN, "a", cell, "b", cell);
        assertEquals(new CategoryColumn("x", 2, "", List.of("a", "b"), 0), column(texts, "x"));
        assertEquals(List.of("x = a", "x = b", "x is missing", "other"), texts.featureNames());
        assertEquals(List.of("Column \"x\" has no value in 2 of 4 rows: treated as a category"), texts(texts));
    }

    @ParameterizedTest
    @ValueSource(strings = {"na", "none", "??", "-"})
    void otherWordsAreValues(String cell) throws IOException {
        assertEquals(new CategoryColumn("x", 0, "", List.of(cell, "zz"), 0), column(PLAIN, "zz", cell, "zz"));
    }

    @Test
    void columnsOfOneValueAreLeftOut() throws IOException {
        TableSchema schema = ofColumn(PLAIN, "5", "5", "5.0");
        assertEquals(new IgnoredColumn("x", 0, "all values are \"5\""), column(schema, "x"));
        assertEquals(List.of("Column \"x\" is left out: all values are \"5\""), texts(schema));
        assertEquals(List.of("other"), schema.featureNames());
        assertEquals(new IgnoredColumn("x", 0, "all values are \"a\""), column(PLAIN, "a", "a"));
        assertEquals(new IgnoredColumn("x", 3, "all values are missing"), column(PLAIN, "", "?", "NA"));
        for (Type asked : Type.values()) {
            assertEquals(asked == Type.IGNORED ? "as requested" : "all values are missing",
                    column(PLAIN.types(Map.of("x", asked)), "", "?", "NA").note());
        }
        assertEquals(new IgnoredColumn("x", 0, "all values are \"0.1\""), column(PLAIN, "0.1", "0.1", "0.1", "0.1", "0.1"));
    }

    @Test
    void oneValueThatIsSometimesMissingTellsSomething() throws IOException {
        TableSchema numbers = ofColumn(PLAIN, "5", "", "5");
        assertEquals(constant(1, "", 5), column(numbers, "x"));
        assertEquals(List.of("x is missing", "other"), numbers.featureNames());
        assertEquals(List.of("x = a", "x is missing", "other"), ofColumn(PLAIN, "a", "", "a").featureNames());
    }

    @Test
    void remarksSayWhatTheyAreAbout() throws IOException {
        TableSchema schema = infer("left,some,rare,y\n1,1,a,u\n1,,b,u\n1,3,b,v\n1,4,c,w\n", "y",
                PLAIN.maxCategories(1).rows(row -> row < 3));
        assertEquals(List.of("y UNSEEN_LABEL", "left LEFT_OUT", "some MISSING", "rare RARE"),
                schema.remarks().stream().map(remark -> remark.column() + " " + remark.kind()).toList());
    }

    @Test
    void rareCategoriesShareAFeature() throws IOException {
        TableSchema schema = ofColumn(PLAIN.maxCategories(2), "c", "b", "a", "c", "d", "b", "c");
        assertEquals(new CategoryColumn("x", 0, "", List.of("b", "c"), 2), column(schema, "x"));
        assertEquals(List.of("x = b", "x = c", "x is another", "other"), schema.featureNames());
        assertEquals(4, schema.width());
        assertEquals(List.of("Column \"x\" has rare values in 2 of 7 rows: they share one feature"), texts(schema));
        assertEquals(List.of("a", "b"), ((CategoryColumn) column(PLAIN.maxCategories(2), "c", "b", "a")).values(),
                "of equals the first");
    }

    @Test
    void columnsLikeIdsAreLeftOutOrPointedOut() throws IOException {
        TableColumn ids = column(ofColumn(PLAIN, 200, i -> "id" + i), "x");
        assertEquals(new IgnoredColumn("x", 0, "200 of 200 values differ, as those of ids do"), ids);
        TableColumn few = column(ofColumn(PLAIN, 50, i -> "id" + i), "x");
        assertEquals("50 of 50 values differ, as those of ids do", assertInstanceOf(CategoryColumn.class, few).note());
        TableSchema asked = ofColumn(PLAIN.types(Map.of("x", Type.CATEGORY)), 200, i -> "id" + i);
        assertEquals(180, ((CategoryColumn) column(asked, "x")).others());
    }

    /** Of values that are there but a few times a net learns these very rows. */
    @Test
    void ofManyCategoriesTheFrequentOnesHaveFeatures() throws IOException {
        CategoryColumn twenty = (CategoryColumn) column(ofColumn(PLAIN, 40, i -> "v" + i % 20), "x");
        assertEquals(20, twenty.values().size());
        CategoryColumn few = (CategoryColumn) column(ofColumn(PLAIN, 12_000, i -> "v" + i % 3000), "x");
        assertEquals(20, few.values().size());
        assertEquals(11_920, few.others());
        CategoryColumn some = (CategoryColumn) column(ofColumn(PLAIN, 246, i -> i < 200 ? "often" + i % 40 : "v" + i), "x");
        assertEquals(40, some.values().size());
        assertEquals(46, some.others());
        CategoryColumn often = (CategoryColumn) column(ofColumn(PLAIN, 15_000, i -> "v" + i % 3000), "x");
        assertEquals(3000, often.values().size());
        CategoryColumn asked = (CategoryColumn) column(ofColumn(PLAIN.maxCategories(2000), 15_000, i -> "v" + i % 3000), "x");
        assertEquals(2000, asked.values().size());
        assertEquals(5000, asked.others());
    }

    /** A table of very many columns counts fewer values of each; a category that is asked for counts as many as ever. */
    @Test
    void manyColumnsShareTheMemory() throws IOException {
        int columns = 1000;
        String header = IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(",")) + ",y\n";
        StringBuilder text = new StringBuilder(header);
        for (int row = 0; row < 5500; row++) {
            text.append("v").append(row % 1100).append(",v").append(row % 1100).append(",").append("w".repeat(1000))
                    .append(row % 200).append(",7".repeat(columns - 3)).append(",").append(row % 2).append('\n');
        }
        TableSchema schema = infer(text.toString(), "y", PLAIN.types(Map.of("c1", Type.CATEGORY)));
        assertEquals(new IgnoredColumn("c0", 0, "there are too many different values, as of ids"), schema.columns().get(0));
        assertEquals(1100, ((CategoryColumn) schema.columns().get(1)).values().size());
        assertInstanceOf(IgnoredColumn.class, schema.columns().get(2)); // 200 values, but long ones
    }

    @Test
    void columnsLikeNumbersOfRowsArePointedOut() throws IOException {
        TableSchema schema = ofColumn(PLAIN, 30, i -> Integer.toString(7 + 2 * i));
        assertTrue(texts(schema).toString().contains("Column \"x\": each value is above the one before"),
                texts(schema)::toString);
        assertEquals("", column(ofColumn(PLAIN, 30, i -> i + ".5"), "x").note());
        assertEquals("", column(ofColumn(PLAIN, 30, i -> Integer.toString(Math.max(i, 1))), "x").note());
    }

    /** Beyond a bound nothing is counted, so that memory does not grow with the file. */
    @Test
    void veryManyDifferentValuesAreNotCounted() throws IOException {
        int rows = 30_000;
        TableColumn ids = column(ofColumn(PLAIN, rows, i -> "id" + i * 2 / 3), "x");
        assertEquals(new IgnoredColumn("x", 0, "there are too many different values, as of ids"), ids);
        TableColumn long_ = column(ofColumn(PLAIN, 2000, i -> "z".repeat(1000) + i % 1500), "x");
        assertEquals(new IgnoredColumn("x", 0, "there are too many different values, as of ids"), long_);
        TableColumn typo = column(ofColumn(PLAIN, rows, i -> i == 20_000 ? "12o" : Integer.toString(i)), "x");
        assertEquals("1 of 30000 values is no number and counts as missing, such as \"12o\" in line 20002",
                assertInstanceOf(NumericColumn.class, typo).note());
        TableColumn mixed = column(ofColumn(PLAIN, rows, i -> i % 10 == 0 ? "12-o" : Integer.toString(i)), "x");
        assertEquals("there are too many different values, as of ids; "
                + "27000 of 30000 values are numbers, but not \"12-o\" in line 2, which has digits, too: write the numbers alone, with one decimal mark",
                assertInstanceOf(IgnoredColumn.class, mixed).note());
        TableColumn asked = column(ofColumn(PLAIN.types(Map.of("x", Type.CATEGORY)), rows, i -> "id" + i), "x");
        assertEquals(8192, assertInstanceOf(CategoryColumn.class, asked).buckets());
        assertInstanceOf(NumericColumn.class, column(ofColumn(PLAIN, rows, i -> Integer.toString(i)), "x"));
    }

    @Test
    void momentsAreThoseOfLongSums() throws IOException {
        Rng rng = new Rng(3, "moments", 0);
        int rows = 20_000;
        double[] values = IntStream.range(0, rows).mapToDouble(i -> 1e6 + rng.normal(i)).toArray();
        StringBuilder text = new StringBuilder("other,x\n");
        IntStream.range(0, rows).forEach(i -> text.append(i % 7).append(',').append(values[i]).append('\n'));
        Regression regression = (Regression) infer(text.toString(), "x", PLAIN).target();
        double mean = IntStream.range(0, rows).mapToDouble(i -> values[i]).average().orElseThrow();
        double variance = IntStream.range(0, rows).mapToDouble(i -> (values[i] - mean) * (values[i] - mean)).average()
                .orElseThrow();
        assertEquals(mean, regression.mean(), 1e-8);
        assertEquals(Math.sqrt(variance), regression.deviation(), 1e-9);
    }

    // ------------------------------------------------------------------------------------------------------ targets

    private TableTarget target(TableOptions options, String... cells) throws IOException {
        String lines = IntStream.range(0, cells.length).mapToObj(i -> i % 3 + "," + cells[i] + "\n")
                .collect(Collectors.joining());
        return infer("x,y\n" + lines, "y", options).target();
    }

    @Test
    void textIsLabels() throws IOException {
        assertEquals(new Labels("y", List.of("b", "cat", "dog"), List.of(1L, 2L, 1L)), target(PLAIN, "dog", "cat", "b", "cat"));
        assertEquals(Task.CLASSIFICATION, target(PLAIN, "10", "9", "x").task());
        assertEquals(List.of("10", "9", "x"), ((Labels) target(PLAIN, "10", "9", "x")).labels());
    }

    @Test
    void fewWholeNumbersAreLabelsInTheirOrder() throws IOException {
        assertEquals(new Labels("y", List.of("-1", "2", "10"), List.of(1L, 2L, 2L)),
                target(PLAIN, "10", "2", "-1", "10.0", "2.0"));
        assertEquals(new Labels("y", List.of("0", "1"), List.of(2L, 1L)), target(PLAIN, "0", "-0", "1"));
    }

    @Test
    void otherNumbersAreAValue() throws IOException {
        assertEquals(new Regression("y", 2, 0.5, false, Range.NOT_NEGATIVE, Distribution.NORMAL, 2.5),
                target(PLAIN, "1.5", "2.5"));
        String[] many = IntStream.range(0, 21).mapToObj(Integer::toString).toArray(String[]::new);
        assertEquals(Task.REGRESSION, target(PLAIN, many).task());
    }

    @Test
    void theTaskMayBeGiven() throws IOException {
        assertEquals(new Regression("y", 2, 1, false, Range.COUNTS, Distribution.NORMAL, 3),
                target(PLAIN.task(Task.REGRESSION), "1", "3"));
        assertEquals(List.of("0.5", "1.5", "10.5"),
                ((Labels) target(PLAIN.task(Task.CLASSIFICATION), "10.5", "1.5", "0.50", "0.5")).labels());
        assertBadData(() -> target(PLAIN.task(Task.REGRESSION), "1", "2", "x"),
                "line 4, column 2 (y): expected a finite number",
                "target of a regression", "Received: \"x\"");
    }

    @Test
    void refusesTargetsThatCannotBeLearnt() throws IOException {
        assertBadData(() -> target(PLAIN, "1", "inf", "2.5"), "line 3, column 2 (y): expected a finite number",
                "Received: \"inf\"");
        assertBadData(() -> target(PLAIN, "a", "a"), "column 2 (y): expected a target of different values", "only \"a\"");
        assertBadData(() -> target(PLAIN, "7", "7.0"), "different values", "only \"7\"");
        assertBadData(() -> target(PLAIN.task(Task.REGRESSION), "7", "7.0"), "different values", "only \"7\"");
        String[] ids = IntStream.range(0, 10_001).mapToObj(i -> "id" + i).toArray(String[]::new);
        assertBadData(() -> target(PLAIN, ids), "column 2 (y): expected at most 10000 different labels", "such as \"id0\"");
        String[] texts = IntStream.range(0, 1200).mapToObj(i -> i + "x".repeat(1000)).toArray(String[]::new);
        assertBadData(() -> target(PLAIN, texts), "at most 10000 different labels, of at most 1050000 characters together");
    }

    @Test
    void refusesAMissingTarget() throws IOException {
        Path path = file("a,b\n1,2\n");
        assertBadData(() -> TableSchema.infer(path, "price", PLAIN), path.toString(), "expected a column \"price\", the target",
                "Received the columns: a, b");
    }

    @Test
    void refusesATableOfNothingToLearnFrom() throws IOException {
        assertBadData(() -> infer("y\n1\n2\n", "y", PLAIN), "expected a column to learn from", "Received: none");
        assertBadData(() -> infer("x,y\n5,1\n5,2\n", "y", PLAIN), "expected a column to learn from",
                "Column \"x\" is left out: all values are \"5\"");
        assertBadData(() -> infer("x,y\n", "y", PLAIN), "expected rows");
    }

    @Test
    void valuesComeBack() {
        Regression price = new Regression("price", 200_000, 50_000);
        assertEquals(1f, price.standardize(250_000));
        assertEquals(175_000, price.restore(-0.5f));
    }

    // ------------------------------------------------------------------------------------------------------ rows

    @Test
    void learnsFromTheRowsToTrainOnAlone() throws IOException {
        String text = "x,c,y\n1,a,2.5\n1000,b,7.5\n3,c,3.5\n?,d,9.5\n";
        TableSchema schema = infer(text, "y", PLAIN.rows(row -> row % 2 == 0));
        assertEquals(new TableSchema(new Regression("y", 3, 0.5, false, Range.NOT_NEGATIVE, Distribution.NORMAL, 3.5),
                List.of(numeric(0, "", 2, 1, 1, 3),
                new CategoryColumn("c", 0, "", List.of("a", "c"), 0)), 2), schema);
        assertEquals(infer("x,c,y\n1,a,2.5\n3,c,3.5\n", "y", PLAIN), schema, "as if the others were not there");
        assertBadData(() -> infer(text, "y", PLAIN.rows(row -> false)), "expected rows to train on. Received: none of the 4");
        assertBadData(() -> infer(text, "y", PLAIN.rows(row -> row == 1)), "different values");
    }

    @Test
    void labelsOfAllRowsAreKnown() throws IOException {
        TableSchema schema = infer("x,y\n1,a\n2,b\n3,rare\n4,a\n", "y", PLAIN.rows(row -> row != 2));
        assertEquals(new Labels("y", List.of("a", "b", "rare"), List.of(2L, 1L, 0L)), schema.target());
        assertEquals(3, schema.targetWidth());
        assertEquals(List.of("No row to train on has the label \"rare\""), texts(schema));
        assertBadData(() -> infer("x,y\n1,a\n2,b\n3,c\n", "y", PLAIN.rows(row -> row == 1)), "different values", "only \"b\"");
    }

    // ---------------------------------------------------------------------------------------------------- configs

    /** As model files have it, those of before too. */
    private static final String JSON = "{\"type\":\"TablePreprocessor\",\"rows\":9,"
            + "\"target\":{\"type\":\"Labels\",\"name\":\"y\",\"labels\":[\"a\",\"b\"],\"counts\":[4,5]},"
            + "\"columns\":[{\"type\":\"Numeric\",\"name\":\"n\",\"missing\":3,\"note\":\"\",\"mean\":0.1,\"deviation\":2.0},"
            + "{\"type\":\"Numeric\",\"name\":\"m\",\"missing\":0,\"note\":\"\",\"least\":-0.5,\"most\":7.5,\"mean\":0.1,"
            + "\"deviation\":2.0,\"decimalMark\":\",\"},"
            + "{\"type\":\"Category\",\"name\":\"c\",\"missing\":0,\"note\":\"\",\"values\":[\"u\",\"v\"],\"others\":7},"
            + "{\"type\":\"Date\",\"name\":\"d\",\"missing\":0,\"note\":\"\",\"monthFirst\":true,\"parts\":[\"MONTH\",\"DAYS\"],"
            + "\"meanDays\":19484.5,\"deviationDays\":78.25,\"meanYear\":2023.0,\"deviationYear\":0.0},"
            + "{\"type\":\"Ignored\",\"name\":\"i\",\"missing\":0,\"note\":\"as requested\"}],\"missing\":[\"unknown\"]}";

    private static TableSchema read(String json) {
        return TableSchema.of(ConfigJson.read(ConfigJson.parse(json).getAsJsonObject()));
    }

    private static String json(TableSchema schema) {
        return ConfigJson.write(schema.config()).toString();
    }

    @Test
    void configsAreAsInModelFiles() {
        TableSchema schema = new TableSchema(new Labels("y", List.of("a", "b"), List.of(4L, 5L)), List.of(
                new NumericColumn("n", 3, "", 0.1, 2), new NumericColumn("m", 0, "", 0.1, 2, true, -0.5, 7.5),
                new CategoryColumn("c", 0, "", List.of("u", "v"), 7, Spellings.EXACT, 0, List.of(), List.of()),
                new DateColumn("d", 0, "", true, List.of(Part.MONTH, Part.DAYS), 19484.5, 78.25, 2023, 0),
                new IgnoredColumn("i", 0, "as requested")), 9, MissingMarks.USUAL.and(Set.of("unknown")), Optional.empty());
        assertEquals(JSON, json(schema));
        assertEquals(schema, read(JSON));
    }

    @Test
    void configsBringEverythingBack() throws IOException {
        Rng rng = new Rng(5, "numbers", 0);
        String odd = "\"\"\"quoted\"\" \\ \u2028 <b>é 東京 😀\nline\"";
        TableSchema labels = ofColumn(PLAIN, 300, i -> i % 7 == 0 ? "NA" : Double.toString(rng.normal(i) * 1e-20));
        TableSchema texts = ofColumn(PLAIN.maxCategories(1), odd, "b", "c", "", odd);
        TableSchema value = infer("x,y\n1,0.1\n2,1e-30\n3,12345678.9\n", "y", PLAIN);
        for (TableSchema schema : List.of(labels, texts, value)) {
            TableSchema back = read(json(schema));
            assertEquals(schema, back);
            assertEquals(json(schema), json(back));
            assertEquals(schema.featureNames(), back.featureNames());
        }
        assertTrue(json(texts).contains("東京"));
    }

    @Test
    void refusesConfigsThatDoNotFit() {
        assertConfigRefused("\"rows\":9", "\"lines\":9", "TablePreprocessor has no setting lines");
        assertConfigRefused("\"rows\":9,", "", "TablePreprocessor: rows must be a whole number", "Received: nothing");
        assertConfigRefused("\"rows\":9", "\"rows\":0", "rows must be at least 1", "Received: 0");
        assertConfigRefused("\"rows\":9", "\"rows\":true", "rows must be a whole number", "Received: true");
        assertConfigRefused("\"target\":{\"type\":\"Labels\"", "\"target\":{\"type\":\"Ranks\"", "A target is", "Received: Ranks");
        assertConfigRefused("{\"type\":\"Labels\",\"name\":\"y\",\"labels\":[\"a\",\"b\"],\"counts\":[4,5]}", "7",
                "TablePreprocessor: target must be a config", "Received: 7");
        assertConfigRefused("0.1", "\"0.1\"", "Numeric: mean must be a number", "0.1");
        assertConfigRefused("0.1", "1e999", "Column n: mean and standard deviation, or median and spread, must be finite", "Infinity");
        assertConfigRefused("2.0", "-2.0", "Column n", "Received: 0.1 and -2.0");
        assertConfigRefused("\"least\":-0.5", "\"least\":8.5", "Column m: the smallest number", "Received: 8.5 and 7.5");
        assertConfigRefused("\"missing\":3", "\"missing\":-3", "Column n: missing", "Received: -3");
        assertConfigRefused("\"missing\":3,\"note\":\"\",\"mean\":0.1,\"deviation\":2.0",
                "\"missing\":0,\"note\":\"\",\"mean\":0,\"deviation\":0",
                "Column n: the deviation");
        assertConfigRefused("\"note\":\"as requested\"", "\"note\":5", "Ignored: note must be a text", "5");
        assertConfigRefused("[\"u\",\"v\"]", "[\"u\",\"u\"]", "Column c: values", "Received: [u, u]");
        assertConfigRefused("[\"u\",\"v\"]", "[\"u\",3]", "Category: values must be a text", "3");
        assertConfigRefused("[\"u\",\"v\"]", "[]", "Column c: values", "Received: []");
        assertConfigRefused("[\"u\",\"v\"]", "3", "Category: values must be a list", "3");
        assertConfigRefused("\"others\":7", "\"others\":-7", "Column c: others", "-7");
        assertConfigRefused("[\"a\",\"b\"]", "[\"a\"]", "Target y: labels", "Received: [a]");
        assertConfigRefused("[4,5]", "[4]", "Target y", "Received: [4]");
        assertConfigRefused("[4,5]", "[4,-5]", "Target y", "-5");
        assertConfigRefused("[4,5]", "[4,\"5\"]", "Labels: counts must be a whole number", "5");
        assertConfigRefused("\"Ignored\"", "\"Image\"", "[Numeric, Category, Date, List, Text, Sequence, Ignored]", "Received: Image");
        assertConfigRefused("\"name\":\"i\"", "\"name\":\"n\"", "names that differ", "[n, m, c, d, n]");
        assertConfigRefused("\"name\":\"i\"", "\"name\":\"y\"", "names that differ", "[n, m, c, d, y]");
        assertConfigRefused("\"name\":\"i\"", "\"name\":\"\"", "A column must have a name");
        assertConfigRefused("\"type\":\"Labels\",\"name\":\"y\",\"labels\":[\"a\",\"b\"],\"counts\":[4,5]",
                "\"type\":\"Amount\",\"name\":\"y\",\"mean\":1,\"deviation\":0", "Target y", "Received: 1.0 and 0.0");
    }

    private static void assertConfigRefused(String part, String by, String... facts) {
        String changed = JSON.replace(part, by);
        assertTrue(!changed.equals(JSON), part);
        assertRefused(IllegalArgumentException.class, () -> read(changed), facts);
    }

    // ------------------------------------------------------------------------------------------------------ options

    @Test
    void optionsAreChecked() {
        assertRefused(IllegalArgumentException.class, () -> PLAIN.maxCategories(0), "maxCategories: it must be 1 to 10000",
                "Received: 0");
        assertRefused(IllegalArgumentException.class, () -> PLAIN.maxCategories(10_001), "Received: 10001");
    }
}

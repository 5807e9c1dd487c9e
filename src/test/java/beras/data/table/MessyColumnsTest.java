package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.rows.Decimal;
import beras.data.table.TableColumn.Type;
import beras.data.table.values.DateText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of numbers as people and programs leave them. */
@Tag("data")
class MessyColumnsTest {

    private static final int ROWS = 40;

    @TempDir
    Path folder;

    /** A table with a column {@code x} of these cells over and over, and a column {@code y} of two labels. */
    private Path table(String... cells) throws IOException {
        StringBuilder text = new StringBuilder("x\ty\n");
        for (int row = 0; row < Math.max(ROWS, cells.length); row++) {
            text.append(cells[row % cells.length]).append('\t').append(label(row)).append('\n');
        }
        return Files.writeString(folder.resolve("table.tsv"), text.toString());
    }

    /** Which no column tells. */
    private static String label(long row) {
        return (row * 2_654_435_761L >>> 9) % 3 == 0 ? "a" : "b";
    }

    private TableColumn column(String... cells) throws IOException {
        return TableSchema.infer(table(cells), "y", new TableOptions()).columns().get(0);
    }

    private static void assertNumeric(double median, boolean comma, TableColumn column) {
        NumericColumn numeric = assertInstanceOf(NumericColumn.class, column, column.toString());
        assertEquals(median, numeric.center(), 1e-9 * Math.abs(median));
        assertEquals(comma, numeric.decimalComma());
        assertEquals(0, numeric.missing());
    }

    // ------------------------------------------------------------------------------------------------ how numbers are written

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {"1,234.5; 1234.5", "1,234,567; 1234567", "$31578.87; 31578.87", "$1,011.17; 1011.17", "-$5; -5",
        "$-5; -5", "€ 12; 12", "12 €; 12", "USD 7.5; 7.5", "7 EUR; 7", "12.4 %; 12.4", "50%; 50", "(1,200); -1200", "($3); -3",
        "1 234 567.5; 1234567.5", "1'234.5; 1234.5", ".5; .5", "5.; 5", "-.5%; -.5", "+3; 3", "1\u00a0234; 1234", "1\u202f234.5; 1234.5",
        "\u22127; -7", "1e3; 1000", "007.5; 7.5"})
    void numbersWithAPointAreRead(String text, double expected) throws IOException {
        assertEquals(expected, Decimal.parse(text, false));
        assertNumeric(expected / 2, false, column(text, "0"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', value = {"1,5; 1.5", "31.579,00; 31579", "1.234.567,8; 1234567.8", "€ 12,50; 12.5", "12,5 %; 12.5",
        "-0,25; -.25", "(1.200,5); -1200.5", "1 234,5; 1234.5", ",5; .5"})
    void numbersWithACommaAreRead(String text, double expected) throws IOException {
        assertEquals(expected, Decimal.parse(text, true));
        assertNumeric(expected / 2, true, column(text, "0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,2345", "12,34.5", "1,234,56", "1.2.3", "--5", "$-$5", "5 %%", "%", "$", "(5", "5)", "1,234 567", "2020-01-05", "12:30",
        "1 2", "+-3", "()", "0,123", "01,234", "1e", "1,e3", "5 km", "x5", "5x", "0x10", "., %", "1234,567.5", "1,5", "(-)"})
    void whatIsNoNumberIsNone(String text) {
        assertTrue(Double.isNaN(Decimal.parse(text, false)), text);
    }

    /** 1.234 is a thousand only where another cell shows that decimals come after a comma. */
    @Test
    void theColumnDecides() throws IOException {
        assertNumeric((1.234 + 12) / 2, false, column("1.234", "12"));
        assertNumeric((1234 + 12.5) / 2, true, column("1.234", "12,5"));
        assertNumeric((1234 + 12) / 2., false, column("1,234", "12"));
        assertNumeric((1.234 + .5) / 2, true, column("1,234", "0,5"));
    }

    @Test
    void theFirstCellsDoNotDecideAlone() throws IOException {
        String[] cells = new String[200];
        Arrays.fill(cells, "2,5");
        Arrays.fill(cells, 0, 5, "1.5");
        NumericColumn numeric = assertInstanceOf(NumericColumn.class, column(cells));
        assertTrue(numeric.decimalComma());
        assertEquals(5, numeric.missing());
    }

    @Test
    void aModelReadsNumbersAsItsColumnWasWritten() throws IOException {
        Path german = table("1.234,5", "0,5", "10", "7");
        TableSchema schema = TableSchema.infer(german, "x", new TableOptions());
        TableTarget.Regression regression = assertInstanceOf(TableTarget.Regression.class, schema.target());
        assertTrue(regression.decimalComma());
        assertEquals(313, regression.mean(), 1e-9);
        TableSchema ofFeature = TableSchema.infer(german, "y", new TableOptions());
        TablePreprocessor preprocessor = new TablePreprocessor(ofFeature);
        float[] fromText = new float[ofFeature.width()];
        preprocessor.encode(Map.of("x", "1.234,5"), fromText, 0);
        float[] fromNumber = new float[ofFeature.width()];
        preprocessor.encode(Map.of("x", 1234.5), fromNumber, 0);
        assertArrayEquals(fromNumber, fromText);
        assertEquals(ofFeature, TableSchema.of(preprocessor.config()));
        assertEquals(schema, TableSchema.of(schema.config()));
        assertRefused(IllegalArgumentException.class, () -> TableTarget.of(regression.config().with("decimalMark", ";")),
                "decimalMark",
                "Received: ;");
    }

    /** Else numbers would be read in one way, and standardised by the mean of the other. */
    @Test
    void allRowsDecideHowAValueIsWritten() throws IOException {
        Path german = table("1.000", "3.000", "2.000", "2,5");
        TableOptions withoutTheLast = new TableOptions().task(TableTarget.Task.REGRESSION).rows(row -> row % 4 != 3);
        TableTarget.Regression regression = assertInstanceOf(TableTarget.Regression.class,
                TableSchema.infer(german, "x", withoutTheLast).target());
        assertTrue(regression.decimalComma());
        assertEquals(2000, regression.mean(), 1e-9);
    }

    // ------------------------------------------------------------------------------------------------------ wrong cells

    private static String[] withOne(String wrong, int rows) {
        String[] cells = new String[rows];
        for (int i = 0; i < rows; i++) {
            cells[i] = Integer.toString(i * 7 % 13);
        }
        cells[rows - 5] = wrong;
        return cells;
    }

    @ParameterizedTest
    @ValueSource(strings = {"oops", "inf", "1e300", "12:30"})
    void aColumnWithAWrongCellStaysNumeric(String wrong) throws IOException {
        Path file = table(withOne(wrong, 200));
        TableSchema schema = TableSchema.infer(file, "y", new TableOptions());
        NumericColumn numeric = assertInstanceOf(NumericColumn.class, schema.columns().get(0));
        assertEquals(1, numeric.missing());
        assertEquals("1 of 200 values is no number and counts as missing, such as \"" + wrong + "\" in line 197", numeric.note());
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(TableFile.of(file), schema, number -> number == 195)) {
            assertTrue(reader.next(row, 0));
            assertFalse(reader.next(row, 0));
            assertEquals(List.of(0f, 1f), List.of(row[0], row[row.length - 1]));
            assertEquals(List.of("The cells are separated by tabs",
                    "Column \"x\" has no number in 1 row, which counts as missing: \"" + wrong + "\" in line 197"), reader.remarks());
        }
        String expected = wrong.equals("1e300") ? "expected a number of at most 3.4e38" : "expected a finite number";
        assertBadData(() -> {
            try (TableReader reader = TableReader.open(TableFile.of(file), schema, number -> true).strict()) {
                while (reader.next(row, 0)) {
                    // to the wrong cell
                }
            }
        }, "line 197, column 1 (x): " + expected, "Received: \"" + wrong + "\"");
        assertRefused(IllegalArgumentException.class, () -> new TablePreprocessor(schema).encode(Map.of("x", wrong), row, 0),
                "Column \"x\": " + expected);
    }

    @Test
    void aCategoryHasMoreThanAFewTexts() throws IOException {
        assertInstanceOf(CategoryColumn.class, column("1", "2", "x"));
        String[] few = withOne("x", 19);
        StringBuilder text = new StringBuilder("x,y\n");
        for (int i = 0; i < few.length; i++) {
            text.append(few[i]).append(i % 2 == 0 ? ",a\n" : ",b\n");
        }
        Path file = Files.writeString(folder.resolve("few.csv"), text.toString());
        assertInstanceOf(CategoryColumn.class, TableSchema.infer(file, "y", new TableOptions()).columns().get(0),
                "of nineteen rows one is no mistake");
        TableOptions asked = new TableOptions().types(Map.of("x", TableColumn.Type.NUMERIC));
        TableColumn numeric = TableSchema.infer(file, "y", asked).columns().get(0);
        assertEquals(1, assertInstanceOf(NumericColumn.class, numeric).missing(), "what is asked is done");
        Path texts = table("u", "v");
        assertBadData(() -> TableSchema.infer(texts, "y", asked), "column 1 (x): expected a finite number", "Received: \"u\"");
    }

    /** Not a classification of as many labels as there are rows. */
    @Test
    void aWrongCellInATargetOfNumbersIsAnErrorWithItsPlace() throws IOException {
        String[] cells = new String[300];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = i + ".5";
        }
        cells[200] = "oops";
        Path file = table(cells);
        assertBadData(() -> TableSchema.infer(file, "x", new TableOptions()), "line 202, column 1 (x): expected a finite number",
                "Received: \"oops\"");
    }

    // ------------------------------------------------------------------------------------------------------------ codes

    @Test
    void numbersThatBeginWith0AreCodes() throws IOException {
        CategoryColumn zips = assertInstanceOf(CategoryColumn.class, column("00501", "10001", "94103", "501"));
        assertEquals(List.of("00501", "10001", "501", "94103"), zips.values());
        assertEquals("the numbers are taken for codes, as some begin with 0, such as \"00501\"", zips.note());
        for (String[] values : List.of(new String[] {"007", "1.5"}, new String[] {"0", "7"}, new String[] {"05", "-3"},
                withOne("05", 200))) {
            assertInstanceOf(NumericColumn.class, column(values), () -> Arrays.toString(values));
        }
        TableOptions asked = new TableOptions().types(Map.of("x", TableColumn.Type.NUMERIC));
        assertInstanceOf(NumericColumn.class, TableSchema.infer(table("00501", "10001"), "y", asked).columns().get(0));
        String[] different = new String[300];
        Arrays.setAll(different, i -> String.format(Locale.ROOT, "%05d", i * 7919 % 99_991));
        assertInstanceOf(NumericColumn.class, column(different), "what never repeats is no category");
        assertEquals("some begin with 0, such as \"00000\", as codes do, but too many differ for a category: they count as numbers",
                column(different).note());
    }

    /** A spreadsheet that takes a code for a number drops the zeros; so do ints of a program. */
    @Test
    void codesWithoutTheirZerosAreKnown() throws IOException {
        TablePreprocessor rows = new TablePreprocessor(TableSchema.infer(table("00501", "10001"), "y", new TableOptions()));
        for (Object zip : new Object[] {"00501", "501", 501, 501L, 501.0}) {
            assertEquals(List.of(1f, 0f), List.of(rows.encode(Map.of("x", zip))[0], rows.encode(Map.of("x", zip))[1]),
                    zip::toString);
        }
        TablePreprocessor both = new TablePreprocessor(TableSchema.infer(table("00501", "501"), "y", new TableOptions()));
        assertEquals(1f, both.encode(Map.of("x", "501"))[1], "a value of its own comes first");
        TablePreprocessor turned = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1),
                List.of(new CategoryColumn("x", 0, "", List.of("7", "007"), 0)), 9));
        assertEquals(1f, turned.encode(Map.of("x", "7"))[0], "in any order");
        assertEquals(1f, turned.encode(Map.of("x", "007"))[1]);
    }

    private TableColumn named(String name, int rows, IntFunction<Object> cells) throws IOException {
        StringBuilder text = new StringBuilder("\"" + name + "\",z,y\n");
        for (int row = 0; row < rows; row++) {
            text.append(cells.apply(row)).append(',').append(row % 5).append(row % 3 == 0 ? ",a\n" : ",b\n");
        }
        return TableSchema.infer(Files.writeString(folder.resolve("named.csv"), text.toString()), "y",
                new TableOptions()).columns()
                .get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop_id", "shopId", "Shop ID", "id", "ZIP", "zip code", "store-code", "plz"})
    void theNameOfAColumnSaysThatNumbersAreCodes(String name) throws IOException {
        CategoryColumn codes = assertInstanceOf(CategoryColumn.class, named(name, 90, row -> 10 + row % 30));
        assertTrue(codes.note().startsWith("the numbers are taken for codes, as their column is named so"), codes::note);
        assertInstanceOf(NumericColumn.class, named(name, 90, row -> row % 30 + ".5"), "no codes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"paid", "idea", "code_length", "zips sold", "age", "year", "rating", "id count"})
    void otherNamesSayNothing(String name) throws IOException {
        assertInstanceOf(NumericColumn.class, named(name, 90, row -> 10 + row % 30));
    }

    @Test
    void idsAreLeftOutByTheirName() throws IOException {
        assertEquals("90 of 90 values differ, as those of ids do; the numbers are taken for codes, as their column is"
                + " named so",
                assertInstanceOf(IgnoredColumn.class, named("userId", 90, row -> row * 7919 % 1000)).note());
        assertInstanceOf(NumericColumn.class, named("zip", 300, row -> row * 7919 % 100_003),
                "as numbers they may say something");
    }

    // ------------------------------------------------------------------------------------------------ fractions and numbers of things

    /** Shares, scores and days without a year are written so, too. */
    @Test
    void fractionsAloneAreNoNumbers() throws IOException {
        assertEquals(List.of("1/2", "3/4", "58/100"), assertInstanceOf(CategoryColumn.class, column("1/2", "3/4", "58/100")).values());
        String[] cells = new String[44];
        Arrays.setAll(cells, i -> 1 + i % 9 + "/" + (1 + i / 9));
        cells[7] = "2 1/2";
        assertInstanceOf(CategoryColumn.class, column(cells), "one mixed number of many");
        TableColumn many = named("score", 400, row -> row % 97 + "/" + (97 + row % 5));
        assertEquals(Type.IGNORED, many.type(), "as before they were read anywhere");
        Path file = Files.writeString(folder.resolve("scores.tsv"), "x\ty\n" + IntStream.range(0, 400).mapToObj(row -> row % 7 + "\t"
                + row % 20 + "/" + (20 + row % 9) + "\n").collect(Collectors.joining()));
        assertEquals(180, TableSchema.infer(file, "y", new TableOptions()).target().labels().size(), "labels stay labels");
    }

    // ------------------------------------------------------------------------------------------------- true, false and text

    @Test
    void trueAndFalseAreOneValueEachHoweverTheyAreWritten() throws IOException {
        Path file = table("TRUE", "True", "true", "FALSE", "false", "maybe");
        TableSchema schema = TableSchema.infer(file, "y", new TableOptions());
        assertEquals(List.of("false", "maybe", "true"), ((CategoryColumn) schema.columns().get(0)).values());
        TablePreprocessor rows = new TablePreprocessor(schema);
        for (Object value : new Object[] {"TRUE", "true", "tRUE", true}) {
            assertEquals(1f, rows.encode(Map.of("x", value))[2], value::toString);
        }
        assertEquals(1f, rows.encode(Map.of("x", false))[0]);
        assertEquals(1f, rows.encode(Map.of("x", "MAYBE"))[1], "as other words");
        TableSchema old = new TableSchema(schema.target(), List.of(new CategoryColumn("x", 0, "", List.of("FALSE", "TRUE"),
                0)), 9);
        assertEquals(1f, new TablePreprocessor(old).encode(Map.of("x", true))[1]);
        assertEquals(List.of("FALSE", "True"), TableSchema.infer(table("True", "FALSE"), "x",
                new TableOptions()).target().labels(),
                "labels are predicted as they are written");
    }

    @Test
    void textIsLeftOutAndSaid() throws IOException {
        String[] words = {"the", "room", "was", "clean", "and", "breakfast", "very", "good"};
        TableColumn text = named("review", 60, row -> words[row % 8] + " room was " + words[row / 8] + " and it cost " + row);
        assertEquals("60 of 60 values differ, as those of free text do; `types review=text` takes its words",
                assertInstanceOf(IgnoredColumn.class,
                text).note());
        TableColumn answers = named("answer", 60, row -> "I would say that it was " + words[row % 8]);
        assertInstanceOf(CategoryColumn.class, answers, "what repeats is a category, however long");
    }

    // ---------------------------------------------------------------------------------------------------- missing values

    @Test
    void rowsWithoutATargetAreLeftOut() throws IOException {
        Path file = Files.writeString(folder.resolve("t.csv"), "x,y\n1,a\n2,\n3,b\n4,NA\n5,a\n");
        List<String> remarks = new ArrayList<>();
        TableSchema schema = TableSchema.infer(file, "y", new TableOptions().onRemark(remarks::add).rows(row -> row < 4));
        assertEquals("2 rows have no value of the target \"y\", and are left out", remarks.get(0));
        assertEquals(2, schema.rows());
        assertEquals(2, ((NumericColumn) schema.columns().get(0)).center(), "of 1 and 3");
        List<Long> read = new ArrayList<>();
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(TableFile.of(file), schema, number -> number > 0)) {
            while (reader.next(row, 0)) {
                read.add(reader.row());
            }
            assertEquals(remarks.subList(0, 1), reader.remarks());
        }
        assertEquals(List.of(2L, 4L), read);
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(file), schema)) {
            assertEquals(5, ReaderRows.inputs(reader).dim(0), "all can be predicted");
        }
        Path none = Files.writeString(folder.resolve("none.csv"), "x,y\n1,\n2,\n");
        assertBadData(() -> TableSchema.infer(none, "y", new TableOptions()), "expected rows to train on. Received: none of the 2",
                "2 have no target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "NaT", "null", "NULL", "\\N", "None", "?", "#DIV/0!", "#NUM!",
        "#REF!", "#VALUE!"})
    void whatProgramsWriteForNothingIsMissing(String mark) throws IOException {
        NumericColumn numeric = assertInstanceOf(NumericColumn.class, column("1", mark, "3"));
        assertEquals(ROWS / 3, numeric.missing());
        assertEquals("", numeric.note());
        CategoryColumn category = assertInstanceOf(CategoryColumn.class, column("u", mark, "v"));
        assertEquals(List.of("u", "v"), category.values());
    }

    /** Of a table of countries, in which NA is Namibia and -99 is no value. */
    private Path countries() throws IOException {
        return Files.writeString(folder.resolve("countries.csv"), "land,x,y\n"
                + "DE,1,None\nNA,2,Some\nUS,-99,None\nNA,4,Many\nDE,5,\n,6,Some\nUS,7,null\nDE,8,Many\n".repeat(20));
    }

    @Test
    void usualMarksOfMissingValuesMayBeValues() throws IOException {
        TableFile file = TableFile.of(countries()).missing(MissingMarks.only(Set.of("-99")));
        TableSchema schema = TableSchema.infer(file, "y", new TableOptions().bins(1));
        assertEquals(List.of("Many", "None", "Some", "null"), schema.target().labels());
        assertEquals(List.of("land = DE", "land = NA", "land = US", "land is missing", "x", "x is missing"), schema.featureNames());
        TableSchema read = TableSchema.of(schema.config());
        assertEquals(schema, read);
        assertEquals(MissingMarks.only(Set.of("-99")), read.missing());
        TablePreprocessor rows = new TablePreprocessor(schema);
        assertEquals(1f, rows.encode(Map.of("land", "NA", "x", 2))[1], "Namibia");
        assertEquals(1f, rows.encode(Map.of("land", "", "x", 2))[3], "an empty cell");
        assertEquals(1f, rows.encode(Map.of("land", "NA", "x", -99))[5]);
        try (TableReader reader = TableReader.open(TableFile.of(countries()), schema, row -> true)) { // nothing said of marks
            assertEquals(140, ReaderRows.examples(reader).count(), "rows without a target are left out");
            assertEquals(Map.of("x", 20L, "land", 20L), reader.counts().missing());
        }
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(countries()).missing(Set.of("US")), schema)) {
            ReaderRows.inputs(reader);
            assertEquals(Map.of("x", 20L, "land", 60L), reader.counts().missing(), "besides those of the model");
        }
    }

    @Test
    void onlyEmptyCellsMayBeMissing() throws IOException {
        TableFile file = TableFile.of(countries()).missing(MissingMarks.only(Set.of()));
        TableSchema schema = TableSchema.infer(file, "x", new TableOptions());
        assertEquals(0, schema.columns().stream().filter(column -> column.name().equals("x")).count());
        assertEquals(List.of(20L, 20L), schema.columns().stream().map(TableColumn::missing).toList());
        assertEquals(schema, TableSchema.of(schema.config()));
    }

    @Test
    void aMarkThatMayBeAValueIsPointedOut() throws IOException {
        List<String> remarks = new ArrayList<>();
        TableSchema schema = TableSchema.infer(countries(), "y", new TableOptions().onRemark(remarks::add));
        String cure = "counts as missing: if it is a value, give the marks of missing values with `missing only:`";
        assertEquals(List.of("80 rows have no value of the target \"y\", and are left out; \"None\" in 40 rows "
                + cure), remarks);
        assertEquals("\"NA\" in 40 rows " + cure, schema.columns().get(0).note());
        TableProfile profile = TableProfile.of(TableFile.of(countries()), Optional.of("y"), new TableOptions());
        assertEquals(remarks, profile.remarks());
        assertEquals("\"NA\" in 40 rows " + cure, profile.columns().get(0).note());
        Path one = Files.writeString(folder.resolve("one.csv"), "x,y\n1,None\n2,Some\n3,None\n4,Some\n");
        assertBadData(() -> TableSchema.infer(one, "y", new TableOptions()), "Received: only \"Some\"; \"None\" in 2 rows " + cure);
    }

    /** As programs write a value that is not there: it is rarer than any that is. */
    @Test
    void aMarkThatIsRareAmongFewValuesIsMissing() throws IOException {
        String[] cells = new String[100];
        Arrays.setAll(cells, i -> i % 20 == 7 ? "NA" : i % 2 == 0 ? "male" : "female");
        assertEquals("", column(cells).note());
        Arrays.setAll(cells, i -> i % 20 == 7 ? "" : i % 2 == 0 ? "male" : "female");
        assertEquals("", column(cells).note(), "an empty cell is no value");
        Path values = Files.writeString(folder.resolve("amounts.csv"), "x,y\n" + "1,1.5\n2,NA\n3,2.5\n4,3.5\n".repeat(9));
        List<String> remarks = new ArrayList<>();
        TableSchema.infer(values, "y", new TableOptions().onRemark(remarks::add));
        assertEquals("9 rows have no value of the target \"y\", and are left out", remarks.get(0), "no number is called so");
    }

    @Test
    void furtherMarksOfMissingValuesAreKeptWithTheSchema() throws IOException {
        Path file = Files.writeString(folder.resolve("marks.csv"),
                "x,c,y\n1,a,u\n-999,unknown,v\n3,b,unknown\n5,a,v\n-999,a,u\n");
        TableFile marked = TableFile.of(file).missing(Set.of("-999", "unknown"));
        TableSchema schema = TableSchema.infer(marked, "y", new TableOptions());
        assertEquals(List.of("x", "x is missing", "c = a", "c is missing"), schema.featureNames());
        assertEquals(3, ((NumericColumn) schema.columns().get(0)).center());
        assertEquals(List.of("u", "v"), schema.target().labels());
        assertEquals(List.of("-999", "unknown"), List.copyOf(schema.missing().others()));
        TablePreprocessor rows = new TablePreprocessor(TableSchema.of(schema.config()));
        assertEquals(schema, rows.schema());
        for (Object mark : new Object[] {"-999", -999, -999.0}) {
            assertEquals(1f, rows.encode(Map.of("x", mark, "c", "a"))[1], mark::toString);
        }
        try (TableReader reader = TableReader.open(TableFile.of(file), schema, row -> true)) { // nothing said of marks
            assertEquals(4, ReaderRows.examples(reader).count());
            assertEquals(Map.of("x", 2L, "c", 1L), reader.counts().missing());
        }
        TableSchema without = TableSchema.infer(file, "y", new TableOptions());
        try (TableReader reader = TableReader.open(marked, without, row -> true)) { // said of this file alone
            assertEquals(4, ReaderRows.examples(reader).count());
            assertEquals(Map.of("x", 2L, "c", 1L), reader.counts().missing());
        }
        for (String wrong : new String[] {"", " ", " x"}) {
            assertRefused(IllegalArgumentException.class, () -> TableFile.of(file).missing(Set.of(wrong)),
                    "without spaces around it");
        }
    }

    // ---------------------------------------------------------------------------------------------------------- spellings

    @Test
    void spellingsOfAWordAreOneValue() throws IOException {
        String[] cells = {"red", "red", "RED", "Red", "New York", "new  york", "m", "M", "aB3", "Ab3"};
        CategoryColumn merged = assertInstanceOf(CategoryColumn.class, column(cells));
        assertEquals(List.of("Ab3", "M", "New York", "aB3", "m", "red"), merged.values().stream().map(value -> value.equals("new  york")
                ? "New York" : value).sorted().toList());
        assertEquals("values that are spelt in several ways are one: \"new  york\" and \"New York\", \"red\" and \"Red\" and \"RED\";"
                + " `spellings exact` keeps them apart; values differ only in case: \"aB3\" and \"Ab3\", \"m\" and \"M\"; `spellings all` takes"
                + " them for one", merged.note());
        TableColumn read = TableColumn.of(merged.config());
        assertEquals(merged, read);
        TablePreprocessor rows = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(read), 9));
        float[] red = rows.encode(Map.of("x", "red"));
        for (String spelling : new String[] {"RED", "rED", " Red "}) {
            assertArrayEquals(red, rows.encode(Map.of("x", spelling)), spelling);
        }
        assertArrayEquals(rows.encode(Map.of("x", "NEW\u00a0YORK")), rows.encode(Map.of("x", "new york")));
        assertFalse(Arrays.equals(rows.encode(Map.of("x", "m")), rows.encode(Map.of("x", "M"))), "single letters are no words");
        TableOptions exact = new TableOptions().spellings(Spellings.EXACT);
        CategoryColumn apart = (CategoryColumn) TableSchema.infer(table(cells), "y", exact).columns().get(0);
        assertEquals(9, apart.values().size());
        assertEquals("", apart.note());
        CategoryColumn all = (CategoryColumn) TableSchema.infer(table(cells), "y", new TableOptions().spellings(Spellings.ALL)).columns().get(0);
        assertEquals(4, all.values().size());
        assertRefused(IllegalArgumentException.class, () -> TableColumn.of(merged.config().with("spellings", "SOME")), "spellings must be one of");
    }

    /** Their values are found by one spelling. */
    @Test
    void olderModelFilesKeepTheirValues() {
        TableColumn old = TableColumn.of(new CategoryColumn("x", 0, "", List.of("red", "blue"), 3).config().with("spellings", null));
        TablePreprocessor rows = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(old), 9));
        assertArrayEquals(new float[] {0, 0, 1}, rows.encode(Map.of("x", "RED")));
        TableColumn numbers = TableColumn.of(NumericColumn.robust("x", 1, "", 3, 2, List.of(), false, 1, 9).config());
        TablePreprocessor plain = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(numbers),
                9)).lenient();
        for (String cell : List.of("5 kg", "5 1/2", "1/2", "No. 5")) {
            assertArrayEquals(new float[] {0, 1}, plain.encode(Map.of("x", cell)), cell);
        }
    }

    @Test
    void lettersAreTheTruthValuesBesideThem() throws IOException {
        Path file = table("T", "T", "T", "TRUE", "true", "TRUE", "F", "FALSE", "n");
        List<String> remarks = new ArrayList<>();
        TableSchema schema = TableSchema.infer(file, "x", new TableOptions().types(Map.of("y", Type.CATEGORY)).onRemark(remarks::add));
        assertEquals(List.of("FALSE", "TRUE", "n"), schema.target().labels(), "called by a word, however rare it is");
        assertEquals("Target \"x\": labels that are spelt in several ways are one: \"FALSE\" and \"F\", \"TRUE\" and \"true\" and \"T\";"
                + " `spellings exact` keeps them apart", remarks.get(remarks.size() - 1));
        assertEquals(ROWS, schema.target().counts().stream().mapToLong(count -> count).sum());
        TablePreprocessor rows = new TablePreprocessor(TableSchema.of(schema.config()));
        float[] target = new float[3];
        for (String spelling : new String[] {"T", "t", "True", "TRUE"}) {
            rows.encodeTarget(spelling, target, 0);
            assertArrayEquals(new float[] {0, 1, 0}, target, spelling);
        }
        rows.encodeTarget("N", target, 0);
        assertArrayEquals(new float[] {0, 0, 1}, target, "of a word that is not there");
        assertEquals(6, TableSchema.infer(file, "x", new TableOptions().spellings(Spellings.EXACT)).target().labels().size());
        assertEquals(List.of("F", "T"), TableSchema.infer(table("T", "F"), "x", new TableOptions()).target().labels());
        assertEquals(List.of("B", "F", "T", "false", "true"), TableSchema.infer(table("T", "true", "false", "F", "B"), "x", new TableOptions())
                .target().labels(), "beside others a letter may be anything");
    }

    @Test
    void spellingsOfALabelAreOneLabel() throws IOException {
        Path file = Files.writeString(folder.resolve("labels.csv"), "x,y\n" + "1,yes\n2,No\n3,YES\n4,no\n5,\" Yes\"\n6,no\n7,yes\n".repeat(9));
        List<String> remarks = new ArrayList<>();
        TableSchema schema = TableSchema.infer(file, "y", new TableOptions().onRemark(remarks::add));
        assertEquals(List.of("no", "yes"), schema.target().labels());
        assertEquals(List.of(27L, 36L), schema.target().counts());
        assertEquals("Target \"y\": labels that are spelt in several ways are one: \"no\" and \"No\", \"yes\" and \"Yes\" and \"YES\";"
                + " `spellings exact` keeps them apart", remarks.get(1));
        assertEquals(remarks, TableProfile.of(TableFile.of(file), Optional.of("y"), new TableOptions()).remarks());
        TablePreprocessor rows = new TablePreprocessor(TableSchema.of(schema.config()));
        float[] target = new float[2];
        for (String spelling : new String[] {"yes", "YES", "yEs"}) {
            rows.encodeTarget(spelling, target, 0);
            assertArrayEquals(new float[] {0, 1}, target, spelling);
        }
        assertEquals(List.of("No", "YES", "Yes", "no", "yes"), TableSchema.infer(file, "y", new TableOptions().spellings(Spellings.EXACT)).target()
                .labels());
        assertEquals(List.of("A", "a"), TableSchema.infer(table("A", "a"), "x", new TableOptions()).target().labels());
        assertEquals(List.of("a"), TableSchema.infer(table("A", "a", "a", "b"), "x", new TableOptions().spellings(Spellings.ALL)).target().labels()
                .subList(0, 1));
    }

    @Test
    void valuesWithUnitsAreNoLabels() throws IOException {
        String[] masses = new String[300];
        Arrays.setAll(masses, i -> i + (i % 2 == 0 ? " kg" : ",5 kg"));
        assertBadData(() -> TableSchema.infer(table(masses), "x", new TableOptions()), "column 1 (x): expected labels, or numbers without units."
                + " Received: 300 values, such as \"0 kg\". Write the numbers alone, or take them for labels with `task classification`");
        assertEquals(300, TableSchema.infer(table(masses), "x", new TableOptions().task(TableTarget.Task.CLASSIFICATION)).target().width());
        assertEquals(2, TableSchema.infer(table("<=50K", ">50K"), "x", new TableOptions()).target().width());
        assertBadData(() -> TableSchema.infer(table("1.5", "unknown"), "x", new TableOptions().task(TableTarget.Task.REGRESSION)),
                "(`missing unknown` declares that such rows have none)");
    }

    // ---------------------------------------------------------------------------------------------------------- quantities

    @Test
    void aColumnHasTheUnitOfMostOfItsValues() throws IOException {
        NumericColumn numeric = assertInstanceOf(NumericColumn.class, column("12 kg", "3 kg", "5 KG", "7", "~8kg", "unknown"));
        assertEquals("kg", numeric.unit());
        assertEquals("a number in kg and 4 bins", numeric.becomes());
        assertEquals(7, numeric.center());
        assertEquals(ROWS / 6, numeric.missing());
        assertEquals("numbers in kg: \"12 kg\" in line 2 is read as 12; `types x=category` takes them as they are written;"
                + " \"unknown\" in 6 of 40 values count as missing here: `missing unknown` declares that of all columns, `types x=category` takes values as"
                + " they are written", numeric.note());
        TableColumn read = TableColumn.of(numeric.config());
        assertEquals(numeric, read);
        TablePreprocessor rows = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(read), 9));
        float[] three = rows.encode(Map.of("x", 3));
        for (Object value : new Object[] {"3 kg", "3", "3 Kg.", "~3", "3 kg*", 3.0, 3L}) {
            assertArrayEquals(three, rows.encode(Map.of("x", value)), value::toString);
        }
        assertArrayEquals(rows.encode(Map.of("x", "")), rows.encode(Map.of("x", "k. A.")));
        assertRefused(IllegalArgumentException.class, () -> rows.encode(Map.of("x", "3 l")), "expected a finite number", "Received: \"3 l\"");
    }

    @Test
    void unitsOfDifferentKindsAreNotMixed() throws IOException {
        TableColumn mixed = column("12 kg", "3 kg", "5 l");
        assertInstanceOf(CategoryColumn.class, mixed);
        assertEquals("the numbers have different words behind them, \"kg\" in 27, \"l\" in 13 values: write them in one unit, or write the words in a"
                + " column of their own", mixed.note());
        TableOptions asked = new TableOptions().types(Map.of("x", TableColumn.Type.NUMERIC));
        assertEquals(13, TableSchema.infer(table("12 kg", "3 kg", "5 l"), "y", asked).columns().get(0).missing());
    }

    /** Numbers that are no plain ones are read in one way, or described: they are no list, no unit of time, and no option loses half of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"%.2f S|%.2f H|different words behind them, \"H\" in 45, \"S\" in 45 values",
        "%.1f CR|%.1f DR|different words behind them", "%.1fN|%.1fS|different words behind them", "%.1fA|%.1f|numbers in A: ",
        "%.1f kg|%.0f g|different words behind them", "%.0fK|%.1fM|different words behind them", "%.0f,321|(D)|45 of 90 values are numbers, but not \"(D)\"",
        "7%.2f|8%.0f,25|write the numbers alone, with one decimal mark", "%.0f 1)|%.0f|which has digits, too: write the numbers alone",
        "%.1f ± 0.3|%.1f ± 0.4|begin with a number but are none", "%.0fh 30m|%.0fh 5m|begin with a number but are none", "%.0f 3/8|%.0f 1/8|begin with a number but are none"})
    void numbersInSeveralFormsAreDescribed(String one, String other, String note) throws IOException {
        String said = named("x", 90, row -> '"' + String.format(Locale.ROOT, row % 2 == 0 ? one : other, 100 + row * 37.77) + '"').note();
        assertTrue(said.contains(note), said);
        assertEquals(note.contains("(D)"), said.contains("`types x=numeric`"), said);
    }

    @Test
    void whatKeepsASpreadsheetFromChangingACellIsNoneOfIt() throws IOException {
        assertEquals(named("x", 90, row -> "3" + row + ".5"), named("x", 90, row -> "=\"3" + row + ".5\""));
        assertEquals(named("x", 90, row -> "3" + row + ".5"), named("x", 90, row -> "'3" + row + ".5"));
        assertInstanceOf(CategoryColumn.class, named("x", 90, row -> "=\"0050" + row % 9 + "\""));
        assertEquals(List.of("'tis", "'twas"), ((CategoryColumn) column("'tis", "'twas")).values());
    }

    @Test
    void weeksAndTheStampsOfFormsAreDates() throws IOException {
        assertEquals(DateText.read("2021-11-01", true), DateText.read("2021-W44-1", true));
        assertEquals(DateText.read("2026-12-31", true), DateText.read("2026-W53-4", true));
        assertEquals(DateText.read("2024-09-10 16:27", true), DateText.read("2024/09/10 4:27:00 PM GMT+2", true));
        assertInstanceOf(DateColumn.class, named("x", 90, row -> String.format(Locale.ROOT, "2021-W%02d-%d", 1 + row % 52, 1 + row % 7)));
    }

    @Test
    void fewLimitsAreCategories() throws IOException {
        assertInstanceOf(CategoryColumn.class, column("<20", "20+", "30+"));
        assertInstanceOf(CategoryColumn.class, column("<=50K", ">50K"));
        TableOptions asked = new TableOptions().types(Map.of("x", TableColumn.Type.NUMERIC));
        NumericColumn numeric = (NumericColumn) TableSchema.infer(table("<20", "20+", "30+"), "y", asked).columns().get(0);
        assertEquals(20, numeric.min());
        assertEquals(30, numeric.max());
    }

    @Test
    void codesAreNoQuantities() throws IOException {
        for (String[] codes : List.of(new String[] {"12A", "7B", "3", "4C"}, new String[] {"A1", "A2"}, new String[] {"1st", "2nd", "3rd"},
                new String[] {"12:30 h", "x"})) {
            assertInstanceOf(CategoryColumn.class, column(codes), () -> Arrays.toString(codes));
        }
    }

    /** Else a word would be missing where nobody says so. */
    @Test
    void wordsAreValuesAmongCategoriesAndWhereMarksAreGiven() throws IOException {
        assertEquals(List.of("red", "unknown"), ((CategoryColumn) column("red", "unknown")).values());
        TableFile file = TableFile.of(table("1", "2", "unknown")).missing(MissingMarks.only(Set.of()));
        assertInstanceOf(CategoryColumn.class, TableSchema.infer(file, "y", new TableOptions()).columns().get(0));
        TableSchema dates = TableSchema.infer(table("2024-01-31", "2024-02-05", "—"), "y", new TableOptions());
        assertEquals(13, assertInstanceOf(DateColumn.class, dates.columns().get(0)).missing());
        Path words = table("unknown", "-");
        assertInstanceOf(CategoryColumn.class, TableSchema.infer(words, "y", new TableOptions()).columns().get(0));
        TableSchema numbers = TableSchema.infer(table("1", "2", "unknown"), "y", new TableOptions());
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(table("1", "n/v")), numbers).strict()) {
            ReaderRows.inputs(reader);
            assertEquals(Map.of("x", 20L), reader.counts().missing());
            assertEquals(Map.of(), reader.unreadable());
        }
    }

    // --------------------------------------------------------------------------------------------------------------- dates

    @Test
    void digitsAreDatesWhereTheyAreLikely() throws IOException {
        DateColumn days = assertInstanceOf(DateColumn.class, column("20240131", "20230512", "20231224"));
        assertEquals("\"20240131\" in line 2 is read as 2024-01-31: `types x=numeric` takes it for a number", days.note());
        assertInstanceOf(NumericColumn.class, column("20240131", "20230512", "20231324"), "there is no such month");
        assertInstanceOf(NumericColumn.class, column("18240131", "18230512"), "years are from 1900 to 2100");
        NumericColumn seconds = assertInstanceOf(NumericColumn.class, column("1706703045", "1716703045", "1726703045"));
        assertEquals("\"1706703045\" in line 2 may be 2024-01-31T12:10:45 in UTC, as counted since 1970: `types x=date` takes them for dates",
                seconds.note());
        for (String name : new String[] {"createdAt", "created_at", "Timestamp", "event time", "DATE"}) {
            assertInstanceOf(DateColumn.class, named(name, 90, row -> 1_706_703_045L + 99_991 * row), name);
            assertInstanceOf(DateColumn.class, named(name, 90, row -> 1_706_703_045_123L + 99_991_000L * row), name);
            assertInstanceOf(NumericColumn.class, named(name, 90, row -> 12_345_678_901L + row * 7919 % 100), name);
        }
        TablePreprocessor rows = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(
                named("time", 90, row -> 1_706_703_045L + 99_991 * row)), 9));
        assertArrayEquals(rows.encode(Map.of("time", "2024-01-31 12:10:45")), rows.encode(Map.of("time", 1_706_703_045)));
        assertArrayEquals(rows.encode(Map.of("time", "2024-01-31 12:10:45")), rows.encode(Map.of("time", 1_706_703_045_000.0)));
    }
}

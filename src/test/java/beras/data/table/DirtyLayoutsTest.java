package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.SettingException;
import beras.tensor.Rng;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables of 900 rows, in which one column decides the label, in files as people and programs leave them: each is read as the plain one,
 * with a remark that says what was done, or refused with the option to type.
 */
@Tag("data")
class DirtyLayoutsTest {

    private static final int ROWS = 900;
    private static final List<String> NAMES = List.of("amount", "city", "size", "label");
    private static final List<List<String>> CELLS = cells();
    private static final String HEADER = "amount,city,size,label";

    @TempDir
    Path folder;

    private static List<List<String>> cells() {
        String[] cities = {"Rome", "New York", "Bern"};
        List<List<String>> cells = new ArrayList<>();
        Rng rng = new Rng(7, "cells", 0);
        for (int row = 0; row < ROWS; row++) {
            double amount = (rng.bits(3L * row) >>> 40) % 1000 / 10. - 50;
            cells.add(List.of(String.format(Locale.ROOT, "%.1f", amount), cities[(int) (rng.bits(3L * row + 1) >>> 33) % 3],
                    Long.toString((rng.bits(3L * row + 2) >>> 33) % 5000), amount > 0 ? "yes" : "no"));
        }
        return cells;
    }

    private static String text(String head, String separator, UnaryOperator<String> row, String foot) {
        return head + CELLS.stream().map(cells -> row.apply(String.join(separator, cells)) + "\n").collect(Collectors.joining()) + foot;
    }

    private static String text(String head, String foot) {
        return text(head, ",", row -> row, foot);
    }

    private static String withComma(String cells) {
        return cells.replace('.', ',');
    }

    /** A file that is read as the plain one, and the remarks. */
    private record Layout(String title, String text, List<String> remarks) {

        Layout(String title, String text, String... remarks) {
            this(title, text, List.of(remarks));
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static final String NAMED = " (`headerLines` overrides that)";
    private static final String SEMICOLONS = "The cells are separated by semicolons";

    static Stream<Layout> read() {
        return Stream.of(
                new Layout("plain", text(HEADER + "\n", "")),
                new Layout("sep=;", text("sep=;\n" + HEADER.replace(',', ';') + "\n", ";", DirtyLayoutsTest::withComma, ""),
                        SEMICOLONS + ", as declared in line 1"),
                new Layout("sep=; with a mark, in quotes", text("\uFEFF\"sep=;\"\r\n" + HEADER.replace(',', ';') + "\n", ";", row -> row, ""),
                        SEMICOLONS + ", as declared in line 1"),
                new Layout("units", text(HEADER + "\n$,,cm,\n", ""), "Line 2 is no row, but has units or further names: \"$\"" + NAMED),
                new Layout("units of each", text(HEADER + "\n[$],[-],[cm],[y/n]\n", ""),
                        "Line 2 is no row, but has units or further names: \"[$]\"" + NAMED),
                new Layout("a rule", text("| amount | city | size | label |\n|---:|---|---:|---|\n", " | ", row -> "| " + row + " |", ""),
                        "The cells are separated by vertical bars", "Each row ends with a vertical bar, behind which is no cell",
                        "Line 2 is no row, but comes between names and rows: \"---:\"" + NAMED,
                        "1 column has no name or that of another, and got one: \"column1\""),
                new Layout("a comma more in each row", text(HEADER + "\n", ",", row -> row + ",", ""), "Each row ends with a comma, behind which is no cell"),
                new Layout("a comma more in the names", text(HEADER + ",\n", "")),
                new Layout("a comma more in names and rows", text(HEADER + ",\n", ",", row -> row + ",", ""),
                        "Each row ends with a comma, behind which is no cell"),
                new Layout("blank first lines", text("\n\n" + HEADER + "\n", "")),
                new Layout("empty cells in the last lines", text(HEADER + "\n", ",,,\n,,,\n"),
                        "2 rows have no value of the target \"label\", and are left out"),
                new Layout("quoted names", text("\"amount\",\"city\",\"size\",\"label\"\n", "")),
                new Layout("spaces", text("amount city size label\n", " ", row -> row.replace("New York", "\"New York\""), ""),
                        "The cells are separated by spaces"),
                new Layout("spaces in columns", IntStream.rangeClosed(0, ROWS).mapToObj(i -> (i == 0 ? NAMES : CELLS.get(i - 1)).stream()
                        .map(cell -> String.format("%10s", cell.contains(" ") ? '"' + cell + '"' : cell)).collect(Collectors.joining(" ")))
                        .collect(Collectors.joining("\n", "", "  \n")), "The cells are separated by spaces"));
    }

    /** A title, comments and a footer are refused with the option that leaves them out. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '\'', value = {
        "'Sales of 2024~' > '' > 1 > 0", "'Sales of 2024~~' > '' > 2 > 0", "'\"Sales, 2024\",,,~' > '' > 1 > 0", "'Sales,,,~,,,~' > '' > 2 > 0",
        "'\"Sales~of 2024\"~' > '' > 2 > 0", "'# made by hand~# amount: dollars, size: cm~' > '' > 2 > 0", "',,,~' > '' > 1 > 0",
        "'' > 'Source: the shop, its books~' > 0 > 1", "'' > '(900 rows)~' > 0 > 1", "'' > '~Total,900~2024~' > 0 > 2"})
    void whatIsNoRowIsRefusedWithItsOption(String head, String foot, int skipLines, int skipFooter) throws IOException {
        TableFile file = file(text(head.replace('~', '\n') + HEADER + "\n", foot.replace('~', '\n')));
        assertBadData(() -> TableSchema.infer(file, "label", new TableOptions()),
                skipLines > 0 ? "add `skipLines " + skipLines + "` if it does" : "or add `skipFooter " + skipFooter + "` if ");
        TableFile plain = TableFile.of(Files.writeString(folder.resolve("plain.csv"), text(HEADER + "\n", "")));
        assertEquals(TableSchema.infer(plain, "label", new TableOptions()),
                TableSchema.infer(file.skipLines(skipLines).skipFooter(skipFooter), "label", new TableOptions()));
    }

    private TableFile file(String text) throws IOException {
        return TableFile.of(Files.writeString(folder.resolve("table.csv"), text));
    }

    /** The features and classes of all rows. */
    private static float[][] numbers(TableFile file, TableSchema schema) throws IOException {
        List<float[]> rows = new ArrayList<>();
        try (TableReader reader = TableReader.open(file, schema, row -> true)) {
            float[] row = new float[schema.width() + schema.targetWidth()];
            while (reader.next(row, 0)) {
                reader.target(row, schema.width());
                rows.add(row.clone());
                Arrays.fill(row, 0);
            }
        }
        return rows.toArray(float[][]::new);
    }

    private static List<TableColumn> used(TableSchema schema) {
        return schema.columns().stream().filter(column -> column.width() > 0).toList();
    }

    @ParameterizedTest
    @MethodSource("read")
    void isReadAsThePlainTable(Layout layout) throws IOException {
        TableFile plain = TableFile.of(Files.writeString(folder.resolve("plain.csv"), text(HEADER + "\n", "")));
        TableSchema expected = TableSchema.infer(plain, "label", new TableOptions());
        List<String> remarks = new ArrayList<>();
        TableFile file = file(layout.text);
        TableSchema schema = TableSchema.infer(file, "label", new TableOptions().onRemark(remarks::add));
        assertEquals(layout.remarks, remarks);
        assertEquals(expected.target(), schema.target());
        assertEquals(NAMES.subList(0, 3), used(schema).stream().map(TableColumn::name).toList());
        if (layout.text.contains(",") && layout.text.contains(";")) { // decimals come after a comma
            assertEquals(expected.width(), schema.width());
        } else {
            assertEquals(expected.columns(), used(schema));
        }
        float[][] numbers = numbers(plain, expected);
        assertArrayEquals(numbers, numbers(file, schema));
        TableFile stream = TableFile.of(new ByteArrayInputStream(layout.text.getBytes(StandardCharsets.UTF_8)), "stream");
        assertArrayEquals(numbers, numbers(stream.rereadable().keepRows(), schema), "from a stream whose rows are kept");
    }

    private static List<String> names(TableFile file) throws IOException {
        try (Table table = Table.open(file)) {
            return table.columns();
        }
    }

    private static long rows(TableFile file) throws IOException {
        try (Table table = Table.open(file)) {
            while (table.next()) {
                table.cell(0);
            }
            return table.row() + 1;
        }
    }

    private static List<String> remarks(TableFile file) throws IOException {
        try (Table table = Table.open(file)) {
            while (table.next()) {
                table.cell(0);
            }
            return table.remarks();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {",2023,,2024~name,q1,q2,q1", "a,a,b,b~x,y,x,y", "shop,open,sales,sales~,,net,gross"})
    void namesInTwoRowsAreAskedFor(String header) throws IOException {
        TableFile file = file(header.replace('~', '\n') + "\n" + "Rome,1,2,3\nBern,2,3,4\nBonn,2,3,5\nParis,2,4,4\n".repeat(10));
        assertBadData(() -> names(file), "line 1: expected a name for each of the 4 columns",
                "Add `skipLines 1` to take the names of that line, or write one name over each");
        assertTrue(remarks(file.headerLines(2)).get(0).startsWith("Line 2 is no row, but has units or further names: "));
        assertEquals(40, rows(file.headerLines(2)));
        assertEquals(40, rows(file.skipLines(1)));
        assertEquals(41, rows(file.headerLines(1)));
    }

    /** As R writes the names of rows. */
    @ParameterizedTest
    @CsvSource({"Shop , true", "'', true", "Shop 1, false"})
    void aCellMoreInFrontIsAnIndex(String name, boolean differ) throws IOException {
        String rows = IntStream.rangeClosed(1, 40).mapToObj(row -> "\"" + name.strip() + (differ ? row : "") + "\"," + row * row % 7 + ",x\n")
                .collect(Collectors.joining());
        TableFile file = file("\"size\",\"label\"\n" + rows);
        if (differ) {
            assertEquals(List.of("column1", "size", "label"), names(file));
            assertEquals(40, rows(file));
            assertEquals("The rows have a cell more than there are names: the first one, as the names of rows do, has none",
                    remarks(file).get(0));
        } else {
            assertBadData(() -> rows(file), "line 2: expected 2 columns, as the first line names. Received: 3, one or more after \"label\"");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '\'', value = {
        // a title, and names that are years
        "'Sales of 2024~shop,2023,2024~' > 'Rome,1,2~' > 'line 1: expected the names of the 3 columns that most rows have. Received: \"Sales of 2024\" alone. Line 2, which begins with \"shop\", may have them: add `skipLines 1` if it does, or write them'",
        // a title, and no names
        "'Sales of 2024~' > 'Rome,1,2~' > 'Line 2, which begins with \"Rome\", may have them: add `skipLines 1`'",
        // a row that is cut off may be one
        "'shop,x,y~' > 'Rome,1,2~|Bern,4~' > 'line 22: expected 3 columns, as the first line names. Received: 2, the last is \"x\". Correct the line, or put quotes around a cell with a comma, or add `skipFooter 1` if it is no row'",
        "'shop,x,y~' > 'Rome,1,2~|Bern~Paris~' > 'line 22: expected 3 columns, as the first line names. Received: 1, the last is \"shop\". Correct the line, or put quotes around a cell with a comma, or add `skipFooter 2` if no row begins there'",
        "'x,y~' > '1,2~|3~' > 'line 22: expected 2 columns, as the first line names. Received: 1, the last is \"x\". Correct the line, or put quotes around a cell with a comma, or add `skipFooter 1` if it is no row'",
        // set off, but more cells, or numbers
        "'s,x~' > 'a,1~|~Smith, John,4~' > 'line 23: expected 2 columns'",
        "'x,y~' > '1,2~|~3~' > 'line 23: expected 2 columns'",
        // the names are not all there
        "'shop,x~' > 'Rome,1,2~' > 'line 2: expected 2 columns, as the first line names. Received: 3, one or more after \"x\". Correct the line'"})
    void whatIsAmbiguousIsRefusedWithTheOptionToType(String head, String row, String expected) throws IOException {
        int foot = row.indexOf('|');
        String rows = (foot < 0 ? row : row.substring(0, foot)).repeat(20) + (foot < 0 ? "" : row.substring(foot + 1));
        assertBadData(() -> rows(file((head + rows).replace('~', '\n'))), expected);
    }

    @Test
    void whatIsSaidOverridesWhatIsSeen() throws IOException {
        TableFile years = file("Sales of 2024\nshop,2023,2024\n" + "Rome,1,2\n".repeat(20));
        assertEquals(List.of("shop", "2023", "2024"), names(years.skipLines(1)));
        assertEquals(20, rows(years.skipLines(1)));
        assertEquals(List.of("Rome", "1", "2"), names(years.skipLines(2)));
        TableFile title = file("Sales,,\nshop,size,label\n" + "Rome,1,2\n".repeat(20));
        assertBadData(() -> rows(title), "Received: \"Sales\" alone", "add `skipLines 1` if it does");
        assertEquals(List.of("Sales", "column2", "column3"), names(title.skipLines(0).headerLines(1)));
        assertEquals(21, rows(title.skipLines(0).headerLines(1)));
        TableFile cut = file("shop,x,y\n" + "Rome,1,2\n".repeat(20) + "Bern\nParis\n");
        assertEquals(20, rows(cut.skipFooter(2)));
        assertEquals(List.of("The last 2 lines are no rows: \"Bern\""), remarks(cut.skipFooter(2)));
        TableFile plain = file("shop,x,y\n" + "Rome,1,2\n".repeat(20));
        assertEquals(17, rows(plain.skipFooter(3)));
        assertBadData(() -> rows(plain.skipFooter(20)), "expected rows after the line that names the columns");
        TableFile source = file("x,y,z\n" + "1,2,3\n".repeat(20) + "Source: the shop\n");
        assertBadData(() -> rows(source), "line 22: expected 3 columns", "add `skipFooter 1` if it is no row");
        assertEquals(List.of("a", "a.2"), names(file("a,a\n1,2\n3,4\n").headerLines(2)));
        for (TableFile json : List.of(file("{\"a\": 1}\n").skipLines(1), file("{\"a\": 1}\n").headerLines(1),
                file("{\"a\": 1}\n").skipFooter(1))) {
            assertBadData(() -> names(json), "expected lines of CSV", "Received: JSON objects. Leave that out");
        }
        assertRefused(SettingException.class, () -> plain.skipLines(-1), "skipLines: it must be at least 0. Received: -1");
        assertRefused(SettingException.class, () -> plain.headerLines(0), "headerLines: it must be 1 to 5. Received: 0");
        assertRefused(SettingException.class, () -> plain.skipFooter(1001), "skipFooter: it must be 0 to 1000. Received: 1001");
    }

    /** What merely looks unusual is a row. */
    @ParameterizedTest
    @CsvSource(delimiter = '>', quoteCharacter = '\'', value = {
        "'x,y~NA,NA~' > '1,2~' > ''", // missing values, not units
        "'x,y~unknown,unknown~' > '1,2~unknown,unknown~' > ''", // a mark of such
        "'x,y~?,b~' > '1,b~' > ''",
        "'x,y~n.a.,b~' > '1,b~' > ''",
        "'x,y~1,2~' > '1,2~' > ',~,~'",
        "'x,y,z~1,2,3~' > '1,2,3~' > '4,,~'", // all else is missing
        "'s,y,z~a,2,3~' > 'a,2,3~' > 'a longer text,,~'",
        "'y,s~b,a~' > 'b,a~' > 'a text,~'",
        "'#id,x~1,2~' > '1,2~' > ''"})
    void whatMayBeARowIsOne(String head, String row, String foot) throws IOException {
        TableFile file = file((head + row.repeat(20) + foot).replace('~', '\n'));
        long lines = Files.readAllLines(file.path()).size();
        assertEquals(lines - 1, rows(file));
    }

    @Test
    void aRowMayLackTheCommaAtTheEndIfItLacksNothingElse() throws IOException {
        String rows = "x,y\n" + "1,2,\n".repeat(20);
        assertEquals(21, rows(file(rows + "3,4\n")));
        assertBadData(() -> rows(file(rows + "3,\n1,2,\n")), "line 22: expected 2 columns", "Received: 2 without the separator at the end");
        assertBadData(() -> rows(file(rows + "1,2,\n".repeat(200) + "3,4,5\n1,2,\n")), "line 222: expected 2 columns", "Received: 3, one or more after \"y\"");
    }

    private TableFile skipped(String text) throws IOException {
        return file(text).skipLines(4);
    }

    @Test
    void linesAreThoseOfTheFile() throws IOException {
        String head = "Sales\n\n\"of\n2024\"\nshop,size\n,cm\n";
        try (Table table = Table.open(skipped(head + "Rome,1\n".repeat(300) + "\"New\nYork\",5\nBern,7\nthe end of it\n").skipFooter(1))) {
            for (int row = 0; table.next(); row++) {
                assertEquals(row + 7L + (row == 301 ? 1 : 0), table.line());
            }
            assertEquals(301, table.row());
        }
        assertBadData(() -> rows(skipped(head + "Rome,1\n".repeat(300) + "Bern\nRome,1\n")), "line 307: expected 2 columns, as line 5 names");
        assertBadData(() -> rows(skipped(head + "Rome,1\n".repeat(300) + "Bern,\"1\n")), "line 307: expected CSV, a second quote");
        assertBadData(() -> rows(skipped(head + "Rome,1\n".repeat(300) + "Bern,\"1\"x\n")), "line 307: expected CSV, a comma");
    }
}

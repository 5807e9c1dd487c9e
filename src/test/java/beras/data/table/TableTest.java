package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class TableTest {

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text);
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static List<List<String>> rows(Path path) throws DataException {
        return ReaderRows.cells(TableFile.of(path), remarks -> { });
    }

    // ------------------------------------------------------------------------------------------------ good files

    private static final List<List<String>> TWO = List.of(List.of("city", "age"), List.of("Rome", "3"), List.of("", "4.5"));

    @ParameterizedTest
    @ValueSource(strings = {
        "city,age\nRome,3\n,4.5\n",
        "city,age\nRome,3\n,4.5",
        "city,age\r\nRome,3\r\n,4.5\r\n",
        "city,age\rRome,3\r,4.5\r",
        "\uFEFFcity,age\nRome,3\n,4.5\n",
        "\uFEFF\"city\",\"age\"\r\n\"Rome\",\"3\"\r\n\"\",\"4.5\"\r\n",
        "\n\ncity,age\n\nRome,3\n\n,4.5\n\n\n",
        "\r\n \r\ncity,age\r\n  \r\nRome,3\r\n\t\r\n,4.5\r\n\r\n \r\n",
        " city , age\t\n Rome , 3\n  ,\t4.5 ",
        "\"city\", \"age\"\n\"Rome\" , \"3\"\n, \" 4.5 \"\n"})
    void readsWhatProgramsWrite(String text) throws IOException {
        assertEquals(TWO, rows(file(text)));
    }

    /** Programs write a missing value of the one column so, and predictions must stay beside their rows. */
    @ParameterizedTest
    @ValueSource(strings = {"age\n3\n\n4.5\n\n", "age\r\n3\r\n\r\n4.5\r\n\r\n", "\nage\r3\r\r4.5\r\r",
        "age\n3\n\"\"\n4.5\n\"\"\n", "age\n3\n  \n4.5\n\"\""})
    void inOneColumnABlankLineIsARow(String text) throws IOException {
        assertEquals(List.of(List.of("age"), List.of("3"), List.of(""), List.of("4.5"), List.of("")), rows(file(text)));
        try (Table table = Table.open(file(text))) {
            assertEquals(List.of(), table.remarks());
            long first = text.startsWith("\n") ? 3 : 2;
            for (int row = 0; table.next(); row++) {
                assertEquals(first + row, table.line());
            }
            assertEquals(List.of("2 lines without a value are rows, too, as the table has one column"), table.remarks());
        }
    }

    @Test
    void readsGzipWhateverItsName() throws IOException {
        assertEquals(TWO, rows(Files.write(folder.resolve("table.csv"), gzip("city,age\nRome,3\n,4.5\n"))));
    }

    @Test
    void quotedCellsMayHoldAnything() throws IOException {
        Path path = file("\"a,b\",c\n\"x \"\"y\"\" z\",\"1,5\"\n\"two\nlines\",\"and\r\nthree\r\nmore\"\n");
        assertEquals(List.of(List.of("a,b", "c"), List.of("x \"y\" z", "1,5"), List.of("two\nlines", "and\r\nthree\r\nmore")),
                rows(path));
    }

    @Test
    void knowsTheLineOfEachRow() throws IOException {
        Path path = file("\na,b\n\n1,2\r\n\"x\ny\",\"z\r\nz\"\n\n5,6");
        try (Table table = Table.open(path)) {
            for (long line : new long[] {4, 5, 9}) {
                assertTrue(table.next());
                assertEquals(line, table.line());
            }
        }
        try (Table table = Table.open(path)) {
            table.next();
            table.next();
            assertTrue(table.error(1, "x").getMessage().contains("line 5, column 2 (b): expected x"), "the row begins there");
        }
    }

    // ------------------------------------------------------------------------------------------------- bad files

    private void assertBad(String text, String... facts) throws IOException {
        Path path = file(text);
        assertBadData(() -> rows(path), path.toString());
        assertBadData(() -> rows(path), facts);
    }

    @Test
    void refusesAFileWithoutRows() throws IOException {
        assertBad("", "whose first line names", "Received: an empty file");
        assertBad("\uFEFF\n\n", "an empty file");
        assertBad("a,b\n", "expected rows after the line that names the columns", "Received: none");
        Path missing = folder.resolve("missing.csv");
        assertBadData(() -> Table.open(missing), missing.toString(), "no such file");
        assertBadData(() -> Table.open(folder), folder.toString(), "a folder");
    }

    @Test
    void refusesRowsOfAnotherLength() throws IOException {
        assertBad("a,b,c\n1,2,3\n4,5\n", "line 3: expected 3 columns", "Received: 2, the last is \"b\"");
        assertBad("a,b,c\n1,2,3\n\n4,5,6,7\n", "line 4: expected 3 columns", "Received: 4, one or more after \"c\"");
        assertBad("a,b\n\"1\n1\",2\n\"3\n3\"\n", "line 4: expected 2 columns", "Received: 1");
        assertBad("a,b\n1,2\n \n3\n", "line 4: expected 2 columns", "Received: 1");
    }

    @Test
    void refusesAQuoteThatNeverEnds() throws IOException {
        assertBad("a,b\n1,2\n3,\"4\n5,6\n7,8\n", "line 3: expected CSV, a second quote", "Received: the end of the file");
        assertBad("a,b\n\"1\n1\n1\",\"2\n3,4\n", "line 4: expected CSV, a second quote");
        assertBad("a,\"b\n1,2\n", "line 1: expected CSV");
    }

    /** The parser writes the number with the groups and digits of the locale. */
    @ParameterizedTest
    @ValueSource(strings = {"en-US", "de-DE", "fr-FR", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva"})
    void knowsTheLineOfAQuoteInEveryLocale(String tag) throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(tag));
        try {
            assertBad("a,b\n" + "1,2\n".repeat(1_234) + "3,\"4\n5,6\n", "line 1236: expected CSV");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void refusesAQuoteInsideAQuotedCell() throws IOException {
        assertBad("a,b\n\"x\"y,2\n", "line 2: expected CSV, a comma", "Double the quotes");
    }

    @Test
    void doesNotReadTheRestOfALargeFileIntoOneRow() throws IOException {
        assertBad("a,b\n1,\"2\n" + "3,4\n".repeat(5_000_000), "line 2: expected CSV", "more than 16777216 characters", "quote");
    }

    /** In time that grows with their number, not with its square. */
    @Test
    void readsManyColumns() throws IOException {
        int columns = 100_000;
        StringBuilder text = new StringBuilder("y");
        for (int i = 1; i < columns; i++) {
            text.append(",c").append(i);
        }
        for (String cell : new String[] {",a", ",b", ",5", ","}) {
            text.append('\n').append(cell.equals(",a") ? "no" : "yes").append(cell.repeat(columns - 1));
        }
        Path path = file(text.append('\n').toString());
        TableSchema schema = TableSchema.infer(path, "y", new TableOptions());
        assertEquals(4 * (columns - 1), schema.width());
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(path), schema)) {
            reader.next(row, 0);
        }
        assertEquals(1f, row[1]);
    }

    @Test
    void showsNothingThatATerminalObeysAndNoLongName() throws IOException {
        String red = (char) 27 + "[31m";
        try (Table table = Table.open(file("a" + red + ",a" + red + "\n1,2\n"))) {
            assertEquals(List.of("1 column has no name or that of another, and got one: \"a\\" + "u001b[31m.2\""), table.remarks());
        }
        Path path = file("x".repeat(1 << 20) + "," + red + "\n1,2\n");
        DataException e = assertThrows(DataException.class, () -> TableSchema.infer(path, "y", new TableOptions()));
        assertTrue(e.getMessage().length() < 1000 && !e.getMessage().contains(red), e.getMessage());
        DataException long_ = assertThrows(DataException.class,
                () -> TableSchema.infer(path, "y".repeat(1 << 20), new TableOptions()));
        assertTrue(long_.getMessage().length() < 2500, long_.getMessage());
    }

    @Test
    void refusesDamagedGzip() throws IOException {
        byte[] packed = gzip("a,b\n" + "1,2\n3,4\n".repeat(10_000));
        Path path = Files.write(folder.resolve("table.csv.gz"), Arrays.copyOf(packed, packed.length - 20));
        assertBadData(() -> rows(path), path.toString(), "gzip data is cut off");
    }
}

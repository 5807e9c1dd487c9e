package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a table is written: what is said of it, and what the file shows. */
@Tag("data")
class TableFileTest {

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    @TempDir
    Path folder;

    private TableFile file(String text) throws IOException {
        return file(text, StandardCharsets.UTF_8);
    }

    private TableFile file(String text, Charset encoding) throws IOException {
        return TableFile.of(Files.write(folder.resolve("table.csv"), text.getBytes(encoding)));
    }

    /** The names of the columns, the cells of each row, and what is remarked in the end. */
    private record Read(List<List<String>> rows, List<String> remarks) {

        List<String> names() {
            return rows.get(0);
        }
    }

    private static Read read(TableFile file) throws DataException {
        List<String> remarks = new ArrayList<>();
        return new Read(ReaderRows.cells(file, remarks::addAll), remarks);
    }

    // ------------------------------------------------------------------------------------------------- separators

    private static final List<List<String>> CELLS = List.of(List.of("name", "price, net", "note"), List.of("a;b", "1,5", "x|y"),
            List.of("c", "22,75", "line\nend; \"quoted\"\ttab"), List.of("", "3", "|"));

    private static String written(String separator) {
        return CELLS.stream().map(row -> row.stream().map(cell -> "\"" + cell.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining(separator))).collect(Collectors.joining("\n", "", "\n"));
    }

    @ParameterizedTest
    @CsvSource({"',', ''", "';', semicolons", "'\t', tabs", "'|', vertical bars"})
    void theRowsShowWhatIsBetweenCells(String separator, String name) throws IOException {
        Read read = read(file(written(separator)));
        assertEquals(CELLS, read.rows);
        assertEquals(name.isEmpty() ? List.of() : List.of("The cells are separated by " + name), read.remarks);
    }

    /** Where cells are not quoted, a character that each row has as often as any other is more likely than one that varies. */
    @ParameterizedTest
    @ValueSource(strings = {"a;b\n1,5;2,5\n1;3,25\n", "a;b\n1;2,5,7\n\n3;4\n", "x,y,z;a;b\n1;2;3\n4,4;5;6", "a,b;c\n1,2,3;4", "a;\"b\"\n\"1,1,1\";\" ; \"\n2;3",
        "\uFEFFa;b\r\n1;2\r\n"})
    void semicolonsAreFoundAmongCommas(String text) throws IOException {
        assertEquals(List.of("The cells are separated by semicolons"), read(file(text)).remarks);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\nx;y,z\n", "a\n1;2\n3\n", "a,b;c\n1,2;3\n4,5\n", "a,b|c,d\n1,2,3\n", "a b\n1\t2\n", "a\n", "a|b,c,d\n1|2,3,4\n"})
    void commasAreTheDefault(String text) throws IOException {
        try (Table table = Table.open(file(text))) {
            assertEquals(List.of(), table.remarks());
        }
    }

    /** A row that is cut off where the sample ends does not count. */
    @Test
    void aLongTableShowsItToo() throws IOException {
        String row = "\"" + "x,".repeat(500) + "\";2\n";
        Read read = read(file("a;b\n" + row.repeat(200)));
        assertEquals(201, read.rows.size());
        assertEquals(List.of("a", "b"), read.names());
        assertEquals(List.of("a", "b"), read(file("a;b\n" + "y".repeat(100_000) + ";2\n")).names());
        String cut = "1|" + "z".repeat(10_000) + ";2\n"; // a bar is there, a semicolon no more
        assertEquals(List.of("a|b", "c"), read(file("a|b;c\n" + cut.repeat(20))).names());
    }

    @Test
    void aRowOfAnotherLengthIsAnErrorOfThatSeparator() throws IOException {
        TableFile file = file("a;b\n1;2\n3;4;5\n");
        assertBadData(() -> read(file), "line 3: expected 2 columns", "quotes around a cell with a semicolon");
        TableFile quoted = file("a;b\n\"1\"x;2\n");
        assertBadData(() -> read(quoted), "line 2: expected CSV, a semicolon or the end of the line after a quote");
    }

    @Test
    void whatIsSaidCounts() throws IOException {
        assertEquals(List.of("a;b"), read(file("a;b\n1;2\n").separator(',')).names());
        assertEquals(List.of(List.of("a", "b"), List.of("1", "2")), read(file("a:b\n1:2\n").separator(':')).rows);
        assertEquals(List.of(List.of("a", "b"), List.of("1", "2")), read(file("a b\n1 2\n").separator(' ')).rows);
        for (char wrong : new char[] {'a', '7', '"', '\n', '\r', 0, 'é', '\ud83d'}) {
            assertRefused(IllegalArgumentException.class, () -> TableFile.of(folder).separator(wrong), "no letter, digit, quote");
        }
    }

    // -------------------------------------------------------------------------------------------------- encodings

    private static final String WORDS = "Stadt,Größe\nKöln,1 €\nMünchen,„2“\n";

    static Stream<Charset> marked() {
        return Stream.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);
    }

    @ParameterizedTest
    @MethodSource("marked")
    void aMarkTellsTheEncoding(Charset encoding) throws IOException {
        List<List<String>> expected = read(file(WORDS)).rows;
        assertEquals("„2“", expected.get(2).get(1));
        Read read = read(file("\uFEFF" + WORDS, encoding));
        assertEquals(expected, read.rows);
        assertEquals(encoding == StandardCharsets.UTF_8 ? List.of()
                : List.of("The text is " + encoding + ", by its first bytes"), read.remarks);
        assertEquals(expected, read(file("\uFEFF" + WORDS, encoding).encoding(encoding)).rows, "the mark is no part of a name");
    }

    @Test
    void whatIsNoUtf8IsWindows1252() throws IOException {
        Read read = read(file(WORDS, WINDOWS_1252));
        assertEquals(read(file(WORDS)).rows, read.rows);
        assertEquals(List.of("The text is Windows-1252, as what is in line 1 is no UTF-8"), read.remarks);
        String late = "a,b\n" + "x,1\n".repeat(50_000) + "é,2\n" + "ü,3\n";
        Read far = read(file(late, WINDOWS_1252));
        assertEquals(List.of("é", "2"), far.rows.get(50_001));
        assertEquals(List.of("The text is Windows-1252, as what is in line 50002 is no UTF-8"), far.remarks);
        assertEquals(List.of("a", "é"), read(file("a,é\n1,2", WINDOWS_1252).encoding(StandardCharsets.ISO_8859_1)).names());
    }

    /** At each place of the buffer, and where the file ends. */
    @Test
    void aCharacterMayLieAnywhere() throws IOException {
        for (String character : List.of("é", "€", "😀")) {
            for (int before = (1 << 16) - 8; before <= 1 << 16; before++) {
                String cell = "x".repeat(before - 4) + character;
                assertEquals(cell, read(file("a,b\n" + cell + ",1")).rows.get(1).get(0), before + " bytes before");
            }
            String bytes = "a,b\n1,caf" + character;
            assertEquals("caf" + character, read(file(bytes)).rows.get(1).get(1));
        }
        assertEquals("caf\u00e9", read(file("a,b\n1,caf\u00e9", WINDOWS_1252)).rows.get(1).get(1));
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path path = folder.resolve("bytes.csv");
        Files.write(path, ("a,b\n1,é\n2,\u00e9" + "\n").getBytes(StandardCharsets.UTF_8));
        byte[] mixed = Files.readAllBytes(path);
        mixed[mixed.length - 2] = 'x'; // half of a character is left
        Files.write(path, mixed);
        assertBadData(() -> read(TableFile.of(path)), path.toString(), "expected text in UTF-8", "give its encoding");
        Files.write(path, "a,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE));
        assertBadData(() -> read(TableFile.of(path)), "a byte of 0", "UTF-16 without a mark");
        assertEquals(List.of("a", "b"), read(TableFile.of(path).encoding(StandardCharsets.UTF_16LE)).names());
        Files.write(path, new byte[] {'P', 'K', 3, 4, 1, 2});
        assertBadData(() -> read(TableFile.of(path)), "a zip archive", "damaged, cut off");
        Files.write(path, new byte[] {'P', 'A', 'R', '1', 1, 2});
        assertBadData(() -> read(TableFile.of(path)), "a Parquet file");
        Files.write(path, new byte[] {'a', ',', (byte) 0x81, '\n', '1', ',', '2'});
        assertBadData(() -> read(TableFile.of(path)), "expected text in windows-1252");
    }

    // -------------------------------------------------------------------------------------------------- names

    @ParameterizedTest
    @CsvSource(delimiter = '>', value = {"',b' > column1 b", "'a,b,' > a b column3", "'a, \" \"' > a column2", "'a,b,a' > a b a.2",
        "'a,a,a' > a a.2 a.3", "'a,a.2,a' > a a.2 a.3", "'a,a,a.2' > a a.3 a.2", "',column1' > column1.2 column1",
        "',,column1,column1' > column1.2 column2 column1 column1.3", "'a,A' > a A"})
    void eachColumnGetsANameOfItsOwn(String header, String expected) throws IOException {
        String[] names = expected.split(" ");
        Read read = read(file(header + "\n" + ",".repeat(names.length - 1) + "\n"));
        assertEquals(List.of(names), read.names());
    }

    @Test
    void newNamesAreTold() throws IOException {
        assertEquals(List.of("2 columns have no name or that of another, and got one: \"column1\", \"b.2\""),
                read(file(",b,b\n1,2,3\n")).remarks);
        String many = "a" + ",a".repeat(50_000);
        Read read = read(file(many + "\n" + ",".repeat(50_000) + "\n"));
        assertEquals("a.50001", read.names().get(50_000));
        assertTrue(read.remarks.get(0).endsWith(" and 49950 more"), read.remarks.get(0).substring(0, 100));
    }

    /** As R and pandas write them by default. */
    @ParameterizedTest
    @CsvSource({"'', 1, 40, true", "'', 7, 40, true", "Unnamed: 0, 1, 40, true", "Unnamed: 0, 7, 40, true", "'', 7, 39, false",
        "amount, 7, 40, false"})
    void aColumnWithoutANameThatNumbersTheRowsIsLeftOut(String name, int step, int different, boolean counts) throws IOException {
        StringBuilder text = new StringBuilder("\"" + name + "\",\"x\",\"y\"\n");
        for (int row = 0; row < 40; row++) {
            int index = row * step % 40 % different;
            text.append('"').append(index).append("\",").append(row * row % 11).append(',').append(row % 3 == 0 ? "a" : "b").append('\n');
        }
        TableSchema schema = TableSchema.infer(file(text.toString()), "y", new TableOptions());
        TableColumn first = schema.columns().get(0);
        String given = name.isEmpty() ? "column1" : name;
        assertEquals(given, first.name());
        assertEquals(counts, first instanceof IgnoredColumn, first.toString());
        assertEquals(counts, first.note().startsWith("it has no name and numbers the rows, as an index does: `types "), first.note());
        TableSchema kept = TableSchema.infer(file(text.toString()), "y", new TableOptions().types(Map.of(given, TableColumn.Type.NUMERIC)));
        assertEquals(TableColumn.Type.NUMERIC, kept.columns().get(0).type());
    }

    // ------------------------------------------------------------------------------------------------ everywhere
}

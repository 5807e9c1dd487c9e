package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static beras.data.table.ReaderRows.cells;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.files.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that are no CSV, and tables that are no file. */
@Tag("data")
class TableKindsTest {

    private static final String JSON = "The rows are JSON objects";
    private static final List<List<String>> CITIES = List.of(List.of("city", "age"), List.of("Rome", "3"), List.of("", "4.5"));

    @TempDir
    Path folder;

    private TableFile file(String text) throws IOException {
        return file("table", text);
    }

    private TableFile file(String name, String text) throws IOException {
        return TableFile.of(Files.writeString(folder.resolve(name), text));
    }

    // ------------------------------------------------------------------------------------------------- JSON lines

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"city\": \"Rome\", \"age\": 3}\n{\"city\": null, \"age\": 4.5}\n",
        "{\"city\":\"Rome\",\"age\":3}\r\n\r\n{\"age\":4.5}",
        "\uFEFF {\"city\": \"Rome\", \"age\": \"3\"} {\"city\": \"\", \"age\": \" 4.5 \"}",
        "{\n  \"city\": \"Rome\",\n  \"age\": 3\n}\n{\n  \"age\": 4.5\n}\n",
        "[{\"city\": \"Rome\", \"age\": 3}, {\"age\": 4.5}]",
        "[\n  {\n\"city\" : \"R\\u006fme\" , \"age\" : 3 }\n,{\"age\":4.5}\n]\n"})
    void objectsAreRows(String text) throws IOException {
        assertEquals(CITIES, cells(file(text), JSON));
    }

    @Test
    void valuesAreCellsAsTheyStand() throws IOException {
        assertEquals(List.of(List.of("a", "b"), List.of("true", "-1.5e3"), List.of("NaN", "[1,{\"x\":\"]\\\"\"}]"),
                List.of("\" \\ / \b \f \n \r \t é €", "{}")), cells(file("{\"a\": true, \"b\": -1.5e3}\n"
                        + "{\"a\": NaN, \"b\": [1, {\"x\": \"]\\\"\"}]}\n"
                        + "{\"a\": \"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9 €\", \"b\": {}}"), JSON).stream()
                .map(row -> row.stream().map(String::strip).toList()).toList());
    }

    @Test
    void theFirstThousandRowsNameTheColumns() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int row = 1; row <= 999; row++) {
            text.append("{\"x\": ").append(row).append("}\n");
        }
        text.append("{\"late\": 7, \"x\": 1000}\n");
        List<List<String>> rows = cells(file(text.toString()), JSON);
        assertEquals(List.of("x", "late"), rows.get(0));
        assertEquals(List.of("1", ""), rows.get(1));
        assertEquals(List.of("1000", "7"), rows.get(1000));
        text.append("{\"x\": 1001, \"later\": 8}\n");
        rows = cells(file(text.toString()), JSON, "1 value has a key that none of the first 1000 rows has, and is ignored: \"later\""
                + " in line 1001");
        assertEquals(List.of("1001", ""), rows.get(1001));
        cells(file(text.append("\n{\"x\": 1002, \"latest\": 8, \"later\": []}\n").toString()), JSON,
                "3 values have keys that none of the first 1000 rows has, and are ignored: the first is \"later\" in line 1001");
    }

    @Test
    void keysThatAreNoNamesGetOne() throws IOException {
        assertEquals(List.of(List.of("column1", "a", "a.2"), List.of("1", "2", "3")), cells(file("{\"\": 1, \"a\": 2, \" a\": 3}"), JSON,
                "2 columns have no name or that of another, and got one: \"column1\", \"a.2\""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"a\": 1}~{\"a\" 1}             | line 2: EXPECTED",
        "{\"a\": 1}~{\"a\": }             | line 2: EXPECTED",
        "{\"a\": 1}~~{\"a\": 1 \"b\": 2}  | line 3: EXPECTED",
        "{\"a\": 1}~{a: 1}                | line 2: EXPECTEDmalformed JSON",
        "{\"a\": 1}~{\"a\": 1,}           | line 2: EXPECTED",
        "{\"a\": 1}~{\"a\": \"x           | line 2: EXPECTED",
        "{\"a\": \"\\x\"}                 | line 1: EXPECTED",
        "{\"a\": \"\\u12g4\"}             | line 1: EXPECTED",
        "{\"a\": 1}~{\"a\": 1             | line 2: EXPECTEDthe end of the file",
        "{\"a\": 1}~{\"a\": [1, {}~~      | EXPECTEDthe end of the file",
        "{\"a\": 1}~1                     | line 2: EXPECTED",
        "{\"a\": 1},~{\"a\": 1}           | line 1: EXPECTED",
        "[{\"a\": 1}~{\"a\": 1}]          | line 2: EXPECTED",
        "[{\"a\": 1},~                    | line 2: EXPECTEDthe end of the file",
        "[{\"a\": 1},]                    | line 1: EXPECTED",
        "[{\"a\": 1}                      | EXPECTEDthe end of the file",
        "[{\"a\": 1}]~[]                  | line 2: expected JSON, nothing after the array of objects. Received: more",
        "{\"a\": 1}~{\"a\": 1,~\"a\": 2}  | line 3: expected each key once in an object. Received twice: \"a\"",
        "{}~{}                            | expected JSON objects with keys, which name the columns. Received: objects without",
        "[{                               | line 1: EXPECTEDthe end of the file"})
    void whatIsNoJsonIsRefusedWithItsLine(String text, String message) throws IOException {
        TableFile file = file(text.replace('~', '\n'));
        assertBadData(() -> cells(file, JSON), file + ": ", message.replace("EXPECTED", "expected JSON, an object for each row, such as"
                + " {\"size\": 2.5, \"colour\": \"red\"}. Received: "));
    }

    @Test
    void theNameTellsJsonToo() throws IOException {
        for (String name : new String[] {"t.jsonl", "t.NDJSON", "t.jsonl.gz"}) {
            TableFile file = file(name, "a,b\n1,2\n");
            assertBadData(() -> Table.open(file), "line 1: expected JSON, an object for each row", "Received: malformed JSON");
        }
        TableFile empty = file("t.jsonl", "\n");
        assertBadData(() -> Table.open(empty), "an empty file");
        assertEquals(List.of(List.of("[ ]"), List.of("1")), cells(file("[ ]\n1\n")), "as of SQL Server");
        TableFile none = file("[ ]");
        assertBadData(() -> cells(none), "expected rows");
    }

    @Test
    void errorsInCellsHaveTheirLine() throws IOException {
        TableFile file = file("{\"x\": 1,\n \"y\": 2.5}\n{\"x\": 2,\n\n \"y\": \"cheap\"}\n{\"x\": 3}\n{\"y\": 3.25}");
        assertBadData(() -> TableSchema.infer(file, "y", new TableOptions().task(TableTarget.Task.REGRESSION)),
                "line 3, column 2 (y): expected a finite number", "\"cheap\"");
        try (Table table = Table.open(file)) {
            for (long line : new long[] {1, 3, 6, 7}) {
                assertTrue(table.next());
                assertEquals(line, table.line());
            }
        }
    }

    @Test
    void aSeparatorIsNoneOfJson() throws IOException {
        TableFile json = file("{\"a\": 1}").separator(';');
        assertBadData(() -> Table.open(json), "expected cells with a semicolon between them, as given. Received: JSON objects");
    }

    @Test
    void jsonMayHaveAnyEncoding() throws IOException {
        String text = "{\"Größe\": \"Köln\"}\n";
        TableFile utf16 = TableFile.of(Files.write(folder.resolve("wide"), ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE)));
        assertEquals(List.of(List.of("Größe"), List.of("Köln")), cells(utf16, JSON, "The text is UTF-16LE, by its first bytes"));
        TableFile latin = TableFile.of(Files.write(folder.resolve("latin"), text.getBytes(Charset.forName("windows-1252"))));
        assertEquals("Köln", cells(latin, JSON, "The text is Windows-1252, as what is in line 1 is no UTF-8").get(1).get(0));
        assertEquals("Köln", cells(TableFile.of(Files.write(folder.resolve("packed"), TableTest.gzip(text))), JSON).get(1).get(0));
    }

    @Test
    void anObjectOfEndlessLengthIsRefused() throws IOException {
        TableFile file = file("{\"a\": 1}\n{\"a\": \"" + "x".repeat(17_000_000) + "\"}");
        assertBadData(() -> cells(file), "line 2: expected JSON", "Received: a row of more than 16777216 characters");
        TableFile many = file(("{\"a\": \"" + "x".repeat(10_000) + "\"}\n").repeat(2000));
        assertEquals(2001, cells(many, JSON).size());
    }

    @Test
    void arffIsRefusedWithTheKindsThatAreRead() throws IOException {
        assertBadData(() -> Table.open(file("@RELATION r\n")), "Received: ARFF", "Save the table as CSV");
    }

    // ---------------------------------------------------------------------------------------------------- encoding

    @ParameterizedTest
    @ValueSource(ints = {3, 700, 100_000})
    void bytesThatAreNoTextAreInTheirVeryLine(int line) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 1; i < line; i++) {
            bytes.writeBytes((i == 1 ? "a,b" : "1,é").getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes((i % 3 == 0 ? "\r\n" : i % 3 == 1 ? "\n" : "\r").getBytes(StandardCharsets.UTF_8));
        }
        bytes.writeBytes(new byte[] {'2', ',', (byte) 0xe9, '\n'});
        TableFile file = TableFile.of(Files.write(folder.resolve("table.csv"), bytes.toByteArray()));
        String place = "line " + line + ": expected text in UTF-8. Received: bytes that are not, e9. Save the file as UTF-8";
        assertBadData(() -> cells(file.encoding(StandardCharsets.UTF_8)), file + ": " + place);
        if (line > 3) {
            assertBadData(() -> cells(file), file + ": " + place);
        }
    }

    @Test
    void aByteOfZeroIsInItsVeryLine() throws IOException {
        TableFile file = file("a,b\n1,2\n1,\0\n");
        assertBadData(() -> cells(file), file + ": line 3: expected text. Received: a byte of 0");
    }

    @Test
    void aStatefulEncodingIsDecoded() throws IOException {
        Charset japanese = Charset.forName("ISO-2022-JP");
        TableFile file = TableFile.of(Files.write(folder.resolve("table.csv"), "名前,b\n東京,1\n".getBytes(japanese))).encoding(japanese);
        assertEquals(List.of(List.of("名前", "b"), List.of("東京", "1")), cells(file));
    }

    // ---------------------------------------------------------------------------------------------------- streams

    /** A pipe whose writer is slow: one byte comes at a time, and none more is there. */
    private static InputStream pipe(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {

            @Override
            public synchronized int read(byte[] out, int from, int length) {
                return super.read(out, from, Math.min(length, 1));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
    }

    @Test
    void aStreamIsReadOnce() throws IOException {
        byte[] plain = "city,age\nRome,3\n,4.5\n".getBytes(StandardCharsets.UTF_8);
        for (byte[] bytes : new byte[][] {plain, TableTest.gzip(new String(plain, StandardCharsets.UTF_8))}) {
            TableFile stream = TableFile.of(pipe(bytes), "rows");
            assertFalse(stream.isRereadable());
            assertEquals(CITIES, cells(stream.separator(',')));
            assertBadData(() -> cells(stream), "rows: a stream can be read once, and was");
            assertRefused(IllegalStateException.class, stream::path, "rows is a stream");
        }
        assertBadData(() -> cells(TableFile.of(pipe("a,b\n1\n".getBytes(StandardCharsets.UTF_8)), "rows")), "rows: line 2: expected 2");
    }

    /** As gzip makes when it appends. */
    @Test
    void allPartsOfGzipAreReadHoweverSlowTheyCome() throws IOException {
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        parts.writeBytes(TableTest.gzip("city,age\nRome,3\n"));
        parts.writeBytes(TableTest.gzip(",4.5\n"));
        assertEquals(CITIES, cells(TableFile.of(pipe(parts.toByteArray()), "rows")));
    }

    @Test
    void aCopyOfAStreamIsReadAgain() throws IOException {
        TableFile copy = TableFile.of(pipe("city;age\nRome;3\n;4.5\n".getBytes(StandardCharsets.UTF_8)), "rows").separator(';')
                .rereadable();
        assertTrue(copy.isRereadable());
        assertEquals("rows", copy.toString());
        for (int i = 0; i < 2; i++) {
            assertEquals(CITIES, cells(copy, "The cells are separated by semicolons"));
        }
        assertEquals(copy, copy.rereadable());
        byte[] text = "city;age\nRome;3\n;4.5\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(TableFile.of(Files.write(folder.resolve("text"), text)).sha256(), copy.sha256());
        assertRefused(IllegalStateException.class, copy::path, "rows is a stream");
        copy.keepRows().requireUnchanged();
        TableFile broken = TableFile.of(new InputStream() {

            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        }, "rows");
        assertBadData(broken::rereadable, "rows: expected room for a copy in ", "Received: gone");
    }

    /** Copies a large table from its standard input, reads it twice, says that all is well, and waits to be killed. */
    static final class Copier {

        public static void main(String[] args) throws IOException {
            TableFile copy = TableFile.of(System.in, "rows").rereadable();
            boolean whole = cells(copy).size() == ROWS + 1 && cells(copy).size() == ROWS + 1
                    && copy.sha256().equals(Sha256.of(List.of(Path.of(args[0]))));
            System.out.println(whole ? "yes" : "no");
            while (true) {
                LockSupport.park();
            }
        }
    }

    private static final int ROWS = 400_000;

    /** A name would let others open it, and stay after a kill. */
    @Test
    void aLargeCopyOfAStreamIsInATemporaryFileWithoutAName() throws Exception {
        Path table = Files.writeString(folder.resolve("table"), "city,age\n" + "Rome,3\n".repeat(ROWS));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"), Copier.class.getName(),
                table.toString()).redirectInput(table.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            assertEquals('y', process.getInputStream().read());
            try (Stream<Path> files = Files.list(temporary)) {
                assertEquals(List.of(), files.toList());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    // ------------------------------------------------------------------------------------------------------ everywhere

    /** In text 1.234 is a thousand then, but JSON has numbers of its own. */
    @Test
    void aNumberOfJsonHasAPointThoughTheModelReadsCommas() throws IOException {
        for (String target : List.of("y", "x")) {
            TableSchema schema = TableSchema.infer(file("x;y\n0,5;1\n1.234;2,5\n7;1,5\n"), target,
                    new TableOptions().task(TableTarget.Task.REGRESSION));
            float[] numbers = examples(file("{\"x\": 1.234, \"y\": 1.5}\n"), schema);
            assertArrayEquals(examples(file("x;y\n1,234;1,5\n"), schema), numbers);
            assertArrayEquals(examples(file("{\"x\": \"1,234\", \"y\": \"1,5\"}\n"), schema), numbers);
            assertArrayEquals(examples(file("x;y\n1.234;1,5\n"), schema),
                    examples(file("{\"x\": \"1.234\", \"y\": 1.5}\n"), schema));
        }
    }

    @Test
    void numbersOfJsonAreLearntAsSuchAmongTexts() throws IOException {
        TableSchema schema = TableSchema.infer(file("{\"x\": 1.234, \"y\": \"a\"}\n{\"x\": \"2,5\", \"y\": \"b\"}\n"), "y",
                new TableOptions());
        NumericColumn x = assertInstanceOf(NumericColumn.class, schema.columns().get(0));
        assertTrue(x.decimalComma());
        assertEquals((1.234 + 2.5) / 2, x.center(), 1e-9);
    }

    /** The features of the first row, and its target. */
    private static float[] examples(TableFile file, TableSchema schema) throws DataException {
        float[] row = new float[schema.width() + 1];
        try (TableReader reader = TableReader.open(file, schema, any -> true)) {
            assertTrue(reader.next(row, 0));
            row[schema.width()] = reader.target();
        }
        return row;
    }

    // -------------------------------------------------------------------------------------------------- names

    @Test
    void namesMayHoldAnything() {
        assertEquals(List.of("id", "size, cm", "a=b", "say \"x\""), NamedValues.names(" id ,\"size, cm\", a=b , \"say \"\"x\"\"\" "));
        for (String wrong : new String[] {"", "a,", ",a", "\"a\"b", "\"\"", "a,,b"}) {
            assertRefused(IllegalArgumentException.class, () -> NamedValues.names(wrong), "expected names with commas between them");
        }
        assertRefused(IllegalArgumentException.class, () -> NamedValues.names("\"a"), "a second quote");
        assertRefused(IllegalArgumentException.class, () -> NamedValues.names("a,b,\"a\""), "Received twice: a");
    }

    /** 1e300 is finite, and yet no number of a net. */
    @Test
    void aNumberThatIsTooLargeIsCalledSo() throws IOException {
        TableFile file = file("x,y\n1,2\n2,3.5\n3,1e300\n");
        String expected = "expected a number of at most 3.4e38, as 32-bit floats are";
        assertBadData(() -> TableSchema.infer(file, "y", new TableOptions()), "line 4, column 2 (y): " + expected);
        TableSchema schema = TableSchema.infer(file("x,y\n1,2\n2,3.5\n3,1\n"), "y", new TableOptions().task(TableTarget.Task.REGRESSION).bins(1));
        TableFile targets = file("x,y\n1,-1e39\n");
        assertBadData(() -> TableReader.open(targets, schema, row -> true).next(new float[1], 0), "line 2, column 2 (y): " + expected);
        TableFile cells = file("x,y\n1e39,2\n");
        assertBadData(() -> TableReader.open(cells, schema, row -> true).strict().next(new float[1], 0), "column 1 (x): " + expected);
        assertRefused(IllegalArgumentException.class, () -> new TablePreprocessor(schema).encode(List.of(1e300)), "\"x\": " + expected);
        TableFile words = file("x,y\ninf,2\n");
        assertBadData(() -> TableReader.open(words, schema, row -> true).strict().next(new float[1], 0), "expected a finite number");
    }
}

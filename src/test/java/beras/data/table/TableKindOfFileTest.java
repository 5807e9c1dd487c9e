package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static beras.data.table.ReaderRows.cells;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zip archives, workbooks and Parquet files: each has the cells that its CSV has, or is refused with what to do. */
@Tag("data")
class TableKindOfFileTest {

    private static final Path TABLES = Path.of("src/test/resources/tables");
    private static final Path PENGUINS = Path.of("data/penguins.csv");
    private static final String CSV = "city,age\nRome,3\n,4.5\n";
    private static final List<List<String>> CITIES = List.of(List.of("city", "age"), List.of("Rome", "3"), List.of("", "4.5"));

    @TempDir
    private Path folder;

    private static List<List<String>> columns(List<List<String>> rows) {
        return IntStream.range(0, rows.get(0).size()).mapToObj(i -> rows.stream().map(row -> row.get(i)).toList()).toList();
    }

    private TableFile file(String name, byte[] bytes) throws IOException {
        return TableFile.of(Files.write(folder.resolve(name), bytes));
    }

    // --------------------------------------------------------------------------------------------- zip archives

    private static byte[] zip(String... namesAndTexts) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            entries.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return Workbooks.zip(entries);
    }

    @ParameterizedTest
    @CsvSource({"rows.csv, 'city,age\nRome,3\n,4.5\n'", "a/b.tsv, 'city\tage\nRome\t3\n\t4.5\n'",
        "rows.jsonl, '{\"city\": \"Rome\", \"age\": 3}\n{\"age\": 4.5}\n'", "data, 'city,age\nRome,3\n,4.5\n'"})
    void theDataFileOfAZipArchiveIsRead(String name, String text) throws IOException {
        byte[] archive = zip("a/", "", "__MACOSX/._rows.csv", "x", ".DS_Store", "y", name, text);
        TableFile file = file("rows.zip", archive);
        List<String> remarks = new ArrayList<>();
        try (Table table = Table.open(file)) {
            remarks.addAll(table.remarks());
        }
        assertTrue(remarks.contains("The table is \"" + name + "\" of a zip archive"), remarks::toString);
        assertEquals(CITIES, cells(file, remarks.toArray(new String[0])));
        TableFile stream = TableFile.of(new ByteArrayInputStream(archive), "stream");
        assertEquals(CITIES, cells(stream, remarks.toArray(new String[0])));
    }

    @Test
    void aNoteBesideTheDataFileDoesNotHinder() throws IOException {
        assertEquals(CITIES, cells(file("rows.zip", zip("LICENSE", "free", "rows.csv", CSV)), "The table is \"rows.csv\" of a zip archive"));
    }

    @Test
    void packedFilesMayBeWithinEachOther() throws IOException {
        Map<String, byte[]> gzipInZip = Map.of("rows.csv.gz", TableTest.gzip(CSV));
        assertEquals(CITIES, cells(file("rows.zip", Workbooks.zipOf(gzipInZip)), "The table is \"rows.csv.gz\" of a zip archive"));
        Map<String, byte[]> parquetInZip = Map.of("p.parquet", Files.readAllBytes(TABLES.resolve("penguins.parquet")));
        assertEquals(345, cells(file("p.zip", Workbooks.zipOf(parquetInZip)), "The table is \"p.parquet\" of a zip archive",
                "The file is Parquet").size());
        Map<String, byte[]> bookInZip = Map.of("p.xlsx", Files.readAllBytes(TABLES.resolve("penguins.xlsx")));
        assertEquals(345, cells(file("x.zip", Workbooks.zipOf(bookInZip)), "The table is \"p.xlsx\" of a zip archive").size());
    }

    @Test
    void anErrorSaysWhichEntryItIsIn() throws IOException {
        TableFile file = file("rows.zip", zip("rows.csv", "a,b\n1\n"));
        assertBadData(() -> cells(file), file + ": rows.csv: line 2: expected 2 columns");
    }

    @Test
    void anArchiveWithoutOneDataFileIsRefused() throws IOException {
        TableFile two = file("two.zip", zip("a.csv", CSV, "b.csv", CSV));
        assertBadData(() -> cells(two), two + ": expected a zip archive with one data file", "2: \"a.csv\", \"b.csv\"", "Unpack");
        TableFile none = file("none.zip", zip("a/", ""));
        assertBadData(() -> cells(none), "expected a zip archive with one data file", "Received: none");
        TableFile within = file("within.zip", Workbooks.zipOf(Map.of("rows.zip", zip("rows.csv", CSV))));
        assertBadData(() -> cells(within), "Received: the archive \"rows.zip\"");
        TableFile empty = file("empty.zip", Workbooks.zip(Map.of()));
        assertBadData(() -> cells(empty), "expected a zip archive with one data file", "Received: none");
    }

    @Test
    void aDamagedArchiveIsRefused() throws IOException {
        byte[] archive = zip("rows.csv", CSV.repeat(50));
        for (int length = 4; length < archive.length; length += 7) {
            TableFile cut = file("cut.zip", Arrays.copyOf(archive, length));
            assertBadData(() -> cells(cut), cut.toString());
        }
        byte[] changed = archive.clone();
        int checksum = archive.length - 22 - "rows.csv".length() - 46 + 16; // in the directory
        changed[checksum]++;
        TableFile other = file("other.zip", changed);
        assertBadData(() -> cells(other), "the zip data is damaged (its checksum is another)");
    }

    // ------------------------------------------------------------------------------------------------ workbooks

    @Test
    void aWorkbookHasTheCellsOfItsCsv() throws IOException {
        assertEquals(cells(TableFile.of(PENGUINS)), cells(TableFile.of(TABLES.resolve("penguins.xlsx"))));
        TableFile stream = TableFile.of(Files.newInputStream(TABLES.resolve("penguins.xlsx")), "stream");
        assertEquals(cells(TableFile.of(PENGUINS)), cells(stream));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kinds.xlsx", "kinds-1904.xlsx"})
    void valuesOfAWorkbookAreWrittenAsInCsv(String name) throws IOException {
        String remark = "The table is the sheet \"\u00c4rzte & Co\" of the workbook, which has the sheets \"notes\", \"\u00c4rzte & Co\","
                + " \"second\" (`sheet` takes another)";
        List<List<String>> cells = cells(TableFile.of(TABLES.resolve(name)), remark);
        assertEquals(List.of("day", "moment", "clock", "share", "yes", "text", "error", "spent"), cells.get(0));
        assertEquals(List.of("2024-01-31", "2024-01-31 12:30:00", "07:05:00", "0.3", "TRUE", "a \"quoted\", text\nof two lines", "",
                "1.5"), cells.get(1));
        assertEquals(List.of("1999-12-31", "1999-12-31 23:59:59.5", "00:00:01", "1e-07", "FALSE", "spaces", "", "0.0625"), cells.get(2));
        assertEquals(List.of("", "", "", "1.234567890123457e+19", "", "007", "", ""), cells.get(3));
        assertEquals(4, cells.size());
    }

    @Test
    void anotherSheetIsReadIfItIsNamed() throws IOException {
        TableFile book = TableFile.of(TABLES.resolve("kinds.xlsx"));
        assertEquals(List.of(List.of("no", "table")), columnsOf(book.sheet("notes")));
        assertBadData(() -> cells(book.sheet("Second")), book + ": expected a workbook with the sheet \"Second\"",
                "Received the sheets: \"notes\", ", "`sheet`");
        assertBadData(() -> cells(TableFile.of(PENGUINS).sheet("x")), "expected a workbook (.xlsx) with the sheet \"x\"",
                "Leave the sheet out");
    }

    private static List<List<String>> columnsOf(TableFile file) throws DataException {
        try (Table table = Table.open(file)) {
            return List.of(table.columns());
        }
    }

    private static final String NAMES = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>u</t></is></c>"
            + "<c r=\"B1\" t=\"str\"><v>v</v></c></row>";

    private List<List<String>> rows(String rows) throws IOException {
        return cells(file("t.xlsx", Workbooks.of(rows)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"<c t=\"s\"><v>0</v></c>|a", "<c t=\"s\"><v>1</v></c>|b c", "<c><v>0.10000000000000001</v></c>|0.1",
        "<c><v>1E+2</v></c>|100", "<c><v>5</v></c>|5", "<c><v>-0.50</v></c>|-0.5", "<c s=\"1\"><v>45322</v></c>|2024-01-31",
        "<c s=\"2\"><v>45322.520833333336</v></c>|2024-01-31 12:30:00", "<c s=\"2\"><v>45322</v></c>|2024-01-31 00:00:00",
        "<c s=\"3\"><v>45322.25</v></c>|2024-01-31 06:00:00", "<c s=\"3\"><v>1</v></c>|1900-01-01", "<c s=\"3\"><v>61</v></c>|1900-03-01",
        "<c s=\"3\"><v>-1</v></c>|-1", "<c s=\"3\"><v>2958466</v></c>|2958466", "<c s=\"4\"><v>1.5</v></c>|1.5",
        "<c t=\"b\"><v>1</v></c>|TRUE", "<c t=\"d\"><v>2024-01-31</v></c>|2024-01-31", "<c t=\"e\"><v>#NAME?</v></c>|''",
        "<c><f>SUM(<!-- x -->A1)</f><v>7</v></c>|7", "<c s=\"9\"><v>7</v></c>|7", "<c t=\"s\"><v/></c>|''",
        "<c t=\"str\"><v><![CDATA[<x>]]>&amp;&#65;</v></c>|<x>&A"})
    void eachKindOfCellIsRead(String cell, String expected) throws IOException {
        List<List<String>> rows = rows(NAMES + "<row>" + cell + "<c r=\"B2\"><v>9</v></c></row>");
        assertEquals(List.of(List.of("u", "v"), List.of(expected, "9")), rows);
    }

    @Test
    void escapedCharactersAreRead() throws IOException {
        assertEquals("x\ry", rows(NAMES + "<row><c t=\"s\"><v>2</v></c></row>").get(1).get(0));
    }

    /** As .NET writes them. */
    @Test
    void aMarkBeforeAPartAndPrefixesOfElementsDoNotMatter() throws IOException {
        Map<String, String> parts = Workbooks.parts("");
        parts.replaceAll((name, text) -> "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?>" + text);
        parts.put("xl/worksheets/sheet1.xml", "<x:worksheet xmlns:x=\"y\"><x:sheetData><x:row><x:c t=\"s\"><x:v>0</x:v></x:c></x:row>"
                + "<x:row><x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>");
        assertEquals(List.of(List.of("a"), List.of("5")), cells(file("marked.xlsx", Workbooks.zip(parts))));
    }

    @Test
    void aTableMayBeginAnywhereAndHaveGaps() throws IOException {
        String rows = "<row r=\"4\" spans=\"1:9\"><c r=\"A4\" s=\"1\"/><c r=\"C4\" t=\"str\"><v>a</v></c>"
                + "<c r=\"D4\" t=\"str\"><v>b</v></c><c r=\"E4\" t=\"str\"><v>c</v></c></row>"
                + "<row r=\"5\"><c r=\"A5\"/></row><row r=\"9\"><c r=\"D9\"><v>3</v></c></row><row r=\"10\"/>";
        List<List<String>> read = rows(rows);
        assertEquals(List.of("a", "b", "c"), read.get(0));
        assertEquals(List.of("", "3", ""), read.get(1));
        assertEquals(2, read.size());
        try (Table table = Table.open(TableFile.of(folder.resolve("t.xlsx")))) {
            table.next();
            assertEquals(9, table.line());
        }
    }

    @Test
    void aCellBeyondTheColumnsIsRefused() throws IOException {
        StringBuilder rows = new StringBuilder(NAMES);
        for (int i = 2; i <= 100; i++) {
            rows.append("<row r=\"").append(i).append("\"><c r=\"A").append(i).append("\"><v>1</v></c></row>");
        }
        String more = rows + "<row r=\"101\"><c r=\"AB101\"><v>1</v></c></row>";
        assertBadData(() -> rows(more), "t.xlsx: row 101: expected cells in the columns A to B", "Received: one in AB");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"<row><c t=\"s\"><v>3</v></c></row>|expected the number of one of 3 texts. Received: \"3\"",
        "<row><c><v>x</v></c></row>|row 2: expected a number in a cell of numbers. Received: \"x\"",
        "<row r=\"1\"/>|expected a row of a number from 2 to 1048576. Received: \"1\"",
        "<row r=\"2000000\"/>|Received: \"2000000\"", "<row><c r=\"XFE2\"/></row>|up to XFD. Received: \"XFE2\"",
        "<row><c r=\"B2\"/><c r=\"A2\"/></row>|expected a cell in a column after the one before",
        "<row><c><v><b/></v></c></row>|another element in it", "<row><c></row>|is XML. Received: ", "<row>&x;</row>|is XML. Received: "})
    void aDamagedSheetIsRefused(String row, String fact) {
        assertBadData(() -> rows(NAMES + row), "t.xlsx: ", fact);
    }

    /** Neither files nor memory of this machine are open to who writes a workbook. */
    @Test
    void aHostileWorkbookIsRefused() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        Map<String, String> parts = Workbooks.parts("");
        String rows = "<worksheet><sheetData>" + NAMES + "<row><c t=\"str\"><v>&x;</v></c></row></sheetData></worksheet>";
        for (String entity : List.of("<!ENTITY x SYSTEM \"" + secret.toUri() + "\">", "<!ENTITY a \"aaaaaaaaaa\"><!ENTITY x \"&a;&a;&a;\">")) {
            parts.put("xl/worksheets/sheet1.xml", "<!DOCTYPE worksheet [" + entity + "]>" + rows);
            TableFile file = file("entity.xlsx", Workbooks.zip(parts));
            assertBadData(() -> cells(file), "xl/worksheets/sheet1.xml");
        }
        assertBadData(() -> rows(NAMES + "<a>".repeat(1000) + "</a>".repeat(1000)), "is XML. Received: ");
        assertBadData(() -> rows(NAMES + "<row a=\"" + "x".repeat(20_000_000) + "\"/>"), "200 times their size");
        parts = Workbooks.parts(NAMES);
        parts.remove("xl/worksheets/sheet1.xml");
        TableFile file = file("part.xlsx", Workbooks.zip(parts));
        assertBadData(() -> cells(file), "expected a workbook with a part \"xl/worksheets/sheet1.xml\"");
    }

    /** Also of a part whose table ends long before the part. */
    @ParameterizedTest
    @ValueSource(strings = {"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/styles.xml",
        "xl/sharedStrings.xml"})
    void aPartOfAnotherChecksumIsRefused(String part) throws IOException {
        Map<String, String> parts = Workbooks.parts(NAMES + "<row><c t=\"s\"><v>0</v></c></row>".repeat(200));
        parts.computeIfPresent("xl/worksheets/sheet1.xml", (name, xml) -> xml + "<!--" + " ".repeat(100_000) + "-->");
        byte[] book = Workbooks.zip(parts);
        assertEquals(201, cells(file("good.xlsx", book)).size());
        String text = new String(book, StandardCharsets.ISO_8859_1);
        book[text.lastIndexOf(part) - 46 + 16]++; // in the directory
        TableFile bad = file("bad.xlsx", book);
        assertBadData(() -> cells(bad), "the part " + part + " of the workbook is damaged (its checksum is another)");
    }

    @Test
    void aSheetOfFarMoreEmptyCellsThanBytesIsRefused() {
        StringBuilder rows = new StringBuilder("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>1</v></c></row>");
        for (int i = 2; i <= 10_000; i++) {
            rows.append("<row r=\"").append(i).append("\"><c r=\"A").append(i).append("\"><v>1</v></c></row>");
        }
        assertBadData(() -> rows(rows.toString()), "t.xlsx: row ", ": expected at most ", " cells, empty ones included",
                "Received: more, as each row has the 16384 columns A to XFD");
    }

    @Test
    void workbooksInOtherFormatsAreRefused() throws IOException {
        TableFile old = file("old.xls", new byte[] {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0, 0, 0});
        assertBadData(() -> cells(old), "the format of Excel 97, or one with a password", "as .xlsx");
        TableFile binary = file("b.xlsb", zip("[Content_Types].xml", "", "xl/workbook.bin", ""));
        assertBadData(() -> cells(binary), "Received: one of .xlsb. Save it as .xlsx");
        TableFile open = file("o.ods", zip("mimetype", "", "content.xml", ""));
        assertBadData(() -> cells(open), "Received: one of OpenDocument");
        TableFile book = TableFile.of(TABLES.resolve("penguins.xlsx")).separator(';');
        assertBadData(() -> cells(book), "Received: a workbook. Leave the separator out");
    }

    // -------------------------------------------------------------------------------------------------- Parquet

    static Stream<Path> parquetFiles() throws IOException {
        try (Stream<Path> files = Files.list(TABLES)) {
            return files.filter(file -> file.getFileName().toString().matches("types-.*\\.parquet")).sorted().toList().stream();
        }
    }

    /** The CSV was written by DuckDB, too. */
    @ParameterizedTest
    @MethodSource("parquetFiles")
    void eachCompressionHasTheCellsOfItsCsv(Path parquet) throws IOException {
        if (parquet.toString().contains("-v2")) {
            assertBadData(() -> cells(TableFile.of(parquet)), parquet.toString().contains("lz4") ? "Received: LZ4_RAW. Write the file"
                    : "Received: DELTA_BINARY_PACKED. Write the file again in version 1 of the format");
            return;
        }
        Map<String, List<String>> expected = new LinkedHashMap<>();
        for (List<String> column : columns(cells(TableFile.of(TABLES.resolve("types.csv"))))) {
            expected.put(column.get(0), column);
        }
        assertEquals(20, expected.size());
        String[] remarks = {"The file is Parquet", "1 column is a list or map, and is ignored: \"list\""};
        List<List<String>> read = cells(TableFile.of(parquet), remarks);
        assertEquals(read, cells(TableFile.of(Files.newInputStream(parquet), "stream"), remarks));
        for (List<String> column : columns(read)) {
            String name = column.get(0);
            List<String> there = name.equals("zoned") ? column.stream().map(cell -> cell.replace("+00:00", "+00")).toList() : column;
            assertEquals(expected.remove(name), there, name);
        }
        assertEquals(Map.of(), expected);
    }

    @Test
    void allRowGroupsAreRead() throws IOException {
        List<List<String>> rows = cells(TableFile.of(TABLES.resolve("groups.parquet")), "The file is Parquet");
        assertEquals(5001, rows.size());
        for (int i = 0; i < 5000; i++) {
            assertEquals(List.of(String.valueOf(i % 97 / 8.0), "label " + i % 3), rows.get(i + 1), "row " + i);
        }
    }

    /** As in CSV, in whose first line the names are. */
    @Test
    void aRowOfParquetHasTheLineOfItsCsv() throws IOException {
        try (Table table = Table.open(TableFile.of(TABLES.resolve("types-zstd-v1.parquet")))) {
            table.next();
            assertEquals(2, table.line());
        }
    }

    /** Files of a few kilobytes to megabytes that ask for gigabytes. */
    @Test
    void parquetThatAsksForFarMoreThanItHasIsRefused() throws IOException {
        String name = "x".repeat(4000);
        ThriftBytes deep = new ThriftBytes().text(4, "root").number(5, 1).end();
        for (int i = 0; i < 60; i++) {
            deep.add(new ThriftBytes().number(3, 0).text(4, name).number(5, i == 59 ? 60_000 : 1).end());
        }
        ThriftBytes leaf = new ThriftBytes().number(1, 1).number(3, 0).text(4, "c").end();
        assertParquet("names of columns, with those of the structures around them, of at most 4 times the length of the footer",
                deep.repeat(leaf, 60_000), 60_061, new ThriftBytes(), 0, 0);
        assertParquet("expected at most 131072 columns and structures", new ThriftBytes().text(4, "root").number(5, 1_000_000).end()
                .repeat(leaf, 1_000_000), 1_000_001, new ThriftBytes(), 0, 0);

        ThriftBytes schema = new ThriftBytes().text(4, "root").number(5, 1).end().add(leaf);
        assertParquet("expected large pages that unpack to at most 200 times their size. Received: one of 8201 bytes, unpacked 268435456",
                schema, 2, dictionary(1 << 26), 1, 1 << 26);
        assertParquet("expected a dictionary of at most 1000 values, as many as the column has in the row group. Received: 2000000",
                schema, 2, dictionary(2_000_000), 1, 1000);
        ThriftBytes run = new ThriftBytes().raw(1).varint(2_000_000 << 1).raw(0); // of the first value, by a bit
        ThriftBytes packed = new ThriftBytes().raw(0x28, 0xb5, 0x2f, 0xfd, 0x20, run.size(), run.size() << 3 | 1, 0, 0).add(run);
        ThriftBytes shared = dictionary(2_000_000).add(new ThriftBytes().number(1, 0).number(2, run.size()).number(3, packed.size())
                .struct(5, new ThriftBytes().number(1, 2_000_000).number(2, 8)).end()).add(packed);
        assertParquet("expected dictionaries that take at most 137184192 bytes together, for a file of 46351", schema, 2, shared, 2000, 2_000_000);
    }

    /** So many zeros, in Zstandard's blocks of one byte that is repeated. */
    private static ThriftBytes dictionary(int count) {
        ThriftBytes packed = new ThriftBytes().raw(0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0);
        int left = 4 * count;
        for (; left > 1 << 17; left -= 1 << 17) {
            packed.raw(2, 0, 0x10, 0);
        }
        packed.raw(left << 3 & 0xff | 3, left >> 5 & 0xff, left >> 13 & 0xff, 0);
        return new ThriftBytes().number(1, 2).number(2, 4L * count).number(3, packed.size())
                .struct(7, new ThriftBytes().number(1, count).number(2, 0)).end().add(packed);
    }

    /** @param pages of all row groups, of {@code rows} each */
    private void assertParquet(String fact, ThriftBytes schema, int elements, ThriftBytes pages, int groups, int rows)
            throws IOException {
        TableFile file = parquet(schema, elements, pages, 6, IntStream.generate(() -> rows).limit(groups).toArray());
        assertBadData(() -> cells(file), file + ": ", fact);
    }

    /** A file of one column whose pages all begin at the same place; {@code rows} of each group. */
    private TableFile parquet(ThriftBytes schema, int elements, ThriftBytes pages, int codec, int... rows) throws IOException {
        ThriftBytes groups = new ThriftBytes();
        for (int each : rows) {
            groups.list(1, 1, new ThriftBytes().struct(3, new ThriftBytes().number(1, 1).number(4, codec).number(5, each).number(9, 4)).end())
                    .number(3, each).end();
            groups.field = 0;
        }
        ThriftBytes footer = new ThriftBytes().list(2, elements, schema).number(3, IntStream.of(rows).asLongStream().sum()).list(4, rows.length, groups)
                .end();
        ThriftBytes magic = new ThriftBytes().raw('P', 'A', 'R', '1');
        int length = footer.size();
        return file("t.parquet", new ThriftBytes().add(magic).add(pages).add(footer)
                .raw(length, length >> 8, length >> 16, length >> 24).add(magic).bytes());
    }

    /** Programs that filter rows write row groups without any. */
    @Test
    void rowGroupsWithoutRowsAreRead() throws IOException {
        ThriftBytes schema = new ThriftBytes().text(4, "root").number(5, 1).end()
                .add(new ThriftBytes().number(1, 1).number(3, 0).text(4, "c").end());
        ThriftBytes page = new ThriftBytes().number(1, 0).number(2, 8).number(3, 8).struct(5, new ThriftBytes().number(1, 2).number(2, 0))
                .end().raw(7, 0, 0, 0, 8, 0, 0, 0);
        assertEquals(List.of(List.of("c"), List.of("7"), List.of("8")), cells(parquet(schema, 2, page, 0, 0, 0, 2, 0), "The file is Parquet"));
    }

    /** A structure in the compact protocol of Thrift. */
    private static final class ThriftBytes {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int field;

        private ThriftBytes header(int next, int type) {
            raw(next - field << 4 | type);
            field = next;
            return this;
        }

        private ThriftBytes varint(long value) {
            for (long rest = value; ; rest >>>= 7) {
                raw((int) (rest & 0x7f | (rest > 0x7f ? 0x80 : 0)));
                if (rest <= 0x7f) {
                    return this;
                }
            }
        }

        ThriftBytes number(int next, long value) {
            return header(next, 6).varint(value << 1);
        }

        ThriftBytes text(int next, String value) {
            header(next, 8).varint(value.length());
            out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        ThriftBytes struct(int next, ThriftBytes fields) {
            return header(next, 12).add(fields.end());
        }

        ThriftBytes list(int next, int count, ThriftBytes elements) {
            return header(next, 9).raw(0xfc).varint(count).add(elements);
        }

        ThriftBytes end() {
            return raw(0);
        }

        ThriftBytes add(ThriftBytes other) {
            out.writeBytes(other.bytes());
            return this;
        }

        ThriftBytes repeat(ThriftBytes other, int times) {
            for (int i = 0; i < times; i++) {
                add(other);
            }
            return this;
        }

        ThriftBytes raw(int... bytes) {
            for (int each : bytes) {
                out.write(each);
            }
            return this;
        }

        int size() {
            return out.size();
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    private TableFile changed(String name, Path original, int at, int value) throws IOException {
        byte[] bytes = Files.readAllBytes(original);
        bytes[at < 0 ? bytes.length + at : at] = (byte) value;
        return file(name, bytes);
    }

    @Test
    void damagedParquetIsRefused() throws IOException {
        Path good = TABLES.resolve("types-snappy-v1.parquet");
        byte[] bytes = Files.readAllBytes(good);
        for (int length = 4; length < bytes.length; length += 501) {
            TableFile cut = file("cut.parquet", Arrays.copyOf(bytes, length));
            assertBadData(() -> cells(cut), cut + ": expected a Parquet file, ", "Received: ");
        }
        TableFile magic = changed("magic.parquet", good, -1, '2');
        assertBadData(() -> cells(magic), "cut off or damaged");
        TableFile encrypted = changed("encrypted.parquet", good, -1, 'E');
        assertBadData(() -> cells(encrypted), "Received: one with encrypted footer", "without encryption");
        TableFile begin = changed("begin.parquet", good, 3, 'E');
        assertBadData(() -> cells(begin), "Received: one with encrypted footer");
        TableFile length = changed("length.parquet", good, -6, 0x7f);
        assertBadData(() -> cells(length), "cut off or damaged");
        TableFile separated = TableFile.of(good).separator(';');
        assertBadData(() -> cells(separated), "Received: a Parquet file. Leave the separator out");
        TableFile encoded = TableFile.of(good).encoding(StandardCharsets.UTF_8);
        assertBadData(() -> cells(encoded), "expected text in UTF-8", "Received: a Parquet file. Leave the encoding out");
    }
}

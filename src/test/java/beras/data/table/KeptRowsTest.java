package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A table of which the text is read once: what is left of it is all that the text told. */
@Tag("tables")
class KeptRowsTest {

    private static final Charset LATIN = StandardCharsets.ISO_8859_1;

    @TempDir
    Path folder;

    private static Map.Entry<String, byte[]> table(String name, String text, Charset encoding) {
        return Map.entry(name, text.getBytes(encoding));
    }

    /** Whatever a table may be written like; the last column is the target. */
    static List<Map.Entry<String, byte[]>> tables() throws IOException {
        StringBuilder plain = new StringBuilder("id,,x,x,day,y\n");
        StringBuilder comma = new StringBuilder("größe;preis;art\n");
        StringBuilder late = new StringBuilder("a,b,y\n");
        StringBuilder lines = new StringBuilder();
        StringBuilder pretty = new StringBuilder("[");
        for (int i = 0; i < 60; i++) {
            String kind = i % 3 == 0 ? "p" : "q";
            plain.append(i % 7 == 0 ? "\n\r\n" : "").append(i).append(", \" a \"\"quoted\"\"\nvalue ").append(i % 2).append("\" ,")
                    .append(i % 5 == 0 ? "NA" : i + ".50").append(",00").append(i % 4).append(',').append(i % 12 + 1).append("/13/2024,")
                    .append(i == 31 ? "?" : kind).append(i % 2 == 0 ? "\r\n" : "\n");
            comma.append("1.0").append(10 + i).append(",5;€ ").append(i).append(",25;").append(i % 2 == 0 ? "groß" : "klein")
                    .append('\n');
            late.append(i).append(i < 50 ? ",plain," : ",\u00fc\u00df,").append(kind).append('\n');
            lines.append("{\"a\": ").append(i).append(".5, \"day\": \"2024-01-").append(10 + i % 20).append("\"")
                    .append(i % 4 == 0 ? "" : ", \"text\": \"\\ud83d\\ude00 \u6771\\n" + i % 3 + "\"").append(", \"y\": \"").append(kind)
                    .append("\"}\n").append(i % 9 == 0 ? "\n" : "");
            pretty.append(i == 0 ? "" : ",").append("\n {").append(i % 2 == 0 ? "\n  \"y\": \"" + kind + "\",\n  \"a\": " + i + ",\n"
                    : "\"a\": " + i + ", \"y\": \"" + kind + "\",").append("  \"b\": [1,\n 2]").append("\n }");
        }
        return List.of(table("plain.csv", plain.toString(), StandardCharsets.UTF_8),
                table("comma.csv", comma.toString(), StandardCharsets.UTF_8),
                table("marked.csv", "\ufeff" + comma, StandardCharsets.UTF_16),
                table("latin.csv", late.toString(), LATIN), table("late.csv", late.toString(), StandardCharsets.UTF_8),
                Map.entry("packed.csv.gz", TableTest.gzip(plain.toString())),
                table("lines.jsonl", lines.toString(), StandardCharsets.UTF_8),
                table("pretty.json", pretty + "\n]\n", StandardCharsets.UTF_8));
    }

    /** All that a table tells, row by row. */
    private static List<String> told(TableFile file) throws DataException {
        List<String> told = new ArrayList<>();
        try (Table table = Table.open(file)) {
            told.add(table.columns().toString());
            while (table.next()) {
                told.add(table.row() + " " + table.line());
                for (int i = 0; i < table.columns().size(); i++) {
                    told.add(table.isNumber(i) + " " + table.cell(i) + " "
                            + table.error(i, "nothing").getMessage());
                }
            }
            assertFalse(table.next(), "the end stays the end");
            told.add(table.remarks().toString());
        }
        return told;
    }

    /** Other bytes of the same size and time, which no stamp tells from those before: who reads them again learns nonsense. */
    private static void spoil(Path path) throws IOException {
        FileTime time = Files.getLastModifiedTime(path);
        byte[] bytes = new byte[(int) Files.size(path)];
        Arrays.fill(bytes, (byte) '"');
        Files.write(path, bytes);
        Files.setLastModifiedTime(path, time);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void laterReadersSeeTheSame(Map.Entry<String, byte[]> written) throws IOException {
        Path path = Files.write(folder.resolve(written.getKey()), written.getValue());
        List<String> expected = told(TableFile.of(path));
        TableFile kept = TableFile.of(path).keepRows();
        assertEquals(expected, told(kept), "while they are kept");
        spoil(path);
        assertEquals(expected, told(kept));
        assertEquals(expected, told(kept));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theTextIsReadOnceToSplitToLearnAndToEncode(Map.Entry<String, byte[]> written) throws IOException {
        Path path = Files.write(folder.resolve(written.getKey()), written.getValue());
        TableFile again = TableFile.of(path).missing(Set.of("7.50"));
        String target;
        try (Table table = Table.open(again)) {
            target = table.columns().contains("y") ? "y" : "art";
        }
        for (TableSplit split : List.of(TableSplit.stratified(0.25), TableSplit.random(0))) {
            Files.write(path, written.getValue());
            TableFile once = again.keepRows();
            TableParts parts = split.parts(again, target, new TableOptions());
            List<String> remarks = new ArrayList<>();
            TableSchema schema = TableSchema.infer(again, target,
                    new TableOptions().rows(parts.training()).onRemark(remarks::add));
            float[] encoded = encoded(again, schema);

            boolean reads = split.share() > 0; // else what is learnt first keeps the rows
            TableParts keptParts = split.parts(once, target, new TableOptions());
            if (reads) {
                spoil(path);
            }
            List<String> keptRemarks = new ArrayList<>();
            TableSchema learnt = TableSchema.infer(once, target,
                    new TableOptions().rows(keptParts.training()).onRemark(keptRemarks::add));
            spoil(path);
            assertEquals(schema.config().toString(), learnt.config().toString());
            assertEquals(remarks, keptRemarks);
            assertEquals(parts.validationRows(), keptParts.validationRows());
            assertArrayEquals(encoded, encoded(once, learnt));
        }
    }

    private static float[] encoded(TableFile file, TableSchema schema) throws IOException {
        try (TableReader reader = TableReader.open(file, schema, row -> true)) {
            return ReaderRows.inputs(reader).toArray();
        }
    }

    /** Places in a file are told as if its text was at hand. */
    @Test
    void errorsOfLaterReadersSayTheLine() throws IOException {
        Path path = Files.writeString(folder.resolve("t.csv"), "y,b,a\np,\"x\n\nx\",1\n\nq,x,2\nodd,\"\n\",3\n");
        TableFile kept = TableFile.of(path).keepRows();
        TableSchema schema = new TableSchema(new TableTarget.Labels("y", List.of("p", "q"), List.of(1L, 1L)),
                List.of(new NumericColumn("a", 0, "", 2, 1, false, 0, 9)), 2);
        told(kept);
        assertBadData(() -> encoded(kept, schema), path + ": line 7, column 1 (y): expected a label", "Received: \"odd\"");
    }

    @Test
    void whatIsBrokenIsReadAgain() throws IOException {
        Path path = Files.writeString(folder.resolve("t.csv"), "a,y\n1,p\n2\n");
        TableFile kept = TableFile.of(path).keepRows();
        for (int i = 0; i < 2; i++) {
            assertBadData(() -> told(kept), path + ": line 3: expected 2 columns");
        }
        try (Table table = Table.open(kept)) {
            table.next(); // and no more
        }
        Files.writeString(path, "a,y\n1,p\n2,q\n");
        assertEquals(told(TableFile.of(path)), told(kept));
        Path half = Files.writeString(folder.resolve("half.jsonl"), "{\"a\": \"\\ud800\", \"y\": 1}\n".repeat(2));
        TableFile read = TableFile.of(half).keepRows();
        assertEquals(told(TableFile.of(half)), told(read), "no text has half a character");
        assertEquals(told(TableFile.of(half)), told(read), "so it is read again");
    }

    /** More than a buffer holds, and of cells that are larger than one. */
    @Test
    void aRowMayBeLong() throws IOException {
        String cell = "\u6771".repeat(700_000);
        Path path = Files.writeString(folder.resolve("t.csv"), "a,b\n" + ("1," + cell + "\n").repeat(3) + "2,x\n");
        TableFile kept = TableFile.of(path).keepRows();
        List<String> expected = told(kept);
        spoil(path);
        assertEquals(expected, told(kept));
    }

    /** Also of a reading that was interrupted when a part was kept. Where an open file can be deleted,
            there is none at any time. */
    @Test
    void nothingIsLeftInTheFolderOfTemporaryFiles() throws IOException {
        Path path = Files.writeString(folder.resolve("t.csv"), "a,y\n" + "1234567890,p\n".repeat(120_000) + "1\n");
        Set<String> before = temporary();
        assertThrows(DataException.class, () -> told(TableFile.of(path).keepRows()));
        assertEquals(before, temporary());
        try (Table table = Table.open(TableFile.of(path).keepRows())) {
            for (int i = 0; i < 100_000; i++) {
                table.next();
            }
        }
        assertEquals(before, temporary());
    }

    private static Set<String> temporary() {
        return Set.of(new File(System.getProperty("java.io.tmpdir")).list((dir, name) -> name.endsWith(".cells")));
    }

    // ------------------------------------------------------------------------------------------------- the file

    @Test
    void onlyAPlainFileCanBeKept() throws Exception {
        assertBadData(() -> TableFile.of(folder.resolve("none")).keepRows(), "there is no such file");
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertBadData(() -> TableFile.of(pipe).keepRows(), "Received: a pipe or device");
        assertBadData(() -> told(TableFile.of(folder).keepRows()), "expected a file. Received: a folder");
        TableFile stream = TableFile.of(new ByteArrayInputStream(new byte[1]), "-");
        assertThrows(IllegalStateException.class, stream::keepRows);
        assertThrows(IllegalStateException.class, stream::requireUnchanged);
    }

    @Test
    void aChangedCopyReadsTheTextItself() throws IOException {
        Path path = Files.writeString(folder.resolve("t.csv"), "a;b,y\n1;2,p\n");
        TableFile kept = TableFile.of(path).keepRows();
        assertSame(kept, kept.keepRows());
        List<String> comma = told(kept);
        assertEquals(told(TableFile.of(path).separator(';')), told(kept.separator(';')));
        assertEquals(comma, told(kept));
    }

    @Test
    void aFileThatWasChangedIsRefused() throws IOException {
        Path path = Files.writeString(folder.resolve("t.csv"), "a,y\n1,p\n");
        TableFile kept = TableFile.of(path).keepRows();
        told(kept);
        kept.requireUnchanged();
        Files.writeString(path, "a,y\n1,p\n2,p\n");
        assertBadData(kept::requireUnchanged, path + ": the table was changed while it was read. Begin again");
    }
}

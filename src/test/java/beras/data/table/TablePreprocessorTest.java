package beras.data.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import beras.data.table.DateColumn.Part;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows, and values one by one, as objects or as plain numbers. */
@Tag("data")
class TablePreprocessorTest {

    private static final List<TableColumn> COLUMNS = List.of(new NumericColumn("limited", 2, "", 0.3, 1.7, true, -4, 12),
            new NumericColumn("unlimited", 1, "", 3, 1e-7), new NumericColumn("constant", 2, "", 3, 0),
            new CategoryColumn("codes", 1, "", List.of("1", "2.0", "2", "-999", "9007199254740993"), 3),
            new DateColumn("years", 1, "", false, List.of(Part.YEAR, Part.WEEKDAY), 0, 1, 2000, 10),
            NumericColumn.robust("coded", 1, "", 1, 2, List.of(0.0, 2.0, 12.0), false, -999, 2024));
    private static final double[] NUMBERS = {0, -0.0, 1, 2, 2.5, -3.9, 12, 12.5, -999, 2024, 1e9, 1e38, Float.MAX_VALUE, 1e39, -1e300,
        Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.1f};
    private static final long[] WHOLE_NUMBERS = {0, 1, 2, -3, 13, -999, 2024, 9_007_199_254_740_993L, Long.MAX_VALUE, Long.MIN_VALUE};

    @TempDir
    Path folder;

    private interface Encoder {

        void encode(float[] out, int at);
    }

    /** The bits of a row that lacks all values but those that are encoded, or why there are none. */
    private static Object encoded(TablePreprocessor table, Encoder encoder) {
        int width = table.inputShape().size();
        float[] out = new float[width + 2];
        Arrays.fill(out, 7);
        try {
            table.encode(Collections.nCopies(COLUMNS.size(), null), out, 1);
            encoder.encode(out, 1);
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        assertEquals(7, out[0]);
        assertEquals(7, out[width + 1]);
        return IntStream.range(1, width + 1).mapToObj(i -> Float.floatToRawIntBits(out[i])).toList();
    }

    private static Object inARow(TablePreprocessor table, int column, Object value) {
        Object[] row = new Object[COLUMNS.size()];
        row[column] = value;
        return encoded(table, (out, at) -> table.encode(Arrays.asList(row), out, at));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-999", "9007199254740993", "0.5"})
    void aValueIsEncodedAsInARowWhateverItsForm(String mark) {
        TablePreprocessor table = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), COLUMNS, 9,
                mark.isEmpty() ? MissingMarks.USUAL : MissingMarks.USUAL.and(Set.of(mark)), Optional.empty()));
        for (TablePreprocessor one : List.of(table, table.lenient())) {
            for (int c = 0; c < COLUMNS.size(); c++) {
                int column = c;
                for (double number : NUMBERS) {
                    Object expected = inARow(one, column, number);
                    assertEquals(expected, encoded(one, (out, at) -> one.encode(column, number, out, at)));
                    assertEquals(expected, encoded(one, (out, at) -> one.encode(column, (Object) number, out, at)));
                }
                for (long number : WHOLE_NUMBERS) {
                    assertEquals(inARow(one, column, number), encoded(one, (out, at) -> one.encode(column, number, out, at)));
                }
            }
        }
    }

    record Cell(Object c, Object l) {}

    private static Stream<Arguments> spellings() {
        return Stream.of(arguments("1", "1.0", new Object[] {1, 1L, (short) 1, 1.0, 1f, "1", "1.0", "1e0", "+1.00", "01", new BigDecimal("1.000")}),
                arguments("3.0", "3", new Object[] {3, 3.0, "3", "3.00"}),
                arguments("1.50", "15e-1", new Object[] {1.5, 1.5f, "1.5", "1.50", "01.500", new BigDecimal("1.500")}),
                arguments("1e-05", "0.00001", new Object[] {1e-5, "0.00001", "1E-5"}),
                arguments("0", "-0", new Object[] {0, -0.0, -0f, "-0", "0.0", "-0.00"}),
                arguments("00500", "5e2", new Object[] {500, 500.0, "500", "00500"}),
                arguments("true", "true", new Object[] {true, "true", "TRUE", "True"}),
                arguments("90071992547409931", "90071992547409931.0", new Object[] {90071992547409931L, "90071992547409931",
                    new BigInteger("90071992547409931")}));
    }

    /** At each border of a row: CSV, JSON lines, a workbook, a map, a record, a list, and one by one. */
    @ParameterizedTest
    @MethodSource("spellings")
    void aNumberIsOneValueHoweverItIsWritten(String trained, String json, Object[] same) throws IOException {
        TableSchema schema = new TableSchema(new TableTarget.Labels("y", List.of("90071992547409932", trained), List.of(1L, 1L)),
                List.of(new CategoryColumn("c", 0, "", List.of(trained, "90071992547409932", "7"), 0),
                        new ListColumn("l", 0, "", ';', List.of("7", trained, "90071992547409932"), 0)), 9);
        float[] expected = {1, 0, 0, 0, 1, 0};
        TablePreprocessor table = new TablePreprocessor(schema);
        for (Object value : same) {
            Object list = value instanceof Boolean || String.valueOf(value).equalsIgnoreCase("true") ? "true" : value;
            assertArrayEquals(expected, table.encode(Map.of("c", value, "l", list)), () -> value + " in a map");
            assertArrayEquals(expected, table.encode(new Cell(value, list)), () -> value + " in a record");
            assertArrayEquals(expected, table.encode(List.of(value, list)), () -> value + " in a list");
            float[] target = new float[2];
            table.encodeTarget(value, target, 0);
            assertArrayEquals(new float[] {0, 1}, target, () -> value + " as a target");
            assertArrayEquals(expected, read(schema, "rows.csv", ("c,l,y\n" + value + ',' + list + ',' + value).getBytes(UTF_8)),
                    () -> value + " in CSV");
        }
        assertArrayEquals(expected, read(schema, "rows.jsonl", ("{\"c\":" + json + ",\"l\":" + json + ",\"y\":" + json + '}').getBytes(UTF_8)));
        if (same[0] instanceof Integer || same[0] instanceof Double) {
            assertArrayEquals(expected, read(schema, "rows.xlsx", Workbooks.of("<row><c t=\"str\"><v>c</v></c><c t=\"str\"><v>l</v></c>"
                    + "<c t=\"str\"><v>y</v></c></row><row>" + ("<c><v>" + json + "</v></c>").repeat(3) + "</row>")));
        }
        CellCounts counts = new CellCounts(schema);
        table.encode(Map.of("c", "8.0", "l", "7.5;7.0"), new float[6], 0, counts);
        assertEquals(Map.of("unknown", Map.of("c", 1L, "l", 1L)), counts.byKind());
    }

    private float[] read(TableSchema schema, String name, byte[] file) throws IOException {
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(TableFile.of(Files.write(folder.resolve(name), file)), schema, any -> true)) {
            assertTrue(reader.next(row, 0));
            assertEquals(1, reader.target());
        }
        return row;
    }

    /** A version is no number if both are there; of two spellings of one number none is meant by a third. */
    @Test
    void aSpellingOfItsOwnComesFirst() {
        TablePreprocessor table = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1),
                List.of(new CategoryColumn("c", 0, "", List.of("1.1", "1.10", "02", "002"), 0)), 9));
        assertArrayEquals(new float[] {0, 1, 0, 0}, table.encode(List.of("1.10")));
        assertArrayEquals(new float[] {1, 0, 0, 0}, table.encode(List.of(1.1)));
        assertArrayEquals(new float[4], table.encode(List.of("1.100")));
        assertArrayEquals(new float[4], table.encode(List.of(2)));
        TablePreprocessor labels = new TablePreprocessor(new TableSchema(new TableTarget.Labels("y", List.of("007", "7"), List.of(1L, 1L)),
                List.of(new NumericColumn("x", 1, "", 0, 1)), 2));
        float[] target = new float[2];
        labels.encodeTarget(7, target, 0);
        assertArrayEquals(new float[] {0, 1}, target);
        assertThrows(IllegalArgumentException.class, () -> labels.encodeTarget("07", target, 0));
    }

    /** A rare value has a mean of the target; a list may have a value that is known. */
    @Test
    void rareValuesAreLikeThoseOfTraining() {
        TableSchema schema = new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(
                new CategoryColumn("c", 0, "", List.of("a"), 2).withMeans(List.of("a"), 2, List.of("b"), List.of(0.5, 0.25)),
                new ListColumn("l", 0, "", ';', List.of("d"), 0)), 9);
        CellCounts counts = new CellCounts(schema);
        TablePreprocessor table = new TablePreprocessor(schema);
        table.encode(List.of("b", "d;e"), new float[schema.width()], 0, counts);
        assertEquals("{unknown={l=1}}", counts.toString());
        table.encode(List.of("other", "f"), new float[schema.width()], 0, counts);
        assertEquals("{unknown={c=1, l=2}}", counts.toString());
        assertEquals(Map.of("c", 1L, "l", 1L), counts.likeTraining());
    }

    @Test
    void aMarkOfMissingValuesIsOneNumberInMemory() {
        TablePreprocessor table = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1),
                List.of(NumericColumn.robust("x", 1, "", 0, 1, List.of(), false, -1000, 1)), 9, MissingMarks.USUAL.and(Set.of("-999.0")), Optional.empty()));
        for (Object mark : List.of(-999, -999.0, -999f, "-999.0")) {
            assertArrayEquals(new float[] {0, 1}, table.encode(List.of(mark)), mark::toString);
        }
    }

    @Test
    void aColumnThatIsLeftOutIsMissingUnlessAKeyMayBeIt() {
        TableSchema schema = new TableSchema(new TableTarget.Regression("y", 0, 1),
                List.of(new CategoryColumn("colour", 1, "", List.of("red"), 0),
                new NumericColumn("size", 1, "", 0, 1), new IgnoredColumn("id", 0, "differs")), 9);
        TablePreprocessor table = new TablePreprocessor(schema);
        CellCounts counts = new CellCounts(schema);
        float[] row = new float[4];
        table.encode(Map.of("size", 2, "y", 1, "id", 7), row, 0, counts);
        assertArrayEquals(new float[] {0, 1, 2, 0}, row);
        assertEquals("{missing={colour=1}}", counts.toString());
        assertArrayEquals(new float[] {1, 0, 2, 0}, table.encode(Map.of("size", 2, "colour", "red", "note", "any")), "nothing is left out");
        for (Map<String, Integer> wrong : List.of(Map.of("size", 2, "Color", 1), Map.of("size", 2, "note", 1), Map.of("y", 1), Map.<String, Integer>of())) {
            String message = assertThrows(IllegalArgumentException.class, () -> table.encode(wrong)).getMessage();
            assertEquals(wrong.containsKey("size") ? "A row with keys that are no columns must have each column, with null if its value is"
                    + " missing: expected the column \"colour\". Received the keys: " + (wrong.containsKey("note") ? "note."
                            : "Color. Did you mean colour?")
                    : "A row must have a value of a column, such as \"colour\". Received the keys: " + (wrong.isEmpty() ? "none." : "y."), message);
        }
        List<String> problems = new ArrayList<>();
        table.encode(Map.of("note", 1), row, 0, counts, (column, problem) -> problems.add(column));
        assertEquals(List.of("colour"), problems, "the keys of a row are one problem");
    }

    @Test
    void theLargestFloatIsANumber() {
        List<TableColumn> columns = List.of(new NumericColumn("large", 1, "", 0, Float.MAX_VALUE));
        TablePreprocessor table = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), columns, 9));
        for (Object largest : new Object[] {"3.4028235e38", "340282346638528859811704183484516925440", Float.MAX_VALUE}) {
            assertArrayEquals(new float[] {1, 0}, table.encode(List.of(largest)), largest::toString);
        }
        assertThrows(IllegalArgumentException.class, () -> table.encode(List.of("3.4028236e38")), "infinite as a float");
    }

    @Test
    void aPlainNumberIsStandardisedWithinItsLimits() {
        TablePreprocessor table = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), COLUMNS, 9));
        float[] out = new float[table.inputShape().size()];
        Arrays.fill(out, 7);
        table.encode(0, 2.5, out, 0);
        assertArrayEquals(new float[] {(float) ((2.5 - 0.3) / 1.7), 0, 7}, Arrays.copyOf(out, 3));
        table.encode(0, 99L, out, 0);
        assertArrayEquals(new float[] {(float) ((12 - 0.3) / 1.7), 0, 7}, Arrays.copyOf(out, 3));
        table.encode(0, Double.NaN, out, 0);
        assertArrayEquals(new float[] {0, 1, 7}, Arrays.copyOf(out, 3));
        String tooFar = String.valueOf(encoded(table, (some, at) -> table.encode(1, 1e38, some, at)));
        assertEquals("Column \"unlimited\": expected a number nearer to those that were trained on. Received: \"1.0E38\"", tooFar);
    }
}

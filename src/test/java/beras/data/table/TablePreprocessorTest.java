package beras.data.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import beras.data.table.DateColumn.Part;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        TablePreprocessor table = new TablePreprocessor(new TableSchema(new TableTarget.Amount("y", 0, 1), COLUMNS, 9,
                mark.isEmpty() ? MissingMarks.USUAL : MissingMarks.USUAL.and(Set.of(mark))));
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

    @Test
    void theLargestFloatIsANumber() {
        List<TableColumn> columns = List.of(new NumericColumn("large", 1, "", 0, Float.MAX_VALUE));
        TablePreprocessor table = new TablePreprocessor(new TableSchema(new TableTarget.Amount("y", 0, 1), columns, 9));
        for (Object largest : new Object[] {"3.4028235e38", "340282346638528859811704183484516925440", Float.MAX_VALUE}) {
            assertArrayEquals(new float[] {1, 0}, table.encode(List.of(largest)), largest::toString);
        }
        assertThrows(IllegalArgumentException.class, () -> table.encode(List.of("3.4028236e38")), "infinite as a float");
    }

    @Test
    void aPlainNumberIsStandardisedWithinItsLimits() {
        TablePreprocessor table = new TablePreprocessor(new TableSchema(new TableTarget.Amount("y", 0, 1), COLUMNS, 9));
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

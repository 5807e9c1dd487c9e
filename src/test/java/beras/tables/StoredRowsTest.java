package beras.tables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.feed.Dataset;
import beras.feed.Example;
import beras.feed.ExampleSpec;
import beras.tensor.Rng;
import beras.tensor.Shape;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("tables")
class StoredRowsTest {

    private static final int TARGETS = 3;

    /** Rows of which most are dense, some sparse, some nothing but zeros. */
    private static List<float[]> rows(int count, int width) {
        Rng rng = new Rng(1, "rows", width);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] row = new float[width + TARGETS];
            for (int j = 0; j < row.length; j++) {
                long bits = rng.bits((long) i * row.length + j);
                row[j] = Math.floorMod(bits, 5) < i % 5 ? 0f : Float.intBitsToFloat((int) (bits >>> 32)); // NaN, too
            }
            rows.add(row);
        }
        return rows;
    }

    private static StoredRows stored(List<float[]> rows, int width, int segment) throws IOException {
        return stored(rows, width, segment, false);
    }

    /** Rows whose weights are their numbers, from 0. */
    private static StoredRows stored(List<float[]> rows, int width, int segment, boolean weighted) throws IOException {
        ExampleSpec spec = new ExampleSpec(List.of(Shape.of(width)), List.of(Shape.of(TARGETS)), weighted);
        try (StoredRows.Writer writer = new StoredRows.Writer(spec, segment)) {
            for (int i = 0; i < rows.size(); i++) {
                writer.add(Arrays.copyOf(rows.get(i), width), Arrays.copyOfRange(rows.get(i), width, width + TARGETS), i);
            }
            return writer.finish();
        }
    }

    private static void assertHolds(List<float[]> expected, Dataset dataset, int width) {
        Example example = new Example(dataset.spec());
        try (Dataset.Reader reader = dataset.open(0)) {
            for (float[] row : expected) {
                assertTrue(reader.next(example));
                assertArrayEquals(bits(Arrays.copyOf(row, width)), bits(example.input(0)));
                assertArrayEquals(bits(Arrays.copyOfRange(row, width, width + TARGETS)), bits(example.target(0)));
                assertEquals(dataset.spec().weighted() ? expected.indexOf(row) : 1, example.weight());
            }
            assertFalse(reader.next(example));
            assertFalse(reader.next(example));
        }
    }

    private static int[] bits(float[] numbers) {
        int[] bits = new int[numbers.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(numbers[i]);
        }
        return bits;
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 1000", "1, 1, 1000", "100, 7, 1000", "100, 7, 1", "3, 400000, 1000000", "1000, 33, 1073741824"})
    void whatIsStoredIsReadWithTheSameBits(int count, int width, int segment) throws IOException {
        List<float[]> rows = rows(count, width);
        assertHolds(rows, stored(rows, width, segment), width);
        assertHolds(rows, stored(rows, width, segment, true), width);
    }

    @Test
    void zerosHaveASign() throws IOException {
        float[] row = new float[20 + TARGETS];
        row[3] = -0f;
        row[19] = 1f;
        row[21] = -0f;
        assertHolds(List.of(row), stored(List.of(row), 20, 1000), 20);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void severalReadAtATimeAndMayBeInterrupted() throws Exception {
        List<float[]> rows = rows(500, 31);
        StoredRows stored = stored(rows, 31, 10_000);
        List<ForkJoinTask<?>> readers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean interrupted = i % 2 == 0;
            readers.add(ForkJoinPool.commonPool().submit(() -> {
                if (interrupted) {
                    Thread.currentThread().interrupt(); // as one is that fetches batches which nobody wants
                }
                assertHolds(rows, stored, 31);
                assertEquals(interrupted, Thread.interrupted());
            }));
        }
        for (ForkJoinTask<?> reader : readers) {
            reader.get();
        }
    }

    /** Where a file that is open can be deleted, there is none to be left behind. */
    @Test
    void nothingIsLeftInTheFolderOfTemporaryFiles() throws IOException {
        Set<String> before = temporary();
        StoredRows stored = stored(rows(10, 5), 5, 1000);
        assertEquals(before, temporary());
        assertHolds(rows(10, 5), stored, 5);
    }

    private static Set<String> temporary() {
        String[] names = new File(System.getProperty("java.io.tmpdir")).list((dir, name) -> name.endsWith(".rows"));
        return Set.of(names);
    }
}

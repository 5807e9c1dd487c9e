package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.data.Splits;
import beras.data.table.TableColumn;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableSchema;
import beras.data.table.TableSplit;
import beras.data.table.TargetMeans;
import beras.feed.Batch;
import beras.feed.Batches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("tables")
class TableRowsTest {

    private static final LongPredicate VALIDATION = Splits.validationRows(0.2, 3);
    private static final long LARGE = 1 << 30;
    /** Of 400 rows of 10 floats a quarter of this does not hold all, but three quarters a buffer of 50. */
    private static final long SMALL = 12_000;

    @TempDir
    Path folder;
    private static final TableOptions TYPES = new TableOptions().types(Map.of("id", TableColumn.Type.NUMERIC)).bins(1);

    private TableFile file;
    private TableSchema schema;

    @BeforeEach
    void prepare() throws IOException {
        file = TableFile.of(TinyTable.kinds(folder.resolve("kinds.csv")));
        schema = TableSchema.infer(file, "kind", TYPES.rows(VALIDATION.negate()));
        assertEquals(10, schema.width() + schema.targetWidth());
    }

    private TableRows rows(String buffer, long heap) throws IOException {
        return rows(schema, VALIDATION, TinyTable.ROWS, buffer, heap);
    }

    private TableRows rows(TableSchema of, LongPredicate validation, long count, String buffer, long heap) throws IOException {
        return new TableRows(TargetMeans.learn(file, of, TYPES.rows(validation.negate())), new TableRows.Source(file, validation.negate(), of.rows()),
                new TableRows.Source(file, validation, count - of.rows()), TableSplit.random(0).parts(file, "kind", TYPES),
                buffer == null ? TableRows.defaultBuffer(TableRows.bytes(of), count) : buffer, heap);
    }

    private static List<float[]> numbers(Batches batches, int epoch) {
        List<float[]> numbers = new ArrayList<>();
        try (Batches.Pass pass = batches.open(epoch)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                numbers.add(batch.inputs().get(0).toArray());
                numbers.add(batch.targets().get(0).toArray());
            }
        }
        return numbers;
    }

    private static void assertSame(List<float[]> expected, List<float[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i));
        }
    }

    @Test
    void fewRowsAreInMemoryAndShuffledAsAWhole() throws IOException {
        TableRows rows = rows(null, LARGE);
        assertEquals("all", rows.buffer());
        assertTrue(rows.inMemory());
        Batches training = rows.training(32, 1, 1);
        assertEquals((schema.rows() + 31) / 32, training.count());
        assertNotEquals(Arrays.toString(numbers(training, 0).get(0)), Arrays.toString(numbers(training, 1).get(0)));
    }

    @Test
    void manyRowsAreStoredAndShuffledAFewAtATime() throws IOException {
        TableRows rows = rows("12", SMALL);
        assertFalse(rows.inMemory());
        assertEquals("12", rows.buffer());
    }

    /** The order of rows decides the weights, so that it must not depend on the heap. */
    @Test
    void theTableAloneDecidesAmongHowManyRowsToShuffle() throws IOException {
        assertEquals("all", rows(null, LARGE).buffer());
        assertEquals("all", rows(null, 64_000).buffer());
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> rows(null, SMALL));
        assertTrue(refused.getMessage().contains("larger -Xmx, or shuffle among fewer rows"), refused.getMessage());
        assertEquals(Long.toString((64L << 20) / (40 + 128)), TableRows.defaultBuffer(40, 1_000_000));
        assertEquals("1", TableRows.defaultBuffer(64L << 20, 2));
    }

    @Test
    void whereTheRowsAreChangesNothing() throws IOException {
        TableRows memory = rows("50", LARGE);
        TableRows stream = rows("50", SMALL);
        assertTrue(memory.inMemory() && !stream.inMemory());
        for (int epoch = 0; epoch < 2; epoch++) {
            assertSame(numbers(memory.training(32, 9, 1), epoch), numbers(stream.training(32, 9, 1), epoch));
            assertSame(numbers(memory.validation(32, 1).orElseThrow(), epoch), numbers(stream.validation(32, 1).orElseThrow(), epoch));
        }
    }

    /** Of a category of many values, rows to train on have the means of other folds, those to validate the means of all. */
    @Test
    void rowsToTrainOnDoNotSeeTheirOwnTargetWhereverTheyAre() throws IOException {
        file = TableFile.of(TinyTable.write(folder.resolve("many.csv"), "item,y", TinyTable.ROWS,
                row -> "i" + row % 30 + "," + (row % 30 < 15 ^ row % 7 == 0 ? "low" : "high")));
        TableOptions options = new TableOptions().rows(VALIDATION.negate());
        TargetMeans means = TargetMeans.learn(file, TableSchema.infer(file, "y", options), options);
        List<TableRows> all = new ArrayList<>();
        for (long heap : new long[] {LARGE, 4 * SMALL}) {
            all.add(new TableRows(means, new TableRows.Source(file, VALIDATION.negate(), means.schema().rows()),
                    new TableRows.Source(file, VALIDATION, TinyTable.ROWS - means.schema().rows()),
                    TableSplit.random(0).parts(file, "kind", TYPES), "1", heap));
        }
        assertTrue(all.get(0).inMemory() && !all.get(1).inMemory());
        assertSame(numbers(all.get(0).training(32, 1, 1), 0), numbers(all.get(1).training(32, 1, 1), 0));
        assertSame(numbers(all.get(0).validation(32, 1).orElseThrow(), 0), numbers(all.get(1).validation(32, 1).orElseThrow(), 0));
        Batches ofAll = new TableDataset(file, means.schema(), VALIDATION.negate()).batch(32);
        assertNotEquals(Arrays.toString(numbers(ofAll, 0).get(0)), Arrays.toString(numbers(all.get(0).training(32, 1, 1), 0).get(0)));
        assertSame(numbers(new TableDataset(file, means.schema(), VALIDATION).batch(32), 0),
                numbers(all.get(0).validation(32, 1).orElseThrow(), 0));
    }

    /** Each training has a buffer of its own: 50 rows of 40 bytes and 128 besides are 8400. */
    @Test
    void noMoreTrainingsGoOnAtATimeThanTheHeapHasRoomFor() throws IOException {
        assertEquals(Integer.MAX_VALUE, rows(null, LARGE).atATime());
        assertEquals(1, rows("50", SMALL).atATime());
        assertEquals(4, rows("50", 48_000).atATime());
        TableRows memory = rows("50", 100_000);
        assertTrue(memory.inMemory());
        assertEquals((75_000 - 40 * TinyTable.ROWS) / 8400, memory.atATime());
    }

    @Test
    void aBufferOfOneRowShufflesNothing() throws IOException {
        Batches inOrder = new TableDataset(file, schema, VALIDATION.negate()).batch(32);
        assertSame(numbers(inOrder, 0), numbers(rows("1", LARGE).training(32, 9, 1), 0));
    }

    @Test
    void eachRowIsForTrainingOrForValidation() throws IOException {
        for (long heap : new long[] {LARGE, SMALL}) {
            TableRows rows = rows("50", heap);
            long inputs = numbers(rows.training(7, 1, 1), 0).stream().mapToLong(numbers -> numbers.length).sum();
            long validating = numbers(rows.validation(7, 1).orElseThrow(), 0).stream().mapToLong(numbers -> numbers.length).sum();
            assertEquals(10 * schema.rows(), inputs);
            assertEquals(10 * (TinyTable.ROWS - schema.rows()), validating);
        }
    }

    /** Each row is held out by one of ten nets, and by two of twenty, of which the first validates it; the others learn from it. */
    @ParameterizedTest
    @ValueSource(ints = {10, 20, 3})
    void eachNetHoldsOutOtherRows(int nets) throws IOException {
        Path numbers = TinyTable.write(folder.resolve("numbers.csv"), "x,kind", TinyTable.ROWS, row -> row * 1.5 + "," + TinyTable.kind(row));
        TableRows rows = TableTraining.of(numbers, "kind").prepare().open();
        assertTrue(rows.holdsOutByNet(nets));
        Map<String, int[]> held = new HashMap<>(); // by the numbers of a row, as no two are the same
        Map<String, int[]> learnt = new HashMap<>();
        count(rows.validation(7, nets).orElseThrow(), nets, held);
        count(rows.training(7, 1, nets), nets, learnt);
        assertEquals(TinyTable.ROWS, learnt.size());
        assertEquals(Math.min(TinyTable.ROWS, TinyTable.ROWS / 10 * nets), held.size());
        learnt.forEach((row, ofNets) -> {
            int[] ofRow = held.getOrDefault(row, new int[nets]);
            for (int net = 0; net < nets; net++) {
                assertEquals(1, ofRow[net % 10] + ofNets[net], "net " + net);
            }
            assertTrue(IntStream.of(ofRow).sum() <= 1, "a row is validated once");
        });
    }

    private static void count(Batches batches, int nets, Map<String, int[]> times) {
        try (Batches.Pass pass = batches.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                for (int row = 0; row < batch.size(); row++) {
                    String numbers = Arrays.toString(batch.inputs().get(0).slice(row, row + 1).toArray());
                    times.computeIfAbsent(numbers, any -> new int[nets])[pass.net()]++;
                }
            }
        }
    }

    @Test
    void allNetsHoldOutTheSameRowsIfTheseAreNotInMemoryOrBelongTogether() throws IOException {
        TableTraining training = TableTraining.of(file, "kind");
        assertFalse(training.prepare().open().holdsOutByNet(1));
        assertFalse(training.shuffleBuffer("50").prepare().open().holdsOutByNet(10));
        assertFalse(training.split(TableSplit.byGroup("colour", 0.2)).prepare().open().holdsOutByNet(10));
        assertFalse(training.validationData(file).prepare().open().holdsOutByNet(10));
        assertEquals(1, training.shuffleBuffer("50").prepare().open().validation(7, 10).orElseThrow().byNet().size());
    }

    @Test
    void withoutASplitThereIsNoValidation() throws IOException {
        TableSchema all = TableSchema.infer(file, "kind", TYPES);
        for (long heap : new long[] {LARGE, SMALL}) {
            assertEquals(Optional.empty(), rows(all, row -> false, TinyTable.ROWS, "50", heap).validation(32, 1));
        }
    }

    @Test
    void cellsThatAreNoNumbersAreToldWhereverTheRowsAre() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file.path()));
        int numeric = List.of(lines.get(0).split(",")).indexOf("id");
        assertEquals(0, numeric);
        String line = lines.get(7);
        lines.set(7, "seven" + line.substring(line.indexOf(',')));
        Files.write(file.path(), lines);
        for (long heap : new long[] {LARGE, SMALL}) {
            Map<String, String> told = rows("50", heap).unreadable();
            assertEquals(Set.of("id"), told.keySet());
            assertTrue(told.get("id").contains("seven"), told::toString);
        }
    }

    /** Else the rows that are not there would be trained on as zeros. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileThatGrewOrShrankIsRefused(boolean grew) throws IOException {
        List<String> lines = Files.readAllLines(file.path());
        Files.write(file.path(), grew ? Stream.concat(lines.stream(), lines.stream().skip(1).limit(3)).toList() : lines.subList(0, lines.size() - 20));
        for (long heap : new long[] {LARGE, SMALL}) {
            DataException refused = assertThrows(DataException.class, () -> rows("50", heap));
            assertEquals(file + ": the file became " + (grew ? "longer" : "shorter") + " while it was read", refused.getMessage());
        }
    }

    @Test
    void whatIsNoNumberOfRowsIsRefused() {
        for (String text : List.of("0", "-1", "1e3", "ALL", "", "9999999999")) {
            assertThrows(IllegalArgumentException.class, () -> TableRows.requireBuffer(text), text);
        }
        assertEquals("all", TableRows.requireBuffer("all"));
        assertEquals("999999999", TableRows.requireBuffer("999999999"));
    }
}

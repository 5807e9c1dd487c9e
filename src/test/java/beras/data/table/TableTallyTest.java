package beras.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.DataException;
import beras.data.rows.RowSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that is seen in parts gives the schema of the whole. */
@Tag("data")
class TableTallyTest {

    private static final List<String> NAMES = List.of("size", "price", "town", "day", "zip", "ref", "flag", "mass", "kind");
    private static final String TARGET = "kind";

    @TempDir
    Path folder;

    private static List<String[]> rows() {
        return rows(400);
    }

    private static List<String[]> rows(int count) {
        List<String[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new String[] {i % 7 == 3 ? "" : Double.toString(Math.sin(i) * 1e3), (i % 5) + "," + (i % 100),
                i % 3 == 0 ? "Ulm" : i % 11 == 0 ? "NA" : "Bern", "2024-0" + (1 + i % 9) + "-1" + i % 10, i % 2 == 0 ? "00501"
                : "8000" + i % 3,
                "r" + i, i % 2 == 0 ? "yes" : "No", i % 9 == 2 ? "unknown" : i % 3 == 0 ? i % 50 + " g" : i % 17 + "kg", i % 13 == 0 ? "" : i % 4 == 0 ? "a" : "b"});
        }
        return rows;
    }

    private static RowSource source(List<String[]> rows) {
        Iterator<String[]> left = rows.iterator();
        return new RowSource() {

            private String[] row;

            @Override
            public List<String> names() {
                return NAMES;
            }

            @Override
            public boolean next() {
                if (!left.hasNext()) {
                    return false;
                }
                row = left.next();
                return true;
            }

            @Override
            public String cell(int column) {
                return row[column];
            }

            @Override
            public long line(int column) {
                return 0;
            }

            @Override
            public List<String> remarks() {
                return List.of();
            }
        };
    }

    /** As it comes from another machine. */
    private static TableTally tally(List<String[]> part, String target) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(TableTally.of("rows", source(part), Set.of(), target, new TableOptions()));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (TableTally) in.readObject();
        }
    }

    private static TableTally together(List<String[]> rows, int each, String target) throws Exception {
        TableTally all = tally(rows.subList(0, Math.min(each, rows.size())), target);
        for (int from = each; from < rows.size(); from += each) {
            all.add(tally(rows.subList(from, Math.min(rows.size(), from + each)), target));
        }
        return all;
    }

    private static TableSchema schema(TableTally tally, String target) throws DataException {
        return tally.schema("rows", source(List.of()), Set.of(), target, new TableOptions());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 150, 399, 400})
    void partsGiveTheSchemaOfTheFile(int each) throws Exception {
        Path file = folder.resolve("rows.csv");
        List<String> lines = new ArrayList<>(List.of(String.join(";", NAMES)));
        rows().forEach(row -> lines.add(String.join(";", row)));
        Files.write(file, lines);
        TableSchema whole = TableSchema.infer(TableFile.of(file).separator(';'), TARGET, new TableOptions());
        TableTally tally = together(rows(), each, TARGET);
        TableSchema parts = schema(tally, TARGET);
        assertEquals(whole.target(), parts.target());
        assertEquals(whole.rows(), parts.rows());
        assertEquals(400 - whole.rows(), tally.withoutTarget());
        assertEquals(whole.featureNames(), parts.featureNames());
        for (int i = 0; i < whole.columns().size(); i++) {
            TableColumn expected = whole.columns().get(i);
            TableColumn given = parts.columns().get(i);
            assertEquals(expected.getClass(), given.getClass());
            assertEquals(expected.missing(), given.missing());
            if (expected instanceof DateColumn a && given instanceof DateColumn b) {
                assertEquals(a.parts(), b.parts());
                assertEquals(a.meanDays(), b.meanDays(), 1e-9);
                assertEquals(a.deviationDays(), b.deviationDays(), 1e-9);
            } else {
                String withoutLines = expected.note().replaceAll(" in line [0-9]+", "");
                assertEquals(TableColumn.of(expected.config().with("note", withoutLines)), given);
            }
        }
        assertEquals(parts, schema(together(rows(), each, TARGET), TARGET)); // the same parts, the same bits
    }

    /** Some parts have so few values that they are counted one by one, others hash them. */
    @ParameterizedTest
    @ValueSource(ints = {9_000, 13_000})
    void partsHashWhatIsHashedInTheWhole(int each) throws Exception {
        List<String[]> rows = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            rows.add(new String[] {"1.5", "2", "Ulm", "2024-01-01", "00501", "street " + (i < 3000 ? i % 100 : i % 11_000), i % 2 == 0 ? "yes"
                : "No", "5 kg", i % 3 == 0 ? "a" : "b"});
        }
        TableSchema whole = schema(tally(rows, TARGET), TARGET);
        CategoryColumn streets = (CategoryColumn) whole.columns().get(5);
        assertEquals(8192, streets.buckets());
        assertEquals(streets, schema(together(rows, each, TARGET), TARGET).columns().get(5));
    }

    /** Of size more numbers differ than are counted; price has a comma in later parts alone. */
    @Test
    void numbersOfManyRowsAreThoseOfTheFileInWhateverOrder() throws Exception {
        List<String[]> rows = rows(20_000);
        rows.subList(0, 3000).forEach(row -> row[1] = row[1].substring(0, 1));
        TableSchema whole = schema(tally(rows, TARGET), TARGET);
        TableSchema parts = schema(together(rows, 3000, TARGET), TARGET);
        Collections.reverse(rows);
        TableSchema reversed = schema(together(rows, 700, TARGET), TARGET);
        for (int i = 0; i < 2; i++) {
            NumericColumn column = (NumericColumn) whole.columns().get(i);
            assertEquals(17, column.edges().size());
            assertEquals(i == 1, column.decimalComma());
            assertEquals(column, parts.columns().get(i));
            assertEquals(column, reversed.columns().get(i));
        }
    }

    @Test
    void tinyNumbersKeepTheirDeviation() {
        NumberTally one = new NumberTally();
        NumberTally other = new NumberTally();
        for (int i = 0; i < 10; i++) {
            one.add(i * 0x1p-700);
            other.add((i + 10) * 0x1p-700);
        }
        one.add(other);
        one.add(new NumberTally());
        assertEquals(Math.sqrt((20 * 20 - 1) / 12.0) * 0x1p-700, one.standardDeviation(), 0x1p-740);
        assertEquals(9.5 * 0x1p-700, one.mean(), 0x1p-740);
        assertTrue(one.isRising());
        one.add(other);
        assertTrue(!one.isRising());
    }

    @Test
    void nothingToLearnIsToldWithoutLines() throws Exception {
        List<String[]> unlabelled = new ArrayList<>();
        rows().forEach(row -> unlabelled.add(new String[] {row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], ""}));
        TableTally tally = together(unlabelled, 100, TARGET);
        assertEquals("rows: expected rows to train on. Received: none of the 400 that there are, of which 400 have no target",
                assertThrows(DataException.class, () -> schema(tally, TARGET)).getMessage());
        TableTally texts = TableTally.of("rows", source(rows()), Set.of(), "town", new TableOptions()
                .task(TableTarget.Task.REGRESSION));
        String message = assertThrows(DataException.class, () -> texts.schema("rows", source(List.of()), Set.of(), "town",
                new TableOptions().task(TableTarget.Task.REGRESSION))).getMessage();
        assertTrue(message.startsWith("rows: column 3 (town): expected "), message);
    }
}

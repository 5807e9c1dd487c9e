package beras.data.table;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.Splits;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Dataset;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of tables as numbers: by {@link TableReader}, and by {@link TableDataset} on top of it. */
@Tag("data")
class TableReaderTest {

    private static final LongPredicate ALL = row -> true;

    /** Features: x, x is missing, c = a, c = b, c is another, c is missing, d = u, d = v. */
    private static final String TRAINING = "x,c,d,constant,y\n"
            + "1,a,u,7,no\n"
            + "5,b,v,7,yes\n"
            + ",a,u,7,no\n"
            + "3,,u,7,yes\n"
            + "3,rare,u,7,no\n"
            + "3,b,u,7,no\n";
    private static final float UNIT = (float) (1 / Math.sqrt(1 + 1 / 9.0)); // of a number that is one spread from the median
    private static final TableOptions PLAIN = new TableOptions().bins(1);

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("rows.csv"), text);
    }

    private TableSchema schema() throws IOException {
        return TableSchema.infer(Files.writeString(folder.resolve("training.csv"), TRAINING), "y",
                PLAIN.maxCategories(2));
    }

    private static void assertRows(Path path, TableSchema schema, float[]... rows) throws IOException {
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(path), schema)) {
            assertEquals(Tensor.of(rows), ReaderRows.inputs(reader));
        }
    }

    private static float[] row(float... features) {
        return features;
    }

    // ------------------------------------------------------------------------------------------------------ encoding

    @Test
    void encodesAsTheSchemaSays() throws IOException {
        TableSchema schema = schema();
        assertEquals(List.of("x", "x is missing", "c = a", "c = b", "c is another", "c is missing", "d = u", "d = v"),
                schema.featureNames());
        assertRows(folder.resolve("training.csv"), schema,
                row(-UNIT, 0, 1, 0, 0, 0, 1, 0),
                row(UNIT, 0, 0, 1, 0, 0, 0, 1),
                row(0, 1, 1, 0, 0, 0, 1, 0),
                row(0, 0, 0, 0, 0, 1, 1, 0),
                row(0, 0, 0, 0, 1, 0, 1, 0),
                row(0, 0, 0, 1, 0, 0, 1, 0));
    }

    @Test
    void columnsAreFoundByName() throws IOException {
        assertRows(file("d,new,c,x\nv,9,a,3\n"), schema(), row(0, 0, 1, 0, 0, 0, 0, 1));
    }

    @Test
    void readsAllOverWhatWasInTheArray() throws IOException {
        float[] out = new float[11];
        Arrays.fill(out, 9);
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(file("x,c,d\n,a,u\n")), schema())) {
            assertTrue(reader.next(out, 2));
        }
        assertArrayEquals(new float[] {9, 9, 0, 1, 1, 0, 0, 0, 1, 0, 9}, out);
    }

    @Test
    void numbersBeyondThoseOfTrainingCountAsTheNearestAndAreCounted() throws IOException {
        assertRows(file("x,c,d\n-1e30,a,u\n"), schema(), row(-UNIT, 0, 1, 0, 0, 0, 1, 0));
        TableSchema schema = TableSchema.infer(file("x,y\n1,a\n3,b\n"), "y", new TableOptions());
        Path rows = Files.writeString(folder.resolve("beyond.csv"), "x\n1\n3\n0.99\n4\nNA\n2\n");
        for (TableSchema same : List.of(schema, TableSchema.of(schema.config()))) {
            assertRows(rows, same, row(-UNIT), row(UNIT), row(-UNIT), row(UNIT), row(0), row(0));
            try (TableReader reader = TableReader.withoutTargets(TableFile.of(rows), same).strict()) {
                reader.next(new float[1], 0);
                reader.next(new float[1], 0);
                assertEquals(Map.of(), reader.counts().clipped());
                reader.next(new float[1], 0);
                reader.next(new float[1], 0);
                assertEquals(Map.of("x", 2L), reader.counts().clipped());
            }
        }
    }

    @Test
    void numbersWithTheOtherDecimalMarkCountAsMissingAndAreReported() throws IOException {
        String plain = IntStream.range(1000, 1040).mapToObj(i -> i + "," + i % 3 + ".5,a\n" + i + ",1.25,b\n").collect(Collectors.joining());
        TableSchema schema = TableSchema.infer(file("x,p,y\n" + plain), "y", PLAIN);
        TableSchema comma = TableSchema.infer(file("x;p;y\n" + plain.replace(',', ';').replace('.', ',')), "y", PLAIN);
        Path points = Files.writeString(folder.resolve("points.csv"), "x;p\n1,013.0;1.5\n1,020.00;2.5\n1,039.9;.5\n");
        Path commas = Files.writeString(folder.resolve("commas.csv"), "x;p\n1.013,0;1,5\n1.020,00;2,5\n1.039,9;,5\n");
        for (TableSchema same : List.of(schema, comma)) {
            try (TableReader reader = TableReader.withoutTargets(TableFile.of(same == comma ? points : commas), same)) {
                ReaderRows.inputs(reader);
                assertEquals(same == comma ? Map.of("p", 3L) : Map.of("x", 3L, "p", 3L), reader.counts().unreadable()); // x shows no mark
                assertEquals("Column \"p\" has no number in 3 rows, which count as missing: the first is " + (same == comma ? "\"1.5\"" : "\"1,5\"")
                        + " in line 2", reader.unreadable().get("p"));
            }
        }
    }

    /** As models of earlier versions have them. */
    @Test
    void numbersWithoutLimitsAreStandardisedHoweverFarOff() throws IOException {
        TableSchema narrow = new TableSchema(new TableTarget.Regression("y", 1.5, 0.5),
                List.of(new NumericColumn("x", 0, "", 1.5e-30, 5e-31)), 2);
        Path some = Files.writeString(folder.resolve("some.csv"), "x\n3.5e-30\n");
        assertRows(some, narrow, row(4));
        Path far = Files.writeString(folder.resolve("far.csv"), "x\n1e30\n");
        assertBadData(() -> assertRows(far, narrow), "line 2, column 1 (x): expected a number nearer", "Received: \"1e30\"");
    }

    @Test
    void oneValueThatMayMissHasNoFeatureButThat() throws IOException {
        TableSchema schema = TableSchema.infer(file("x,z,y\n5,1,a\n,2,b\n"), "y", new TableOptions());
        assertRows(file("x,z\n5,1.5\n,1.5\n8,1.5\n"), schema, row(0, 0), row(1, 0), row(0, 0));
        assertRows(file("x,z\nfive,1.5\n"), schema, row(1, 0));
    }

    // ---------------------------------------------------------------------------------------- unknown and missing values

    @Test
    void whatTrainingNeverSawIsCounted() throws IOException {
        TableSchema schema = schema();
        Path path = file("x,c,d\n1,unknown,u\n5,rare,unknown\n?,?,?\n3,a,\n");
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(path), schema)) {
            assertEquals(Tensor.of(new float[][] {
                row(-UNIT, 0, 0, 0, 1, 0, 1, 0),
                row(UNIT, 0, 0, 0, 1, 0, 0, 0),
                row(0, 1, 0, 0, 0, 1, 0, 0),
                row(0, 0, 1, 0, 0, 0, 0, 0)}), ReaderRows.inputs(reader));
            assertEquals(Map.of("c", 2L, "d", 1L), reader.counts().unknown());
            assertEquals(Map.of("x", 1L, "c", 1L, "d", 2L), reader.counts().missing());
        }
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(folder.resolve("training.csv")),
                TableSchema.of(schema.config()))) {
            ReaderRows.inputs(reader);
            assertEquals(Map.of("c", 1L), reader.counts().unknown());
            assertEquals(Map.of("x", 1L, "c", 1L), reader.counts().missing());
        }
    }

    @Test
    void missingNumbersWhereNoneWereAreTheMedian() throws IOException {
        TableSchema schema = TableSchema.infer(file("x,y\n1,a\n2,a\n4,b\n"), "y", new TableOptions());
        assertRows(file("x\nNA\n2\n"), schema, row(0, 0, 0), row(0, 0, 0));
    }

    @Test
    void strictReadersRefuseWhatTrainingNeverSaw() throws IOException {
        TableSchema schema = schema();
        assertStrict(schema, "x,c,d\n1,a,u\n1,unknown,u\n",
                "line 3, column 2 (c): expected a value that the model lists, one of a, b",
                "Received: \"unknown\"");
        assertStrict(schema, "x,c,d\n1,a,\n", "line 2, column 3 (d): expected a value, as in all rows", "Received: \"\"");
        assertEquals(1, ReaderRows.inputs(TableReader.withoutTargets(TableFile.of(file("x,c,d\n,,u\n")), schema).strict()).dim(0));
    }

    private void assertStrict(TableSchema schema, String text, String... facts) throws IOException {
        Path path = file(text);
        assertBadData(() -> ReaderRows.inputs(TableReader.withoutTargets(TableFile.of(path), schema).strict()), facts);
    }

    // ------------------------------------------------------------------------------------------------------ bad files

    private void assertBad(String text, String... facts) throws IOException {
        TableSchema schema = schema();
        Path path = file(text);
        assertBadData(() -> ReaderRows.examples(TableReader.open(TableFile.of(path), schema, ALL)), path.toString());
        assertBadData(() -> ReaderRows.examples(TableReader.open(TableFile.of(path), schema, ALL)), facts);
    }

    @Test
    void refusesRowsThatDoNotFit() throws IOException {
        assertBad("c,d,y\na,u,no\n", "expected a column \"x\", which the model needs", "Received the columns: c, d, y");
        assertBad("x,c,d\n1,a,u\n", "expected a column \"y\", the target", "Received the columns: x, c, d");
        assertBad("x,c,d,y\n1,a,u,maybe\n", "line 2, column 4 (y): expected a label that is known, one of no, yes",
                "Received: \"maybe\"");
        assertBad("x,c,d,y\n1,a,u,\n1,a,u,NA\n", "expected rows with the target \"y\". Received: none of 2");
        assertBad("x,c,d,y\n1,a,u,no\n1,a,u\n", "line 3: expected 4 columns");
        assertBad("x,c,d,y\n", "expected rows");
    }

    @Test
    void predictionDoesNotLookAtTheTarget() throws IOException {
        TableSchema schema = schema();
        assertRows(file("x,c,d,y\n3,a,u,\n3,a,u,maybe\n"), schema, row(0, 0, 1, 0, 0, 0, 1, 0), row(0, 0, 1, 0, 0, 0, 1, 0));
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(file("x,c,d\n3,a,u\n")), schema)) {
            reader.next(new float[8], 0);
            assertRefused(IllegalStateException.class, reader::target, "without targets");
        }
    }

    // ------------------------------------------------------------------------------------------------------ targets

    private static float[] targets(Path path, TableSchema schema) throws IOException {
        List<Float> targets = new ArrayList<>();
        try (TableReader reader = TableReader.open(TableFile.of(path), schema, ALL)) {
            float[] features = new float[schema.width()];
            while (reader.next(features, 0)) {
                targets.add(reader.target());
                assertEquals(targets.size() - 1, reader.row());
                assertEquals(targets.size() + 1, reader.line());
            }
        }
        float[] array = new float[targets.size()];
        IntStream.range(0, array.length).forEach(i -> array[i] = targets.get(i));
        return array;
    }

    @Test
    void labelsBecomeClasses() throws IOException {
        TableSchema schema = schema();
        assertArrayEquals(new float[] {0, 1, 0, 1, 0, 0}, targets(folder.resolve("training.csv"), schema));
        try (TableReader reader = TableReader.open(TableFile.of(folder.resolve("training.csv")), schema, ALL)) {
            assertEquals(Tensor.of(new float[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {1, 0}}),
                    targetsOf(ReaderRows.examples(reader)));
        }
    }

    @Test
    void numbersAsLabelsMayBeSpeltInAnyWay() throws IOException {
        TableSchema schema = TableSchema.infer(file("x,y\n1,0\n2,5\n3,10\n"), "y", new TableOptions());
        assertArrayEquals(new float[] {2, 1, 0, 0}, targets(file("x,y\n1,10.0\n1,5e0\n1,-0\n1,0\n"), schema));
        assertBadData(() -> targets(file("x,y\n1,2\n"), schema), "expected a label that is known, one of 0, 5, 10");
        assertBadData(() -> targets(file("x,y\n1,x\n"), schema), "expected a label that is known");
    }

    @Test
    void valuesAreStandardised() throws IOException {
        TableSchema schema = TableSchema.infer(file("x,y\n1,100000.5\n2,300000.5\n"), "y", new TableOptions());
        assertEquals(1, schema.targetWidth());
        assertArrayEquals(new float[] {-1, 1, 0}, targets(file("x,y\n1,100000.5\n1,300000.5\n1,200000.5\n"), schema));
        try (TableReader reader = TableReader.open(TableFile.of(file("x,y\n1,400000.5\n")), schema, ALL)) {
            assertEquals(Tensor.of(new float[][] {{2}}), targetsOf(ReaderRows.examples(reader)));
        }
        assertBadData(() -> targets(file("x,y\n1,cheap\n"), schema), "line 2, column 2 (y): expected a finite number",
                "regression");
    }

    private static Tensor targetsOf(Examples examples) {
        return all(Batches.of(examples, examples.count())).targets().get(0);
    }

    private static Batch all(Batches batches) {
        return batches.open(0).next();
    }

    // --------------------------------------------------------------------------------------------------------- parts

    /** A table of the numbers 0 to 999, and as target the same. */
    private Path thousand() throws IOException {
        return file("x,y\n" + IntStream.range(0, 1000).mapToObj(i -> i + "," + i + "\n").collect(Collectors.joining()));
    }

    @Test
    void oneFileIsReadAsTrainingAndAsValidation() throws IOException {
        Path path = thousand();
        LongPredicate validation = Splits.validationRows(0.2, 7);
        TableSchema schema = TableSchema.infer(path, "y", PLAIN.rows(validation.negate()));
        List<Long> seen = new ArrayList<>();
        for (LongPredicate part : List.of(validation, validation.negate())) {
            try (TableReader reader = TableReader.open(TableFile.of(path), schema, part)) {
                TableTarget.Regression regression = (TableTarget.Regression) schema.target();
                while (reader.next(new float[1], 0)) {
                    assertTrue(part.test(reader.row()));
                    assertEquals(reader.row(), regression.restore(reader.target()), 1e-4);
                    seen.add(reader.row());
                }
            }
        }
        assertEquals(schema.rows(), IntStream.range(0, 1000).filter(row -> !validation.test(row)).count());
        assertEquals(1000, seen.stream().distinct().count());
        assertEquals(1000, seen.size());
    }

    @Test
    void rowsThatAreLeftOutAreNotLookedAt() throws IOException {
        TableSchema schema = schema();
        try (TableReader reader = TableReader.open(TableFile.of(file("x,c,d,y\nbad,a,u,bad\n3,a,u,no\n")), schema,
                Splits.rows(new int[] {1}))) {
            assertEquals(1, ReaderRows.examples(reader).count());
            assertFalse(reader.next(new float[8], 0));
        }
    }

    // -------------------------------------------------------------------------------------------------------- streams

    @Test
    void aDatasetGivesWhatTheReaderReads() throws IOException {
        TableSchema schema = schema();
        Path path = folder.resolve("training.csv");
        Dataset dataset = new TableDataset(TableFile.of(path), schema, row -> row != 1);
        assertEquals(ExampleSpec.of(Shape.of(8), Shape.of(2)), dataset.spec());
        try (TableReader reader = TableReader.open(TableFile.of(path), schema, row -> row != 1)) {
            Batch expected = all(Batches.of(ReaderRows.examples(reader), 5));
            for (int epoch = 0; epoch < 2; epoch++) {
                try (Batches.Pass pass = dataset.batch(5).open(epoch)) {
                    Batch batch = pass.next();
                    assertEquals(expected.inputs(), batch.inputs());
                    assertEquals(expected.targets(), batch.targets());
                    assertNull(pass.next());
                }
            }
        }
    }

    @Test
    void aDatasetRefusesAFileThatIsNotWhatItWas() throws IOException {
        TableSchema schema = schema();
        String text = "x,c,d,y\n1,a,u,no\n1,a,u,no\n";
        Path path = file(text);
        Batches batches = new TableDataset(TableFile.of(path), schema, ALL).batch(1);
        try (Batches.Pass pass = batches.open(0)) {
            pass.next();
            file(text + "1,a,u,no\n"); // while it is read
            UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> {
                while (pass.next() != null) {
                    // to the end
                }
            });
            assertTrue(e.getCause().getMessage().startsWith(path + ": expected the table to stay as it is"), e::getMessage);
        }
        Batches later = new TableDataset(TableFile.of(path), schema, ALL).batch(1);
        file(text);
        assertThrows(UncheckedIOException.class, () -> later.open(0), "it became shorter between two passes");
    }

    @Test
    void aDatasetSaysWhatIsWrongWithItsFile() throws IOException {
        TableSchema schema = schema();
        Path path = file("x,c,d,y\n1,a,u,no\n1,a,u,bad\n");
        Batches batches = new TableDataset(TableFile.of(path), schema, ALL).batch(2);
        UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> all(batches));
        assertTrue(e.getCause().getMessage().contains("line 3, column 4 (y)"), e::getMessage);
        Batches missing = new TableDataset(TableFile.of(folder.resolve("none.csv")), schema, ALL).batch(2);
        assertTrue(assertThrows(UncheckedIOException.class, () -> missing.open(0)).getMessage().contains("no such file"));
    }
}

package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.DataException;
import beras.data.table.SampleWeight;
import beras.data.table.TableColumn;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableParts;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableSplit;
import beras.data.table.TableTarget;
import beras.data.table.TargetMeans;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.saving.ModelFile;
import beras.tables.TableTraining.Fold;
import beras.tensor.Tensor;
import beras.training.Logs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What it does to a training that rows count more or less. */
@Tag("once")
@Tag("tables")
class SampleWeightTest {

    private static final int ROWS = 120;

    @TempDir
    Path folder;

    private TableFile write(String header, long rows, LongFunction<String> line) throws IOException {
        return TableFile.of(TinyTable.write(Files.createTempFile(folder, "table", ".csv"), header, rows, line));
    }

    /** Kinds of things, with a weight in front. */
    private TableFile kinds(LongFunction<String> weight) throws IOException {
        return write("w," + TinyTable.COLUMNS + ",kind", ROWS, row -> weight.apply(row) + "," + TinyTable.cells(row) + ","
                + TinyTable.kind(row));
    }

    private static TableTraining training(TableFile file) {
        return TableTraining.of(file, "kind").change(recipe -> recipe.epochs(3));
    }

    private static TableTraining weighted(TableFile file) {
        return training(file).options(new TableOptions().sampleWeight("w"));
    }

    private static String bits(TableModel model) {
        return ModelFile.weightsSha256(model.model());
    }

    private static TableSchema schema(TableFile file, TableOptions options) throws IOException {
        return TableSchema.infer(file, "kind", options);
    }

    // --------------------------------------------------------------------------------------------------- what they do

    /** Also a mean that is not exact, as that of 0.1 summed up is not. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "0.1", "3e7"})
    void equalWeightsTrainTheSameBitsAsNone(String weight) throws IOException {
        TableModel none = training(write(TinyTable.COLUMNS + ",kind", ROWS, row -> TinyTable.cells(row) + ","
                + TinyTable.kind(row))).fit();
        TableModel equal = weighted(kinds(row -> weight)).fit();
        assertEquals(bits(none), bits(equal));
        assertEquals(numbers(none), numbers(equal));
        assertEquals(none.schema().columns(), equal.schema().columns());
        assertNotEquals(bits(none), bits(weighted(kinds(row -> Long.toString(1 + row % 3))).fit()));
    }

    /** Of each epoch. */
    private static List<Map<String, Double>> numbers(TableModel model) {
        return model.history().orElseThrow().epochs().epochs().stream().map(Logs::values).toList();
    }

    /** As if it was not in the file: to split the rows, to learn what the columns are, to train and to validate. */
    @Test
    void aRowOfWeight0IsLeftOut() throws IOException {
        LongFunction<String> row = number -> TinyTable.cells(number) + "," + TinyTable.kind(number);
        String header = "w," + TinyTable.COLUMNS + ",kind";
        TableFile without = write(header, ROWS, number -> 1 + number % 3 + "," + row.apply(number));
        TableFile with = write(header, ROWS * 3 / 2, number -> number % 3 == 2 ? "0.0,7,1e6,violet,-5,Mars,huge"
                : 1 + (number - number / 3) % 3 + "," + row.apply(number - number / 3));
        TableModel expected = weighted(without).fit();
        TableModel actual = weighted(with).fit();
        assertEquals(expected.schema(), actual.schema());
        assertEquals(bits(expected), bits(actual));
        assertEquals("60 rows have the weight 0 in column \"w\", and are left out", weighted(with).prepare().remarks().get(0));
        assertEquals(expected.evaluate(without).values(), actual.evaluate(without).values());
        List<Fold> folds = weighted(without).crossValidate(2);
        List<Fold> same = weighted(with).crossValidate(2);
        for (int i = 0; i < 2; i++) {
            assertEquals(folds.get(i).measured().values(), same.get(i).measured().values());
        }
    }

    /** Also from the means of the target that a category of many values becomes, of which validation rows are none. */
    @Test
    void theMeansOfACategoryAreOfRowsThatCount() throws IOException {
        LongFunction<String> row = number -> "shop" + number % 150 + "," + number % 7;
        TableFile without = write("w,shop,price", 900, number -> "1," + row.apply(number));
        TableFile with = write("w,shop,price", 1800, number -> number % 2 == 0 ? "1," + row.apply(number / 2) : "0,shop1,1000");
        List<TableColumn> expected = columns(without);
        assertTrue(expected.get(0).config().toString().contains("means"), expected::toString);
        assertEquals(expected, columns(with));
    }

    private static List<TableColumn> columns(TableFile file) throws IOException {
        return TableTraining.of(file, "price").options(new TableOptions().sampleWeight("w").task(TableTarget.Task.REGRESSION))
                .split(TableSplit.random(0)).prepare().schema().columns();
    }

    /** A step is made of all rows, so that its gradient is the same. Each size is there as often in both. */
    @Test
    void aRowOfWeight2CountsAsMuchAsTheRowTwice() throws IOException {
        LongFunction<String> line = row -> row / 2 + "," + (row % 2 == 0 ? "a" : "b");
        TableFile once = write("w,size,kind", 40, row -> ((row + row / 2) % 2 == 0 ? "2," : "1,") + line.apply(row));
        TableFile twice = write("size,kind", 60, row -> line.apply(row / 3 * 2 + (row % 3 == 2 ? row / 3 % 2 : row % 3)));
        TableFile same = write("size,kind", 40, line);
        double expected = probability(TableTraining.of(twice, "kind"));
        double actual = probability(TableTraining.of(once, "kind").options(new TableOptions().sampleWeight("w")));
        assertEquals(expected, actual, 1e-6);
        assertTrue(Math.abs(expected - probability(TableTraining.of(same, "kind"))) > 0.001, () -> "each counts once: " + expected);
    }

    private static double probability(TableTraining training) throws IOException {
        TableModel model = training.split(TableSplit.random(0)).change(recipe -> recipe.layers("8:relu,2:softmax")
                .optimizer("sgd(0.5)").epochs(40).batchSize(64)).fit();
        return model.predict(Map.of("size", 4)).probabilities().get("a");
    }

    /** The loss of the validation is the mean of the weights times the losses, weights relative to the mean of training. */
    @Test
    void theValidationIsWeightedToo() throws IOException {
        TableFile file = kinds(row -> Long.toString(1 + row % 5));
        TableModel model = weighted(file).change(recipe -> recipe.layers("4:relu,3:softmax").epochs(1).ensemble(1)).fit();
        PreparedTable table = weighted(file).prepare();
        SampleWeight weight = table.schema().sampleWeight().orElseThrow();
        double loss = 0;
        double hits = 0;
        double weights = 0;
        int rows = 0;
        try (TableReader reader = TableReader.training(file, table.schema(), table.parts().validation())) {
            float[] features = new float[table.schema().width()];
            while (reader.next(features, 0)) {
                Tensor scores = model.model().predict(Tensor.wrap(features, 1, features.length));
                double own = Double.parseDouble(reader.cell(0)) / weight.mean();
                assertEquals(own, reader.weight(), 1e-6);
                loss -= own * Math.log(scores.get(0, (int) reader.target()));
                hits += scores.argmax(1)[0] == (int) reader.target() ? own : 0;
                weights += own;
                rows++;
            }
        }
        assertEquals(loss / rows, model.history().orElseThrow().epochs().epochs().get(0).get("val_loss"), 1e-5);
        assertEquals(hits / weights, model.history().orElseThrow().epochs().epochs().get(0).get("val_accuracy"), 1e-5);
    }

    /** Weights of labels and of rows are multiplied: so they can cancel out. */
    @Test
    void weightsOfLabelsAndRowsAreMultiplied() throws IOException {
        LongFunction<String> line = row -> row % 10 + "," + (row % 4 == 0 ? "a" : "b");
        TableFile weighted = write("w,size,kind", 40, row -> (row % 4 == 0 ? "2," : "4,") + line.apply(row));
        TableTraining none = TableTraining.of(write("size,kind", 40, line), "kind").split(TableSplit.random(0))
                .change(recipe -> recipe.layers("8:relu,2:softmax").epochs(5));
        TableTraining both = TableTraining.of(weighted, "kind").split(TableSplit.random(0))
                .options(new TableOptions().sampleWeight("w"))
                .change(recipe -> recipe.layers("8:relu,2:softmax").epochs(5).classWeight(3.5 / 2, 3.5 / 4));
        double expected = none.fit().predict(Map.of("size", 3)).probabilities().get("a");
        assertEquals(expected, both.fit().predict(Map.of("size", 3)).probabilities().get("a"), 1e-6);
    }

    // ------------------------------------------------------------------------------------------------ where they are

    @Test
    void inMemoryAndStoredRowsHaveTheSameWeights() throws IOException {
        TableFile file = kinds(row -> Long.toString(row % 7));
        PreparedTable table = weighted(file).prepare();
        List<Batch> expected = batches(file.keepRows(), table, "7", 1 << 30);
        List<Batch> stored = batches(file.keepRows(), table, "7", 8_000);
        assertEquals(expected.size(), stored.size());
        for (int i = 0; i < stored.size(); i++) {
            assertArrayEquals(expected.get(i).inputs().get(0).toArray(), stored.get(i).inputs().get(0).toArray());
            assertArrayEquals(expected.get(i).weights().toArray(), stored.get(i).weights().toArray());
        }
        float[] last = stored.get(stored.size() - 2).weights().toArray();
        assertTrue(last[0] > 0 && !Arrays.equals(last, new float[] {1, 1, 1, 1, 1}), () -> Arrays.toString(last));
    }

    private static List<Batch> batches(TableFile file, PreparedTable table, String buffer, long heap) throws IOException {
        TableParts parts = table.parts();
        TableRows rows = new TableRows(TargetMeans.learn(file, table.schema(), new TableOptions().rows(parts.training())), new TableRows.Source(file, parts.training(), table.schema().rows()),
                new TableRows.Source(file, parts.validation(), parts.validationRows()), parts, buffer, heap);
        assertEquals(heap > 1 << 20, rows.inMemory());
        List<Batch> all = new ArrayList<>();
        for (Batches batches : List.of(rows.training(5, 1, 1), rows.validation(5, 1).orElseThrow())) {
            try (Batches.Pass pass = batches.open(0)) {
                for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                    all.add(new Batch(List.of(batch.inputs().get(0).copy()), List.of(), batch.weights().copy()));
                }
            }
        }
        return all;
    }

    @Test
    void theSchemaKeepsTheColumnWhichIsNoFeatureAndNotNeededToPredict() throws IOException {
        TableFile file = kinds(row -> Long.toString(1 + row % 2));
        TableModel model = weighted(file).fit();
        assertFalse(model.schema().columns().stream().anyMatch(column -> column.name().equals("w")));
        assertEquals("w", model.schema().sampleWeight().orElseThrow().name());
        assertEquals(1.5, model.schema().sampleWeight().orElseThrow().mean(), 0.1);
        assertEquals("w", model.saved().provenance().get("sample_weight"));
        Path saved = folder.resolve("m.beras");
        model.save(saved);
        TableModel loaded = TableModel.load(saved);
        assertEquals(model.schema(), loaded.schema());
        TableFile unweighted = write(TinyTable.COLUMNS, 9, TinyTable::cells);
        try (TablePredictions one = model.predict(unweighted); TablePredictions other = loaded.predict(unweighted)) {
            assertEquals(one.next().toString(), other.next().toString());
        }
    }

    /** What was saved before there were weights has none; and a schema of none is written as then. */
    @Test
    void aConfigWithoutWeightsIsOfRowsThatCountTheSame() throws IOException {
        Config config = schema(kinds(row -> "1"), new TableOptions()).config();
        assertFalse(config.has("sampleWeight"));
        assertEquals(Optional.empty(), TableSchema.of(config).sampleWeight());
        TableSchema weighted = schema(kinds(row -> row % 2 == 0 ? "\"0,5\"" : "2"), new TableOptions().sampleWeight("w"));
        assertEquals(new SampleWeight("w", 1.25, true), weighted.sampleWeight().orElseThrow());
        assertEquals(weighted, TableSchema.of(weighted.config()));
    }

    /** So that evaluate --rows validation finds the rows that were held out. */
    @Test
    void theOriginFindsTheRowsThatWereHeldOut() throws IOException {
        TableFile file = kinds(row -> Long.toString(row % 3));
        PreparedTable table = weighted(file).prepare();
        TableParts found = TableOrigin.of(table.provenance()).parts(file);
        assertEquals(8, table.validationRows());
        for (int row = 0; row < ROWS; row++) {
            assertEquals(table.parts().validation().test(row), found.validation().test(row));
        }
    }

    @Test
    void validationDataAreWeightedToo() throws IOException {
        TableFile file = kinds(row -> Long.toString(1 + row % 3));
        TableFile validation = kinds(row -> row < 100 ? "0" : "2");
        TableTraining training = weighted(file).validationData(validation);
        assertEquals(20, training.prepare().validationRows());
        assertEquals(3, training.fit().history().orElseThrow().epochs().epochs().size());
        DataException none = assertThrows(DataException.class, () -> weighted(file).validationData(kinds(row -> "0")).fit());
        assertTrue(none.getMessage().contains("expected rows with a weight above 0 in column \"w\". Received: 0 in all 120"),
                none::getMessage);
        assertRefused("line 9, column 1 (w): expected a weight nearer to those of the rows to train on. Received: \"1e30\"",
                weighted(kinds(row -> "1e-30")).validationData(kinds(row -> row == 7 ? "1e30" : "1")));
    }

    // ------------------------------------------------------------------------------------------------ what is refused

    @ParameterizedTest
    @CsvSource({"-1, \"-1\"", "'', nothing", "NA, \"NA\"", "heavy, \"heavy\"", "inf, \"inf\"", "1e39, \"1e39\"", "nan, \"nan\"",
        "(3), \"(3)\""})
    void aWeightThatIsNoneIsRefusedWithItsRow(String weight, String shown) throws IOException {
        TableFile file = kinds(row -> row == 7 ? weight : "1.5");
        for (TableTraining training : List.of(weighted(file), weighted(file).split(TableSplit.random(0)))) {
            String message = assertThrows(DataException.class, training::fit).getMessage();
            assertTrue(message.contains("line 9, column 1 (w): expected a weight, a finite number of at least 0 (of weight 0 a row is"
                    + " left out). Received: ") || message.contains("expected a number of at most 3.4e38"), message);
            assertTrue(message.contains("line 9") && (message.contains(shown) || weight.isEmpty()), message);
        }
    }

    @Test
    void whatCannotBeAColumnOfWeightsIsRefused() throws IOException {
        TableFile zeros = kinds(row -> "0");
        assertRefused("expected rows to train on. Received: none of the 120 that there are, of which 120 have the weight 0 in column"
                + " \"w\"", weighted(zeros).split(TableSplit.random(0)));
        assertRefused("Received: 0 and 0, of 0 with a target and a weight above 0", weighted(zeros));
        TableFile file = kinds(row -> "1");
        assertRefused("expected a column \"v\", the weights of the rows. Received the columns: ",
                training(file).options(new TableOptions().sampleWeight("v")));
        assertRefused("the target cannot be the weight of its own rows. Received: kind. Name another column",
                training(file).options(new TableOptions().sampleWeight("kind")).split(TableSplit.random(0)));
        assertRefused("The weights of the rows are no feature, which has a type. Received a type for: w",
                training(file).options(new TableOptions().sampleWeight("w").types(Map.of("w", Type.NUMERIC))));
        assertRefused("line 4, column 1 (w): expected a weight, a finite number of at least 0 (of weight 0 a row is left out). Received:"
                + " \"0,5\"",
                weighted(kinds(row -> row == 2 ? "\"0,5\"" : "0.5")));
    }

    private static void assertRefused(String expected, TableTraining training) {
        String message = assertThrows(Exception.class, training::fit).getMessage();
        assertTrue(message.contains(expected), message);
    }
}

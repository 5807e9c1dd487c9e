package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.table.NumericColumn;
import beras.data.table.TableColumn;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.kernels.RestoresThreads;
import beras.kernels.Threads;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.prediction.Prediction;
import beras.saving.SavedModel;
import beras.tables.RowExplanation.Share;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The shares of the columns of a row, beside Shapley values that are computed from their definition. */
@Tag("once")
@Tag("tables")
@TestInstance(Lifecycle.PER_CLASS)
class RowExplainerTest implements RestoresThreads {

    private static final String ROWS = "day,colour,size,age,planet";

    private Path folder;
    private TableModel kind; // an ensemble of a date, a category and numbers, some of them missing
    private TableModel price;
    private TableFile kinds;

    @BeforeAll
    void train(@TempDir Path shared) throws IOException {
        folder = shared;
        kinds = write("kinds.csv", ROWS + ",kind", 200, row -> cells(row) + "," + TinyTable.kind(row));
        kind = TableTraining.of(kinds, "kind").change(recipe -> recipe.epochs(5)).fit();
        price = TableTraining.of(write("prices.csv", "size,age,price", 200, row -> row % 13 + "," + row % 7 + ","
                + row % 13 * (row % 7)), "price").options(new TableOptions().types(Map.of("size", Type.NUMERIC, "age", Type.NUMERIC)))
                .change(recipe -> recipe.layers("16:relu,1:linear").epochs(20)).fit();
    }

    private TableFile write(String name, String header, long rows, LongFunction<String> line) throws IOException {
        return TableFile.of(TinyTable.write(folder.resolve(name), header, rows, line));
    }

    private static String cells(long row) {
        String[] cells = TinyTable.cells(row).split(",");
        return "2024-0" + (1 + row % 9) + "-1" + row % 10 + "," + cells[2] + "," + cells[1] + "," + cells[3] + "," + cells[4];
    }

    private static void assertAddsUp(RowExplanation explanation) {
        double sum = explanation.baseline();
        for (Share share : explanation.shares()) {
            sum += share.share();
        }
        assertEquals(explanation.prediction(), sum, 1e-12 * Math.max(1, Math.abs(explanation.prediction())));
    }

    private static Map<String, Double> shares(RowExplanation explanation) {
        return explanation.shares().stream().collect(Collectors.toMap(Share::column, Share::share));
    }

    // -------------------------------------------------------------------------------------------- what they should be

    /** A model that gives sums of weights times numbers. */
    private static TableModel linear(double... weights) {
        Sequential net = new Sequential(1, new Input(weights.length), new Dense(1));
        net.weights().get(0).assign(Tensor.of(weights).reshape(weights.length, 1));
        return model(net, weights.length);
    }

    private static TableModel model(Sequential net, int inputs) {
        List<TableColumn> columns = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            columns.add(new NumericColumn("x" + i, 0, "", 0, 1));
        }
        return TableModel.of(new SavedModel(net)
                .preprocessor(new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 1000, 50), columns, 3))));
    }

    /** The weight times the distance from the mean, in the unit of the table; exactly 0 where the weight is. */
    @Test
    void ofALinearModelTheyAreItsTerms() throws IOException {
        TableFile others = write("linear.csv", "x3,x0,x1,x2", 4, row -> row + "," + row * row + ",5," + (7 - row));
        RowExplanation explanation = RowExplainer.of(linear(2, -1, 0, 0.5), others)
                .explain(Map.of("x0", 10, "x1", 4, "x2", 100, "x3", 1.5));
        assertAddsUp(explanation);
        assertEquals(Optional.empty(), explanation.label());
        assertEquals(4, explanation.rows());
        assertEquals(1000 + 50 * (2 * 3.5 - 5 + 0.75), explanation.baseline(), 1e-9);
        assertEquals(1000 + 50 * (20 - 4 + 0.75), explanation.prediction(), 1e-9);
        assertEquals(List.of("x0", "x1", "x2", "x3"), explanation.shares().stream().map(Share::column).toList());
        assertEquals(50 * 2 * (10 - 3.5), explanation.shares().get(0).share(), 1e-9);
        assertEquals(50 * -1 * (4 - 5), explanation.shares().get(1).share(), 1e-9);
        assertEquals(0, explanation.shares().get(2).share());
        assertEquals(0, explanation.shares().get(3).share(), 1e-9);
        assertEquals("10", explanation.shares().get(0).value());
    }

    /** Two columns have two orders, both of which are taken, so that any function of them is exact, such as near a product. */
    @Test
    void ofTwoColumnsTheyAreExact() throws IOException {
        List<Map<String, Object>> others = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            others.add(Map.of("size", i, "age", (3 * i + 1) % 7));
        }
        TableFile file = write("two.csv", "size,age", 9, row -> row + "," + (3 * row + 1) % 7);
        for (Map<String, Object> row : List.<Map<String, Object>>of(Map.of("size", 12, "age", 6), Map.of("size", 0, "age", 3))) {
            RowExplanation explanation = RowExplainer.of(price, file).explain(row);
            assertAddsUp(explanation);
            Map<String, Double> expected = shapley(price, row, others, Prediction::value);
            assertTrue(expected.values().stream().anyMatch(share -> Math.abs(share) > 3), expected::toString);
            for (Map.Entry<String, Double> share : shares(explanation).entrySet()) {
                assertEquals(expected.get(share.getKey()), share.getValue(), 1e-9, share.getKey());
            }
        }
    }

    /** Of a net that is above 0 only if all three numbers are 1 each has a third, in the mean over the orders. */
    @Test
    void columnsThatActOnlyTogetherShareAlike() throws IOException {
        Sequential net = new Sequential(1, new Input(3), new Dense(1, "relu"));
        net.weights().get(0).assign(Tensor.of(1f, 1f, 1f).reshape(3, 1));
        net.weights().get(1).assign(-2);
        TableFile others = write("together.csv", "x0,x1,x2", 300, row -> "0,0,0");
        RowExplanation explanation = RowExplainer.of(model(net, 3), others).explain(Map.of("x0", 1, "x1", 1, "x2", 1));
        assertAddsUp(explanation);
        explanation.shares().forEach(share -> assertEquals(50 / 3.0, share.share(), 2, explanation::toString));
    }

    /** Of four columns, one of them a date, another a category, as near as some orders of each other row come. */
    @Test
    void ofSeveralColumnsTheyAreNearTheirDefinition() throws IOException {
        List<Map<String, Object>> others = new ArrayList<>();
        for (int i = 100; i < 140; i++) {
            others.add(row(i));
        }
        TableFile file = write("some.csv", ROWS, 40, row -> cells(100 + row));
        Map<String, Object> row = row(3);
        RowExplanation explanation = RowExplainer.of(kind, file).label("small").explain(row);
        Map<String, Double> expected = shapley(kind, row, others, prediction -> prediction.probabilities().get("small"));
        assertAddsUp(explanation);
        assertEquals(expected.keySet(), shares(explanation).keySet());
        double largest = expected.values().stream().mapToDouble(Math::abs).max().orElseThrow();
        assertTrue(largest > 0.03, expected::toString);
        shares(explanation).forEach((column, share) -> assertEquals(expected.get(column), share, 0.02 * largest, column));
    }

    private static Map<String, Object> row(long number) {
        String[] names = ROWS.split(",");
        String[] cells = cells(number).split(",");
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            row.put(names[i], cells[i]);
        }
        return row;
    }

    private interface Worth {
        double of(Prediction prediction);
    }

    /** Shapley values by their definition: over all sets of the other columns, weighted by how many orders begin with them. */
    private static Map<String, Double> shapley(TableModel model, Map<String, Object> row, List<Map<String, Object>> others,
            Worth worth) {
        List<String> columns = model.schema().columns().stream().filter(column -> column.width() > 0)
                .map(column -> column.name()).toList();
        double[] ofSet = new double[1 << columns.size()];
        for (int set = 0; set < ofSet.length; set++) {
            for (Map<String, Object> other : others) {
                Map<String, Object> mixed = new HashMap<>(other);
                for (int i = 0; i < columns.size(); i++) {
                    if ((set >> i & 1) == 1) {
                        mixed.put(columns.get(i), row.get(columns.get(i)));
                    }
                }
                ofSet[set] += worth.of(model.predict(mixed)) / others.size();
            }
        }
        Map<String, Double> shares = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            double share = 0;
            for (int set = 0; set < ofSet.length; set++) {
                if ((set >> i & 1) == 0) {
                    int before = Integer.bitCount(set);
                    double orders = factorial(before) * factorial(columns.size() - before - 1) / factorial(columns.size());
                    share += orders * (ofSet[set | 1 << i] - ofSet[set]);
                }
            }
            shares.put(columns.get(i), share);
        }
        return shares;
    }

    private static double factorial(int n) {
        return n == 0 ? 1 : n * factorial(n - 1);
    }

    // ------------------------------------------------------------------------------------------------- of each kind

    @Test
    void theyAddUpToThePredictionOfEachLabelAndAreOfColumns() throws IOException {
        RowExplainer explainer = RowExplainer.of(kind, kinds);
        assertEquals(200, explainer.rows());
        Map<String, Object> row = row(22); // without an age
        row.put("age", null);
        Prediction prediction = kind.predict(row);
        RowExplanation usual = explainer.explain(row);
        assertEquals(Optional.of(prediction.label()), usual.label());
        double baselines = 0;
        for (String label : kind.schema().target().labels()) {
            RowExplanation explanation = explainer.label(label).explain(row);
            assertAddsUp(explanation);
            assertEquals(prediction.probabilities().get(label), explanation.prediction(), 1e-12, label);
            assertEquals(List.of("age", "colour", "day", "size"),
                    explanation.shares().stream().map(Share::column).sorted().toList(), "planet has no features");
            baselines += explanation.baseline();
        }
        assertEquals(1, baselines, 1e-6);
        assertEquals("", usual.shares().stream().filter(share -> share.column().equals("age")).findFirst().orElseThrow().value());
        assertEquals("size", usual.shares().get(0).column());
        double before = Double.POSITIVE_INFINITY;
        for (Share share : usual.shares()) {
            assertTrue(Math.abs(share.share()) <= before, usual::toString);
            before = Math.abs(share.share());
        }
    }

    @Test
    void aRowOfATableIsThatRowInMemory() throws IOException {
        RowExplainer explainer = RowExplainer.of(kind, kinds);
        TableFile rows = write("rows.csv", ROWS, 30, RowExplainerTest::cells);
        for (int number : new int[] {1, 12, 30}) {
            assertEquals(explainer.explain(row(number - 1)).shares().stream().map(Share::share).toList(),
                    explainer.explain(rows, number).shares().stream().map(Share::share).toList());
        }
        assertEquals("", explainer.explain(rows, 23).shares().stream().filter(share -> share.column().equals("age")).findFirst()
                .orElseThrow().value(), "NA");
        String none = assertThrows(DataException.class, () -> explainer.explain(rows, 31)).getMessage();
        assertTrue(none.contains("expected a row 31. Received: 30 rows"), none);
        assertThrows(IllegalArgumentException.class, () -> explainer.explain(rows, 0));
    }

    @Test
    void theSameSeedGivesTheSameNumbersWhateverTheThreads() throws IOException {
        TableExplanation.Options options = new TableExplanation.Options().most(20).seed(7);
        RowExplanation expected = RowExplainer.of(kind, kinds, options).explain(row(3));
        assertEquals(20, expected.rows());
        Threads.set(1);
        assertEquals(expected, RowExplainer.of(kind, kinds, options).explain(row(3)));
        assertNotEquals(expected, RowExplainer.of(kind, kinds, options.seed(8)).explain(row(3)));
        RowExplanation few = RowExplainer.of(kind, kinds, options.most(200).rows(row -> row < 5)).explain(row(3));
        assertEquals(5, few.rows());
        assertAddsUp(few);
    }

    @Test
    void aModelOfOneColumnHasOneShare() throws IOException {
        RowExplanation explanation = RowExplainer.of(linear(3), write("one.csv", "x0", 3, Long::toString)).explain(Map.of("x0", 4));
        assertEquals(List.of(new Share("x0", "4", 450)), explanation.shares());
    }

    /** 300 million rows of 5 features fit into an array, but not the 8 numbers that the model gives for each. */
    @Test
    void moreRowsThanTheModelCanBeAskedAboutAreRefusedBeforeReading() {
        String message = assertThrows(SettingException.class, () -> RowExplainer.of(linear(1, 2, 3, 4, 5), TableFile.of(Path.of("none.csv")),
                new TableExplanation.Options().most(300_000_000))).getMessage();
        assertTrue(message.startsWith("mostRows: it must be at most 268435454 where a row has 5 features"), message);
    }

    @Test
    void labelsThatAreNoneAreRefused() throws IOException {
        String message = assertThrows(IllegalArgumentException.class, () -> RowExplainer.of(kind, kinds).label("smal")).getMessage();
        assertEquals("The label must be one of big, odd, small. Received: smal. Did you mean small?", message);
        RowExplainer values = RowExplainer.of(price, write("p.csv", "size,age", 2, row -> "1,2"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> values.label("small")).getMessage()
                .contains("a model that predicts a number"));
    }
}

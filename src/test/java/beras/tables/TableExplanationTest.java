package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.table.TableColumn;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.kernels.RestoresThreads;
import beras.kernels.Threads;
import beras.tables.PartialDependence.Point;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What models make of columns of which it is known what decides. */
@Tag("once")
@Tag("tables")
@TestInstance(Lifecycle.PER_CLASS)
class TableExplanationTest implements RestoresThreads {

    private TableFile kinds;
    private TableFile prices;
    private TableModel kind;
    private TableModel price;

    @BeforeAll
    void train(@TempDir Path folder) throws IOException {
        kinds = TableFile.of(TinyTable.kinds(folder.resolve("kinds.csv")));
        prices = TableFile.of(TinyTable.prices(folder.resolve("prices.csv")));
        kind = train(kinds, "kind");
        price = train(prices, "price");
    }

    private static TableModel train(TableFile file, String target) throws IOException {
        return TableTraining.of(file, target).options(new TableOptions().types(Map.of("id", TableColumn.Type.IGNORED)))
                .change(recipe -> recipe.epochs(40)).fit();
    }

    private static TableExplanation.Options options() {
        return new TableExplanation.Options();
    }

    // ------------------------------------------------------------------------------------------------- importance

    @Test
    void whatDecidesIsImportantAndWhatIsLeftOutIsNotListed() throws IOException {
        TableExplanation explanation = kind.explain(kinds);
        assertEquals(TinyTable.ROWS, explanation.rows());
        PermutationImportance importance = explanation.importance();
        assertEquals("log_loss", importance.measure());
        assertEquals(kind.evaluate(kinds).values().get("log_loss"), importance.value(), 1e-9);
        List<PermutationImportance.Column> columns = importance.columns();
        assertEquals("size", columns.get(0).name());
        assertEquals(List.of("age", "colour", "size"),
                columns.stream().map(PermutationImportance.Column::name).sorted().toList());
        assertTrue(columns.get(0).mean() > 0.5, importance::toString);
        assertTrue(columns.get(1).mean() < 0.2 && columns.get(1).mean() >= columns.get(2).mean(), importance::toString);

        PermutationImportance ofPrice = price.explain(prices).importance();
        assertEquals("rmse", ofPrice.measure());
        assertEquals("size", ofPrice.columns().get(0).name());
        assertEquals("colour", ofPrice.columns().get(1).name());
        assertTrue(ofPrice.columns().get(1).mean() > 10_000, "in units of the table: " + ofPrice);
    }

    /** To shuffle what decides makes each measure worse, whichever way that is. */
    @Test
    void eachMeasureOfTheReportsTakesPart() throws IOException {
        for (String measure : PermutationImportance.measures(kind.schema().target())) {
            PermutationImportance importance = kind.explain(kinds, options().measure(measure).repeats(2)).importance();
            assertEquals("size", importance.columns().get(0).name(), importance::toString);
            assertTrue(importance.columns().get(0).mean() > 0, importance::toString);
        }
        for (String measure : PermutationImportance.measures(price.schema().target())) {
            PermutationImportance importance = price.explain(prices, options().measure(measure).repeats(2)).importance();
            assertEquals("size", importance.columns().get(0).name(), importance::toString);
            assertTrue(importance.columns().get(0).mean() > 0, importance::toString);
            assertEquals(price.evaluate(prices).values().get(measure), importance.value(), 1e-6 * Math.abs(importance.value()),
                    measure);
        }
        assertTrue(PermutationImportance.measures(kind.schema().target()).containsAll(List.of("auc", "accuracy",
                "macro_f1")));
        assertThrows(IllegalArgumentException.class, () -> kind.explain(kinds, options().measure("rmse")));
        assertThrows(IllegalArgumentException.class, () -> kind.explain(kinds, options().measure("baseline_accuracy")));
    }

    @Test
    void rowsInMemoryAreExplainedAsThoseOfTheirFile() throws IOException {
        try (Batches.Pass pass = new TableDataset(kinds, kind.schema(), any -> true).batch(TinyTable.ROWS).open(0)) {
            Batch all = pass.next();
            Tensor inputs = all.inputs().get(0);
            Tensor targets = all.targets().get(0);
            assertEquals(kind.explain(kinds).importance(),
                    TableExplanation.of(kind.model(), kind.schema(), inputs, targets, options()).importance());
            assertThrows(IllegalArgumentException.class,
                    () -> TableExplanation.of(kind.model(), kind.schema(), inputs, targets.slice(1, 3), options()));
            assertThrows(IllegalArgumentException.class,
                    () -> TableExplanation.of(kind.model(), kind.schema(), inputs.slice(0, 0), targets.slice(0, 0), options()));
            assertThrows(IllegalArgumentException.class,
                    () -> TableExplanation.of(kind.model(), kind.schema(), targets, targets, options()));
        }
    }

    @Test
    void meansAndDeviationsAreOfTheShuffles() {
        PermutationImportance.Column column = new PermutationImportance.Column("x", List.of(1.0, 2.0, 6.0));
        assertEquals(3, column.mean());
        assertEquals(Math.sqrt(14 / 3.0), column.deviation(), 1e-12);
    }

    @Test
    void neitherThreadsNorOtherColumnsChangeAnything() throws IOException {
        Threads.set(1);
        PermutationImportance alone = kind.explain(kinds).importance();
        PartialDependence dependence = kind.explain(kinds).dependence("size");
        Threads.set(3);
        assertEquals(alone, kind.explain(kinds).importance());
        assertEquals(dependence, kind.explain(kinds).dependence("size"));
        PermutationImportance fewer = kind.explain(kinds, options().repeats(2)).importance();
        for (PermutationImportance.Column column : fewer.columns()) {
            PermutationImportance.Column own = alone.columns().stream().filter(same -> same.name().equals(column.name()))
                    .findFirst().orElseThrow();
            assertEquals(own.worse().subList(0, 2), column.worse(), column.name());
        }
        assertNotEquals(alone, kind.explain(kinds, options().seed(2)).importance());
    }

    // ----------------------------------------------------------------------------------------------------- the rows

    @Test
    void ofMoreRowsSomeAreChosenAtRandom() throws IOException {
        TableFile none = TableFile.of(Path.of("none.csv")); // it is refused before reading
        for (Executable large : List.<Executable>of(() -> kind.explain(none, options().most(Integer.MAX_VALUE)),
                () -> RowExplainer.of(kind, none, options().most(Integer.MAX_VALUE)))) {
            assertTrue(assertThrows(SettingException.class, large).getMessage().matches("mostRows: it must be at most \\d+ where a row has "
                    + kind.schema().width() + " features, as those of all rows are one array, and so is what the model gives\\. Received: 2147483647"));
        }
        TableExplanation some = kind.explain(kinds, options().most(100));
        assertEquals(100, some.rows());
        assertEquals(TinyTable.ROWS, some.allRows());
        assertEquals("size", some.importance().columns().get(0).name());
        assertEquals(some.importance(), kind.explain(kinds, options().most(100)).importance());
        assertNotEquals(some.importance().value(), kind.explain(kinds, options().most(100).seed(2)).importance().value());
        TableExplanation first = kind.explain(kinds, options().rows(row -> row < 50));
        assertEquals(50, first.rows());
        assertEquals(50, first.allRows());
        assertThrows(DataException.class, () -> kind.explain(kinds, options().rows(row -> false)));
    }

    /** So that a table of thousands of columns is explained in bounded memory. */
    @Test
    void ofManyFeaturesFewerRowsAreKept() {
        long row = (long) Float.BYTES * (kind.schema().width() + 2 * 3); // features, and twice as many outputs as labels
        assertEquals(17, TableSample.rowsIn(17 * row + 1, kind.schema()));
        assertEquals(1, TableSample.rowsIn(1, kind.schema()));
    }

    /** Where a column of numbers has but one, what counts is whether it is there. */
    @Test
    void aNumberThatIsThereOrNot(@TempDir Path folder) throws IOException {
        TableFile file = TableFile.of(TinyTable.write(folder.resolve("t.csv"), "flag,x,y", 200,
                row -> (row % 3 == 0 ? "" : "7") + "," + row * 13 % 50 + "," + (row % 3 == 0 ? "a" : "b")));
        TableModel model = TableTraining.of(file, "y").change(recipe -> recipe.epochs(20).optimizer("adam(0.01)")).fit();
        PartialDependence flag = model.explain(file).dependence("flag");
        assertEquals(List.of("(any)", "(missing)"), flag.points().stream().map(Point::value).toList());
        assertTrue(flag.points().get(0).means().get(1) > 0.9 && flag.points().get(1).means().get(0) > 0.9, flag::toString);
    }

    // --------------------------------------------------------------------------------------------------- dependence

    @Test
    void aNumberIsTriedFromItsFifthToItsNinetyFifth() throws IOException {
        PartialDependence size = price.explain(prices).dependence("size");
        assertTrue(size.isNumeric());
        assertEquals(List.of("price"), size.outputs());
        assertEquals(PartialDependence.POINTS, size.points().size());
        assertEquals(0.5, size.points().get(0).number().getAsDouble(), 0.3);
        assertTrue(size.points().get(19).number().getAsDouble() < 28, size::toString);
        double first = size.points().get(0).means().get(0);
        double last = size.points().get(19).means().get(0);
        double span = size.points().get(19).number().getAsDouble() - size.points().get(0).number().getAsDouble();
        assertEquals(20_000, (last - first) / span, 3_000, "what a unit of size costs");
        PartialDependence age = price.explain(prices).dependence("age");
        assertEquals(20, age.points().size());
        double[] ages = LongStream.range(0, TinyTable.ROWS).mapToObj(row -> TinyTable.cells(row).split(",")[3])
                .filter(cell -> !cell.equals("NA")).mapToDouble(Double::parseDouble).sorted().toArray();
        int cut = ages.length / 20;
        assertEquals(ages[cut], age.points().get(0).number().getAsDouble(), 1e-3);
        assertEquals(ages[ages.length - 1 - cut], age.points().get(19).number().getAsDouble(), 1e-3);
        assertTrue(age.points().get(0).means().get(0) > age.points().get(19).means().get(0), age::toString);
    }

    @Test
    void aCategoryIsTriedByItsFrequentValues() throws IOException {
        PartialDependence colour = price.explain(prices).dependence("colour");
        Map<String, Long> often = LongStream.range(0, TinyTable.ROWS).mapToObj(TinyTable::colour)
                .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
        assertEquals(often.keySet().stream().sorted(Comparator.comparing(each -> -often.get(each))).toList(),
                colour.points().stream().map(Point::value).toList());
        double[] means = new double[3];
        for (Point point : colour.points()) {
            means[List.of("blue", "green", "red").indexOf(point.value())] = point.means().get(0);
        }
        assertEquals(50_000, means[2] - (means[0] + means[1]) / 2, 8_000, colour::toString);

        PartialDependence ofKinds = kind.explain(kinds).dependence("size");
        assertEquals(List.of("big", "odd", "small"), ofKinds.outputs());
        for (Point point : ofKinds.points()) {
            assertEquals(1, point.means().stream().mapToDouble(x -> x).sum(), 1e-6);
        }
        assertTrue(ofKinds.points().get(0).means().get(2) > 0.9, ofKinds::toString);
        assertThrows(IllegalArgumentException.class, () -> price.explain(prices).dependence("planet"));
    }

    /** It is the mean of what the model predicts if the column is set in the rows themselves. */
    @Test
    void theMeansAreThoseOfPredictions() throws IOException {
        Point red = price.explain(prices).dependence("colour").points().stream()
                .filter(point -> point.value().equals("red")).findFirst().orElseThrow();
        double sum = 0;
        for (int row = 0; row < TinyTable.ROWS; row++) {
            String[] cells = TinyTable.cells(row).split(",");
            sum += price.predict(Map.of("size", cells[1], "colour", "red", "age", cells[3])).value();
        }
        assertEquals(sum / TinyTable.ROWS, red.means().get(0), 1e-2);
    }
}

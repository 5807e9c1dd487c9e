package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.table.TableFile;
import beras.data.table.TableSplit;
import beras.data.table.TableTarget;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Dataset;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layers;
import beras.models.Ensemble;
import beras.models.Model;
import beras.models.Sequential;
import beras.prediction.ConformalScores;
import beras.prediction.ConformalSets;
import beras.prediction.Prediction;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intervals and sets of models of tables: from the rows that training held out, on rows that it never saw. */
@Tag("tables")
class CoverageTest {

    private static final int NEW_ROWS = 2000;

    @TempDir
    Path folder;

    private static TableModel trained(Path table, String target) throws IOException {
        return TableTraining.of(table, target).change(recipe -> recipe.epochs(10)).fit();
    }

    /** Rows after those of {@link TinyTable}'s files. */
    private TableFile newRows(String target) throws IOException {
        Path rows = TinyTable.write(folder.resolve("new-" + target + ".csv"), TinyTable.COLUMNS + "," + target, NEW_ROWS, row -> {
            long at = row + TinyTable.ROWS;
            return TinyTable.cells(at) + "," + (target.equals("kind") ? TinyTable.kind(at) : TinyTable.price(at));
        });
        return TableFile.of(rows);
    }

    @Test
    void intervalsHaveTheCoverageOnNewRows() throws IOException {
        TableModel model = trained(TinyTable.prices(folder.resolve("prices.csv")), "price");
        assertEquals(TinyTable.ROWS, model.saved().conformalScores().orElseThrow().count());
        Coverage wide = model.coverage(newRows("price"), 0.9);
        assertEquals(NEW_ROWS, wide.rows());
        assertEquals(0.9, wide.promised());
        // Two standard deviations of 400 held-out rows below the promise; networks that held out other rows cover a little more.
        assertEquals(0.9 + 0.015, wide.share(), 0.045);
        Coverage narrow = model.coverage(newRows("price"), 0.5);
        assertEquals(0.5 + 0.015, narrow.share(), 0.065);
        assertTrue(narrow.meanSize() < 0.8 * wide.meanSize(), narrow + " " + wide);
        ConformalSets.Interval interval = model.sets(0.9).interval(model.predict(Map.of("size", 3, "colour", "red", "age", 4)));
        assertTrue(interval.width() > 0.3 * wide.meanSize() && interval.width() < 3 * wide.meanSize(), interval + " " + wide);
    }

    @Test
    void setsHaveTheCoverageOnNewRows() throws IOException {
        TableModel model = TableTraining.of(TinyTable.kinds(folder.resolve("kinds.csv")), "kind")
                .change(recipe -> recipe.epochs(2).ensemble(1)).fit();
        Coverage sets = model.coverage(newRows("kind"), 0.9);
        double accuracy = model.evaluate(newRows("kind")).values().get("accuracy");
        assertTrue(accuracy < 0.85, "expected a model that is wrong now and then. Received: " + accuracy);
        assertEquals(0.9, sets.share(), 0.08);
        assertTrue(sets.meanSize() > 1 && sets.meanSize() < 2.5, sets.toString());
    }

    /** Nothing but the rows, the weights and the target decides. */
    @Test
    void theScoresAreThoseOfTheModelOnItsValidationRows() throws IOException {
        Path table = TinyTable.prices(folder.resolve("prices.csv"));
        TableModel model = TableTraining.of(table, "price").change(recipe -> recipe.epochs(10).ensemble(1)).fit();
        PreparedTable prepared = TableTraining.of(table, "price").prepare();
        Tensor[] all = new Tensor[2];
        try (Batches.Pass pass = prepared.open().validation(1000, 1).orElseThrow().open(0)) {
            Batch batch = pass.next();
            all[0] = model.model().predict(batch.inputs().get(0));
            all[1] = batch.targets().get(0);
        }
        TableTarget.Regression price = (TableTarget.Regression) model.schema().target();
        double[] predicted = IntStream.range(0, all[0].dim(0)).mapToDouble(i -> price.restore(all[0].toArray()[i])).toArray();
        double[] actual = IntStream.range(0, all[0].dim(0)).mapToDouble(i -> price.restore(all[1].toArray()[i])).toArray();
        assertEquals(ConformalScores.ofValues(predicted, actual).config(),
                model.saved().conformalScores().orElseThrow().config());
    }

    /** Of two nets there is no variance of others; of three, errors of the average are smaller by what the nets differ. */
    @Test
    void theErrorsOfNetsThatHeldOutOtherRowsAreThoseOfTheirAverage() throws IOException {
        Path table = TinyTable.prices(folder.resolve("prices.csv"));
        for (int nets : new int[] {2, 3}) {
            TableModel model = TableTraining.of(table, "price").change(recipe -> recipe.epochs(5).ensemble(nets)).fit();
            TableTarget.Regression price = (TableTarget.Regression) model.schema().target();
            List<Double> predicted = new ArrayList<>();
            List<Double> actual = new ArrayList<>();
            double variance = 0;
            double squares = 0;
            try (Batches.Pass pass = TableTraining.of(table, "price").prepare().open().validation(1000, nets).orElseThrow().open(0)) {
                for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                    int own = pass.net();
                    for (int row = 0; row < batch.size(); row++) {
                        double[] each = new double[nets];
                        for (int net = 0; net < nets; net++) {
                            Model one = ((Ensemble) model.model()).nets().get(net);
                            each[net] = price.restore(one.predict(batch.inputs().get(0).slice(row, row + 1)).item());
                        }
                        predicted.add(each[own]);
                        actual.add(price.restore(batch.targets().get(0).toArray()[row]));
                        squares += Math.pow(each[own] - actual.get(actual.size() - 1), 2);
                        double other = each[(own + 1) % nets] - each[(own + 2) % nets];
                        variance += nets == 3 ? other * other / 2 : 0;
                    }
                }
            }
            double factor = Math.sqrt(1 - (1 - 1.0 / nets) * variance / squares);
            assertTrue(nets == 2 ? factor == 1 : factor > 0.5 && factor < 0.99, "factor " + factor);
            ConformalSets.Interval expected = ConformalScores.ofValues(
                    IntStream.range(0, predicted.size()).mapToDouble(i -> actual.get(i) + factor * (predicted.get(i) - actual.get(i))).toArray(),
                    actual.stream().mapToDouble(x -> x).toArray()).at(0.9).interval(model.predict(Map.of("size", 3, "colour", "red", "age", 4)));
            assertEquals(expected.width(), model.sets(0.9).interval(model.predict(Map.of("size", 3, "colour", "red", "age", 4))).width(), 1e-5 * expected.width());
        }
    }

    @Test
    void filesKeepThem() throws IOException {
        TableModel model = trained(TinyTable.prices(folder.resolve("prices.csv")), "price");
        Map<String, ?> row = Map.of("size", 3, "colour", "red", "age", 4);
        ConformalSets.Interval expected = model.sets(0.9).interval(model.predict(row));
        for (String name : List.of("m.beras", "m.onnx")) {
            model.save(folder.resolve(name));
            TableModel loaded = TableModel.load(folder.resolve(name));
            ConformalSets.Interval interval = loaded.sets(0.9).interval(loaded.predict(row));
            assertEquals(expected.lower(), interval.lower(), 1e-6 * Math.abs(expected.lower()), name);
            assertEquals(expected.width(), interval.width(), 1e-5 * expected.width(), name);
            ModelFile.save(loaded.saved(), folder.resolve("again-" + name));
            assertEquals(model.saved().conformalScores().orElseThrow().config(),
                    ModelFile.load(folder.resolve("again-" + name)).conformalScores().orElseThrow().config(), name);
        }
        SavedModel changed = model.saved().provenance(Map.of()).uncompiled().leftOut(List.of()).recipe(model.saved().recipe().orElseThrow());
        assertTrue(changed.conformalScores().isPresent());
        assertFalse(changed.activated(Layers.ACTIVATIONS.of("tanh")).conformalScores().isPresent()); // other outputs
    }

    @Test
    void aModelWithoutValidationRowsRefuses() throws IOException {
        TableModel model = TableTraining.of(TinyTable.prices(folder.resolve("prices.csv")), "price").split(TableSplit.random(0))
                .change(recipe -> recipe.epochs(1).ensemble(1)).fit();
        assertEquals("intervals and sets need the scores of held-out rows, which a model of a table keeps when its training ends."
                + " Received: a model without, for no rows were held out, or it is kept on the way, or from an earlier version. Train"
                + " with validation rows, and use the model of the end",
                assertThrows(IllegalArgumentException.class, () -> model.sets(0.9)).getMessage());
    }

    /** Of more than 65,536 rows every second, third and so on counts, whatever the batches are. */
    @Test
    void ofManyRowsSomeAtEqualDistancesCount() {
        int rows = 3 * (1 << 16) - 1;
        Tensor inputs = Tensor.zeros(rows, 1);
        Tensor targets = Tensor.zeros(rows, 1);
        for (int i = 0; i < rows; i++) {
            targets.data()[i] = i % 3 == 0 ? 1 : 1000;
        }
        Sequential zero = new Sequential(1, new Input(1), new Dense(1));
        TableTarget target = new TableTarget.Regression("y", 0, 1);
        ConformalScores scores = HeldOutScores.of(target, zero, UnaryOperator.identity(), Batches.of(Examples.of(inputs, targets), 1000), rows).orElseThrow();
        assertEquals(1 << 16, scores.count());
        assertEquals(1, scores.at(0.99).interval(Prediction.ofValue(0)).upper(), 1e-9);
        assertEquals(scores.config(), HeldOutScores.of(target, zero, UnaryOperator.identity(), Dataset.of(Examples.of(inputs, targets)).batch(77), rows)
                .orElseThrow().config());
    }

    @Test
    void aModelThatOverflowsOnAHeldOutRowHasNone() {
        Sequential net = new Sequential(1, new Input(1), new Dense(1));
        net.weights().get(0).assign(Tensor.wrap(new float[] {3e38f}, 1, 1));
        Examples rows = Examples.of(Tensor.wrap(new float[] {1, 10}, 2, 1), Tensor.zeros(2, 1));
        assertEquals(Optional.empty(), HeldOutScores.of(new TableTarget.Regression("y", 0, 1), net, UnaryOperator.identity(),
                Batches.of(rows, 2), 2));
    }
}

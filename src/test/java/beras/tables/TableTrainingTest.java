package beras.tables;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableSplit;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TargetMeans;
import beras.models.Ensemble;
import beras.models.Model;
import beras.saving.ModelFile;
import beras.tensor.Rng;
import beras.training.LambdaCallback;
import beras.training.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** From a table to a model, in memory. */
@Tag("tables")
class TableTrainingTest {

    @TempDir
    Path folder;
    private TableTraining training;

    @BeforeEach
    void prepare() throws IOException {
        training = TableTraining.of(TinyTable.kinds(folder.resolve("kinds.csv")), "kind");
    }

    private static Map<String, Object> row(long number) {
        Map<String, Object> row = new LinkedHashMap<>();
        String[] cells = TinyTable.cells(number).split(",");
        String[] names = TinyTable.COLUMNS.split(",");
        for (int i = 0; i < names.length; i++) {
            row.put(names[i], cells[i]);
        }
        return row;
    }

    @Test
    void callbacksAreAddedAndSoIsWhatIsReportedAnyway() throws IOException {
        List<String> told = new ArrayList<>();
        TableModel model = training.change(recipe -> recipe.epochs(1).metrics("accuracy", "auc"))
                .callbacks(new LambdaCallback().onEpochEnd((epoch, logs) -> told.add("a")))
                .callbacks(new LambdaCallback().onEpochEnd((epoch, logs) -> told.add("b"))).fit();
        assertEquals(List.of("a", "b"), told);
        assertEquals(List.of("loss", "accuracy", "auc", "val_loss", "val_accuracy", "val_auc", "learning_rate"),
                model.history().orElseThrow().epochs().epochs().get(0).names());
    }

    @Test
    void theModelHasTheWeightsOfTheBestEpochAndPredictsRows() throws IOException {
        TableModel model = training.fit();
        assertEquals(0.1, model.saved().recipe().orElseThrow().validationSplit());
        TableHistory history = model.history().orElseThrow();
        List<Double> losses = history.epochs().get("val_loss");
        assertEquals(Collections.min(losses), history.best().get("val_loss"));
        assertEquals(Math.min(100, history.bestEpoch() + 1 + TableDefaults.patience(360, 64)), losses.size());
        assertTrue(history.best().get("val_accuracy") > 0.9, history.best()::toString);
        int right = 0;
        for (int i = 0; i < TinyTable.ROWS; i++) {
            right += model.predict(row(i)).label().equals(TinyTable.kind(i)) ? 1 : 0;
        }
        assertTrue(right > 0.95 * TinyTable.ROWS, right + " right");

        Path file = folder.resolve("m.beras");
        model.save(file);
        TableModel loaded = TableModel.load(file);
        assertEquals(ModelFile.weightsSha256(model.model()), ModelFile.weightsSha256(loaded.model()));
        assertEquals(model.schema(), loaded.schema());
        assertEquals(model.predict(row(3)).probabilities(), loaded.predict(row(3)).probabilities());
        assertTrue(loaded.history().isEmpty());
        assertTrue(loaded.model().objectives().isEmpty(), "its recipe says how it was compiled");
        TableEvaluation measured = loaded.evaluate(TableFile.of(folder.resolve("kinds.csv")));
        assertEquals(TinyTable.ROWS, measured.rows());
        assertEquals(right / (double) TinyTable.ROWS, measured.values().get("accuracy"));
    }

    /** A net of squared errors predicted negative counts, and lower ends of intervals were negative. */
    @ParameterizedTest
    @EnumSource(Distribution.class)
    void noCountIsPredictedBelowZero(Distribution distribution) throws IOException {
        TableFile visits = TableFile.of(TinyTable.visits(folder.resolve("visits.csv")));
        TableTraining ofVisits = TableTraining.of(visits, "visits").options(new TableOptions().distribution(distribution))
                .change(recipe -> recipe.epochs(20));
        ofVisits.fit().save(folder.resolve("visits.beras"));
        TableModel model = TableModel.load(folder.resolve("visits.beras"));
        assertEquals(distribution, ((TableTarget.Regression) model.schema().target()).distribution());
        double least = Double.POSITIVE_INFINITY;
        double lowest = Double.POSITIVE_INFINITY;
        double squares = 0;
        try (TablePredictions rows = model.predict(visits).keep(List.of("visits"))) {
            for (List<TablePredictions.Row> some = rows.next(); !some.isEmpty(); some = rows.next()) {
                for (TablePredictions.Row row : some) {
                    least = Math.min(least, row.prediction().value());
                    lowest = Math.min(lowest, model.sets(0.9).interval(row.prediction()).lower());
                    squares += Math.pow(row.prediction().value() - Double.parseDouble(row.cells().get(0)), 2);
                }
            }
        }
        assertTrue(distribution == Distribution.NORMAL ? least == 0 : least > 0 && least < 1, "the least is " + least);
        assertEquals(0, lowest);
        assertEquals(squares / TinyTable.ROWS, model.evaluate(visits).values().get("mse"), 1e-9 * squares, "of the same predictions");
    }

    /** Where effects multiply, held-out rows are predicted better by logarithms: the same bits as if that had been asked for. */
    @Test
    void theDistributionOfCountsIsChosenByHeldOutRows() throws IOException {
        TableTraining plain = TableTraining.of(TinyTable.visits(folder.resolve("visits.csv")), "visits")
                .change(recipe -> recipe.epochs(20).ensemble(4));
        PreparedTable chosen = plain.prepare();
        assertTrue(TargetMeans.areIn(chosen.schema()), "means of the target, too, are the same bits");
        String remark = chosen.remarks().get(chosen.remarks().size() - 1);
        assertTrue(remark.matches("Target \"visits\": counts with a standard deviation of \\d\\.\\d\\d times the mean\\. The distribution is"
                + " poisson: the Poisson deviance of held-out rows is \\S+ with poisson and \\S+ with normal \\(`distribution` overrides that\\)"),
                remark);
        TableTraining asked = plain.options(new TableOptions().distribution(Distribution.POISSON));
        assertEquals(asked.prepare().schema().config(), chosen.schema().config());
        assertEquals(ModelFile.weightsSha256(asked.fit().model()), ModelFile.weightsSha256(plain.fit().model()));
        Recipe recipe = plain.recipe(chosen.schema());
        assertEquals("Poisson", recipe.lossConfig().orElseThrow().type());

        PreparedTable given = plain.change(made -> made.loss("huber")).prepare();
        assertEquals(Distribution.NORMAL, ((TableTarget.Regression) given.schema().target()).distribution(),
                "with a loss of its own");
        assertTrue(given.remarks().toString().contains("as loss or output are given"), given.remarks()::toString);
        Path negative = Files.writeString(folder.resolve("negative.csv"), "id,size,colour,age,planet,shop,visits\n1,2,red,3,Earth,shop 1,-1e-12\n");
        PreparedTable kept = plain.validationData(TableFile.of(negative)).prepare();
        assertEquals(Distribution.NORMAL, ((TableTarget.Regression) kept.schema().target()).distribution());
        assertTrue(kept.remarks().toString().contains("The distribution is normal, as validation rows are negative"), kept.remarks()::toString);
        PreparedTable prices = TableTraining.of(TinyTable.prices(folder.resolve("prices.csv")), "price").prepare();
        assertEquals(List.of(), prices.remarks(), "nothing is chosen of ordinary amounts");
    }

    /** Both were the scale of a whole column, which then told nothing: of the rows without them a half was right. */
    @ParameterizedTest
    @CsvSource({"200, 1e12", "10, -9999"})
    void anOutlierOrAMarkDoesNoHarm(int every, String far) throws IOException {
        Rng rng = new Rng(1, "harm", 0);
        Path table = TinyTable.write(folder.resolve("far.csv"), "x,y", 600,
                row -> (row % every == 3 ? far : Double.toString(rng.uniform(row))) + (rng.uniform(row) > 0.5 ? ",high" : ",low"));
        TableModel model = TableTraining.of(table, "y").change(recipe -> recipe.epochs(15).ensemble(1)).fit();
        for (double x : new double[] {0.1, 0.3, 0.45, 0.55, 0.7, 0.9}) {
            assertEquals(x > 0.5 ? "high" : "low", model.predict(Map.of("x", x)).label(), () -> x + " beside " + far);
        }
    }

    @Test
    void rowsToValidateMayLieInAFileOfTheirOwn() throws IOException {
        TableFile other = TableFile.of(TinyTable.kinds(folder.resolve("other.csv")));
        PreparedTable table = training.validationData(other).prepare();
        assertEquals(TinyTable.ROWS, table.schema().rows());
        assertEquals(TinyTable.ROWS, table.validationRows());
        TableModel model = training.validationData(other).change(recipe -> recipe.epochs(3)).fit();
        assertEquals(other.toString(), model.saved().provenance().get("validation_data"));
        assertEquals(3, model.history().orElseThrow().epochs().get("val_loss").size());
    }

    @Test
    void fewRowsGetSmallerStepsAndSeveralNets() {
        assertEquals(10, TableDefaults.ensemble(10_000));
        assertEquals(3, TableDefaults.ensemble(10_001));
        assertEquals(1, TableDefaults.ensemble(100_001));
        assertEquals("64:relu,32:relu", TableDefaults.layers(10_000));
        assertEquals("128:relu,64:relu,32:relu", TableDefaults.layers(10_001));
        assertEquals("64:relu,32:relu", TableDefaults.layers(100_001));
        assertEquals(64, TableDefaults.batchSize(10_000));
        Recipe few = TableDefaults.lengths(new Recipe(), 1000);
        assertEquals(32, few.batchSize());
        assertEquals(TableDefaults.epochs(1000, 32), few.epochs());
        assertEquals(TableDefaults.epochs(100_001, 1000), TableDefaults.lengths(new Recipe().batchSize(1000), 100_001).epochs());
        assertEquals(32, TableDefaults.epochs(10_000, 64), "5000 steps, 157 in an epoch, the last of 16 rows");
        assertEquals(19, TableDefaults.patience(1000, 32), "600 steps, 32 in an epoch");
        assertEquals(0.0008f, TableDefaults.learningRate(10_000));
        assertEquals(0.002f, TableDefaults.learningRate(10_001));
    }

    @Test
    void eachPartMayBeChanged() throws IOException {
        TableTraining few = training.change(recipe -> recipe.epochs(2));
        String hash = ModelFile.weightsSha256(few.fit().model());
        assertEquals(hash, ModelFile.weightsSha256(few.fit().model()));
        assertNotEquals(hash, ModelFile.weightsSha256(few.change(recipe -> recipe.seed(2)).fit().model()));
        assertNotEquals(hash, ModelFile.weightsSha256(few.split(TableSplit.random(0.2)).fit().model()));
        Model nets = few.layers("8:relu").fit().model();
        assertEquals(TableDefaults.ENSEMBLE, assertInstanceOf(Ensemble.class, nets).nets().size());
        assertEquals(2, few.layers("8:relu").change(recipe -> recipe.ensemble(1)).fit().model().layers().size());
        TableModel all = few.split(TableSplit.random(0)).fit();
        assertEquals(TinyTable.ROWS, all.schema().rows());
        assertEquals(1, all.history().orElseThrow().bestEpoch());
        assertThrows(IllegalArgumentException.class, () -> few.change(recipe -> recipe.layers("4:softmax")).fit());
        assertThrows(IllegalArgumentException.class, () -> few.monitor("nothing").fit());
    }

    @Test
    void foldsAreTestedOnRowsThatDecidedNothing() throws IOException {
        List<TableTraining.Fold> folds = training.change(recipe -> recipe.epochs(20)).crossValidate(3);
        assertEquals(3, folds.size());
        for (TableTraining.Fold fold : folds) {
            assertEquals(TinyTable.ROWS * 2 / 3.0 * 0.9, fold.model().schema().rows(), 2);
            assertTrue(fold.measured().labels().orElseThrow().accuracy() > 0.85, fold.measured()::toString);
        }
    }

    /** Text of the same size and time, which no stamp tells from that before: it is not read again. */
    private static void spoil(Path table) throws IOException {
        FileTime time = Files.getLastModifiedTime(table);
        Files.writeString(table, "\"".repeat((int) Files.size(table)));
        Files.setLastModifiedTime(table, time);
    }

    @Test
    void theTextIsReadOnce() throws IOException {
        Path other = TinyTable.kinds(folder.resolve("other.csv"));
        TableTraining few = training.change(recipe -> recipe.epochs(2));
        for (TableTraining each : List.of(few, few.split(TableSplit.random(0)), few.validationData(TableFile.of(other)))) {
            String hash = ModelFile.weightsSha256(each.fit().model());
            PreparedTable table = each.prepare();
            spoil(folder.resolve("kinds.csv"));
            spoil(other);
            assertEquals(hash, ModelFile.weightsSha256(each.fit(table).model()));
            TinyTable.kinds(folder.resolve("kinds.csv"));
            TinyTable.kinds(other);
        }
    }

    @Test
    void aTableThatChangesBetweenFoldsIsRefused() {
        Path table = folder.resolve("kinds.csv");
        assertBadData(() -> training.change(recipe -> recipe.epochs(1)).crossValidate(3, fold -> {
            try {
                Files.writeString(table, "\n", StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }), table + ": the table was changed while it was read");
    }

    @Test
    void rowsToValidateAreNotChanged() throws IOException {
        Path other = TinyTable.kinds(folder.resolve("other.csv"));
        PreparedTable table = training.validationData(TableFile.of(other)).prepare();
        Files.writeString(other, "\n", StandardOpenOption.APPEND);
        assertBadData(() -> training.fit(table), other + ": the table was changed while it was read");
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Text;
import beras.saving.ModelFile;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import beras.tables.TinyTable;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows that a model of a table is judged by, and the consequences. */
@Tag("cli")
class ValidationCommandsTest {

    @TempDir
    Path folder;
    private Path kinds;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        model = folder.resolve("m.beras");
    }

    private Result train(Object... more) {
        return run("train", "--data", kinds, "--target", "kind", more);
    }

    private Result trainTo(Path out, Object... more) {
        return train("--out", out, "--force", more);
    }

    private Map<String, String> provenance() throws IOException {
        return ModelFile.load(model).provenance();
    }

    @Test
    void theLibraryTrainsToTheSameBitsByDefault() throws IOException {
        String hash = trainTo(model, "--json").hash();
        TableModel fromJava = TableTraining.of(kinds, "kind").fit();
        assertEquals(hash, ModelFile.weightsSha256(fromJava.model()));
        Map<String, String> expected = fromJava.saved().provenance();
        assertEquals(expected, provenance().entrySet().stream().filter(entry -> expected.containsKey(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @Test
    void theBestEpochIsKeptAndTrainingEndsAfterIt() {
        Result result = trainTo(model, "--json", "--learning-rate", 0.02);
        List<JsonObject> lines = result.objects();
        int epochs = lines.size() - 1;
        int best = 0;
        for (int i = 0; i < epochs; i++) {
            best = loss(lines, i) < loss(lines, best) ? i : best;
        }
        assertTrue(epochs < 100, "it ends early");
        assertEquals(best + 1 + 20, epochs);
        assertEquals(loss(lines, best), result.summary().get("val_loss").getAsDouble());
        assertTrue(result.err().contains("Stopped after epoch " + epochs + " of 100: validation loss did not improve in 20 epochs"
                + " (--early-stopping)\nRestored the weights of epoch " + (best + 1) + " (lowest validation loss)\n"), result.err());
    }

    private static double loss(List<JsonObject> lines, int epoch) {
        return lines.get(epoch).get("val_loss").getAsDouble();
    }

    @Test
    void withoutEarlyStoppingTheLastWeightsAreKept() {
        Result last = trainTo(model, "--json", "--early-stopping", 0, "--epochs", 5);
        assertEquals(6, last.objects().size());
        assertFalse(last.err().contains("Restored the weights"), last.err());
        assertEquals(loss(last.objects(), 4), last.summary().get("val_loss").getAsDouble());
        Result none = trainTo(model, "--validation-split", 0, "--epochs", 2);
        assertFalse(none.err().contains("Restored the weights"), none.err());
        assertFalse(none.out().contains("evaluate"), "there is nothing to evaluate with: " + none.out());
    }

    @Test
    void ofAnAverageTheNumbersAtTheEndAreThoseOfTheWeightsThatAreSaved() {
        Result trained = trainTo(model, "--json", "--epochs", 3, "--ema", "--learning-rate", 0.02);
        JsonObject held = evaluate("--data", kinds, "--rows", "validation").objects().get(0);
        assertEquals(held.get("loss"), trained.summary().get("val_loss"));
        assertEquals(held.get("accuracy"), trained.summary().get("val_accuracy"));
        assertNotEquals(loss(trained.objects(), 2), held.get("loss").getAsDouble(), "the last weights had others");
    }

    @Test
    void aMetricThatDoesNotFitTheLabelsIsRefused() {
        assertRefused(Exit.USAGE, "'--metrics': Precision of class 7", trainTo(model, "--metrics", "precision(classId=7)"));
        String sparse = "sparse_categorical_accuracy";
        assertRefused(Exit.USAGE, "'--monitor': ", trainTo(model, "--monitor", sparse));
        assertRefused(Exit.USAGE, "'--monitor': ", run("tune", "--data", kinds, "--target", "kind", "--out", model,
                "--monitor", sparse));
    }

    @Test
    void nothingIsMonitoredForNothing() {
        for (String option : List.of("--ema", "--early-stopping=0")) {
            assertRefused(Exit.USAGE, "'--monitor': nothing is chosen by it", trainTo(model, option, "--monitor", "auc"));
            assertExit(Exit.DONE, trainTo(model, option, "--monitor", "auc", "--epochs", 1, "--run",
                    folder.resolve("run" + option)));
        }
    }

    @Test
    void rowsToValidateMayComeFromAnotherFile() throws IOException {
        Path other = TinyTable.write(folder.resolve("other.csv"), TinyTable.COLUMNS + ",kind", 50,
                row -> TinyTable.cells(1000 + row) + "," + TinyTable.kind(1000 + row));
        Result result = trainTo(model, "--validation-data", other);
        assertExit(Exit.DONE, result);
        assertTrue(result.err().contains("400 rows to train on and 50 to validate (" + other + ")"), result.err());
        assertTrue(result.err().contains("evaluate " + model + " --data " + other + "\n"), result.err());
        assertEquals(other.toString(), provenance().get("validation_data"));
        Files.writeString(other, Files.readString(other).replace(",big", ",huge"));
        for (Object same : List.of(kinds, folder.resolve(".").resolve("kinds.csv"))) {
            assertRefused(Exit.USAGE, "it is --data itself", trainTo(model, "--validation-data", same));
        }
        assertRefused(Exit.USAGE, "it is --data itself", run("train", "--data", "-", "--target", "kind", "--out", model,
                "--force", "--validation-data", "-"));
        assertRefused(Exit.BAD_DATA, other + ": line", trainTo(model, "--validation-data", other));
        assertRefused(Exit.BAD_DATA, "there is no such file", trainTo(model, "--validation-data", folder.resolve("none.csv")));
    }

    // ----------------------------------------------------------------------------------------------- evaluate

    private Result evaluate(Object... more) {
        return run("evaluate", model, "--json", more);
    }

    @Test
    void theRowsKeptApartCanBeEvaluatedAndOthersAreNotTakenForNew() throws IOException {
        JsonObject summary = trainTo(model, "--json").summary();
        JsonObject kept = evaluate("--data", kinds, "--rows", "validation").objects().get(0);
        assertEquals(400, kept.get("examples").getAsInt(), "each row was held out by a network");
        assertEquals(summary.get("val_accuracy"), kept.get("accuracy"));
        JsonObject training = evaluate("--data", kinds, "--rows", "training").objects().get(0);
        assertEquals(400, training.get("examples").getAsInt(), "and trained on by the others");
        Result all = evaluate("--data", kinds);
        assertEquals(400, all.objects().get(0).get("examples").getAsInt());
        assertTrue(all.err().startsWith(kinds + " is the table that the model was trained on, so that these numbers are better than"
                + " those of new rows. --rows validation takes the rows that were held out\n"), all.err());
        Path copy = Files.copy(kinds, folder.resolve("copy.csv"));
        assertTrue(evaluate("--data", copy).err().contains("is the table that the model was trained on"));
        Files.writeString(copy, Files.readString(copy) + TinyTable.cells(1) + ",big\n");
        assertFalse(evaluate("--data", copy).err().contains("was trained on"));
        assertRefused(Exit.BAD_DATA, "expected the table that " + model + " was trained on, as --rows validation needs",
                evaluate("--data", copy, "--rows", "validation"));
        assertRefused(Exit.USAGE, "'--na': with --rows it would change which rows were for what",
                evaluate("--data", kinds, "--rows", "validation", "--na", "odd"));
        assertRefused(Exit.USAGE, "it is all or training or validation. Received: some", evaluate("--data", kinds, "--rows", "some"));
        trainTo(model, "--epochs", 1, "--validation-data", copy);
        assertTrue(evaluate("--data", copy).err().contains("is the table by which the best epoch of the model was chosen"));
        assertRefused(Exit.BAD_DATA, "The validation rows were those of " + copy, evaluate("--data", kinds, "--rows", "validation"));
        trainTo(model, "--epochs", 1, "--validation-split", 0);
        assertRefused(Exit.BAD_DATA, "No rows were held out", evaluate("--data", kinds, "--rows", "validation"));
    }

    // ----------------------------------------------------------------------------------------------- folds

    @Test
    void foldsAreTrainedTestedAndKept() throws IOException {
        Path kept = folder.resolve("folds");
        Result json = train("--cross-validate", 4, "--json", "--epochs", 15, "--run", kept);
        assertExit(Exit.DONE, json);
        List<JsonObject> lines = json.objects();
        assertEquals(5, lines.size());
        double[] accuracies = new double[4];
        for (int i = 0; i < 4; i++) {
            assertEquals(100, lines.get(i).get("tested").getAsInt());
            assertEquals(270, lines.get(i).get("examples").getAsInt());
            accuracies[i] = lines.get(i).get("accuracy").getAsDouble();
            Path fold = kept.resolve("fold-" + (i + 1) + ".beras");
            TableModel loaded = TableModel.load(fold);
            assertEquals(270, loaded.schema().rows());
            assertEquals((i + 1) + " of 4", loaded.saved().provenance().get("fold"));
            JsonObject held = run("evaluate", fold, "--data", kinds, "--rows", "validation", "--json").objects()
                    .get(0);
            assertEquals(300, held.get("examples").getAsInt(), "those of the fold, not of all rows");
            JsonObject seen = run("evaluate", fold, "--data", kinds, "--rows", "training", "--json").objects().get(0);
            assertEquals(300, seen.get("examples").getAsInt());
        }
        JsonObject accuracy = json.summary().getAsJsonObject("accuracy");
        double mean = DoubleStream.of(accuracies).sum() / 4;
        assertEquals(mean, accuracy.get("mean").getAsDouble(), 1e-12);
        assertTrue(mean > 0.8, accuracy::toString);
        double deviation = Math.sqrt(DoubleStream.of(accuracies).map(each -> (each - mean) * (each - mean)).sum() / 3);
        assertEquals(deviation, accuracy.get("deviation").getAsDouble(), 1e-12);
        Result again = train("--config", kept.resolve("config.json"), "--run", folder.resolve("again"));
        assertExit(Exit.DONE, again);
        assertTrue(again.out().matches("(?s) +mean   deviation      fold 1      fold 2      fold 3      fold 4\naccuracy +"
                + DoubleStream.concat(DoubleStream.of(mean, deviation), DoubleStream.of(accuracies)).mapToObj(each -> Text.decimals(each, 4))
                .collect(Collectors.joining(" +")) + "\n.*"), again.out());
        assertTrue(again.err().contains("Fold 4 of 4: trained on 270 rows, weights of epoch "), again.err());
        assertRefused(Exit.USAGE, "is not empty", train("--cross-validate", 4, "--run", kept));
        assertExit(Exit.DONE, train("--cross-validate", 2, "--epochs", 1, "--run", kept, "--force"));
        assertTrue(Files.exists(kept.resolve("fold-2.beras")));
        assertFalse(Files.exists(kept.resolve("fold-3.beras")), "that of the earlier cross-validation");
        assertExit(Exit.DONE, train("--epochs", 1, "--run", kept, "--force"));
        assertFalse(Files.exists(kept.resolve("fold-1.beras")), "that of the earlier cross-validation");
        assertExit(Exit.DONE, train("--cross-validate", 2, "--epochs", 1, "--run", kept, "--force"));
        assertRefused(Exit.BAD_DATA, "that of a cross-validation", run("train", "--resume", kept));
    }

    /** It is announced before the first fold is trained, and metrics of classes are the mean of the others. */
    @Test
    void aFoldWithoutAClassIsLeftOutOfTheMeans() throws IOException {
        Files.writeString(kinds, IntStream.range(0, 60).mapToObj(i -> (i % 20 == 7) + "," + i + '\n').collect(Collectors.joining("", "kind,x\n", "")));
        Result json = train("--cross-validate", 4, "--epochs", 1, "--ensemble", 1, "--json");
        assertExit(Exit.DONE, json);
        assertTrue(json.err().contains("Some of the 4 folds have no row of a label to test: of \"true\" (3 rows) in 1. They are left out of the"
                + " means of what is measured by class, such as balanced_accuracy and auc. Take at most 3 folds\n"), json.err());
        for (String measure : List.of("balanced_accuracy", "auc", "macro_f1", "accuracy")) {
            double[] values = json.objects().subList(0, 4).stream().map(fold -> fold.get(measure)).filter(value -> !value.isJsonNull())
                    .mapToDouble(JsonElement::getAsDouble).toArray();
            JsonObject all = json.summary().getAsJsonObject(measure);
            assertEquals(measure.equals("accuracy") ? 4 : 3, values.length, measure);
            assertEquals(Arrays.stream(values).average().getAsDouble(), all.get("mean").getAsDouble(), 1e-12, measure);
            assertEquals(!measure.equals("accuracy"), all.has("folds"), measure);
        }
        Result text = train("--cross-validate", 4, "--epochs", 1, "--ensemble", 1);
        assertTrue(text.err().indexOf("Some of the 4 folds") < text.err().indexOf("Fold 1 of 4"), text.err());
        assertTrue(text.out().lines().anyMatch(line -> line.matches("auc +0\\.\\d+ .* - .*| *auc .* -")), text.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | --cross-validate 1                       | it must be at least 2. Received: 1",
        "2 | --cross-validate 3 --validation-split 0 --monitor auc    | it needs the loss on examples held out",
        "2 | --cross-validate 3 --early-stopping 2 --validation-split 0 | it needs the loss on examples held out",
        "2 | --cross-validate 3 --run made --class-weight a=2         | there is no a here",
        "3 | --cross-validate 3 --run made --monitor rmse             | There will be no val_rmse in the logs",
        "3 | --cross-validate 500                     | expected rows to train on, to validate and to test in each of 500 folds",
        "3 | --cross-validate 3 --layers 4:softmax    | need a last layer of shape (3,)",
        "3 | --cross-validate 3 --layers conv:2x3:relu | Layer 2 (Conv2D(2, [3, 3])) does not fit layer 1",
        "3 | --cross-validate 3 --monitor rmse        | There will be no val_rmse in the logs",
        "2 | --split sorted                           | A split is stratified, random, time:COLUMN or group:COLUMN",
        "3 | --out made --split time:week             | expected a column \"week\", by which rows are held out",
        "3 | --out made --split group:planet          | Received: 0 and 400, of 400 with a target, chosen in groups by planet"})
    void whatMakesNoSenseIsRefused(int exit, String options, String message) throws IOException {
        assertRefused(exit, message, train((Object[]) options.replace("made", folder.resolve("made").toString()).split(" +")));
        assertEquals(List.of("kinds.csv"), files(folder));
    }
}

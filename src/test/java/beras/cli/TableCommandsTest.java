package beras.cli;

import static beras.cli.Commands.*;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.table.TableColumn;
import beras.data.table.TableFile;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.layers.Dense;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TinyTable;
import beras.tensor.Tensor;
import beras.training.Recipe;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train}, {@code evaluate} and {@code predict} on tables. */
@Tag("cli")
class TableCommandsTest {

    @TempDir
    Path folder;
    private Path kinds;
    private Path prices;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        prices = TinyTable.prices(folder.resolve("prices.csv.gz"));
        model = folder.resolve("m.beras");
    }

    private Result train(Path data, String target, Object... more) {
        return run("train", "--data", data, "--target", target, "--out", model, "--force", more);
    }

    private Result trainKinds(Object... more) {
        return train(kinds, "kind", more);
    }

    private static JsonObject evaluate(Path model, Path data) {
        return run("evaluate", "--json", model, "--data", data).objects().get(0);
    }

    // ------------------------------------------------------------------------------------------------- train

    @Test
    void labelsAreLearntAndAllIsSaidThatWasDecided() throws IOException {
        Result result = trainKinds("--types", "id=ignored");
        assertExit(Exit.DONE, result);
        List<String> said = result.err().lines().toList();
        assertEquals("Task: classification: kind is one of 3 labels, as its values are text (--task overrides that)",
                said.get(1));
        assertEquals("""
                column  taken as  features  missing  note
                id      ignored          0        0  as requested
                size    numeric         17        0  a number and 16 bins
                colour  category         3        0
                age     numeric         18       31  a number and 16 bins
                planet  ignored          0        0  all values are "Earth"
                kind    target                       one of 3 labels""", String.join("\n", said.subList(2, 9)));
        assertEquals("360 rows to train on and 40 to validate (at random, each kind in proportion), of 38 features, are kept in"
                + " memory; shuffled as a whole", said.get(9));
        List<String> lines = result.out().lines().toList();
        assertEquals("epoch      loss  accuracy  val loss  val accuracy    time", lines.get(0));
        assertTrue(lines.get(1).matches("1/100    \\d\\.\\d{4}     \\d\\.\\d{3}    \\d\\.\\d{4}         \\d\\.\\d{3}  +[0-9.]+ s"), lines.get(1));
        int end = lines.size() - 1;
        assertTrue(lines.get(end - 1).matches("\\d+/100 .* s  best"), lines.get(end - 1));
        assertTrue(lines.get(end).matches("Validation accuracy (1\\.0000|0\\.9\\d{3}) on 400 \\(95 % range 0\\.\\d\\d to [01]\\.\\d\\d, always \\w+: 0\\.\\d{4}\\) after " + (end - 2) + " epochs and .*"),
                lines.get(end));
        String judged = lines.get(end).substring(lines.get(end).indexOf(" (95"), lines.get(end).indexOf(") after"));
        assertTrue(run("evaluate", model, "--data", kinds, "--rows", "validation").out().contains(" on 400 rows" + judged + ")\n"), judged);
        List<String> next = said.subList(said.indexOf("Next:"), said.size());
        assertEquals(3, next.size(), next::toString);
        assertTrue(next.get(1).endsWith("evaluate " + model + " --data " + kinds + " --rows validation"), next.get(1));
        assertTrue(next.get(2).endsWith("predict " + model + " --data " + kinds + " --out predictions.csv"), next.get(2));
        Recipe recipe = ModelFile.load(model).recipe().orElseThrow();
        assertEquals(3, recipe.makeLayers().size());
        assertEquals(64, recipe.batchSize());
        assertEquals(List.of("big", "odd", "small"), schema().target().labels());
    }

    @Test
    void valuesAreReportedInUnitsOfTheTable() throws IOException {
        Result result = train(prices, "price", "--json", "--epochs", 60, "--optimizer", "nadam");
        assertTrue(result.err().contains("Task: regression: price is a number, as its values are numbers, and many or"
                + " not whole"), result::toString);
        JsonObject summary = result.summary();
        assertTrue(summary.keySet().containsAll(Set.of("loss", "mae", "rmse", "val_loss", "val_mae", "val_rmse")),
                summary::toString);
        TableTarget.Regression target = (TableTarget.Regression) schema().target();
        assertTrue(target.deviation() > 50_000, target::toString);
        double rmse = Math.sqrt(summary.get("val_loss").getAsDouble()) * target.deviation();
        assertEquals(rmse, summary.get("val_rmse").getAsDouble(), 1e-4 * rmse);
        assertTrue(summary.get("val_mae").getAsDouble() < 0.1 * target.deviation(), summary::toString);
        Result text = train(prices, "price", "--epochs", 1);
        assertTrue(text.out().matches("(?s).*Validation mae [0-9.]+ \\(always the mean: [0-9.]+\\) after .*"), text::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "price | classification | 0 | ",
        "price | regression     | 0 | requested",
        "age   | regression     | 0 | no value of the target \"age\", and are left out",
        "kind  | regression     | 3 | line 2, column 6 (kind): expected a finite number",
    })
    void theTaskCanBeGiven(String target, String task, int exit, String message) throws IOException {
        Path data = target.equals("price") ? prices : kinds;
        Result result = train(data, target, "--task", task, "--epochs", 1);
        assertExit(exit, result);
        assertTrue(result.err().contains(message == null ? "requested" : message), result::toString);
    }

    /** In the model file with its setting; most true values are below the 0.9-quantile, hardly any below the 0.1-quantile. */
    @Test
    void quantilesOfValuesAreLearnt() throws IOException {
        double[] below = new double[2];
        for (int i = 0; i < 2; i++) {
            double q = i == 0 ? 0.1 : 0.9;
            assertExit(Exit.DONE, train(prices, "price", "--epochs", 60, "--types", "id=ignored,size=ignored", "--loss",
                    "quantile(" + q + ")"));
            assertEquals("Quantile(q=" + (float) q + ")", ModelFile.load(model).loss().orElseThrow().toString());
            List<JsonObject> rows = run("predict", model, "--data", prices, "--keep", "price", "--format", "jsonl").objects();
            below[i] = rows.stream().filter(row -> row.get("price (given)").getAsDouble() < row.get("price").getAsDouble()).count()
                    / (double) TinyTable.ROWS;
        }
        assertEquals(0.1, below[0], 0.06);
        assertEquals(0.9, below[1], 0.06);
    }

    @Test
    void progressKnowsWhatIsLeftAlsoOfAStream() {
        Result live = runOn(Commands.terminal(Map.of()), "train", "--data", kinds, "--target", "kind", "--out", model, "--epochs", 1,
                "--shuffle-buffer", 20, "--batch-size", 10);
        assertExit(Exit.DONE, live);
        assertTrue(live.err().matches("(?s).*\\rEpoch 1/1 \\[[=> ]{8,32}] loss [0-9.]+, [0-9.]+ s left, \\d+k?/s.*"), live::toString);
    }

    @Test
    void ofManyColumnsThoseToKnowOfComeFirst() throws IOException {
        StringBuilder header = new StringBuilder("y");
        for (int i = 0; i < 45; i++) {
            header.append(",x").append(i);
        }
        Path wide = TinyTable.write(folder.resolve("wide.csv"), header + ",one,z", 30, row -> (row * row % 7 > 1 ? "a" : "b")
                + IntStream.range(0, 45).mapToObj(i -> "," + (i == 44 && row == 3 ? "" : (row * row + i * row) % 47)).collect(joining())
                + ",1," + row % 2);
        Path runFolder = folder.resolve("run");
        Result result = run("train", "--data", wide, "--target", "y", "--epochs", 1, "--run", runFolder, "--validation-split", 0,
                "--na", -1, "--types", "z=numeric", "--bins", 1);
        assertExit(Exit.DONE, result);
        List<String> all = result.err().lines().toList();
        List<String> said = all.subList(all.indexOf("column  taken as  features  missing  note") - 2, all.size());
        assertEquals("x44     numeric          2        1", said.get(3));
        assertEquals("one     ignored          0        0  all values are \"1\"", said.get(4));
        assertEquals("x0      numeric          1        0", said.get(5));
        assertEquals("x37     numeric          1        0", said.get(42));
        assertTrue(said.get(43).startsWith("And 8 columns more, without missing values or a note; all are shown by info "
                + runFolder.resolve("model.beras") + " when it is there, or now by java "), said.get(43));
        assertTrue(said.get(43).endsWith(" inspect " + wide + " --target y --na -1 --types z=numeric"), said.get(43));
        List<String> table = Files.readAllLines(runFolder.resolve("columns.csv"));
        assertEquals("column,taken_as,features,missing,note", table.get(0));
        assertEquals("x44,numeric,2,1,", table.get(45));
        assertEquals("one,ignored,0,0,\"all values are \"\"1\"\"\"", table.get(46));
        assertEquals("y,target,,,one of 2 labels", table.get(48));
        assertEquals(49, table.size());
        assertEquals(50, run("info", runFolder.resolve("model.beras")).out().lines().dropWhile(line -> !line.startsWith("column "))
                .takeWhile(line -> !line.isEmpty()).count() + 1);
    }

    // ----------------------------------------------------------------------------------------------- refused

    @Test
    void aTableNeedsATargetAndTheErrorListsTheColumns() throws IOException {
        assertRefused(Exit.USAGE, kinds + " is a table, so a column to predict must be named, one of id, size, colour, age,"
                + " planet, kind", run("train", "--data", kinds));
        assertRefused(Exit.BAD_DATA, kinds + ": expected a column \"sort\", the target. Received the columns: id, size,",
                train(kinds, "sort"));
        Files.writeString(model, "in the way");
        assertRefused(Exit.BAD_DATA, kinds + ": expected a column \"sort\", the target",
                run("train", "--data", kinds, "--target", "sort", "--out", model));
        Files.delete(model);
        Path none = folder.resolve("none");
        assertRefused(Exit.BAD_DATA, none + ": there is no such file", train(none, "y"));
        assertRefused(Exit.BAD_DATA, none + ".csv: there is no such file",
                run("train", "--data", none + ".csv", "--out", model));
        assertRefused(Exit.BAD_DATA, none + ".xlsx: there is no such file", run("train", "--data", none + ".xlsx", "--out", model));
        assertEquals(List.of("kinds.csv", "prices.csv.gz"), files(folder));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | --augment               | Invalid value for option '--augment': it applies to images | kind",
        "2 | --outliers 0.2          | Invalid value for option '--outliers': it applies to images in MNIST's form | kind",
        "2 | --task ranking          | it is classification or regression. Received: ranking | kind",
        "2 | --types age=word        | a type is numeric or category or date or dayfirst or monthfirst or list or text or sequence or ignored. Received: word | kind",
        "2 | --types age             | expected name=value | kind",
        "2 | --types kind=category   | the target has a task, not a type | kind",
        "3 | --types weight=numeric  | expected a column \"weight\", whose type is given | kind",
        "3 | --types colour=numeric  | line 2, column 3 (colour): expected a finite number | kind",
        "2 | --shuffle-buffer 0      | it must be all, or a number of rows from 1 to 999999999. Received: 0 | kind",
        "3 | --layers 4:softmax      | needs 3 outputs, so the last layer needs as many units | kind",
        "2 | --early-stopping 2 --validation-split 0 | it needs the loss on examples held out | kind",
        "2 | --bins 0               | '--bins': it must be 1 to 64. Received: 0 | kind",
        "2 | --loss cross-entropy    | cross-entropy is for classification | price",
        "2 | --metrics poisson       | Invalid value for option '--metrics': poisson is for numbers of at least 0 | price",
        "2 | --metrics kld           | kld is for classification, and this is a regression. Take mae, rmse or r2 | price",
        "3 | --layers 2:linear       | needs 1 output, so the last layer needs as many units | price",
        "4 | --optimizer sgd --learning-rate 1e30 | The loss became | price",
    })
    void whatMakesNoSenseIsRefused(int exit, String options, String message, String target) throws IOException {
        assertRefused(exit, message, train(target.equals("kind") ? kinds : prices, target, (Object[]) options.split(" ")));
        assertEquals(List.of("kinds.csv", "prices.csv.gz"), files(folder));
    }

    // ---------------------------------------------------------------------------------------------- evaluate

    @Test
    void evaluateTellsWhichLabelIsTakenForWhich() {
        trainKinds("--epochs", 40);
        JsonObject measured = evaluate(model, kinds);
        assertTrue(measured.keySet().containsAll(Set.of("loss", "accuracy", "examples", "model", "labels", "confusion", "precision",
                "auc", "calibration")), measured::toString);
        assertFalse(measured.has("thresholds"), "there are three labels");
        assertEquals("[\"big\",\"odd\",\"small\"]", measured.get("labels").toString());
        assertEquals(TinyTable.ROWS / 20, measured.getAsJsonArray("support").get(1).getAsInt());
        int right = 0;
        for (int c = 0; c < 3; c++) {
            right += measured.getAsJsonArray("confusion").get(c).getAsJsonArray().get(c).getAsInt();
        }
        assertEquals(measured.get("accuracy").getAsDouble(), right / (double) TinyTable.ROWS, 1e-12);
        Result text = run("evaluate", model, "--data", kinds);
        assertTrue(text.out().matches("(?s)Loss \\(cross-entropy\\) \\d\\.\\d{4}, accuracy \\d\\.\\d{4} on 400 rows \\(95 % range .*\\)\\R\\RConfusion matrix: .*"),
                text::toString);
    }

    @Test
    void evaluateTellsErrorsInUnitsOfTheTable() {
        train(prices, "price", "--epochs", 40);
        JsonObject measured = evaluate(model, prices);
        assertEquals(Set.of("loss", "mse", "mae", "rmse", "r2", "median_absolute_error", "max_error", "baseline_mae", "baseline_r2",
                "examples", "model"), measured.keySet());
        assertTrue(measured.get("max_error").getAsDouble() > measured.get("median_absolute_error").getAsDouble());
        assertTrue(measured.get("baseline_mae").getAsDouble() > 3 * measured.get("mae").getAsDouble(), measured::toString);
        double mse = measured.get("mse").getAsDouble();
        assertEquals(mse, Math.pow(measured.get("rmse").getAsDouble(), 2), 1e-6 * mse);
        assertTrue(measured.get("rmse").getAsDouble() > 1000, measured::toString);
        assertTrue(measured.get("r2").getAsDouble() > 0.9, measured::toString);
        assertEquals(TinyTable.ROWS, measured.get("examples").getAsInt());
        Result text = run("evaluate", model, "--data", prices);
        assertTrue(text.out().matches("Loss \\(mse\\) \\d+\\.\\d{4}; in units of price: mse \\d+\\.\\d{4}, mae \\d+\\.\\d{4}, "
                + "rmse \\d+\\.\\d{4}, r2 \\d\\.\\d{4} on 400 rows\\R"
                + "Half of the absolute errors are below \\d+\\.\\d{4}, all up to \\d+\\.\\d{4}\\R"
                + "Baseline, always the mean of the training, \\d+\\.\\d{4}: mae \\d+\\.\\d{4}, r2 -?0\\.\\d{4}\\R"), text::toString);
    }

    @Test
    void evaluateRefusesWhatDoesNotFit() throws IOException {
        trainKinds("--epochs", 1);
        assertRefused(Exit.USAGE, "it must name a table with the column kind", run("evaluate", model));
        assertRefused(Exit.USAGE, "Invalid value for option '--pictures': it applies to images",
                run("evaluate", model, "--data", kinds, "--pictures", folder.resolve("p.png")));
        assertRefused(Exit.BAD_DATA, "expected a column \"kind\", the target",
                run("evaluate", model, "--data", prices));
    }

    private TableSchema schema() throws IOException {
        return ((TablePreprocessor) ModelFile.load(model).preprocessor().orElseThrow()).schema();
    }

    @Test
    void aModelOfNaNIsRefused() throws IOException {
        trainKinds("--epochs", 1);
        SavedModel saved = ModelFile.load(model);
        saved.model().weights().get(0).data()[3] = Float.NaN;
        ModelFile.replace(saved, model);
        String message = model + ": expected a model whose weights are finite. Received: NaN";
        assertRefused(Exit.BAD_DATA, message, run("predict", model, "--data", kinds));
        assertRefused(Exit.BAD_DATA, message, run("evaluate", model, "--data", kinds, "--json"));
    }

    @Test
    void namesWithCommasMayBeSaid() throws IOException {
        Path table = TinyTable.write(folder.resolve("commas.csv"), "\"size, cm\",z,kind", 60,
                row -> row % 7 + "," + row % 3 + "," + (row % 2 == 0 ? "\"a,b\"" : "c"));
        Result result = train(table, "kind", "--epochs", 1, "--types", "\"size, cm\"=category,z=numeric", "--class-weight",
                "\"a,b\"=2,c=1");
        assertExit(Exit.DONE, result);
        assertEquals(TableColumn.Type.CATEGORY, schema().columns().get(0).type(), result::toString);
    }

    // ----------------------------------------------------------------------------------------------- predict

    @Test
    void predictWritesTheLabelOfEachRow() throws IOException {
        trainKinds("--epochs", 100);
        Path out = folder.resolve("p.csv");
        Object[] command = {"predict", model, "--data", kinds, "--out", out};
        assertEquals(new Result(Exit.DONE, "", "Numbers outside the training range are clipped to it: size (1 row)\n"),
                run(command));
        List<String> lines = Files.readAllLines(out);
        assertEquals("row,kind", lines.get(0));
        assertEquals(TinyTable.ROWS + 1, lines.size());
        int right = 0;
        for (int row = 0; row < TinyTable.ROWS; row++) {
            right += lines.get(row + 1).equals((row + 1) + "," + TinyTable.kind(row)) ? 1 : 0;
        }
        assertEquals(evaluate(model, kinds).get("accuracy").getAsDouble(), right / (double) TinyTable.ROWS);
        assertTrue(right > 0.95 * TinyTable.ROWS, right + " right");

        assertRefused(Exit.USAGE, out + " exists already", run(command));
        assertExit(Exit.DONE, run(command, "--force"));
        Result printed = run("predict", model, kinds, "--out", "-");
        assertEquals(Files.readString(out), printed.out());
        assertEquals(printed, run("predict", model, "--data", kinds));
    }

    @Test
    void predictAddsProbabilitiesIfAsked() throws IOException {
        trainKinds("--epochs", 5);
        List<String> lines = run("predict", model, "--data", kinds, "--probabilities").out().lines().toList();
        assertEquals("row,kind,kind = big,kind = odd,kind = small", lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            double[] shares = {Double.parseDouble(cells[2]), Double.parseDouble(cells[3]), Double.parseDouble(cells[4])};
            assertEquals(1, shares[0] + shares[1] + shares[2], 1e-6, line);
            double own = shares[List.of("big", "odd", "small").indexOf(cells[1])];
            assertTrue(own >= shares[0] && own >= shares[1] && own >= shares[2], line);
        }
        TableSchema schema = ((TablePreprocessor) ModelFile.load(model).preprocessor().orElseThrow()).schema();
        float[] first = new float[schema.width()];
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(kinds), schema)) {
            assertTrue(reader.next(first, 0));
        }
        Tensor expected = ModelFile.load(model).model().predict(new float[][] {first});
        assertEquals(expected.get(0, 1), Float.parseFloat(lines.get(1).split(",")[3]), "to the last digit");
    }

    @Test
    void predictCountsWhatTrainingNeverSawAndRefusesItIfStrict() throws IOException {
        trainKinds("--epochs", 5, "--types", "id=ignored");
        Path rows = folder.resolve("rows.csv");
        Files.writeString(rows, "size,colour,age\n3,pink,4\n7,red,4\n?,pink,NA\n4,,5\n");
        Result result = run("predict", model, "--data", rows);
        assertExit(Exit.DONE, result);
        assertEquals(5, result.out().lines().count());
        assertEquals(List.of(
                "Column \"size\": 1 row has no value (none was missing in training); using the training median (--strict refuses it)",
                "Column \"colour\": 2 rows have a category not seen in training; treated as unknown (--strict refuses it)",
                "Column \"colour\": 1 row has no value (none was missing in training); treated as unknown (--strict refuses it)"),
                result.err().lines().toList());
        Path out = folder.resolve("p.csv");
        assertRefused(Exit.BAD_DATA, rows + ": line 2, column 2 (colour): expected a value that the model lists, one of blue,"
                + " green, red. Received: \"pink\"",
                run("predict", model, "--data", rows, "--strict", "--out", out));
        assertFalse(Files.exists(out));
    }

    @Test
    void ofManyColumnsWithNumbersBeyondThoseOfTrainingTheWorstAreNamed() throws IOException {
        Path wide = TinyTable.write(folder.resolve("wide.csv"), "a,b,c,d,e,f,y", 40,
                row -> (row % 7 + ",").repeat(6) + (row % 2 == 0 ? "u" : "v"));
        assertExit(Exit.DONE, train(wide, "y", "--epochs", 1, "--validation-split", 0));
        Files.writeString(wide, "a,b,c,d,e,f\n-1,-1,-1,7,-1,-1\n0,0,0,8,0,0\n");
        Result result = run("predict", model, "--data", wide);
        assertEquals("Numbers outside the training range are clipped to it: in 6 columns, most in d (2 rows), a (1 row),"
                + " b (1 row), c (1 row), e (1 row)\n", result.err());
    }

    @Test
    void predictRefusesWhatDoesNotFit() throws IOException {
        trainKinds("--epochs", 1);
        Path out = folder.resolve("p.csv");
        Files.writeString(out, "size\n1\n");
        assertRefused(Exit.BAD_DATA, out + ": expected a column \"colour\", which the model needs. Received the columns: size",
                run("predict", model, "--data", out));
        assertRefused(Exit.USAGE, "named with --data or without", run("predict", model, out, "--data", out));
        train(prices, "price", "--epochs", 1);
        assertRefused(Exit.USAGE, "it applies to models that predict labels",
                run("predict", model, "--data", prices, "--probabilities"));
        ModelFile.replace(new SavedModel(new Sequential(new Dense(784, 10))), model);
        Path digits = TinyDigits.write(folder.resolve("digits")).resolve("t10k-images-idx3-ubyte.gz");
        assertRefused(Exit.USAGE, "'--strict': it applies to tables", run("predict", model, digits, "--strict"));
        assertExit(Exit.DONE, run("predict", model, digits, "--out", out, "--force"));
        assertEquals(TinyDigits.TEST, Files.readAllLines(out).size());
    }

    /** A number that is one for itself, but of which a square or a product is infinite. */
    @Test
    void rowsThatAreFarTooLargeAreBadData() throws IOException {
        train(prices, "price", "--epochs", 1);
        Path far = folder.resolve("far.csv");
        Files.writeString(far, TinyTable.COLUMNS + ",price\n1,2,red,3,Earth,1000\n1,3e38,red,3e38,Earth,1000\n");
        Result predicted = run("predict", model, "--data", far);
        assertExit(Exit.DONE, predicted);
        assertTrue(predicted.err().contains("are clipped to it: size (1 row), age (1 row)\n"), predicted.err());
        assertExit(Exit.DONE, run("evaluate", model, "--data", far));
        Files.writeString(far, TinyTable.COLUMNS + ",price\n1,2,red,3,Earth,3e38\n");
        Result target = run("evaluate", model, "--data", far);
        assertRefused(Exit.BAD_DATA, far + ": expected data like those that " + model + " was trained on", target);
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.table.TableFile;
import beras.layers.Dense;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.PermutationImportance;
import beras.tables.RowExplainer;
import beras.tables.RowExplanation;
import beras.tables.TableModel;
import beras.tables.TinyTable;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain}: which columns decide. */
@Tag("cli")
@TestInstance(Lifecycle.PER_CLASS)
class ExplainCommandTest {

    @TempDir
    Path folder;
    private Path kinds;
    private Path prices;
    private Path kind;
    private Path price;

    @BeforeAll
    void train(@TempDir Path models) throws IOException {
        kinds = TinyTable.kinds(models.resolve("kinds.csv"));
        prices = TinyTable.prices(models.resolve("prices.csv"));
        kind = models.resolve("kind.beras");
        price = models.resolve("price.beras");
        assertExit(Exit.DONE, run("train", "--data", kinds, "--target", "kind", "--out", kind, "--epochs", 30, "--types",
                "id=ignored"));
        assertExit(Exit.DONE, run("train", "--data", prices, "--target", "price", "--out", price, "--epochs", 30, "--types",
                "id=ignored"));
    }

    @Test
    void columnsAreShownInTheOrderOfTheirImportance() throws IOException {
        Result result = run("explain", kind, "--data", kinds);
        assertExit(Exit.DONE, result);
        List<String> lines = result.out().lines().toList();
        assertTrue(lines.get(0).matches("How much worse log_loss, which is 0\\.\\d+, gets if a column is shuffled among the"
                + " rows: mean and standard deviation of 5 shuffles of 400 rows"), lines.get(0));
        assertTrue(lines.get(1).matches("size    +\\d\\.\\d+ \u00b1 \\d\\.\\d+  #{30}"), lines.get(1));
        assertTrue(lines.get(2).matches("(age   |colour)  +-?\\d\\.\\d+ \u00b1 \\d\\.\\d+(  #{1,9})?"), lines.get(2));
        assertEquals("Columns with the same information share their importance: each alone looks less important than it is",
                lines.get(5));
        String known = kinds + " is the table that the model was trained on, so that this also shows what was memorized\n";
        assertEquals(known + "Numbers outside the training range are clipped to it: size (1 row)\n", result.err());
        JsonObject most = run("explain", kind, "--data", kinds, "--json").objects().get(0).getAsJsonArray("columns").get(0).getAsJsonObject();
        PermutationImportance same = TableModel.load(kind).explain(TableFile.of(kinds)).importance();
        assertEquals("size", most.get("name").getAsString());
        assertEquals(same.columns().get(0).mean(), most.get("mean").getAsDouble());
        assertEquals(same.columns().get(0).deviation(), most.get("deviation").getAsDouble());
    }

    /** In the file that comes last is one row, without the target, and nothing to compare it with. */
    @Test
    void aRowIsExplainedByShares() throws IOException {
        Path one = TinyTable.write(folder.resolve("one.csv"), TinyTable.COLUMNS, 1, row -> TinyTable.cells(22));
        Result result = run("explain", price, "--data", one, "--background", prices, "--row", 1);
        assertExit(Exit.DONE, result);
        List<String> lines = result.out().lines().toList();
        assertTrue(lines.get(0).matches("price of row 1 is \\d+: \\d+, the mean of 400 rows, and what each column adds"), lines.get(0));
        assertTrue(lines.get(1).matches("size    \\S+ +[-+]\\d+  [-+]{30}"), lines.get(1));
        assertEquals(4, lines.size());
        RowExplanation same = RowExplainer.of(TableModel.load(price), TableFile.of(prices)).explain(TableFile.of(one), 1);
        JsonObject first = run("explain", price, "--data", one, "--background", prices, "--row", 1, "--json").objects().get(0)
                .getAsJsonArray("columns").get(0).getAsJsonObject();
        assertEquals(same.shares().get(0).value(), first.get("value").getAsString());
        assertEquals(same.shares().get(0).share(), first.get("share").getAsDouble());
        JsonObject json = run("explain", kind, "--data", kinds, "--row", 23, "--label", "small", "--json").objects().get(0);
        double sum = json.get("baseline").getAsDouble();
        for (JsonElement column : json.getAsJsonArray("columns")) {
            sum += column.getAsJsonObject().get("share").getAsDouble();
        }
        assertEquals(json.get("prediction").getAsDouble(), sum, 1e-12);
        assertEquals("small", json.get("label").getAsString());
        assertEquals(400, json.get("rows").getAsInt());
        Result label = run("explain", kind, "--data", kinds, "--row", 23, "--most-rows", 50);
        assertTrue(label.out().matches("(?s)The probability of kind (big|small|odd) of row 23 is 0\\.\\d+: 0\\.\\d+, the mean of 50 rows, .*"
                + "age  +[-+]0.*"), label::toString);

        assertRefused(Exit.BAD_DATA, "one.csv: expected rows to compare the row with. Received: 1 row. Name others, such as those that"
                + " were trained on, with --background", run("explain", price, "--data", one, "--row", 1));
        assertRefused(Exit.BAD_DATA, "expected a row 2. Received: 1 row",
                run("explain", price, "--data", one, "--background", prices, "--row", 2));
        assertRefused(Exit.USAGE, "'--row': rows are counted from 1. Received: 0",
                run("explain", price, "--data", prices, "--row", 0));
        assertRefused(Exit.USAGE, "'--label': The label must be one of",
                run("explain", kind, "--data", kinds, "--row", 1, "--label", "tiny"));
        for (Object[] option : new Object[][] {{"--measure", "r2"}, {"--repeats", 5}, {"--plots", folder.resolve("p")}}) {
            assertRefused(Exit.USAGE, "'" + option[0] + "': it cannot be combined with --row. Remove one of them",
                    run("explain", price, "--data", prices, "--row", 1, option[0], option[1]));
        }
        for (Object[] option : new Object[][] {{"--background", prices}, {"--label", "big"}}) {
            assertRefused(Exit.USAGE, "'" + option[0] + "': it needs --row. Add that, or remove it",
                    run("explain", kind, "--data", kinds, option[0], option[1]));
        }
    }

    @Test
    void optionsDecide() {
        JsonObject usual = run("explain", price, "--data", prices, "--json").objects().get(0);
        assertEquals("rmse", usual.get("measure").getAsString());
        assertEquals(5, usual.getAsJsonArray("columns").get(0).getAsJsonObject().getAsJsonArray("worse").size());
        assertFalse(usual.has("dependence"));
        assertEquals(usual, run("explain", price, "--data", prices, "--json").objects().get(0));
        JsonObject other = run("explain", price, "--data", prices, "--json", "--measure", "r2", "--repeats", 2,
                "--seed", 7, "--most-rows", 100).objects().get(0);
        assertEquals("r2", other.get("measure").getAsString());
        assertEquals(100, other.get("rows").getAsInt());
        assertEquals(400, other.get("all_rows").getAsInt());
        assertEquals(2, other.getAsJsonArray("columns").get(0).getAsJsonObject().getAsJsonArray("worse").size());
        assertTrue(other.getAsJsonArray("columns").get(0).getAsJsonObject().get("mean").getAsDouble() > 0.5, other::toString);
        Result some = run("explain", price, "--data", prices, "--most-rows", 100);
        assertTrue(some.out().contains(" 100 rows, chosen at random from 400 (--most-rows, --seed)\n"), some::toString);
        assertNotEquals(some.out(), run("explain", price, "--data", prices, "--most-rows", 100, "--seed", 2).out());
    }

    @Test
    void importantColumnsAreDrawn() throws IOException {
        for (Path model : List.of(kind, price)) {
            Path plots = folder.resolve("plots");
            Path data = model.equals(kind) ? kinds : prices;
            Result result = run("explain", model, "--data", data, "--plots", plots, "--json", "--force");
            JsonObject all = result.objects().get(0);
            assertEquals(3, all.getAsJsonArray("dependence").size());
            JsonObject first = all.getAsJsonArray("dependence").get(0).getAsJsonObject();
            assertEquals("size", first.get("column").getAsString());
            assertEquals(20, first.getAsJsonArray("points").size());
            assertEquals(model.equals(kind) ? 3 : 1, first.getAsJsonArray("outputs").size());
            assertTrue(result.err().contains("\n" + plots.resolve("dependence1.svg") + " shows the column size\n"),
                    result::toString);
            for (int i = 1; i <= 3; i++) {
                String plot = Files.readString(plots.resolve("dependence" + i + ".svg"));
                assertTrue(plot.contains("all else as it is") && plot.contains("<title>"), plot);
            }
            assertRefused(Exit.USAGE, plots.resolve("dependence1.svg") + " exists already",
                    run("explain", model, "--data", data, "--plots", plots));
        }
    }

    @Test
    void whatMakesNoSenseIsRefused() throws IOException {
        assertRefused(Exit.USAGE, "Missing required parameter: 'MODEL'", run("explain"));
        assertRefused(Exit.USAGE, "Missing required option: '--data=TABLE'", run("explain", kind));
        assertRefused(Exit.USAGE, "the measure must be one of accuracy, balanced_accuracy, log_loss, ",
                run("explain", kind, "--data", kinds, "--measure", "rmse"));
        assertRefused(Exit.USAGE, "repeats must be at least 1. Received: 0",
                run("explain", kind, "--data", kinds, "--repeats", 0));
        assertRefused(Exit.USAGE, "The number of rows must be at least 1. Received: 0",
                run("explain", kind, "--data", kinds, "--most-rows", 0));
        assertRefused(Exit.BAD_DATA, "expected a column \"kind\", the target", run("explain", kind, "--data", prices));
        Path withoutTable = folder.resolve("bare.beras");
        ModelFile.save(new Sequential(new Dense(1, 1)), withoutTable);
        assertRefused(Exit.BAD_DATA, "expected a model of a table",
                run("explain", withoutTable, "--data", kinds));
        Path file = Files.writeString(folder.resolve("file"), "");
        assertRefused(Exit.USAGE, file + " is there and no folder", run("explain", kind, "--data", kinds, "--plots",
                file));
    }

    /** Despite finite weights, an output may not be finite. */
    @Test
    void whatCannotBeMeasuredIsRefused() throws IOException {
        Path model = folder.resolve("huge.beras");
        for (Path original : List.of(kind, price)) {
            SavedModel saved = ModelFile.load(original);
            Arrays.fill(saved.model().weights().get(0).data(), Float.MAX_VALUE);
            ModelFile.replace(saved, model);
            Path data = original.equals(kind) ? kinds : prices;
            assertRefused(Exit.BAD_DATA, data + ": ", run("explain", model, "--data", data));
        }
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.table.TableFile;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.prediction.ConformalSets;
import beras.saving.ModelFile;
import beras.tables.Coverage;
import beras.tables.TableModel;
import beras.tables.TablePredictions;
import beras.tables.TablePredictions.Row;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --interval} of {@code predict} and {@code evaluate}, and which model files can promise a coverage. */
@Tag("cli")
class IntervalCommandsTest {

    @TempDir
    private static Path folder;
    private static Path prices;
    private static Path kinds;
    private static Path priced;
    private static Path kind;

    @BeforeAll
    static void train() throws IOException {
        prices = TinyTable.prices(folder.resolve("prices.csv"));
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        priced = train(prices, "price", "priced.beras");
        kind = train(kinds, "kind", "kind.beras");
    }

    private static Path train(Path table, String target, String name, Object... more) {
        Path out = folder.resolve(name);
        assertExit(Exit.DONE, run("train", "--data", table, "--target", target, "--out", out, "--ensemble", 1,
                withUsual(Map.of("--epochs", 2), more)));
        return out;
    }

    private static List<Row> rows(TableModel model, Path table) throws IOException {
        try (TablePredictions predictions = model.predict(TableFile.of(table))) {
            return predictions.next();
        }
    }

    // -------------------------------------------------------------------------------------------------- predict

    @Test
    void valuesGetTheirEnds() throws IOException {
        Result csv = run("predict", priced, "--data", prices, "--keep", "id", "--interval", 0.9);
        assertExit(Exit.DONE, csv);
        List<String> lines = csv.out().lines().toList();
        assertEquals("row,id,price,lower,upper", lines.get(0));
        List<JsonObject> objects = run("predict", priced, "--data", prices, "--interval", 0.9, "--format", "jsonl").objects();
        TableModel model = TableModel.load(priced);
        ConformalSets sets = model.sets(0.9);
        List<Row> rows = rows(model, prices);
        for (int i = 0; i < rows.size(); i++) {
            ConformalSets.Interval interval = sets.interval(rows.get(i).prediction());
            String[] cells = lines.get(i + 1).split(",");
            assertEquals(interval.lower(), Double.parseDouble(cells[3]), 0.051);
            assertEquals(interval.upper(), Double.parseDouble(cells[4]), 0.051);
            assertEquals(cells[2].length() - cells[2].indexOf('.'), cells[3].length() - cells[3].indexOf('.'), "decimals");
            assertEquals(cells[3], objects.get(i).get("lower").getAsString());
            assertEquals(cells[4], objects.get(i).get("upper").getAsString());
        }
        assertEquals(List.of("row", "price", "lower", "upper"), List.copyOf(objects.get(0).keySet()));
    }

    @Test
    void labelsGetTheirSet() throws IOException {
        Result csv = run("predict", kind, "--data", kinds, "--probabilities", "--interval", 0.95);
        assertExit(Exit.DONE, csv);
        List<String> lines = csv.out().lines().toList();
        assertEquals("row,kind,set,kind = big,kind = odd,kind = small", lines.get(0));
        List<JsonObject> objects = run("predict", kind, "--data", kinds, "--interval", 0.95, "--format", "jsonl").objects();
        TableModel model = TableModel.load(kind);
        List<Row> rows = rows(model, kinds);
        int several = 0;
        for (int i = 0; i < rows.size(); i++) {
            List<String> set = model.sets(0.95).labels(rows.get(i).prediction());
            String cell = set.size() == 1 ? set.get(0) : '"' + String.join(",", set) + '"';
            assertTrue(lines.get(i + 1).startsWith((i + 1) + "," + set.get(0) + "," + cell + ","), lines.get(i + 1));
            assertEquals(set, objects.get(i).getAsJsonArray("set").asList().stream().map(each -> each.getAsString()).toList());
            several += set.size() > 1 ? 1 : 0;
        }
        assertTrue(several > 0, "sets of several labels");
    }

    // ------------------------------------------------------------------------------------------------- evaluate

    @Test
    void evaluateMeasuresTheCoverage() throws IOException {
        JsonObject wide = run("evaluate", priced, "--data", prices, "--interval", 0.9, "--json").objects().get(0);
        Coverage expected = TableModel.load(priced).coverage(TableFile.of(prices), 0.9);
        assertEquals(0.9, wide.get("interval").getAsDouble());
        assertEquals(expected.share(), wide.get("coverage").getAsDouble());
        assertEquals(expected.meanSize(), wide.get("mean_width").getAsDouble(), 1e-9 * expected.meanSize());
        Result text = run("evaluate", priced, "--data", prices, "--interval", 0.9);
        assertTrue(text.out().contains("Intervals of --interval 0.9 cover 0."), text::toString);
        JsonObject sets = run("evaluate", kind, "--data", kinds, "--rows", "validation", "--interval", 0.9, "--json").objects()
                .get(0);
        assertTrue(sets.get("coverage").getAsDouble() >= 0.9, sets.toString()); // the very rows of the scores: at least ceil(81 * 0.9) of 80
        assertTrue(sets.get("mean_set_size").getAsDouble() >= 1);
        assertTrue(run("evaluate", kind, "--data", kinds, "--interval", 0.9).out().contains("Sets of --interval 0.9 cover "));
        assertTrue(run("evaluate", kind, "--data", kinds, "--rows", "validation", "--interval", 0.9).err()
                .contains("The errors on these very rows decide"));
    }

    // ------------------------------------------------------------------------------------------------- refusals

    @Test
    void aModelThatCannotPromiseSoMuchIsRefusedWithTheCure() {
        assertRefused(Exit.BAD_DATA, priced + ": --interval: The 40 held-out rows of this model can promise a coverage of at most 0.9756."
                + " Received: 0.99. Ask for less, or train with more validation rows",
                run("predict", priced, "--data", prices, "--interval", 0.99));
        Path without = train(prices, "price", "without.beras", "--validation-split", 0);
        assertRefused(Exit.BAD_DATA, without + ": --interval: intervals and sets need the scores of held-out rows",
                run("evaluate", without, "--data", prices, "--interval", 0.9));
        assertRefused(Exit.BAD_DATA, without + ": intervals and sets need the scores of held-out rows",
                run("serve", without, "--port", 0, "--interval", 0.9));
    }

    @Test
    void itIsForTables() throws IOException {
        Path images = folder.resolve("images.beras");
        ModelFile.save(new Sequential(1, new Input(784), new Dense(10, "softmax")), images);
        assertRefused(Exit.USAGE, "'--interval': it applies to tables", run("predict", images, "data/t10k-images-idx3-ubyte.gz",
                "--interval", 0.9));
    }

    // ---------------------------------------------------------------------------------------------------- files

    @Test
    void convertKeepsThemWhereThereIsAPlace() throws IOException {
        Path onnx = folder.resolve("m.onnx");
        assertExit(Exit.DONE, run("convert", priced, "--out", onnx));
        Path back = folder.resolve("back.beras");
        assertExit(Exit.DONE, run("convert", onnx, "--out", back));
        assertEquals(ModelFile.load(priced).conformalScores().orElseThrow().config(),
                ModelFile.load(back).conformalScores().orElseThrow().config());
        assertTrue(run("convert", priced, "--out", folder.resolve("m.keras")).err().contains("the scores of held-out rows, for --interval"));
    }

    @Test
    void infoTellsOfThem() throws IOException {
        assertTrue(run("info", priced).out().contains("Gives intervals or sets (--interval) by the errors on 40 held-out rows"));
        assertEquals(40, run("info", priced, "--json").objects().get(0).get("held_out_scores").getAsInt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "90", "-0.5", "NaN"})
    void whatIsNoProbabilityIsRefused(String coverage) {
        for (String command : List.of("predict", "evaluate")) {
            assertRefused(Exit.USAGE, "'--interval': A coverage must be above 0 and below 1. Received: ",
                    run(command, priced, "--data", prices, "--interval", coverage));
        }
        assertRefused(Exit.USAGE, "'--interval': ", run("serve", priced, "--port", 0, "--interval", coverage));
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TinyTable;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tune}: the search for settings from the command line. */
@Tag("cli")
class TuneCommandTest {

    private static final List<String> FILES = List.of("trials.csv", "config.json");

    @TempDir
    Path folder;
    private Path kinds;
    private Path runs;

    @BeforeEach
    void prepare() throws IOException {
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        runs = folder.resolve("run");
    }

    /** A short search. */
    private Result tune(Object... more) {
        return run(arguments(more));
    }

    private Object[] arguments(Object... more) {
        return Stream.of("tune", "--data", kinds, "--target", "kind",
                withUsual(Map.of("--trials", 9, "--epochs", 9, "--layers", "8:relu|16:relu,8:relu"), more)).toArray();
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file);
    }

    private static void assertSameRun(Path expected, Path actual) throws IOException {
        assertEquals(hash(expected.resolve("model.beras")), hash(actual.resolve("model.beras")));
        for (String file : FILES) {
            assertEquals(lines(expected.resolve(file)), lines(actual.resolve(file)), file);
        }
    }

    @Test
    void theBestNetIsSavedAndAllTrialsAreListed() throws IOException {
        Result result = tune("--run", runs, "--threads", 1);
        assertExit(Exit.DONE, result);
        List<String> out = result.out().lines().toList();
        assertTrue(out.get(0).matches("9 trials after 1 epoch: best validation loss \\d\\.\\d{4} in trial \\d, \\d+\\.\\d\\d s"),
                out.get(0));
        assertTrue(out.get(1).matches("[34] trials after 3 epochs: .*"), out.get(1));
        assertTrue(out.get(2).matches("[12] trials? after 9 epochs: .*"), out.get(2));
        assertTrue(out.get(3).matches("trial +learning rate +layers +dropout +weight decay +batch +epochs +best epoch +val loss"),
                out.get(3));
        String best = out.get(4).strip().split(" +")[0];
        assertTrue(out.get(13).startsWith("Validation loss ") && out.get(13).contains(" in trial " + best), out.get(13));
        assertEquals("This score is optimistic: the validation rows chose the best of 9 trials. Evaluate the model on other rows",
                out.get(14));
        assertTrue(result.err().contains("Each of 9 trials makes 1 epoch; of these, one in 3 continues to 3, 9, and trial 0, the"
                + " defaults, always"), result::err);

        List<String> trials = lines(runs.resolve("trials.csv"));
        assertEquals("trial,learning_rate,layers,dropout,weight_decay,batch_size,val_loss_1,val_loss_3,val_loss_9,best_epoch,"
                + "diverged", trials.get(0));
        assertEquals(10, trials.size());
        assertTrue(trials.get(1).matches("0,8\\.0E-4,\"64:relu,32:relu\",0\\.0,0\\.1,64,1\\.\\d+,0\\.\\d+,0\\.\\d+,\\d,false"),
                trials.get(1));
        SavedModel saved = ModelFile.load(runs.resolve("model.beras"));
        assertEquals("trial " + best + " of 9, by val_loss", saved.provenance().get("tuned"));
        assertExit(Exit.DONE, run("evaluate", runs.resolve("model.beras"), "--data", kinds));

        for (int threads = 2; threads <= 3; threads++) {
            Path other = folder.resolve("run" + threads);
            assertExit(Exit.DONE, tune("--run", other, "--threads", threads));
            assertSameRun(runs, other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--seed 5", "--monitor accuracy --split random --split-seed 4",
        "--monitor auc --validation-split 0.3 --trials 4"})
    void theConfigTrainsTheSameNet(String options) throws IOException {
        assertExit(Exit.DONE, tune("--run", runs, "--layers", "128:relu,64:relu|64:relu,64:relu", "--learning-rate", "0.005..0.02",
                "--dropout", "0.1", "--weight-decay", "0.5", "--batch-size", 16, options.split(" ")));
        String config = Files.readString(runs.resolve("config.json"));
        assertTrue(config.contains("\"weight-decay\": 0.5") && config.contains("dropout(0.1)"), "not the defaults: " + config);
        Path model = folder.resolve("again.beras");
        assertExit(Exit.DONE, run("train", "--config", runs.resolve("config.json"), "--out", model));
        assertEquals(hash(runs.resolve("model.beras")), hash(model));
    }

    @Test
    void valuesAreTunedOnRowsOfAnotherFile() throws IOException {
        Path prices = TinyTable.prices(folder.resolve("prices.csv.gz"));
        Path model = folder.resolve("m.beras");
        Path others = Files.copy(prices, folder.resolve("others.csv"));
        Result result = run("tune", "--data", prices, "--target", "price", "--validation-data", others, "--trials", 3,
                "--epochs", 4, "--monitor", "mae", "--types", "id=ignored", "--out", model);
        assertExit(Exit.DONE, result);
        assertTrue(result.out().contains("Validation mae "), result::toString);
        assertEquals("regression", ModelFile.load(model).provenance().get("task"));
        assertTrue(result.err().matches("(?s).*\\nid +ignored .* as requested\\n.*"), result::toString);
    }

    // ------------------------------------------------------------------------------------------------------ going on

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (String file : List.of("trials.csv", "config.json", "tuning.json")) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
    }

    /** The state of a process that is killed after the first rung, or in the midst of one, is resumed. */
    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void aKilledTuningIsGoneOnWithToTheSameResult(int kept) throws IOException {
        Path killed = folder.resolve("killed");
        Result whole = runWhile(() -> copy(runs, killed), arguments("--run", runs));
        assertExit(Exit.DONE, whole);
        Path state = killed.resolve("tuning.json");
        JsonObject fields = JsonParser.parseString(Files.readString(state)).getAsJsonObject();
        JsonArray results = fields.getAsJsonArray("results");
        assertEquals(9, results.size());
        while (results.size() > kept) {
            results.remove(0);
        }
        Files.writeString(state, fields.toString());

        Result resumed = run("tune", "--resume", killed, "--threads", 1);
        assertExit(Exit.DONE, resumed);
        assertEquals(kept > 0, resumed.err().contains("Resuming " + killed + ", after "), resumed::toString);
        assertSameRun(runs, killed);
        assertRefused(Exit.BAD_DATA, "is resumed by tune --resume " + killed, run("train", "--resume", killed));
        Result again = run("tune", "--resume", killed);
        assertRefused(Exit.DONE, "This tuning is finished. All its trials are in " + killed.resolve("trials.csv"), again);
        Files.delete(killed.resolve("model.beras"));
        assertExit(Exit.DONE, run("tune", "--resume", killed));
        assertSameRun(runs, killed);
    }

    /** As after a kill when the model is saved, but not yet recorded in the state. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aModelThatIsThereAlreadyIsKnown(boolean inFolder) throws IOException {
        Path model = inFolder ? runs.resolve("model.beras") : folder.resolve("m.beras");
        Object[] place = inFolder ? new Object[0] : new Object[] {"--out", model};
        assertExit(Exit.DONE, tune("--run", runs, place));
        String hash = hash(model);
        Path state = runs.resolve("tuning.json");
        JsonObject fields = JsonParser.parseString(Files.readString(state)).getAsJsonObject();
        fields.addProperty("finished", false);
        Files.writeString(state, fields.toString());
        if (!inFolder) {
            assertRefused(Exit.USAGE, "was written with --out " + model + ", and no file decides where to write",
                    run("tune", "--resume", runs));
        }
        assertExit(Exit.DONE, run("tune", "--resume", runs, place));
        assertEquals(hash, hash(model));
        assertTrue(JsonParser.parseString(Files.readString(state)).getAsJsonObject().get("finished").getAsBoolean());
        try (Stream<Path> models = Files.walk(folder)) {
            assertEquals(List.of(model), models.filter(file -> file.toString().endsWith(".beras")).toList());
        }
    }

    @Test
    void aFileOfTheUserInThePlaceOfTheModelStays() throws IOException {
        Path killed = folder.resolve("killed");
        assertExit(Exit.DONE, runWhile(() -> copy(runs, killed), arguments("--run", runs)));
        Files.writeString(killed.resolve("model.beras"), "mine");
        assertRefused(Exit.USAGE, killed.resolve("model.beras") + " exists already, and is no model of this tuning. Give another"
                + " --out, or --force to replace it", run("tune", "--resume", killed));
        assertEquals("mine", Files.readString(killed.resolve("model.beras")));
        Path other = folder.resolve("other.beras");
        assertExit(Exit.DONE, run("tune", "--resume", killed, "--out", other));
        assertEquals(hash(runs.resolve("model.beras")), hash(other));
        assertEquals("mine", Files.readString(killed.resolve("model.beras")));
    }

    @Test
    void otherDataAreRefused() throws IOException {
        Path killed = folder.resolve("killed");
        assertExit(Exit.DONE, runWhile(() -> copy(runs, killed), arguments("--run", runs)));
        List<String> rows = new ArrayList<>(lines(kinds));
        rows.remove(rows.size() - 1);
        Files.write(kinds, rows);
        assertRefused(Exit.BAD_DATA, kinds + ": expected the data that " + killed + " was begun with, as named there or"
                + " by --data. Received: other data, by their SHA-256", run("tune", "--resume", killed));
        Files.writeString(killed.resolve("tuning.json"), "{\"options\": []}");
        assertRefused(Exit.BAD_DATA, "tuning.json: expected what tune has written. Received: ", run("tune", "--resume", killed));
        assertRefused(Exit.BAD_DATA, "it has no tuning.json, so it is no folder of tune --run", run("tune", "--resume", folder));
        assertRefused(Exit.USAGE, "it cannot be changed when a tuning is resumed", run("tune", "--resume", killed, "--trials", 3));
    }

    // ------------------------------------------------------------------------------------------------------ refusals

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "--learning-rate 0..1; '--learning-rate': expected values, each above 0, or ranges",
        "--dropout 1; '--dropout': expected values, each from 0 to below 1",
        "--weight-decay x; '--weight-decay': expected values",
        "--batch-size 0.5; '--batch-size': expected values, each a whole number",
        "--layers 8:nothing; '--layers'",
        "--layers reshape([7]); (Reshape) does not fit",
        "--trials 0; '--trials': it must be at least 1. Received: 0",
        "--factor 1; '--factor': it must be at least 2",
        "--least-epochs 0; '--least-epochs'",
        "--epochs 0; '--epochs'",
        "--threads 0; '--threads'",
        "--monitor nothing; '--monitor'",
        "--validation-split 0; '--validation-split': the trials are compared on rows held out",
        "--optimizer sgd; --optimizer",
    })
    void wrongOptionsAreRefused(String options, String message) {
        assertRefused(Exit.USAGE, message, tune(options.split(" "), "--out", folder.resolve("m.beras"), "--run", runs));
        assertFalse(Files.exists(runs) || Files.exists(folder.resolve("m.beras")));
    }

    @Test
    void filesThatExistAreNotReplacedUnasked() throws IOException {
        Path model = folder.resolve("m.beras");
        Files.writeString(model, "mine");
        assertRefused(Exit.USAGE, model + " exists already", tune("--out", model));
        assertRefused(Exit.USAGE, "--out", tune("--out", kinds, "--force"));
        Files.createDirectory(runs);
        Files.writeString(runs.resolve("config.json"), "mine");
        assertRefused(Exit.USAGE, runs + " is not empty", tune("--run", runs));
        assertRefused(Exit.USAGE, "is the place of another file",
                tune("--run", runs, "--out", runs.resolve("trials.csv"), "--force"));
        assertEquals("mine", Files.readString(runs.resolve("config.json")));
        assertEquals("mine", Files.readString(model));
        assertExit(Exit.DONE, tune("--run", runs, "--out", model, "--force", "--trials", 2));
        assertTrue(hash(model).length() > 0);
        assertRefused(Exit.USAGE, "a table is needed", run("tune", "--target", "kind"));
    }
}

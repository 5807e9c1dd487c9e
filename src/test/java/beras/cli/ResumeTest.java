package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.table.TableOptions;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.saving.ModelBytes;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/** Trainings that are resumed, fail, or lose a file on their way. */
@Tag("cli")
class ResumeTest {

    private static final String SMALL = "--layers 16:relu,10:softmax --batch-size 32";

    @TempDir
    Path folder;
    private Path data;
    private Path run;

    @BeforeEach
    void prepare() throws IOException {
        data = TinyDigits.write(folder.resolve("digits"));
        run = folder.resolve("run");
    }

    private Object[] begin(Object... more) {
        List<Object> args = new ArrayList<>(List.of("train", "--data", data, "--run", run));
        for (Object part : more) {
            if (part instanceof String options) {
                args.addAll(List.of(options.split(" ")));
            } else {
                args.add(part);
            }
        }
        return args.toArray();
    }

    // ------------------------------------------------------------------------------------------------- finished

    @Test
    void moreEpochsGiveWhatTheyWouldHaveGivenAtOnce() throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 2 --checkpoint-every 4")));
        String shorter = hash(run.resolve("model.beras"));
        assertExit(Exit.DONE, run("train", "--resume", run, "--epochs", 3));
        Path whole = folder.resolve("whole");
        assertExit(Exit.DONE, run("train", "--data", data, "--run", whole, "--layers", "16:relu,10:softmax", "--batch-size", 32,
                "--epochs", 3));
        assertEquals(hash(whole.resolve("model.beras")), hash(run.resolve("model.beras")));
        assertFalse(shorter.equals(hash(run.resolve("model.beras"))));
        for (String file : List.of("config.json", "log.csv")) {
            assertEquals(Files.readString(whole.resolve(file)), Files.readString(run.resolve(file)), file);
        }
    }

    /** The distribution of a target is chosen once, and kept in later uses of the run. */
    @Test
    void aDistributionThatWasChosenIsKept() throws IOException {
        Path visits = TinyTable.visits(folder.resolve("visits.csv"));
        String train = "train --data " + visits + " --target visits --ensemble 4 ";
        Result first = run((Object[]) (train + "--epochs 20 --run " + run).split(" "));
        assertExit(Exit.DONE, first);
        assertTrue(first.err().contains("The distribution is poisson: "), first::err);
        Result resumed = run("train", "--resume", run, "--epochs", 24);
        assertExit(Exit.DONE, resumed);
        assertFalse(resumed.err().contains("The distribution is"), resumed::err);
        assertTrue(Files.readString(run.resolve("config.json")).contains("\"distribution\": \"poisson\""));
        assertTrue(Files.readString(run.resolve("summary.json")).contains("--distribution poisson"));
        Path model = run.resolve("model.beras");
        for (String how : List.of("--distribution poisson", "--config " + run.resolve("config.json"))) {
            Path whole = folder.resolve("whole.beras");
            assertExit(Exit.DONE, run((Object[]) (train + how + " --force --epochs 24 --out " + whole).split(" ")));
            assertEquals(hash(whole), hash(model), how);
        }
        Result verified = run("verify", model);
        assertExit(Exit.DONE, verified);
        assertFalse(verified.err().contains("The distribution is"), verified::err);
        Result more = run((Object[]) (train + "--epochs 1 --init " + model + " --out " + folder.resolve("more.beras")).split(" "));
        assertExit(Exit.DONE, more);
        assertFalse(more.err().contains("The distribution is"), more::err);
        assertTrue(run("info", folder.resolve("more.beras")).out().contains("at least 0, of the distribution poisson"));
    }

    @Test
    void whatStoppedEarlyIsFinishedHoweverManyEpochsAreAskedFor() throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 40 --early-stopping 1 --validation-split 0.2 --learning-rate 0.2")));
        String hash = hash(run.resolve("model.beras"));
        Result more = run("train", "--resume", run, "--epochs", 50);
        assertExit(Exit.DONE, more);
        assertTrue(more.err().contains(" of 50: validation loss did not improve in 1 epoch (--early-stopping)"), more::toString);
        assertEquals(hash, hash(run.resolve("model.beras")));
    }

    @Test
    void aModelThatIsMissingIsMadeFromTheLastState() throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 2 --ema 0.9")));
        Path model = run.resolve("model.beras");
        String hash = hash(model);
        Files.delete(model);
        assertExit(Exit.DONE, run("train", "--resume", run));
        assertEquals(hash, hash(model));
    }

    /** As a kill after the model was saved leaves it. */
    @ParameterizedTest
    @ValueSource(strings = {"--epochs 2", "--epochs 2 --ema 0.9", "--epochs 2 --no-report",
        "--epochs 40 --early-stopping 1 --validation-split 0.2 --learning-rate 0.2"})
    void aTrainingWithoutItsSummaryIsConcluded(String options) throws IOException {
        boolean hasReport = !options.contains("--no-report");
        JsonObject whole = run(begin(SMALL, options, "--json")).summary();
        JsonObject told = JsonParser.parseString(Files.readString(run.resolve("summary.json"))).getAsJsonObject();
        Files.delete(run.resolve("summary.json"));
        assertEquals(hasReport, Files.deleteIfExists(run.resolve("report.html")));
        String log = Files.readString(run.resolve("log.csv"));
        JsonObject concluded = run("train", "--resume", run, "--json").summary();
        whole.remove("seconds_since_start");
        concluded.remove("seconds_since_start");
        assertEquals(whole, concluded);
        JsonObject again = JsonParser.parseString(Files.readString(run.resolve("summary.json"))).getAsJsonObject();
        for (String same : List.of("ending", "outcome", "kept_epoch", "values", "recipe", "provenance", "command")) {
            assertEquals(told.get(same), again.get(same), same);
        }
        assertEquals(hasReport, Files.exists(run.resolve("report.html")));
        assertEquals(log, Files.readString(run.resolve("log.csv")));
        assertTrue(run("train", "--resume", run).err().contains(options.contains("--early") ? "Resuming from " : ", which are all. To extend"));
        if (Files.deleteIfExists(run.resolve("report.html"))) { // the last that is made
            assertExit(Exit.DONE, run("train", "--resume", run));
            assertTrue(Files.exists(run.resolve("report.html")));
        }
    }

    // ----------------------------------------------------------------------------------------- models that are elsewhere

    private Result resume(Object... more) {
        return run("train", "--resume", run, more);
    }

    @Test
    void aModelThatSomebodyElseMadeIsNotReplaced() throws IOException {
        Path model = folder.resolve("m.beras");
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 2", "--out", model)));
        assertExit(Exit.DONE, run("train", "--data", data, "--layers", "10:softmax", "--epochs", 1, "--out", model, "--force"));
        byte[] other = Files.readAllBytes(model);
        assertRefused(Exit.USAGE, "Invalid value for option '--out': " + run.resolve("last.beras") + " was written with --out " + model
                + ", and no file decides where to write. Give it again, or another place", resume("--epochs", 3));
        assertRefused(Exit.USAGE, model + " exists already, and is no model of this training. Give another --out, or --force to"
                + " replace it", resume("--epochs", 3, "--out", model));
        assertArrayEquals(other, Files.readAllBytes(model));
        assertExit(Exit.DONE, resume("--epochs", 3, "--out", folder.resolve("n.beras")));
        assertArrayEquals(other, Files.readAllBytes(model));
        assertExit(Exit.DONE, resume("--epochs", 4, "--out", model, "--force"));
        assertEquals(4, ModelFile.load(model).trainingState().orElseThrow().config().integer("epoch"));
    }

    /** The log is restored from the state, whatever a power failure left of it; observers do not end training. */
    @ParameterizedTest
    @ValueSource(strings = {"cut", "empty", "gone", "other"})
    void aLogThatWasDamagedIsWhole(String damage) throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 3 --validation-split 0.1")));
        Path log = run.resolve("log.csv");
        String whole = Files.readString(log);
        switch (damage) {
            case "cut" -> Files.writeString(log, whole.substring(0, whole.length() - 5));
            case "empty" -> Files.writeString(log, "");
            case "gone" -> Files.delete(log);
            default -> Files.writeString(log, "some text");
        }
        Path events = run.resolve("train");
        try (Stream<Path> files = Files.list(events)) {
            Files.delete(files.findFirst().orElseThrow());
        }
        Files.delete(events);
        Files.writeString(events, "mine");
        Result resumed = resume("--epochs", 4);
        assertExit(Exit.DONE, resumed);
        assertTrue(resumed.err().contains("Warning: TensorBoard is left out: " + events + ": the file exists already"),
                resumed::toString);
        List<String> lines = Files.readAllLines(log);
        assertEquals(whole.lines().toList(), lines.subList(0, 4));
        assertEquals(5, lines.size());
    }

    // -------------------------------------------------------------------------------------------------- refused

    @Test
    void whatCannotBeGoneOnWithIsRefused() throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 1")));
        assertRefused(Exit.BAD_DATA, "nowhere: there is no such file", run("train", "--resume", "nowhere"));
        assertRefused(Exit.BAD_DATA, "Received: a file in the folder of a run. Resume that: ", run("train", "--resume", run.resolve("best.beras")));
        assertRefused(Exit.BAD_DATA, "Received: a model alone. Give the folder of --run, or begin a new training, with --init",
                run("train", "--resume", Files.copy(run.resolve("best.beras"), folder.resolve("best.beras"))));
        assertRefused(Exit.BAD_DATA, "Received: no folder of --run. Check the name", run("train", "--resume", data));
        Files.delete(run.resolve("last.beras"));
        assertRefused(Exit.BAD_DATA, "Received: that of a training run without a saved state. Begin it again, with --force",
                run("train", "--resume", run));
    }

    @ParameterizedTest
    @CsvSource({"--seed,2", "--loss,mse", "--run,other", "--config,c.json", "--layers,10:softmax"})
    void otherOptionsAreRefusedByName(String option, String value) throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 1")));
        assertRefused(Exit.USAGE, "Invalid value for option '" + option + "': it cannot be changed when a training run is resumed",
                run("train", "--resume", run, option, value));
    }

    @Test
    void dataThatWereMovedAreNamedAgain() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        Path validation = TinyTable.kinds(folder.resolve("validation.csv.gz"));
        Object[] arguments = {"train", "--data", table, "--target", "kind", "--validation-data", validation, "--epochs", 1, "--run", run};
        assertExit(Exit.DONE, run(arguments));
        Path movedTable = Files.move(table, folder.resolve("moved.csv"));
        Path movedRows = Files.move(validation, folder.resolve("moved.csv.gz"));
        assertRefused(Exit.BAD_DATA, validation + ": expected the data", run("train", "--resume", run, "--epochs", 2, "--data",
                movedTable));
        assertRefused(Exit.BAD_DATA, movedRows + ": expected the data", run("train", "--resume", run, "--epochs", 2, "--data",
                movedRows, "--validation-data", movedRows));
        assertExit(Exit.DONE, run("train", "--resume", run, "--epochs", 2, "--data", movedTable, "--validation-data", movedRows));
        assertExit(Exit.DONE, run("train", "--resume", run, "--epochs", 3));
    }

    /** The rate of its steps would have been another one from the first on. */
    @Test
    void aScheduleOverAllEpochsIsNotExtended() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--epochs", 2, "--ensemble", 1, "--lr-schedule", "cosine",
                "--run", run));
        String before = hash(run.resolve("model.beras"));
        assertRefused(Exit.USAGE, "its learning rate falls over all of its 2 epochs, so that the training run cannot be resumed for another"
                + " number. Received: --epochs 4", run("train", "--resume", run, "--epochs", 4));
        assertEquals(before, hash(run.resolve("model.beras")));
        assertExit(Exit.DONE, run("train", "--resume", run, "--epochs", 2));
    }

    /** As when another version took columns for something else. */
    @Test
    void aTableOfWhichOtherFeaturesAreMadeNowIsRefused() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--epochs", 1, "--run", run));
        Path last = run.resolve("last.beras");
        TableSchema other = TableSchema.infer(table, "kind", new TableOptions().rows(row -> row % 9 > 0));
        ModelFile.replace(ModelFile.load(last).preprocessor(new TablePreprocessor(other)), last);
        assertRefused(Exit.BAD_DATA, "of the same features. Received: data of which this version of BERAS makes others",
                run("train", "--resume", run, "--epochs", 2));
    }

    @Test
    void aFolderThatWasMovedIsGoneOnWith() throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 1")));
        Path moved = Files.move(run, folder.resolve("moved"));
        assertExit(Exit.DONE, run("train", "--resume", moved, "--epochs", 2));
        assertExit(Exit.DONE, run("train", "--resume", moved, "--epochs", 3));
        assertEquals(4, Files.readAllLines(moved.resolve("log.csv")).size());
        assertFalse(Files.exists(run));
        Path away = Files.move(moved.resolve("model.beras"), folder.resolve("away.beras"));
        Files.move(moved, folder.resolve("again"));
        assertRefused(Exit.BAD_DATA, "away.beras: expected a model of a training run without --run. Received: one with --run " + moved
                + ". Resume that folder, and add --out " + away, run("train", "--resume", away, "--epochs", 4));
    }

    /** It is in the file twice: as a fact of the run, and in its options. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"\"beta2\":0.999|\"beta2\":0.9|the beta2 of the optimizer must be what it was there: 0.9. "
            + "Received: 0.999", "\"steps\":19|\"steps\":-1|Received: -1"})
    void aStateThatDoesNotFitItsOptionsIsRefused(String setting, String other, String fact) throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 1")));
        Path last = run.resolve("last.beras");
        byte[] bytes = Files.readAllBytes(last);
        String state = ModelBytes.parts(bytes).get("beras.training");
        assertTrue(state.contains(setting), state);
        Files.write(last, ModelBytes.withPart(bytes, "beras.training", state.replace(setting, other)));
        Result result = run("train", "--resume", run, "--epochs", 2);
        assertRefused(Exit.BAD_DATA, last + ": expected the state of a training run with the options in the file. ", result);
        assertTrue(result.err().contains(fact) && !result.err().contains("bug"), result::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log.csv", "./last.beras", "link.beras"})
    void noFileIsThePlaceOfTwo(String name) throws IOException {
        Files.createDirectories(run);
        Files.createSymbolicLink(folder.resolve("link.beras"), run.resolve("best.beras"));
        Path place = name.equals("link.beras") ? folder.resolve(name) : run.resolve(name);
        assertRefused(Exit.USAGE, "is the place of another file of this command", run(begin(SMALL, "--out", place, "--force")));
    }

    @Test
    void whatIsReadIsNotReplacedByWhatIsMadeOfIt() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        Path made = folder.resolve("made.beras");
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--epochs", 1, "--out", made));
        Map<Path, byte[]> before = new LinkedHashMap<>();
        for (Path file : List.of(table, made)) {
            before.put(file, Files.readAllBytes(file));
        }
        String message = "is the place of another file of this command";
        for (Path place : before.keySet()) {
            assertRefused(Exit.USAGE, message, run("predict", made, "--data", table, "--out", place, "--force"));
            assertRefused(Exit.USAGE, message, run("inspect", place, "--out", place, "--force"));
        }
        assertRefused(Exit.USAGE, message, run("evaluate", made, "--pictures", made, "--force"));
        for (Map.Entry<Path, byte[]> file : before.entrySet()) {
            assertArrayEquals(file.getValue(), Files.readAllBytes(file.getKey()));
        }
    }

    // -------------------------------------------------------------------------------------------------- endings

    @Test
    void aTrainingThatDivergesLateKeepsItsBestEpoch() throws IOException {
        Result diverged = run(begin("--layers 10:linear --loss mse --optimizer sgd(0.01) --lr-schedule piecewise(2=1e30)"
                + " --early-stopping 3 --validation-split 0.1 --epochs 5"));
        assertExit(Exit.DIVERGED, diverged);
        Path model = run.resolve("model.beras");
        assertTrue(diverged.err().contains("The weights of epoch 2, the best so far, are saved in " + model), diverged::toString);
        assertFalse(diverged.err().contains("To resume"), diverged::toString);
        SavedModel saved = ModelFile.load(model);
        assertTrue(saved.provenance().get("diverged").contains("at epoch 3, batch 2"), () -> saved.provenance().toString());
        assertEquals(hash(run.resolve("best.beras")), hash(model));
    }

    @Test
    void aModelWhoseTrainingWentOnAndDivergedSaysSo() throws IOException {
        Path model = folder.resolve("m.beras");
        assertExit(Exit.DONE, run("train", "--data", data, "--out", model, "--layers", "10:linear", "--loss", "mse",
                "--optimizer", "sgd(0.01)", "--lr-schedule", "piecewise(2=1e30)", "--early-stopping", 3, "--validation-split", 0.1,
                "--epochs", 2));
        String hash = hash(model);
        assertExit(Exit.DIVERGED, run("train", "--resume", model, "--epochs", 5));
        assertEquals(hash, hash(model));
        assertTrue(ModelFile.load(model).trainingState().isPresent());
        assertRefused(Exit.DIVERGED, "this training diverged, so it cannot be resumed: The loss became",
                run("train", "--resume", model, "--epochs", 5));
    }

    /** The first epoch is good; the last batch of the second makes the outputs overflow, which only the test shows. */
    @Test
    void whatIsNotFiniteReplacesNoStateThatWasKept() throws IOException {
        Result diverged = run(begin("--layers 10:linear --loss mse --optimizer sgd(0.001) --lr-schedule piecewise(1=1e30)"
                + " --epochs 3 --batch-size " + TinyDigits.TRAIN));
        assertExit(Exit.DIVERGED, diverged);
        assertTrue(diverged.err().contains("test_loss became Infinity after the last batch of epoch 2"), diverged::toString);
        for (String file : List.of("last.beras", "best.beras")) {
            SavedModel saved = ModelFile.load(run.resolve(file));
            assertEquals(1, saved.trainingState().map(state -> state.config().integer("epoch")).orElse(1), file);
            assertExit(Exit.DONE, run("evaluate", run.resolve(file), "--data", data));
        }
        assertExit(Exit.DIVERGED, run("train", "--resume", run));
    }

    /** A log that cannot be written causes one warning, and does not end training. */
    @Test
    void aLogThatCannotBeWrittenIsWarnedOfOnce() throws IOException {
        Result result = runWhile(() -> Files.createDirectory(run.resolve("log.csv")), begin(SMALL, "--epochs 4"));
        assertExit(Exit.DONE, result);
        assertEquals(1, result.err().lines().filter(line -> line.startsWith("Warning: ")).count(), result::toString);
        assertTrue(result.err().contains("Warning: CSVLogger failed, and is tried again at the next epoch: "), result::toString);
        assertTrue(Files.exists(run.resolve("model.beras")));
    }

    @Test
    void aStateThatCannotBeKeptIsAFailureAtTheEnd() throws IOException {
        Path last = run.resolve("last.beras");
        Result result = runWhile(() -> {
            Files.delete(last);
            Files.createDirectory(last);
        }, begin(SMALL, "--epochs 3 --checkpoint-every 2"));
        assertExit(Exit.FAILED, result);
        assertEquals(1, result.err().lines().filter(line -> line.startsWith("Warning: ")).count(), result::toString);
        assertTrue(result.err().contains("beras: The model is saved, but not what --resume needs: " + last + ": there is something"
                + " else than a file at this place"), result::toString);
        assertEquals("3", ModelFile.load(run.resolve("model.beras")).trainingState().orElseThrow().config().values().get("epoch")
                .toString());
    }

    @Test
    void aModelThatCannotBeSavedIsGoneOnWithLater() throws IOException {
        Path model = folder.resolve("out/m.beras");
        Files.createDirectory(model.getParent());
        Result result = runWhile(() -> Files.delete(model.getParent()), begin(SMALL, "--epochs 2", "--out", model));
        assertExit(Exit.FAILED, result);
        assertTrue(result.err().contains("beras: Training is done, and the model could not be saved: " + model + ": the folder "
                + model.getParent() + " does not exist; create it first. What training had kept last is in "
                + run.resolve("last.beras") + ". To resume it: "), result::toString);
        assertTrue(result.err().strip().endsWith("train --resume " + run + " --out " + model), result::toString);
        Files.createDirectory(model.getParent());
        assertExit(Exit.DONE, run("train", "--resume", run, "--out", model));
        assertTrue(Files.exists(model));
    }

    @Test
    void weightsOfOtherShapesAreRefused() throws IOException {
        assertExit(Exit.DONE, run(begin(SMALL, "--epochs 1")));
        assertRefused(Exit.BAD_DATA, "Give the --layers of that model", run("train", "--data", data, "--init",
                run.resolve("model.beras"), "--layers", "8:relu,10:softmax", "--out", folder.resolve("m.beras")));
    }

    @Test
    void aModelAloneThatIsFinishedTellsItsHash() throws IOException {
        Path model = folder.resolve("m.beras");
        Result first = run("train", "--data", data, "--out", model, "--epochs", 1, "--json");
        assertEquals(first.hash(), run("train", "--resume", model, "--json").hash());
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.saving.ModelFile;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Folders, models and tables made by a stranger. Whatever they name, only files that the command names are written, and other
 * files are neither shown nor learnt from: not in messages, nor in reports and models that go back to the stranger.
 */
@Tag("cli")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a pipe may never end
class HostileFilesTest {

    private static final String SECRET = "TOPSECRET";

    @TempDir
    Path folder;
    private Path kinds;
    private Path run; // made by the stranger
    private Path mine; // of the user
    private Map<Path, String> before;

    @BeforeEach
    void prepare() throws Exception {
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        run = folder.resolve("run");
        mine = Files.createDirectory(folder.resolve("mine"));
        Files.writeString(mine.resolve("notes.txt"), SECRET);
        Files.writeString(mine.resolve("secret.csv"), "id,size,colour,age,planet,kind\n" + ("1," + SECRET + "," + SECRET + ",3,4,"
                + SECRET + "\n").repeat(40));
        Files.writeString(mine.resolve("model.beras"), SECRET);
        for (String name : List.of(SECRET + "-cats", SECRET + "-dogs")) {
            Files.createDirectories(mine.resolve("pictures").resolve(name));
            Files.writeString(mine.resolve("pictures").resolve(name).resolve(SECRET + ".png"), SECRET);
        }
        assertEquals(0, new ProcessBuilder("mkfifo", mine.resolve("pipe").toString()).start().waitFor());
        before = contents(mine);
    }

    @AfterEach
    void nothingOfMineIsChanged() throws IOException {
        assertEquals(before, contents(mine));
    }

    private static Map<Path, String> contents(Path folder) throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                contents.put(file, Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                        + (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file, StandardCharsets.ISO_8859_1)
                        : ""));
            }
        }
        return contents;
    }

    /** Neither in the output of the command, nor in its files. */
    private void assertNothingTold(Result result) throws IOException {
        assertFalse(result.out().contains(SECRET) || result.err().contains(SECRET), result::toString);
        Map<Path, String> all = contents(folder);
        all.keySet().removeIf(file -> file.startsWith(mine));
        all.forEach((file, text) -> assertFalse(text.contains(SECRET), () -> file + " tells a secret"));
    }

    private void train(Object... more) {
        assertExit(Exit.DONE, run("train", "--data", kinds, "--target", "kind", "--layers", "8:relu", "--epochs", 1,
                "--ensemble", 1, "--no-report", "--run", run, more));
    }

    private void tune() {
        assertExit(Exit.DONE, run("tune", "--data", kinds, "--target", "kind", "--layers", "8:relu", "--epochs", 1, "--trials", 2,
                "--run", run));
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    /** Changes the provenance of a model. */
    private static void say(Path model, String key, String value) throws IOException {
        ModelFile.replace(saying(ModelFile.load(model), key, value), model);
    }

    /** Changes an option in the state of a training run. */
    private void sayOption(String option, String value) throws IOException {
        Path last = run.resolve("last.beras");
        JsonObject options = json(ModelFile.load(last).provenance().get("options"));
        options.addProperty(option, value);
        say(last, "options", options.toString());
    }

    private void saySetting(String file, String setting, String value) throws IOException {
        JsonObject settings = json(Files.readString(run.resolve(file)));
        settings.addProperty(setting, value);
        Files.writeString(run.resolve(file), settings.toString());
    }

    // -------------------------------------------------------------------------------------------------- places, leave

    @ParameterizedTest
    @ValueSource(strings = {"out", "run", "config", "force", "resume", "help", "init", "threads", "json"})
    void aResumeTakesNoPlaceAndNoLeaveFromAFile(String option) throws IOException {
        train("--validation-split", 0.2);
        sayOption(option, option.equals("force") ? "true" : mine.resolve("notes.txt").toString());
        assertRefused(Exit.BAD_DATA, run.resolve("last.beras") + ": expected options that decide what is computed. Received: \""
                + option + "\", which is taken from the command line alone", run("train", "--resume", run, "--epochs", 2));
        assertEquals(1, ModelFile.load(run.resolve("model.beras")).trainingState().orElseThrow().config().integer("epoch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"out", "run", "config", "force", "resume"})
    void aResumedTuningTakesNoPlaceAndNoLeaveFromAFile(String option) throws IOException {
        tune();
        JsonObject state = json(Files.readString(run.resolve("tuning.json")));
        state.getAsJsonObject("options").addProperty(option, option.equals("force") ? "true" : mine.resolve("model.beras").toString());
        state.addProperty("finished", false);
        state.addProperty("replace", true);
        Files.writeString(run.resolve("tuning.json"), state.toString());
        assertRefused(Exit.BAD_DATA, "tuning.json: expected options that decide what is computed. Received: \"" + option + "\"",
                run("tune", "--resume", run));
    }

    @Test
    void aStateOfATuningThatNamesNoDataIsRefused() throws IOException {
        tune();
        JsonObject state = json(Files.readString(run.resolve("tuning.json")));
        state.getAsJsonObject("options").remove("data");
        Files.writeString(run.resolve("tuning.json"), state.toString());
        assertRefused(Exit.USAGE, "'--data': a table is needed", run("tune", "--resume", run));
    }

    @Test
    void theModelOfAnotherInTheFolderOfATuningStays() throws IOException {
        tune();
        saySetting("tuning.json", "replace", "true");
        saySetting("tuning.json", "finished", "true");
        Path model = Files.writeString(run.resolve("model.beras"), "mine");
        assertRefused(Exit.USAGE, model + " exists already, and is no model of this tuning", run("tune", "--resume", run));
        assertEquals("mine", Files.readString(model));
    }

    // ----------------------------------------------------------------------------------------------------------- data

    @ParameterizedTest
    @CsvSource({"secret.csv,other data", "notes.txt,other data", "model.beras,other data", "pipe,other data", "pictures,other data",
        "nothing,nothing at", "'',what cannot be read as data"})
    void ofOtherDataNothingIsTold(String name, String received) throws IOException {
        Path other = mine.resolve(name);
        train();
        sayOption("data", other.toString());
        Result resumed = run("train", "--resume", run, "--epochs", 2);
        assertRefused(Exit.BAD_DATA, other + ": expected the data that " + run.resolve("last.beras") + " was trained on, as named"
                + " there or by --data. Received: " + received, resumed);
        assertNothingTold(resumed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret.csv", "pipe"})
    void norOfOtherRowsToValidate(String name) throws IOException {
        Path rows = Files.copy(kinds, folder.resolve("rows.csv"));
        train("--validation-data", rows);
        sayOption("validation-data", mine.resolve(name).toString());
        Result resumed = run("train", "--resume", run, "--epochs", 2);
        assertRefused(Exit.BAD_DATA, mine.resolve(name) + ": expected the data that", resumed);
        assertNothingTold(resumed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret.csv", "pipe"})
    void norByATuning(String name) throws IOException {
        tune();
        JsonObject state = json(Files.readString(run.resolve("tuning.json")));
        state.getAsJsonObject("options").addProperty("data", mine.resolve(name).toString());
        state.addProperty("finished", false);
        Files.writeString(run.resolve("tuning.json"), state.toString());
        Result resumed = run("tune", "--resume", run);
        assertRefused(Exit.BAD_DATA, mine.resolve(name) + ": expected the data that " + run + " was begun with", resumed);
        assertNothingTold(resumed);
    }

    /** The hash is of existing data, but not of the named ones. */
    @Test
    void dataWithoutAHashAreNotRead() throws IOException {
        train();
        sayOption("data", mine.resolve("secret.csv").toString());
        say(run.resolve("last.beras"), "data_sha256", null);
        Result resumed = run("train", "--resume", run, "--epochs", 2);
        assertExit(Exit.USAGE, resumed); // the model is not identified as one of this run
        assertNothingTold(resumed);
        Files.delete(run.resolve("model.beras"));
        resumed = run("train", "--resume", run, "--epochs", 2);
        assertRefused(Exit.BAD_DATA, "secret.csv: expected the data that", resumed);
        assertNothingTold(resumed);
    }

    @Test
    void theEnvironmentIsNotAskedFor() throws IOException {
        train();
        System.setProperty("beras.test.secret", SECRET);
        try {
            String variable = "${sys:beras.test.secret}";
            sayOption("target", variable);
            assertNothingTold(run("train", "--resume", run, "--epochs", 2));
            Path config = Files.writeString(folder.resolve("c.json"), "{\"target\": \"" + variable + "\"}");
            assertNothingTold(run("train", "--config", config, "--data", kinds, "--out", folder.resolve("m.beras")));
        } finally {
            System.clearProperty("beras.test.secret");
        }
    }

    // ---------------------------------------------------------------------------------------------------------- links

    /** For a file that is read, written or listed. */
    @ParameterizedTest
    @ValueSource(strings = {"best.beras", "last.beras", "model.beras", "log.csv", "config.json", "columns.csv", "summary.json",
        "report.html", "train", "validation", "fold-3.beras", "tuning.json", "trials.csv", ".beras.lock"})
    void noLinkLeadsOutOfAFolder(String name) throws Exception {
        train();
        Path link = run.resolve(name);
        if (Files.isDirectory(link)) {
            Files.move(link, run.resolve("moved"));
        }
        Files.deleteIfExists(link);
        Path to = mine.resolve(name.equals("train") || name.equals("validation") ? "pictures" : "notes.txt");
        Files.createSymbolicLink(link, to);
        List<Result> results = new ArrayList<>();
        results.add(run("train", "--resume", run, "--epochs", 2));
        results.add(run("tune", "--resume", run));
        results.add(run("train", "--data", kinds, "--target", "kind", "--epochs", 1, "--run", run, "--force"));
        results.add(run("tune", "--data", kinds, "--target", "kind", "--epochs", 1, "--trials", 1, "--run", run, "--force"));
        results.add(run("train", "--data", kinds, "--target", "kind", "--cross-validate", 2, "--epochs", 1, "--run", run, "--force"));
        if (!name.equals(".beras.lock")) { // which compare does not look at
            results.add(run("compare", run, run));
        }
        for (Result result : results) {
            assertTrue(result.exit() != Exit.DONE, result::toString);
            assertNothingTold(result);
        }
        assertEquals(to, Files.readSymbolicLink(link));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "last.beras", "tuning.json", "summary.json", ".beras.lock"})
    void noPipeIsWaitedFor(String name) throws Exception {
        train();
        Files.deleteIfExists(run.resolve(name));
        assertEquals(0, new ProcessBuilder("mkfifo", run.resolve(name).toString()).start().waitFor());
        assertTrue(run("train", "--resume", run).exit() != Exit.DONE);
        assertTrue(run("tune", "--resume", run).exit() != Exit.DONE);
        if (!name.equals(".beras.lock")) {
            assertRefused(Exit.BAD_DATA, run.resolve(name) + ": expected a file that a training writes. Received: a pipe, socket or"
                    + " device", run("compare", run, run));
        }
    }

    // --------------------------------------------------------------------------------------------------------- models

    /** A model is read in the folder alone. */
    @ParameterizedTest
    @ValueSource(strings = {"model.beras", "notes.txt", "pipe"})
    void noModelThatASummaryNamesIsRead(String name) throws IOException {
        train("--out", folder.resolve("m.beras"));
        JsonObject summary = json(Files.readString(run.resolve("summary.json")));
        summary.getAsJsonObject("facts").addProperty("model", mine.resolve(name).toString());
        Files.writeString(run.resolve("summary.json"), summary.toString());
        Result compared = run("compare", run, run, "--out", folder.resolve("comparison.html"));
        assertExit(Exit.DONE, compared);
        assertNothingTold(compared);
    }

    /** All provenance of a model names files of the user. */
    @Test
    void commandsOnAModelReadAndWriteWhatTheyAreGiven() throws IOException {
        train();
        Path model = run.resolve("model.beras");
        for (String key : List.of("data", "validation_data", "init", "places", "options", "target", "split", "fold")) {
            String file = mine.resolve(key.equals("data") ? "secret.csv" : "pipe").toString();
            say(model, key, key.equals("places") || key.equals("options") ? "{\"out\": \"" + file + "\", \"data\": \"" + file + "\"}"
                    : file);
        }
        Path out = Files.createDirectory(folder.resolve("out"));
        assertExit(Exit.DONE, run("predict", model, "--data", kinds, "--out", out.resolve("p.csv")));
        assertExit(Exit.DONE, run("convert", model, "--out", out.resolve("m.onnx")));
        assertExit(Exit.DONE, run("convert", out.resolve("m.onnx"), "--out", out.resolve("n.beras")));
        assertExit(Exit.DONE, run("explain", model, "--data", kinds, "--plots", out));
        Result evaluated = run("evaluate", model, "--data", kinds, "--plots", out.resolve("plots"));
        assertExit(Exit.DONE, evaluated);
        assertNothingTold(evaluated);
        Result rows = run("evaluate", model, "--data", kinds, "--rows", "validation");
        assertTrue(rows.exit() != Exit.DONE, rows::toString);
        assertNothingTold(rows);
        assertNothingTold(run("info", model));
        assertRefused(Exit.BAD_DATA, "expected options that decide what is computed. Received: \"out\"", run("train", "--resume",
                Files.copy(model, out.resolve("copy.beras")), "--epochs", 2));
        TreeSet<String> files = new TreeSet<>();
        contents(folder).keySet().stream().filter(file -> file.startsWith(out) && Files.isRegularFile(file))
                .forEach(file -> files.add(out.relativize(file).toString().replaceAll("\\d+", "N")));
        assertEquals(new TreeSet<>(List.of("copy.beras", "dependenceN.svg", "m.onnx", "n.beras", "p.csv", "plots/calibration.svg",
                "plots/confusion.svg", "plots/pr.svg", "plots/roc.svg")), files);
    }

    // --------------------------------------------------------------------------------------------------------- tables

    /** Names of columns and labels that are paths, options or commands of a shell are names. */
    @ParameterizedTest
    @ValueSource(strings = {"../mine/notes.txt", "@../mine/notes.txt", "${env:PATH}", "--out=../mine/notes.txt"})
    void whatATableSaysIsText(String text) throws IOException {
        Path table = folder.resolve("t.csv");
        StringBuilder rows = new StringBuilder("\"" + text + "\",size,kind\n");
        for (int i = 0; i < 200; i++) {
            rows.append(i % 2 == 0 ? text : "b").append(',').append(i % 7).append(',').append(i % 2 == 0 ? text : "b").append('\n');
        }
        Files.writeString(table, rows);
        Path model = folder.resolve("m.beras");
        Path out = folder.resolve("out");
        assertExit(Exit.DONE, run("inspect", table, "--target", "kind", "--out", folder.resolve("types.json")));
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--config", folder.resolve("types.json"), "--epochs", 2,
                "--out", model));
        assertExit(Exit.DONE, run("evaluate", model, "--data", table, "--plots", out));
        assertExit(Exit.DONE, run("explain", model, "--data", table, "--plots", out));
        assertExit(Exit.DONE, run("predict", model, "--data", table, "--out", folder.resolve("p.csv")));
        assertEquals(List.of("kinds.csv", "m.beras", "mine", "out", "p.csv", "t.csv", "types.json"), files(folder));
    }

    /** A set in the form of MNIST that is a stranger's may have a pipe in the place of a file. */
    @Test
    void aPipeAmongTheFilesOfImagesIsNotRead() throws Exception {
        Path images = TinyDigits.write(folder.resolve("digits"));
        assertExit(Exit.DONE, run("train", "--data", images, "--epochs", 1, "--run", run));
        Path labels = images.resolve("train-labels-idx1-ubyte");
        Files.delete(labels);
        assertEquals(0, new ProcessBuilder("mkfifo", labels.toString()).start().waitFor());
        assertRefused(Exit.BAD_DATA, "Received: other data", run("train", "--resume", run, "--epochs", 2));
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.terminal.Exit;
import beras.files.WatchedFiles;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training run or a search that is killed when it has just ended, before one of the operations that write its model and its
 * summary, is resumed to the result of the undisturbed one, and to nothing else. {@code -Dberas.kills} is the number of kills
 * of all tests together, each before another operation, as long as there are any.
 */
@Tag("jar")
@Tag("process")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class LastSecondTest {

    private static final int KILLS = Integer.getInteger("beras.kills", 9);
    private static final int TESTS = 3;
    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;
    private Path kinds;
    private List<String> operations; // of the undisturbed process
    private Path elsewhere;

    @BeforeEach
    void prepare() throws IOException {
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    }

    /** Runs a command as a process to its end. */
    private void runWhole(List<Object> arguments) throws Exception {
        Path log = folder.resolve("operations");
        runAndHalt(0, log, Exit.DONE, arguments);
        operations = Files.readAllLines(log);
    }

    /** Runs a command as a process that ends before one of its operations on files. */
    private void runAndHalt(int operation, List<Object> arguments) throws Exception {
        runAndHalt(operation, folder.resolve("halted"), KILLED, arguments);
    }

    private void runAndHalt(int operation, Path log, int expected, List<Object> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", JarProcess.JAR + File.pathSeparator
                + System.getProperty("java.class.path")));
        command.addAll(WatchedFiles.asDefault(operation, log));
        command.add(Main.class.getName());
        arguments.forEach(argument -> command.add(argument.toString()));
        try (JarProcess process = JarProcess.startCommand(folder, Map.of(), command)) {
            Commands.assertExit(expected, process.end());
        }
    }

    /**
     * Numbers of operations, spread from the last move onto a file on. If there are too few, earlier ones, too, as long as
     * there is a state to resume from.
     */
    private List<Integer> aims(String file, String state) {
        int first = operations.size();
        while (!operations.get(first - 1).matches("move .*/" + file)) {
            first--;
        }
        int resumable = 1;
        while (!operations.get(resumable - 1).endsWith("/" + state)) {
            resumable++;
        }
        int count = Math.min(operations.size() - resumable, KILLS / TESTS);
        first = Math.min(first, operations.size() + 1 - count);
        List<Integer> aims = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            aims.add(first + i * (operations.size() + 1 - first) / count);
        }
        return aims;
    }

    private static Set<String> files(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            return files.map(file -> run.relativize(file).toString().replaceFirst("events\\.out\\.tfevents\\..*", "events"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static JsonObject summary(Path run) throws IOException {
        JsonObject summary = JsonParser.parseString(Files.readString(run.resolve("summary.json"))).getAsJsonObject();
        for (String other : List.of("phases", "seconds", "facts", "command")) { // times, names
            summary.remove(other);
        }
        return summary;
    }

    private static void assertSameText(Path whole, Path run, String... files) throws IOException {
        for (String file : files) {
            assertEquals(Files.readString(whole.resolve(file)), Files.readString(run.resolve(file)), file);
        }
    }

    private List<Object> train(Path run, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train", "--data", kinds, "--target", "kind", "--layers", "8:relu",
                "--epochs", 4, "--threads", 1, "--json", "--run", run));
        arguments.addAll(List.of(more));
        return arguments;
    }

    @Test
    void aTrainingIsConcluded() throws Exception {
        Path whole = folder.resolve("whole");
        runWhole(train(whole));
        for (int aim : aims("last.beras", "last.beras")) {
            Path run = folder.resolve("run" + aim);
            runAndHalt(aim, train(run));
            Commands.Result resumed = Commands.run("train", "--resume", run, "--json");
            assertEquals(hash(whole.resolve("model.beras")), resumed.hash(), () -> aim + ": " + resumed);
            assertEquals(hash(whole.resolve("model.beras")), hash(run.resolve("model.beras")));
            assertEquals(summary(whole), summary(run));
            assertSameText(whole, run, "log.csv", "config.json", "columns.csv");
            assertTrue(Files.readString(run.resolve("report.html")).contains("Confusion matrix"));
            assertEquals(files(whole), files(run), () -> "killed before operation " + aim);
        }
    }

    @Test
    void aTrainingWhoseModelIsElsewhereIsConcluded() throws Exception {
        Path whole = folder.resolve("whole");
        Path model = elsewhere.resolve("m.beras");
        runWhole(train(whole, "--out", model));
        String hash = hash(model);
        for (int aim : aims("last.beras", "last.beras")) {
            Files.deleteIfExists(model);
            Path run = folder.resolve("run" + aim);
            runAndHalt(aim, train(run, "--out", model));
            Commands.Result resumed = Commands.run("train", "--resume", run, "--json", "--out", model);
            assertEquals(hash, resumed.hash(), () -> aim + ": " + resumed);
            assertEquals(hash, hash(model));
            assertEquals(summary(whole).get("values"), summary(run).get("values"));
            assertEquals(files(whole), files(run), () -> "killed before operation " + aim);
            assertEquals(Set.of("", "m.beras"), files(elsewhere));
        }
    }

    private List<Object> tune(Path run) {
        return List.of("tune", "--data", kinds, "--target", "kind", "--trials", 6, "--epochs", 3, "--layers", "8:relu", "--threads",
                1, "--run", run);
    }

    @Test
    void aTuningIsConcluded() throws Exception {
        Path whole = folder.resolve("whole");
        runWhole(tune(whole));
        for (int aim : aims("trials.csv", "tuning.json")) {
            Path run = folder.resolve("run" + aim);
            runAndHalt(aim, tune(run));
            Commands.Result resumed = Commands.run("tune", "--resume", run);
            Commands.assertExit(Exit.DONE, resumed);
            assertEquals(hash(whole.resolve("model.beras")), hash(run.resolve("model.beras")), () -> aim + ": " + resumed);
            JsonObject state = JsonParser.parseString(Files.readString(run.resolve("tuning.json"))).getAsJsonObject();
            assertTrue(state.get("finished").getAsBoolean());
            assertSameText(whole, run, "trials.csv", "config.json");
            assertEquals(files(whole), files(run), () -> "killed before operation " + aim);
        }
    }
}

package beras.cli;

import beras.cli.terminal.Exit;
import beras.files.WatchedFiles;
import beras.saving.ModelFile;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs commands in a JVM whose {@linkplain WatchedFiles files} fail at a call, and looks at what is left, for
 * {@link FaultsTest}. Arguments: a folder to work in, how many calls of each command and fault to try at most, and optionally the
 * only one: {@code TRAIN:ERROR:7}.
 */
final class FaultRun implements WatchedFiles.Watcher {

    /** What is printed for each command and fault. */
    static final String COLUMNS = "command,fault,calls,tried,failed";
    /** What a line begins with that reports a trial with something wrong; the name of the trial follows. */
    static final String FAILED = "FAILED ";
    /** What a killed process leaves beside files. */
    private static final Pattern DRAFT = Pattern.compile("(.*/)?\\.beras[-.].*");
    /** What is trained on, in a folder. */
    private static final String TABLE = " --data ROOT/data.csv --target kind --epochs 2 --batch-size 16";
    private static final String LOCK = ".beras.lock";
    private static final int ROWS = 60;
    private static final String BEST = "run/best.beras";
    private static final Pattern EVENTS = Pattern.compile("events\\.out\\.tfevents\\..*");

    /** What happens at a call. */
    private enum Fault {
        /** It fails, and so does none after it. */
        ERROR(Set.of("create", "lock", "write", "truncate", "force", "link", "move", "delete", "folder", "open", "read", "list",
                "close"), "Input/output error"),
        /** So does every later one that needs room; of the bytes of a write, some are written before. */
        NO_SPACE(Set.of("create", "write", "folder"), "No space left on device"),
        /** So does every later one that reads, or opens a file that is there. */
        UNREADABLE(Set.of("open", "read", "list"), "Input/output error"),
        /** It writes less than it was given, which is no failure. */
        SHORT(Set.of("write"), ""),
        /** Nothing reaches the disk any more, as after a kill. */
        KILL(Set.of("create", "write", "truncate", "force", "link", "move", "delete", "folder"), "the process was killed");

        private final Set<String> operations;
        private final String message;

        Fault(Set<String> operations, String message) {
            this.operations = operations;
            this.message = message;
        }
    }

    /** A command that writes files, and what a user does after it has failed. */
    private enum Scenario {
        TRAIN("last.beras", "train" + TABLE + " --layers 4:relu,dropout:0.2 --ensemble 2 --run ROOT/run --json") {
            @Override
            String again(Path root) {
                return Files.exists(root.resolve("run/last.beras")) ? "train --resume ROOT/run --json" : command() + " --force";
            }
        },
        TRAIN_ELSEWHERE("last.beras", "train" + TABLE + " --layers 4:relu --ensemble 1 --run ROOT/run --out ROOT/out/m.beras --json") {
            @Override
            String again(Path root) {
                return Files.exists(root.resolve("run/last.beras")) ? "train --resume ROOT/run --out ROOT/out/m.beras --json"
                        : command() + " --force";
            }
        },
        RESUME("last.beras", "train --resume ROOT/run --epochs 3 --json") {
            @Override
            void prepare(Path root) throws IOException {
                super.prepare(root);
                require(root, TRAIN.command());
            }
        },
        SAVE("", "train" + TABLE + " --layers 4:relu --ensemble 1 --out ROOT/out/m.beras --json"),
        CROSS_VALIDATION("", "train" + TABLE + " --layers 4:relu --ensemble 1 --cross-validate 2 --run ROOT/run") {
            @Override
            String again(Path root) {
                return command() + " --force";
            }
        },
        TUNE("tuning.json", "tune --data ROOT/data.csv --target kind --layers 4:relu --epochs 2 --trials 3 --run ROOT/run") {
            @Override
            String again(Path root) {
                return Files.exists(root.resolve("run/tuning.json")) ? "tune --resume ROOT/run" : command() + " --force";
            }
        },
        CONVERT_TO_ONNX("", "convert ROOT/model.beras --out ROOT/out/m.onnx"),
        CONVERT_TO_KERAS("", "convert ROOT/model.beras --out ROOT/out/m.keras"),
        CONVERT_TO_NUMPY("", "convert ROOT/model.beras --out ROOT/out/m.npz"),
        PREDICT("", "predict ROOT/model.beras ROOT/data.csv --out ROOT/out/p.csv");

        private final String state; // from which it is resumed; empty: it is not
        private final String command;

        Scenario(String state, String command) {
            this.state = state;
            this.command = command;
        }

        String command() {
            return command;
        }

        /** What a user does after a failure. */
        String again(Path root) {
            return command;
        }

        /** What is there before it begins. */
        void prepare(Path root) throws IOException {
            Files.createDirectories(root.resolve("out"));
            Files.createDirectories(root.resolve("tmp"));
            Files.writeString(root.resolve("out/of-others.txt"), "this belongs to others");
            Files.copy(root.resolveSibling("data.csv"), root.resolve("data.csv"));
            Path model = root.resolveSibling("model.beras");
            if (Files.exists(model)) {
                Files.copy(model, root.resolve("model.beras"));
            }
        }
    }

    private static Commands.Result run(Path root, String command) {
        return Commands.run((Object[]) command.replace("ROOT", root.toString()).split(" "));
    }

    private static void require(Path root, String command) {
        Commands.Result result = run(root, command);
        if (result.exit() != Exit.DONE) {
            throw new AssertionError(command + ": " + result);
        }
    }

    private final Path base;
    private final int most;
    private final String only; // null: all
    private Path root;
    private Fault fault; // null: none, and calls are counted
    private Set<String> counted = Set.of();
    private int at;
    private int calls;
    private String hit; // null: not yet
    private boolean stateWasThere;
    private boolean writesPart;
    private String state = "";
    private int tried;

    private FaultRun(Path base, int most, String only) {
        this.base = base;
        this.most = most;
        this.only = only;
    }

    public static void main(String[] arguments) throws IOException {
        FaultRun run = new FaultRun(Path.of(arguments[0]), Integer.parseInt(arguments[1]),
                arguments.length > 2 ? arguments[2] : null);
        WatchedFiles.watch(run);
        run.runAll();
    }

    private void runAll() throws IOException {
        TinyTable.write(base.resolve("data.csv"), TinyTable.COLUMNS + ",kind", ROWS,
                row -> TinyTable.cells(row) + "," + TinyTable.kind(row));
        require(base, "train" + TABLE + " --layers 4:relu --ensemble 1 --out ROOT/model.beras");
        for (Scenario scenario : Scenario.values()) {
            if (only == null || only.startsWith(scenario + ":")) {
                run(scenario);
            }
        }
    }

    private void run(Scenario scenario) throws IOException {
        Map<String, String> expected = undisturbed(scenario);
        for (Fault kind : Fault.values()) {
            int count = count(scenario, kind);
            int trials = Math.min(count, most);
            tried = 0;
            int failed = 0;
            for (int i = 0; i < trials; i++) {
                int number = 1 + (int) ((long) i * count / trials);
                String name = scenario + ":" + kind + ":" + number;
                if (only == null || only.equals(name)) {
                    List<String> wrong = tryOut(scenario, kind, number, expected);
                    tried++;
                    if (!wrong.isEmpty()) {
                        failed++;
                        System.out.println(FAILED + name + " at " + hit + ": " + String.join("; ", wrong).replace('\n', '|'));
                    }
                }
            }
            System.out.println(scenario + "," + kind + "," + count + "," + tried + "," + failed);
        }
    }

    // ------------------------------------------------------------------------------------------------------ one trial

    private Map<String, String> undisturbed(Scenario scenario) throws IOException {
        Path folder = fresh(scenario, "whole");
        require(folder, scenario.command());
        Map<String, String> left = contents(folder);
        delete(folder);
        return left;
    }

    private int count(Scenario scenario, Fault kind) throws IOException {
        Path folder = fresh(scenario, "counted");
        arm(scenario, folder, null, kind.operations, 0);
        run(folder, scenario.command());
        int count = calls;
        disarm();
        delete(folder);
        return count;
    }

    private Path fresh(Scenario scenario, String name) throws IOException {
        Path folder = Files.createDirectory(base.resolve(name));
        scenario.prepare(folder);
        System.setProperty("java.io.tmpdir", folder.resolve("tmp").toString());
        return folder;
    }

    private List<String> tryOut(Scenario scenario, Fault kind, int number, Map<String, String> expected) throws IOException {
        Path folder = fresh(scenario, scenario + "-" + kind + "-" + number);
        Map<String, String> before = contents(folder);
        arm(scenario, folder, kind, kind.operations, number);
        Commands.Result result = run(folder, scenario.command());
        disarm();
        if (hit == null) {
            hit = "no call, as there were fewer";
        }
        List<String> wrong = new ArrayList<>();
        Map<String, String> left = contents(folder);
        boolean leavesDrafts = kind == Fault.KILL || hit.startsWith("delete") || hit.endsWith(LOCK); // which harm nobody
        left = leavesDrafts ? without(left) : left;
        check(kind, folder, result, before, left, expected, wrong);
        boolean resumable = scenario.state.isEmpty() || Files.exists(folder.resolve("run").resolve(scenario.state));
        if (stateWasThere && !resumable) {
            wrong.add("the training is lost: " + scenario.state + " is gone");
        }
        if (!left.equals(expected)) {
            Commands.Result next = run(folder, scenario.again(folder));
            boolean isThere = left.keySet().containsAll(expected.keySet()); // which the command that replaces nothing says
            if (next.exit() != Exit.DONE && !(isThere && next.err().contains("exists already"))) {
                wrong.add("then " + scenario.again(folder) + " gives " + next);
            }
            Map<String, String> after = contents(folder);
            if (result.err().contains("Warning: ModelCheckpoint failed")) { // for the last epoch it is not tried again
                after.put(BEST, expected.get(BEST));
            }
            if (!after.equals(expected)) {
                wrong.add("after that there is " + difference(expected, after));
            }
        }
        delete(folder);
        return wrong;
    }

    private static void check(Fault kind, Path folder, Commands.Result result, Map<String, String> before,
            Map<String, String> left, Map<String, String> expected, List<String> wrong) {
        if (result.err().contains("this is a bug")) {
            wrong.add("reported as a bug: " + result.err());
        }
        for (String other : List.of("data.csv", "model.beras", "out/of-others.txt")) {
            if (before.containsKey(other) && !before.get(other).equals(left.get(other))) {
                wrong.add(other + " is changed");
            }
        }
        left.forEach((name, content) -> {
            if (content.startsWith("BROKEN")) {
                wrong.add(name + " is " + content);
            }
            if (DRAFT.matcher(name).matches()) {
                wrong.add(name + " is left");
            }
        });
        if (kind == Fault.SHORT) {
            if (result.exit() != Exit.DONE || !left.equals(expected)) {
                wrong.add("a short write makes " + difference(expected, left) + " and " + result);
            }
        } else if (kind != Fault.KILL && (result.exit() != Exit.DONE || !left.equals(expected))) {
            if (result.exit() != Exit.DONE && result.exit() != Exit.FAILED && result.exit() != Exit.BAD_DATA
                    && !(result.exit() == Exit.USAGE && result.err().contains("no file can be created"))) {
                wrong.add("the exit code is " + result.exit());
            }
            if (result.err().lines().noneMatch(line -> line.contains(kind.message) && line.contains(folder.toString()))) {
                wrong.add("path and cause are not told, but the exit code is " + result.exit() + " and there is "
                        + difference(expected, left) + ": " + result.err());
            }
        }
    }

    private static String difference(Map<String, String> expected, Map<String, String> left) {
        Map<String, String> parts = new TreeMap<>();
        expected.forEach((name, content) -> {
            if (!content.equals(left.get(name))) {
                parts.put(name, !left.containsKey(name) ? "missing"
                        : "other contents " + shortened(left.get(name)) + " than " + shortened(content));
            }
        });
        left.keySet().stream().filter(name -> !expected.containsKey(name)).forEach(name -> parts.put(name, "too much"));
        return parts.toString();
    }

    private static String shortened(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }

    /** Without what a killed process leaves. */
    private static Map<String, String> without(Map<String, String> left) {
        Map<String, String> others = new TreeMap<>(left);
        others.keySet().removeIf(name -> DRAFT.matcher(name).matches());
        return others;
    }

    // ------------------------------------------------------------------------------------------------------- contents

    /** What each file says, but for times and the names of folders. */
    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                contents.put(EVENTS.matcher(name).replaceFirst("events"), content(file, folder));
            }
        }
        return contents;
    }

    private static String content(Path file, Path folder) throws IOException {
        String name = file.getFileName().toString();
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        try {
            if (name.startsWith(".beras") || EVENTS.matcher(name).matches()) {
                return "";
            } else if (name.endsWith(".html")) {
                return text.strip().endsWith("</html>") ? "a page" : "BROKEN: " + text.length() + " characters";
            } else if (name.matches(".*\\.(beras|onnx|keras)")) {
                return "weights " + ModelFile.weightsSha256(ModelFile.load(file).model());
            } else if (name.endsWith(".json")) {
                JsonObject json = JsonParser.parseString(text).getAsJsonObject();
                for (String time : List.of("phases", "seconds", "facts", "command", "provenance", "resume")) {
                    json.remove(time);
                }
                if (json.has("results")) { // of trials, in the order in which they ended
                    json.addProperty("results",
                            json.remove("results").getAsJsonArray().asList().stream().map(Object::toString).sorted()
                            .toList().toString());
                }
                return json.toString().replace(folder.toString(), "ROOT");
            } else if (name.endsWith(".csv")) {
                return text.endsWith("\n") ? text.replace(folder.toString(), "ROOT") : "BROKEN: " + text;
            }
            return text;
        } catch (IOException | RuntimeException e) {
            return "BROKEN: " + e;
        }
    }

    /** By plain Java, so that no call is counted. */
    private static void delete(Path folder) {
        File[] files = folder.toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            if (file.isDirectory()) {
                delete(file.toPath());
            } else {
                file.delete();
            }
        }
        folder.toFile().delete();
    }

    // ---------------------------------------------------------------------------------------------------------- calls

    private synchronized void arm(Scenario scenario, Path folder, Fault kind, Set<String> operations, int number) {
        root = folder;
        fault = kind;
        counted = operations;
        at = number;
        calls = 0;
        hit = null;
        stateWasThere = false;
        writesPart = false;
        state = scenario.state;
    }

    private synchronized void disarm() {
        root = null;
    }

    @Override
    public void before(String operation, Path path) throws IOException {
        call(operation, path);
    }

    @Override
    public void reading(String operation, Path path) throws IOException {
        call(operation, path);
    }

    @Override
    public boolean reachesDisk() {
        return false;
    }

    @Override
    public synchronized int taken(Path path, int bytes) {
        boolean part = writesPart && bytes > 1;
        writesPart = false;
        return part ? bytes / 2 : bytes;
    }

    private synchronized void call(String operation, Path path) throws IOException {
        if (root == null || !path.toString().startsWith(root + File.separator) || !counted.contains(operation)) {
            return;
        }
        calls++;
        if (fault == null || calls < at) {
            return;
        }
        if (hit == null) {
            hit = operation + " " + path.toString().substring(root.toString().length() + 1);
            stateWasThere = !state.isEmpty() && new File(root.toFile(), "run/" + state).exists();
            if (operation.equals("write") && (fault == Fault.SHORT || fault == Fault.NO_SPACE)) {
                writesPart = true;
                return;
            }
        } else if (fault == Fault.ERROR || fault == Fault.SHORT) {
            return;
        }
        throw Set.of("write", "read", "force", "truncate", "close", "lock").contains(operation) ? new IOException(fault.message)
                : new FileSystemException(path.toString(), null, fault.message);
    }
}

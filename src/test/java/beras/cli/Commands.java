package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.terminal.Exit;
import beras.cli.terminal.Terminal;
import beras.kernels.Threads;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Runs commands within this JVM, and returns their results. */
final class Commands {

    record Result(int exit, String out, String err) {

        /** The output of {@code --json}, line by line. */
        List<JsonObject> objects() {
            assertEquals(Exit.DONE, exit, this::toString);
            return out.lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        }

        /** The last object of a training run. */
        JsonObject summary() {
            List<JsonObject> objects = objects();
            return objects.get(objects.size() - 1).getAsJsonObject("summary");
        }

        String hash() {
            return summary().get("weights_sha256").getAsString();
        }
    }

    /** Something that is done while a command runs. */
    interface Meanwhile {
        void happens() throws IOException;
    }

    /** Runs a command on a terminal, see {@link #terminal}. */
    static Result runOn(Terminal terminal, Object... args) {
        return run(new ByteArrayOutputStream(), terminal, args);
    }

    /** A terminal for both streams with these variables, by default of 80 columns. */
    static Terminal terminal(Map<String, String> environment) {
        return new Terminal(environment, true, true, () -> 0);
    }

    /** Runs a command that finds this file in standard input. */
    static Result runOn(Path in, Object... args) throws IOException {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(Files.readAllBytes(in)));
        try {
            return run(args);
        } finally {
            System.setIn(before);
        }
    }

    /** Runs a command that prints something, and does something else once it does. */
    static Result runWhile(Meanwhile meanwhile, Object... args) throws IOException {
        IOException[] failure = new IOException[1]; // which the command might take for one of its own
        Result result = run(new ByteArrayOutputStream() {

            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                if (size() == 0) {
                    try {
                        meanwhile.happens();
                    } catch (IOException e) {
                        failure[0] = e;
                    }
                }
                super.write(bytes, from, length);
            }
        }, Terminal.NONE, args);
        if (failure[0] != null) {
            throw failure[0];
        }
        return result;
    }

    /** Runs a command that writes to this stream. */
    static Result run(ByteArrayOutputStream out, Terminal terminal, Object... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int threads = Threads.count();
        try {
            int exit = Main.run(words(args).map(Object::toString).toArray(String[]::new), out, err, terminal);
            return new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            Threads.set(threads); // which --threads changes for the whole JVM
        }
    }

    /** Runs a command of these words; lists and arrays are expanded. */
    static Result run(Object... args) {
        return runOn(Terminal.NONE, args);
    }

    /** These words; lists and arrays are expanded. */
    static Stream<?> words(Object part) {
        Stream<?> parts = part instanceof Object[] array ? Stream.of(array) : part instanceof Collection<?> list ? list.stream() : null;
        return parts == null ? Stream.of(part) : parts.flatMap(Commands::words);
    }

    /** These words, and the options that are not among them with their usual values. */
    static Object[] withUsual(Map<String, ?> usual, Object... words) {
        List<Object> all = new ArrayList<>(words(words).toList());
        usual.forEach((option, value) -> all.addAll(all.contains(option) ? List.of() : List.of(option, value)));
        return all.toArray();
    }

    /** With another text in the provenance, or without one. */
    static SavedModel saying(SavedModel saved, String key, String text) {
        Map<String, String> provenance = new LinkedHashMap<>(saved.provenance());
        provenance.put(key, text);
        provenance.values().removeIf(Objects::isNull);
        return saved.provenance(provenance);
    }

    static void assertExit(int exit, Result result) {
        assertEquals(exit, result.exit, result::toString);
    }

    static void assertRefused(int exit, String message, Result result) {
        assertExit(exit, result);
        assertTrue(result.err.contains(message), () -> "expected \"" + message + "\" in " + result);
        assertEquals("", result.out);
    }

    /** The names of what is in a folder, in their order. */
    static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** The hash of the weights in a model file. */
    static String hash(Path model) throws IOException {
        return ModelFile.weightsSha256(ModelFile.load(model).model());
    }

    /** The names of the files in a folder that are being written, or that a process left which was killed. */
    static List<String> drafts(Path folder) {
        String[] names = folder.toFile().list((in, name) -> name.startsWith(".beras-"));
        return names == null ? List.of() : List.of(names);
    }

    private Commands() {}
}

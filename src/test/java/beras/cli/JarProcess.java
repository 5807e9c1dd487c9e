package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.terminal.Exit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code beras.jar} as a process that is watched, signalled, or killed while it runs. */
final class JarProcess implements AutoCloseable {

    static final Path JAR = Path.of("beras.jar").toAbsolutePath();
    private static final int MINUTES = 2;

    private final Process process;
    private final Path err;
    private final BufferedReader out;
    private final StringBuilder read = new StringBuilder();

    private JarProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
        this.out = process.inputReader();
    }

    /** Starts a command in a folder, the way the user does. */
    static JarProcess start(Path folder, Object... args) throws IOException {
        return start(folder, List.of("--add-modules", "jdk.incubator.vector"), args);
    }

    /** Starts a command with these options of Java. */
    static JarProcess start(Path folder, List<String> options, Object... args) throws IOException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-jar", JAR.toString()));
        return java(folder, all, args);
    }

    /** Starts a command from classes instead of the jar. */
    static JarProcess startMain(Path folder, String classPath, Object... args) throws IOException {
        return java(folder, List.of("-cp", classPath, Main.class.getName()), args);
    }

    private static JarProcess java(Path folder, List<String> options, Object... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        Commands.words(args).map(Object::toString).forEach(command::add);
        return startCommand(folder, Map.of(), command);
    }

    /** Starts any command, with these variables added to the environment. */
    static JarProcess startCommand(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        Path err = Files.createTempFile("beras", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS",
                "BERAS_OPTS"));
        builder.environment().putAll(environment);
        return new JarProcess(builder.start(), err);
    }

    /** Waits for a line of the output; false if there comes none any more. */
    boolean readLine() throws IOException {
        String line = out.readLine();
        if (line != null) {
            read.append(line).append('\n');
        }
        return line != null;
    }

    /** The output so far. */
    String output() {
        return read.toString();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process at once, as {@code kill -9} does. */
    void kill() {
        process.toHandle().destroyForcibly(); // which leaves the streams open
    }

    /**
     * Asks the process to end, as Ctrl-C does; by SIGTERM if SIGINT is ignored, as in a job of the background.
     *
     * @return the exit code that goes with it
     */
    int interrupt() throws IOException, InterruptedException {
        boolean ignored = interruptsAreIgnored(); // read once: it was seen to change in between
        run("kill", ignored ? "-TERM" : "-INT", Long.toString(process.pid()));
        return ignored ? 143 : Exit.INTERRUPTED;
    }

    /** Lets no file of the process grow beyond so many bytes. */
    void limitFiles(long bytes) throws IOException, InterruptedException {
        run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=" + bytes);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder(command).start().waitFor(), () -> String.join(" ", command));
    }

    private static boolean interruptsAreIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            String mask = lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow().substring(7).strip();
            return (Long.parseUnsignedLong(mask, 16) & 1L << 1) != 0;
        }
    }

    /** Reads all that is still printed, and waits for the end. */
    Commands.Result end() throws IOException, InterruptedException {
        while (readLine()) {
            // the process must not wait for its reader
        }
        assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), "The process did not end");
        return new Commands.Result(process.exitValue(), read.toString(), Files.readString(err));
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        out.close();
        Files.deleteIfExists(err);
    }
}

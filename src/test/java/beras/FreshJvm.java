package beras;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a program of the tests in a JVM of its own, for what depends on how a JVM was started, or on what ran in it before. */
public final class FreshJvm {

    /** The option without which there are no vectors. */
    public static final String VECTORS = "--add-modules=jdk.incubator.vector";

    /**
     * How well a program is compiled depends on what the compiler had seen when its turn came, and so once in a while on
     * chance: what is to be compiled well has so many JVMs to show it.
     */
    public static final int CHANCES = 3;

    /** The least number that it prints in up to {@link #CHANCES} JVMs, until it is small enough. */
    public static double least(double enough, Class<?> program, Object... arguments) throws IOException, InterruptedException {
        double least = Double.MAX_VALUE;
        for (int jvm = 0; jvm < CHANCES && least > enough; jvm++) {
            least = Math.min(least, Double.parseDouble(run(List.of(VECTORS), program, arguments).get(0)));
        }
        return least;
    }

    /**
     * The lines that it prints on standard output; fails if it fails.
     *
     * @param options those of the JVM
     */
    public static List<String> run(List<String> options, Class<?> program, Object... arguments)
            throws IOException, InterruptedException {
        return run(Map.of(), options, program, arguments);
    }

    /** As {@link #run(List, Class, Object...)}, with some variables of the environment. */
    public static List<String> run(Map<String, String> environment, List<String> options, Class<?> program, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }

    private FreshJvm() {}
}

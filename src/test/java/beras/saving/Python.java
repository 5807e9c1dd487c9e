package beras.saving;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debian's Python, for files that others are to read. On a machine without it such tests are ignored, but not where
 * {@code CI=true}.
 */
final class Python {

    private static final String PYTHON = "/usr/bin/python3";

    /** Passes the test over if packages are not there. */
    static void require(String... packages) throws InterruptedException {
        assumeTrue("true".equals(System.getenv("CI")) || has(packages), "needs for Python: " + String.join(", ", packages));
    }

    private static boolean has(String... packages) throws InterruptedException {
        try {
            return new ProcessBuilder(PYTHON, "-c", "import " + String.join(", ", packages)).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The lines that a script of {@code src/test/python} prints; it must not fail. */
    static List<String> run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of(PYTHON, "src/test/python/" + script), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }

    private Python() {}
}

package beras.cli;

import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Programs of others that read the output of commands. Tests of a missing program are ignored, but not where {@code CI=true}.
 */
final class Programs {

    private static final int SECONDS = 60;

    /** Passes the test over if one is not there. */
    static void require(String... names) {
        boolean all = Arrays.stream(names).allMatch(name -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))));
        assumeTrue("true".equals(System.getenv("CI")) || all, () -> "needs " + String.join(", ", names));
    }

    /** Runs one in a folder, which is its home as well, with both outputs as one; it must end in time. */
    static Commands.Result run(Path folder, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("beras", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(List.of(command)).directory(folder.toFile()).redirectErrorStream(true)
                    .redirectOutput(output.toFile()).redirectInput(new File("/dev/null"));
            builder.environment().putAll(Map.of("HOME", folder.toString(), "LC_ALL", "C.UTF-8", "TERM", "xterm"));
            Process process = builder.start();
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String said = Files.readString(output);
            assertTrue(ended, () -> String.join(" ", command) + " did not end. It said:\n" + said);
            return new Commands.Result(process.exitValue(), said, "");
        } finally {
            Files.delete(output);
        }
    }

    private Programs() {}
}

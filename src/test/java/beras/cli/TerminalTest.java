package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a terminal, which {@code script} of util-linux makes. */
@Tag("jar")
@Timeout(120)
class TerminalTest {

    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    Path folder;

    private Process process;

    @BeforeEach
    void prepare() throws IOException {
        Programs.require("script", "stty");
        TinyDigits.write(folder.resolve("data"));
    }

    @AfterEach
    void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Trains on a terminal after other commands, until somebody ends it. */
    private BufferedReader train(Map<String, String> environment, String before) throws IOException {
        String command = before + "exec '" + JAVA + "' -jar '" + JarProcess.JAR + "' train --epochs 1000000";
        ProcessBuilder builder = new ProcessBuilder("script", "-qec", command, "/dev/null").directory(folder.toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeAll(List.of("COLUMNS", "LANG", "LC_CTYPE", "JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8", "TERM", "xterm"));
        builder.environment().putAll(environment);
        process = builder.start();
        return process.inputReader(StandardCharsets.UTF_8);
    }

    /** The first match drawn before the end of an epoch. */
    private static String drawn(BufferedReader out, String pattern) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            for (String piece : line.split("\r")) {
                if (piece.startsWith("Epoch ") && piece.contains(" [") && piece.strip().matches(pattern)) {
                    return piece.strip();
                }
            }
        }
        throw new AssertionError("training ended, and no line was " + pattern);
    }

    @Test
    void theWidthIsThatOfTheTerminal() throws Exception {
        BufferedReader out = train(Map.of(), "stty cols 50; ");
        drawn(out, ".{40,49}");
        for (int i = 0; i < 5; i++) {
            String line = drawn(out, ".*");
            assertTrue(line.length() < 50, line);
        }
    }

    @Test
    void columnsSayOtherwise() throws Exception {
        BufferedReader out = train(Map.of("COLUMNS", "120"), "stty cols 50; ");
        String line = drawn(out, "Epoch \\d+/1000000 \\[[=> ]+] loss [0-9.]+, .* left, \\d+k?/s, accuracy [0-9.]+");
        assertTrue(line.length() > 80 && line.length() < 120, line);
    }

    @Test
    void aDumbTerminalGetsPlainLines() throws Exception {
        BufferedReader out = train(Map.of("TERM", "dumb"), "");
        int epochs = 0;
        for (String line = out.readLine(); epochs < 10; line = out.readLine()) {
            assertFalse(line.contains(" ["), line);
            assertEquals(line.stripTrailing(), Arrays.asList(line.split("\r")).get(0).stripTrailing());
            epochs += line.matches("\\d+/1000000 .*") ? 1 : 0;
        }
    }
}

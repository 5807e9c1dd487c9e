package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks of the image without building it: the copied files exist, and the commands that check it succeed. */
@Tag("jar")
class ContainerfileTest {

    private final String text = Files.readString(Path.of("src/container/Containerfile"));

    @TempDir
    Path folder;

    ContainerfileTest() throws IOException {}

    @Test
    void whatItCopiesIsThere() {
        List<String> copied = Pattern.compile("(?m)^COPY (?!--from)(.*) \\S+$").matcher(text).results().map(found -> found.group(1))
                .flatMap(sources -> Arrays.stream(sources.split(" "))).toList();
        assertTrue(copied.containsAll(List.of("pom.xml", "src/main")), copied::toString);
        copied.forEach(source -> assertTrue(Files.exists(Path.of(source)), source));
    }

    @Test
    void itsCheckSucceedsHere() throws Exception {
        MatchResult check = Pattern.compile("(?m)^RUN --mount=\\S*target=/data ((?:.*\\\\\n)*.*)$").matcher(text).results()
                .reduce((first, second) -> second).orElseThrow();
        String command = check.group(1).replace("cd /tmp ", "cd . ").replace("/data/", Path.of("data").toAbsolutePath() + "/");
        String path = Path.of("").toAbsolutePath() + ":" + System.getenv("PATH"); // the start script is in the top folder
        try (JarProcess process = JarProcess.startCommand(folder, Map.of("PATH", path, "JAVA_HOME", System.getProperty("java.home")),
                List.of("sh", "-c", command))) {
            Result result = process.end();
            assertEquals(0, result.exit(), result::toString);
            assertTrue(result.out().startsWith("Vectors "), result::toString);
        }
        assertEquals(0, folder.toFile().list().length, "nothing is left");
    }

    @Test
    void theUserIsNotRoot() {
        assertTrue(Pattern.compile("(?m)^USER [1-9]\\d*:[1-9]\\d*$").matcher(text).find(), text);
    }
}

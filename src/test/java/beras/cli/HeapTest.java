package beras.cli;

import static beras.cli.Commands.assertExit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.terminal.Exit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The heap of a process that trains on MNIST: it begins with 400 MB here, and needs 60. */
@Tag("jar")
@Tag("process")
class HeapTest {

    private static final Pattern ASKED_FOR = Pattern.compile("Pause Full \\(System.gc\\(\\)\\) .*\\((\\d+)M\\)");

    private static final Path DATA = Path.of("data").toAbsolutePath();

    @TempDir
    Path folder;

    /** The megabytes that the heap had after each collection that was asked for. */
    private List<Integer> train(String... more) throws Exception {
        List<String> java = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseG1GC",
                "-XX:G1HeapRegionSize=1m", "-XX:InitialHeapSize=400m", "-Xlog:gc"));
        java.addAll(List.of(more));
        try (JarProcess process = JarProcess.start(folder, java, "train", "--epochs", 1, "--force", "--data", DATA)) {
            Commands.Result result = process.end();
            assertExit(Exit.DONE, result);
            return ASKED_FOR.matcher(result.out()).results().map(found -> Integer.valueOf(found.group(1))).toList();
        }
    }

    @Test
    void trainingKeepsTheHeapSmall() throws Exception {
        List<Integer> heaps = train();
        assertEquals(2, heaps.size(), heaps::toString);
        assertTrue(heaps.get(0) < 20, heaps::toString);
        assertTrue(heaps.get(1) < 170, heaps::toString); // 200 if as much may be free as Java thinks
    }

    @Test
    void whoeverStartsJavaMaySayHowMuchIsFree() throws Exception {
        List<Integer> heaps = train("-XX:MaxHeapFreeRatio=70");
        assertTrue(heaps.get(1) > 170, heaps::toString);
        heaps = train("-XX:MinHeapFreeRatio=70"); // more than the most that training would allow
        assertTrue(heaps.get(1) > 170, heaps::toString);
    }

    /** A smaller young generation is among the options of the script, which makes all this unneeded. */
    @Test
    void theScriptHasOptionsInstead() throws Exception {
        assertEquals(List.of(), train("-Dberas.command=./beras"));
    }
}

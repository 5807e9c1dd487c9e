package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.files.WatchedFiles;
import beras.fuzz.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A command of which one call of the file system fails loses no training, leaves no file half-written, touches no other file, and
 * says which file could not be read or written, and why; then the same command, or the one that resumes it, leaves what the
 * undisturbed one leaves. See {@link FaultRun}. {@code -Dberas.faults=1000000} tries all calls, {@code -Dberas.faults.only}
 * one, as a failure names it, {@code -Dberas.faults.out=FILE} writes the counts.
 */
@Tag("cli")
@Tag("slow")
class FaultsTest {

    private static final int CALLS = Integer.getInteger("beras.faults", 4);
    private static final String ONLY = System.getProperty("beras.faults.only");
    private static final String OUT = System.getProperty("beras.faults.out");

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void whicheverCallFailsNothingIsLost(@TempDir Path folder) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of(folder.toRealPath(), CALLS));
        if (ONLY != null) {
            arguments.add(ONLY);
        }
        List<String> lines = FreshJvm.run(List.of(WatchedFiles.asDefault(), "-Dberas.simd=off", "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"), FaultRun.class, arguments.toArray());
        lines.forEach(System.out::println);
        if (OUT != null) {
            List<String> table = new ArrayList<>(List.of(Origin.line().strip(), FaultRun.COLUMNS));
            lines.stream().filter(line -> !line.startsWith(FaultRun.FAILED)).forEach(table::add);
            Files.write(Path.of(OUT), table);
        }
        assertTrue(lines.size() > 1, lines::toString);
        assertEquals(List.of(), lines.stream().filter(line -> line.startsWith(FaultRun.FAILED))
                .map(line -> line + "\nTo repeat it: mvn -Pfuzz test -Dtest=FaultsTest -Dberas.faults=1000000 -Dberas.faults.only="
                        + line.split(" ")[1] + "\n").toList());
    }
}

package beras.fuzz;

import static org.junit.jupiter.api.Assertions.*;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that are written at random, with marks of missing values, quotes, units and line ends of all kinds, in several
 * encodings, give the same model on two set-ups, or the same refusal; and their rows are predicted the same from files of several
 * forms, from a stream, in memory, by the server and in ONNX. See {@link RandomCases}.
 */
@Tag("fuzz")
class RandomTablesTest {

    private static final int COUNT = 24;

    @TempDir
    private Path folder;
    private int tried;
    private int trained;

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void meanTheSameWhicheverWayTheyCome() {
        List<String> failures = RandomCases.failures(RandomTablesTest.class, COUNT, this::failure);
        System.out.println("RandomTablesTest: " + trained + " of " + tried + " tables are trained on, the others refused");
        assertEquals(List.of(), failures);
        assertTrue(tried < 10 || trained > tried / 10, () -> trained + " trained of " + tried);
    }

    private String failure(long number) {
        tried++;
        Draws draws = new Draws(RandomCases.SEED, "setup of a table", number);
        Setup first = Setup.drawn(draws);
        Setup second = Setup.drawn(draws);
        String what = new RandomTable(RandomCases.SEED, number) + "\non " + first + "\nand " + second + "\n";
        Map<String, String> in = Map.of("folder", folder.toString());
        String expected = first.run(TableRun.class, number, "compare", in);
        if (expected.startsWith(TableRun.DIFFERENT)) {
            return what + expected;
        }
        trained += expected.startsWith(TableRun.REFUSED) ? 0 : 1;
        String received = second.run(TableRun.class, number, "train", in);
        return expected.equals(received) ? "" : what + expected + "\nnot\n" + received;
    }
}

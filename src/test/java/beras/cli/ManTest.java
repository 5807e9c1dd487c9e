package beras.cli;

import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual page, as roff and as read. */
@Tag("cli")
class ManTest {

    private final String page = run("man").out();

    @TempDir
    Path folder;

    /** There is no date in it, for the same source makes the same bytes. */
    @Test
    void mandocFindsNothingWrong() throws Exception {
        Programs.require("mandoc");
        Path file = Files.writeString(folder.resolve("beras.1"), page);
        Result lint = Programs.run(folder, "mandoc", "-Tlint", file.toString());
        assertEquals(List.of(), lint.out().lines().filter(line -> !line.contains("missing date")).filter(line -> !line.contains("STYLE"))
                .toList());
    }

    @Test
    void itReadsAsTheHelpDoes() throws Exception {
        Programs.require("groff");
        Path file = Files.writeString(folder.resolve("beras.1"), page);
        Result read = Programs.run(folder, "groff", "-man", "-Tascii", "-P-cbou", "-rLL=200n", file.toString());
        assertEquals(0, read.exit(), read::toString);
        String text = read.out();
        assertTrue(text.contains("beras - trains and runs neural networks on the CPU, in pure Java\n"), text);
        assertTrue(text.contains("  beras predict --model model.beras photo1.png photo2.jpg\n"), text);
        assertTrue(text.contains("      --validation-split 0.1 --early-stopping 3 --epochs 50"), text);
        assertTrue(text.contains("--augment [shift=2,rotate=12,zoom=0.1,shear=0.1]\n"), text);
        assertTrue(text.contains("all else that is random.  Default: 1.\n"), text);
        assertTrue(Pattern.compile("Exit codes: 0 done, 1 failed, 2 wrong usage").matcher(text).find(), text);
    }

    @Test
    void everyCommandIsThereWithEveryOption() {
        String commands = run("--help").out().replaceFirst("(?s).*\nCommands:\n", "").replaceFirst("(?s)\n\n.*", "");
        List<String> names = Pattern.compile("(?m)^  ([a-z]+)").matcher(commands).results().map(found -> found.group(1)).toList();
        assertTrue(names.containsAll(List.of("train", "predict", "completion", "man")), names::toString);
        for (String name : names) {
            assertTrue(page.contains("\n.SS " + name), name);
            List<String> options = Pattern.compile("(?m)^ *(?:-h, )?(--[a-z0-9-]+)").matcher(run(name, "--help").out()).results()
                    .map(MatchResult::group).map(String::strip).toList();
            for (String option : options) {
                String title = option.replace("-h, ", "").replace("-", "\\-");
                assertTrue(page.contains("\\fB" + title + "\\fR"), () -> name + " " + option);
            }
        }
    }
}

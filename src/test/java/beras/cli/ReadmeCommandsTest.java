package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands, run as they stand there, print what stands there. */
@Tag("cli")
class ReadmeCommandsTest {

    private static final String JAVA = "java --add-modules jdk.incubator.vector -jar beras.jar ";
    private static final String ROWS = "new-penguins.csv";
    private static final String PIPE = "cat " + ROWS + " | ";

    /** What differs from machine to machine, and where the model went. */
    private static final String TIMES = "(, | and )[0-9.]+ s(, [0-9]+ examples/s| of training\\. The model is in .*)$";

    private final String readme = Files.readString(Path.of("README.md"));

    @TempDir
    private Path folder;

    ReadmeCommandsTest() throws IOException {}

    @Test
    void twoCommands() {
        List<String> commands = commands("## Two commands");
        Result trained = run(here(commands.get(0) + " --out model.beras"));
        assertExit(Exit.DONE, trained);
        List<String> said = section("## Two commands").lines().filter(line -> line.matches("Epoch .*|Test accuracy .* after.*"))
                .map(line -> line.replaceFirst(TIMES, "")).toList();
        assertEquals(6, said.size());
        assertEquals(said, withoutTimes(trained).subList(0, 6));
    }

    /** A block without commands shows what the last one before it prints, or a part of what it says on standard error. */
    @Test
    void tables() throws IOException {
        String tables = section("## Tables");
        Path rows = Files.write(folder.resolve(ROWS), List.of(printed(tables).split("[\\s\\\\]+")));
        Result last = null;
        int ran = 0;
        int shown = 0;
        for (String block : blocks(tables)) {
            List<String> commands = block.lines().filter(line -> line.contains(JAVA)).toList();
            for (String command : commands) {
                last = command.startsWith(PIPE) ? runOn(rows, command.substring(PIPE.length())) : run(here(command));
                assertExit(Exit.DONE, last);
                ran++;
            }
            if (commands.isEmpty()) {
                Result result = last;
                assertTrue(result.out().equals(block) || result.err().contains("\n" + block),
                        () -> "in the README:\n" + block + "said:\n" + result.out() + result.err());
                shown++;
            }
        }
        assertEquals(7, ran);
        assertEquals(6, shown);
    }

    private Result runOn(Path input, String command) throws IOException {
        InputStream before = System.in;
        try (InputStream in = Files.newInputStream(input)) {
            System.setIn(in);
            return run(here(command));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void everyOptionExists() {
        StringBuilder help = new StringBuilder("--help --add-modules ");
        for (String command : List.of("train", "evaluate", "predict", "relay", "inspect", "tune", "explain", "serve", "info", "convert", "convert",
                "convert", "report", "compare", "doctor", "completion", "man")) {
            help.append(run(command, "--help").out());
        }
        List<String> options = Pattern.compile("(?<![\\w-])--[a-z0-9][a-z0-9-]*").matcher(readme).results().map(MatchResult::group)
                .distinct().toList();
        assertTrue(options.containsAll(List.of("--resume", "--init", "--checkpoint-every", "--metrics")), options::toString);
        for (String option : options) {
            assertTrue(Pattern.compile(option + "(?![\\w-])").matcher(help).find(), option);
        }
    }

    private static List<String> withoutTimes(Result result) {
        return result.out().lines().map(line -> line.replaceFirst(TIMES, "")).toList();
    }

    private String section(String title) {
        int begin = readme.indexOf(title + "\n");
        return readme.substring(begin, readme.indexOf("\n## ", begin));
    }

    /** What stands between fences that name no language. */
    private static List<String> blocks(String section) {
        return Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$").matcher(section).results().filter(found -> found.group(1).isEmpty())
                .map(found -> found.group(2)).toList();
    }

    /** The rows that {@code printf} prints. */
    private static String printed(String section) {
        MatchResult found = Pattern.compile("(?s)printf '%s\\\\n' (.*?) > " + ROWS).matcher(section).results()
                .findFirst().orElseThrow();
        return found.group(1);
    }

    private List<String> commands(String title) {
        return section(title).lines().filter(line -> line.startsWith(JAVA)).toList();
    }

    /** The arguments, with files that a command makes or that are made before in the test's folder. */
    private Object[] here(String command) {
        return (" " + command.substring(JAVA.length()))
                .replaceAll("(?<= )(\\w+\\.beras|" + ROWS + ")", folder.toString().replace("\\", "/") + "/$1")
                .strip().split(" ");
    }
}

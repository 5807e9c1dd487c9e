package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        List<String> said = section("## Two commands").lines().filter(line -> line.matches("Epoch .*|Test accuracy [0-9.]+ after.*"))
                .map(line -> line.replaceFirst(TIMES, "")).toList();
        assertEquals(6, said.size());
        assertEquals(said, withoutTimes(trained).subList(0, 6));
    }

    @Test
    void tables() throws IOException {
        String tables = section("## Tables");
        Files.write(folder.resolve("new-penguins.csv"), List.of(printed(tables).split("[\\s\\\\]+")));
        List<String> commands = commands("## Tables");
        assertEquals(6, commands.size());
        List<Result> results = new ArrayList<>();
        for (String command : commands) {
            Result result = run(here(command));
            assertExit(Exit.DONE, result);
            results.add(result);
        }
        Result trained = results.get(1);
        String remarks = blockWith("Task: ", tables);
        assertTrue(trained.err().contains(remarks), trained::err);
        List<String> ends = blockWith("Epoch 12/12", tables).lines().toList();
        assertEquals(2, ends.size());
        assertTrue(withoutTimes(trained).containsAll(ends), trained::out);
        for (int output : new int[] {0, 2, 3, 5}) {
            String out = results.get(output).out();
            assertTrue(tables.contains("```\n" + out + "```\n"), () -> "not in the README: " + out);
        }
    }

    @Test
    void everyOptionExists() {
        StringBuilder help = new StringBuilder("--help --add-modules ");
        for (String command : List.of("train", "evaluate", "predict", "inspect", "tune", "explain", "info", "doctor")) {
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

    /** The block that begins with these words, without its fences. */
    private static String blockWith(String words, String section) {
        int begin = section.indexOf("```\n" + words) + 4;
        return section.substring(begin, section.indexOf("```", begin));
    }

    /** The rows that {@code printf} prints. */
    private static String printed(String section) {
        MatchResult found = Pattern.compile("(?s)printf '%s\\\\n' (.*?) > new-penguins.csv").matcher(section).results()
                .findFirst().orElseThrow();
        return found.group(1);
    }

    private List<String> commands(String title) {
        return section(title).lines().filter(line -> line.startsWith(JAVA)).toList();
    }

    /** The arguments, with files that a command makes or that are made before in the test's folder. */
    private Object[] here(String command) {
        return (" " + command.substring(JAVA.length()))
                .replaceAll("(?<= )(\\w+\\.beras|new-penguins\\.csv)", folder.toString().replace("\\", "/") + "/$1")
                .strip().split(" ");
    }
}

package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.assertRefused;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import beras.cli.shell.OptionValues;
import beras.cli.terminal.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of {@code completion}, read by the shells they are for. */
@Tag("cli")
class CompletionTest {

    /** Lines that have one completion each, and that. */
    private static final Map<String, String> ONLY = Map.ofEntries(
            Map.entry("beras tra", "train"),
            Map.entry("./beras compl", "completion"),
            Map.entry("beras completion f", "fish"),
            Map.entry("beras train --opti", "--optimizer"),
            Map.entry("beras train --loss mean_squared_l", "mean_squared_logarithmic_error"),
            Map.entry("beras train --loss cross", "cross-entropy"),
            Map.entry("beras train --net small", "small-cnn"),
            Map.entry("beras tune --data ho", "houses.csv"),
            Map.entry("beras tune --data houses.csv --task reg", "regression"),
            Map.entry("beras train --layers x --initializer he_u", "he_uniform"),
            Map.entry("beras evaluate --rows val", "validation"),
            Map.entry("beras predict --strict ph", "photo.png"),
            Map.entry("beras predict --probabilities --model ph", "photo.png"),
            Map.entry("beras convert photo.png --forc", "--force"));

    @TempDir
    Path folder;

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createFile(folder.resolve("photo.png"));
        Files.createFile(folder.resolve("houses.csv"));
    }

    private Path script(String shell) throws IOException {
        Result result = run("completion", shell);
        assertExit(Exit.DONE, result);
        return Files.writeString(folder.resolve(shell + ".completion"), result.out());
    }

    @Test
    void bash() throws Exception {
        Programs.require("bash");
        Path script = script("bash");
        String complete = "exec 2> /dev/null; source " + script + "\nfor line; do read -ra COMP_WORDS <<< \"$line\"; COMP_LINE=$line;"
                + " COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _complete_beras; echo \"$line > ${COMPREPLY[*]}\"; done";
        Result result = Programs.run(folder, with(List.of("bash", "--norc", "-c", complete, "bash")));
        assertEquals(expected(), new TreeSet<>(result.out().lines().toList()));
        Result registered = Programs.run(folder, "bash", "--norc", "-c", "source " + script + "; complete -p beras");
        assertTrue(registered.out().contains("-F _complete_beras beras"), registered::toString);
    }

    @Test
    void fish() throws Exception {
        Programs.require("fish");
        Path script = script("fish");
        Files.createSymbolicLink(folder.resolve("beras"), Path.of("/bin/true"));
        String complete = "source " + script + "; for line in $argv; echo \"$line > \"(complete -C $line | string split -f 1 \\t); end";
        Result result = Programs.run(folder, with(List.of("fish", "--no-config", "-c", complete)));
        assertEquals(expected(), new TreeSet<>(result.out().lines().toList()));
        Files.delete(folder.resolve("beras")); // JUnit warns of links that lead out of its folders
    }

    /** Key by key in a terminal of its own: each line is typed, and must become the other. If it does not, zsh waits in vain. */
    @Test
    void zsh() throws Exception {
        Programs.require("zsh");
        Path script = script("zsh");
        String type = """
                zmodload zsh/zpty && zpty z zsh -f -i
                zpty -w z "PROMPT='READ''Y> '; source %s"; zpty -r -m z seen '*READY> *'
                while (( $# )); do
                    zpty -w -n z "$1"$'\\t'; zpty -r -m z seen "*${1%% *} $2*"; print -r -- "$1 > $2"; zpty -w -n z $'\\x15'; shift 2
                done
                zpty -d z
                """.formatted(script);
        List<String> command = new ArrayList<>(List.of("zsh", "-f", "-c", type, "zsh"));
        ONLY.forEach((line, completed) -> command.addAll(List.of(line, completed)));
        Result result = Programs.run(folder, command.toArray(String[]::new));
        assertEquals(expected(), new TreeSet<>(result.out().lines().toList()));
    }

    private static String[] with(List<String> command) {
        List<String> all = new ArrayList<>(command);
        all.addAll(ONLY.keySet());
        return all.toArray(String[]::new);
    }

    private static TreeSet<String> expected() {
        TreeSet<String> lines = new TreeSet<>();
        ONLY.forEach((line, completed) -> lines.add(line + " > " + completed));
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "predict", "evaluate", "tune", "explain", "convert", "man"})
    void fishKnowsEveryOption(String command) throws Exception {
        Programs.require("fish");
        String complete = "source " + script("fish") + "; complete -C 'beras " + command + " --' | string split -f 1 \\t";
        assertEquals(options(run(command, "--help").out()), options(Programs.run(folder, "fish", "--no-config", "-c", complete).out()));
    }

    private static TreeSet<String> options(String text) {
        return new TreeSet<>(Pattern.compile("(?m)^ *(?:-h, )?((?:--[a-z0-9-]+(?:, )?)+)").matcher(text).results()
                .map(MatchResult::group).flatMap(names -> Arrays.stream(names.strip().split(", "))).filter(name -> name.startsWith("--"))
                .toList());
    }

    /** Values are given to options by name, and an option may get another one. */
    @Test
    void everyOptionWithValuesExists() {
        String fish = run("completion", "fish").out();
        for (String option : OptionValues.OF.keySet()) {
            assertTrue(fish.contains(" -l " + option.substring(2) + " -x -a '"), option);
        }
    }

    @Test
    void anotherShellIsRefused() {
        assertRefused(Exit.USAGE, "Invalid value for SHELL: it is bash or zsh or fish. Received: ksh", run("completion", "ksh"));
        assertRefused(Exit.USAGE, "Missing required parameter: 'SHELL'", run("completion"));
    }
}

package beras.cli.terminal;

import static org.junit.jupiter.api.Assertions.*;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Colours are for terminals, and nothing that is printed can bring its own. */
class LinesTest {

    private static final String RED = "\u001b[1;31mberas:\u001b[0m";
    private static final String BOLD = "\u001b[1m";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(boolean isTerminal, String... variables) {
        Map<String, String> environment = new HashMap<>();
        Arrays.stream(variables).map(each -> each.split("=", 2)).forEach(each -> environment.put(each[0], each[1]));
        return new Console(out, err, new Terminal(environment, isTerminal, isTerminal, () -> 0));
    }

    @Test
    void errorsWarningsAndHeadingsHaveColours() throws Exception {
        Console console = console(true, "TERM=xterm");
        console.err().println("beras: a.csv: bad");
        console.err().println("Warning: slow");
        console.err().println("Fine: \u001b[31mred");
        console.out().println("beras: a result");
        new Result().section("Title", "l").row("cell\u001b[0m").print(console, false);
        console.print(Style.BEST, "59/100");
        assertEquals(List.of(RED + " a.csv: bad", "\u001b[1;33mWarning:\u001b[0m slow", "Fine: \\u001b[31mred"), lines(err));
        assertEquals(List.of("beras: a result", BOLD + "Title\u001b[0m", "cell\\u001b[0m", "\u001b[32m59/100\u001b[0m"), lines(out));
    }

    private static List<String> lines(ByteArrayOutputStream written) {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @ParameterizedTest
    @CsvSource({"true, TERM=xterm, true", "false, TERM=xterm, false", "true, TERM=dumb, false", "true, '', false",
        "true, TERM=xterm NO_COLOR=1, false", "true, TERM=xterm NO_COLOR=, true", "true, TERM=xterm CLICOLOR=0, false",
        "true, TERM=xterm CLICOLOR=1, true", "false, TERM=xterm CLICOLOR=1, false", "false, CLICOLOR_FORCE=1, true",
        "false, CLICOLOR_FORCE=0, false", "false, CLICOLOR_FORCE=, false", "false, CLICOLOR_FORCE=1 NO_COLOR=1, false",
        "true, TERM=xterm CLICOLOR=0 CLICOLOR_FORCE=1, true", "true, TERM=xterm CLICOLOR=0 CLICOLOR_FORCE=0, false"})
    void theEnvironmentDecides(boolean isTerminal, String variables, boolean expected) {
        Console console = console(isTerminal, Arrays.stream(variables.split(" ")).filter(each -> !each.isEmpty()).toArray(String[]::new));
        console.err().println("beras: bad");
        console.print(Style.HEADING, "Title");
        assertEquals(expected, err.toString(StandardCharsets.UTF_8).startsWith(RED), err::toString);
        assertEquals(expected, out.toString(StandardCharsets.UTF_8).startsWith(BOLD), out::toString);
    }
}

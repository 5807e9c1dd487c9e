package beras.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.options.DataKind;
import beras.cli.terminal.Console;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The options that are for some kinds of data alone. */
@Tag("cli")
class DataKindTest {

    private static List<OptionSpec> options() {
        List<OptionSpec> options = new ArrayList<>();
        Console console = new Console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false);
        for (CommandLine command : Main.commands("", console).getSubcommands().values()) {
            options.addAll(command.getCommandSpec().options());
        }
        return options;
    }

    /** So that help, man pages and completion say what the parser checks. */
    @Test
    void helpTellsWhichDataAnOptionIsFor() {
        List<String> wrong = new ArrayList<>();
        int restricted = 0;
        for (OptionSpec option : options()) {
            Set<DataKind> kinds = DataKind.of(option);
            if (!kinds.equals(EnumSet.allOf(DataKind.class))) {
                restricted++;
                String plural = DataKind.plural(kinds);
                String expected = Character.toUpperCase(plural.charAt(0)) + plural.substring(1) + ": ";
                if (!option.description()[0].startsWith(expected)) {
                    wrong.add(option.longestName() + ": \"" + option.description()[0] + "\" does not begin with \"" + expected + "\"");
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(restricted > 20, restricted + " options");
    }
}

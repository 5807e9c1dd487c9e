package beras.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.options.OptionGroups;
import beras.cli.terminal.Console;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

@Tag("cli")
class OptionGroupsTest {

    private static final List<String> OF_TRAIN =
            List.of("Data", "Tables", "Folders of pictures", "Net", "Loss", "Training steps", "Seed and validation", "Run and output");

    @Test
    void theHelpOfTrainHasHeadings() {
        List<String> lines = Commands.run("train", "--help").out().lines().toList();
        assertEquals(OF_TRAIN, lines.stream().filter(line -> line.matches("[A-Z][a-z ]+:")).map(line -> line.replace(":", ""))
                .filter(heading -> !heading.equals("Examples")).toList());
        int net = lines.indexOf("Net:");
        assertTrue(lines.get(net - 1).isEmpty());
        assertTrue(lines.get(net + 1).matches(" +--layers=.*"), lines.get(net + 1));
        assertTrue(lines.indexOf("Loss:") > net);
        assertFalse(Commands.run("evaluate", "--help").out().contains("Data:"), "a command without headings");
    }

    @Test
    void eachOptionIsInOneGroup() {
        CommandLine all = Main.commands("", new Console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false));
        for (CommandLine command : all.getSubcommands().values()) {
            CommandSpec spec = command.getCommandSpec();
            Map<String, List<OptionSpec>> groups = OptionGroups.of(spec);
            List<OptionSpec> grouped = new ArrayList<>();
            groups.values().forEach(grouped::addAll);
            assertEquals(spec.options(), grouped);
            assertEquals(groups.size() > 1, List.of("train", "tune").contains(spec.name()), spec::name);
        }
        assertEquals(OF_TRAIN, List.copyOf(OptionGroups.of(all.getSubcommands().get("train").getCommandSpec()).keySet()));
    }

    @Test
    void theManualPageHasTheHeadings() {
        List<String> lines = Commands.run("man").out().lines().toList();
        int loss = lines.indexOf("\\fBLoss\\fR");
        assertEquals(".PP", lines.get(loss - 1));
        assertEquals(".TP", lines.get(loss + 1));
    }
}

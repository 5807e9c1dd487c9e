package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.options.DataKind;
import beras.cli.options.HelpPage;
import beras.cli.options.OptionRules;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Terminal;
import java.io.OutputStream;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The rules of the options of all commands. */
@Tag("cli")
class OptionRulesTest {

    private static List<CommandSpec> commands() {
        CommandLine all = Main.commands("", new Console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), Terminal.NONE));
        return all.getSubcommands().values().stream().map(CommandLine::getCommandSpec).toList();
    }

    /** Options with any value of their types, and with those that their command requires, each once. */
    private static List<String> given(CommandSpec spec, String... names) {
        Set<OptionSpec> options = new LinkedHashSet<>();
        Stream.of(names).map(spec::findOption).forEach(options::add);
        spec.options().stream().filter(OptionSpec::required).forEach(options::add);
        List<String> words = new ArrayList<>();
        for (OptionSpec option : options) {
            Class<?> type = option.auxiliaryTypes()[0];
            boolean isNumber = Number.class.isAssignableFrom(type) || type.isPrimitive();
            words.add(option.longestName());
            words.addAll(option.arity().min() == 0 ? List.of() : List.of(isNumber ? "1" : "x"));
        }
        words.addAll(0, spec.positionalParameters().stream().filter(ArgSpec::required).map(any -> "x").toList());
        return words;
    }

    /** Each pair of options that exclude each other, and each option without the one it needs, with the refusal. */
    static Stream<Arguments> conflicts() {
        List<Arguments> conflicts = new ArrayList<>();
        for (CommandSpec spec : commands()) {
            for (OptionSpec option : spec.options()) {
                String name = option.longestName();
                if (option.userObject() instanceof AnnotatedElement field) {
                    OptionRules.Needs needs = field.getAnnotation(OptionRules.Needs.class);
                    if (needs != null) {
                        conflicts.add(Arguments.of(spec.name(), given(spec, name), name, "it needs " + needs.value() + ". Add that, or remove it"));
                    }
                    OptionRules.Excludes excludes = field.getAnnotation(OptionRules.Excludes.class);
                    for (String other : excludes == null ? new String[0] : excludes.value()) {
                        if (spec.findOption(other) != null) {
                            conflicts.add(Arguments.of(spec.name(), given(spec, name, other), name, "it cannot be combined with " + other));
                        }
                    }
                }
            }
        }
        assertTrue(conflicts.size() > 15, conflicts::toString);
        return conflicts.stream();
    }

    @ParameterizedTest
    @MethodSource("conflicts")
    void conflictsAreRefusedBeforeAnyWork(String command, List<String> options, String option, String message) {
        assertRefused(Exit.USAGE, "beras: Invalid value for option '" + option + "': " + message, run(command, options));
    }

    /** So that help and reference agree with the parser. */
    @Test
    void helpTellsWhichDataAnOptionIsFor() {
        List<String> wrong = new ArrayList<>();
        int restricted = 0;
        for (OptionSpec option : commands().stream().flatMap(spec -> spec.options().stream()).toList()) {
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

    @Test
    void eachOptionIsInOneGroupAndTheHelpShowsTheHeadings() {
        for (CommandSpec spec : commands()) {
            List<OptionSpec> grouped = HelpPage.groups(spec).values().stream().flatMap(List::stream).toList();
            assertEquals(spec.options(), grouped);
            assertEquals(HelpPage.groups(spec).size() > 1, List.of("train", "tune").contains(spec.name()), spec::name);
        }
        List<String> lines = run("train", "--help").out().lines().toList();
        assertEquals(List.of("Data", "Tables", "Folders of pictures", "Texts", "Network", "Loss", "Training steps", "Seed and validation",
                "Run and output"),
                lines.stream().filter(line -> line.matches("[A-Z][a-z ]+:")).map(line -> line.replace(":", ""))
                        .filter(heading -> !heading.equals("Examples")).toList());
        assertTrue(lines.get(lines.indexOf("Network:") + 1).matches(" +--layers=.*"));
        assertTrue(run("evaluate", "--help").out().lines().noneMatch("Data:"::equals), "a command without headings");
        for (CommandSpec spec : commands()) {
            String all = run(spec.name(), "--help").out();
            spec.options().forEach(option -> assertTrue(all.contains("\n  " + String.join(", ", option.names())), option::longestName));
        }
    }

    /** On one screen, and no line of more than the terminal has. */
    @ParameterizedTest
    @ValueSource(ints = {60, 80, 120})
    void theHelpFitsTheTerminal(int width) {
        Terminal terminal = Commands.terminal(Map.of("COLUMNS", Integer.toString(width)));
        for (CommandSpec spec : commands()) {
            if (spec.name().equals("generate-completion")) {
                continue; // picocli's own
            }
            List<String> few = Commands.runOn(terminal, spec.name(), "-h").out().lines().toList();
            assertTrue(few.size() <= 24 && few.get(few.size() - 1).endsWith(spec.name() + " --help"), () -> String.join("\n", few));
            List<String> all = Commands.runOn(terminal, spec.name(), "--help").out().lines().toList();
            assertTrue(all.size() > few.size(), spec::name);
            Stream.concat(few.subList(0, few.size() - 1).stream(), all.stream().takeWhile(line -> !line.equals("Examples:")))
                    .filter(line -> line.length() > width && line.strip().contains(" ") && !line.startsWith("Usage:"))
                    .forEach(line -> fail(spec.name() + ": " + line));
        }
        assertTrue(Commands.runOn(terminal, "-h").out().contains("\n  evaluate "), "the commands");
        assertTrue(Commands.runOn(Commands.terminal(Map.of("TERM", "xterm")), "-h").out().contains("\u001b[1mCommands:\u001b[0m\n"));
    }
}

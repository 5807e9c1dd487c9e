package beras.cli.shell;

import static beras.reference.Markdown.code;
import static beras.reference.Markdown.text;

import beras.cli.options.HelpPage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The page of all commands and options, made of what picocli knows of them. */
public final class CommandLinePage {

    private static final List<String> ENVIRONMENT = List.of(
            "JAVA_HOME", "Where the start script finds Java; else on the PATH.",
            "JAVA_OPTS, BERAS_OPTS", "Options that the start script gives to Java; the second ones count more.",
            "COLUMNS", "How wide tables, help and the line of progress may be; else the terminal is asked, and without one there is no limit.",
            "TERM", "If it is dumb, neither progress nor colours are shown.",
            "NO_COLOR, CLICOLOR, CLICOLOR_FORCE", "A terminal shows no colours if the first is not empty or the second is 0; if the third is"
                    + " neither empty nor 0, a pipe has them, too.");

    private final StringBuilder page = new StringBuilder();

    private CommandLinePage() {}

    public static String of(CommandLine line) {
        CommandLinePage made = new CommandLinePage();
        made.write(line);
        return made.page.toString().stripTrailing() + "\n";
    }

    private void write(CommandLine line) {
        CommandSpec root = line.getCommandSpec();
        page.append("# Command line reference\n\nAll commands with all their options, as")
                .append(" `./beras COMMAND --help` prints them.\n[The command line](../guide/command-line.md) introduces them.\n\n")
                .append("| command | |\n|---|---|\n");
        List<CommandSpec> commands = line.getSubcommands().values().stream().distinct().map(CommandLine::getCommandSpec).toList();
        for (CommandSpec command : commands) {
            String first = command.usageMessage().description()[0];
            page.append("| [").append(command.name()).append("](#").append(command.name()).append(") | ").append(text(first))
                    .append(" |\n");
        }
        String exitCodes = Stream.of(root.usageMessage().footer()).filter(each -> each.startsWith("Exit codes: ")).findFirst()
                .orElseThrow().substring("Exit codes: ".length());
        page.append("\n**Exit codes:** ").append(text(exitCodes)).append("\n\n| environment | |\n|---|---|\n");
        for (int i = 0; i < ENVIRONMENT.size(); i += 2) {
            page.append("| ").append(code(ENVIRONMENT.get(i))).append(" | ").append(text(ENVIRONMENT.get(i + 1)))
                    .append(" |\n");
        }
        commands.forEach(this::command);
    }

    private void command(CommandSpec command) {
        page.append("\n## ").append(command.name()).append("\n\n");
        for (String paragraph : command.usageMessage().description()) {
            page.append(text(paragraph)).append("\n\n");
        }
        HelpPage.groups(command).forEach((heading, options) -> {
            page.append("| ").append(heading.isEmpty() ? "option" : heading).append(" | |\n|---|---|\n");
            if (heading.isEmpty()) {
                for (PositionalParamSpec parameter : command.positionalParameters()) {
                    row("", code(parameter.paramLabel()), parameter);
                }
            }
            for (OptionSpec option : options) {
                row(anchor(command, option), names(option), option);
            }
            page.append('\n');
        });
        String examples = Stream.of(command.usageMessage().footer()).filter(line -> line.startsWith(" "))
                .map(line -> (line.startsWith("  beras ") ? "./" : "") + line.substring(2) + "\n").collect(Collectors.joining());
        if (!examples.isEmpty()) {
            page.append("```console\n").append(examples).append("```\n");
        }
        for (String line : command.usageMessage().footer()) {
            if (!line.isEmpty() && !line.startsWith(" ") && !line.startsWith("Example")) {
                page.append('\n').append(text(line)).append('\n');
            }
        }
    }

    private void row(String anchor, String title, ArgSpec arg) {
        page.append("| ").append(anchor).append(title).append(" | ").append(text(String.join(" ", arg.description())));
        boolean isOption = arg instanceof OptionSpec;
        if (isOption && arg.required()) {
            page.append(" Required.");
        }
        if (arg.command().usageMessage().showDefaultValues() && arg.defaultValue() != null) {
            page.append(" Default: ").append(code(arg.defaultValue())).append('.');
        }
        page.append(" |\n");
    }

    /** By which pages link to an option, such as {@code train--batch-size}. */
    private static String anchor(CommandSpec command, OptionSpec option) {
        return "<a id=\"" + command.name() + option.longestName() + "\"></a>";
    }

    private static String names(OptionSpec option) {
        String label = new Help(option.command(), Help.defaultColorScheme(Help.Ansi.OFF)).parameterLabelRenderer()
                .renderParameterLabel(option, Help.Ansi.OFF, List.of()).toString();
        return Stream.of(option.names()).map(name -> code(name.equals(option.longestName()) ? name + label : name))
                .collect(Collectors.joining(", "));
    }
}

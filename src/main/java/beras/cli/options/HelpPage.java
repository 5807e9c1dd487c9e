package beras.cli.options;

import beras.cli.terminal.Style;
import beras.cli.terminal.Terminal;
import beras.cli.terminal.Text;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of a command at the width of the terminal: {@code --help} has all, {@code -h} one screen of the options that most need. */
public final class HelpPage implements CommandLine.IHelpSectionRenderer {

    /** The heading of the group that begins with this option; it ends where the next one begins. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Begins {
        String value();
    }

    /** The line of an often needed option in {@code -h}. Without any, it lists all options. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.FIELD)
    public @interface Common {
        String value();
    }

    private static final int WIDEST = 118;
    private static final int LEAST_NAME = 20;
    private static final int WIDEST_NAME = 26;
    private static final int LEAST_NOTE = 20;
    private static final int INDENT = 6;
    private static final String EXAMPLE = "  beras ";

    private final Terminal terminal;
    private final boolean isShort;
    private final int width;
    private final int nameWidth;

    public HelpPage(Terminal terminal, boolean isShort) {
        this.terminal = terminal;
        this.isShort = isShort;
        this.width = Math.min(terminal.width(), WIDEST);
        this.nameWidth = Math.max(LEAST_NAME, Math.min(WIDEST_NAME, width / 3));
    }

    /** The summary of a command, in one line. */
    private static String summary(CommandSpec spec) {
        String[] header = spec.usageMessage().header();
        return header.length > 0 ? header[0] : sentence(spec.usageMessage().description()[0]);
    }

    private static String sentence(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    @Override
    public String render(Help help) {
        CommandSpec spec = help.commandSpec();
        List<String> lines = new ArrayList<>();
        for (String paragraph : isShort || spec.parent() == null ? new String[] {summary(spec)} : spec.usageMessage().description()) {
            lines.addAll(Text.wrap(help.colorScheme().ansi().string(paragraph), width));
        }
        lines.add("");
        lines.add(bold("Usage:") + " " + usage(help));
        if (!spec.subcommands().isEmpty()) {
            heading("Commands", lines);
            int longest = spec.subcommands().keySet().stream().mapToInt(String::length).max().orElseThrow();
            spec.subcommands().forEach((name, command) -> row(name, longest, summary(command.getCommandSpec()), lines));
        }
        if (!spec.positionalParameters().isEmpty()) {
            heading("Arguments", lines);
            for (PositionalParamSpec argument : spec.positionalParameters()) {
                add(argument, argument.paramLabel(), argument.paramLabel(), lines);
            }
        }
        Map<String, List<OptionSpec>> groups = groups(spec);
        boolean hasCommon = spec.options().stream().anyMatch(HelpPage::isCommon);
        groups.forEach((title, options) -> {
            List<OptionSpec> shown = options.stream().filter(option -> !isShort || option.usageHelp()
                    || (hasCommon ? isCommon(option) : !isOfTableFiles(option))).toList();
            if (!shown.isEmpty()) {
                heading(title.isEmpty() ? "Options" : title, lines);
            }
            for (OptionSpec option : shown) {
                String names = String.join(", ", option.names());
                add(option, names, names + help.parameterLabelRenderer().renderParameterLabel(option, Help.Ansi.OFF, List.of()), lines);
            }
        });
        if (isShort) {
            lines.add("All options and examples: " + Text.command(command(spec) + "--help"));
        } else {
            for (String line : spec.usageMessage().footer()) {
                lines.addAll(line.startsWith(EXAMPLE) ? List.of("  " + Text.command(line.substring(EXAMPLE.length())))
                        : line.startsWith(" ") ? List.of(line) : line.equals("Examples:") ? List.of(bold(line)) : Text.wrap(line, width));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** The options by their headings, in the order of the command; those before the first heading have an empty one. */
    public static Map<String, List<OptionSpec>> groups(CommandSpec spec) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        String heading = "";
        for (OptionSpec option : spec.options()) {
            Begins begins = OptionRules.declared(option, Begins.class);
            heading = begins == null ? heading : begins.value();
            groups.computeIfAbsent(heading, none -> new ArrayList<>()).add(option);
        }
        return groups;
    }

    private static String command(CommandSpec spec) {
        return spec.parent() == null ? "" : spec.name() + " ";
    }

    private static String usage(Help help) {
        CommandSpec spec = help.commandSpec();
        StringBuilder usage = new StringBuilder(command(spec)).append(spec.parent() == null ? "COMMAND [OPTIONS]" : "[OPTIONS]");
        for (OptionSpec option : spec.options()) {
            usage.append(option.required() ? " " + option.longestName() + "=" + option.paramLabel() : "");
        }
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            usage.append(' ').append(help.parameterLabelRenderer().renderParameterLabel(argument, Help.Ansi.OFF, List.of()));
        }
        return Text.command(usage.toString());
    }

    private static boolean isCommon(OptionSpec option) {
        return OptionRules.declared(option, Common.class) != null;
    }

    /** How a table is written is found out by itself. */
    private static boolean isOfTableFiles(OptionSpec option) {
        return option.userObject() instanceof Field field && field.getDeclaringClass() == TableFileOptions.class;
    }

    private String bold(String text) {
        return terminal.coloursResults() ? Style.HEADING.of(text) : text;
    }

    private void heading(String title, List<String> lines) {
        if (!isShort) {
            lines.add("");
        }
        lines.add(bold(title + ":"));
    }

    private void add(ArgSpec argument, String name, String full, List<String> lines) {
        String text = String.join(" ", argument.description());
        if (isShort) {
            Common common = argument instanceof OptionSpec option ? OptionRules.declared(option, Common.class) : null;
            row(full.length() <= nameWidth ? full : name, nameWidth, common == null ? text : common.value(), lines);
            return;
        }
        lines.add("  " + bold(full));
        boolean hasDefault = argument.command().usageMessage().showDefaultValues() && argument.defaultValue() != null;
        Text.wrap(text + (hasDefault ? " Default: " + argument.defaultValue() + "." : ""), width - INDENT)
                .forEach(line -> lines.add(" ".repeat(INDENT) + line));
    }

    /** A name and as much of the first sentence of a text as makes sense and fits one line. */
    private void row(String name, int place, String text, List<String> lines) {
        int room = Math.max(LEAST_NOTE, width - place - 4);
        String note = sentence(text);
        int end = note.length();
        while (end > room) {
            end = Math.max(Math.max(note.lastIndexOf(", ", end - 1), note.lastIndexOf("; ", end - 1)), note.lastIndexOf(" (", end - 1));
        }
        String shown = end >= LEAST_NOTE || end == note.length() ? note.substring(0, end) : Text.wrap(note, room - 4).get(0) + " ...";
        lines.add("  " + bold(name) + " ".repeat(Math.max(1, place + 2 - name.length())) + shown);
    }
}

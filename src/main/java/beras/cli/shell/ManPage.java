package beras.cli.shell;

import beras.cli.options.OptionGroups;
import beras.cli.terminal.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in the form of man(7), made of what picocli knows of a command and of those right below it. */
final class ManPage {

    static final List<String> ENVIRONMENT = List.of(
            "JAVA_HOME", "Where the start script finds Java; else on the PATH.",
            "JAVA_OPTS, BERAS_OPTS", "Options that the start script gives to Java; the second ones count more.",
            "COLUMNS", "How wide the terminal is on which a training shows its progress; else it is asked.",
            "TERM", "If it is dumb, no progress is shown.");

    private static final int SOURCE_WIDTH = 78;

    private final String name;
    private final StringBuilder page = new StringBuilder();
    private boolean isTitled; // whether the last line is a title

    private ManPage(String name) {
        this.name = name;
    }

    /** The lines of the page. */
    static String of(CommandLine line, String version) {
        ManPage made = new ManPage(line.getCommandName());
        made.write(line, version);
        return made.page.toString();
    }

    private void write(CommandLine line, String version) {
        CommandSpec root = line.getCommandSpec();
        String what = root.usageMessage().description()[0].replaceFirst("\\.$", "");
        macro("TH " + name.toUpperCase(Locale.ROOT) + " 1 \"\" \"" + name.toUpperCase(Locale.ROOT) + " " + version + "\"");
        macro("SH NAME");
        page.append(text(name)).append(" \\- ").append(text(what.substring(0, 1).toLowerCase(Locale.ROOT) + what.substring(1)))
                .append('\n');
        macro("SH SYNOPSIS");
        synopsis(root);
        macro("SH DESCRIPTION");
        paragraphs(root);
        macro("SH OPTIONS");
        options(root);
        macro("SH COMMANDS");
        Set<CommandLine> seen = new HashSet<>(); // one that has several names is there several times
        for (CommandLine command : line.getSubcommands().values()) {
            if (seen.add(command)) {
                CommandSpec spec = command.getCommandSpec();
                macro("SS " + text(String.join(", ", spec.names())));
                synopsis(spec);
                paragraphs(spec);
                options(spec);
                footer(spec);
            }
        }
        macro("SH ENVIRONMENT");
        for (int i = 0; i < ENVIRONMENT.size(); i += 2) {
            macro("TP");
            page.append("\\fB").append(text(ENVIRONMENT.get(i))).append("\\fR\n");
            sentences(ENVIRONMENT.get(i + 1));
        }
        macro("SH EXAMPLES AND EXIT CODES");
        footer(root);
    }

    private void synopsis(CommandSpec spec) {
        line(text(new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF)).abbreviatedSynopsis().strip()));
    }

    private void paragraphs(CommandSpec spec) {
        for (String paragraph : spec.usageMessage().description()) {
            paragraph(paragraph);
        }
    }

    private void paragraph(String sentences) {
        if (!isTitled) { // a title begins one by itself
            macro("PP");
        }
        sentences(sentences);
    }

    private void options(CommandSpec spec) {
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            option(parameter, "\\fI" + text(parameter.paramLabel()) + "\\fR");
        }
        OptionGroups.of(spec).forEach((heading, group) -> {
            if (!heading.isEmpty()) {
                macro("PP");
                line("\\fB" + text(heading) + "\\fR");
            }
            group.forEach(this::option);
        });
    }

    private void option(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : " \\fI" + text(option.paramLabel()) + "\\fR";
        option(option, Stream.of(option.names()).map(name -> "\\fB" + text(name) + "\\fR").collect(Collectors.joining(", "))
                + (option.arity().min() < option.arity().max() ? " [" + value.strip() + "]" : value));
    }

    private void option(ArgSpec option, String title) {
        macro("TP");
        page.append(title).append('\n');
        sentences(String.join(" ", option.description()));
        boolean isShown = option.command().usageMessage().showDefaultValues() && option.defaultValue() != null;
        if (isShown) {
            sentences("Default: " + option.defaultValue() + ".");
        }
    }

    /** Titles, sentences, and indented lines, which are to be copied as they are. */
    private void footer(CommandSpec spec) {
        boolean verbatim = false;
        for (String footer : spec.usageMessage().footer()) {
            boolean indented = footer.startsWith(" ");
            if (verbatim != indented) {
                macro(indented ? "EX" : "EE");
                verbatim = indented;
            }
            if (indented) {
                line(text(footer.replace(Text.JAVA_JAR, name)));
            } else if (!footer.isEmpty()) {
                paragraph(footer);
            }
        }
        if (verbatim) {
            macro("EE");
        }
    }

    private void macro(String macro) {
        page.append('.').append(macro).append('\n');
        isTitled = macro.startsWith("SH ");
    }

    /** A sentence or more, in lines of the source that people can read; roff fills its own. */
    private void sentences(String sentences) {
        StringBuilder line = new StringBuilder();
        for (String word : text(sentences).split(" ")) {
            if (line.length() + 1 + word.length() > SOURCE_WIDTH) {
                line(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        line(line.toString());
    }

    /** A line of text; what roff would take for a command of its own is none. */
    private void line(String line) {
        page.append(line.startsWith(".") || line.startsWith("'") ? "\\&" : "").append(line).append('\n');
        isTitled = false;
    }

    private static String text(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}

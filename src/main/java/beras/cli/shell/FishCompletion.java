package beras.cli.shell;

import beras.cli.terminal.Text;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The script by which fish completes a command and those right below it, with what the options do beside them. */
final class FishCompletion {

    private static final int WIDEST = 70;

    private final StringBuilder script = new StringBuilder();
    private final String name;
    private final String test; // the function that finds which command is being completed

    private FishCompletion(String name) {
        this.name = name;
        this.test = "__fish_" + name + "_command";
    }

    /** The lines of the script. */
    static String script(CommandLine line) {
        FishCompletion completion = new FishCompletion(line.getCommandName());
        completion.write(line);
        return completion.script.toString();
    }

    private void write(CommandLine line) {
        script.append("# Completes ").append(name).append(" in fish\n")
                .append("function ").append(test).append(" # COMMAND...: whether it is one of these; without any: whether there is none yet\n")
                .append("    set -l words (commandline -opc)\n")
                .append("    if set -q argv[1]\n")
                .append("        set -q words[2]; and contains -- $words[2] $argv\n")
                .append("    else\n")
                .append("        not set -q words[2]\n")
                .append("    end\n")
                .append("end\n\n")
                .append("complete -c ").append(name).append(" -e\n");
        complete("").append(" -f\n");
        options(line.getCommandSpec(), test);
        Set<CommandLine> seen = new HashSet<>(); // one that has several names is there several times
        for (CommandLine command : line.getSubcommands().values()) {
            if (seen.add(command)) {
                write(command.getCommandSpec());
            }
        }
    }

    private void write(CommandSpec command) {
        String names = String.join(" ", command.names());
        String condition = test + " " + names;
        script.append('\n');
        complete(test).append(" -a ").append(quote(names)).append(description(command.usageMessage().description()));
        options(command, condition);
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            if (!values(parameter).isEmpty()) {
                complete(condition).append(values(parameter)).append('\n');
            } else if (isFile(parameter)) {
                complete(condition).append(" -F\n");
            }
        }
    }

    private void options(CommandSpec command, String condition) {
        for (OptionSpec option : command.options()) {
            StringBuilder line = complete(condition);
            for (String each : option.names()) {
                line.append(each.startsWith("--") ? " -l " + each.substring(2) : " -s " + each.substring(1));
            }
            if (option.arity().min() > 0) { // others cannot have a value of their own in fish: it would be taken for the next word
                line.append(isFile(option) ? " -rF" : " -x").append(values(option));
            }
            line.append(description(option.description()));
        }
    }

    private StringBuilder complete(String condition) {
        script.append("complete -c ").append(name);
        return condition.isEmpty() ? script : script.append(" -n ").append(quote(condition));
    }

    private static boolean isFile(ArgSpec argument) {
        Class<?> type = argument.auxiliaryTypes()[0];
        return type == Path.class || type == File.class;
    }

    private static String values(ArgSpec argument) {
        List<String> values = new ArrayList<>();
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(values::add);
        }
        return values.isEmpty() ? "" : " -a " + quote(String.join(" ", values));
    }

    /** The first sentence, for there is little place beside an option. */
    private static String description(String... description) {
        String whole = String.join(" ", description);
        int end = whole.indexOf(". ");
        String sentence = end < 0 ? whole.replaceFirst("\\.$", "") : whole.substring(0, end);
        return (sentence.isEmpty() ? "" : " -d " + quote(Text.cut(sentence, WIDEST))) + "\n";
    }

    private static String quote(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}

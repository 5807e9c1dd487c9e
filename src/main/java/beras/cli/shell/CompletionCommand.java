package beras.cli.shell;

import beras.cli.options.TableTypes;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: lets a shell complete the command lines of {@code beras}. */
@Command(name = "completion", sortOptions = false,
        description = "Prints a script by which a shell completes commands, options, their values and names of files, for the"
            + " start script `beras` on the PATH or by its path.",
        footer = {"", "Examples:",
            "  beras completion bash > ~/.local/share/bash-completion/completions/beras",
            "  beras completion zsh > ~/.beras.zsh    # and in ~/.zshrc: source ~/.beras.zsh",
            "  beras completion fish > ~/.config/fish/completions/beras.fish"})
public final class CompletionCommand implements Callable<Integer> {

    /** What bash takes, zsh does, too: the script finds out by which it is read. */
    private enum Shell { BASH, ZSH, FISH }

    /** Their names, for picocli. */
    static final class Shells implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Shell.values()).map(TableTypes::word).iterator();
        }
    }

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.", completionCandidates = Shells.class)
    private String shell;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;

    public CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Shell chosen;
        try {
            chosen = TableTypes.valueOf(Shell.class, "it", shell);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "Invalid value for SHELL: " + e.getMessage());
        }
        CommandLine beras = spec.parent().commandLine();
        OptionValues.addTo(beras);
        String script = chosen == Shell.FISH ? FishCompletion.script(beras) : AutoComplete.bash(beras.getCommandName(), beras);
        script.lines().forEach(console.out()::println);
        return Exit.DONE;
    }
}

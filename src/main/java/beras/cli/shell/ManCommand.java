package beras.cli.shell;

import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.saving.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code man}: the page for {@code man beras}. */
@Command(name = "man",
        description = "Prints the manual page of all commands, in the form of man(7).",
        footer = {"", "Examples:",
            "  beras man | man -l -",
            "  beras man > ~/.local/share/man/man1/beras.1"})
public final class ManCommand implements Callable<Integer> {

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;

    public ManCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ManPage.of(spec.parent().commandLine(), Version.get()).lines().forEach(console.out()::println);
        return Exit.DONE;
    }
}

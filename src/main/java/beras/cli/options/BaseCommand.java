package beras.cli.options;

import beras.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The base of commands; {@code Main} adds {@code --help}, checks {@link OptionRules}, and maps exceptions to exit codes.
 */
public abstract class BaseCommand implements Callable<Integer> {

    @Spec
    protected CommandSpec spec;

    protected Console console;

    /** Prints to this. */
    public final BaseCommand to(Console newConsole) {
        console = newConsole;
        return this;
    }
}

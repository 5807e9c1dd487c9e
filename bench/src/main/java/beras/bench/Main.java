package beras.bench;

import beras.bench.endtoend.EndToEnd;
import beras.bench.endtoend.Sequences;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point of {@code benchmarks.jar}. */
@Command(name = "benchmarks",
        description = "Measures BERAS. Run from the root of the repository.",
        subcommands = {KernelsCommand.class, RivalsCommand.class, EndToEnd.class, Sequences.class, PlotsCommand.class},
        footer = {"  jmh      JMH's own command line: java -jar bench/target/benchmarks.jar jmh -h",
            "", "Exit codes: 0 done, 1 failed, 2 wrong usage."})
public final class Main implements Runnable {

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("jmh")) { // reads its arguments itself
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
        } else {
            System.exit(commandLine().execute(args));
        }
    }

    private static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler((e, arguments) -> usage(e))
                .setExecutionExceptionHandler((e, command, parsed) -> failure(e, command.getErr()));
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is needed");
    }

    private static int usage(ParameterException e) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println(e.getMessage());
        err.println("All options: java -jar bench/target/benchmarks.jar [COMMAND] --help");
        return ExitCode.USAGE;
    }

    private static int failure(Exception e, PrintWriter err) {
        if (e instanceof IOException) {
            err.println(e.getMessage());
        } else {
            e.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }
}

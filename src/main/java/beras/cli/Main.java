package beras.cli;

import beras.cli.data.InspectCommand;
import beras.cli.models.ConvertCommand;
import beras.cli.models.EvaluateCommand;
import beras.cli.models.ExplainCommand;
import beras.cli.models.GenerateCommand;
import beras.cli.models.InfoCommand;
import beras.cli.models.PredictCommand;
import beras.cli.models.RelayCommand;
import beras.cli.models.ServeCommand;
import beras.cli.options.BaseCommand;
import beras.cli.options.HelpPage;
import beras.cli.options.OptionRules;
import beras.cli.options.PathConverter;
import beras.cli.options.Usage;
import beras.cli.shell.DoctorCommand;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Terminal;
import beras.cli.terminal.Text;
import beras.cli.training.CompareCommand;
import beras.cli.training.TrainCommand;
import beras.cli.training.TuneCommand;
import beras.cli.training.VerifyCommand;
import beras.compute.Compute;
import beras.config.Names;
import beras.config.SettingException;
import beras.data.DataException;
import beras.files.FileFailure;
import beras.saving.ModelFormatException;
import beras.saving.Version;
import beras.training.DivergedException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of {@code beras.jar}. */
@Command(name = "beras", mixinStandardHelpOptions = true,
        description = "Trains and runs neural networks on the CPU, in pure Java.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Examples:",
            "  beras train",
            "  beras evaluate model.beras",
            "  beras train --help",
            "", "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 bad data, 4 training diverged, 5 not confident"
                + " enough, 129, 130 or 143 ended by a signal."})
public final class Main implements Runnable {

    private static final String HELP = "help";
    private static final String COMPLETION = "generate-completion";
    static final List<String> NAMES = List.of(TrainCommand.NAME, "evaluate", PredictCommand.NAME, "generate", "relay", "inspect", "tune",
            "explain", "serve", "info", "convert", "compare", VerifyCommand.NAME, "doctor", COMPLETION);

    @Spec
    private CommandSpec spec;

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT); // numbers have the same digits in any language, also where a library formats them
        Compute.silenceWarning(); // commands show by themselves what runs
        String command = args.length == 0 ? "" : args[0];
        if (command.equals(PredictCommand.NAME) && PredictCommand.isOfFewPictures(args)
                && System.getProperty(Compute.SIMD) == null) {
            System.setProperty(Compute.SIMD, Compute.OFF); // it is done before vector code would be compiled
        }
        System.exit(run(args, new FileOutputStream(FileDescriptor.out), Terminal.standardError(), Terminal.ofProcess()));
    }

    /** Runs a command, with results to {@code out} and all else to {@code err}, in UTF-8; returns the exit code. */
    static int run(String[] args, OutputStream out, OutputStream err, Terminal terminal) {
        Console console = new Console(out, err, terminal);
        CommandLine line = commands(args.length == 0 ? "" : args[0], console);
        line.registerConverter(Path.class, new PathConverter())
                .setHelpSectionKeys(List.of(HELP))
                .setHelpSectionMap(Map.of(HELP, new HelpPage(terminal, List.of(args).contains("-h"))))
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF)) // picocli sees a terminal everywhere on Java 22
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler((e, arguments) -> usage(e, console.err()))
                .setExecutionStrategy(parsed -> {
                    OptionRules.check((parsed.hasSubcommand() ? parsed.subcommand() : parsed).commandSpec());
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setExecutionExceptionHandler((e, command, parsed) -> e instanceof SettingException setting
                        ? usage(Usage.invalid(command.getCommandSpec(), setting), console.err()) : report(e, console));
        String named = args.length == 0 ? "-" : args[0];
        boolean isOther = !NAMES.contains(named) && !named.startsWith("-") && !named.startsWith("@"); // which names a file of arguments
        try {
            return console.end(isOther ? usage(new ParameterException(line, "There is no command " + named
                    + Names.didYouMean(named, NAMES)), console.err()) : line.execute(args));
        } catch (OutOfMemoryError e) {
            console.err().println("beras: out of memory. Start Java with a larger -Xmx, or take a smaller batch or net");
            return console.end(Exit.FAILED);
        } finally {
            console.close();
        }
    }

    /** The command line with the command that is named, for to look through one takes a while; with all if none is. */
    static CommandLine commands(String named, Console console) {
        CommandLine line = new CommandLine(new Main());
        line.getCommandSpec().versionProvider(() -> new String[] {"BERAS " + Version.get(), DoctorCommand.java()});
        List<String> wanted = NAMES.contains(named) && !named.equals(COMPLETION) ? List.of(named) : NAMES;
        for (String name : wanted) {
            CommandLine command = new CommandLine(name.equals(COMPLETION) ? new AutoComplete.GenerateCompletion() : command(name).to(console));
            if (command.getCommandSpec().findOption("--help") == null) {
                command.getCommandSpec().addOption(OptionSpec.builder("-h", "--help").usageHelp(true)
                        .description("Show this help; -h the options that most need.").build());
            }
            line.addSubcommand(name, command);
        }
        return line;
    }

    private static BaseCommand command(String name) {
        return switch (name) {
            case TrainCommand.NAME -> new TrainCommand();
            case "evaluate" -> new EvaluateCommand();
            case PredictCommand.NAME -> new PredictCommand();
            case "generate" -> new GenerateCommand();
            case "relay" -> new RelayCommand();
            case "inspect" -> new InspectCommand();
            case "tune" -> new TuneCommand();
            case "explain" -> new ExplainCommand();
            case "serve" -> new ServeCommand();
            case "info" -> new InfoCommand();
            case "convert" -> new ConvertCommand();
            case "compare" -> new CompareCommand();
            case VerifyCommand.NAME -> new VerifyCommand();
            case "doctor" -> new DoctorCommand();
            default -> throw new AssertionError(name);
        };
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is needed: " + String.join(", ", NAMES));
    }

    private static int usage(ParameterException e, PrintStream err) {
        CommandLine command = e.getCommandLine();
        err.println("beras: " + e.getMessage());
        StringWriter suggestions = new StringWriter();
        UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions));
        suggestions.toString().lines().forEach(err::println);
        String name = command.getParent() == null ? "" : command.getCommandName() + " ";
        err.println("All options: " + Text.command(name + "--help"));
        return Exit.USAGE;
    }

    private static int report(Exception thrown, Console console) {
        Exception e = thrown instanceof UncheckedIOException unchecked ? unchecked.getCause() : thrown;
        if (console.isLoss(e)) {
            return Exit.DONE; // so far; the console knows more
        }
        boolean isKnown = e instanceof Failure || e instanceof DivergedException;
        console.err().println("beras: " + (isKnown ? e.getMessage() : e instanceof IOException ? FileFailure.message(e)
                : "this is a bug in BERAS, please report it with what follows"));
        if (!isKnown && !(e instanceof IOException)) {
            e.printStackTrace(console.err());
        }
        return e instanceof Failure failure ? failure.exit() : e instanceof DivergedException ? Exit.DIVERGED
                : e instanceof DataException || e instanceof ModelFormatException ? Exit.BAD_DATA : Exit.FAILED;
    }
}

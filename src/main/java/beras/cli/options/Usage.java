package beras.cli.options;

import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.config.SettingException;
import beras.files.WholeFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Checks of option values beyond their type; all end with {@link Exit#USAGE}. */
public final class Usage {

    public static ParameterException invalid(CommandSpec spec, String option, String problem) {
        String file = ConfigFile.giverOf(spec, option.substring(2)).map(path -> path + ": ").orElse("");
        return new ParameterException(spec.commandLine(), file + "Invalid value for option '" + option + "': " + problem);
    }

    /** The error of the option that gives a setting, such as {@code --batch-size} of {@code batchSize}. */
    public static ParameterException invalid(CommandSpec spec, SettingException e) {
        return spec.options().stream().filter(option -> OptionRules.setting(option).equals(e.setting())).findFirst()
                .map(option -> invalid(spec, option.longestName(), e.problem()))
                .orElseGet(() -> new ParameterException(spec.commandLine(), e.getMessage(), e));
    }

    /** The name of an option without dashes. */
    public static String name(OptionSpec option) {
        return option.longestName().substring(2);
    }

    /** Whether an option was given, on the command line or in a file; without a file, its classes are not loaded. */
    static boolean isGiven(CommandSpec spec, OptionSpec option) {
        CommandLine line = spec.commandLine();
        return line.getParseResult().hasMatchedOption(option)
                || line.getDefaultValueProvider() != null && ConfigFile.giverOf(spec, name(option)).isPresent();
    }

    /** Rejects options besides the allowed ones on the command line of a resumed training run or search. */
    public static void requireOnly(CommandSpec spec, Set<String> allowed, String what) {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!allowed.contains(name(option))) {
                throw invalid(spec, option.longestName(), "it cannot be changed when " + what + " is resumed. Remove it");
            }
        }
    }

    /** Runs a check of an option's value. */
    public static <T> T check(CommandSpec spec, String option, Supplier<T> check) {
        try {
            return check.get();
        } catch (IllegalArgumentException e) {
            throw invalid(spec, option, e instanceof SettingException setting ? setting.problem() : e.getMessage());
        }
    }

    /** Checks before long work, not after it, that a file can be written. */
    public static void requirePlace(CommandSpec spec, String option, Path file, boolean force) {
        try {
            WholeFile.requireWritable(file, force);
        } catch (FileSystemException e) {
            throw unwritable(spec, option, file, e);
        }
    }

    /** The refusal of a file that {@link WholeFile#requireWritable} refuses. */
    public static ParameterException unwritable(CommandSpec spec, String option, Path file, FileSystemException e) {
        return invalid(spec, option, e instanceof FileAlreadyExistsException
                ? file + " exists already. Take another name, or --force to replace it" : e.getMessage());
    }

    /** Checks that a file is none of others. */
    public static void requireApart(CommandSpec spec, String option, Path file, List<Path> others) throws IOException {
        for (Path other : others) {
            if (WholeFile.place(other).equals(WholeFile.place(file))) {
                throw invalid(spec, option, file + " is the place of another file of this command, " + other
                        + ". Take another name");
            }
        }
    }

    /** Refuses an option that draws, where this Java cannot. */
    public static void requireDrawing(String option) {
        System.setProperty("java.awt.headless", "true"); // before the first picture: no window system is needed
        try {
            new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY).createGraphics().getFontMetrics();
        } catch (RuntimeException | LinkageError | InternalError e) { // a missing module, library or font
            throw new Failure(Exit.FAILED, option + " needs a Java that can draw text, with the module java.desktop and fonts."
                    + " Received: " + e + ". Install a whole JDK and fontconfig, or leave out " + option);
        }
    }

    private Usage() {}
}

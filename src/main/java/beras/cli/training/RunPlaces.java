package beras.cli.training;

import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.StandardInput;
import beras.cli.terminal.Text;
import beras.files.WholeFile;
import beras.runs.ModelPlace;
import beras.runs.RunFolder;
import beras.runs.RunFolder.Kind;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Messages of the command line about the places of runs: the error, and the options or commands that help. */
public final class RunPlaces {

    private static final String OUT = "--out";

    /** Whether all data can be read. If not, reading reports it at once, before errors of places to write to. */
    static boolean areThere(List<Path> read) {
        for (Path data : read) {
            if (!StandardInput.isNamedBy(data) && !Files.exists(data)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks before long work that a model can be written to its place, which is none of other files of the command.
     *
     * @param what makes the model, such as {@code this training}
     */
    static void require(CommandSpec spec, ModelPlace place, String what, Optional<RunFolder> run, List<Path> others)
            throws IOException {
        if (place.isTaken()) {
            throw Usage.invalid(spec, OUT, place.path() + " exists already, and is no model of " + what + ". Give another " + OUT
                    + ", or --force to replace it");
        }
        try {
            place.requireWritable(run);
        } catch (FileSystemException e) {
            throw Usage.unwritable(spec, OUT, place.path(), e);
        }
        Usage.requireApart(spec, OUT, place.path(), others);
    }

    /** Checks that a folder is of a training run. */
    public static void requireTraining(RunFolder folder) throws IOException {
        Kind kind = folder.kind();
        if (kind != Kind.NONE) {
            folder.requireOwnFiles();
        }
        String received = switch (kind) {
            case NONE -> "no folder";
            case TUNING -> "that of a tuning, whose trials are in " + folder.trials();
            case CROSS_VALIDATION -> "that of a cross-validation. Its models are evaluated one by one: "
                    + Text.command("evaluate " + Text.quote(folder.fold(1)));
            default -> Files.exists(folder.config()) ? "" : "one without " + folder.config().getFileName();
        };
        if (!received.isEmpty()) {
            throw new Failure(Exit.BAD_DATA, folder + ": expected the folder of a training run, as train --run makes it. Received: "
                    + received);
        }
    }

    /** The file of a folder to resume training from. */
    static Path requireLast(RunFolder folder) {
        if (!Files.exists(folder.last())) {
            throw new Failure(Exit.BAD_DATA, folder + ": expected the folder of a training run, with " + folder.last().getFileName()
                    + ", from which it is resumed. Received: " + switch (folder.kind()) {
                        case TUNING -> "that of a tuning, which is resumed by tune --resume " + folder;
                        case CROSS_VALIDATION -> "that of a cross-validation. Begin it again, with --force";
                        case TRAINING -> "that of a training run without a saved state. Begin it again, with --force";
                        default -> "no folder of --run. Check the name";
                    });
        }
        return folder.last();
    }

    /** Refuses to resume without a place outside of the run that was given at the beginning. */
    static void requireOut(CommandSpec spec, Path file, Map<String, String> places, Path given) {
        String place = places.get("out");
        if (given == null && place != null) {
            throw Usage.invalid(spec, OUT, file + " was written with --out " + place + ", and no file decides where to write. Give"
                    + " it again, or another place");
        }
    }

    /** Where a run writes outside of its folder, by option; of a model alone, the file itself is resumed. */
    public static Map<String, String> of(Path run, Path out) throws IOException {
        Map<String, String> places = new LinkedHashMap<>();
        if (run != null) {
            places.put("run", run.toString());
            if (out != null && !WholeFile.place(out).equals(WholeFile.place(new RunFolder(run).model()))) {
                places.put("out", out.toString());
            }
        }
        return places;
    }

    /** The command that resumes the training run of a folder or a model. */
    static String resume(Path from) {
        return Text.command("train --resume " + Text.quote(from));
    }

    private RunPlaces() {}
}

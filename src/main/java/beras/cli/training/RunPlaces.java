package beras.cli.training;

import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.StandardInput;
import beras.cli.terminal.Text;
import beras.files.FileFailure;
import beras.files.WholeFile;
import beras.runs.ModelPlace;
import beras.runs.RunFolder;
import beras.runs.RunFolder.Kind;
import beras.runs.RunOrigin;
import beras.saving.ModelFile;
import beras.sources.DataHash;
import beras.tables.TableOrigin;
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

    /**
     * Whether all data can be read, and then checks the folder of a new run. If not, reading reports it at once, before errors of
     * places to write to.
     */
    static boolean areReady(RunFolder run, TrainOptions options) throws IOException {
        for (Path data : options.read()) {
            if (!StandardInput.isNamedBy(data) && !Files.exists(data)) {
                return false;
            }
        }
        if (run != null) {
            run.requirePlace(options.place.force, options.read());
        }
        return true;
    }

    /**
     * Checks before long work that a model can be written to its place, which is none of other files of the command.
     *
     * @param what makes the model, such as {@code this training}
     * @param run  null: none
     */
    static void require(CommandSpec spec, ModelPlace place, String what, RunFolder run, TrainOptions options) throws IOException {
        if (place.isTaken()) {
            throw Usage.invalid(spec, OUT, place.path() + " exists already, and is no model of " + what + ". Give another " + OUT
                    + ", or --force to replace it");
        }
        try {
            place.requireWritable(Optional.ofNullable(run));
        } catch (FileSystemException e) {
            throw Usage.unwritable(spec, OUT, place.path(), e);
        }
        Usage.requireApart(spec, OUT, place.path(), run == null ? List.of() : run.files());
        Usage.requireApart(spec, OUT, place.path(), options.read());
    }

    /** Checks before long work that a model can be saved under its name, for which the classes of all formats are loaded. */
    static void requireName(CommandSpec spec, Path out) {
        Usage.check(spec, OUT, () -> {
            ModelFile.requireName(out);
            return out;
        });
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
    static void requireOut(CommandSpec spec, RunOrigin recorded, Path given) {
        String place = recorded.places().get("out");
        if (given == null && place != null) {
            throw Usage.invalid(spec, OUT, recorded.file() + " was written with --out " + place + ", and no file decides where to"
                    + " write. Give it again, or another place");
        }
    }

    /**
     * Rejects data that are not those of the run; standard input is not checked. They are read only if their SHA-256 is that of the run:
     * a file from anybody may name any other, which must not be shown or learnt from.
     *
     * @param ofWhat the end of their description, such as {@code m.beras was trained on}
     */
    static void requireData(TrainOptions options, RunOrigin recorded, String ofWhat) {
        for (Path data : options.read()) {
            String hash = recorded.hashes().get(data == options.data ? TableOrigin.DATA_HASH : TableOrigin.VALIDATION_HASH);
            String received = "other data, by their SHA-256";
            try {
                if (StandardInput.isNamedBy(data) || Files.exists(data) && DataHash.of(data).equals(Optional.ofNullable(hash))) {
                    continue;
                }
                received = Files.exists(data) ? received : "nothing at " + data.toAbsolutePath();
            } catch (FileSystemException e) {
                received = "what cannot be read: " + FileFailure.reason(e);
            } catch (IOException e) { // its reason might reveal contents
                received = "what cannot be read as data";
            }
            throw new Failure(Exit.BAD_DATA, data + ": expected the data that " + ofWhat + ", as named there or by --data. Received: "
                    + received);
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

package beras.cli;

import beras.files.FileStamp;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a model goes, and whether a file there may be replaced: with --force, or if it was made by the training that is resumed
 * and nobody has changed it since.
 */
final class ModelPlace {

    private final String option;
    private final String what;
    private final Path path;
    private final boolean force;
    private FileStamp own; // null: no file there is known to be of this training

    /**
     * @param option that names it
     * @param what   makes the model, such as {@code this training}
     */
    ModelPlace(String option, String what, Path path, boolean force) {
        this.option = option;
        this.what = what;
        this.path = path;
        this.force = force;
    }

    Path path() {
        return path;
    }

    boolean mayReplace() {
        return force || own != null && own.holds();
    }

    /** The model there, if it is of the training that is resumed. */
    Optional<SavedModel> find(Predicate<SavedModel> isOwn) throws IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        FileStamp stamp = FileStamp.of(path);
        try {
            SavedModel there = Predictions.load(path);
            if (isOwn.test(there)) {
                own = stamp;
                return Optional.of(there);
            }
        } catch (ModelFormatException | Failure | IllegalArgumentException e) {
            // That is none that this training has left.
        }
        return Optional.empty();
    }

    /**
     * Checks before long work that a model can be written there.
     *
     * @param run     the folder of the run, which may be created in time
     * @param others  files of the same command
     * @param resumed whether {@link #find} was to find a model of the same training
     */
    void require(CommandSpec spec, Optional<Path> run, List<Path> others, boolean resumed) throws IOException {
        if (resumed && !mayReplace() && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw Usage.invalid(spec, option, path + " exists already, and is no model of " + what + ". Give another "
                    + option + ", or --force to replace it");
        }
        RunFolder.requirePlace(spec, option, path, run, mayReplace());
        Usage.requireApart(spec, option, path, others);
    }

    /** Saves a model, beside this place if somebody else has taken it; returns where it is. */
    Path save(SavedModel saved, Console console) throws IOException {
        return Predictions.save(saved, path, mayReplace(), console);
    }
}

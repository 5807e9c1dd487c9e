package beras.cli;

import beras.files.FileStamp;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private final List<FileStamp> own = new ArrayList<>(); // files that this training has made
    private Path foreign; // one that it has not made; null: none

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
        return force || foreign == null && !own.isEmpty() && own.stream().allMatch(FileStamp::holds);
    }

    /** The model there, if it is of the training that is resumed. */
    Optional<SavedModel> find(Predicate<SavedModel> isOwn) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? find(path, isOwn) : Optional.empty();
    }

    private Optional<SavedModel> find(Path file, Predicate<SavedModel> isOwn) throws IOException {
        try {
            FileStamp stamp = FileStamp.of(file);
            SavedModel there = Predictions.load(file);
            if (isOwn.test(there)) {
                own.add(stamp);
                return Optional.of(there);
            }
        } catch (NoSuchFileException | ModelFormatException | Failure | IllegalArgumentException e) {
            // That is none that this training has made.
        }
        foreign = file;
        return Optional.empty();
    }

    /**
     * Checks before long work that a model can be written there.
     *
     * @param run    the folder of the run, which may be created in time
     * @param others files of the same command
     */
    void require(CommandSpec spec, Optional<Path> run, List<Path> others) throws IOException {
        if (foreign != null && !force) {
            throw Usage.invalid(spec, option, foreign + " exists already, and is no model of " + what + ". Give another "
                    + option + ", or --force to replace it");
        }
        RunFolder.requirePlace(spec, option, path, run, mayReplace());
        Usage.requireApart(spec, option, path, others);
    }

    /** Checks before long work that a model can be saved under its name, for which the classes of all formats are loaded. */
    void requireName(CommandSpec spec) {
        Usage.check(spec, option, () -> {
            ModelFile.requireName(path);
            return path;
        });
    }

    /** Saves a model, beside this place if somebody else has taken it; returns where it is. */
    Path save(SavedModel saved, Console console) throws IOException {
        return Predictions.save(saved, path, mayReplace(), console);
    }
}

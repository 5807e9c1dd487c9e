package beras.runs;

import beras.config.InvalidDataException;
import beras.files.FileStamp;
import beras.files.WholeFile;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Where the model of a run goes, and whether a file there may be replaced: if that is allowed, or if the run that is resumed has
 * made it and nobody has changed it since.
 */
public final class ModelPlace {

    private final Path path;
    private final boolean replace;
    private FileStamp own; // of the model that this run has made; null: none
    private boolean isForeign;

    /**
     * A place.
     *
     * @param replace whether any file there may be replaced
     */
    public ModelPlace(Path path, boolean replace) {
        this.path = Objects.requireNonNull(path, "path");
        this.replace = replace;
    }

    /** The place itself. */
    public Path path() {
        return path;
    }

    private boolean mayReplace() {
        return replace || own != null && own.holds();
    }

    /**
     * The model there, if it is of the run that is resumed. If there is another file, it {@link #isTaken}.
     *
     * @param isOwn whether a model is of that run
     * @throws IOException if there is a file that cannot be read
     */
    public Optional<SavedModel> find(Predicate<SavedModel> isOwn) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            FileStamp stamp = FileStamp.of(path);
            if (stamp.isPlainFile()) {
                SavedModel there = ModelFile.load(path);
                there.requireFinite();
                if (isOwn.test(there)) {
                    own = stamp;
                    return Optional.of(there);
                }
            }
        } catch (ModelFormatException | InvalidDataException e) {
            // That is none that this run has made.
        }
        isForeign = true;
        return Optional.empty();
    }

    /** Whether {@link #find} has found a file that is not of the run, and may not be replaced. */
    public boolean isTaken() {
        return isForeign && !replace;
    }

    /**
     * Checks before long work that a model can be written there.
     *
     * @param run the folder of the run, which may be created only later
     * @throws FileAlreadyExistsException if there is a file that may not be replaced
     * @throws FileSystemException if no file can be written there
     */
    public void requireWritable(Optional<RunFolder> run) throws FileSystemException {
        Path in = path.toAbsolutePath().getParent();
        boolean isInRun = run.isPresent() && in != null && WholeFile.place(in).equals(WholeFile.place(run.get().path()));
        if (!isInRun || Files.exists(run.get().path())) {
            WholeFile.requireWritable(path, mayReplace());
        }
    }

    /**
     * Saves a model. If another program has created a file there meanwhile, the model is saved beside it: a name must not cost
     * a training run.
     *
     * @param log receives the parts of the model that the file leaves out, and a changed name, in sentences
     * @return where the model is
     */
    public Path save(SavedModel saved, Consumer<String> log) throws IOException {
        Path out = path;
        while (true) {
            Path to = out;
            Consumer<String> leftOut = sentence -> log.accept(to + ": " + sentence);
            try {
                if (mayReplace()) {
                    ModelFile.replace(saved, to, leftOut);
                } else {
                    ModelFile.save(saved, to, leftOut);
                }
                return to;
            } catch (FileAlreadyExistsException e) {
                out = WholeFile.free(path);
                log.accept(path + " was created by another program meanwhile; the model is saved as " + out + " instead");
            }
        }
    }
}

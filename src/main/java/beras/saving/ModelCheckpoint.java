package beras.saving;

import beras.config.Config;
import beras.files.WholeFile;
import beras.models.Model;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Mode;
import beras.training.Monitor;
import beras.training.Training;
import beras.training.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Saves the model after each epoch, or after each that is the best so far.
 *
 * <pre>{@code
 * new ModelCheckpoint("best.beras").saveBestOnly(true).monitor("val_accuracy");
 * new ModelCheckpoint("models/{epoch:02d}-{val_loss:.2f}.beras");
 * }</pre>
 * The weights are the ones at the end of the epoch, not the averages that an optimizer may keep, as in Keras.
 *
 * <p>Each file is written whole or not at all. Files that this callback did not write are not replaced, unless it is
 * {@linkplain #overwrite allowed}.
 */
public final class ModelCheckpoint implements Callback {

    /** In the provenance of files that are kept before training ends: how many epochs are made. */
    public static final String EPOCH = "epoch";

    private final FilePattern pattern;
    private Monitor monitor = new Monitor("val_loss");
    private Mode mode = Mode.AUTO;
    private double initialValueThreshold = Double.NaN;
    private boolean saveBestOnly;
    private boolean overwrite;
    private UnaryOperator<SavedModel> parts = UnaryOperator.identity();

    private Training training;
    private Model model;
    private final Set<Path> own = new HashSet<>();
    private final Set<String> warned = new HashSet<>(); // warnings about parts that files leave out
    private final List<Path> files = new ArrayList<>();

    /**
     * @param path  of the files; its last name may have placeholders as in Python: {@code {epoch}} or {@code {epoch:02d}} for
     *     the epoch, counted from 1; {@code {val_loss}}, {@code {val_loss:.2f}} or {@code {val_loss:.3e}} for a number of the
     *     logs; a doubled brace is a brace. The folder is made when training begins. Without placeholders each file takes the
     *     place of the one before
     * @throws IllegalArgumentException if a placeholder is not as described
     */
    public ModelCheckpoint(String path) {
        this.pattern = new FilePattern(path);
    }

    /**
     * The number in the logs that decides which epoch is the best; default {@code val_loss}. Without effect unless
     * {@link #saveBestOnly}.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public ModelCheckpoint monitor(String name) {
        monitor = new Monitor(name).mode(mode);
        return this;
    }

    /** Which way the number improves; default {@link Mode#AUTO}. */
    public ModelCheckpoint mode(Mode value) {
        monitor.mode(value);
        mode = value;
        return this;
    }

    /** Whether to save only after epochs that are better than all before; default false: after each. */
    public ModelCheckpoint saveBestOnly(boolean value) {
        saveBestOnly = value;
        return this;
    }

    /**
     * The value that the monitored number must improve on before the first file is written, such as the best of an earlier
     * training run; default: none.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public ModelCheckpoint initialValueThreshold(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("initialValueThreshold must be finite. Received: " + value);
        }
        initialValueThreshold = value;
        return this;
    }

    /** Whether files may be replaced that this callback did not write; default false. */
    public ModelCheckpoint overwrite(boolean value) {
        overwrite = value;
        return this;
    }

    /**
     * Adds further parts to the saved model, such as {@code saved -> saved.recipe(recipe)}; its provenance also has the
     * {@link #EPOCH}. Default: nothing.
     */
    public ModelCheckpoint parts(UnaryOperator<SavedModel> function) {
        parts = Objects.requireNonNull(function, "parts");
        return this;
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    /**
     * @throws UncheckedIOException if the folder cannot be made or written to, or holds a file that fits the path and may not
     *     be replaced
     * @throws IllegalArgumentException if the trained object is no {@link Model}, or one that cannot be saved under this path;
     *     if the logs will not have a number of the path; or if only the best are saved and the logs will not have the
     *     monitored number, or its direction of improvement is not known
     */
    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        warned.clear();
        model = ModelFile.requireSavable(begun.net(), "ModelCheckpoint");
        pattern.requireNames(begun.modes().keySet());
        ModelFile.leavesOut(new SavedModel(model), pattern.example()); // refuses one that cannot be saved
        if (saveBestOnly) {
            monitor.begin(begun);
            monitor.improves(initialValueThreshold);
        }
        files.clear();
        try {
            Path folder = Files.createDirectories(pattern.folder.toAbsolutePath());
            WholeFile.requireWritableFolder(folder.resolve("any"));
            for (Path file : existing()) {
                WholeFile.requireWritable(file, overwrite || own.contains(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws UncheckedIOException if the file cannot be written, or was made by someone else since training began; the model
     *     that was there before is unchanged then, and the next that is better than it is tried to be saved
     */
    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        if (saveBestOnly && !monitor.isBetter(monitor.value(logs), monitor.best())) {
            return;
        }
        Path file = pattern.file(epoch, logs);
        SavedModel saved = onTheWay(parts.apply(new SavedModel(model)), epoch + 1);
        try {
            ModelFile.write(saved, file, overwrite || own.contains(file.toAbsolutePath()), training, warned);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (saveBestOnly) {
            monitor.improves(monitor.value(logs)); // only now, so that the file is tried again for any that is better than it
        }
        own.add(file.toAbsolutePath());
        files.add(file);
    }

    /** A model that is kept before training ends, after so many epochs. */
    static SavedModel onTheWay(SavedModel saved, int epochs) {
        Map<String, String> origin = new LinkedHashMap<>(saved.provenance());
        origin.put(EPOCH, Integer.toString(epochs));
        return saved.provenance(origin);
    }

    @Override
    public Optional<TrainingState> state() {
        return Optional.of(new TrainingState(Config.of(getClass()).with("best", TrainingState.setting(monitor.best()))));
    }

    @Override
    public void restore(TrainingState state) {
        monitor.resume(TrainingState.number(state.config().values().get("best")));
    }

    /**
     * The files that fit the path, whoever wrote them.
     *
     * @throws IOException if the folder cannot be read
     */
    private List<Path> existing() throws IOException {
        Path folder = pattern.folder.toAbsolutePath();
        List<Path> existing = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> fitting = Files.newDirectoryStream(folder,
                    file -> pattern.fits(file.getFileName().toString()))) {
                fitting.forEach(existing::add);
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return existing;
    }

    /** The files written in this training, in order; the same several times if its path has no placeholders. */
    public List<Path> files() {
        return List.copyOf(files);
    }

    /** The best value so far of a model that was saved; NaN if there is none, or all epochs are saved. */
    public double best() {
        return monitor.best();
    }
}

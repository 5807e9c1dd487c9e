package beras.saving;

import beras.config.Arguments;
import beras.files.FileFailure;
import beras.files.WholeFile;
import beras.models.Model;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import beras.training.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Keeps the model and the state of a training run in one file, so that the run can be resumed after a crash or an interruption,
 * bit-identical to an uninterrupted one:
 *
 * <pre>{@code
 * model.fit(examples, options.callbacks(new BackupAndRestore(file).everySeconds(60)));     // interrupted somewhere
 *
 * SavedModel saved = ModelFile.load(file);                                                 // compiled as it was
 * saved.model().fit(examples, options.callbacks(new BackupAndRestore(file).everySeconds(60))
 *         .resume(saved.trainingState().orElseThrow()));
 * }</pre>
 * Pass it as the last callback, so that the file contains the state of the other callbacks after the same epoch.
 *
 * <p>It writes at the end of each epoch, unless set otherwise, and whenever training ends after a batch or an epoch. Each file
 * takes the place of the one before, whole or not at all, and the last one stays when training ends. If writing fails, the
 * previous file remains, a {@linkplain Training#warn warning} reports the reason, once for each reason, and the next due write
 * tries again.
 */
public final class BackupAndRestore implements Callback {

    private static final double NANOSECONDS = 1e9;

    private final Path file;
    private final LongSupplier nanoTime;
    private int epochs = 1; // 0: not by epochs; of the three one is above 0
    private int batches;
    private double seconds;
    private boolean overwrite;
    private UnaryOperator<SavedModel> parts = UnaryOperator.identity();

    private Training training;
    private Model model;
    private long batchesSeen;
    private boolean stopping;
    private long lastTime; // that it was tried to write
    private String lastProblem; // null: none
    private final Set<String> warned = new HashSet<>(); // warnings about parts that the file leaves out
    private boolean own; // whether the file there was written by this callback

    /** Writes to {@code file}, whose folder must be there. */
    public BackupAndRestore(Path file) {
        this(file, System::nanoTime);
    }

    BackupAndRestore(Path file, LongSupplier nanoTime) {
        this.file = Objects.requireNonNull(file, "file");
        this.nanoTime = nanoTime;
    }

    /**
     * To write at the end of every so many epochs; default 1. The last call among this, {@link #everyBatches} and
     * {@link #everySeconds} counts.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public BackupAndRestore everyEpochs(int count) {
        return every(Arguments.atLeast(1, "everyEpochs", count), 0, 0);
    }

    /**
     * To write after every so many batches, counted over all epochs of this training.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public BackupAndRestore everyBatches(int count) {
        return every(0, Arguments.atLeast(1, "everyBatches", count), 0);
    }

    /**
     * To write after the first batch that ends so many seconds after the last time, or after the beginning.
     *
     * @throws IllegalArgumentException if it is not finite and above 0
     */
    public BackupAndRestore everySeconds(double count) {
        if (!(count > 0 && Double.isFinite(count))) {
            throw new IllegalArgumentException("everySeconds must be finite and above 0. Received: " + count);
        }
        return every(0, 0, count);
    }

    private BackupAndRestore every(int someEpochs, int someBatches, double someSeconds) {
        epochs = someEpochs;
        batches = someBatches;
        seconds = someSeconds;
        return this;
    }

    /** Whether a training run that is not resumed may replace a file that this callback did not write; default false. */
    public BackupAndRestore overwrite(boolean value) {
        overwrite = value;
        return this;
    }

    /**
     * Adds further parts to the saved model, such as {@code saved -> saved.recipe(recipe)}; its provenance also has the
     * {@link ModelCheckpoint#EPOCH}. Default: nothing.
     */
    public BackupAndRestore parts(UnaryOperator<SavedModel> function) {
        parts = Objects.requireNonNull(function, "parts");
        return this;
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public boolean wantsBatches() {
        return true;
    }

    /**
     * @throws UncheckedIOException if the file cannot be written, or is there and may not be replaced
     * @throws IllegalArgumentException if the trained object is no {@link Model}, or one that cannot be saved
     */
    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        model = ModelFile.requireSavable(begun.net(), "BackupAndRestore");
        if (!ModelFile.isOwn(file)) {
            throw new IllegalArgumentException("Only BERAS's own format keeps where a training is. Received the file " + file
                    + ". Give it another name, such as backup.beras");
        }
        batchesSeen = 0;
        stopping = false;
        lastTime = nanoTime.getAsLong();
        lastProblem = null;
        warned.clear();
        own |= begun.resumedEpoch().isPresent();
        try {
            WholeFile.requireWritable(file, own || overwrite);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        batchesSeen++;
        boolean isTime = batches > 0 ? batchesSeen % batches == 0
                : seconds > 0 && nanoTime.getAsLong() - lastTime >= seconds * NANOSECONDS;
        boolean isLast = training.stopping() && !stopping; // or, if the epoch is still made, the first of the last ones
        stopping = training.stopping();
        if (isTime || isLast) {
            write();
        }
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        boolean isTime = epochs > 0 && (epoch + 1) % epochs == 0;
        boolean isLast = epoch + 1 == training.epochs() || training.stopping();
        if (isTime || isLast) {
            write();
        }
    }

    /** Why the file could not be written when that was tried last; empty if it could, or was not tried. */
    public Optional<String> problem() {
        return Optional.ofNullable(lastProblem);
    }

    private void write() {
        lastTime = nanoTime.getAsLong();
        try {
            TrainingState state = training.state();
            SavedModel saved = ModelCheckpoint.onTheWay(parts.apply(new SavedModel(model)), state.config().integer("epoch"))
                    .trainingState(state);
            ModelFile.write(saved, file, own || overwrite, training, warned);
            own = true;
            lastProblem = null;
        } catch (IOException | RuntimeException e) {
            String problem = FileFailure.message(e);
            if (!problem.equals(lastProblem)) {
                lastProblem = problem;
                training.warn("The training could not be backed up, and this will be tried again: " + problem);
            }
        }
    }
}

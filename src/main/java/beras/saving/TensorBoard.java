package beras.saving;

import beras.config.Arguments;
import beras.config.Config;
import beras.files.AppendedFile;
import beras.files.FileFailure;
import beras.saving.bytes.ProtoMessage;
import beras.tensor.Variable;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import beras.training.TrainingState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Writes files for TensorBoard, laid out as Keras does: in {@code train} the scalars {@code epoch_loss}, {@code epoch_accuracy}
 * and so on with {@code epoch_learning_rate}, that of the epoch's last batch; in {@code validation} the same names for what the
 * logs call {@code val_loss} and so on. Steps are epochs, counted from 0.
 *
 * <pre>{@code
 * new TensorBoard(Path.of("logs/first"))        // then: tensorboard --logdir logs
 * }</pre>
 * Each training writes files of its own, and they are complete after each epoch.
 */
public final class TensorBoard implements Callback {

    private static final String VALIDATION = "val_";

    private final Path folder;
    private int updateFreq;
    private int histogramFreq;

    private Training training;
    private Path train; // null: nothing can be written
    private Path validation; // null: there was no number of validation yet
    private long batches;

    /** Writes to folders in {@code folder}, which is made if needed. */
    public TensorBoard(Path folder) {
        this.folder = folder;
    }

    /**
     * After how many batches to write {@code batch_loss} and so on, averages over the epoch so far, each time; their steps are
     * batches since training began, counted from 1. Default 0: never. Writing often takes time.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TensorBoard updateFreq(int batchesBetween) {
        updateFreq = Arguments.atLeast(0, "updateFreq", batchesBetween);
        return this;
    }

    /**
     * After how many epochs to write a histogram of each weight, each time, also after the first; default 0: never. They are
     * named {@code kernel/histogram}, {@code bias/histogram}, {@code kernel_1/histogram} and so on, in the order of the
     * weights.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TensorBoard histogramFreq(int epochsBetween) {
        histogramFreq = Arguments.atLeast(0, "histogramFreq", epochsBetween);
        return this;
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    /**
     * @throws UncheckedIOException if the folder cannot be written to; if the training is resumed, that is a warning, and no
     *     events are written
     */
    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        batches = 0;
        validation = null;
        train = null;
        try {
            train = newFile("train");
        } catch (UncheckedIOException e) {
            if (begun.resumedEpoch().isEmpty()) {
                throw e;
            }
            begun.warn("TensorBoard is left out: " + FileFailure.message(e.getCause()));
        }
    }

    /** The name has no host in it, as others put there: to find that out may ask the network. */
    private Path newFile(String run) {
        String name = String.format(Locale.ROOT, "events.out.tfevents.%010d.beras.%d.", System.currentTimeMillis() / 1000,
                ProcessHandle.current().pid());
        try {
            Path runFolder = Files.createDirectories(folder.resolve(run));
            for (int number = 0; ; number++) {
                Path file = runFolder.resolve(name + number);
                boolean isOwn = false;
                try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
                    isOwn = true;
                    out.write(Events.fileVersion(now()));
                } catch (FileAlreadyExistsException e) {
                    continue; // an earlier training in the same second; the next number will do
                } catch (IOException e) {
                    if (isOwn) {
                        Files.deleteIfExists(file); // it may have a part of its first bytes
                    }
                    throw FileFailure.withFile(file, e);
                }
                return file;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double now() {
        return System.currentTimeMillis() / 1e3;
    }

    @Override
    public boolean wantsBatches() {
        return updateFreq > 0;
    }

    /**
     * @throws UncheckedIOException if a file cannot be written
     */
    @Override
    public void onBatchEnd(int batch, Logs logs) {
        batches++;
        if (train != null && updateFreq > 0 && batches % updateFreq == 0) {
            List<ProtoMessage> values = new ArrayList<>();
            logs.values().forEach((name, value) -> values.add(Events.scalar("batch_" + name, value)));
            write(train, batches, values);
        }
    }

    /**
     * @throws UncheckedIOException if a file cannot be written
     */
    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        if (train == null) {
            return;
        }
        List<ProtoMessage> ofTraining = new ArrayList<>();
        List<ProtoMessage> ofValidation = new ArrayList<>();
        logs.values().forEach((name, value) -> {
            if (name.startsWith(VALIDATION)) {
                ofValidation.add(Events.scalar("epoch_" + name.substring(VALIDATION.length()), value));
            } else {
                ofTraining.add(Events.scalar("epoch_" + name, value));
            }
        });
        if (histogramFreq > 0 && epoch % histogramFreq == 0) {
            ofTraining.addAll(histograms());
        }
        write(train, epoch, ofTraining);
        if (!ofValidation.isEmpty()) {
            if (validation == null) {
                validation = newFile("validation");
            }
            write(validation, epoch, ofValidation);
        }
    }

    @Override
    public Optional<TrainingState> state() {
        return Optional.of(new TrainingState(Config.of(getClass()).with("batches", batches)));
    }

    @Override
    public void restore(TrainingState state) {
        batches = state.config().whole("batches");
    }

    private List<ProtoMessage> histograms() {
        List<ProtoMessage> histograms = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Variable weight : training.net().weights()) {
            String name = weight.name();
            for (int number = 1; !names.add(name); number++) {
                name = weight.name() + "_" + number;
            }
            histograms.add(Events.histogram(name + "/histogram", weight.toArray()));
        }
        return histograms;
    }

    private static void write(Path file, long step, List<ProtoMessage> values) {
        try {
            AppendedFile.append(file, Events.summary(now(), step, values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

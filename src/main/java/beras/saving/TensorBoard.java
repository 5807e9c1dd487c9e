package beras.saving;

import beras.files.AppendedFile;
import beras.files.FileFailure;
import beras.saving.bytes.ProtoMessage;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes files for TensorBoard, laid out as Keras does: in {@code train} the scalars {@code epoch_loss}, {@code epoch_accuracy}
 * and so on with {@code epoch_learning_rate}, the rate of the epoch's last batch; in {@code validation} the same names for
 * {@code val_loss} and so on in the logs. Steps are epochs, counted from 0.
 *
 * <pre>{@code
 * new TensorBoard(Path.of("logs/first"))        // then: tensorboard --logdir logs
 * }</pre>
 * Each training run writes its own files, and they are complete after each epoch.
 */
public final class TensorBoard implements Callback {

    private static final String VALIDATION = "val_";

    private final Path folder;

    private Path train; // null: nothing can be written
    private Path validation; // null: there was no number of validation yet

    /** Writes to folders in {@code folder}, which is made if needed. */
    public TensorBoard(Path folder) {
        this.folder = folder;
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

    /** Other programs put the host into the name; finding it out may need the network. */
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
 boolean isOfValidation = name.startsWith(VALIDATION);
            (isOfValidation ? ofValidation : ofTraining)
                    .add(Events.scalar("epoch_" + name.substring(isOfValidation ? VALIDATION.length() : 0), value));
        });
        write(train, epoch, ofTraining);
        if (!ofValidation.isEmpty()) {
            if (validation == null) {
                validation = newFile("validation");
            }
            write(validation, epoch, ofValidation);
        }
    }

    private static void write(Path file, long step, List<ProtoMessage> values) {
        try {
            AppendedFile.append(file, Events.summary(now(), step, values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

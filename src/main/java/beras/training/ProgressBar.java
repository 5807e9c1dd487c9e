package beras.training;

import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;

/**
 * Writes how training goes, as Keras does, a line for each epoch (without the learning rate):
 *
 * <pre>
 *   Epoch 1/5 - 469/469 - 3s - 6ms/step - loss: 0.3456 - accuracy: 0.9012 - val_loss: 0.2001 - val_accuracy: 0.9401
 * </pre>
 * The batches are those done and the total; times exclude validation.
 */
public final class ProgressBar implements Callback {

    private final Appendable out;
    private int epochs;
    private int epoch;
    private int batches;
    private int seen;

    /** Writes to {@code out}, such as {@code System.out}; if that can be flushed, it is after each piece. */
    public ProgressBar(Appendable out) {
        this.out = Objects.requireNonNull(out, "out");
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public void onTrainBegin(Training training) {
        epochs = training.epochs();
    }

    @Override
    public void onEpochBegin(int begun, int count) {
        epoch = begun;
        batches = count;
        seen = 0;
    }

    @Override
    public void onBatchBegin(int batch) {
        seen = batch + 1;
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        seen = seen == 0 ? Math.max(1, batches) : seen; // 0: resumed after its last batch
        try {
            out.append("Epoch " + (epoch + 1) + "/" + epochs + " - " + seen + "/" + (batches < 0 ? seen : batches) + " - " + seconds(logs)
                    + " - " + perStep(logs) + numbers(logs) + "\n");
            if (out instanceof Flushable flushable) {
                flushable.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String seconds(Logs logs) {
        return String.format(Locale.ROOT, "%.0fs", logs.seconds());
    }

    private String perStep(Logs logs) {
        double seconds = logs.seconds() / seen;
        if (seconds >= 1) {
            return String.format(Locale.ROOT, "%.0fs/step", seconds);
        }
        return seconds >= 1e-3 ? String.format(Locale.ROOT, "%.0fms/step", seconds * 1e3)
                : String.format(Locale.ROOT, "%.0fus/step", seconds * 1e6);
    }

    private static String numbers(Logs logs) {
        StringBuilder numbers = new StringBuilder();
        for (String name : logs.names()) {
            if (!name.equals(Training.LEARNING_RATE)) {
                numbers.append(" - ").append(name).append(": ").append(number(logs.get(name)));
            }
        }
        return numbers.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) > 1e-3 || value == 0 ? "%.4f" : "%.4e", value);
    }
}

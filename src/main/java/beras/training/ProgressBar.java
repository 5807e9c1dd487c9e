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
 * Batches are those trained on and those there are; times are those of training, validation not included. On a
 * {@linkplain #live live} terminal a line with a bar goes before it and is written over:
 *
 * <pre>
 *   Epoch 1/5 120/469 [=====&gt;..............] 1s 6ms/step - loss: 0.7012 - accuracy: 0.8123
 * </pre>
 */
public final class ProgressBar implements Callback {

    private static final int BAR = 20;
    private static final int WIDTH = 79;
    private static final double REFRESH_SECONDS = 0.1;

    private final Appendable out;
    private boolean live;

    private int epochs;
    private int epoch;
    private int batches;
    private int seen;
    private double drawn; // the time at which the bar was drawn last; negative: it was not in this epoch
    private int shown; // the length of the unfinished line on the terminal

    /** Writes to {@code out}, such as {@code System.out}; if that can be flushed, it is after each piece. */
    public ProgressBar(Appendable out) {
        this.out = Objects.requireNonNull(out, "out");
    }

    /**
     * Whether {@code out} is a terminal on which a line may be rewritten by a carriage return; default false: nothing is
     * written until an epoch ends. The bar is drawn ten times a second at most.
     */
    public ProgressBar live(boolean value) {
        live = value;
        return this;
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public void onTrainBegin(Training training) {
        epochs = training.epochs();
        shown = 0;
    }

    @Override
    public void onEpochBegin(int begun, int count) {
        epoch = begun;
        batches = count;
        seen = 0;
        drawn = Double.NEGATIVE_INFINITY;
    }

    @Override
    public void onBatchBegin(int batch) {
        seen = batch + 1;
    }

    @Override
    public boolean wantsBatches() {
        return live;
    }

    @Override
    public void onBatchEnd(int batch, Logs logs) {
        if (logs.seconds() - drawn >= REFRESH_SECONDS) {
            drawn = logs.seconds();
            String line = title() + " " + seen + "/" + (batches < 0 ? "Unknown" : batches + " " + bar()) + " "
                    + seconds(logs) + " " + perStep(logs) + numbers(logs);
            String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
            write(over(cut));
            shown = cut.length();
        }
    }

    @Override
    public void onEpochEnd(int ended, Logs logs) {
        seen = seen == 0 ? Math.max(1, batches) : seen; // 0: resumed after its last batch
        write(over(title() + " - " + seen + "/" + (batches < 0 ? seen : batches) + " - " + seconds(logs) + " - " + perStep(logs)
                + numbers(logs)) + "\n");
        shown = 0;
    }

    /** An epoch that was interrupted leaves its bar, and a clear line below it. */
    @Override
    public void onTrainEnd(Outcome outcome) {
        if (shown > 0) {
            write("\n");
            shown = 0;
        }
    }

    private String title() {
        return "Epoch " + (epoch + 1) + "/" + epochs;
    }

    private String bar() {
        int done = (int) ((long) BAR * seen / batches);
        return "[" + (done == BAR ? "=".repeat(BAR) : "=".repeat(done) + ">" + ".".repeat(BAR - done - 1)) + "]";
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

    /** The line in the place of the unfinished one, covering all of it. */
    private String over(String line) {
        return (live ? "\r" : "") + line + " ".repeat(Math.max(0, shown - line.length()));
    }

    private void write(String text) {
        try {
            out.append(text);
            if (out instanceof Flushable flushable) {
                flushable.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

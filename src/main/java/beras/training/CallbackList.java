package beras.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The callbacks of a training run: calls them in order, loggers last, and skips a logger that failed until the next epoch. */
final class CallbackList {

    /** Events of callbacks. */
    enum Event { EPOCH_BEGIN, BATCH_BEGIN, BATCH_END, EPOCH_END }

    private final Training training;
    private final List<Callback> callbacks;
    private final boolean[] failed; // loggers, in this epoch
    private final String[] problems; // of loggers, as warned of last; null: none
    private final boolean[] wantsBatches;
    private int begun; // callbacks whose onTrainBegin returned
    private Event event; // for which they are being called; null: none
    private Logs logs; // of the batch or epoch that ended last

    CallbackList(List<Callback> callbacks, Training training) {
        this.training = training;
        this.callbacks = new ArrayList<>(callbacks);
        this.callbacks.sort(Comparator.comparing(Callback::isLogger)); // keeps their order otherwise
        this.failed = new boolean[callbacks.size()];
        this.problems = new String[callbacks.size()];
        this.wantsBatches = new boolean[callbacks.size()];
    }

    // -------------------------------------------------------------------------------------------------- events

    void trainBegin() {
        for (; begun < callbacks.size(); begun++) {
            callbacks.get(begun).onTrainBegin(training);
        }
        for (int i = 0; i < begun; i++) {
            wantsBatches[i] = callbacks.get(i).wantsBatches();
        }
    }

    void epochBegin(int epoch, int batches) {
        Arrays.fill(failed, false);
        call(Event.EPOCH_BEGIN, epoch, batches);
    }

    void batchBegin(int batch) {
        call(Event.BATCH_BEGIN, batch, 0);
    }

    /** Computes the averages over the epoch so far only if a callback needs them. */
    void batchEnd(int batch, double loss, MetricAccumulators accumulators, TrainingProgress progress) {
        event = Event.BATCH_END;
        logs = isBatchEndWanted() ? accumulators.logs(progress.seconds(), loss) : null;
        call(Event.BATCH_END, batch, 0);
    }

    private boolean isBatchEndWanted() {
        boolean wanted = false;
        for (int i = 0; i < wantsBatches.length; i++) {
            wanted |= wantsBatches[i] && !failed[i];
        }
        return wanted;
    }

    void epochEnd(int epoch, Logs ofEpoch) {
        logs = ofEpoch;
        call(Event.EPOCH_END, epoch, 0);
    }

    /** Whether a callback handles it; calls all. */
    boolean handle(DivergedException cause) {
        boolean handled = false;
        for (int i = 0; i < callbacks.size(); i++) {
            try {
                handled |= !failed[i] && callbacks.get(i).onDiverged(cause);
            } catch (RuntimeException e) {
                fail(i, e);
            }
        }
        return handled;
    }

    /**
     * Calls all whose {@code onTrainBegin} returned.
     *
     * @param failure the cause that ended the run, or null
     * @return the first failure, that of the training or of a callback; null if there was none
     */
    Throwable trainEnd(Outcome outcome, Throwable failure) {
        event = null;
        Throwable first = failure;
        for (int i = 0; i < begun; i++) {
            try {
                trainEnd(i, outcome);
            } catch (RuntimeException | Error e) {
                first = both(first, e);
            }
        }
        return first;
    }

    private void trainEnd(int i, Outcome outcome) {
        try {
            callbacks.get(i).onTrainEnd(outcome);
        } catch (RuntimeException e) {
            fail(i, e);
        }
    }

    /** The first failure, with the second one added. */
    static Throwable both(Throwable first, Throwable second) {
        if (first == null) {
            return second;
        }
        if (first != second) {
            first.addSuppressed(second);
        }
        return first;
    }

    private void call(Event what, int number, int batches) {
        event = what;
        for (int i = 0; i < callbacks.size(); i++) {
            if (!failed[i] && (what != Event.BATCH_END || wantsBatches[i])) {
                try {
                    call(callbacks.get(i), what, number, batches);
                    problems[i] = what == Event.EPOCH_END ? null : problems[i];
                } catch (RuntimeException e) {
                    fail(i, e);
                }
            }
        }
        event = null;
    }

    private void call(Callback callback, Event what, int number, int batches) {
        switch (what) {
            case EPOCH_BEGIN -> callback.onEpochBegin(number, batches);
            case BATCH_BEGIN -> callback.onBatchBegin(number);
            case BATCH_END -> callback.onBatchEnd(number, logs);
            case EPOCH_END -> callback.onEpochEnd(number, logs);
        }
    }

    /** Skips a failed logger until the next epoch; rethrows the exception of any other callback. */
    private void fail(int i, RuntimeException e) {
        Callback callback = callbacks.get(i);
        if (!callback.isLogger()) {
            throw e;
        }
        failed[i] = true;
        String problem = String.valueOf(e.getCause() == null ? e : e.getCause());
        if (!problem.equals(problems[i])) {
            problems[i] = problem;
            training.warn(callback.getClass().getSimpleName() + " failed"
                    + (event == null ? "" : ", and is tried again at the next epoch") + ": " + problem);
        }
    }

    // --------------------------------------------------------------------------------------------- what they see

    /** The event for which callbacks are being called, or were when one of them failed; null: none. */
    Event event() {
        return event;
    }

    /** Adds a number to the logs of the event, and returns these. */
    Logs log(String name, double value) {
        logs = logs.with(name, value);
        return logs;
    }

    // ----------------------------------------------------------------------------------------------------- state

    /** The callbacks with a state, in order. */
    List<Callback> stateful() {
        return callbacks.stream().filter(callback -> callback.state().isPresent()).toList();
    }
}

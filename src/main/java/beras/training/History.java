package beras.training;

import java.util.ArrayList;
import java.util.List;

/**
 * The history of a training run: the logs of each epoch, also of those before it was resumed, and how it ended.
 *
 * <pre>{@code
 * History history = model.fit(examples, new FitOptions().epochs(5).validationSplit(0.1));
 * System.out.println(history.outcome());
 * List<Double> losses = history.get("val_loss");           // one for each epoch
 * }</pre>
 */
public final class History {

    private final List<Logs> epochs = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Outcome outcome;

    void add(Logs logs) {
        epochs.add(logs);
    }

    void replaceLast(Logs logs) {
        epochs.set(epochs.size() - 1, logs);
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    void end(Outcome ended) {
        outcome = ended;
    }

    /** The logs of each epoch, in order. */
    public List<Logs> epochs() {
        return List.copyOf(epochs);
    }

    /**
     * One number per epoch, such as all values of {@code val_loss}.
     *
     * @throws IllegalArgumentException if an epoch has none of this name
     */
    public List<Double> get(String name) {
        return epochs.stream().map(logs -> logs.get(name)).toList();
    }

    /** How training ended. */
    public Outcome outcome() {
        return outcome;
    }

    /** Failures that did not end the run, such as a file that could not be written; one sentence each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** The number of epochs, how training ended, and the numbers of the last epoch. */
    @Override
    public String toString() {
        return "History of " + epochs.size() + (epochs.size() == 1 ? " epoch" : " epochs") + (outcome == null ? "" : ", " + outcome)
                + (epochs.isEmpty() ? "" : "; the last: " + epochs.get(epochs.size() - 1).text());
    }
}

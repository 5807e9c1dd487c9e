package beras.training;

import java.util.ArrayList;
import java.util.List;

/** What {@code fit} saw: the logs of each epoch. */
public final class History {

    private final List<Logs> epochs = new ArrayList<>();

    void add(Logs logs) {
        epochs.add(logs);
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

    @Override
    public String toString() {
        return epochs.toString();
    }
}

package beras.tables;

import beras.training.History;
import java.util.Map;

/**
 * The history of training on a table.
 *
 * @param epochs    the numbers of each epoch
 * @param bestEpoch the epoch, counted from 0, whose weights the model has
 */
public record TableHistory(History epochs, int bestEpoch) {

    /** The numbers of the epoch whose weights the model has, such as {@code val_loss}. */
    public Map<String, Double> best() {
        return epochs.epochs().get(bestEpoch).values();
    }
}

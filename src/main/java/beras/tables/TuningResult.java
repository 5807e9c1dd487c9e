package beras.tables;

import java.util.List;
import java.util.Optional;

/**
 * The result of a {@link Tuning}.
 *
 * @param trials   the measured ones, the best first
 * @param model    the model of the best one, with the weights of its best epoch; empty if all diverged, or if the tuning was
 *     interrupted and the weights are not available
 * @param finished whether it was not interrupted
 */
public record TuningResult(List<Trial> trials, Optional<TableModel> model, boolean finished) {

    public TuningResult {
        trials = List.copyOf(trials);
    }
}

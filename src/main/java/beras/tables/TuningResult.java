package beras.tables;

import java.util.List;
import java.util.Optional;

/**
 * What a {@link Tuning} found.
 *
 * @param trials   those that were measured, the best first
 * @param model    the net of the best one, with the weights of its best epoch; empty if all diverged, or if the tuning was
 *                 interrupted and the net is not at hand
 * @param finished whether it was not interrupted
 */
public record TuningResult(List<Trial> trials, Optional<TableModel> model, boolean finished) {

    public TuningResult {
        trials = List.copyOf(trials);
    }
}

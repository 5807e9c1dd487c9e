package beras.tables;

import java.util.List;

/**
 * One training run of a {@link Tuning}.
 *
 * @param number   from 0, which is the default recipe
 * @param settings the hyperparameters tried
 * @param results  its results, after more and more epochs; at least one
 */
public record Trial(int number, TrialSettings settings, List<TrialResult> results) {

    public Trial {
        results = List.copyOf(results);
    }

    /** Its final result. */
    public TrialResult last() {
        return results.get(results.size() - 1);
    }
}

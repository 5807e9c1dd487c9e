package beras.tables;

import java.util.List;

/**
 * One training of a {@link Tuning}.
 *
 * @param number   from 0, which is the default recipe
 * @param settings what was tried
 * @param results  what it reached, after more and more epochs; at least one
 */
public record Trial(int number, TrialSettings settings, List<TrialResult> results) {

    public Trial {
        results = List.copyOf(results);
    }

    /** What it reached in the end. */
    public TrialResult last() {
        return results.get(results.size() - 1);
    }
}

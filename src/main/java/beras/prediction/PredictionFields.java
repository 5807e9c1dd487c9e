package beras.prediction;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The form in which predictions are written: the values in the output of {@code predict} and in the answers of {@code serve},
 * which may name the fields differently.
 *
 * @param text of a prediction for users: its label, or its number with its significant digits
 * @param sets the intervals or sets of labels; empty: none are written
 */
public record PredictionFields(Function<Prediction, String> text, Optional<ConformalSets> sets) {

    /** The label, null if it is rejected, or the number. */
    public Object value(Prediction prediction) {
        return prediction.isRejected() ? null : prediction.isLabel() ? text.apply(prediction) : new BigDecimal(text.apply(prediction));
    }

    /** The score of each label, in all digits. */
    public static Map<String, Float> scores(Prediction prediction) {
        Map<String, Float> scores = new LinkedHashMap<>();
        prediction.scores().forEach((label, score) -> scores.put(label, score.floatValue()));
        return scores;
    }

    /**
     * The names of the fields that bound the truth: {@code lower} and {@code upper} of an interval, or {@code set}; none
     * without sets.
     */
    public List<String> setNames() {
        return sets.map(each -> each.areOfLabels() ? List.of("set") : List.of("lower", "upper")).orElse(List.of());
    }

    /** The values of {@link #setNames}: numbers, or a list of labels. */
    public List<Object> setValues(Prediction prediction) {
        return sets.map(each -> {
            if (each.areOfLabels()) {
                return List.<Object>of(each.labels(prediction));
            }
            ConformalSets.Interval interval = each.interval(prediction);
            return List.of(value(Prediction.ofValue(interval.lower())), value(Prediction.ofValue(interval.upper())));
        }).orElse(List.of());
    }
}

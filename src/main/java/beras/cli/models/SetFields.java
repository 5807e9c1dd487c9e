package beras.cli.models;

import beras.data.table.NamedValues;
import beras.data.table.TableTarget;
import beras.prediction.ConformalSets;
import beras.prediction.Prediction;
import java.math.BigDecimal;
import java.util.List;

/**
 * How intervals and sets are written: {@code lower} and {@code upper}, in as many digits as the number, or {@code set}.
 *
 * @param sets   what gives them
 * @param target of the model
 */
record SetFields(ConformalSets sets, TableTarget target) {

    /** What the fields are called. */
    List<String> names() {
        return sets.areOfLabels() ? List.of("set") : List.of("lower", "upper");
    }

    /** The fields of a prediction as CSV has them; labels are a list as {@code --keep} takes it. */
    List<String> texts(Prediction prediction) {
        if (sets.areOfLabels()) {
            return List.of(NamedValues.join(sets.labels(prediction)));
        }
        ConformalSets.Interval interval = sets.interval(prediction);
        return List.of(text(interval.lower()), text(interval.upper()));
    }

    /** The fields of a prediction as JSON has them: numbers, or an array of labels. */
    List<Object> values(Prediction prediction) {
        return sets.areOfLabels() ? List.of(sets.labels(prediction))
                : texts(prediction).stream().<Object>map(BigDecimal::new).toList();
    }

    private String text(double value) {
        return target.render(Prediction.ofValue(value));
    }
}

package beras.prediction;

import beras.config.CheckReturnValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Prediction intervals for numbers and prediction sets for labels, with a guaranteed coverage (split conformal prediction). From
 * {@link ConformalScores#at}. Immutable.
 *
 * <pre>{@code
 * ConformalSets sets = model.sets(0.9);
 * ConformalSets.Interval interval = sets.interval(model.predict(row));
 * System.out.println(interval.lower() + " to " + interval.upper());
 * }</pre>
 */
public final class ConformalSets {

    private final ConformalScores scores;
    private final double coverage;
    private final float limit;
    private final double least;

    /** An interval with both its ends. */
    public record Interval(double lower, double upper) {

        /** Whether a number is in it. */
        public boolean contains(double value) {
            return lower <= value && value <= upper;
        }

        /** {@code upper - lower}. */
        public double width() {
            return upper - lower;
        }
    }

    /**
     * @param limit scores up to this are within
     * @param least no interval begins below this
     */
    ConformalSets(ConformalScores scores, double coverage, float limit, double least) {
        this.scores = scores;
        this.coverage = coverage;
        this.limit = limit;
        this.least = least;
    }

    /** The same, where no number is below a bound, such as 0, so that no interval begins below it. */
    @CheckReturnValue
    public ConformalSets notBelow(double bound) {
        return new ConformalSets(scores, coverage, limit, bound);
    }

    /** The coverage that is promised. */
    public double coverage() {
        return coverage;
    }

    /** Whether they are sets of labels; else intervals. */
    public boolean areOfLabels() {
        return scores.areOfLabels();
    }

    /**
     * The interval around a number that is predicted.
     *
     * @throws IllegalStateException if a label is predicted, or these are of labels
     */
    public Interval interval(Prediction prediction) {
        if (areOfLabels()) {
            throw new IllegalStateException("An interval is around a number. Received: sets of labels");
        }
        double distance = scores.distance(prediction.value(), limit);
        return new Interval(Math.max(least, prediction.value() - distance), prediction.value() + distance);
    }

    /**
     * The labels that may be true, the most probable first. The predicted label is always among them, so a model whose accuracy
     * exceeds the coverage has sets of one label and covers more.
     *
     * @throws IllegalStateException if a number is predicted
     */
    public List<String> labels(Prediction prediction) {
        String predicted = prediction.label();
        Map<String, Double> all = prediction.scores();
        List<String> labels = new ArrayList<>();
        all.forEach((label, score) -> {
            if (-score <= limit || label.equals(predicted)) {
                labels.add(label);
            }
        });
        labels.sort((a, b) -> Double.compare(all.get(b), all.get(a)));
        return labels;
    }
}

package beras.prediction;

import beras.config.CheckReturnValue;
import beras.config.InvalidDataException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The prediction of a model for one example, in the terms of the data: a label with a score of each, which is a probability if
 * the model gives probabilities, or a number.
 *
 * <pre>{@code
 * Prediction prediction = TableModel.load(file).predict(row);
 * System.out.println(prediction.label() + " " + prediction.probabilities());
 * }</pre>
 */
public final class Prediction {

    /** How far from 1 the sum of probabilities may be. */
    public static final double SUM_TOLERANCE = 1e-3;

    /** At most so many scores are in a message. */
    private static final int MAX_SHOWN = 10;

    private final List<String> labels; // empty: a number
    private final float[] outputs;
    private final int best;
    private final double value;
    private final boolean rejected;

    private Prediction(List<String> labels, float[] outputs, int best, double value, boolean rejected) {
        this.labels = labels;
        this.outputs = outputs;
        this.best = best;
        this.value = value;
        this.rejected = rejected;
    }

    /**
     * The label of the largest output, of equal ones the first.
     *
     * @param labels  of the classes
     * @param outputs one for each label, such as probabilities; not copied
     * @throws IllegalArgumentException if there is no label, or an output is not finite
     */
    public static Prediction ofLabels(List<String> labels, float... outputs) {
        if (labels.isEmpty() || labels.size() != outputs.length) {
            throw new IllegalArgumentException("Each label needs an output, and there must be one at least. Received: "
                    + labels.size() + " labels and " + outputs.length + " outputs");
        }
        int best = 0;
        for (int i = 0; i < outputs.length; i++) {
            requireFinite(outputs[i]);
            best = outputs[i] > outputs[best] ? i : best;
        }
        return new Prediction(labels, outputs, best, Double.NaN, false);
    }

    /**
     * A number.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public static Prediction ofValue(double value) {
        requireFinite(value);
        return new Prediction(List.of(), new float[0], -1, value, false);
    }

    private static void requireFinite(double output) {
        if (!Double.isFinite(output)) {
            throw new InvalidDataException("The output of a model must be finite to mean something. Received: " + output);
        }
    }

    /**
     * The same, {@linkplain #isRejected rejected} if it is a label whose probability is below a bound. Scores that are no
     * probabilities reject nothing.
     *
     * @param bound 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    @CheckReturnValue
    public Prediction rejectedBelow(double bound) {
        requireBound(bound);
        return new Prediction(labels, outputs, best, value, hasProbabilities() && score() < bound);
    }

    /**
     * The bound of a confidence itself.
     *
     * @throws IllegalArgumentException if it is not 0 to 1
     */
    public static double requireBound(double bound) {
        if (!(bound >= 0 && bound <= 1)) {
            throw new IllegalArgumentException("A confidence is 0 to 1. Received: " + bound);
        }
        return bound;
    }

    /**
     * Whether the example is rejected as none of the labels, because the confidence is below the threshold of the model or of
     * the caller. The {@link #label} is then merely the closest one.
     */
    public boolean isRejected() {
        return rejected;
    }

    /** Whether it is a label; else it is a number. */
    public boolean isLabel() {
        return best >= 0;
    }

    /**
     * The label.
     *
     * @throws IllegalStateException if it is a number
     */
    public String label() {
        return labels.get(labelIndex());
    }

    /**
     * The number of the label among all, from 0.
     *
     * @throws IllegalStateException if it is a number
     */
    public int labelIndex() {
        if (best < 0) {
            throw new IllegalStateException("This prediction is a number, " + value + ", and no label");
        }
        return best;
    }

    /**
     * Whether the scores are probabilities: from 0 to 1, with a sum of 1 to within {@link #SUM_TOLERANCE}. Logits are not, nor are
     * the outputs of sigmoids for more than two labels.
     */
    public boolean hasProbabilities() {
        return isLabel() && areProbabilities(outputs);
    }

    static boolean areProbabilities(float... scores) {
        double sum = 0;
        for (float score : scores) {
            if (!(score >= 0 && score <= 1)) {
                return false;
            }
            sum += score;
        }
        return Math.abs(sum - 1) <= SUM_TOLERANCE;
    }

    /**
     * The score of the label that is predicted, the highest of {@link #scores}.
     *
     * @throws IllegalStateException if it is a number
     */
    public double score() {
        return outputs[labelIndex()];
    }

    /** The scores of the labels, in their order; empty for a number. */
    public Map<String, Double> scores() {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < outputs.length; i++) {
            scores.put(labels.get(i), (double) outputs[i]);
        }
        return Collections.unmodifiableMap(scores);
    }

    /**
     * The probability of the label that is predicted.
     *
     * @throws IllegalStateException if it is a number, or the model does not give probabilities
     */
    public double confidence() {
        requireProbabilities();
        return score();
    }

    /**
     * The probability of each label, in the order of the labels; empty for a number.
     *
     * @throws IllegalStateException if the model does not give probabilities
     */
    public Map<String, Double> probabilities() {
        requireProbabilities();
        return scores();
    }

    /** A number has no scores that could be none. */
    private void requireProbabilities() {
        if (isLabel() && !hasProbabilities()) {
            throw new IllegalStateException("Expected probabilities, from 0 to 1 with a sum of 1. Received: " + shown()
                    + ". Let the model end in softmax, or take the scores as they are");
        }
    }

    private String shown() {
        return outputs.length <= MAX_SHOWN ? Arrays.toString(outputs)
                : Arrays.toString(Arrays.copyOf(outputs, MAX_SHOWN)) + " and " + (outputs.length - MAX_SHOWN) + " more";
    }

    /**
     * The number.
     *
     * @throws IllegalStateException if it is a label
     */
    public double value() {
        if (best >= 0) {
            throw new IllegalStateException("This prediction is the label " + label() + ", and no number");
        }
        return value;
    }

    /** The label with its score, and whether it is rejected, or the number. */
    @Override
    public String toString() {
        return !isLabel() ? Double.toString(value) : rejected ? "rejected, closest: " + label() + " (" + score() + ")"
                : label() + " (" + score() + ")";
    }
}

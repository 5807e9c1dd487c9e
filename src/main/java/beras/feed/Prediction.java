package beras.feed;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model says about one example in the terms of the data: a label with the probability of each, or an amount. */
public final class Prediction {

    private final List<String> labels; // empty: an amount
    private final float[] outputs;
    private final int best;
    private final double amount;

    private Prediction(List<String> labels, float[] outputs, int best, double amount) {
        this.labels = labels;
        this.outputs = outputs;
        this.best = best;
        this.amount = amount;
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
        return new Prediction(labels, outputs, best, Double.NaN);
    }

    /**
     * An amount.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public static Prediction ofAmount(double amount) {
        requireFinite(amount);
        return new Prediction(List.of(), new float[0], -1, amount);
    }

    private static void requireFinite(double output) {
        if (!Double.isFinite(output)) {
            throw new IllegalArgumentException("The output of a model must be finite to mean something. Received: " + output);
        }
    }

    /** Whether it is a label; else it is an amount. */
    public boolean isLabel() {
        return best >= 0;
    }

    /**
     * The label.
     *
     * @throws IllegalStateException if it is an amount
     */
    public String label() {
        return labels.get(labelIndex());
    }

    /**
     * The number of the label among all, from 0.
     *
     * @throws IllegalStateException if it is an amount
     */
    public int labelIndex() {
        if (best < 0) {
            throw new IllegalStateException("This prediction is an amount, " + amount + ", and no label");
        }
        return best;
    }

    /**
     * What the model gives for the label that it predicts, such as a probability.
     *
     * @throws IllegalStateException if it is an amount
     */
    public double confidence() {
        return outputs[labelIndex()];
    }

    /** What the model gives for each label, such as a probability, in the order of the labels; empty for an amount. */
    public Map<String, Double> probabilities() {
        Map<String, Double> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < outputs.length; i++) {
            probabilities.put(labels.get(i), (double) outputs[i]);
        }
        return Collections.unmodifiableMap(probabilities);
    }

    /**
     * The amount.
     *
     * @throws IllegalStateException if it is a label
     */
    public double amount() {
        if (best >= 0) {
            throw new IllegalStateException("This prediction is the label " + label() + ", and no amount");
        }
        return amount;
    }

    /** The label with its confidence, or the amount. */
    @Override
    public String toString() {
        return isLabel() ? label() + " (" + confidence() + ")" : Double.toString(amount);
    }
}

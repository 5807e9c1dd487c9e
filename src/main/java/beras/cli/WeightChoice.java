package beras.cli;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Weights of classes as text: {@code balanced}, or {@code LABEL=WEIGHT,...}. */
final class WeightChoice {

    /**
     * The weight of each class; 1 for those that are not named.
     *
     * @param labels   of the classes
     * @param balanced makes the balanced weights
     * @throws IllegalArgumentException if a label is unknown, or a weight is no number
     */
    static float[] weights(String text, List<String> labels, Supplier<float[]> balanced) {
        if (text.equals("balanced")) {
            return balanced.get();
        }
        float[] weights = new float[labels.size()];
        Arrays.fill(weights, 1f);
        Pairs.numbers(text, labels.toArray(String[]::new))
                .forEach((label, weight) -> weights[labels.indexOf(label)] = weight.floatValue());
        return weights;
    }

    private WeightChoice() {}
}

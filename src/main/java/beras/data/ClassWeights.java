package beras.data;

import beras.data.table.TableTarget;
import java.util.Arrays;

/** Weights that make up for labels of which there are few examples. */
public final class ClassWeights {

    /**
     * A weight for each class with which all classes weigh the same together: {@code examples / (classes * count)}, as
     * scikit-learn's "balanced". Over all examples the mean weight is 1.
     *
     * @param labels  one for each example, from 0 to {@code classes - 1}
     * @param classes how many classes there are, at least 1
     * @return {@code (classes)}; 0 for a class of no example, which does not count among the classes
     * @throws IllegalArgumentException if there is no example, or a label is not one of the classes
     */
    public static double[] balanced(int[] labels, int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException("The number of classes must be at least 1. Received: " + classes);
        }
        long[] counts = new long[classes];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("Labels of " + classes + " classes are 0 to " + (classes - 1)
                        + ". Received: " + labels[i] + " at index " + i);
            }
            counts[labels[i]]++;
        }
        return balanced(counts);
    }

    /**
     * As {@link #balanced(int[], int)} from the number of examples of each class, such as {@link TableTarget.Labels#counts}.
     *
     * @throws IllegalArgumentException if there is no example, or a count is below 0
     */
    public static double[] balanced(long[] counts) {
        long examples = Arrays.stream(counts).sum();
        long present = Arrays.stream(counts).filter(count -> count > 0).count();
        if (present == 0 || Arrays.stream(counts).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("Counts of examples must be at least 0, and not all 0. Received: "
                    + Arrays.toString(counts));
        }
        double[] weights = new double[counts.length];
        for (int c = 0; c < counts.length; c++) {
            weights[c] = counts[c] == 0 ? 0 : examples / ((double) present * counts[c]);
        }
        return weights;
    }

    private ClassWeights() {}
}

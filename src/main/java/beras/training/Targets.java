package beras.training;

import beras.tensor.Shape;
import java.util.List;

/** The targets of a network. */
public interface Targets {

    /** The shape of one target. */
    Shape targetShape();

    /** The names of the labels, in the order of the outputs; empty if numbers are predicted. */
    List<String> labels();

    /**
     * Weights of the labels with which all labels weigh the same together, see {@link Recipe#balancedClassWeight}.
     *
     * @throws IllegalStateException if numbers are predicted
     */
    double[] balancedClassWeights();

    /** Whether numbers are predicted, which are standardized. */
    default boolean isRegression() {
        return labels().isEmpty();
    }

    /** Whether a target consists of label numbers, for a sparse loss, rather than a one-hot row. Default false. */
    default boolean areLabelNumbers() {
        return false;
    }

    /** Whether the numbers are only scaled, as none is below 0, so that a network predicts none below 0 either. */
    default boolean isNotNegative() {
        return false;
    }
}

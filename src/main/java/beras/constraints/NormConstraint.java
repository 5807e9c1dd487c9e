package beras.constraints;

import beras.config.Settings;
import beras.tensor.Tensor;
import beras.tensor.Variable;

/**
 * A rule for the Euclidean norms along some axes of a weight: each slice is multiplied by
 * {@code wanted(norm) / (1e-7 + norm)}, so that a slice of zeros stays one.
 */
abstract class NormConstraint implements Constraint {

    private static final float FUZZ = 1e-7f;

    private int[] axes = {0};

    /** Those to sum over; none stands for axis 0, negative ones count from the last. */
    final void setAxes(int... newAxes) {
        axes = newAxes.length == 0 ? new int[] {0} : newAxes.clone();
    }

    @Override
    public final void settings(Settings s) {
        norms(s);
        setAxes(s.integers("axis", axes));
    }

    /** The settings besides the axes; none by default. */
    void norms(Settings s) {}

    /** What norms are to become, in the same shape. */
    abstract Tensor wanted(Tensor norms);

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the weight has not all of the axes
     */
    @Override
    public final void apply(Variable weight) {
        Tensor norms = norms(weight);
        weight.assign(weight.multiply(wanted(norms).divide(norms.add(FUZZ))));
    }

    /** The norms, in the weight's shape, with size 1 for the axes summed over. */
    private Tensor norms(Tensor weight) {
        Tensor squares = weight.multiply(weight);
        int[] sizes = weight.shape().toArray();
        for (int axis : axes) {
            Tensor sums = squares.sum(axis);
            sizes[axis < 0 ? axis + sizes.length : axis] = 1;
            squares = sums.reshape(sizes);
        }
        return squares.sqrt();
    }
}

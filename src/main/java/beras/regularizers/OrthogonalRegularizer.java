package beras.regularizers;

import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;

/**
 * Draws the rows (or columns) of a matrix {@code (rows, columns)} towards right angles: {@code factor / 2} times the mean over
 * all pairs of {@code |cosine|}, each pair counted both ways. Norms below 1e-7 count as 1e-7. A single row has no pair: 0.
 */
public final class OrthogonalRegularizer extends Regularizer {

    /** Which are to be orthogonal. */
    public enum Mode {
        ROWS, COLUMNS
    }

    private static final float MIN_NORM = 1e-7f;

    private float factor = 0.01f;
    private Mode mode = Mode.ROWS;

    /** With factor 0.01, on rows. */
    public OrthogonalRegularizer() {}

    /**
     * @param factor finite and at least 0; default 0.01
     * @param mode   default {@link Mode#ROWS}
     * @throws IllegalArgumentException if the factor is out of range
     */
    public OrthogonalRegularizer(double factor, Mode mode) {
        this.factor = (float) factor;
        this.mode = mode;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        factor = Arguments.notNegative("factor of OrthogonalRegularizer", s.real("factor", factor));
        mode = s.choice("mode", mode);
    }

    @Override
    protected Tensor penalty(OperationCall call, Tensor weight) {
        return composition(weight);
    }

    @Override
    protected Tensor composition(Tensor weight) {
        if (weight.rank() != 2) {
            throw new IllegalArgumentException(
                    "OrthogonalRegularizer needs a weight of 2 axes. Received shape: " + weight.shape());
        }
        Tensor vectors = vectors(weight);
        Tensor units = vectors.divide(norms(vectors));
        return cosines(units).abs().sum().multiply(share(units));
    }

    @Override
    protected Tensor gradient(OperationCall call, Tensor weight, float scale) {
        Tensor vectors = vectors(weight);
        Tensor norms = norms(vectors);
        Tensor units = vectors.divide(norms);
        // A cosine depends on both of its vectors, hence twice; what a step does to the length of a vector does not count.
        Tensor toUnits = cosines(units).sign().matmul(units).multiply(2f * share(units));
        Tensor along = toUnits.multiply(units).sum(1).reshape(-1, 1);
        Tensor toVectors = toUnits.subtract(units.multiply(along)).divide(norms).multiply(scale);
        return mode == Mode.ROWS ? toVectors : toVectors.transpose().contiguous();
    }

    /** What are to be orthogonal, as rows. */
    private Tensor vectors(Tensor weight) {
        return mode == Mode.ROWS ? weight : weight.transpose().contiguous();
    }

    private static Tensor norms(Tensor vectors) {
        return vectors.multiply(vectors).sum(1).maximum(MIN_NORM * MIN_NORM).sqrt().reshape(vectors.dim(0), 1);
    }

    /** The part of one pair in the penalty. */
    private float share(Tensor units) {
        double pairs = units.dim(0) * (units.dim(0) - 1.0) / 2;
        return pairs == 0 ? 0f : (float) (0.5 * factor / pairs);
    }

    /** The cosines between different vectors; 0 on the diagonal. */
    private static Tensor cosines(Tensor units) {
        return Tensor.where(Tensor.eye(units.dim(0)), Tensor.scalar(0), units.matmul(units.transpose()));
    }
}

package beras.constraints;

import beras.tensor.Tensor;

/** Norms of 1: {@code w / (1e-7 + norm)}, of the inputs of each unit with the default axis 0; a slice of zeros stays one. */
public final class UnitNorm extends NormConstraint {

    /** With norms along axis 0. */
    public UnitNorm() {}

    /**
     * @param axes those along which norms are taken; none stands for axis 0, negative ones count from the last
     */
    public UnitNorm(int... axes) {
        setAxes(axes);
    }

    @Override
    Tensor wanted(Tensor norms) {
        return Tensor.ones(norms.shape().toArray());
    }
}

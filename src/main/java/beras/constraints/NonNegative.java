package beras.constraints;

import beras.tensor.Tensor;
import beras.tensor.Variable;

/** Nothing below 0: {@code max(w, 0)}. Keras's NonNeg. */
public final class NonNegative implements Constraint {

    @Override
    public void apply(Variable weight) {
        weight.assign(weight.maximum(Tensor.scalar(0f)));
    }
}

package beras.autograd;

import beras.tensor.Tensor;

/**
 * The Callable of the assignment: it computes one tensor from others. The call of a {@link Diffable} is recorded by an open
 * tape; that of a metric or an encoder is not.
 */
@FunctionalInterface
public interface Callable {

    /**
     * The tensor that is made of these.
     *
     * @throws IllegalArgumentException if there are more or fewer inputs than it takes, or they do not fit
     */
    Tensor call(Tensor... inputs);
}

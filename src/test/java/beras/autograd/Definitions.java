package beras.autograd;

import beras.tensor.Tensor;

/** What tests of layers need of this package. */
public final class Definitions {

    /** What the definition of the called gives for the inputs of the call. */
    public static Tensor of(Call call) {
        return call.diffable().define(call);
    }

    /** A tape that may be within another, in training or not. */
    public static GradientTape tape(boolean training) {
        return GradientTape.inside(training);
    }

    private Definitions() {}
}

package beras.autograd;

import beras.tensor.Tensor;

/** What tests of layers need of this package. */
public final class Definitions {

    /** What the composition of operations gives for the use of a fused one. */
    public static Tensor of(OperationCall use) {
        return ((FusedOperation) use.operation()).composition(use);
    }

    /** A tape that may be within another, in training or not. */
    public static GradientTape tape(boolean training) {
        return GradientTape.inside(training);
    }

    private Definitions() {}
}

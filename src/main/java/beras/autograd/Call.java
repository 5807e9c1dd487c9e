package beras.autograd;

import beras.tensor.Tensor;

/** One use of a {@link Diffable}, with its inputs and output. */
public final class Call extends AbstractCall {

    private final Diffable diffable;
    private final boolean training;

    Call(Diffable diffable, Tensor[] inputs, GradientTape tape) {
        this.diffable = diffable;
        this.inputs = inputs;
        this.tape = tape;
        this.training = tape != null && tape.training();
        this.within = tape == null ? null : tape.within();
    }

    /** The node that was called. */
    public Diffable diffable() {
        return diffable;
    }

    /** Whether this is a call, or was made by it. */
    boolean isWithin(Call call) {
        Call outer = this;
        while (outer != null && outer != call) {
            outer = outer.within;
        }
        return outer != null;
    }

    /** Whether the call is part of training, where layers such as Dropout behave differently: under a tape that is for it. */
    public boolean training() {
        return training;
    }
}

package beras.autograd;

import beras.tensor.Operation;
import beras.tensor.Tensor;

/** An operation of tensors as a tape writes it down: a node whose gradients are those of {@link Derivatives}. */
public final class Operator extends Diffable {

    private final Operation operation;

    Operator(Operation operation) {
        this.operation = operation;
    }

    /** What was computed. */
    public Operation operation() {
        return operation;
    }

    @Override
    protected Tensor compute(Call call) {
        return operation.apply(call.inputs().toArray(Tensor[]::new));
    }

    @Override
    protected Tensor define(Call call) {
        return compute(call);
    }

    /** Such as {@code MULTIPLY}. */
    @Override
    public String toString() {
        return operation.toString();
    }
}

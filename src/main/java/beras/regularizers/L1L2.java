package beras.regularizers;

import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * {@code l1 * sum(|w|) + l2 * sum(w^2)}. The gradient is {@code l1 * sign(w) + 2 * l2 * w}, with sign 0 at 0. (There is no
 * factor 1/2: PyTorch's {@code weight_decay} is {@code 2 * l2}.)
 */
public class L1L2 extends Regularizer {

    private float l1;
    private float l2;

    /** No penalty. */
    public L1L2() {}

    /**
     * @param l1 finite and at least 0; Keras's default 0
     * @param l2 finite and at least 0; Keras's default 0
     * @throws IllegalArgumentException if one is not
     */
    public L1L2(double l1, double l2) {
        this.l1 = checked("l1", (float) l1);
        this.l2 = checked("l2", (float) l2);
    }

    private float checked(String name, float factor) {
        return Arguments.notNegative(name + " of " + getClass().getSimpleName(), factor);
    }

    @Override
    public void settings(Settings s) {
        l1(s);
        l2(s);
    }

    final void l1(Settings s) {
        l1 = checked("l1", s.real("l1", l1));
    }

    final void l2(Settings s) {
        l2 = checked("l2", s.real("l2", l2));
    }

    @Override
    protected final Tensor penalty(OperationCall call, Tensor weight) {
        Tensor terms = call.allocate(weight.shape());
        Backend.elements().weightPenalties(weight.block(), l1, l2, terms.block());
        Tensor sum = call.allocate(Shape.of());
        Backend.sums().reduceRows(BinaryOp.ADD, terms.asRow(), sum.block());
        return sum;
    }

    @Override
    protected final Tensor composition(Tensor weight) {
        return weight.abs().multiply(l1).add(weight.multiply(weight.multiply(l2))).sum();
    }

    @Override
    protected final Tensor gradient(OperationCall call, Tensor weight, float scale) {
        Tensor out = call.allocate(weight.shape());
        Backend.elements().weightPenaltyGradient(weight.block(), l1 * scale, l2 * scale, out.block());
        return out;
    }

    /** The factor of {@code sum(|w|)}. */
    public final float l1() {
        return l1;
    }

    /** The factor of {@code sum(w^2)}. */
    public final float l2() {
        return l2;
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.kernels.UnaryOp;
import beras.tensor.Operation;
import beras.tensor.Tensor;
import java.util.List;

/** A layer without weights that works element by element, for inputs of any shape; {@link KernelLayer#fused} can take it in. */
@SuppressWarnings("exports") // the functions are internal to this module
public abstract class Elementwise extends Layer implements KeepsSteps {

    private UnaryOp op; // null: the formula
    private float alpha;
    private Operation operation; // of both

    /** For a layer that overrides {@link #formula}. */
    protected Elementwise() {}

    /**
     * @param alpha the function's parameter, where it has one
     */
    protected Elementwise(UnaryOp op, float alpha) {
        function(op, alpha);
    }

    /**
     * Computes another function from now on: for layers whose function depends on a setting.
     *
     * @param newOp null for the {@link #formula}
     */
    protected final void function(UnaryOp newOp, float newAlpha) {
        op = newOp;
        alpha = newAlpha;
        operation = newOp == null ? null : new Operation.Unary(newOp, newAlpha);
    }

    /** Whether {@link KernelLayer#fused} takes this layer in: its derivative must follow from its output. */
    public final boolean fusable() {
        return op != null && op.differentiableFromOutput();
    }

    final UnaryOp op() {
        return op;
    }

    /** That of an elementwise layer; linear without one. */
    static UnaryOp op(Layer function) {
        return function == null ? UnaryOp.LINEAR : ((Elementwise) function).op;
    }

    static float alpha(Layer function) {
        return function == null ? 0f : ((Elementwise) function).alpha;
    }

    /** The function's parameter, where it has one. */
    protected final float alpha() {
        return alpha;
    }

    /** The function by operations. */
    protected Tensor formula(Tensor x) {
        return operation.apply(x);
    }

    /** The range of the function; unknown if the layer has a formula. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        OutputRange x = inputs.get(0);
        if (op == null) {
            return OutputRange.UNKNOWN;
        }
        if (op == UnaryOp.LINEAR) {
            return x;
        }
        if (op == UnaryOp.RELU) {
            return x.clipped(0, Double.POSITIVE_INFINITY, this);
        }
        if (op == UnaryOp.SIGMOID || op == UnaryOp.HARD_SIGMOID) {
            return OutputRange.elementwise(0, 1, this);
        }
        if (op == UnaryOp.TANH || op == UnaryOp.SOFTSIGN) {
            return OutputRange.elementwise(-1, 1, this);
        }
        boolean positive = op == UnaryOp.EXP || op == UnaryOp.SOFTPLUS;
        return OutputRange.elementwise(positive ? 0 : Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, this);
    }

    @Override
    protected Tensor compute(Call call) {
        return formula(call.input(0));
    }
}

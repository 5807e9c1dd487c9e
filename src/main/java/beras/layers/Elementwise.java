package beras.layers;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.kernels.Backend;
import beras.kernels.UnaryOp;
import beras.tensor.Operation;
import beras.tensor.Tensor;
import java.util.List;

/** A layer without weights that works element by element, for inputs of any shape; {@link KernelLayer#fused} can take it in. */
@SuppressWarnings("exports") // the functions are those of this module
public abstract class Elementwise extends Layer {

    private UnaryOp op; // null: the formula
    private float alpha;

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
    }

    /** Whether {@link KernelLayer#fused} takes this layer in: its derivative must follow from its output. */
    public final boolean fusable() {
        return op != null && op.differentiableFromOutput();
    }

    final UnaryOp op() {
        return op;
    }

    /** The function's parameter, where it has one. */
    protected final float alpha() {
        return alpha;
    }

    /** The function by operations. */
    protected Tensor formula(Tensor x) {
        return new Operation.Unary(op, alpha).apply(x);
    }

    /** By the function; unknown if the layer has a formula. */
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
        if (op == null) {
            return formula(call.input(0));
        }
        Tensor x = call.input(0).contiguous();
        Tensor y = call.allocate(x.shape());
        map(x, y);
        return y;
    }

    /** {@code y = f(x)}; both contiguous and of one shape. */
    final void map(Tensor x, Tensor y) {
        Backend.elements().map(op, alpha, x.block(), y.block());
    }

    @Override
    protected final Tensor define(Call call) {
        return formula(call.input(0));
    }

    /** The derivative at each element, in the shape of the input. */
    @Override
    protected final List<Tensor> inputGradients(Call call) {
        return composeInputGradients(call, Tensor.full(1f, call.output().shape().toArray()));
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        if (op == null) {
            return GradientTape.paused(() -> gradientOfFormula(call.input(0).stopGradient(), upstream));
        }
        Tensor x = call.input(0).contiguous();
        Tensor out = call.allocate(x.shape());
        gradient(x, call.output().contiguous(), upstream.contiguous(), out);
        return List.of(out);
    }

    private List<Tensor> gradientOfFormula(Tensor x, Tensor upstream) {
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            tape.watch(x);
            y = formula(x);
        }
        return tape.gradient(y, List.of(x), upstream);
    }

    /** {@code out = upstream * f'(x)}, where {@code y = f(x)}; all contiguous and of one shape. */
    final void gradient(Tensor x, Tensor y, Tensor upstream, Tensor out) {
        Backend.elements().mapGradient(op, alpha, x.block(), y.block(), upstream.block(), out.block());
    }

    @Override
    protected final boolean worksByElement() {
        return true;
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.kernels.Backend;
import beras.kernels.Kernels;
import beras.kernels.UnaryOp;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/**
 * A fully connected layer: {@code y = x · w + b}.
 *
 * <p>Shapes: x {@code (batch, inputs)}, w {@code (inputs, outputs)}, b {@code (1, outputs)}, y {@code (batch, outputs)}. An
 * input of higher rank is taken as a batch over all its axes but the last; local Jacobians exist for rank 2.
 */
public final class Dense extends Layer {

    private final Variable w;
    private final Variable b;
    private final List<Variable> weights;
    private final Elementwise activation; // null: none

    /**
     * A layer with Glorot uniform weights, zero bias and a fresh seed: two layers differ, and so do two runs.
     *
     * @throws IllegalArgumentException if a size is less than 1
     */
    public Dense(int inputSize, int outputSize) {
        this(inputSize, outputSize, Initializers.glorotUniform());
    }

    /** A layer with weights of the given kind, zero bias and a fresh seed. */
    public Dense(int inputSize, int outputSize, Initializer initializer) {
        this(inputSize, outputSize, initializer, Rng.freshSeed());
    }

    /** A layer whose weights follow from the seed alone; the bias is zero. */
    public Dense(int inputSize, int outputSize, Initializer initializer, long seed) {
        if (inputSize < 1 || outputSize < 1) {
            throw new IllegalArgumentException(
                    "Dense needs at least 1 input and 1 output. Received: " + inputSize + " and " + outputSize);
        }
        this.w = new Variable(initializer.values(Shape.of(inputSize, outputSize), seed));
        this.b = new Variable(Tensor.zeros(1, outputSize));
        this.weights = List.of(w, b);
        this.activation = null;
    }

    private Dense(Dense like, Elementwise activation) {
        this.w = like.w;
        this.b = like.b;
        this.weights = like.weights;
        this.activation = activation;
    }

    /**
     * This layer followed by an activation, as one: it shares these very variables, and computes both in one kernel.
     *
     * @throws IllegalStateException if this layer has an activation already
     * @throws IllegalArgumentException if the activation is not {@linkplain Elementwise#fusable fusable}
     */
    public Dense withActivation(Elementwise next) {
        if (activation != null) {
            throw new IllegalStateException("This Dense layer already has the activation " + activation.getClass().getSimpleName());
        }
        if (!next.fusable()) {
            throw new IllegalArgumentException("A fused activation must be differentiable from its output. Received: "
                    + next.getClass().getSimpleName() + ", which must stay a layer of its own");
        }
        return new Dense(this, next);
    }

    /** Whether this layer was made by {@link #withActivation}. */
    public boolean hasActivation() {
        return activation != null;
    }

    /** The weights {@code (inputs, outputs)}. */
    public Variable w() {
        return w;
    }

    /** The bias {@code (1, outputs)}. */
    public Variable b() {
        return b;
    }

    /** {@code [w, b]}. */
    @Override
    public List<Variable> weights() {
        return weights;
    }

    @Override
    public Shape inputShape() {
        return Shape.of(w.dim(0));
    }

    @Override
    public Shape outputShape(Shape input) {
        requireInputs(input, "examples");
        int[] sizes = input.toArray();
        sizes[sizes.length - 1] = w.dim(1);
        return Shape.of(sizes);
    }

    private void requireInputs(Shape shape, String what) {
        if (shape.rank() == 0 || shape.dim(-1) != w.dim(0)) {
            throw new IllegalArgumentException("Dense" + w.shape() + " needs " + what + " whose last axis is " + w.dim(0)
                    + ". Received shape: " + shape);
        }
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0).contiguous();
        requireInputs(x.shape(), "an input");
        int inputs = w.dim(0);
        int outputs = w.dim(1);
        int rows = x.size() / inputs;
        Tensor y = x.rank() == 2 ? call.allocate(rows, outputs) : call.allocate(outputShape(x.shape()));
        Backend.kernels().dense(activation == null ? UnaryOp.LINEAR : activation.op(), activation == null ? 0f : activation.alpha(),
                rows, outputs, inputs, x.data(), x.offset(), w.data(), w.offset(), b.data(), b.offset(), y.data(), y.offset());
        return y;
    }

    /** {@code [w]}, or {@code (batch, inputs, outputs)} with an activation. */
    @Override
    protected List<Tensor> inputGradients(Call call) {
        return List.of(activation == null ? w.copy() : perExample(w.reshape(1, w.dim(0), w.dim(1)), call));
    }

    /** {@code [(batch, inputs, outputs), (1, outputs)]}: the input for every output, and ones. */
    @Override
    protected List<Tensor> weightGradients(Call call) {
        Tensor x = call.input(0);
        Tensor dw = x.reshape(x.dim(0), x.dim(1), 1).broadcastTo(Shape.of(x.dim(0), x.dim(1), w.dim(1))).copy();
        Tensor db = Tensor.ones(1, w.dim(1));
        return activation == null ? List.of(dw, db) : List.of(perExample(dw, call), perExample(db.reshape(1, 1, w.dim(1)), call));
    }

    /** A local Jacobian of the product, times the activation's derivative at each example's outputs. */
    private Tensor perExample(Tensor jacobian, Call call) {
        Tensor slope = throughActivation(call, Tensor.ones(call.output().shape().toArray()));
        return jacobian.multiply(slope.reshape(slope.dim(0), 1, slope.dim(1)));
    }

    /** {@code upstream · wᵀ}. */
    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor d = throughActivation(call, upstream);
        Tensor dx = call.allocate(call.input(0).shape());
        int inputs = w.dim(0);
        int outputs = w.dim(1);
        Backend.kernels().gemm(false, true, d.size() / outputs, inputs, outputs, d.data(), d.offset(), outputs, w.data(), w.offset(),
                outputs, dx.data(), dx.offset(), inputs);
        return List.of(dx);
    }

    /** {@code [xᵀ · upstream, the column sums of upstream]}. */
    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        Tensor d = throughActivation(call, upstream);
        Tensor x = call.input(0).contiguous();
        int inputs = w.dim(0);
        int outputs = w.dim(1);
        int rows = d.size() / outputs;
        Tensor dw = call.allocate(inputs, outputs);
        Tensor db = call.allocate(1, outputs);
        Kernels kernels = Backend.kernels();
        kernels.gemm(true, false, inputs, outputs, rows, x.data(), x.offset(), inputs, d.data(), d.offset(), outputs, dw.data(),
                dw.offset(), outputs);
        kernels.columnSums(d.data(), d.offset(), rows, outputs, db.data(), db.offset());
        return List.of(dw, db);
    }

    /**
     * The gradient before the activation, from the output alone: the product itself is not kept. (LeakyReLU of a subnormal may
     * round to 0, and has the derivative of 0 then.)
     */
    private Tensor throughActivation(Call call, Tensor upstream) {
        if (activation == null) {
            return upstream.contiguous();
        }
        Tensor known = call.derived(upstream);
        if (known == null) {
            known = call.derive(upstream, call.allocate(call.output().shape()));
            activation.gradient(call.output(), call.output(), upstream.contiguous(), known);
        }
        return known;
    }
}

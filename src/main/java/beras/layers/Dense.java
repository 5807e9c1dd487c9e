package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.constraints.Constraint;
import beras.constraints.Constraints;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.kernels.Backend;
import beras.kernels.Kernels;
import beras.kernels.UnaryOp;
import beras.regularizers.Regularizer;
import beras.regularizers.Regularizers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.Objects;

/**
 * A fully connected layer: {@code y = x · w + b}.
 *
 * <p>Shapes: x {@code (batch, inputs)}, w {@code (inputs, outputs)}, b {@code (1, outputs)}, y {@code (batch, outputs)}. An
 * input of higher rank is taken as a batch over all its axes but the last; local Jacobians exist for rank 2.
 */
public final class Dense extends Layer {

    private int inputSize; // 0: not known before it is built
    private int units;
    private final Elementwise activation; // null: none
    private boolean useBias = true;
    private Initializer kernelInitializer = Initializers.glorotUniform();
    private Initializer biasInitializer = Initializers.zeros();
    private Regularizer kernelRegularizer;
    private Regularizer biasRegularizer;
    private Constraint kernelConstraint;
    private Constraint biasConstraint;
    private Variable w;
    private Variable b; // null: none

    Dense() {
        this(null, 0, 1);
    }

    /**
     * A layer of {@code units} outputs that takes what comes before it: Glorot uniform weights, zero bias.
     *
     * @throws IllegalArgumentException if {@code units} is less than 1
     */
    public Dense(int units) {
        this(null, 0, checkedUnits(units));
    }

    private static int checkedUnits(int units) {
        if (units < 1) {
            throw new IllegalArgumentException("Dense needs at least 1 unit. Received: " + units);
        }
        return units;
    }

    /**
     * A layer that knows how many inputs it takes.
     *
     * @throws IllegalArgumentException if a size is less than 1
     */
    public Dense(int inputSize, int outputSize) {
        this(null, checkedInputs(inputSize), checkedUnits(outputSize));
    }

    private static int checkedInputs(int inputs) {
        if (inputs < 1) {
            throw new IllegalArgumentException("Dense needs at least 1 input. Received: " + inputs);
        }
        return inputs;
    }

    /** A layer that knows how many inputs it takes, with weights of the given kind. */
    public Dense(int inputSize, int outputSize, Initializer initializer) {
        this(inputSize, outputSize);
        kernelInitializer = initializer;
    }

    /** A layer that knows how many inputs it takes, and whose weights follow from the seed alone. */
    public Dense(int inputSize, int outputSize, Initializer initializer, long seed) {
        this(inputSize, outputSize, initializer);
        seed(seed);
    }

    private Dense(Elementwise activation, int inputSize, int units) {
        this.inputSize = inputSize;
        this.units = units;
        this.activation = activation;
    }

    /** @throws IllegalStateException if the layer was made by {@link #withActivation}: its parts are to be described */
    @Override
    public void settings(Settings s) {
        if (activation != null) {
            throw new IllegalStateException("A Dense layer with an activation inside has no config: describe its parts");
        }
        units = checkedUnits(s.required().integer("units", units));
        useBias = s.flag("useBias", useBias);
        kernelInitializer = s.made("kernelInitializer", kernelInitializer, Initializers.REGISTRY);
        biasInitializer = s.made("biasInitializer", biasInitializer, Initializers.REGISTRY);
        kernelRegularizer = s.made("kernelRegularizer", kernelRegularizer, Regularizers.REGISTRY);
        biasRegularizer = s.made("biasRegularizer", biasRegularizer, Regularizers.REGISTRY);
        kernelConstraint = s.made("kernelConstraint", kernelConstraint, Constraints.REGISTRY);
        biasConstraint = s.made("biasConstraint", biasConstraint, Constraints.REGISTRY);
        Integer inputs = s.byName().integer("inputs", inputSize == 0 ? null : (Integer) inputSize);
        inputSize = inputs == null ? 0 : checkedInputs(inputs);
    }

    @Override
    public Dense named(String newName) {
        super.named(newName);
        return this;
    }

    @Override
    public Dense seed(long newSeed) {
        super.seed(newSeed);
        return this;
    }

    /** Whether a bias is added; default true. */
    public Dense useBias(boolean newUseBias) {
        requireUnbuilt("useBias");
        useBias = newUseBias;
        return this;
    }

    /** The first weights; default Glorot uniform. */
    public Dense kernelInitializer(Initializer initializer) {
        requireUnbuilt("kernelInitializer");
        kernelInitializer = Objects.requireNonNull(initializer);
        return this;
    }

    /** The first bias; default zeros. */
    public Dense biasInitializer(Initializer initializer) {
        requireUnbuilt("biasInitializer");
        biasInitializer = Objects.requireNonNull(initializer);
        return this;
    }

    /** A penalty on the weights; default none. */
    public Dense kernelRegularizer(Regularizer regularizer) {
        requireUnbuilt("kernelRegularizer");
        kernelRegularizer = regularizer;
        return this;
    }

    /** A penalty on the bias; default none. */
    public Dense biasRegularizer(Regularizer regularizer) {
        requireUnbuilt("biasRegularizer");
        biasRegularizer = regularizer;
        return this;
    }

    /** A rule that the weights keep; default none. */
    public Dense kernelConstraint(Constraint constraint) {
        requireUnbuilt("kernelConstraint");
        kernelConstraint = constraint;
        return this;
    }

    /** A rule that the bias keeps; default none. */
    public Dense biasConstraint(Constraint constraint) {
        requireUnbuilt("biasConstraint");
        biasConstraint = constraint;
        return this;
    }

    /**
     * This layer followed by an activation, as one: it shares these very variables, and computes both in one kernel.
     *
     * @throws IllegalStateException if this layer has an activation already, or has no weights yet
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
        weights(); // made if its input is known
        Dense fused = new Dense(next, inputSize, units);
        fused.shareWeights(this);
        return fused;
    }

    /** Whether this layer was made by {@link #withActivation}. */
    public boolean hasActivation() {
        return activation != null;
    }

    /** The weights {@code (inputs, outputs)}; null before the layer is built. */
    public Variable w() {
        weights();
        return w;
    }

    /** The bias {@code (1, outputs)}; null before the layer is built, or if it has none. */
    public Variable b() {
        weights();
        return b;
    }

    @Override
    public List<WeightSpec> weightSpecs(List<Shape> inputs) {
        requireInputs(inputs.get(0), "examples");
        WeightSpec kernel = new WeightSpec("kernel", Shape.of(inputs.get(0).dim(-1), units), kernelInitializer, kernelRegularizer,
                kernelConstraint, false);
        WeightSpec bias = new WeightSpec("bias", Shape.of(1, units), biasInitializer, biasRegularizer, biasConstraint, false);
        return useBias ? List.of(kernel, bias) : List.of(kernel);
    }

    @Override
    protected void onBuilt(List<Variable> weights) {
        w = weights.get(0);
        b = weights.size() == 1 ? null : weights.get(1);
    }

    @Override
    public Shape inputShape() {
        return w != null ? Shape.of(w.dim(0)) : inputSize == 0 ? null : Shape.of(inputSize);
    }

    @Override
    public Shape outputShape(Shape input) {
        requireInputs(input, "examples");
        int[] sizes = input.toArray();
        sizes[sizes.length - 1] = units;
        return Shape.of(sizes);
    }

    private void requireInputs(Shape shape, String what) {
        int inputs = w == null ? inputSize : w.dim(0);
        if (shape.rank() == 0 || inputs != 0 && shape.dim(-1) != inputs || shape.dim(-1) == 0) {
            throw new IllegalArgumentException("Dense(" + (inputs == 0 ? "" : inputs + ", ") + units + ") needs " + what
                    + " whose last axis is " + (inputs == 0 ? "at least 1" : inputs) + ". Received shape: " + shape);
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
        if (b == null) {
            computeWithoutBias(x, rows, y);
            return y;
        }
        Backend.kernels().dense(activation == null ? UnaryOp.LINEAR : activation.op(), activation == null ? 0f : activation.alpha(),
                rows, outputs, inputs, x.data(), x.offset(), w.data(), w.offset(), b.data(), b.offset(), y.data(), y.offset());
        return y;
    }

    private void computeWithoutBias(Tensor x, int rows, Tensor y) {
        Kernels kernels = Backend.kernels();
        kernels.gemm(false, false, rows, units, w.dim(0), x.data(), x.offset(), w.dim(0), w.data(), w.offset(), units, y.data(),
                y.offset(), units);
        if (activation != null) {
            kernels.map(activation.op(), activation.alpha(), y.data(), y.offset(), y.data(), y.offset(), y.size());
        }
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
        if (b == null) {
            return List.of(activation == null ? dw : perExample(dw, call));
        }
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
        Kernels kernels = Backend.kernels();
        kernels.gemm(true, false, inputs, outputs, rows, x.data(), x.offset(), inputs, d.data(), d.offset(), outputs, dw.data(),
                dw.offset(), outputs);
        if (b == null) {
            return List.of(dw);
        }
        Tensor db = call.allocate(1, outputs);
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

package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.constraints.Constraint;
import beras.constraints.Constraints;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.kernels.Backend;
import beras.kernels.UnaryOp;
import beras.layers.activations.Activations;
import beras.regularizers.Regularizer;
import beras.regularizers.Regularizers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A fully connected layer: {@code y = activation(x · w + b)}.
 *
 * <p>Shapes: x {@code (batch, inputs)}, w {@code (inputs, outputs)}, b {@code (1, outputs)}, y {@code (batch, outputs)}. An
 * input of higher rank is taken as a batch over all its axes but the last; local Jacobians exist for rank 2.
 *
 * <p>Without an activation, the default, y is the product. The activation is a layer of its own with a call of its own: the
 * local Jacobians, the composed gradients, {@link #inputs} and {@link #outputs} of this layer are always those of the product,
 * and the activation has its own. {@code Dense(128, "relu")} and {@code Dense(128)} followed by a {@code ReLU} give the same
 * bits.
 *
 * <p>The first weights are Glorot uniform, as Keras has it, and the bias is zero. (The handout of the assignment says zero for
 * both, with {@code normal} in its code; {@code new Dense(inputs, units, Initializers.zeros())} is a layer of zeros.)
 */
public final class Dense extends Layer {

    private int inputSize; // 0: not known before it is built
    private int units;
    private Optional<Layer> activation = Optional.empty();
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
        units = 1;
    }

    /**
     * A layer of {@code units} outputs that takes what comes before it: Glorot uniform weights, zero bias.
     *
     * @throws IllegalArgumentException if {@code units} is less than 1
     */
    public Dense(int units) {
        this.units = checkedUnits(units);
    }

    private static int checkedUnits(int units) {
        if (units < 1) {
            throw new IllegalArgumentException("Dense needs at least 1 unit. Received: " + units);
        }
        return units;
    }

    /**
     * A layer of {@code units} outputs with an activation, such as {@code new Dense(128, "relu")}.
     *
     * @param activation its name, as {@link Activations} has it
     * @throws IllegalArgumentException if {@code units} is less than 1, or there is no such activation
     */
    public Dense(int units, String activation) {
        this(units);
        activation(activation);
    }

    /**
     * A layer that knows how many inputs it takes.
     *
     * @throws IllegalArgumentException if a size is less than 1
     */
    public Dense(int inputSize, int outputSize) {
        this.inputSize = checkedInputs(inputSize);
        this.units = checkedUnits(outputSize);
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

    @Override
    public void settings(Settings s) {
        units = checkedUnits(s.required().integer("units", units));
        activation = Optional.ofNullable(s.made("activation", activation.orElse(null), Activations.REGISTRY));
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

    /**
     * What is computed of the product, by name; default none.
     *
     * @throws IllegalArgumentException if there is no such activation
     */
    public Dense activation(String name) {
        return activation(Activations.of(name));
    }

    /** What is computed of the product: a layer of one input; default none. */
    public Dense activation(Layer layer) {
        requireUnbuilt("activation");
        activation = Optional.of(layer);
        return this;
    }

    @Override
    public Optional<Layer> activation() {
        return activation;
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

    @Override
    public Dense activityRegularizer(Regularizer regularizer) {
        super.activityRegularizer(regularizer);
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

    /** With one activation, its own or {@code next}, whose derivative follows from its output. */
    @Override
    public Optional<Layer> fused(Layer... next) {
        Layer last = next.length == 0 ? activation.orElse(null) : activation.isEmpty() && next.length == 1 ? next[0] : null;
        return last instanceof Elementwise function && function.fusable() ? Optional.of(new FusedDense(this, function))
                : Optional.empty();
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
        Shape product = productShape(input);
        return activation.isEmpty() ? product : activation.get().outputShape(List.of(product));
    }

    private Shape productShape(Shape input) {
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
        return compute(call, UnaryOp.LINEAR, 0f);
    }

    /** The product with a function of each of its elements. */
    Tensor compute(Call call, UnaryOp op, float alpha) {
        Tensor x = call.input(0).contiguous();
        requireInputs(x.shape(), "an input");
        Tensor y = x.rank() == 2 ? call.allocate(x.dim(0), units) : call.allocate(productShape(x.shape()));
        Backend.products().dense(op, alpha, x.block(), w.block(), b == null ? null : b.block(), y.block());
        return y;
    }

    /** {@code [w]}. */
    @Override
    protected List<Tensor> inputGradients(Call call) {
        requireRank2(call);
        return List.of(w.copy());
    }

    /** {@code [(batch, inputs, outputs), (1, outputs)]}: the input for every output, and ones. */
    @Override
    protected List<Tensor> weightGradients(Call call) {
        requireRank2(call);
        Tensor x = call.input(0);
        Tensor dw = x.reshape(x.dim(0), x.dim(1), 1).broadcastTo(Shape.of(x.dim(0), x.dim(1), units)).copy();
        return b == null ? List.of(dw) : List.of(dw, Tensor.ones(1, units));
    }

    private void requireRank2(Call call) {
        if (call.input(0).rank() != 2) {
            throw new UnsupportedOperationException("Dense has local Jacobians for inputs (batch, inputs). Received shape: "
                    + call.input(0).shape() + ". Use composeInputGradients and composeWeightGradients");
        }
    }

    /** {@code upstream · wᵀ}. */
    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor d = upstream.contiguous();
        Tensor dx = call.allocate(call.input(0).shape());
        Backend.products().gemm(false, true, d.block(), w.block(), dx.block());
        return List.of(dx);
    }

    /** {@code [xᵀ · upstream, the column sums of upstream]}. */
    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        Tensor d = upstream.contiguous();
        Tensor x = call.input(0).contiguous();
        Tensor dw = call.allocate(w.dim(0), units);
        Backend.products().gemm(true, false, x.block(), d.block(), dw.block());
        if (b == null) {
            return List.of(dw);
        }
        Tensor db = call.allocate(1, units);
        Backend.sums().columnSums(d.block(), db.block());
        return List.of(dw, db);
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.constraints.Constraint;
import beras.constraints.Constraints;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
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
 * What dense and convolutional layers share: a product with a kernel, a bias that is added to it, and an activation.
 *
 * <p>Without an activation, the default, the output is the product. The activation is a layer of its own with a call of its own:
 * the local Jacobians, the composed gradients, {@link #inputs} and {@link #outputs} of this layer are always those of the
 * product, and the activation has its own.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class KernelLayer<L extends KernelLayer<L>> extends Layer {

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

    KernelLayer() {}

    /** This. */
    abstract L self();

    /** What the settings call the kernel. */
    String word() {
        return "kernel";
    }

    // ------------------------------------------------------------------------------------------------ settings

    /** The settings of this class, which come after those of the layer itself. */
    final void kernelSettings(Settings s) {
        String kernel = word();
        activation = Optional.ofNullable(s.made("activation", activation.orElse(null), Activations.REGISTRY));
        useBias = s.flag("useBias", useBias);
        kernelInitializer = s.made(kernel + "Initializer", kernelInitializer, Initializers.REGISTRY);
        biasInitializer = s.made("biasInitializer", biasInitializer, Initializers.REGISTRY);
        kernelRegularizer = s.made(kernel + "Regularizer", kernelRegularizer, Regularizers.REGISTRY);
        biasRegularizer = s.made("biasRegularizer", biasRegularizer, Regularizers.REGISTRY);
        kernelConstraint = s.made(kernel + "Constraint", kernelConstraint, Constraints.REGISTRY);
        biasConstraint = s.made("biasConstraint", biasConstraint, Constraints.REGISTRY);
    }

    /** As {@link #kernelSettings}, of the kernel alone. */
    final void onlyKernelSettings(Settings s) {
        kernelInitializer = s.made(word() + "Initializer", kernelInitializer, Initializers.REGISTRY);
        kernelRegularizer = s.made(word() + "Regularizer", kernelRegularizer, Regularizers.REGISTRY);
        kernelConstraint = s.made(word() + "Constraint", kernelConstraint, Constraints.REGISTRY);
    }

    @Override
    public final L named(String newName) {
        super.named(newName);
        return self();
    }

    @Override
    public final L seed(long newSeed) {
        super.seed(newSeed);
        return self();
    }

    /**
     * What is computed of the product, by name; default none.
     *
     * @throws IllegalArgumentException if there is no such activation
     */
    public final L activation(String name) {
        return activation(Activations.of(name));
    }

    /** What is computed of the product: a layer of one input; default none. */
    public final L activation(Layer layer) {
        requireUnbuilt("activation");
        activation = Optional.of(layer);
        return self();
    }

    @Override
    public final Optional<Layer> activation() {
        return activation;
    }

    /** Whether a bias is added; default true. */
    public final L useBias(boolean newUseBias) {
        requireUnbuilt("useBias");
        useBias = newUseBias;
        return self();
    }

    /** The first weights; default Glorot uniform. */
    public final L kernelInitializer(Initializer initializer) {
        requireUnbuilt("kernelInitializer");
        kernelInitializer = Objects.requireNonNull(initializer);
        return self();
    }

    /** As {@link #kernelInitializer(Initializer)}, as text such as {@code "he_normal"}. */
    public final L kernelInitializer(String text) {
        return kernelInitializer(Initializers.of(text));
    }

    /** The first bias; default zeros. */
    public final L biasInitializer(Initializer initializer) {
        requireUnbuilt("biasInitializer");
        biasInitializer = Objects.requireNonNull(initializer);
        return self();
    }

    /** As {@link #biasInitializer(Initializer)}, as text such as {@code "he_normal"}. */
    public final L biasInitializer(String text) {
        return biasInitializer(Initializers.of(text));
    }

    @Override
    public final L activityRegularizer(Regularizer regularizer) {
        super.activityRegularizer(regularizer);
        return self();
    }

    @Override
    public final L activityRegularizer(String text) {
        return activityRegularizer(Regularizers.of(text));
    }

    /** A penalty on the weights; default none. */
    public final L kernelRegularizer(Regularizer regularizer) {
        requireUnbuilt("kernelRegularizer");
        kernelRegularizer = regularizer;
        return self();
    }

    /** As {@link #kernelRegularizer(Regularizer)}, as text such as {@code "l2(0.001)"}. */
    public final L kernelRegularizer(String text) {
        return kernelRegularizer(Regularizers.of(text));
    }

    /** A penalty on the bias; default none. */
    public final L biasRegularizer(Regularizer regularizer) {
        requireUnbuilt("biasRegularizer");
        biasRegularizer = regularizer;
        return self();
    }

    /** As {@link #biasRegularizer(Regularizer)}, as text such as {@code "l2(0.001)"}. */
    public final L biasRegularizer(String text) {
        return biasRegularizer(Regularizers.of(text));
    }

    /** A rule that the weights keep; default none. */
    public final L kernelConstraint(Constraint constraint) {
        requireUnbuilt("kernelConstraint");
        kernelConstraint = constraint;
        return self();
    }

    /** As {@link #kernelConstraint(Constraint)}, as text such as {@code "max_norm(3)"}. */
    public final L kernelConstraint(String text) {
        return kernelConstraint(Constraints.of(text));
    }

    /** A rule that the bias keeps; default none. */
    public final L biasConstraint(Constraint constraint) {
        requireUnbuilt("biasConstraint");
        biasConstraint = constraint;
        return self();
    }

    /** As {@link #biasConstraint(Constraint)}, as text such as {@code "max_norm(3)"}. */
    public final L biasConstraint(String text) {
        return biasConstraint(Constraints.of(text));
    }

    // ------------------------------------------------------------------------------------------------- weights

    /** The shape of the kernel for examples of this shape, which are checked. */
    abstract Shape kernelShape(Shape input);

    /** The shape of the bias. */
    abstract Shape biasShape(Shape input);

    @Override
    public final List<WeightSpec> weightSpecs(List<Shape> inputs) {
        String name = word().equals("kernel") ? "kernel" : word() + "_kernel";
        WeightSpec kernel = new WeightSpec(name, kernelShape(inputs.get(0)), kernelInitializer, kernelRegularizer,
                kernelConstraint, false);
        return !useBias ? List.of(kernel) : List.of(kernel,
                new WeightSpec("bias", biasShape(inputs.get(0)), biasInitializer, biasRegularizer, biasConstraint, false));
    }

    @Override
    protected final void onBuilt(List<Variable> weights) {
        w = weights.get(0);
        b = weights.size() == 1 ? null : weights.get(1);
    }

    /** The kernel; null before the layer is built. */
    public final Variable w() {
        weights();
        return w;
    }

    /** The bias; null before the layer is built, or if it has none. */
    public final Variable b() {
        weights();
        return b;
    }

    /** As {@link #w()}, and nothing is built. */
    final Variable kernel() {
        return w;
    }

    /** As {@link #b()}, and nothing is built. */
    final Variable bias() {
        return b;
    }

    // ----------------------------------------------------------------------------------------------- computing

    /** The shape of one example of the product; refuses an input that does not fit. */
    abstract Shape productShape(Shape input);

    /** Taps beyond the edges of images count too: they are multiplied with zeros. */
    @Override
    public final long multiplyAdds(List<Shape> inputs) {
        return uses(inputs.get(0)) * kernelShape(inputs.get(0)).size();
    }

    /** How often each number of the kernel is used for one example. */
    abstract long uses(Shape input);

    @Override
    public final Shape outputShape(Shape input) {
        Shape product = productShape(input);
        return activation.isEmpty() ? product : activation.get().outputShape(List.of(product));
    }

    /** Any numbers, unless the activation bounds them. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        OutputRange product = OutputRange.unbounded(this);
        return activation.isEmpty() ? product : activation.get().outputRange(List.of(product));
    }

    /** The product with a function of each of its elements. */
    abstract Tensor compute(Call call, UnaryOp op, float alpha);

    @Override
    protected final Tensor compute(Call call) {
        return compute(call, UnaryOp.LINEAR, 0f);
    }

    // Declared once more, so that a fused layer may call them.

    @Override
    protected abstract List<Tensor> inputGradients(Call call);

    @Override
    protected abstract List<Tensor> weightGradients(Call call);

    @Override
    protected abstract List<Tensor> composeInputGradients(Call call, Tensor upstream);

    @Override
    protected abstract List<Tensor> composeWeightGradients(Call call, Tensor upstream);

    /**
     * With one activation, its own or {@code next}, whose derivative follows from its output; or with its own, if that is
     * {@link beras.layers.activations.ReLU}, and a pooling of the largest.
     */
    @Override
    public final Optional<Layer> fused(Layer... next) {
        if (next.length == 1 && next[0] instanceof Pooling<?> pooling && pooling.isOfLargest()
                && activation.map(FusedPooling::takes).orElse(true)) {
            return Optional.of(new FusedPooling(this, (Elementwise) activation.orElse(null), pooling));
        }
        Layer last = next.length == 0 ? activation.orElse(null) : activation.isEmpty() && next.length == 1 ? next[0] : null;
        return last instanceof Elementwise function && function.fusable() ? Optional.of(new Fused(this, function))
                : Optional.empty();
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.kernels.UnaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.Optional;

/**
 * The base class of dense and convolutional layers: a product with a kernel, plus a bias, and an activation.
 *
 * <p>Without an activation, the default, the output is the product. The activation is a separate layer with its own call: the
 * local Jacobians, the composed gradients, {@link #inputs} and {@link #outputs} of this layer are always those of the product,
 * and the activation has its own.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class KernelLayer<L extends KernelLayer<L>> extends FluentLayer<L> {

    private Optional<Layer> activation = Optional.empty();
    private boolean useBias = true;
    private final WeightRules kernelRules;
    private final WeightRules biasRules = new WeightRules("bias", Initializers.zeros());
    private Made made; // null: nothing computed yet

    /** @param kernel the name of the weight */
    KernelLayer(String kernel) {
        kernelRules = new WeightRules(kernel, Initializers.glorotUniform());
    }

    // ------------------------------------------------------------------------------------------------ settings

    /** The settings of this class, which follow the layer's. */
    final void kernelSettings(Settings s) {
        made = null;
        activationSetting(s);
        useBias = s.flag("useBias", useBias);
        WeightRules.settings(s, kernelRules, biasRules);
    }

    /** The setting of the activation alone. */
    final void activationSetting(Settings s) {
        activation = Optional.ofNullable(s.made("activation", activation.orElse(null), Layers.ACTIVATIONS));
    }

    /** As {@link #kernelSettings}, of the kernel alone. */
    final void onlyKernelSettings(Settings s) {
        WeightRules.settings(s, kernelRules);
    }

    /**
     * The activation by name; default none.
     *
     * @throws IllegalArgumentException if there is no such activation
     */
    public final L activation(String name) {
        return with("activation", name);
    }

    /** The activation: a layer of one input; default none. */
    public final L activation(Layer layer) {
        return with("activation", layer);
    }

    @Override
    public final Optional<Layer> activation() {
        return activation;
    }

    /** Whether a bias is added; default true. */
    public final L useBias(boolean newUseBias) {
        return with("useBias", newUseBias);
    }

    // ------------------------------------------------------------------------------------------------- weights

    /** Whether kernel and bias are no weights to train but state, which is orthogonal and 0 at first. */
    boolean isFixed() {
        return false;
    }

    /** The shape of the kernel for examples of this shape, which are checked. */
    abstract Shape kernelShape(Shape input);

    abstract Shape biasShape(Shape input);

    @Override
    final List<WeightSpec> ownSpecs(List<Shape> inputs) {
        Shape kernel = kernelShape(inputs.get(0));
        if (isFixed()) {
            return List.of(WeightSpec.state("kernel", kernel, Initializers.orthogonal()),
                    WeightSpec.state("bias", biasShape(inputs.get(0)), Initializers.zeros()));
        }
        return useBias ? List.of(kernelRules.spec(kernel), biasRules.spec(biasShape(inputs.get(0))))
                : List.of(kernelRules.spec(kernel));
    }

    /** The kernel; null before the layer is built. */
    public final Variable w() {
        weights();
        return kernel();
    }

    /** The bias; null before the layer is built, or if it has none. */
    public final Variable b() {
        weights();
        return bias();
    }

    /** As {@link #w()}, and nothing is built. */
    final Variable kernel() {
        return own(kernelRules.weight());
    }

    /** As {@link #b()}, and nothing is built. */
    private Variable bias() {
        return own(biasRules.weight());
    }

    // ----------------------------------------------------------------------------------------------- computing

    /** The shape of one example of the product; refuses an input that does not fit. */
    abstract Shape productShape(Shape input);

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

    /** The batch and the function that the operation was made for. */
    private record Made(Shape batch, UnaryOp op, float alpha, FusedOperation operation) {

        boolean isFor(Shape other, UnaryOp otherOp, float otherAlpha) {
            boolean fits = op == otherOp && alpha == otherAlpha && batch.rank() == other.rank();
            for (int axis = 1; fits && axis < batch.rank(); axis++) { // the size of the batch does not matter
                fits = batch.dim(axis) == other.dim(axis);
            }
            return fits;
        }
    }

    /** The product with a function of each of its elements, of a batch of this shape, the kernel and the bias, if there is one. */
    abstract FusedOperation operation(Shape batch, UnaryOp op, float alpha);

    /** As {@link #operation}, which is made once. */
    final FusedOperation knownOperation(Shape batch, UnaryOp op, float alpha) {
        Made known = made;
        if (known == null || !known.isFor(batch, op, alpha)) {
            known = new Made(batch, op, alpha, operation(batch, op, alpha));
            made = known;
        }
        return known.operation;
    }

    final Tensor apply(FusedOperation operation, Tensor x) {
        Variable bias = bias();
        return bias == null ? operation.apply(x, kernel()) : operation.apply(x, kernel(), bias);
    }

    @Override
    protected final Tensor compute(Call call) {
        return apply(knownOperation(call.input(0).shape(), UnaryOp.LINEAR, 0f), call.input(0));
    }

    /**
     * With one activation, its own or {@code next}, whose derivative follows from its output; or with its own, if that is
     * {@link beras.layers.activations.ReLU}, and max pooling.
     */
    @Override
    public final Optional<Layer> fused(Layer... next) {
        if (next.length == 1 && next[0] instanceof Pooling<?> pooling && pooling.isMaxOfPlaces()
                && activation.map(Fused::commutesWithMax).orElse(true)) {
            return Optional.of(new Fused(this, (Elementwise) activation.orElse(null), pooling));
        }
        Layer last = next.length == 0 ? activation.orElse(null) : activation.isEmpty() && next.length == 1 ? next[0] : null;
        return last instanceof Elementwise function && function.fusable() ? Optional.of(new Fused(this, function))
                : Optional.empty();
    }
}

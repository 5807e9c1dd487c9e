package beras.layers;

import beras.autograd.Affine;
import beras.autograd.Call;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * A product with a kernel inside another layer, as Keras's {@code EinsumDense}: the last axis of {@code (batch, ..., features)}
 * becomes all heads side by side, or the reverse.
 */
final class Projection extends Layer {

    private static final String HEADS_BIAS = "heads_bias"; // of so many axes, also for one head

    private final WeightRules kernelRules;
    private final WeightRules biasRules;
    private final BooleanSupplier useBias;
    private final boolean merges;
    private final UnaryOperator<Shape> kernelShape;

    /**
     * @param merges      whether all axes of the kernel but the last are summed over, and not the first alone
     * @param kernelShape of the kernel, for examples of a shape
     */
    Projection(String name, WeightRules kernel, WeightRules bias, BooleanSupplier useBias, boolean merges, UnaryOperator<Shape> kernelShape) {
        named(name);
        this.kernelRules = kernel;
        this.biasRules = bias;
        this.useBias = useBias;
        this.merges = merges;
        this.kernelShape = kernelShape;
    }

    /** The outer layer has the settings. */
    @Override
    public void settings(Settings s) {}

    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        Shape kernel = kernelShape.apply(inputs.get(0));
        if (!useBias.getAsBoolean()) {
            return List.of(kernelRules.spec(kernel));
        }
        WeightSpec bias = biasRules.spec(merges ? Shape.of(kernel.dim(-1)) : kernel.rest());
        return List.of(kernelRules.spec(kernel), merges ? bias
                : new WeightSpec(HEADS_BIAS, bias.shape(), bias.initializer(), bias.regularizer(), bias.constraint(), false));
    }

    private static int columns(Shape kernel, boolean merges) {
        return merges ? kernel.dim(-1) : kernel.rest().size();
    }

    @Override
    public Shape outputShape(Shape input) {
        return input.with(input.rank() - 1, columns(kernelShape.apply(input), merges));
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor kernel = own("kernel");
        int columns = columns(kernel.shape(), merges);
        Tensor w = kernel.reshape(kernel.size() / columns, columns);
        Affine product = new Affine(UnaryOp.LINEAR, 0f);
        return useBias.getAsBoolean() ? product.apply(call.input(0), w, own(merges ? "bias" : HEADS_BIAS).reshape(1, columns))
                : product.apply(call.input(0), w);
    }
}

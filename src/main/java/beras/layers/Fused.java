package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/** A layer with a kernel and an activation in one kernel: {@link KernelLayer#fused}. */
final class Fused extends Layer {

    private final KernelLayer<?> inner;
    private final Elementwise function;

    /**
     * @param inner    whose product, without an activation of its own, is taken; it is built
     * @param function one whose derivative follows from its output
     */
    Fused(KernelLayer<?> inner, Elementwise function) {
        this.inner = inner;
        this.function = function;
        inner.weights(); // made if its input is known
        build(inner.builtFor());
    }

    @Override
    public List<Layer> layers() {
        return List.of(inner);
    }

    /** That of the layers it is made of. */
    @Override
    public Config config() {
        return inner.config();
    }

    @Override
    public Shape outputShape(Shape input) {
        return inner.outputShape(input);
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return function.outputRange(List.of(OutputRange.unbounded(inner)));
    }

    @Override
    protected Tensor compute(Call call) {
        return inner.compute(call, function.op(), function.alpha());
    }

    /** {@code (batch, inputs, outputs)}. */
    @Override
    protected List<Tensor> inputGradients(Call call) {
        return perExample(inner.inputGradients(call), call);
    }

    /** {@code (batch, rows, outputs)}, with the rows that the local Jacobians of the layer inside have. */
    @Override
    protected List<Tensor> weightGradients(Call call) {
        return perExample(inner.weightGradients(call), call);
    }

    /** Local Jacobians of the product, times the activation's derivative at each example's outputs. */
    private List<Tensor> perExample(List<Tensor> jacobians, Call call) {
        Tensor slope = throughFunction(call, Tensor.ones(call.output().shape().toArray()));
        Tensor slopes = slope.reshape(slope.dim(0), 1, slope.shape().rest().size());
        return jacobians.stream().map(jacobian -> slopes.multiply(jacobian.rank() == 3 ? jacobian
                : jacobian.reshape(1, jacobian.dim(0), jacobian.dim(1)))).toList();
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return inner.composeInputGradients(call, throughFunction(call, upstream));
    }

    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        return inner.composeWeightGradients(call, throughFunction(call, upstream));
    }

    /**
     * The gradient before the activation, from the output alone: the product itself is not kept. (LeakyReLU of a subnormal may
     * round to 0, and has the derivative of 0 then.)
     */
    private Tensor throughFunction(Call call, Tensor upstream) {
        Tensor known = call.derived(upstream);
        if (known == null) {
            known = call.derive(upstream, call.allocate(call.output().shape()));
            function.gradient(call.output(), call.output(), upstream.contiguous(), known);
        }
        return known;
    }
}

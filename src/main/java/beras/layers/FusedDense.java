package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/** A {@link Dense} layer and an activation in one kernel: {@link Dense#fused}. */
final class FusedDense extends Layer {

    private final Dense dense;
    private final Elementwise function;

    /**
     * @param dense    whose product, without an activation of its own, is taken; it is built
     * @param function one whose derivative follows from its output
     */
    FusedDense(Dense dense, Elementwise function) {
        this.dense = dense;
        this.function = function;
        dense.weights(); // made if its input is known
        build(dense.builtFor());
    }

    @Override
    public List<Layer> layers() {
        return List.of(dense);
    }

    /** That of the layers it is made of. */
    @Override
    public Config config() {
        return dense.config();
    }

    @Override
    public Shape outputShape(Shape input) {
        return dense.outputShape(input);
    }

    @Override
    protected Tensor compute(Call call) {
        return dense.compute(call, function.op(), function.alpha());
    }

    /** {@code (batch, inputs, outputs)}. */
    @Override
    protected List<Tensor> inputGradients(Call call) {
        Tensor w = dense.w();
        return List.of(perExample(w.reshape(1, w.dim(0), w.dim(1)), call));
    }

    /** {@code [(batch, inputs, outputs), (batch, 1, outputs)]}. */
    @Override
    protected List<Tensor> weightGradients(Call call) {
        List<Tensor> ofProduct = dense.weightGradients(call);
        Tensor dw = perExample(ofProduct.get(0), call);
        return ofProduct.size() == 1 ? List.of(dw)
                : List.of(dw, perExample(ofProduct.get(1).reshape(1, 1, dw.dim(2)), call));
    }

    /** A local Jacobian of the product, times the activation's derivative at each example's outputs. */
    private Tensor perExample(Tensor jacobian, Call call) {
        Tensor slope = throughFunction(call, Tensor.ones(call.output().shape().toArray()));
        return jacobian.multiply(slope.reshape(slope.dim(0), 1, slope.dim(1)));
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return dense.composeInputGradients(call, throughFunction(call, upstream));
    }

    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        return dense.composeWeightGradients(call, throughFunction(call, upstream));
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

package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.kernels.UnaryOp;
import beras.layers.activations.ReLU;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * A layer with a kernel, perhaps {@link ReLU}, and the largest of each place, in one step: {@link KernelLayer#fused}.
 *
 * <p>The largest is found first: ReLU then has fewer numbers to work on, forward and backward. The bits are the same, for ReLU keeps
 * the order of numbers, and where it makes several equal, which are 0 then, no gradient comes through.
 */
final class FusedPooling extends Layer {

    private final KernelLayer<?> inner;
    private final Elementwise function; // null: none
    private final Pooling<?> pooling;

    /**
     * @param inner    whose product, without an activation of its own, is taken; it is built
     * @param function its activation, {@link #takes} it; null for none
     * @param pooling  of the largest
     */
    FusedPooling(KernelLayer<?> inner, Elementwise function, Pooling<?> pooling) {
        this.inner = inner;
        this.function = function;
        this.pooling = pooling;
        inner.weights(); // made if its input is known
        build(inner.builtFor());
    }

    /** Whether an activation may come after the largest is found. */
    static boolean takes(Layer activation) {
        return activation instanceof Elementwise function && function.op() == UnaryOp.RELU;
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
        return pooling.outputShape(inner.productShape(input));
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor y = pooling.compute(call, inner.compute(call, UnaryOp.LINEAR, 0f));
        if (function != null) {
            function.map(y, y);
        }
        return y;
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return inner.composeInputGradients(call, ofProduct(call, upstream));
    }

    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        return inner.composeWeightGradients(call, ofProduct(call, upstream));
    }

    /** The gradient of the product. */
    private Tensor ofProduct(Call call, Tensor upstream) {
        Tensor known = call.derived(upstream);
        if (known == null) {
            Tensor ofLargest = upstream;
            if (function != null) {
                ofLargest = call.allocate(upstream.shape());
                function.gradient(call.output(), call.output(), upstream.contiguous(), ofLargest);
            }
            known = call.derive(upstream, pooling.gradient(call, inner.productShape(call.input(0).shape().rest()), ofLargest));
        }
        return known;
    }
}

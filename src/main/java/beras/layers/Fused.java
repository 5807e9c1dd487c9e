package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.kernels.UnaryOp;
import beras.tensor.Operation;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * A layer with a kernel, an activation and max pooling, or some of them, in one step: {@link KernelLayer#fused}.
 *
 * <p>The pooling comes first: ReLU then has fewer numbers to work on, forward and backward. The bits are the same, because ReLU keeps
 * the order of numbers, and where it makes several equal, which are 0 then, no gradient comes through.
 */
final class Fused extends Layer {

    private final KernelLayer<?> inner;
    private final Elementwise function; // null: none, only with a pooling
    private final Pooling<?> pooling; // null: none

    /**
     * @param inner    whose product, without an activation of its own, is taken; it is built
     * @param function one whose derivative follows from its output
     */
    Fused(KernelLayer<?> inner, Elementwise function) {
        this(inner, function, null);
    }

    /**
     * @param function one that {@link #commutesWithMax}; null for none
     * @param pooling  of the maximum; null for none
     */
    Fused(KernelLayer<?> inner, Elementwise function, Pooling<?> pooling) {
        this.inner = inner;
        this.function = function;
        this.pooling = pooling;
        inner.weights(); // made if its input is known
        buildOf(List.of(inner), inner.builtFor());
    }

    /** Whether an activation may be computed of the maxima instead. */
    static boolean commutesWithMax(Layer activation) {
        return activation instanceof Elementwise function && function.op() == UnaryOp.RELU;
    }

    /** The layer that a model has, which messages name. */
    @Override
    public String toString() {
        return inner.toString();
    }

    /** That of the layers it is made of. */
    @Override
    public Config config() {
        return inner.config();
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape product = inner.productShape(input);
        return pooling == null ? product : pooling.outputShape(product);
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        OutputRange product = OutputRange.unbounded(inner);
        return function == null ? product : function.outputRange(List.of(product));
    }

    @Override
    protected Tensor compute(Call call) {
        if (pooling == null) {
            return inner.compute(call, function.op(), function.alpha());
        }
        Tensor y = pooling.compute(call, inner.compute(call, UnaryOp.LINEAR, 0f));
        if (function != null) {
            function.map(y, y);
        }
        return y;
    }

    @Override
    protected Tensor define(Call call) {
        Tensor product = inner.define(call);
        Tensor pooled = pooling == null ? product : pooling.define(call, product);
        return function == null ? pooled : new Operation.Unary(function.op(), function.alpha()).apply(pooled);
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return inner.composeInputGradients(call, ofProduct(call, upstream));
    }

    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        return inner.composeWeightGradients(call, ofProduct(call, upstream));
    }

    /**
     * The gradient of the product. The activation's derivative follows from the output alone: the product itself is not kept.
     * (LeakyReLU of a subnormal may round to 0, and has the derivative of 0 then.)
     */
    private Tensor ofProduct(Call call, Tensor upstream) {
        Tensor known = call.cachedGradient(upstream);
        if (known == null) {
            Tensor ofFunction = upstream;
            if (function != null) {
                ofFunction = call.allocate(upstream.shape());
                function.gradient(call.output(), call.output(), upstream.contiguous(), ofFunction);
            }
            known = call.cacheGradient(upstream, pooling == null ? ofFunction
                    : pooling.gradient(call, inner.productShape(call.input(0).shape().rest()), ofFunction));
        }
        return known;
    }
}

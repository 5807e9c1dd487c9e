package beras.layers;

import beras.autograd.Affine;
import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Config;
import beras.kernels.Backend;
import beras.kernels.UnaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;

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
    private Pooled pooled; // null: nothing computed yet

    /**
     * @param inner    the layer whose product, without its activation, is taken; it is built
     * @param function one whose derivative follows from its output
     */
    Fused(KernelLayer<?> inner, Elementwise function) {
        this(inner, function, null);
    }

    /**
     * @param function a function that {@link #commutesWithMax}; null for none
     * @param pooling  of the maximum; null for none
     */
    Fused(KernelLayer<?> inner, Elementwise function, Pooling<?> pooling) {
        this.inner = inner;
        this.function = function;
        this.pooling = pooling;
        inner.weights(); // built if its input shape is known
        buildOf(List.of(inner), inner.builtFor());
    }

    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        return pooling == null ? inner.mask(inputs) : Optional.empty();
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
        Tensor x = call.input(0);
        UnaryOp op = Elementwise.op(function);
        float alpha = Elementwise.alpha(function);
        if (pooling == null) {
            return inner.apply(inner.knownOperation(x.shape(), op, alpha), x);
        }
        FusedOperation product = inner.knownOperation(x.shape(), UnaryOp.LINEAR, 0f);
        Pooled known = pooled;
        if (known == null || known.product != product) {
            Shape example = inner.productShape(x.shape().rest());
            known = new Pooled(product, example, pooling.operation(example), op, alpha);
            pooled = known;
        }
        return inner.apply(known, x);
    }

    /** A function of the pooled product. */
    private record Pooled(FusedOperation product, Shape example, Pool pool, UnaryOp op, float alpha) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor y = pool.compute(call, product.compute(call));
            if (op != UnaryOp.LINEAR) {
                Backend.elements().map(op, alpha, y.block(), y.block());
            }
            return y;
        }

        @Override
        public long multiplyAdds(Tensor output, List<Tensor> inputs) {
            return (long) (example.size() / example.dim(-1)) * output.dim(0) * inputs.get(1).size();
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            Tensor known = call.cached(upstream);
            if (known == null) {
                Tensor ofPooled = Affine.ofArgument(call, op, alpha, upstream);
                known = call.cache(upstream,
                        pool.gradient(call, example.prepend(upstream.dim(0)), ofPooled));
            }
            return product.gradient(call, i, known);
        }

        @Override
        public Tensor composition(OperationCall call) {
            return Affine.of(op, alpha, pool.composition(call, product.composition(call)));
        }
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.initializers.Zeros;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;

/**
 * {@code y = x > 0 ? x : alpha * x} with a slope {@code alpha} for each element of an example, which is learnt: He et al.
 * (2015). Some axes may {@linkplain #sharedAxes share} their slopes. The derivative is 1 above 0, {@code alpha} below, and 0
 * at 0.
 */
public final class PReLU extends FluentLayer<PReLU> {

    private final WeightRules alphaRules = new WeightRules("alpha", new Zeros());
    private int[] sharedAxes; // null: none

    /** With a slope for each element, at first 0. */
    public PReLU() {}

    @Override
    public void settings(Settings s) {
        WeightRules.settings(s, alphaRules);
        int[] axes = s.integers("sharedAxes", sharedAxes);
        for (int axis : axes == null ? new int[0] : axes) {
            if (axis < 1) {
                throw new IllegalArgumentException("sharedAxes of PReLU are counted from 1, as the batch axis is number 0."
                        + " Received: " + Arrays.toString(axes));
            }
        }
        sharedAxes = axes == null ? null : axes.clone();
    }

    /**
     * The axes along which all elements have one slope, counted from 1, the first of an example; default none.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public PReLU sharedAxes(int... axes) {
        return with("sharedAxes", axes);
    }

    /** The slopes, in the shape of an example, with size 1 along shared axes; null before the layer is built. */
    public Variable alpha() {
        return own("alpha");
    }

    /** {@code [alpha]}. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        return List.of(alphaRules.spec(slopes(inputs.get(0))));
    }

    /** The shape of the slopes for examples of a shape. */
    private Shape slopes(Shape example) {
        int[] sizes = example.toArray();
        for (int axis : sharedAxes == null ? new int[0] : sharedAxes) {
            if (axis > sizes.length) {
                throw new IllegalArgumentException("PReLU with sharedAxes " + Arrays.toString(sharedAxes)
                        + " needs examples of as many axes. Received shape: " + example);
            }
            sizes[axis - 1] = 1;
        }
        return Shape.of(sizes);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape slopes = slopes(input);
        if (alpha() != null && !alpha().shape().equals(slopes)) {
            throw new IllegalArgumentException("PReLU has slopes of shape " + alpha().shape()
                    + ", and needs examples of their shape, except for shared axes. Received shape: " + input);
        }
        return input;
    }

    @Override
    protected Tensor compute(Call call) {
        outputShape(example(call.input(0)));
        return new Slopes().apply(call.input(0), alpha());
    }

    /** Inputs: x and its slopes. */
    private record Slopes() implements FusedOperation {

        /** The slope of each element of an example. */
        private static float[] spread(OperationCall call) {
            return call.input(1).broadcastTo(call.input(0).shape().rest()).toArray();
        }

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor y = call.allocate(x.shape());
            float[] slopes = spread(call);
            for (int i = 0; i < x.size(); i++) {
                float xi = x.data()[x.offset() + i];
                y.data()[y.offset() + i] = xi > 0f ? xi : slopes[i % slopes.length] * xi;
            }
            return y;
        }

        /** To the slopes the sum of {@code upstream * min(x, 0)} over the batch and the shared axes. */
        @Override
        public Tensor gradient(OperationCall call, int number, Tensor u) {
            Tensor x = call.input(0).contiguous();
            Tensor out = call.allocate(x.shape());
            float[] slopes = spread(call);
            for (int i = 0; i < x.size(); i++) {
                float xi = x.data()[x.offset() + i];
                float slope = number == 1 ? Math.min(xi, 0f) : xi > 0f ? 1f : xi < 0f ? slopes[i % slopes.length] : 0f;
                out.data()[out.offset() + i] = u.data()[u.offset() + i] * slope;
            }
            return number == 0 ? out : summed(call, out);
        }

        private static Tensor summed(OperationCall call, Tensor products) {
            Tensor alpha = call.input(1);
            Shape example = products.shape().rest();
            Tensor sums = call.allocate(1, example.size());
            Backend.sums().reduceColumns(BinaryOp.ADD, products.reshape(products.dim(0), sums.dim(1)).block(), sums.block());
            Tensor ofExample = sums.reshape(example.toArray());
            for (int axis = 0; axis < alpha.rank(); axis++) {
                if (alpha.dim(axis) != ofExample.dim(axis)) {
                    int[] sizes = ofExample.shape().toArray();
                    sizes[axis] = 1;
                    ofExample = ofExample.sum(axis).reshape(sizes);
                }
            }
            return ofExample;
        }

        @Override
        public Tensor composition(OperationCall call) {
            Tensor x = call.input(0);
            return x.relu().subtract(x.negate().relu().multiply(call.input(1)));
        }

        @Override
        public boolean isElementwise() {
            return true;
        }
    }
}

package beras.layers;

import beras.autograd.Affine;
import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Ones;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/**
 * Divides the features of each example, the last axis, by the root of the mean of their squares, then scales each by a weight of
 * its own: {@code y = x / sqrt(mean(x * x) + epsilon) * scale}, Zhang and Sennrich (2019). The same in training and outside.
 */
public final class RMSNormalization extends FluentLayer<RMSNormalization> {

    private float epsilon = 1e-6f;

    /** With epsilon 1e-6. */
    public RMSNormalization() {}

    @Override
    public void settings(Settings s) {
        epsilon = Arguments.positive("epsilon of RMSNormalization", s.real("epsilon", epsilon));
    }

    /**
     * What is added to the mean of the squares, so that no number is divided by 0; default 1e-6.
     *
     * @throws IllegalArgumentException if it is not finite and above 0
     */
    public RMSNormalization epsilon(double newEpsilon) {
        return with("epsilon", newEpsilon);
    }

    /** The scale {@code (features)}, at first ones; null before the layer is built. */
    public Variable scale() {
        return own("scale");
    }

    /** {@code [scale]}, of shape {@code (features)}. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        return List.of(WeightSpec.of("scale", Shape.of(features(inputs.get(0), 0)), new Ones()));
    }

    @Override
    public Shape outputShape(Shape input) {
        features(input, scale() == null ? 0 : scale().size());
        return input;
    }

    @Override
    protected Tensor compute(Call call) {
        outputShape(call.input(0).shape());
        return new Rows(epsilon).apply(call.input(0), scale());
    }

    /** Inputs: x and the scale. */
    private record Rows(float epsilon) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor inverse = UnitNormalization.sumsOfProducts(call, x, x);
            for (int i = inverse.offset(); i < inverse.offset() + inverse.size(); i++) {
                inverse.data()[i] = (float) (1 / Math.sqrt(inverse.data()[i] / x.dim(-1) + epsilon));
            }
            call.save(inverse);
            Tensor y = normalized(call);
            timesScale(call, y, y);
            return y;
        }

        /** The input before it is scaled. */
        private static Tensor normalized(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor y = call.allocate(x.shape());
            Backend.elements().zipRows(BinaryOp.MULTIPLY, x.block(), call.saved().block(), y.block());
            return y;
        }

        /** {@code to = from * scale} on each row. */
        private static void timesScale(OperationCall call, Tensor from, Tensor to) {
            Tensor scale = call.input(1);
            Tensor zeros = ScaledNormalization.constant(call, 0f, scale.size());
            Backend.normalizations().normalizeColumns(from.block(), zeros.block(), scale.block(), zeros.block(), to.block());
        }

        /**
         * {@code (g - n * mean(g * n)) / root} with {@code g = upstream * scale} and {@code n = x / root}; to the scale the sum of
         * {@code upstream * n} over all rows.
         */
        @Override
        public Tensor gradient(OperationCall call, int number, Tensor upstream) {
            Tensor n = normalized(call);
            if (number == 1) {
                Backend.elements().zip(BinaryOp.MULTIPLY, n.block(), upstream.block(), n.block());
                return Affine.columnSums(call, number, n);
            }
            Tensor g = call.allocate(n.shape());
            timesScale(call, upstream, g);
            Tensor means = UnitNormalization.sumsOfProducts(call, g, n);
            for (int i = means.offset(); i < means.offset() + means.size(); i++) {
                means.data()[i] /= n.dim(-1);
            }
            Backend.elements().zipRows(BinaryOp.MULTIPLY, n.block(), means.block(), n.block());
            Backend.elements().zip(BinaryOp.SUBTRACT, g.block(), n.block(), g.block());
            Backend.elements().zipRows(BinaryOp.MULTIPLY, g.block(), call.saved().block(), g.block());
            return g;
        }

        @Override
        public Tensor composition(OperationCall call) {
            Tensor x = call.input(0);
            return x.divide(x.square().mean(-1).add(epsilon).sqrt().expandDims(-1)).multiply(call.input(1));
        }
    }
}

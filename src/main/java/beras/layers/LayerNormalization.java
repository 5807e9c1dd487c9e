package beras.layers;

import beras.autograd.Call;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.tensor.Tensor;

/**
 * Normalizes the features of each example, the last axis, to mean 0 and standard deviation 1, then scales and shifts each by
 * trainable weights: Ba, Kiros and Hinton (2016). The same in training and outside; the variance is that of the population.
 */
public final class LayerNormalization extends ScaledNormalization<LayerNormalization> {

    @Override
    protected Tensor compute(Call call) {
        features(call.input(0).shape());
        return apply(new Rows(epsilon(), gamma() != null, beta() != null), call.input(0));
    }

    /** Each row, of any number of features. */
    record Rows(float epsilon, boolean scale, boolean center) implements Scaled {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            int features = x.dim(-1);
            Tensor factors = factors(call, features);
            Tensor shifts = shifts(call, features);
            Tensor y = call.allocate(x.shape());
            Tensor statistics = call.allocate(x.size() / features, 2);
            Backend.normalizations().normalizeRows(x.block(), factors.block(), shifts.block(), epsilon, y.block(), statistics.block());
            call.save(statistics);
            return y;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            Tensor x = call.input(0).contiguous();
            Tensor gradient = call.allocate(call.input(i).shape());
            if (i == 0) {
                Backend.normalizations().normalizeRowsGradient(x.block(), call.saved().block(), factors(call, x.dim(-1)).block(),
                        upstream.block(), gradient.block());
            } else if (i == gamma(call)) {
                Backend.normalizations().normalizeRowsScaleGradient(x.block(), call.saved().block(), upstream.block(), gradient.block());
            } else {
                Backend.sums().reduceColumns(BinaryOp.ADD, upstream.block(), gradient.block());
            }
            return gradient;
        }

        @Override
        public Tensor composition(OperationCall call) {
            return scaled(call, standardized(call.input(0), epsilon, -1));
        }
    }
}

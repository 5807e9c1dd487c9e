package beras.layers;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * Makes the features of each example, the last axis, have mean 0 and deviation 1, then scales and shifts each by weights of its
 * own: Ba, Kiros and Hinton (2016). The same in training and outside; the variance is that of the population.
 */
public final class LayerNormalization extends ScaledNormalization<LayerNormalization> {

    @Override
    LayerNormalization self() {
        return this;
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0).contiguous();
        int features = features(x.shape());
        Tensor factors = factors(call, features);
        Tensor shifts = shifts(call, features);
        Tensor y = call.allocate(x.shape());
        Tensor statistics = call.allocate(x.size() / features, 2);
        Backend.normalizations().normalizeRows(x.block(), factors.block(), shifts.block(), epsilon(), y.block(),
                statistics.block());
        call.save(statistics);
        return y;
    }

    @Override
    protected Tensor define(Call call) {
        return scaled(standardized(call.input(0), -1));
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor x = call.input(0).contiguous();
        Tensor u = upstream.contiguous();
        Tensor statistics = call.saved();
        Tensor factors = factors(call, x.dim(-1));
        Tensor dx = call.allocate(x.shape());
        Backend.normalizations().normalizeRowsGradient(x.block(), statistics.block(), factors.block(), u.block(), dx.block());
        return List.of(dx);
    }

    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        Tensor x = call.input(0).contiguous();
        Tensor u = upstream.contiguous();
        Tensor statistics = call.saved();
        Tensor ofGamma = call.allocate(Shape.of(x.dim(-1)));
        Backend.normalizations().normalizeRowsScaleGradient(x.block(), statistics.block(), u.block(), ofGamma.block());
        Tensor ofBeta = call.allocate(Shape.of(x.dim(-1)));
        Backend.sums().columnSums(u.block(), ofBeta.block());
        return inOrder(ofGamma, ofBeta);
    }
}

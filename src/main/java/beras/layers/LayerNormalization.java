package beras.layers;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.kernels.Kernels;
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
        int rows = x.size() / features;
        Tensor factors = factors(call, features);
        Tensor shifts = shifts(call, features);
        Tensor y = call.allocate(x.shape());
        Tensor statistics = call.allocate(rows, 2);
        Backend.kernels().normalizeRows(x.data(), x.offset(), factors.data(), factors.offset(), shifts.data(), shifts.offset(),
                epsilon(), rows, features, y.data(), y.offset(), statistics.data(), statistics.offset());
        call.save(statistics);
        return y;
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor x = call.input(0).contiguous();
        Tensor u = upstream.contiguous();
        Tensor statistics = call.saved();
        int features = x.dim(-1);
        Tensor factors = factors(call, features);
        Tensor dx = call.allocate(x.shape());
        Backend.kernels().normalizeRowsGradient(x.data(), x.offset(), statistics.data(), statistics.offset(), factors.data(),
                factors.offset(), u.data(), u.offset(), x.size() / features, features, dx.data(), dx.offset());
        return List.of(dx);
    }

    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        Tensor x = call.input(0).contiguous();
        Tensor u = upstream.contiguous();
        Tensor statistics = call.saved();
        int features = x.dim(-1);
        int rows = x.size() / features;
        Kernels kernels = Backend.kernels();
        Tensor ofGamma = call.allocate(Shape.of(features));
        kernels.normalizeRowsScaleGradient(x.data(), x.offset(), statistics.data(), statistics.offset(), u.data(), u.offset(),
                rows, features, ofGamma.data(), ofGamma.offset());
        Tensor ofBeta = call.allocate(Shape.of(features));
        kernels.columnSums(u.data(), u.offset(), rows, features, ofBeta.data(), ofBeta.offset());
        return inOrder(ofGamma, ofBeta);
    }
}

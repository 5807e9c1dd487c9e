package beras.layers.activations;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The logarithm of softmax over the last axis: {@code y = (x - max(x)) - log(sum(exp(x - max(x))))}, for inputs of any rank
 * from 1. Nothing overflows; a masked class, {@code x} minus infinity, stays minus infinity.
 */
public final class LogSoftmax extends Layer {

    @Override
    public Shape outputShape(Shape input) {
        Softmax.requireAxis("LogSoftmax", input);
        return input;
    }

    /** At most 0; of one unit always 0. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        double min = Softmax.isOfOneUnit(builtFor()) ? 0 : Double.NEGATIVE_INFINITY;
        return new OutputRange(min, 0, false, Optional.of(this));
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0).contiguous();
        Softmax.requireAxis("LogSoftmax", x.shape());
        Tensor y = call.allocate(x.shape());
        Backend.softmaxes().logSoftmax(x.block(), y.block());
        return y;
    }

    @Override
    protected Tensor define(Call call) {
        return call.input(0).logSoftmax(-1);
    }

    /** {@code upstream - exp(y) * sum(upstream)}. */
    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor y = call.output().contiguous();
        Tensor u = upstream.contiguous();
        Tensor out = call.allocate(y.shape());
        Backend.softmaxes().logSoftmaxGradient(y.block(), u.block(), out.block());
        return List.of(out);
    }
}

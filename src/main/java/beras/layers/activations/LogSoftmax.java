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
 * from 1. Nothing overflows; a masked class, {@code x} minus infinity, stays minus infinity. Local Jacobians exist for rank 2.
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

    /** The Jacobians {@code (batch, n, n)}: {@code 1 - exp(y_i)} on the diagonal, {@code -exp(y_i)} off it. */
    @Override
    protected List<Tensor> inputGradients(Call call) {
        Tensor y = call.output();
        if (y.rank() != 2) {
            throw new UnsupportedOperationException("LogSoftmax has local Jacobians only for inputs (batch, n). Received shape: "
                    + y.shape() + ". Use composeInputGradients");
        }
        int n = y.dim(1);
        Tensor probabilities = y.exp().reshape(y.dim(0), n, 1).broadcastTo(Shape.of(y.dim(0), n, n));
        Tensor identity = Tensor.generate(i -> i / n == i % n ? 1 : 0, 1, n, n);
        return List.of(identity.subtract(probabilities));
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

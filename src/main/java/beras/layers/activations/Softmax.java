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
 * Softmax over the last axis: {@code y = exp(x - max(x)) / sum(exp(x - max(x)))}, for inputs of any rank from 1.
 *
 * <p>A cross-entropy loss called on the output under the same tape is computed from this layer's input (the logits), which
 * is more exact and cannot overflow.
 */
public final class Softmax extends Layer {

    @Override
    public Shape outputShape(Shape input) {
        requireAxis("Softmax", input);
        return input;
    }

    /** From 0 to 1, and 1 together; of one unit always 1. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return new OutputRange(isOfOneUnit(builtFor()) ? 1 : 0, 1, false, Optional.of(this));
    }

    static boolean isOfOneUnit(List<Shape> inputs) {
        return inputs != null && inputs.get(0).rank() > 0 && inputs.get(0).dim(-1) == 1;
    }

    static void requireAxis(String who, Shape shape) {
        if (shape.rank() == 0) {
            throw new IllegalArgumentException(who + " needs at least one axis. Received shape: " + shape);
        }
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0).contiguous();
        requireAxis("Softmax", x.shape());
        int cols = x.dim(-1);
        Tensor y = call.allocate(x.shape());
        Tensor logSumExp = call.allocate(cols == 0 ? 0 : x.size() / cols, 1);
        Backend.softmaxes().softmax(x.block(), y.block(), logSumExp.block());
        call.save(logSumExp);
        return y;
    }

    @Override
    protected Tensor define(Call call) {
        return call.input(0).softmax(-1);
    }

    /** The Jacobians {@code (batch, n, n)} for inputs of rank 2: {@code y_i (1 - y_i)} on the diagonal, {@code -y_i y_j} off it. */
    @Override
    protected List<Tensor> inputGradients(Call call) {
        Tensor y = call.output();
        if (y.rank() != 2) {
            return super.inputGradients(call);
        }
        int n = y.dim(1);
        Tensor out = Tensor.zeros(y.dim(0), n, n);
        for (int s = 0, at = 0; s < y.dim(0); s++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++, at++) {
                    out.data()[at] = y.get(s, i) * ((i == j ? 1f : 0f) - y.get(s, j));
                }
            }
        }
        return List.of(out);
    }

    /** {@code y * (upstream - sum(upstream * y))}. */
    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor y = call.output().contiguous();
        Tensor u = upstream.contiguous();
        Tensor out = call.allocate(y.shape());
        Backend.softmaxes().softmaxGradient(y.block(), u.block(), out.block());
        return List.of(out);
    }
}

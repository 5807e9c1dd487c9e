package beras.layers.activations;

import beras.autograd.Call;
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

    /** That of the input, if it works on each step by itself. */
    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        return inputs[0].mask();
    }

    @Override
    protected Tensor compute(Call call) {
        Softmax.requireAxis("LogSoftmax", call.input(0).shape());
        return Softmax.Rows.LOG_SOFTMAX.apply(call.input(0));
    }
}

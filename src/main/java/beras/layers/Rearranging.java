package beras.layers;

import beras.autograd.Call;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/** A layer of one input without weights, whose outputs are numbers of its input, or between them. */
abstract class Rearranging extends Layer {

    /** That of the input. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected final Tensor compute(Call call) {
        Tensor x = call.input(0);
        if (x.rank() == 0) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs a batch axis. Received shape: "
                    + x.shape());
        }
        return rearranged(x, outputShape(x.shape().rest()));
    }

    /**
     * The output for a batch.
     *
     * @param output the shape of one example of the result
     */
    Tensor rearranged(Tensor x, Shape output) {
        return x.reshape(output.prepend(x.dim(0)).toArray());
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.tensor.Tensor;
import java.util.List;

/** A layer without weights that gives the elements of each example, in the same order, another shape. */
abstract class Reshaping extends Layer {

    /** That of the input. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected final Tensor compute(Call call) {
        Tensor x = call.input(0);
        if (x.rank() == 0) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs a batch axis. Received shape: "
                    + x.shape());
        }
        return x.reshape(outputShape(x.shape().rest()).prepend(x.dim(0)).toArray());
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.tensor.Tensor;

/**
 * Averages sequences {@code (batch, steps, channels)} over their steps: {@code (batch, channels)}; over the unmasked ones if
 * there is a {@linkplain Tensor#mask() mask}, 0 if there are none.
 */
public final class GlobalAveragePooling1D extends Pooling<GlobalAveragePooling1D> {

    public GlobalAveragePooling1D() {
        super(false, 1);
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        if (x.mask().isEmpty()) {
            return super.compute(call);
        }
        Tensor counts = x.mask().get().notEqual(0);
        Tensor sums = Tensor.where(counts.expandDims(2), x, Tensor.scalar(0)).sum(1);
        return sums.divide(counts.sum(1).maximum(1).expandDims(1)).reshape(outputShape(example(x)).prepend(x.dim(0)).toArray());
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.regularizers.Regularizer;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/** A regularizer's penalty on what a layer gives for a batch, divided by the number of examples, as Keras has it. */
final class ActivityPenalty extends Diffable {

    private final float factor;

    private ActivityPenalty(int examples) {
        factor = 1f / Math.max(1, examples);
    }

    /** The penalty on {@code (batch, ...)}, recorded by an open tape. */
    static Tensor of(Regularizer regularizer, Tensor batch) {
        return new ActivityPenalty(batch.dim(0)).call(regularizer.call(batch));
    }

    @Override
    protected Tensor compute(Call call) {
        return times(call, call.input(0));
    }

    @Override
    protected Tensor define(Call call) {
        return call.input(0).multiply(factor);
    }

    private Tensor times(Call call, Tensor number) {
        Tensor out = call.allocate(Shape.of());
        out.data()[out.offset()] = number.item() * factor;
        return out;
    }

    @Override
    protected List<Tensor> inputGradients(Call call) {
        return List.of(Tensor.scalar(factor));
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return List.of(times(call, upstream));
    }

    @Override
    protected boolean worksByElement() {
        return true;
    }
}

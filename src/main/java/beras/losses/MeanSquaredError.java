package beras.losses;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.tensor.Tensor;

/**
 * The mean of {@code (prediction - truth)^2} over the last axis, then over the batch. The gradient to the predictions is
 * {@code 2 (prediction - truth) / (batch n)}.
 */
public final class MeanSquaredError extends Loss {

    @Override
    protected void perExample(Call call, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = call.input(1).contiguous();
        Backend.kernels().squaredErrors(p.data(), p.offset(), t.data(), t.offset(), examples(call), p.dim(-1), out.data(),
                out.offset());
    }

    @Override
    protected void gradient(Call call, float scale, Tensor out) {
        Tensor p = call.input(0).contiguous();
        Tensor t = call.input(1).contiguous();
        Backend.kernels().scaledDifference(p.data(), p.offset(), t.data(), t.offset(), 2f * scale / p.dim(-1), out.data(),
                out.offset(), p.size());
    }
}

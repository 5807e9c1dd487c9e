package beras.losses;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.Kernels;
import beras.tensor.Tensor;

/** Moves a truth some way towards indifference: {@code truth * (1 - amount) + amount * share}. */
final class LabelSmoothing {

    private double amount;

    /** The setting of a loss. */
    void setting(Settings s) {
        amount = Arguments.share("labelSmoothing", s.number("labelSmoothing", amount));
    }

    /**
     * The truth itself if the amount is 0.
     *
     * @param truth contiguous
     * @param share what an indifferent truth is throughout
     */
    Tensor apply(Call call, Tensor truth, double share) {
        if (amount == 0) {
            return truth;
        }
        Tensor out = call.allocate(truth.shape());
        Kernels kernels = Backend.kernels();
        int n = truth.size();
        kernels.zip(BinaryOp.MULTIPLY, truth.data(), truth.offset(), 1, new float[] {(float) (1 - amount)}, 0, 0, out.data(),
                out.offset(), n);
        kernels.zip(BinaryOp.ADD, out.data(), out.offset(), 1, new float[] {(float) (amount * share)}, 0, 0, out.data(),
                out.offset(), n);
        return out;
    }
}

package beras.losses;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.Kernels;
import beras.tensor.Tensor;

/** Moves a truth some way towards indifference: {@code truth * (1 - amount) + amount * share}. */
final class LabelSmoothing {

    private final double amount;

    /**
     * @throws IllegalArgumentException if the amount is not from 0 to 1
     */
    LabelSmoothing(double amount) {
        if (!(amount >= 0 && amount <= 1)) {
            throw new IllegalArgumentException("labelSmoothing must be from 0 to 1. Received: " + amount);
        }
        this.amount = amount;
    }

    double amount() {
        return amount;
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

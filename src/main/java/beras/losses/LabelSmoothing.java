package beras.losses;

import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.tensor.Tensor;

/** Moves a target some way towards indifference: {@code target * (1 - amount) + amount * share}. */
final class LabelSmoothing {

    private double amount;

    /** The setting of a loss. */
    void setting(Settings s) {
        amount = Arguments.share("labelSmoothing", s.number("labelSmoothing", amount));
    }

    /**
     * The target itself if the amount is 0.
     *
     * @param target contiguous
     * @param share what an indifferent target is throughout
     */
    Tensor apply(OperationCall call, Tensor target, double share) {
        if (amount == 0) {
            return target;
        }
        Tensor out = call.allocate(target.shape());
        MatrixView smooth = out.block();
        Backend.elements().zip(BinaryOp.MULTIPLY, target.block(), number(1 - amount), smooth);
        Backend.elements().zip(BinaryOp.ADD, smooth, number(amount * share), smooth);
        return out;
    }

    private static MatrixView number(double value) {
        return new MatrixView(new float[] {(float) value});
    }
}

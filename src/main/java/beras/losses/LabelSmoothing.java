package beras.losses;

import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.tensor.Tensor;

/** Mixes a target with a uniform one: {@code target * (1 - labelSmoothing) + labelSmoothing * share}. */
final class LabelSmoothing {

    private double smoothing;

    /** The setting of a loss. */
    void setting(Settings s) {
        smoothing = Arguments.share("labelSmoothing", s.number("labelSmoothing", smoothing));
    }

    /**
     * Gives the target itself if {@code labelSmoothing} is 0.
     *
     * @param target contiguous
     * @param share each element of the uniform target
     */
    Tensor apply(OperationCall call, Tensor target, double share) {
        if (smoothing == 0) {
            return target;
        }
        Tensor out = call.allocate(target.shape());
        MatrixView smooth = out.block();
        Backend.elements().zip(BinaryOp.MULTIPLY, target.block(), number(1 - smoothing), smooth);
        Backend.elements().zip(BinaryOp.ADD, smooth, number(smoothing * share), smooth);
        return out;
    }

    /** As {@link #apply(OperationCall, Tensor, double)}, by operations of tensors. */
    Tensor apply(Tensor target, double share) {
        return smoothing == 0 ? target : target.multiply(1 - smoothing).add(smoothing * share);
    }

    private static MatrixView number(double value) {
        return new MatrixView(new float[] {(float) value});
    }
}

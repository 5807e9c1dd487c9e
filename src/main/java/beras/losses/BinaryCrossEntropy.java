package beras.losses;

import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.LossOp;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.layers.activations.Sigmoid;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Optional;

/**
 * {@code -target * log(prediction) - (1 - target) * log(1 - prediction)}, mean over the last axis, then over the batch: for
 * outputs that are binary each by itself. The target is 0 or 1, or a probability; with {@code labelSmoothing} it becomes
 * {@code target * (1 - labelSmoothing) + labelSmoothing / 2}.
 *
 * <p>Predictions are probabilities, clipped to {@code [1e-7, 1 - 1e-7]}; the gradient is 0 where the clip acts. If they come
 * straight from a {@link Sigmoid} layer recorded on the same tape, or are declared to be
 * logits, loss and gradient are computed from the logits, where nothing is clipped and nothing overflows.
 */
public final class BinaryCrossEntropy extends FusedLoss {

    private final LabelSmoothing smoothing = new LabelSmoothing();
    private boolean fromLogits;

    /** Whether predictions are logits, before a sigmoid, rather than probabilities; default false. */
    public BinaryCrossEntropy fromLogits(boolean newFromLogits) {
        Settings.set(this, "fromLogits", newFromLogits);
        return this;
    }

    @Override
    public void settings(Settings s) {
        fromLogits = s.flag("fromLogits", fromLogits);
        smoothing.setting(s);
    }

    @Override
    public Optional<Layer> activation() {
        return fromLogits ? Optional.of(new Sigmoid()) : Optional.empty();
    }

    /** Probabilities, or else logits. */
    @Override
    public void requireOutputs(Shape output, OutputRange outputs) {
        OutputChecks.require(this, outputs, fromLogits, "sigmoid");
    }

    @Override
    Tensor target(OperationCall call) {
        return smoothing.apply(call, call.input(1).contiguous(), 0.5);
    }

    private LossOp op() {
        return fromLogits ? LossOp.BINARY_CROSS_ENTROPY_OF_LOGIT : LossOp.BINARY_CROSS_ENTROPY;
    }

    @Override
    protected void perExample(OperationCall call, Tensor out) {
        Tensor t = target(call);
        Tensor p = call.input(0).contiguous();
        LossOp op = op();
        if (!fromLogits && call.fuses(Sigmoid.class)) {
            p = call.fused().input(0).contiguous();
            op = LossOp.BINARY_CROSS_ENTROPY_OF_LOGIT;
        }
        Backend.rowLosses().losses(op, 0f, p.block(), t.block(), p.dim(-1), out.block());
    }

    @Override
    protected void gradient(OperationCall call, float scale, Tensor out) {
        Tensor t = target(call);
        Tensor p = call.input(0).contiguous();
        float share = scale / p.dim(-1);
        if (call.isFused()) { // the gradient to the logits, p - t: half that of the squared error of their sigmoids
            Backend.rowLosses().lossGradient(LossOp.SQUARED, 0f, p.block(), t.block(), 0.5f * share, out.block());
        } else {
            Backend.rowLosses().lossGradient(op(), 0f, p.block(), t.block(), share, out.block());
        }
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        Targets.requireProbabilities(this, target, from, to);
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        if (fromLogits) {
            return predictions.softplus().subtract(target.multiply(predictions));
        }
        Tensor p = predictions.clip(EPSILON, 1 - EPSILON);
        Tensor no = Tensor.scalar(1).subtract(p);
        return target.multiply(p.log()).add(Tensor.scalar(1).subtract(target).multiply(no.log())).negate();
    }
}

package beras.losses;

import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.LossOp;
import beras.kernels.MatrixView;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Losses that are functions of each prediction and its target, by the names that configs have. */
final class Pointwise extends ElementwiseLoss {

    private static final MatrixView ONE = new MatrixView(new float[] {1f});

    private enum Function {
        /** The mean of {@code |prediction - target|} over the last axis, then over the batch. The gradient is 0 where both are equal. */
        MeanAbsoluteError(LossOp.ABSOLUTE),
        /**
         * Half the squared error up to an error of {@code delta}, and linear beyond: {@code delta (|error| - delta / 2)}; mean over the
         * last axis, then over the batch.
         */
        Huber(LossOp.HUBER),
        /**
         * {@code q (target - prediction)} where the prediction is too low, {@code (1 - q) (prediction - target)} where it is too high;
         * mean over the last axis, then over the batch. A network that minimizes it predicts the q-quantile, with a share q of
         * the truths below it; by default the median. Also known as the pinball loss (Koenker and Bassett, Regression
         * Quantiles, 1978).
         */
        Quantile(LossOp.QUANTILE),
        /**
         * The mean of {@code 100 |prediction - target| / max(|target|, 1e-7)} over the last axis, then over the batch: an error in
         * percent of the target.
         */
        MeanAbsolutePercentageError(LossOp.PERCENTAGE),
        /**
         * The mean of {@code (log(1 + prediction) - log(1 + target))^2} over the last axis, then over the batch, for
         * predictions and target of at least 0; numbers below 1e-7 count as 1e-7.
         */
        MeanSquaredLogarithmicError(LossOp.SQUARED_LOG),
        /**
         * The mean of {@code log(cosh(prediction - target))} over the last axis, then over the batch: half the square of a small error,
         * and a large error minus log 2.
         */
        LogCosh(LossOp.LOG_COSH),
        /**
         * The mean of {@code prediction - target * log(prediction + 1e-7)} over the last axis, then over the batch: for counts,
         * predicted by numbers above 0.
         */
        Poisson(LossOp.POISSON),
        /**
         * The Kullback-Leibler divergence {@code sum(target * log(target / prediction))} over the last axis, mean over the batch. Both
         * are distributions, clipped to {@code [1e-7, 1]} and not normalised; the gradient is 0 where the clip of a prediction acts.
         */
        KLDivergence(LossOp.KL_DIVERGENCE),
        /**
         * The mean of {@code max(1 - target * prediction, 0)} over the last axis, then over the batch. The target is -1 or 1; if all of a
         * batch is 0 or 1, a 0 stands for -1.
         */
        Hinge(LossOp.HINGE),
        /**
         * The mean of {@code max(1 - target * prediction, 0)^2} over the last axis, then over the batch, with the target as in
         * {@code Hinge}.
         */
        SquaredHinge(LossOp.SQUARED_HINGE);

        private final LossOp op;

        Function(LossOp op) {
            this.op = op;
        }
    }

    private final Function function;
    private float delta = 1f;
    private float q = 0.5f;

    /** @param type one of the table */
    Pointwise(String type) {
        this(Function.valueOf(type));
    }

    private Pointwise(Function function) {
        super(function.op, function == Function.KLDivergence);
        this.function = function;
    }

    @Override
    public String typeName() {
        return function.name();
    }

    @Override
    public void settings(Settings s) {
        if (function == Function.Huber) {
            delta = Arguments.positive("delta of Huber", s.real("delta", delta));
        } else if (function == Function.Quantile) {
            q = Arguments.factor("q of Quantile", Arguments.positive("q of Quantile", s.real("q", q)));
        }
    }

    @Override
    float alpha() {
        return function == Function.Huber ? delta : function == Function.Quantile ? q : 0f;
    }

    @Override
    Tensor elementwise(Tensor prediction, Tensor target) {
        Tensor error = prediction.subtract(target);
        return switch (function) {
            case MeanAbsoluteError -> error.abs();
            case Huber -> Tensor.where(error.abs().lessEqual(delta), error.square().multiply(0.5),
                    error.abs().subtract(0.5 * delta).multiply(delta));
            case Quantile -> error.multiply(1 - q).maximum(error.multiply(-q));
            case MeanAbsolutePercentageError -> error.abs().divide(target.abs().maximum(EPSILON)).multiply(100);
            case MeanSquaredLogarithmicError ->
                prediction.maximum(EPSILON).add(1).log().subtract(target.maximum(EPSILON).add(1).log()).square();
            case LogCosh -> error.add(error.multiply(-2).softplus()).subtract(StrictMath.log(2));
            case Poisson -> prediction.subtract(target.multiply(prediction.add(EPSILON).log()));
            case KLDivergence -> target.clip(EPSILON, 1).multiply(target.clip(EPSILON, 1).divide(prediction.clip(EPSILON, 1)).log());
            case Hinge -> margin(prediction, target);
            case SquaredHinge -> margin(prediction, target).square();
        };
    }

    private static Tensor margin(Tensor prediction, Tensor target) {
        return target.multiply(prediction).negate().add(1).relu();
    }

    /** That of hinges, if it consists of 0 and 1, as -1 and 1. */
    @Override
    Tensor target(OperationCall call) {
        Tensor t = super.target(call);
        boolean binary = isOfScores();
        for (int i = 0; binary && i < t.size(); i++) {
            float value = t.data()[t.offset() + i];
            binary = value == 0f || value == 1f;
        }
        if (!binary) {
            return t;
        }
        Tensor out = call.allocate(t.shape());
        Backend.elements().zip(BinaryOp.ADD, t.block(), t.block(), out.block());
        Backend.elements().zip(BinaryOp.SUBTRACT, out.block(), ONE, out.block());
        return out;
    }

    @Override
    public boolean isOfScores() {
        return function == Function.Hinge || function == Function.SquaredHinge;
    }

    /** Numbers of at least 0 where there is a logarithm; a distribution, for of sigmoids all would learn to be 1. */
    @Override
    public void requireOutputs(Shape output, OutputRange outputs) {
        if (function == Function.Poisson) {
            OutputChecks.requireNotNegative(this, outputs, "End in exponential or softplus");
        } else if (function == Function.KLDivergence) {
            OutputChecks.requireClasses(this, output);
            OutputChecks.requireProbabilities(this, outputs, "End in a softmax");
            OutputChecks.requireShared(this, outputs);
        }
    }

    @Override
    protected void requireTarget(float[] target, int from, int to) {
        switch (function) {
            case MeanSquaredLogarithmicError, Poisson -> Targets.requireNotNegative(this, target, from, to);
            case KLDivergence -> Targets.requireDistribution(this, target, from, to);
            case Hinge, SquaredHinge -> Targets.requireSigns(this, target, from, to);
            default -> {}
        }
    }
}

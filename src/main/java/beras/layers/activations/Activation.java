package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;
import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/**
 * An activation of a table, made by its name: {@code Layers.activation("gelu")}, {@code Layers.activation("elu(0.5)")}. It
 * stays a separate layer behind Dense unless its derivative follows from its output.
 */
public final class Activation extends Elementwise {

    /**
     * The table, by the names in configs: the operation, and the default of its setting. Without an operation of the kernels,
     * {@link #formula} does.
     */
    enum Function {
        /**
         * {@code y = x > 0 ? x : alpha * (exp(x) - 1)}, for any shape: Clevert et al. (2016). The derivative at 0 is that from the
         * left, {@code alpha}.
         */
        ELU(UnaryOp.ELU, 1f),
        /**
         * {@code y = scale * (x > 0 ? x : alpha * (exp(x) - 1))} with {@code scale = 1.0507} and {@code alpha = 1.6733}, for any
         * shape: Klambauer et al. (2017), who chose the constants so that many layers, with LeCun normal weights, keep mean 0 and
         * variance 1. The derivative at 0 is that from the left, {@code scale * alpha}.
         */
        SELU(UnaryOp.SELU, 0f),
        /**
         * {@code y = x * Phi(x)}, where {@code Phi} is the distribution of the standard normal, for any shape: Hendrycks and Gimpel
         * (2016). The approximate form is {@code y = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))}, within 0.0005 of it.
         * At minus infinity both are 0.
         */
        GELU(UnaryOp.GELU, 0f),
        /** {@code y = x * sigmoid(x)}, also called swish, for any shape; 0 at minus infinity, where Keras and PyTorch give NaN. */
        SiLU(UnaryOp.SILU, 0f),
        /**
         * {@code y = log(1 + exp(x))}, above 0 and near to {@code max(x, 0)} far out, for any shape. It never overflows, and keeps
         * its relative precision in the left tail.
         */
        Softplus(UnaryOp.SOFTPLUS, 0f),
        /** {@code y = x / (1 + |x|)}, from -1 to 1, for any shape; 1 and -1 at the infinities, where Keras and PyTorch give NaN. */
        Softsign(UnaryOp.SOFTSIGN, 0f),
        /**
         * {@code y = x / 6 + 1 / 2}, but at least 0 and at most 1, for any shape: a cheap sigmoid. (Keras 2 had slope 0.2.) The
         * derivative is 0 where {@code y} is 0 or 1, also at -3 and 3.
         */
        HardSigmoid(UnaryOp.HARD_SIGMOID, 0f),
        /** {@code y = exp(x)}, for any shape; infinity above 88.72. */
        Exponential(UnaryOp.EXP, 0f),
        /** {@code y = x * tanh(log(1 + exp(x)))}, for any shape: Misra (2019). */
        Mish(UnaryOp.MISH, 0f),
        /** {@code y = x}, for any shape: no activation, by a name. */
        Linear(UnaryOp.LINEAR, 0f),
        /**
         * {@code y = x > 0 ? x : alpha * (exp(x / alpha) - 1)}, for any shape: Barron (2017), an ELU whose derivative is 1 at 0
         * whatever alpha is.
         */
        CELU(UnaryOp.CELU, 1f),
        /** {@code y = |x| > threshold ? x : 0}, for any shape. The derivative is 0 at the threshold. */
        HardShrink(null, 0.5f),
        /**
         * {@code y = x * hard_sigmoid(x)}, also called hard swish, for any shape: Howard et al. (2019). Keras's derivative at
         * -3 is -1/2 and at 3 is 3/2; here it is the derivative beyond these points, 0 and 1. At minus infinity {@code y} is 0,
         * where Keras has NaN.
         */
        HardSiLU(UnaryOp.HARD_SILU, 0f),
        /**
         * {@code y = x}, but at least {@code minValue} and at most {@code maxValue}, for any shape: with the default, from -1 to 1, a
         * cheap tanh. The derivative is 0 at both.
         */
        HardTanh(null, -1f),
        /** {@code y = log(1 / (1 + exp(-x)))}, for any shape, without overflow for any {@code x}. */
        LogSigmoid(UnaryOp.LOG_SIGMOID, 0f),
        /**
         * {@code y = x - threshold} above the threshold, {@code x + threshold} below minus the threshold, and 0 between, for any
         * shape. The derivative is 0 at the threshold.
         */
        SoftShrink(null, 0.5f),
        /** {@code y = 0} up to -1, {@code (x + 1)^2 / 4} up to 1, and {@code x} above, for any shape: a softplus that is 0 in the left. */
        SparsePlus(null, 0f),
        /**
         * {@code y = (x + 1) / 2}, but at least 0 and at most 1, for any shape: the derivative of sparse plus. Its own derivative is
         * 0 at -1 and 1.
         */
        SparseSigmoid(null, 0f),
        /** {@code y = (x + sqrt(x^2 + b)) / 2}, for any shape: Barron (2021). */
        SquarePlus(UnaryOp.SQUARE_PLUS, 4f),
        /** {@code y = x - tanh(x)}, for any shape. */
        TanhShrink(UnaryOp.TANH_SHRINK, 0f);

        private final UnaryOp op;
        private final float fallback;

        Function(UnaryOp op, float fallback) {
            this.op = op;
            this.fallback = fallback;
        }
    }

    private final Function function;
    private float setting; // the only one, or the first
    private float maxValue = 1f;
    private boolean approximate;

    /** @param type one of the table */
    Activation(String type) {
        function = Function.valueOf(type);
        setting = function.fallback;
        function(function.op, setting);
    }

    @Override
    public String typeName() {
        return function.name();
    }

    @Override
    public void settings(Settings s) {
        switch (function) {
            case GELU -> approximate = s.flag("approximate", approximate);
            case CELU -> setting = Arguments.positive("alpha of CELU", s.real("alpha", setting));
            case ELU -> setting = Arguments.notNegative("alpha of ELU", s.real("alpha", setting));
            case SquarePlus -> setting = Arguments.positive("b of SquarePlus", s.real("b", setting));
            case HardShrink, SoftShrink ->
                setting = Arguments.notNegative("threshold of " + function, s.real("threshold", setting));
            case HardTanh -> bounds(s.real("minValue", setting), s.real("maxValue", maxValue));
            default -> {}
        }
        function(approximate ? UnaryOp.GELU_TANH : function.op, setting);
    }

    private void bounds(float min, float max) {
        if (!(Float.isFinite(min) && Float.isFinite(max) && min < max)) {
            throw new IllegalArgumentException("HardTanh needs finite numbers with minValue below maxValue. Received: " + min
                    + " and " + max);
        }
        setting = min;
        maxValue = max;
    }

    @Override
    protected Tensor formula(Tensor x) {
        return switch (function) {
            case HardShrink -> Tensor.where(x.abs().lessEqual(setting), Tensor.scalar(0), x);
            case HardTanh -> clipped(x, setting, maxValue);
            case SoftShrink -> x.subtract(x.clip(-setting, setting));
            case SparsePlus -> Tensor.where(x.less(1), x.clip(-1, 1).add(1).square().divide(4), x);
            case SparseSigmoid -> clipped(x, -1, 1).add(1).divide(2);
            default -> super.formula(x);
        };
    }

    /** Clips to these two bounds, at which the derivative is 0. */
    private static Tensor clipped(Tensor x, double min, double max) {
        return Tensor.where(x.greater(min).multiply(x.less(max)), x, x.clip(min, max).stopGradient());
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return switch (function) {
            case HardTanh -> inputs.get(0).clipped(setting, maxValue, this);
            case LogSigmoid -> OutputRange.elementwise(Double.NEGATIVE_INFINITY, 0, this);
            case SparsePlus, SquarePlus -> OutputRange.elementwise(0, Double.POSITIVE_INFINITY, this);
            case SparseSigmoid -> OutputRange.elementwise(0, 1, this);
            case HardShrink, SoftShrink -> OutputRange.elementwise(Double.NEGATIVE_INFINITY,
                    Double.POSITIVE_INFINITY, this);
            default -> super.outputRange(inputs);
        };
    }
}

package beras.layers.activations;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.layers.Elementwise;
import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/**
 * An activation of a table, made by its name: {@code Layers.activation("gelu")}, {@code Layers.activation("elu(0.5)")}. It stays a
 * layer of its own behind Dense unless its derivative follows from its output.
 */
public final class Activation extends Elementwise {

    /**
     * The table, by the names that configs have: what computes it, and the default of its setting. Without an operation of the
     * kernels, {@link #formula} does.
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
        CELU(null, 1f),
        /** {@code y = |x| > threshold ? x : 0}, for any shape. The derivative is 0 at the threshold. */
        HardShrink(null, 0.5f),
        /**
         * {@code y = x * hard_sigmoid(x)}, also called hard swish, for any shape: Howard et al. (2019). Keras's derivative at -3 is
         * -1/2 and at 3 is 3/2; here it is that of what lies beyond, 0 and 1. At minus infinity {@code y} is 0, where Keras has NaN.
         */
        HardSiLU(null, 0f),
        /**
         * {@code y = x}, but at least {@code minValue} and at most {@code maxValue}, for any shape: with the default, from -1 to 1, a
         * cheap tanh. The derivative is 0 at both.
         */
        HardTanh(null, -1f),
        /** {@code y = log(1 / (1 + exp(-x)))}, for any shape, without overflow for any {@code x}. */
        LogSigmoid(null, 0f),
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
        /**
         * {@code y = (x + sqrt(x^2 + b)) / 2}, for any shape: Barron (2021). It is computed as
         * {@code max(x, 0) + b / (2 (|x| + sqrt(x^2 + b)))}, in which nothing cancels.
         */
        SquarePlus(null, 4f),
        /** {@code y = x - tanh(x)}, for any shape. */
        TanhShrink(null, 0f);

        private final UnaryOp op;
        private final float fallback;

        Function(UnaryOp op, float fallback) {
            this.op = op;
            this.fallback = fallback;
        }
    }

    /** Where the first three terms of the series of tanh shrink are exact to a float, and the difference is not. */
    private static final double SERIES = 0.01;

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
            case CELU -> x.divide(setting).elu(1).multiply(setting);
            case HardShrink -> Tensor.where(x.abs().lessEqual(setting), Tensor.scalar(0), x);
            case HardSiLU -> x.maximum(-3).multiply(x.hardSigmoid());
            case HardTanh -> clipped(x, setting, maxValue);
            case LogSigmoid -> x.negate().softplus().negate();
            case SoftShrink -> x.subtract(x.clip(-setting, setting));
            case SparsePlus -> Tensor.where(x.less(1), x.clip(-1, 1).add(1).square().divide(4), x);
            case SparseSigmoid -> clipped(x, -1, 1).add(1).divide(2);
            case SquarePlus -> squarePlus(x);
            case TanhShrink -> x.subtract(x.tanh());
            default -> super.formula(x);
        };
    }

    /** Each number between these two, at which the derivative is 0; those beyond become {@code min} and {@code max}. */
    private static Tensor clipped(Tensor x, double min, double max) {
        return Tensor.where(x.greater(min).multiply(x.less(max)), x, x.clip(min, max).stopGradient());
    }

    private Tensor squarePlus(Tensor x) {
        Tensor left = Tensor.where(x.greater(0), x.negate(), x);
        Tensor ofLeft = Tensor.scalar(setting / 2).divide(left.square().add(setting).sqrt().subtract(left));
        return Tensor.where(x.greater(0), x, Tensor.scalar(0)).add(ofLeft);
    }

    // ----------------------------------------------------- where operations would round too often, number by number

    private boolean isExact() {
        return switch (function) {
            case CELU, HardSiLU, LogSigmoid, SquarePlus, TanhShrink -> true;
            default -> false;
        };
    }

    private float value(float x) {
        return switch (function) {
            case CELU -> x > 0f ? x : (float) (setting * StrictMath.expm1((double) x / setting));
            case HardSiLU -> x <= -3f ? 0f : x >= 3f ? x : x * (x + 3f) / 6f;
            case LogSigmoid -> (float) (Math.min(x, 0f) - StrictMath.log1p(StrictMath.exp(-Math.abs((double) x))));
            case SquarePlus -> (float) (Math.max(x, 0f) + setting / (2 * (Math.abs((double) x) + root(x))));
            case TanhShrink -> Math.abs((double) x) < SERIES ? tanhShrinkNearZero(x) : (float) (x - StrictMath.tanh(x));
            default -> throw new AssertionError(function);
        };
    }

    private float derivative(float x) {
        return switch (function) {
            case CELU -> x > 0f ? 1f : (float) StrictMath.exp((double) x / setting);
            case HardSiLU -> x <= -3f ? 0f : x >= 3f ? 1f : (x + 1.5f) / 3f;
            case LogSigmoid -> {
                double e = StrictMath.exp(-Math.abs((double) x));
                yield (float) ((x >= 0f ? e : 1) / (1 + e));
            }
            case SquarePlus -> {
                double left = setting / (2 * root(x) * (Math.abs((double) x) + root(x)));
                yield (float) (x >= 0f ? 1 - left : left);
            }
            case TanhShrink -> {
                double tanh = StrictMath.tanh(x);
                yield (float) (tanh * tanh);
            }
            default -> throw new AssertionError(function);
        };
    }

    private double root(double x) {
        return Math.sqrt(x * x + setting);
    }

    private static float tanhShrinkNearZero(double x) {
        double square = x * x;
        return (float) (x * square * (1 / 3.0 - square * (2 / 15.0 - square * (17 / 315.0))));
    }

    @Override
    protected Tensor compute(Call call) {
        return isExact() ? new Exact(this).apply(call.input(0)) : super.compute(call);
    }

    /** Number by number. */
    private record Exact(Activation activation) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor y = call.allocate(x.shape());
            for (int i = 0; i < x.size(); i++) {
                y.data()[y.offset() + i] = activation.value(x.data()[x.offset() + i]);
            }
            return y;
        }

        @Override
        public Tensor gradient(OperationCall call, int number, Tensor upstream) {
            Tensor x = call.input(0).contiguous();
            Tensor out = call.allocate(x.shape());
            for (int i = 0; i < x.size(); i++) {
                out.data()[out.offset() + i] = upstream.data()[upstream.offset() + i] * activation.derivative(x.data()[x.offset() + i]);
            }
            return out;
        }

        @Override
        public Tensor composition(OperationCall call) {
            return activation.formula(call.input(0));
        }

        @Override
        public boolean isElementwise() {
            return true;
        }
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return switch (function) {
            case HardTanh -> inputs.get(0).clipped(setting, maxValue, this);
            case LogSigmoid -> OutputRange.elementwise(Double.NEGATIVE_INFINITY, 0, this);
            case SparsePlus, SquarePlus -> OutputRange.elementwise(0, Double.POSITIVE_INFINITY, this);
            case SparseSigmoid -> OutputRange.elementwise(0, 1, this);
            case CELU, HardShrink, HardSiLU, SoftShrink, TanhShrink -> OutputRange.elementwise(Double.NEGATIVE_INFINITY,
                    Double.POSITIVE_INFINITY, this);
            default -> super.outputRange(inputs);
        };
    }
}

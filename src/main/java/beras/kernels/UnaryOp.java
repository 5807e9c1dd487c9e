package beras.kernels;

/**
 * An elementwise function of one number, with an optional parameter {@code alpha}.
 *
 * <p>Each constant has one function in {@link FloatMath} and may have one with SIMD; both give the same bits.
 */
public enum UnaryOp {
    /** {@code y = x}. */
    LINEAR(true),
    /** {@code y = max(x, 0)}. Not LEAKY_RELU with {@code alpha = 0}, which is NaN at minus infinity. */
    RELU(true),
    /** {@code y = x > 0 ? x : alpha * x}. */
    LEAKY_RELU(true),
    /** {@code y = 1 / (1 + exp(-x))}, without overflow for any {@code x}. */
    SIGMOID(true),
    /** Hyperbolic tangent. */
    TANH(true),
    /** Natural exponential. */
    EXP(true),
    /** Natural logarithm; NaN below 0, {@code -Infinity} at 0. */
    LOG(false),
    /** Square root, correctly rounded. */
    SQRT(true),
    /** {@code y = x > 0 ? x : alpha * (exp(x) - 1)}; {@code alpha} is at least 0. */
    ELU(false),
    /** ELU with {@code alpha} 1.6733, times 1.0507: the constants of Klambauer et al. (2017). */
    SELU(false),
    /** {@code y = x Phi(x)}, where {@code Phi} is the distribution of the standard normal. */
    GELU(false),
    /** {@code y = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, near to GELU. */
    GELU_TANH(false),
    /** {@code y = x / (1 + exp(-x))}; 0 at minus infinity. */
    SILU(false),
    /** {@code y = x tanh(log(1 + exp(x)))}; 0 at minus infinity. */
    MISH(false),
    /** {@code y = log(1 + exp(x))}, without overflow for any {@code x}. */
    SOFTPLUS(true),
    /** {@code y = x / (1 + |x|)}; 1 and -1 at the infinities. */
    SOFTSIGN(true),
    /** {@code y = x / 6 + 1 / 2}, but at least 0 and at most 1. */
    HARD_SIGMOID(true),
    /** {@code y = |x|}; its derivative at 0 is 0. */
    ABS(false),
    /** {@code y} = 1 above 0, -1 below 0, {@code x} itself if it is a zero or NaN; its derivative is 0 everywhere. */
    SIGN(true),
    /** {@code y = x * x}. */
    SQUARE(false),
    /** Sine of an angle in radians, within 0.51 ulp; NaN at the infinities. */
    SIN(false),
    /** Cosine of an angle in radians, within 0.51 ulp; NaN at the infinities. */
    COS(false),
    /** The error function, {@code y = 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to {@code x}. */
    ERF(false),
    /** The largest integer that is at most {@code x}; -0 stays -0. Its derivative is 0 everywhere. */
    FLOOR(true);

    private final boolean differentiableFromOutput;

    UnaryOp(boolean differentiableFromOutput) {
        this.differentiableFromOutput = differentiableFromOutput;
    }

    /** Whether the derivative follows from the output alone, so that the input need not be kept. */
    public boolean differentiableFromOutput() {
        return differentiableFromOutput;
    }
}

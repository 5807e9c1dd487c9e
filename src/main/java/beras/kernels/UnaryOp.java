package beras.kernels;

/**
 * An elementwise function of one number, with an optional parameter {@code alpha}.
 *
 * <p>Each constant has one loop in {@link ScalarKernels} and may have one in lanes; both give the same bits.
 */
public enum UnaryOp {
    /** {@code y = x}. */
    LINEAR,
    /** {@code y = max(x, 0)}. Not LEAKY_RELU with {@code alpha = 0}, which is NaN at minus infinity. */
    RELU,
    /** {@code y = x > 0 ? x : alpha * x}. */
    LEAKY_RELU,
    /** {@code y = 1 / (1 + exp(-x))}, without overflow for any {@code x}. */
    SIGMOID,
    /** Hyperbolic tangent. */
    TANH,
    /** Natural exponential. */
    EXP,
    /** Natural logarithm; NaN below 0, {@code -Infinity} at 0. */
    LOG,
    /** Square root, correctly rounded. */
    SQRT;

    /** Whether the derivative follows from the output alone, so that the input need not be kept. */
    public boolean differentiableFromOutput() {
        return this != LOG;
    }
}

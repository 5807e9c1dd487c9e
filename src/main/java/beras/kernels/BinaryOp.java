package beras.kernels;

/** An elementwise function of two numbers. */
public enum BinaryOp {
    /** {@code a + b}. */
    ADD,
    /** {@code a - b}. */
    SUBTRACT,
    /** {@code a * b}. */
    MULTIPLY,
    /** {@code a / b}, correctly rounded. */
    DIVIDE,
    /** The larger, as {@link Math#max(float, float)}: NaN wins, +0 beats -0. */
    MAXIMUM,
    /** The smaller, as {@link Math#min(float, float)}: NaN wins, -0 beats +0. */
    MINIMUM,
    /**
     * {@code a^b}, within 0.51 ulp, and as {@link StrictMath#pow} for zeros, infinities, NaN, and {@code a} below 0: so the
     * power 0.5 is not {@link UnaryOp#SQRT} at -0 (+0) and {@code -Infinity} ({@code Infinity}). {@code a^2} is {@code a * a}.
     */
    POWER,
    /** 1 if {@code a > b}, else 0; so 0 if one is NaN. */
    GREATER,
    /** 1 if {@code a >= b}, else 0; so 0 if one is NaN. */
    GREATER_EQUAL,
    /** 1 if {@code a == b}, else 0: +0 equals -0, NaN equals nothing. */
    EQUAL
}

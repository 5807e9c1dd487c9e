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
     * {@code a^b}, as {@link StrictMath#pow} of the two as doubles, rounded to float: within 0.51 ulp, with its results for
     * zeros, infinities and NaN. So {@code a^2} is {@code a * a}, and {@code a^0.5} is the correctly rounded square root of
     * {@code a}, except that that of -0 is +0 and that of {@code -Infinity} is {@code Infinity}.
     */
    POWER,
    /** 1 if {@code a > b}, else 0; so 0 if one is NaN. */
    GREATER,
    /** 1 if {@code a >= b}, else 0; so 0 if one is NaN. */
    GREATER_EQUAL,
    /** 1 if {@code a == b}, else 0: +0 equals -0, NaN equals nothing. */
    EQUAL
}

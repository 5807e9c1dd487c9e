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
    MINIMUM
}

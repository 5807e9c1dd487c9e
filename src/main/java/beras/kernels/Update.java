package beras.kernels;

/**
 * The rule by which one step of an optimizer changes a weight {@code w}, given its gradient {@code g} and slots (its optimizer
 * state), with the numbers that are the same for all weights. {@link Updates#apply} applies it.
 *
 * <p>{@link UpdateRules} has the rules of this library; {@code VectorRules} repeats each with SIMD. Both are generated from a
 * table.
 *
 * <p><b>Moments are rounded.</b> A moment that decays without new gradients would soon be subnormal, which is slow on processors.
 * So a number is added to each and subtracted again: 1.5 * 2^-77 for first moments {@code m}, 1.5 * 2^-103 for second moments
 * {@code v}. Moments below 2^-78 (2^-104) thus become multiples of 2^-100 (2^-126). Larger moments may still change by as much, or
 * by one unit in the last place where one of the two sums is a tie; moments above 2^-52 (2^-78) are unchanged. So a step differs by
 * one unit in the last place, or by less than {@code rate * 2^-100 / epsilon}. The formulas omit it.
 */
@FunctionalInterface
public interface Update {

    /**
     * Changes the elements {@code from} to {@code to} (exclusive) of {@code w} and of the slots, each by itself: several threads
     * may be at work on other elements.
     *
     * @param w     weights
     * @param g     their gradient, read-only
     * @param slots a block per slot of the rule
     */
    void apply(MatrixView w, MatrixView g, MatrixView[] slots, int from, int to);
}

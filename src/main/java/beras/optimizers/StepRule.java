package beras.optimizers;

import beras.kernels.MatrixView;

/**
 * The rule by which one step of an optimizer changes a variable, with the numbers that are the same for all variables. A custom
 * rule is a lambda, which steps alone call:
 * <pre>{@code
 * StepRule descent = (w, g, slots, from, to) -> {
 *     for (int i = from; i < to; i++) {
 *         w.set(i, w.get(i) - 0.1f * g.get(i));
 *     }
 * };
 * }</pre>
 */
@FunctionalInterface
public interface StepRule {

    /** The elements of a variable, or one number for each of them, in the order of the variable's elements. */
    final class Values {

        final MatrixView block;

        Values(MatrixView block) {
            this.block = block;
        }

        /**
         * Element {@code i}.
         *
         * @throws IndexOutOfBoundsException if there is none
         */
        public float get(int i) {
            return block.get(i);
        }

        /** Changes element {@code i}, as {@link #get}. */
        public void set(int i, float value) {
            block.set(i, value);
        }
    }

    /**
     * Changes the elements {@code from} (inclusive) to {@code to} (exclusive) of {@code w} and of the slots, each
     * independently: several threads may be at work on other elements.
     *
     * @param w     weights
     * @param g     their gradient, not to be changed
     * @param slots the state of each weight, as many as the {@link Optimizer#slotCount}
     */
    void apply(Values w, Values g, Values[] slots, int from, int to);
}

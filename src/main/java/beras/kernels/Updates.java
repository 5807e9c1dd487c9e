package beras.kernels;

/**
 * What optimizers do to weights. Blocks have no gaps and one size; what is changed must not overlap anything else. Gradients
 * are clipped by {@link Elements#scaleAndClip}.
 */
public final class Updates extends Family<ScalarUpdates> {

    static final Updates IN_USE = inUse(new Updates(new ScalarUpdates(), Thresholds.SHARED_ELEMENTS));

    /** @param elements from so many on, work is split */
    Updates(ScalarUpdates live, int elements) {
        super(live, elements);
    }

    @Override
    ScalarUpdates lanes() {
        return new VectorUpdates();
    }

    /**
     * Changes weights and slots by a rule.
     *
     * @param w     weights
     * @param g     their gradient
     * @param slots those that the rule names
     * @throws IndexOutOfBoundsException if the rule needs more slots; nothing is changed then
     */
    public void apply(Update update, MatrixView w, MatrixView g, MatrixView... slots) {
        int n = w.size();
        w.requireNoGaps("w");
        g.requireSize("g", n);
        for (MatrixView slot : slots) {
            slot.requireSize("slot", n);
        }
        splitElements(n, (from, to) -> live().apply(update, w, g, slots, from, to));
    }

    /**
     * {@code y = a x + b y}, rounded as a first moment, see {@link Update}: moving averages of weights ({@code x} the weights),
     * and their decay ({@code x} and {@code y} the same weights, {@code b = 1}).
     */
    public void blend(float a, MatrixView x, float b, MatrixView y) {
        int n = y.size();
        x.requireSize("x", n);
        y.requireNoGaps("y");
        splitElements(n, (from, to) -> live().blend(a, x, b, y, from, to));
    }
}

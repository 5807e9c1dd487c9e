package beras.kernels;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Update rules of optimizers. Blocks are contiguous and of one size; outputs must not overlap other blocks. {@link
 * Elements#scaleAndClip} clips gradients.
 */
public final class Updates extends KernelGroup<ScalarUpdates> {

    static final Updates IN_USE = inUse(new Updates(new ScalarUpdates(), Thresholds.SHARED_ELEMENTS));

    private final SimdKernel<ScalarUpdates> blend =
            ofElements((k, t, n) -> { while (n-- > 0) { k.blend(0.5f, t.a, 0.5f, t.c, 0, t.size); } });
    /** A kernel for each class of rules, except custom ones: these may count their calls, so the warm-up must not call them. */
    private final Map<Class<?>, SimdKernel<ScalarUpdates>> apply = new ConcurrentHashMap<>();

    /** @param elements the number of elements from which on work is split */
    Updates(ScalarUpdates live, int elements) {
        super(live, elements);
    }

    @Override
    ScalarUpdates simd() {
        return new VectorUpdates();
    }

    /**
     * Changes weights and slots by a rule.
     *
     * @param w     weights
     * @param g     their gradient
     * @param slots the slots of the rule
     * @throws IndexOutOfBoundsException if the rule needs more slots; nothing is changed then
     */
    public void apply(Update update, MatrixView w, MatrixView g, MatrixView... slots) {
        int n = w.size();
        w.requireNoGaps("w");
        g.requireSize("g", n);
        for (MatrixView slot : slots) {
            slot.requireSize("slot", n);
        }
        splitElements(kernel(update), n, (k, from, to) -> k.apply(update, w, g, slots, from, to));
    }

    /** Requests the kernels that each step with Adam needs. */
    void requestUsual() {
        chosen(kernel(new UpdateRules.Adam(0.001f, 0.9, 0.999, 1f, 1e-7f)), Thresholds.LARGE_CALL);
    }

    private SimdKernel<ScalarUpdates> kernel(Update update) {
        if (!(update instanceof Record)) {
            return null;
        }
        SimdKernel<ScalarUpdates> kernel = apply.get(update.getClass());
        if (kernel == null) {
            kernel = apply.computeIfAbsent(update.getClass(),
                    rule -> ofElements((k, t, n) -> { while (n-- > 0) { k.apply(update, t.d, t.a, t.slots, 0, t.size); } }));
        }
        return kernel;
    }

    /**
     * {@code y = a x + b y}, rounded as a first moment, see {@link Update}: moving averages of weights ({@code x} the weights),
     * and their decay ({@code x} and {@code y} the same weights, {@code b = 1}).
     */
    public void blend(float a, MatrixView x, float b, MatrixView y) {
        int n = y.size();
        x.requireSize("x", n);
        y.requireNoGaps("y");
        splitElements(blend, n, (k, from, to) -> k.blend(a, x, b, y, from, to));
    }
}

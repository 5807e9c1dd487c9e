package beras.layers;

import beras.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The state of layers for sequences that are computed step by step, see {@link Layer#step}: keys and values of attention,
 * states of recurrent layers. It belongs to one batch of sequences and one thread at a time.
 */
public final class StepState {

    private final Map<Layer, Tensor[]> remembered = new IdentityHashMap<>();
    private final Map<Layer, Integer> steps = new IdentityHashMap<>();
    private int limit = Integer.MAX_VALUE;

    /** Before the first step. */
    public StepState() {}

    /** The most steps that the layers called so far can compute, such as the positions of a {@link PositionEmbedding}. */
    public int limit() {
        return limit;
    }

    /** How many steps a layer has computed before; counts this one. */
    int count(Layer layer) {
        return steps.merge(layer, 1, Integer::sum) - 1;
    }

    /** @throws IllegalStateException if these steps are all done */
    void limit(Layer layer, int step, int most) {
        if (step >= most) {
            throw new IllegalStateException(layer + " computes at most " + most + " steps. Begin with a new StepState");
        }
        limit = Math.min(limit, most);
    }

    /** The state of a layer; null at its first step. */
    Tensor[] of(Layer layer) {
        return remembered.get(layer);
    }

    void remember(Layer layer, Tensor... tensors) {
        remembered.put(layer, tensors);
    }

    /** The steps of a layer so far {@code (batch, steps, features)}, with one more. */
    Tensor extended(Layer layer, int which, int kinds, Tensor step) {
        Tensor[] room = remembered.computeIfAbsent(layer, any -> new Tensor[2 * kinds]);
        Tensor used = room[2 * which + 1];
        int count = used == null ? 0 : used.dim(1);
        Tensor all = room[2 * which];
        if (all == null || count == all.dim(1)) {
            Tensor larger = Tensor.zeros(step.dim(0), Math.max(2 * count, 16), step.dim(2));
            copy(used, larger, 0);
            all = larger;
        }
        copy(step, all, count);
        room[2 * which] = all;
        room[2 * which + 1] = all.slice(1, 0, count + 1);
        return room[2 * which + 1];
    }

    private static void copy(Tensor from, Tensor to, int at) {
        Tensor steps = from == null ? null : from.contiguous();
        for (int row = 0; steps != null && row < steps.dim(0); row++) {
            int size = steps.dim(1) * steps.dim(2);
            System.arraycopy(steps.data(), steps.offset() + row * size, to.data(), to.offset() + (row * to.dim(1) + at) * to.dim(2), size);
        }
    }
}

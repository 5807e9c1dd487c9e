package beras.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * The kernels of one subject, as callers see them: checks that shapes agree, splits what is large enough over
 * {@link Threads}, and passes it on to the implementation in use. Work is split by rows, columns or elements of the output; only
 * {@link Products} may split the steps of their sums, which are added in order all the same.
 *
 * <p>An implementation gets whole blocks and the range it is to compute. The scalar one defines the results; the one with SIMD
 * extends it and takes its place as soon as it is compiled, see {@link WarmUp}.
 *
 * @param <K> the scalar implementation
 */
abstract class Family<K> {

    private static final List<Family<?>> IN_USE = new ArrayList<>();
    private static boolean lanes;

    private final int elements;
    private volatile K live;
    private volatile boolean inLanes;

    /** @param elements from so many on, work is split */
    Family(K live, int elements) {
        this.live = live;
        this.elements = elements;
    }

    /** Makes a family one of those that {@link #useLanesThroughout} changes. */
    static synchronized <F extends Family<?>> F inUse(F family) {
        IN_USE.add(family);
        if (lanes) {
            family.useLanes();
        }
        return family;
    }

    /** Lets all families in use, and those that come into use later, compute with SIMD. */
    static synchronized void useLanesThroughout() {
        lanes = true;
        IN_USE.forEach(Family::useLanes);
    }

    /** A new implementation with SIMD. */
    abstract K lanes();

    final void useLanes() {
        if (!inLanes) {
            useLanes(lanes());
        }
    }

    /** Lets this implementation with SIMD take the place of the scalar one. */
    final void useLanes(K kernels) {
        live = kernels;
        inLanes = true;
    }

    final K live() {
        return live;
    }

    final void splitRows(int rows, int cols, Threads.Range task) {
        split(rows, 1, (long) rows * cols, task);
    }

    final void splitColumns(int rows, int cols, Threads.Range task) {
        split(cols, Thresholds.ELEMENT_GRAIN, (long) rows * cols, task);
    }

    final void splitElements(int n, Threads.Range task) {
        split(n, Thresholds.ELEMENT_GRAIN, n, task);
    }

    private void split(int n, int grain, long work, Threads.Range task) {
        if (work < elements || !Threads.shared()) {
            task.run(0, n);
        } else {
            Threads.split(n, grain, task);
        }
    }
}

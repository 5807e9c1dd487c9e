package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Memory that a training loop uses again in every step: the tensors computed under a {@link GradientTape}, and what the tape
 * writes down. A step begins with {@code new GradientTape(workspace)}.
 *
 * <p>The {@code n}-th request of a step gets the {@code n}-th tensor, which is the one of the step before if the shapes
 * agree. So a steady loop allocates next to nothing, and every tensor of a step, gradients included, lives until the next
 * step begins. Not for use by several threads at once.
 */
public final class Workspace {

    // What the tape writes down.
    final List<Call> calls = new ArrayList<>();
    final Map<Tensor, Call> producers = new IdentityHashMap<>();
    final Set<Tensor> dependents = Collections.newSetFromMap(new IdentityHashMap<>());
    final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    final List<Tensor> penalties = new ArrayList<>();

    private final List<Tensor> tensors = new ArrayList<>();
    private int next;
    private int step;

    /** Begins a new step, whose number it returns: all memory handed out may be used again. */
    int restart() {
        calls.clear();
        producers.clear();
        penalties.clear();
        next = 0;
        return ++step;
    }

    /** The number of the present step; 0 before the first. */
    int step() {
        return step;
    }

    /** A tensor of unspecified contents. */
    Tensor allocate(Shape shape) {
        Tensor known = next < tensors.size() ? tensors.get(next) : null;
        return known != null && known.shape().equals(shape) ? take(known) : take(Tensor.zeros(shape));
    }

    /** A matrix of unspecified contents. */
    Tensor allocate(int rows, int cols) {
        Tensor known = next < tensors.size() ? tensors.get(next) : null;
        boolean fits = known != null && known.rank() == 2 && known.dim(0) == rows && known.dim(1) == cols;
        return fits ? take(known) : take(Tensor.zeros(rows, cols));
    }

    private Tensor take(Tensor tensor) {
        if (next == tensors.size()) {
            tensors.add(tensor);
        } else {
            tensors.set(next, tensor);
        }
        next++;
        return tensor;
    }
}

package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that a training loop uses again in every step.
 *
 * <p>The {@code n}-th request of a step gets the {@code n}-th tensor, which is the one of the step before if the shapes
 * agree. So a steady loop allocates nothing, and every tensor of a step, gradients included, lives until the next
 * {@link #restart}. Not for use by several threads at once.
 */
public final class Workspace {

    private final List<Tensor> tensors = new ArrayList<>();
    private int next;

    /** Begins a new step: all memory handed out may be used again. */
    public void restart() {
        next = 0;
    }

    /** A tensor of unspecified contents. */
    public Tensor allocate(Shape shape) {
        Tensor known = next < tensors.size() ? tensors.get(next) : null;
        return known != null && known.shape().equals(shape) ? take(known) : take(Tensor.zeros(shape));
    }

    /** A matrix of unspecified contents. */
    public Tensor allocate(int rows, int cols) {
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

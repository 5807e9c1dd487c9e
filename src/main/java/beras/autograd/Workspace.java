package beras.autograd;

import beras.tensor.Memory;
import beras.tensor.Operation;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Memory that a training loop uses again in every step: the tensors computed under a {@link GradientTape}, and the records of
 * the tape. A step begins with {@code new GradientTape(workspace)}.
 *
 * <p>The {@code n}-th request of a step gets the {@code n}-th tensor, which is the one of the step before if the shapes
 * agree, or its first rows if fewer are needed, as in the last batch of an epoch. So a steady loop allocates next to nothing, and
 * every tensor of a step, gradients included, lives until the next step begins. Not for use by several threads at once.
 */
public final class Workspace implements Memory {

    // The records of the tape.
    final List<OperationCall> operations = new ArrayList<>();
    final Map<Tensor, OperationCall> producers = new IdentityHashMap<>();
    final Set<Tensor> dependents = Collections.newSetFromMap(new IdentityHashMap<>());
    final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    final List<Tensor> penalties = new ArrayList<>();
    final Set<Tensor> watched = Collections.newSetFromMap(new IdentityHashMap<>());
    final Set<Tensor> unfollowed = Collections.newSetFromMap(new IdentityHashMap<>()); // used in arithmetic of constants

    private final List<Tensor> tensors = new ArrayList<>();
    private int next;
    private final List<OperationCall> uses = new ArrayList<>();
    private int nextUse;
    private int step;

    /** Begins a new step, whose number it returns: all memory handed out may be used again. */
    int restart() {
        operations.clear();
        producers.clear();
        penalties.clear();
        watched.clear();
        unfollowed.clear();
        next = 0;
        nextUse = 0;
        return ++step;
    }

    /** The number of the present step; 0 before the first. */
    int step() {
        return step;
    }

    /** The record of a use, that of the step before in this place. */
    OperationCall use(Operation operation, Tensor[] inputs, GradientTape tape) {
        if (nextUse == uses.size()) {
            uses.add(new OperationCall(operation, inputs, tape));
            return uses.get(nextUse++);
        }
        return uses.get(nextUse++).begin(operation, inputs, tape);
    }

    @Override
    public Tensor allocate(Shape shape) {
        Tensor known = next < tensors.size() ? tensors.get(next) : null;
        if (known != null && known.shape().equals(shape)) {
            next++;
            return known.unmasked();
        }
        return known != null && hasRowsFor(shape, known) ? rows(known, shape.dim(0)) : take(Tensor.zeros(shape));
    }

    private static boolean hasRowsFor(Shape shape, Tensor known) {
        boolean fits = shape.rank() > 0 && known.rank() == shape.rank() && known.dim(0) > shape.dim(0);
        for (int axis = 1; fits && axis < shape.rank(); axis++) {
            fits = known.dim(axis) == shape.dim(axis);
        }
        return fits;
    }

    /** A part of the tensor at hand, which stays for steps that need all of it. */
    private Tensor rows(Tensor known, int count) {
        next++;
        return new Operation.Slice(0, 0, count).compute(this, known); // recorded by no tape
    }

    /** A matrix of unspecified contents. */
    Tensor allocate(int rows, int cols) {
        Tensor known = next < tensors.size() ? tensors.get(next) : null;
        boolean fits = known != null && known.rank() == 2 && known.dim(0) >= rows && known.dim(1) == cols;
        if (!fits) {
            return take(Tensor.zeros(rows, cols));
        }
        if (known.dim(0) > rows) {
            return rows(known, rows);
        }
        next++;
        return known.unmasked();
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

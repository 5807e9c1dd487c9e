package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Concatenates its inputs along an axis; all other axes must have equal sizes. */
public final class Concatenate extends Layer {

    private int axis = -1;

    /** Along the last axis. */
    public Concatenate() {}

    /**
     * @param axis counted with the batch axis, which is 0 and cannot be chosen; negative ones count from the last, -1, the
     *     default
     * @throws IllegalArgumentException if it is 0
     */
    public Concatenate(int axis) {
        this.axis = axis;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        axis = checked(s.integer("axis", axis));
    }

    private static int checked(int axis) {
        if (axis == 0) {
            throw new IllegalArgumentException("The axis of Concatenate must not be the batch axis. Received: 0");
        }
        return axis;
    }

    @Override
    protected int inputCount() {
        return -1;
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        return joined(inputs, 1);
    }

    /**
     * The shape of the concatenated inputs.
     *
     * @param missing the number of axes that are missing in front of these shapes
     */
    private Shape joined(List<Shape> shapes, int missing) {
        Shape first = shapes.get(0);
        int along = along(first.rank() + missing) - missing;
        boolean fit = along >= 1 - missing && along < first.rank();
        long length = 0;
        for (int i = 0; fit && i < shapes.size(); i++) {
            Shape shape = shapes.get(i);
            fit = shape.rank() == first.rank() && shape.with(along, first.dim(along)).equals(first);
            length += fit ? shape.dim(along) : 0;
        }
        if (!fit) {
            throw new IllegalArgumentException("Concatenate along axis " + axis
                    + " needs inputs that have this axis and agree in all others. Received: " + shapes);
        }
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Concatenate gives an axis of at most " + Integer.MAX_VALUE + ". Received inputs"
                    + " that together have " + length + ": " + shapes);
        }
        return first.with(along, (int) length);
    }

    /** The axis as a number from 0, the batch axis. */
    private int along(int rank) {
        return axis < 0 ? rank + axis : axis;
    }

    /** That of all inputs together. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.union(inputs);
    }

    /** Along the steps the masks side by side, else a step counts that counts in one of the inputs; in one without a mask all count. */
    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        if (along(inputs[0].rank()) != 1 || Arrays.stream(inputs).allMatch(input -> input.mask().isEmpty())) {
            return Merge.union(inputs);
        }
        return Optional.of(Tensor.concatenate(1, Arrays.stream(inputs).map(input -> input.mask().orElseGet(() ->
                Tensor.ones(input.dim(0), input.dim(1)))).toArray(Tensor[]::new)));
    }

    @Override
    protected Tensor compute(Call call) {
        joined(call.inputs().stream().map(Tensor::shape).toList(), 0);
        return Tensor.concatenate(along(call.input(0).rank()), call.inputs().toArray(Tensor[]::new));
    }
}

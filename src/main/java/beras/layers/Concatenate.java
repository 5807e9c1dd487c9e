package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Puts its inputs, any number of them, one behind the other along an axis; all other axes must agree. */
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
     * The shape of what is made of these.
     *
     * @param missing the number of axes that are missing in front of these shapes
     */
    private Shape joined(List<Shape> shapes, int missing) {
        int rank = shapes.get(0).rank();
        int along = along(rank + missing) - missing;
        boolean fit = along >= 1 - missing && along < rank;
        int[] sizes = shapes.get(0).toArray();
        long length = fit ? sizes[along] : 0;
        for (int i = 1; fit && i < shapes.size(); i++) {
            Shape shape = shapes.get(i);
            fit = shape.rank() == rank;
            for (int a = 0; fit && a < rank; a++) {
                fit = a == along || shape.dim(a) == sizes[a];
            }
            if (fit) {
                length += shape.dim(along);
            }
        }
        if (!fit) {
            throw new IllegalArgumentException("Concatenate along axis " + axis
                    + " needs inputs that have this axis and agree in all others. Received: " + shapes);
        }
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Concatenate gives an axis of at most " + Integer.MAX_VALUE + ". Received inputs"
                    + " that together have " + length + ": " + shapes);
        }
        sizes[along] = (int) length;
        return Shape.of(sizes);
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

    @Override
    protected Tensor compute(Call call) {
        Shape shape = joined(call.inputs().stream().map(Tensor::shape).toList(), 0);
        Tensor y = call.allocate(shape);
        int from = 0;
        for (Tensor input : call.inputs()) {
            Tensor x = input.contiguous();
            int length = rowLength(x.shape());
            copyRows(x.data(), x.offset(), length, y.data(), y.offset() + from, rowLength(shape), length, x.size());
            from += length;
        }
        return y;
    }

    @Override
    protected Tensor define(Call call) {
        return Tensor.concatenate(along(call.input(0).rank()), call.inputs().toArray(Tensor[]::new));
    }

    /** The number of elements from one step before the axis to the next. */
    private int rowLength(Shape shape) {
        int length = 1;
        for (int a = along(shape.rank()); a < shape.rank(); a++) {
            length *= shape.dim(a);
        }
        return length;
    }

    private static void copyRows(float[] from, int fromOffset, int fromStep, float[] to, int toOffset, int toStep, int length,
            int size) {
        for (int done = 0, row = 0; done < size; done += length, row++) {
            System.arraycopy(from, fromOffset + row * fromStep, to, toOffset + row * toStep, length);
        }
    }

    /** To each input its part of the upstream. */
    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Tensor u = upstream.contiguous();
        List<Tensor> parts = new ArrayList<>();
        int from = 0;
        for (Tensor input : call.inputs()) {
            Tensor part = call.allocate(input.shape());
            int length = rowLength(part.shape());
            copyRows(u.data(), u.offset() + from, rowLength(u.shape()), part.data(), part.offset(), length, length,
                    part.size());
            parts.add(part);
            from += length;
        }
        return parts;
    }
}

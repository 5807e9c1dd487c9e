package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The dot product of two inputs along an axis of each: for {@code (batch, a, k)} and {@code (batch, b, k)} along axes
 * {@code (2, 2)} the output is {@code (batch, a, b)}, the remaining axes of the first input and then of the second. For two
 * vectors it is one number, {@code (batch, 1)}. With {@code normalize} both inputs first get the norm 1 along their axis, so
 * that it gives the cosine of the angle between them.
 *
 * <pre>{@code
 * Node similarity = new Dot(1).with("normalize", true).apply(new Input(64).apply(), new Input(64).apply());
 * }</pre>
 */
public final class Dot extends FluentLayer<Dot> {

    /** The smallest norm that is divided by. */
    private static final double EPSILON = 1e-7;

    private int[] axes = {-1, -1}; // of both inputs
    private boolean normalize;

    Dot() {}

    /**
     * @param axes one for both inputs, or one for each; counted with the batch axis, which is 0 and cannot be chosen, negative ones from
     *     the last
     * @throws IllegalArgumentException if there are more than two or none, or one is 0
     */
    public Dot(int... axes) {
        this.axes = axes.clone();
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        int[] given = s.required().integers("axes", axes);
        if (given.length < 1 || given.length > 2 || Arrays.stream(given).anyMatch(axis -> axis == 0)) {
            throw new IllegalArgumentException("axes of Dot needs one axis for both inputs or one for each, and not the batch axis, 0."
                    + " Received: " + Arrays.toString(given));
        }
        axes = new int[] {given[0], given[given.length - 1]};
        normalize = s.flag("normalize", normalize);
    }

    @Override
    protected int inputCount() {
        return 2;
    }

    @Override
    public Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        int[] along = {axis(0, inputs.get(0)), axis(1, inputs.get(1))};
        if (along[0] < 0 || along[1] < 0 || inputs.get(0).dim(along[0]) != inputs.get(1).dim(along[1])) {
            throw new IllegalArgumentException("Dot along axes " + Arrays.toString(axes) + " needs inputs that have these axes, of one"
                    + " size. Received: " + inputs);
        }
        int[] sizes = IntStream.range(0, 2).flatMap(i -> IntStream.range(0, inputs.get(i).rank()).filter(axis -> axis != along[i])
                .map(inputs.get(i)::dim)).toArray();
        return sizes.length == 0 ? Shape.of(1) : Shape.of(sizes);
    }

    /** The axis of an example of input {@code i} as a number from 0; -1 if it has none such. */
    private int axis(int i, Shape example) {
        int from0 = axes[i] < 0 ? axes[i] + example.rank() : axes[i] - 1;
        return from0 < example.rank() ? Math.max(from0, -1) : -1;
    }

    @Override
    protected Tensor compute(Call call) {
        Shape output = outputShape(List.of(example(call.input(0)), example(call.input(1))));
        Tensor left = lastAxis(call.input(0), axis(0, example(call.input(0))) + 1);
        Tensor right = lastAxis(call.input(1), axis(1, example(call.input(1))) + 1);
        return left.matmul(right.transpose(0, 2, 1)).reshape(output.prepend(left.dim(0)).toArray());
    }

    /** {@code (batch, all other axes, this axis)}, normalized if requested. */
    private Tensor lastAxis(Tensor x, int axis) {
        int[] order = IntStream.range(0, x.rank()).map(i -> i == x.rank() - 1 ? axis : i < axis ? i : i + 1).toArray();
        int size = x.dim(axis);
        Tensor rows = x.transpose(order).reshape(x.dim(0), example(x).size() / Math.max(1, size), size);
        return normalize ? rows.divide(rows.norm(-1).maximum(EPSILON).expandDims(-1)) : rows;
    }
}

package beras.tensor;

import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.kernels.Sums;
import beras.kernels.UnaryOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * An n-dimensional array of {@code float}: a flat buffer with a shape, strides and an offset.
 *
 * <p>{@link #reshape}, {@link #transpose}, {@link #slice} and {@link #broadcastTo} return views that share the buffer; arithmetic
 * returns new, row-major tensors. No method here writes into a tensor after its creation (only {@link Variable#assign} and the
 * owner of a {@linkplain #wrap wrapped} array do), so any number of threads may read a tensor.
 *
 * <p>Elementwise operations broadcast as in NumPy. Sizes may be 0. Axes are counted from 0, negative ones from the last, -1.
 *
 * <p>Methods that return a tensor are an {@link Operation}, or composed of operations, and an open {@code
 * beras.autograd.GradientTape} records them: so every formula has a gradient. Without a tape nothing is recorded.
 *
 * <pre>{@code
 * Tensor distance = a.subtract(b).square().sum(1).sqrt();   // (batch, n), (batch, n) -> (batch)
 * }</pre>
 */
public class Tensor {

    /** {@link #toString} shows at most this many elements of an axis when the tensor is large. */
    private static final int SHOWN = 6;
    private static final int SHOWN_WHOLE = 1000;

    private final float[] data;
    private final int offset;
    private final Shape shape;
    private final int[] strides;
    private final boolean contiguous;
    private final Variable viewed; // null: none
    private MatrixView block; // created lazily, as the next
    private MatrixView row;
    private Tensor mask; // null: all steps count

    Tensor(float[] data, int offset, Shape shape, int[] strides) {
        this(data, offset, shape, strides, null);
    }

    /** A view of elements of another tensor. */
    private Tensor(Tensor of, int offset, Shape shape, int[] strides) {
        this(of.data, offset, shape, strides, of instanceof Variable variable ? variable : of.viewed);
    }

    private Tensor(float[] data, int offset, Shape shape, int[] strides, Variable viewed) {
        this.viewed = viewed;
        this.data = data;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
        this.contiguous = isContiguous(shape, strides);
    }

    private static boolean isContiguous(Shape shape, int[] strides) {
        int step = 1;
        for (int i = shape.rank() - 1; i >= 0; i--) {
            if (shape.dim(i) > 1 && strides[i] != step) {
                return shape.size() == 0;
            }
            step *= Math.max(1, shape.dim(i));
        }
        return true;
    }

    // ------------------------------------------------------------------------------------------------ masks

    /**
     * The mask of sequences {@code (batch, steps, ...)}: {@code (batch, steps)}, 1 for valid steps and 0 for padding; empty: all
     * steps are valid. Layers that preserve steps propagate it; results of operations have none.
     */
    public Optional<Tensor> mask() {
        return Optional.ofNullable(mask);
    }

    /**
     * Sets the {@link #mask() mask}.
     *
     * @return this
     * @throws IllegalArgumentException if there is not one number per step
     */
    public Tensor masked(Tensor steps) {
        if (steps.rank() != 2 || rank() < 2 || steps.dim(0) != dim(0) || steps.dim(1) != dim(1)) {
            throw new IllegalArgumentException("A mask (batch, steps) needs sequences (batch, steps, ...). Received: " + steps.shape()
                    + " and " + shape);
        }
        mask = steps;
        return this;
    }

    /** Removes the mask; returns this. */
    public Tensor unmasked() {
        mask = null;
        return this;
    }

    // ------------------------------------------------------------------------------------------------ creation

    /**
     * A row-major tensor over {@code data} itself, without a copy: writes to the array change the tensor.
     *
     * @throws IllegalArgumentException if the array's length is not the shape's size
     */
    public static Tensor wrap(float[] data, Shape shape) {
        if (data.length != shape.size()) {
            throw new IllegalArgumentException(
                    "Shape " + shape + " needs " + shape.size() + " elements. Received an array of " + data.length);
        }
        return new Tensor(data, 0, shape, shape.strides());
    }

    /** As {@link #wrap(float[], Shape)}. */
    public static Tensor wrap(float[] data, int... shape) {
        return wrap(data, Shape.of(shape));
    }

    /** A tensor of rank 1, sharing the array's memory. */
    public static Tensor of(float... values) {
        return wrap(values, Shape.of(values.length));
    }

    /**
     * A tensor of rank 1 of these numbers, rounded to floats.
     *
     * @throws IllegalArgumentException if a finite number is beyond the range of float
     */
    public static Tensor of(double... values) {
        return NestedArrays.copy(values);
    }

    /**
     * A tensor of rank 1 of these integers.
     *
     * @throws IllegalArgumentException if one is not exact as a float, as some beyond 2^24
     */
    public static Tensor of(int... values) {
        return NestedArrays.copy(values);
    }

    /** As {@link #copyOf}, for nested arrays such as {@code float[][]} or {@code int[][][]}. */
    public static Tensor of(Object[] nested) {
        return NestedArrays.copy(nested);
    }

    /**
     * A tensor copied from arrays and lists of numbers, with an axis for each level: a {@code double[][]} or a {@code
     * List<float[]>} becomes {@code (rows, columns)}, a {@code long[]} or a {@code List<Integer>} of labels {@code (count)}. Float,
     * double, int, long, byte and boolean may be primitive or not. Doubles are rounded to floats, true is 1, false 0.
     *
     * @throws IllegalArgumentException if an element has another type or is null, the arrays along an axis have different lengths,
     *     a finite double is beyond the range of float, an integer is not exact as a float, as some beyond 2^24, or a byte is
     *     negative, which may be meant as 128 to 255
     */
    public static Tensor copyOf(Object nested) {
        return NestedArrays.copy(nested);
    }

    /** A tensor of rank 0. */
    public static Tensor scalar(double value) {
        return wrap(new float[] {(float) value});
    }

    /** A tensor of zeros. */
    public static Tensor zeros(int... shape) {
        return zeros(Shape.of(shape));
    }

    /** A tensor of zeros. */
    public static Tensor zeros(Shape shape) {
        return wrap(new float[shape.size()], shape);
    }

    /** A tensor of ones. */
    public static Tensor ones(int... shape) {
        return full(1f, shape);
    }

    /** A tensor filled with one value. */
    public static Tensor full(double value, int... shape) {
        Tensor t = zeros(shape);
        Arrays.fill(t.data, (float) value);
        return t;
    }

    /** A tensor whose element at row-major position {@code i} is {@code values(i)}. */
    public static Tensor generate(IntToDoubleFunction values, int... shape) {
        Tensor t = zeros(shape);
        for (int i = 0; i < t.data.length; i++) {
            t.data[i] = (float) values.applyAsDouble(i);
        }
        return t;
    }

    /** The integers from 0 to {@code count - 1}. */
    public static Tensor arange(int count) {
        return generate(i -> i, count);
    }

    /**
     * The numbers {@code start}, {@code start + step}, and so on, before {@code stop}; none if {@code stop} is not ahead.
     *
     * @throws IllegalArgumentException if the step is 0, or the sequence is infinite
     */
    public static Tensor arange(double start, double stop, double step) {
        double count = Math.ceil((stop - start) / step);
        if (!(Math.abs(count) <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("arange needs finite numbers and a step other than 0. Received: " + start + ", " + stop
                    + " and " + step);
        }
        return generate(i -> start + i * step, (int) Math.max(0, count));
    }

    /** The matrix {@code (size, size)} with 1 on its diagonal and 0 elsewhere. */
    public static Tensor eye(int size) {
        return generate(i -> i / size == i % size ? 1 : 0, size, size);
    }

    /**
     * Random numbers, uniform from 0 (inclusive) to 1 (exclusive): multiples of 2^-24. {@link Rng} generates them for the seed and
     * the purpose {@code "rand"}: the same for a seed on any machine, so use a different seed for each tensor.
     */
    public static Tensor rand(long seed, int... shape) {
        Rng rng = new Rng(seed, "rand", 0);
        return generate(i -> (rng.bits(i) >>> 40) * 0x1p-24, shape);
    }

    /** Random numbers, normal with mean 0 and standard deviation 1; else as {@link #rand}, for the purpose {@code "randn"}. */
    public static Tensor randn(long seed, int... shape) {
        return generate(new Rng(seed, "randn", 0)::normal, shape);
    }

    // --------------------------------------------------------------------------------------------------- facts

    /** The sizes of the axes. */
    public Shape shape() {
        return shape;
    }

    /** The number of axes. */
    public int rank() {
        return shape.rank();
    }

    /** The number of elements. */
    public int size() {
        return shape.size();
    }

    /** The size of an axis; negative axes count from the last, -1. */
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /**
     * The buffer itself; this tensor's elements are at {@link #offset} plus index times {@link #strides}. The offset is not 0 for
     * slices, nor for many large {@linkplain Variable variables}.
     */
    public float[] data() {
        return data;
    }

    /** The position of the first element in {@link #data}. */
    public int offset() {
        return offset;
    }

    /** Elements of {@link #data} to skip per step along each axis, as a new array. */
    public int[] strides() {
        return strides.clone();
    }

    /** Whether the elements are contiguous in {@link #data}, in row-major order. */
    public boolean isContiguous() {
        return contiguous;
    }

    /**
     * The number, among all {@linkplain Variable#changes changes of variables}, of the latest change of this {@link Variable}, or
     * of the variable viewed; 0 for other tensors.
     */
    public long changedAt() {
        return viewed == null ? 0 : viewed.changedAt();
    }

    /**
     * The elements as rows of the last axis, for the kernels; no rows if that is of size 0.
     *
     * @throws IllegalStateException if they are not {@linkplain #isContiguous contiguous}
     */
    @SuppressWarnings("exports") // for the layers of this module
    public MatrixView block() {
        MatrixView known = block; // read once: other threads may set it meanwhile
        if (known == null) {
            if (!contiguous) {
                throw new IllegalStateException("A block is of contiguous elements. Received: shape " + shape + ", strides "
                        + Arrays.toString(strides));
            }
            int cols = rank() == 0 ? 1 : dim(-1);
            known = new MatrixView(data, size() == 0 ? 0 : offset, cols == 0 ? 0 : size() / cols, cols);
            block = known;
        }
        return known;
    }

    /** As {@link #block}, all in one row. */
    @SuppressWarnings("exports") // for the layers of this module
    public MatrixView asRow() {
        MatrixView known = row;
        if (known == null) {
            MatrixView rows = block();
            known = rows.isRow() ? rows : new MatrixView(data, offset, 1, size());
            row = known;
        }
        return known;
    }

    /**
     * One element.
     *
     * @throws IndexOutOfBoundsException if the index does not fit the shape
     */
    public float get(int... index) {
        boolean fits = index.length == rank();
        for (int i = 0; fits && i < index.length; i++) {
            fits = index[i] >= 0 && index[i] < shape.dim(i);
        }
        if (!fits) {
            throw new IndexOutOfBoundsException("Index " + Arrays.toString(index) + " is not in a tensor of shape " + shape);
        }
        return data[at(index)];
    }

    /**
     * The only element of a tensor of size 1.
     *
     * @throws IllegalStateException if the size is not 1
     */
    public float item() {
        if (size() != 1) {
            throw new IllegalStateException("item() needs a tensor of one element. Received shape: " + shape);
        }
        return data[offset];
    }

    /** The elements in row-major order, as a new array. */
    public float[] toArray() {
        float[] out = new float[size()];
        copyTo(out, 0);
        return out;
    }

    /** Writes the elements in row-major order into an array. */
    void copyTo(float[] out, int outOffset) {
        if (contiguous) {
            System.arraycopy(data, offset, out, outOffset, size());
            return;
        }
        int inner = dim(-1);
        int step = strides[rank() - 1];
        Shape rows = shape.without(rank() - 1);
        int[] index = new int[rows.rank()];
        for (int done = 0; done < size(); done += inner) {
            int at = at(index);
            for (int i = 0; i < inner; i++) {
                out[outOffset + done + i] = data[at + i * step];
            }
            rows.next(index);
        }
    }

    /** The position in {@link #data} of an index of the first axes. */
    private int at(int[] index) {
        int at = offset;
        for (int i = 0; i < index.length; i++) {
            at += index[i] * strides[i];
        }
        return at;
    }

    // --------------------------------------------------------------------------------------------------- views

    /** This tensor if {@linkplain #isContiguous contiguous}, else a row-major copy. */
    public Tensor contiguous() {
        return contiguous ? this : new Operation.Reshape(shape).apply(this);
    }

    /** As {@link #contiguous}, not recorded by a tape. */
    Tensor contiguousValues(Memory memory) {
        if (contiguous) {
            return this;
        }
        Tensor copy = memory.allocate(shape);
        copyTo(copy.data, copy.offset);
        return copy;
    }

    /** For the owner of reused memory; this is contiguous. */
    void fillWithZeros() {
        Arrays.fill(data, offset, offset + size(), 0f);
    }

    /** A row-major copy. */
    public Tensor copy() {
        return new Operation.Copy().apply(this);
    }

    /**
     * The same elements as a constant: a view without a gradient.
     *
     * <p>The view of a {@link Variable} changes with the variable; a {@link #copy} of the view does not.
     */
    public Tensor stopGradient() {
        return new Operation.StopGradient().apply(this);
    }

    Tensor view() {
        return new Tensor(this, offset, shape, strides);
    }

    /**
     * The same elements in row-major order under another shape; one size may be -1 and follows from the rest. A view, but
     * a copy if this tensor is not contiguous.
     *
     * @throws IllegalArgumentException if the sizes do not match
     */
    public Tensor reshape(int... sizes) {
        Shape target = infer(sizes);
        if (target.size() != size()) {
            throw new IllegalArgumentException("Cannot reshape " + shape + " of " + size() + " elements to " + target + " of "
                    + target.size());
        }
        return new Operation.Reshape(target).apply(this);
    }

    Tensor reshapedView(Memory memory, Shape target) {
        Tensor source = contiguousValues(memory);
        return new Tensor(source, source.offset, target, target.strides());
    }

    private Shape infer(int[] sizes) {
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == -1 && unknown < 0) {
                unknown = i;
            } else {
                known *= sizes[i];
            }
        }
        if (unknown < 0) {
            return Shape.of(sizes);
        }
        if (known <= 0 || size() % known != 0) {
            throw new IllegalArgumentException("Cannot reshape " + shape + " to " + Arrays.toString(sizes)
                    + ": -1 has no answer");
        }
        int[] resolved = sizes.clone();
        resolved[unknown] = (int) (size() / known);
        return Shape.of(resolved);
    }

    /**
     * A view with axes of size 1 inserted, where the result has these axes: {@code expandDims(1)} of shape {@code (2, 3)} has shape
     * {@code (2, 1, 3)}. Negative axes count from the last of the result.
     *
     * @throws IllegalArgumentException if there is no such axis in the result, or one is named twice
     */
    public Tensor expandDims(int... axes) {
        int[] sizes = new int[rank() + axes.length];
        Arrays.fill(sizes, -1);
        for (int axis : axes) {
            int from0 = axis < 0 ? axis + sizes.length : axis;
            if (from0 < 0 || from0 >= sizes.length || sizes[from0] == 1) {
                throw new IllegalArgumentException("A tensor of shape " + shape + " cannot be given axes " + Arrays.toString(axes)
                        + ": each is one of the result's, once");
            }
            sizes[from0] = 1;
        }
        for (int i = 0, next = 0; i < sizes.length; i++) {
            sizes[i] = sizes[i] == 1 ? 1 : dim(next++);
        }
        return reshape(sizes);
    }

    /**
     * A view without these axes, which have size 1; without all axes of size 1, if none is named.
     *
     * @throws IllegalArgumentException if one does not have size 1, or is named twice
     */
    public Tensor squeeze(int... axes) {
        int[] removed = axes.length == 0 ? IntStream.range(0, rank()).filter(axis -> dim(axis) == 1).toArray() : Operation.axes(shape, axes);
        Shape rest = shape;
        for (int i = removed.length - 1; i >= 0; i--) {
            if (dim(removed[i]) != 1) {
                throw new IllegalArgumentException("Axis " + removed[i] + " of shape " + shape + " does not have size 1");
            }
            rest = rest.without(removed[i]);
        }
        return reshape(rest.toArray());
    }

    /** A view with the order of the axes reversed: the transpose of a matrix. */
    public Tensor transpose() {
        int[] axes = new int[rank()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = axes.length - 1 - i;
        }
        return transpose(axes);
    }

    /**
     * A view whose axis {@code i} is this tensor's axis {@code axes[i]}.
     *
     * @throws IllegalArgumentException if {@code axes} is not a permutation of all axes
     */
    public Tensor transpose(int... axes) {
        int[] sorted = axes.clone();
        Arrays.sort(sorted);
        if (!Arrays.equals(sorted, Operation.axes(shape))) {
            throw new IllegalArgumentException(
                    "The axes of shape " + shape + " cannot be put in the order " + Arrays.toString(axes));
        }
        return new Operation.Transpose(axes.clone()).apply(this);
    }

    Tensor transposedView(int[] axes) {
        int[] sizes = new int[rank()];
        int[] steps = new int[rank()];
        for (int i = 0; i < axes.length; i++) {
            sizes[i] = shape.dim(axes[i]);
            steps[i] = strides[axes[i]];
        }
        return new Tensor(this, offset, Shape.of(sizes), steps);
    }

    /**
     * A view of the rows {@code from} (inclusive) to {@code to} (exclusive) of the first axis.
     *
     * @throws IndexOutOfBoundsException if the range does not fit
     */
    public Tensor slice(int from, int to) {
        return slice(0, from, to);
    }

    /**
     * A view of the part {@code from} (inclusive) to {@code to} (exclusive) of an axis.
     *
     * @throws IndexOutOfBoundsException if the range does not fit
     */
    public Tensor slice(int axis, int from, int to) {
        int from0 = rank() == 0 ? 0 : shape.axis(axis);
        if (rank() == 0 || from < 0 || from > to || to > dim(from0)) {
            throw new IndexOutOfBoundsException("Range " + from + " to " + to + " is not in axis " + axis + " of a tensor of shape "
                    + shape);
        }
        return new Operation.Slice(from0, from, to).apply(this);
    }

    Tensor slicedView(int axis, int from, int to) {
        int[] sizes = shape.toArray();
        sizes[axis] = to - from;
        boolean empty = from == to || size() == 0; // the position after the last element of a view may be outside the buffer
        return new Tensor(this, offset + (empty ? 0 : from * strides[axis]), Shape.of(sizes), strides);
    }

    /**
     * Views of equal parts of an axis, in order.
     *
     * @param parts the number of parts; it divides the size of the axis
     * @throws IllegalArgumentException if it is not
     */
    public List<Tensor> split(int axis, int parts) {
        int size = dim(axis);
        if (parts < 1 || size % parts != 0) {
            throw new IllegalArgumentException("Axis " + axis + " of shape " + shape + " cannot be split into " + parts
                    + " equal parts");
        }
        List<Tensor> split = new ArrayList<>(parts);
        for (int i = 0; i < parts; i++) {
            split.add(slice(axis, size / parts * i, size / parts * (i + 1)));
        }
        return split;
    }

    /**
     * A view repeated along axes of size 1, or missing leading axes, to the target shape.
     *
     * @throws IllegalArgumentException if the shape does not {@linkplain Shape#broadcast broadcast} to it
     */
    public Tensor broadcastTo(Shape target) {
        return shape.equals(target) ? this : new Operation.BroadcastTo(target).apply(this);
    }

    /** As {@link #broadcastTo(Shape)}. */
    public Tensor broadcastTo(int... target) {
        return broadcastTo(Shape.of(target));
    }

    Tensor broadcastView(Shape target) {
        if (shape.equals(target)) {
            return this;
        }
        if (!shape.broadcast(target).equals(target)) {
            throw new IllegalArgumentException("Shape " + shape + " does not broadcast to " + target);
        }
        int[] steps = new int[target.rank()];
        for (int i = 1; i <= rank(); i++) {
            steps[steps.length - i] = dim(-i) == 1 ? 0 : strides[rank() - i];
        }
        return new Tensor(this, offset, target, steps);
    }

    /** A view of the matrix in the last two axes at an index of the leading axes. */
    Tensor matrixAt(int[] index) {
        int row = rank() - 2;
        return new Tensor(this, at(index), Shape.of(dim(row), dim(row + 1)), new int[] {strides[row], strides[row + 1]});
    }

    int stride(int axis) {
        return strides[axis];
    }

    // ----------------------------------------------------------------------------------------- joining, choosing

    /**
     * Concatenates tensors along an axis; their other axes must agree.
     *
     * @throws IllegalArgumentException if they do not, naming the shapes, or there is no tensor
     */
    public static Tensor concatenate(int axis, Tensor... tensors) {
        if (tensors.length == 0) {
            throw new IllegalArgumentException("concatenate needs at least one tensor");
        }
        int from0 = tensors[0].shape.axis(axis);
        for (Tensor tensor : tensors) {
            if (tensor.rank() != tensors[0].rank()
                    || !tensor.shape.without(from0).equals(tensors[0].shape.without(from0))) {
                throw new IllegalArgumentException("Tensors joined along axis " + axis + " must agree in all other axes. Received: "
                        + tensors[0].shape + " and " + tensor.shape);
            }
        }
        return new Operation.Concatenate(from0).apply(tensors);
    }

    /**
     * Stacks tensors of one shape along a new axis of the result.
     *
     * @throws IllegalArgumentException if their shapes differ, or there is no tensor
     */
    public static Tensor stack(int axis, Tensor... tensors) {
        Tensor[] expanded = new Tensor[tensors.length];
        for (int i = 0; i < tensors.length; i++) {
            expanded[i] = tensors[i].expandDims(axis);
        }
        return concatenate(axis, expanded);
    }

    /**
     * Pads an axis with zeros before and after its elements.
     *
     * @throws IllegalArgumentException if a number of zeros is negative
     */
    public Tensor pad(int axis, int before, int after) {
        if (before < 0 || after < 0) {
            throw new IllegalArgumentException("pad adds at least 0 zeros. Received: " + before + " and " + after);
        }
        return new Operation.Pad(shape.axis(axis), before, after).apply(this);
    }

    /**
     * The parts of an axis with these indices, in their order: {@code numpy.take}. For shape {@code (words, size)}, {@code
     * gather(0, 3, 5, 3)} returns three rows.
     *
     * @throws IndexOutOfBoundsException if the axis does not have one
     */
    public Tensor gather(int axis, int... indices) {
        return new Operation.Gather(shape.axis(axis), indices.clone()).apply(this);
    }

    /**
     * Along an axis, the elements at these indices, one for each element of the result: {@code numpy.take_along_axis}. For shape
     * {@code (batch, classes)}, {@code takeAlong(1, labels.expandDims(1))} returns the element of each row at its label, {@code
     * (batch, 1)}.
     *
     * @param indices whole numbers from 0; of this shape, except for the size of the axis
     * @throws IllegalArgumentException if the indices have another shape or are not whole
     * @throws IndexOutOfBoundsException if the axis does not have one
     */
    public Tensor takeAlong(int axis, Tensor indices) {
        int from0 = shape.axis(axis);
        if (indices.rank() != rank() || !indices.shape.without(from0).equals(shape.without(from0))) {
            throw new IllegalArgumentException("takeAlong needs indices of the tensor's shape in all axes but " + axis + ". Received: "
                    + indices.shape + " for a tensor of shape " + shape);
        }
        int[] positions = AlongAxis.positions(shape, from0, indices.toInts(), indices.dim(from0));
        return reshape(size()).gather(0, positions).reshape(indices.shape.toArray());
    }

    /**
     * The elements in increasing order along an axis, NaN last. The gradient flows to the original place of each element; for
     * decreasing order use {@link #flip} or {@link #topK}.
     *
     * @throws IllegalArgumentException if there is no such axis, or its size is above 2^24
     */
    public Tensor sort(int axis) {
        return takeAlong(axis, argsort(axis));
    }

    /**
     * The indices along an axis that would {@link #sort} it, as a tensor of this shape, see {@link #toInts}; without a gradient.
     * The sort is stable, and 0 equals -0.
     *
     * @throws IllegalArgumentException as {@link #sort}
     */
    public Tensor argsort(int axis) {
        return AlongAxis.order(this, shape.axis(axis), false);
    }

    /**
     * The {@code k} largest elements along an axis in decreasing order, NaN first; among equal elements the first.
     *
     * @throws IllegalArgumentException as {@link #sort}
     * @throws IndexOutOfBoundsException if the axis does not have so many
     */
    public TopK topK(int axis, int k) {
        Tensor indices = AlongAxis.order(this, shape.axis(axis), true).slice(axis, 0, k);
        return new TopK(takeAlong(axis, indices), indices);
    }

    /**
     * The largest elements along an axis, see {@link Tensor#topK}.
     *
     * @param values the elements, differentiable
     * @param indices their indices, for {@link Tensor#takeAlong}
     */
    public record TopK(Tensor values, Tensor indices) {}

    /**
     * The elements in reverse order along these axes, or all axes if none is given.
     *
     * @throws IllegalArgumentException if there is no such axis, or one is named twice
     */
    public Tensor flip(int... axes) {
        Tensor flipped = this;
        for (int axis : Operation.axes(shape, axes)) {
            int last = dim(axis) - 1;
            flipped = flipped.gather(axis, IntStream.rangeClosed(0, last).map(i -> last - i).toArray());
        }
        return flipped;
    }

    /**
     * Each part of an axis several times in a row: {@code numpy.repeat}, PyTorch's {@code repeat_interleave}.
     *
     * @throws IllegalArgumentException if there is no such axis, or {@code times} is negative
     */
    public Tensor repeat(int axis, int times) {
        int from0 = shape.axis(axis);
        Tensor expanded = expandDims(from0 + 1);
        return expanded.broadcastTo(expanded.shape.with(from0 + 1, times))
                .reshape(shape.with(from0, Math.multiplyExact(dim(from0), times)).toArray());
    }

    /**
     * The lower triangles of the matrices in the last two axes; 0 above the diagonal.
     *
     * @param diagonal the last diagonal kept: 0 the main diagonal, 1 the one above it, -1 the one below
     * @throws IllegalArgumentException if there are no two axes
     */
    public Tensor tril(int diagonal) {
        return where(belowDiagonal(diagonal), this, scalar(0));
    }

    /** As {@link #tril}, the upper triangles; {@code diagonal} is the first diagonal kept. */
    public Tensor triu(int diagonal) {
        return where(belowDiagonal(diagonal - 1L), scalar(0), this);
    }

    private Tensor belowDiagonal(long diagonal) {
        if (rank() < 2) {
            throw new IllegalArgumentException("A triangle is of a matrix (..., rows, columns). Received shape: " + shape);
        }
        int cols = dim(-1);
        return generate(i -> i % cols - i / cols <= diagonal ? 1 : 0, dim(-2), cols);
    }

    /**
     * 1 at the position of each label and 0 elsewhere, along a new last axis. The labels are integers from 0. It has no gradient.
     *
     * @throws IllegalArgumentException if an element is not an integer from 0 to {@code classes - 1}
     */
    public Tensor oneHot(int classes) {
        int[] labels = toInts();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("Label " + i + " must be from 0 to " + (classes - 1) + ". Received: "
                        + labels[i]);
            }
        }
        return expandDims(rank()).equal(arange(classes));
    }

    /**
     * The elements in row-major order as ints, such as labels.
     *
     * @throws IllegalArgumentException if one is not an integer, or beyond the range of int
     */
    public int[] toInts() {
        float[] values = toArray();
        int[] whole = new int[values.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (int) values[i];
            if (whole[i] != values[i] || whole[i] == Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Element " + i + " must be a whole number. Received: " + values[i]);
            }
        }
        return whole;
    }

    /**
     * {@code a} where the condition is not 0, else {@code b}; broadcast. The condition and the elements not chosen have no
     * gradient.
     */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return new Operation.Where().apply(condition, a, b);
    }

    // ---------------------------------------------------------------------------------------------- arithmetic

    /** Elementwise {@code this + other}. */
    public Tensor add(Tensor other) {
        return zip(BinaryOp.ADD, other);
    }

    /** Elementwise {@code this + value}. */
    public Tensor add(double value) {
        return add(scalar(value));
    }

    /** Elementwise {@code this - other}. */
    public Tensor subtract(Tensor other) {
        return zip(BinaryOp.SUBTRACT, other);
    }

    /** Elementwise {@code this - value}. */
    public Tensor subtract(double value) {
        return subtract(scalar(value));
    }

    /** Elementwise {@code this * other}. */
    public Tensor multiply(Tensor other) {
        return zip(BinaryOp.MULTIPLY, other);
    }

    /** Elementwise {@code this * value}. */
    public Tensor multiply(double value) {
        return multiply(scalar(value));
    }

    /** Elementwise {@code this / other}. */
    public Tensor divide(Tensor other) {
        return zip(BinaryOp.DIVIDE, other);
    }

    /** Elementwise {@code this / value}. */
    public Tensor divide(double value) {
        return divide(scalar(value));
    }

    /** Elementwise {@code this} to the power of {@code exponent}; NaN for a negative base and a non-integer exponent. */
    public Tensor power(Tensor exponent) {
        return zip(BinaryOp.POWER, exponent);
    }

    /** As {@link #power(Tensor)}, with one exponent. */
    public Tensor power(double exponent) {
        return power(scalar(exponent));
    }

    /** Elementwise maximum; NaN if either is NaN. Equal elements each receive half of the gradient. */
    public Tensor maximum(Tensor other) {
        return zip(BinaryOp.MAXIMUM, other);
    }

    /** As {@link #maximum(Tensor)}. */
    public Tensor maximum(double value) {
        return maximum(scalar(value));
    }

    /** Elementwise minimum; NaN if either is NaN. Equal elements each receive half of the gradient. */
    public Tensor minimum(Tensor other) {
        return zip(BinaryOp.MINIMUM, other);
    }

    /** As {@link #minimum(Tensor)}. */
    public Tensor minimum(double value) {
        return minimum(scalar(value));
    }

    /**
     * Clips each element to {@code min} and {@code max}; NaN stays NaN. Clipped elements have no gradient.
     *
     * @throws IllegalArgumentException if {@code min} is above {@code max}
     */
    public Tensor clip(double min, double max) {
        if (!(min <= max)) {
            throw new IllegalArgumentException("clip needs a minimum up to the maximum. Received: " + min + " and " + max);
        }
        return new Operation.Clip(min, max).apply(this);
    }

    /** 1 where {@code this > other}, else 0; without a gradient, as all comparisons. */
    public Tensor greater(Tensor other) {
        return zip(BinaryOp.GREATER, other);
    }

    /** As {@link #greater(Tensor)}. */
    public Tensor greater(double value) {
        return greater(scalar(value));
    }

    /** 1 where {@code this >= other}, else 0. */
    public Tensor greaterEqual(Tensor other) {
        return zip(BinaryOp.GREATER_EQUAL, other);
    }

    /** As {@link #greaterEqual(Tensor)}. */
    public Tensor greaterEqual(double value) {
        return greaterEqual(scalar(value));
    }

    /** 1 where {@code this < other}, else 0. */
    public Tensor less(Tensor other) {
        return other.greater(this);
    }

    /** As {@link #less(Tensor)}. */
    public Tensor less(double value) {
        return less(scalar(value));
    }

    /** 1 where {@code this <= other}, else 0. */
    public Tensor lessEqual(Tensor other) {
        return other.greaterEqual(this);
    }

    /** As {@link #lessEqual(Tensor)}. */
    public Tensor lessEqual(double value) {
        return lessEqual(scalar(value));
    }

    /** 1 where {@code this == other}, else 0; NaN is not equal to anything. */
    public Tensor equal(Tensor other) {
        return zip(BinaryOp.EQUAL, other);
    }

    /** As {@link #equal(Tensor)}. */
    public Tensor equal(double value) {
        return equal(scalar(value));
    }

    /** 0 where {@code this == other}, else 1. */
    public Tensor notEqual(Tensor other) {
        return equal(other).equal(0);
    }

    /** As {@link #notEqual(Tensor)}. */
    public Tensor notEqual(double value) {
        return notEqual(scalar(value));
    }

    /** 1 where an element is NaN, else 0. */
    public Tensor isNaN() {
        return notEqual(this);
    }

    private Tensor zip(BinaryOp op, Tensor other) {
        return new Operation.Binary(op).apply(this, other);
    }

    /** Elementwise {@code -this}. */
    public Tensor negate() {
        return multiply(-1f);
    }

    /** Elementwise absolute value; its gradient at 0 is 0. */
    public Tensor abs() {
        return map(UnaryOp.ABS);
    }

    /** Elementwise -1, 0 or 1, the sign; without a gradient. */
    public Tensor sign() {
        return map(UnaryOp.SIGN);
    }

    /** Elementwise floor; without a gradient. */
    public Tensor floor() {
        return map(UnaryOp.FLOOR);
    }

    /** Elementwise nearest integer, ties to even, as in NumPy; without a gradient. */
    public Tensor round() {
        Tensor below = floor();
        Tensor fraction = subtract(below);
        Tensor half = below.multiply(0.5);
        Tensor odd = half.subtract(half.floor()).multiply(2);
        Tensor rounded = below.add(where(fraction.equal(0.5), odd, fraction.greater(0.5)));
        return where(rounded, rounded, stopGradient().multiply(0)); // preserves the sign of -0.3
    }

    /** Elementwise square. */
    public Tensor square() {
        return map(UnaryOp.SQUARE);
    }

    /** Elementwise square root. */
    public Tensor sqrt() {
        return map(UnaryOp.SQRT);
    }

    /** Elementwise natural exponential. */
    public Tensor exp() {
        return map(UnaryOp.EXP);
    }

    /** Elementwise natural logarithm. */
    public Tensor log() {
        return map(UnaryOp.LOG);
    }

    /** Elementwise sine. */
    public Tensor sin() {
        return map(UnaryOp.SIN);
    }

    /** Elementwise cosine. */
    public Tensor cos() {
        return map(UnaryOp.COS);
    }

    /** Elementwise error function, {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0. */
    public Tensor erf() {
        return map(UnaryOp.ERF);
    }

    // --------------------------------------------------------------------------------------------- activations

    /** Elementwise {@code max(x, 0)}; its gradient at 0 is 0. */
    public Tensor relu() {
        return map(UnaryOp.RELU);
    }

    /** Elementwise {@code x > 0 ? x : alpha * x}. */
    public Tensor leakyRelu(double alpha) {
        return map(UnaryOp.LEAKY_RELU, alpha);
    }

    /** Elementwise {@code 1 / (1 + exp(-x))}. */
    public Tensor sigmoid() {
        return map(UnaryOp.SIGMOID);
    }

    /** Elementwise hyperbolic tangent. */
    public Tensor tanh() {
        return map(UnaryOp.TANH);
    }

    /** Elementwise {@code log(1 + exp(x))}, without overflow. */
    public Tensor softplus() {
        return map(UnaryOp.SOFTPLUS);
    }

    /** Elementwise {@code x / (1 + |x|)}. */
    public Tensor softsign() {
        return map(UnaryOp.SOFTSIGN);
    }

    /** Elementwise {@code x > 0 ? x : alpha * (exp(x) - 1)}. */
    public Tensor elu(double alpha) {
        return map(UnaryOp.ELU, alpha);
    }

    /** Elementwise scaled {@link #elu}, with the constants of Klambauer et al. (2017). */
    public Tensor selu() {
        return map(UnaryOp.SELU);
    }

    /** Elementwise {@code x} times the cumulative distribution function of the standard normal at {@code x}. */
    public Tensor gelu() {
        return map(UnaryOp.GELU);
    }

    /** Elementwise {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, an approximation of {@link #gelu}. */
    public Tensor geluTanh() {
        return map(UnaryOp.GELU_TANH);
    }

    /** Elementwise {@code x} times {@link #sigmoid}. */
    public Tensor silu() {
        return map(UnaryOp.SILU);
    }

    /** Elementwise {@code x tanh(log(1 + exp(x)))}. */
    public Tensor mish() {
        return map(UnaryOp.MISH);
    }

    /** Elementwise {@code x / 6 + 1 / 2}, clipped to 0 and 1. */
    public Tensor hardSigmoid() {
        return map(UnaryOp.HARD_SIGMOID);
    }

    private Tensor map(UnaryOp op) {
        return map(op, 0);
    }

    private Tensor map(UnaryOp op, double alpha) {
        return new Operation.Unary(op, (float) alpha).apply(this);
    }

    /**
     * Softmax along an axis: {@code exp(x) / sum(exp(x))}, without overflow.
     *
     * @throws IllegalArgumentException if there is no such axis
     */
    public Tensor softmax(int axis) {
        return new Operation.Softmax(shape.axis(axis), false).apply(this);
    }

    /**
     * The logarithm of {@link #softmax}, finite also where the softmax rounds to 0.
     *
     * @throws IllegalArgumentException if there is no such axis
     */
    public Tensor logSoftmax(int axis) {
        return new Operation.Softmax(shape.axis(axis), true).apply(this);
    }

    // ------------------------------------------------------------------------------------------ matrix products

    /**
     * The matrix product over the last two axes: {@code this (..., m, k)} times {@code other (..., k, n)} is {@code (..., m, n)}.
     * Leading axes are broadcast. Transposed views are multiplied without a copy.
     *
     * @throws IllegalArgumentException naming both shapes if they do not fit
     */
    public Tensor matmul(Tensor other) {
        if (rank() > 2 && other.rank() == 2 && dim(-1) == other.dim(0) && dim(-1) > 0) { // one product for all
            return reshape(size() / dim(-1), dim(-1)).matmul(other)
                    .reshape(shape.without(rank() - 1).append(other.dim(1)).toArray());
        }
        return new Operation.MatMul().apply(this, other);
    }

    /**
     * The Einstein summation of {@code numpy.einsum}, with a letter for each axis: {@code "ij,jk->ik"} is the product of two
     * matrices, {@code "bi,bj->bij"} an outer product for each row. Letters missing after {@code ->} are summed over; without
     * {@code ->} the result has the letters that occur once, in alphabetical order.
     *
     * <p>Operands are multiplied from left to right, by {@link #matmul} where a common letter is summed over.
     *
     * @throws IllegalArgumentException if the text and the shapes do not fit each other, or an operand has a letter twice or an
     *     ellipsis, which are not supported
     */
    public static Tensor einsum(String text, Tensor... operands) {
        return Einsum.compute(text, operands);
    }

    /**
     * The solutions {@code x} of {@code this.matmul(x) = right}: of matrices {@code (..., n, n)} and {@code (..., n, k)} or {@code
     * (n)}. Leading axes are broadcast. Computed in double by LU decomposition with partial pivoting.
     *
     * <pre>{@code
     * Tensor x = a.add(Tensor.eye(a.dim(0)).multiply(0.01)).solve(b);   // (n, n), (n) -> (n)
     * }</pre>
     *
     * @throws IllegalArgumentException if the shapes do not fit, or a matrix is singular to the precision of double, naming the
     *     pivot
     */
    public Tensor solve(Tensor right) {
        return right.rank() == 1 ? solve(right.expandDims(1)).squeeze(-1) : new Operation.Solve().apply(this, right);
    }

    /**
     * The inverses of the matrices {@code (..., n, n)}. To multiply by an inverse, {@link #solve} is faster and more precise.
     *
     * @throws IllegalArgumentException as {@link #solve}
     */
    public Tensor inverse() {
        return solve(eye(dim(-1)));
    }

    // ---------------------------------------------------------------------------------------------- reductions

    /**
     * The sums along these axes, which are removed; without axes the sum of all elements, rank 0. {@link Sums} defines the order of
     * summation. To restore an axis with size 1, use {@link #expandDims}.
     *
     * @throws IllegalArgumentException if there is no such axis, or one is named twice
     */
    public Tensor sum(int... axes) {
        return reduce(Operation.Reduction.SUM, axes);
    }

    /** The means along these axes, or of all elements, as {@link #sum}; NaN without elements. */
    public Tensor mean(int... axes) {
        int count = 1;
        for (int axis : Operation.axes(shape, axes)) {
            count *= dim(axis);
        }
        return sum(axes).divide(count);
    }

    /** The means of the squared differences from the {@link #mean}, along these axes or of all elements. */
    public Tensor variance(int... axes) {
        return subtract(mean(axes).expandDims(Operation.axes(shape, axes))).square().mean(axes);
    }

    /**
     * The maxima along these axes, or of all elements, as {@link #sum}; NaN where one is NaN. Equal maxima share the gradient.
     *
     * @throws IllegalArgumentException also if there are no elements
     */
    public Tensor max(int... axes) {
        requireElements("max", axes);
        return reduce(Operation.Reduction.MAX, axes);
    }

    /**
     * The minima along these axes, or of all elements, as {@link #sum}; NaN where one is NaN. Equal minima share the gradient.
     *
     * @throws IllegalArgumentException also if there are no elements
     */
    public Tensor min(int... axes) {
        requireElements("min", axes);
        return reduce(Operation.Reduction.MIN, axes);
    }

    /** The products along these axes, or of all elements, as {@link #sum}; 1 without elements. */
    public Tensor product(int... axes) {
        return reduce(Operation.Reduction.PRODUCT, axes);
    }

    /** The Euclidean norms along these axes, or of all elements, as {@link #sum}; the gradient of a norm of 0 is 0. */
    public Tensor norm(int... axes) {
        return reduce(Operation.Reduction.NORM, axes);
    }

    /** {@code log(sum(exp(x)))} along these axes, or of all elements, as {@link #sum}, without overflow. */
    public Tensor logSumExp(int... axes) {
        Tensor largest = max(axes).stopGradient();
        largest = where(largest.abs().less(Float.POSITIVE_INFINITY), largest, scalar(0));
        return subtract(largest.expandDims(Operation.axes(shape, axes))).exp().sum(axes).log().add(largest);
    }

    /**
     * The cumulative sums along an axis.
     *
     * @throws IllegalArgumentException if there is no such axis
     */
    public Tensor cumulativeSum(int axis) {
        return new Operation.CumulativeSum(shape.axis(axis), false).apply(this);
    }

    /** 1 where any element along these axes, or of the tensor, is not 0, else 0, as {@link #sum}; 0 without elements. NaN is not 0. */
    public Tensor any(int... axes) {
        return notEqual(0).sum(axes).greater(0);
    }

    /** 1 where no element along these axes, or of the tensor, is 0, else 0, as {@link #sum}; 1 without elements. */
    public Tensor all(int... axes) {
        return equal(0).sum(axes).equal(0);
    }

    private Tensor reduce(Operation.Reduction reduction, int... axes) {
        int[] from0 = Operation.axes(shape, axes);
        return new Operation.Reduce(reduction, from0).apply(this);
    }

    /**
     * The indices of the largest elements along an axis, in row-major order of the other axes. Among equal elements, the first
     * index is returned; NaN is the largest.
     *
     * @throws IllegalArgumentException if the axis has size 0
     */
    public int[] argmax(int axis) {
        requireElements("argmax", axis);
        int from0 = shape.axis(axis);
        int[] order = IntStream.range(0, rank()).map(i -> i == rank() - 1 ? from0 : i < from0 ? i : i + 1).toArray();
        Tensor last = transposedView(order).contiguousValues(Memory.FRESH);
        int cols = dim(axis);
        int[] out = new int[size() / cols];
        Backend.sums().rowArgMax(new MatrixView(last.data, last.offset, out.length, cols), out, 0);
        return out;
    }

    private void requireElements(String what, int... axes) {
        for (int axis : Operation.axes(shape, axes)) {
            if (dim(axis) == 0) {
                throw new IllegalArgumentException(what + " along an axis of size 0 has no answer. Received: shape " + shape
                        + ", axis " + axis);
            }
        }
    }

    // ----------------------------------------------------------------------------------------------- comparing

    /** Whether shapes are equal and every element is within {@code atol + rtol * |expected|}; NaN equals NaN. */
    public boolean allClose(Tensor expected, double rtol, double atol) {
        if (!shape.equals(expected.shape)) {
            return false;
        }
        float[] a = toArray();
        float[] b = expected.toArray();
        for (int i = 0; i < a.length; i++) {
            boolean same = Float.compare(a[i], b[i]) == 0 || a[i] == b[i];
            boolean finite = Float.isFinite(a[i]) && Float.isFinite(b[i]);
            if (!same && !(finite && Math.abs((double) a[i] - b[i]) <= atol + rtol * Math.abs((double) b[i]))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the other object is a tensor of the same shape and the same elements, compared as {@link Float#equals} does: NaN
     * equals NaN, and 0 differs from -0. A {@link Variable} equals only itself.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor t && !(t instanceof Variable) && shape.equals(t.shape)
                && Arrays.equals(toArray(), t.toArray());
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(toArray());
    }

    /** The shape and the elements in nested brackets; large tensors are abbreviated to the first and last elements of each axis. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("Tensor").append(shape).append(' ');
        append(out, 0, offset, size() > SHOWN_WHOLE);
        return out.toString();
    }

    private void append(StringBuilder out, int axis, int at, boolean shorten) {
        if (axis == rank()) {
            out.append(data[at]);
            return;
        }
        int n = shape.dim(axis);
        String separator = axis == rank() - 1 ? ", " : ",\n" + " ".repeat(axis + 1);
        out.append('[');
        for (int i = 0; i < n; i++) {
            if (i > 0) {
                out.append(separator);
            }
            if (shorten && n > SHOWN && i == SHOWN / 2) {
                out.append("...");
                i = n - SHOWN / 2 - 1;
            } else {
                append(out, axis + 1, at + i * strides[axis], shorten);
            }
        }
        out.append(']');
    }
}

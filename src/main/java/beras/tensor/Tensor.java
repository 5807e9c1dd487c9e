package beras.tensor;

import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.Elements;
import beras.kernels.MatrixView;
import beras.kernels.Sums;
import beras.kernels.UnaryOp;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * An n-dimensional array of {@code float}: a flat buffer with a shape, strides and an offset.
 *
 * <p>{@link #reshape}, {@link #transpose}, {@link #slice} and {@link #broadcastTo} give views that share the buffer;
 * arithmetic gives new, row-major tensors. Nothing here writes into a tensor after its creation (only
 * {@link Variable#assign} and the owner of a {@linkplain #wrap wrapped} array do), so tensors may be read by any number of
 * threads.
 *
 * <p>Elementwise operations broadcast as in NumPy. Sizes may be 0. No operation here is recorded by a gradient tape: what it
 * gives is a constant there, see {@code beras.autograd.GradientTape}.
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
    private MatrixView block; // made when it is first asked for, as the next
    private MatrixView row;

    Tensor(float[] data, int offset, Shape shape, int[] strides) {
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

    // ------------------------------------------------------------------------------------------------ creation

    /**
     * A row-major tensor over {@code data} itself: no copy, what is written to the array shows in the tensor.
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

    /** A tensor of rank 1 of these whole numbers; those beyond 2^24 are rounded to floats. */
    public static Tensor of(int... values) {
        return NestedArrays.copy(values);
    }

    /**
     * A tensor copied from arrays within arrays, with an axis for each level: a {@code float[][]}, {@code double[][]} or
     * {@code int[][]} gives shape {@code (rows, columns)}, a {@code float[][][]} three axes, and so on. Numbers are rounded to
     * floats.
     *
     * @throws IllegalArgumentException if the elements are no float, double or int, the arrays along an axis have different
     *     lengths, one is null, or a finite number is beyond the range of float
     */
    public static Tensor of(Object[] nested) {
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

    /** A tensor of one value throughout. */
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

    /** Whether the elements lie in {@link #data} in row-major order without gaps. */
    public boolean isContiguous() {
        return contiguous;
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
        int at = offset;
        for (int i = 0; fits && i < index.length; i++) {
            fits = index[i] >= 0 && index[i] < shape.dim(i);
            at += index[i] * strides[i];
        }
        if (!fits) {
            throw new IndexOutOfBoundsException("Index " + Arrays.toString(index) + " is not in a tensor of shape " + shape);
        }
        return data[at];
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
        int[] index = new int[rank()];
        for (int done = 0; done < size(); done += inner) {
            int at = start(index);
            for (int i = 0; i < inner; i++) {
                out[outOffset + done + i] = data[at + i * step];
            }
            nextRow(index);
        }
    }

    private int start(int[] index) {
        int at = offset;
        for (int i = 0; i < index.length; i++) {
            at += index[i] * strides[i];
        }
        return at;
    }

    /** Advances an index over all axes but the last, like an odometer. */
    private void nextRow(int[] index) {
        for (int axis = rank() - 2; axis >= 0 && ++index[axis] == shape.dim(axis); axis--) {
            index[axis] = 0;
        }
    }

    // --------------------------------------------------------------------------------------------------- views

    /** This tensor if {@linkplain #isContiguous contiguous}, else a row-major copy. */
    public Tensor contiguous() {
        return contiguous ? this : wrap(toArray(), shape);
    }

    /** A row-major copy with memory of its own. */
    public Tensor copy() {
        return wrap(toArray(), shape);
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
        Tensor source = contiguous();
        return new Tensor(source.data, source.offset, target, target.strides());
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

    /** A view with the order of the axes reversed: of a matrix, its transpose. */
    public Tensor transpose() {
        int[] axes = new int[rank()];
        Arrays.setAll(axes, i -> axes.length - 1 - i);
        return transpose(axes);
    }

    /**
     * A view whose axis {@code i} is this tensor's axis {@code axes[i]}.
     *
     * @throws IllegalArgumentException if {@code axes} is not a permutation of all axes
     */
    public Tensor transpose(int... axes) {
        boolean[] seen = new boolean[rank()];
        boolean permutation = axes.length == rank();
        for (int axis : axes) {
            permutation = permutation && axis >= 0 && axis < rank() && !seen[axis];
            if (permutation) {
                seen[axis] = true;
            }
        }
        if (!permutation) {
            throw new IllegalArgumentException(
                    "The axes of shape " + shape + " cannot be put in the order " + Arrays.toString(axes));
        }
        int[] sizes = new int[rank()];
        int[] steps = new int[rank()];
        for (int i = 0; i < axes.length; i++) {
            sizes[i] = shape.dim(axes[i]);
            steps[i] = strides[axes[i]];
        }
        return new Tensor(data, offset, Shape.of(sizes), steps);
    }

    /**
     * A view of the rows {@code from} (inclusive) to {@code to} (exclusive) of the first axis.
     *
     * @throws IndexOutOfBoundsException if the range does not fit
     */
    public Tensor slice(int from, int to) {
        if (rank() == 0 || from < 0 || from > to || to > dim(0)) {
            throw new IndexOutOfBoundsException("Rows " + from + " to " + to + " are not in a tensor of shape " + shape);
        }
        int[] sizes = shape.toArray();
        sizes[0] = to - from;
        boolean empty = from == to || size() == 0; // the row after the last of a view may lie outside the buffer
        return new Tensor(data, offset + (empty ? 0 : from * strides[0]), Shape.of(sizes), strides);
    }

    /**
     * A view repeated along axes of size 1 (or missing in front) to the given shape.
     *
     * @throws IllegalArgumentException if the shape does not {@linkplain Shape#broadcast broadcast} to it
     */
    public Tensor broadcastTo(Shape target) {
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
        return new Tensor(data, offset, target, steps);
    }

    // ---------------------------------------------------------------------------------------------- arithmetic

    /** Elementwise {@code this + other}. */
    public Tensor add(Tensor other) {
        return zip(BinaryOp.ADD, other);
    }

    /** Elementwise {@code this - other}. */
    public Tensor subtract(Tensor other) {
        return zip(BinaryOp.SUBTRACT, other);
    }

    /** Elementwise {@code this * other}. */
    public Tensor multiply(Tensor other) {
        return zip(BinaryOp.MULTIPLY, other);
    }

    /** Elementwise {@code this / other}. */
    public Tensor divide(Tensor other) {
        return zip(BinaryOp.DIVIDE, other);
    }

    /** Elementwise larger of the two; NaN wins. */
    public Tensor maximum(Tensor other) {
        return zip(BinaryOp.MAXIMUM, other);
    }

    /** Elementwise smaller of the two; NaN wins. */
    public Tensor minimum(Tensor other) {
        return zip(BinaryOp.MINIMUM, other);
    }

    /** Elementwise {@code this + value}. */
    public Tensor add(double value) {
        return add(scalar(value));
    }

    /** Elementwise {@code this - value}. */
    public Tensor subtract(double value) {
        return subtract(scalar(value));
    }

    /** Elementwise {@code this * value}. */
    public Tensor multiply(double value) {
        return multiply(scalar(value));
    }

    /** Elementwise {@code this / value}. */
    public Tensor divide(double value) {
        return divide(scalar(value));
    }

    private Tensor zip(BinaryOp op, Tensor other) {
        Tensor out = zeros(shape.broadcast(other.shape));
        if (out.size() == 0) {
            return out;
        }
        Elements elements = Backend.elements();
        boolean whole = contiguous && (size() == 1 || size() == out.size());
        boolean otherWhole = other.contiguous && (other.size() == 1 || other.size() == out.size());
        if (whole && otherWhole) {
            elements.zip(op, block(), other.block(), out.block());
            return out;
        }
        Tensor a = withPlainRows().broadcastTo(out.shape);
        Tensor b = other.withPlainRows().broadcastTo(out.shape);
        int inner = out.dim(-1);
        int[] index = new int[out.rank()];
        for (int done = 0; done < out.size(); done += inner) {
            elements.zip(op, a.rowBlock(index), b.rowBlock(index), new MatrixView(out.data, done, 1, inner));
            out.nextRow(index);
        }
        return out;
    }

    /** The row at an index, or the one number that stands for each of it. */
    private MatrixView rowBlock(int[] index) {
        return new MatrixView(data, start(index), 1, lastStep() == 0 ? 1 : dim(-1));
    }

    private int lastStep() {
        return dim(-1) == 1 ? 0 : strides[rank() - 1];
    }

    /** This tensor, or a copy whose step along the last axis is 1. */
    private Tensor withPlainRows() {
        return rank() == 0 || lastStep() <= 1 ? this : contiguous();
    }

    /** Elementwise {@code -this}. */
    public Tensor negate() {
        return multiply(-1f);
    }

    /** Elementwise natural exponential. */
    public Tensor exp() {
        return map(UnaryOp.EXP);
    }

    /** Elementwise natural logarithm. */
    public Tensor log() {
        return map(UnaryOp.LOG);
    }

    /** Elementwise square root. */
    public Tensor sqrt() {
        return map(UnaryOp.SQRT);
    }

    /** Elementwise hyperbolic tangent. */
    public Tensor tanh() {
        return map(UnaryOp.TANH);
    }

    private Tensor map(UnaryOp op) {
        Tensor out = zeros(shape);
        Tensor in = contiguous();
        Backend.elements().map(op, 0f, in.block(), out.block());
        return out;
    }

    /**
     * The matrix product of {@code this (m, k)} and {@code other (k, n)}: {@code (m, n)}. Transposed views are multiplied
     * without a copy.
     *
     * @throws IllegalArgumentException naming both shapes if they do not fit
     */
    public Tensor matmul(Tensor other) {
        if (rank() != 2 || other.rank() != 2 || dim(1) != other.dim(0)) {
            throw new IllegalArgumentException("matmul needs shapes (m, k) and (k, n). Received: " + shape + " and "
                    + other.shape);
        }
        Tensor out = zeros(dim(0), other.dim(1));
        Tensor a = asMatrix();
        Tensor b = other.asMatrix();
        Backend.products().gemm(a.isTransposed(), b.isTransposed(), a.matrix(), b.matrix(), out.matrix());
        return out;
    }

    /** This matrix, or a copy of it with one axis of stride 1 and no overlapping rows. */
    private Tensor asMatrix() {
        boolean rows = strides[1] == 1 && strides[0] >= dim(1);
        boolean columns = strides[0] == 1 && strides[1] >= dim(0);
        return rows || columns ? this : contiguous();
    }

    private boolean isTransposed() {
        return !(strides[1] == 1 && strides[0] >= dim(1)) && !contiguous;
    }

    /** The rows as they are stored: the columns, if this is transposed. */
    private MatrixView matrix() {
        if (contiguous) {
            return size() == 0 ? new MatrixView(data, 0, dim(0), dim(1)) : block();
        }
        return isTransposed() ? new MatrixView(data, offset, dim(1), dim(0), strides[1]) : new MatrixView(data, offset, dim(0),
                dim(1), strides[0]);
    }

    // ---------------------------------------------------------------------------------------------- reductions

    /** The sum of all elements, rank 0; the order of summation is that of {@link Sums}. */
    public Tensor sum() {
        return reshape(size()).sum(0);
    }

    /** The mean of all elements, rank 0; NaN if there are none. */
    public Tensor mean() {
        return sum().divide(size());
    }

    /**
     * The largest element, rank 0; NaN if one is NaN.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Tensor max() {
        return reshape(size()).max(0);
    }

    /** The sums along an axis, which disappears. */
    public Tensor sum(int axis) {
        return reduce(axis, true);
    }

    /** The means along an axis, which disappears; NaN if its size is 0. */
    public Tensor mean(int axis) {
        return sum(axis).divide(dim(axis));
    }

    /**
     * The largest elements along an axis, which disappears; NaN where one is NaN.
     *
     * @throws IllegalArgumentException if the axis has size 0
     */
    public Tensor max(int axis) {
        requireElements("max", axis);
        return reduce(axis, false);
    }

    /**
     * The indices of the largest elements along an axis, in row-major order of the other axes. The first of equal ones
     * counts; NaN counts as largest.
     *
     * @throws IllegalArgumentException if the axis has size 0
     */
    public int[] argmax(int axis) {
        requireElements("argmax", axis);
        int from0 = shape.axis(axis);
        int[] order = new int[rank()];
        for (int i = 0, j = 0; i < order.length; i++) {
            if (i != from0) {
                order[j++] = i;
            }
        }
        order[order.length - 1] = from0;
        Tensor last = transpose(order).contiguous();
        int cols = dim(axis);
        int[] out = new int[size() / cols];
        Backend.sums().rowArgMax(new MatrixView(last.data, last.offset, out.length, cols), out, 0);
        return out;
    }

    private void requireElements(String what, int axis) {
        if (dim(axis) == 0) {
            throw new IllegalArgumentException(what + " along an axis of size 0 has no answer. Received: shape " + shape
                    + ", axis " + axis);
        }
    }

    private Tensor reduce(int axis, boolean sum) {
        int from0 = shape.axis(axis);
        int length = shape.dim(from0);
        int outer = 1;
        for (int i = 0; i < from0; i++) {
            outer *= shape.dim(i);
        }
        int inner = 1;
        for (int i = from0 + 1; i < rank(); i++) {
            inner *= shape.dim(i);
        }
        Tensor out = zeros(shape.without(from0));
        Tensor in = contiguous();
        Sums sums = Backend.sums();
        if (inner == 1) {
            MatrixView rows = new MatrixView(in.data, in.offset, outer, length);
            if (sum) {
                sums.rowSums(rows, new MatrixView(out.data));
            } else {
                sums.rowMaxima(rows, new MatrixView(out.data));
            }
            return out;
        }
        for (int i = 0; i < outer; i++) {
            MatrixView rows = new MatrixView(in.data, in.offset + i * length * inner, length, inner);
            MatrixView each = new MatrixView(out.data, i * inner, 1, inner);
            if (sum) {
                sums.columnSums(rows, each);
            } else {
                sums.columnMaxima(rows, each);
            }
        }
        return out;
    }

    // ----------------------------------------------------------------------------------------------- comparing

    /** Whether shapes agree and every element is within {@code atol + rtol * |expected|}; NaN agrees with NaN. */
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
     * Whether the other object is a tensor of the same shape and the same elements, compared as {@link Float#equals} does:
     * NaN equals NaN, and 0 differs from -0. A {@link Variable} equals itself alone.
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

    /** The shape and the elements in nested brackets; of large tensors the first and last of each axis. */
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

package beras.tensor;

import java.util.Arrays;

/**
 * The sizes of a tensor's axes, outermost first; {@code ()} is the shape of a single number.
 *
 * <p>Immutable. Sizes may be 0. The product of the sizes fits an {@code int}.
 */
public final class Shape {

    private final int[] sizes;
    private final int size;

    private Shape(int[] sizes) {
        this.sizes = sizes;
        long product = 1;
        boolean empty = false;
        for (int s : sizes) {
            if (s < 0) {
                throw new IllegalArgumentException("The sizes of a shape must be at least 0. Received: " + this);
            }
            empty |= s == 0;
            product = Math.min(product * s, Integer.MAX_VALUE + 1L);
        }
        if (product > Integer.MAX_VALUE && !empty) {
            throw new IllegalArgumentException("A tensor holds at most " + Integer.MAX_VALUE + " elements. Received shape: "
                    + this);
        }
        this.size = empty ? 0 : (int) product;
    }

    /**
     * A shape with these sizes.
     *
     * @throws IllegalArgumentException if a size is negative or their product does not fit an {@code int}
     */
    public static Shape of(int... sizes) {
        return new Shape(sizes.clone());
    }

    /** The number of axes. */
    public int rank() {
        return sizes.length;
    }

    /** The number of elements: the product of all sizes, 1 for rank 0. */
    public int size() {
        return size;
    }

    /**
     * The size of an axis; negative axes count from the last, -1.
     *
     * @throws IllegalArgumentException if there is no such axis
     */
    public int dim(int axis) {
        return sizes[axis(axis)];
    }

    /** {@code axis} as a number from 0, negative numbers counted from the end; throws if it does not exist. */
    int axis(int axis) {
        int from0 = axis < 0 ? axis + sizes.length : axis;
        if (from0 < 0 || from0 >= sizes.length) {
            throw new IllegalArgumentException("Shape " + this + " has no axis " + axis);
        }
        return from0;
    }

    /** The sizes, as a new array. */
    public int[] toArray() {
        return sizes.clone();
    }

    /** Whether this shape has exactly these sizes. */
    public boolean is(int... expected) {
        return Arrays.equals(sizes, expected);
    }

    /** The shape with a leading axis of size {@code count}. */
    public Shape prepend(int count) {
        int[] more = new int[sizes.length + 1];
        more[0] = count;
        System.arraycopy(sizes, 0, more, 1, sizes.length);
        return new Shape(more);
    }

    /**
     * The shape of one row: all axes but the first.
     *
     * @throws IllegalArgumentException if there is no axis
     */
    public Shape rest() {
        return without(axis(0));
    }

    /** The shape with further axes at the end. */
    public Shape append(int... more) {
        int[] all = Arrays.copyOf(sizes, sizes.length + more.length);
        System.arraycopy(more, 0, all, sizes.length, more.length);
        return new Shape(all);
    }

    /** The shape with another size of one axis. */
    public Shape with(int axis, int newSize) {
        int[] changed = sizes.clone();
        changed[axis] = newSize;
        return new Shape(changed);
    }

    /** Advances an index, the last axis first, like an odometer. */
    void next(int[] index) {
        for (int axis = sizes.length - 1; axis >= 0 && ++index[axis] == sizes[axis]; axis--) {
            index[axis] = 0;
        }
    }

    Shape without(int axis) {
        int[] rest = new int[sizes.length - 1];
        System.arraycopy(sizes, 0, rest, 0, axis);
        System.arraycopy(sizes, axis + 1, rest, axis, rest.length - axis);
        return new Shape(rest);
    }

    /**
     * The shape of an elementwise operation on two tensors by NumPy's rule: axes are matched from the last; sizes must be
     * equal, or one of them 1 or missing.
     *
     * @throws IllegalArgumentException naming both shapes if they do not fit
     */
    public Shape broadcast(Shape other) {
        if (Arrays.equals(sizes, other.sizes)) {
            return this;
        }
        int rank = Math.max(sizes.length, other.sizes.length);
        int[] result = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int a = i <= sizes.length ? sizes[sizes.length - i] : 1;
            int b = i <= other.sizes.length ? other.sizes[other.sizes.length - i] : 1;
            if (a != b && a != 1 && b != 1) {
                throw new IllegalArgumentException("Shapes " + this + " and " + other + " do not broadcast: axis -" + i + " is "
                        + a + " against " + b + ", and neither is 1");
            }
            result[rank - i] = a == 1 ? b : a;
        }
        return new Shape(result);
    }

    /** Row-major strides: elements to skip per step along each axis. */
    int[] strides() {
        int[] strides = new int[sizes.length];
        int step = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= Math.max(1, sizes[i]);
        }
        return strides;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** As Python writes a tuple: {@code ()}, {@code (5,)}, {@code (2, 3)}. */
    @Override
    public String toString() {
        String inside = Arrays.toString(sizes);
        return "(" + inside.substring(1, inside.length() - 1) + (sizes.length == 1 ? ",)" : ")");
    }
}

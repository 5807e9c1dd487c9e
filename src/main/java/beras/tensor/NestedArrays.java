package beras.tensor;

import java.lang.reflect.Array;
import java.util.Arrays;

/** Copies arrays of float, double or int, of any depth, into tensors. */
final class NestedArrays {

    private final int[] sizes;
    private final float[] data;
    private final int[] index; // of the array that is copied
    private int done;

    private NestedArrays(int[] sizes, int size) {
        this.sizes = sizes;
        this.data = new float[size];
        this.index = new int[sizes.length];
    }

    /**
     * A row-major tensor with an axis for each level of the array.
     *
     * @throws IllegalArgumentException if the elements are of another type, the arrays of an axis have different lengths, one is
     *     null, or a number is beyond the range of float
     */
    static Tensor copy(Object array) {
        int[] sizes = new int[rank(array)];
        Object first = array;
        for (int axis = 0; axis < sizes.length && first != null; axis++) {
            sizes[axis] = Array.getLength(first);
            first = sizes[axis] == 0 || axis == sizes.length - 1 ? null : Array.get(first, 0);
        }
        Shape shape = Shape.of(sizes);
        NestedArrays copy = new NestedArrays(sizes, shape.size());
        copy.add(array, 0);
        return Tensor.wrap(copy.data, shape);
    }

    private static int rank(Object array) {
        int rank = 0;
        Class<?> element = array == null ? Object.class : array.getClass();
        while (element.isArray()) {
            element = element.getComponentType();
            rank++;
        }
        if (element != float.class && element != double.class && element != int.class) {
            throw new IllegalArgumentException("A tensor is made of arrays of float, double or int. Received: "
                    + (array == null ? "null" : array.getClass().getSimpleName()));
        }
        return rank;
    }

    private void add(Object array, int axis) {
        int length = array == null ? -1 : Array.getLength(array);
        if (length != sizes[axis]) {
            String here = place(Arrays.copyOf(index, axis));
            throw new IllegalArgumentException("The arrays of a tensor must have one length along each axis. Received: "
                    + (array == null ? "null at " + here
                            : "length " + sizes[axis] + " at " + place(new int[axis]) + ", length " + length + " at " + here));
        }
        if (array instanceof Object[] inner) {
            for (int i = 0; i < length; i++) {
                index[axis] = i;
                add(inner[i], axis + 1);
            }
        } else if (array instanceof float[] floats) {
            System.arraycopy(floats, 0, data, done, length);
            done += length;
        } else if (array instanceof double[] doubles) {
            for (double number : doubles) {
                data[done++] = narrowed(number);
            }
        } else if (array instanceof int[] whole) {
            for (int number : whole) {
                data[done++] = number;
            }
        }
    }

    private static float narrowed(double number) {
        float narrow = (float) number;
        if (Float.isInfinite(narrow) && !Double.isInfinite(number)) {
            throw new IllegalArgumentException("A number of a tensor must be from " + -Float.MAX_VALUE + " to " + Float.MAX_VALUE
                    + ", the range of float. Received: " + number);
        }
        return narrow;
    }

    private static String place(int... path) {
        StringBuilder text = new StringBuilder();
        for (int i : path) {
            text.append('[').append(i).append(']');
        }
        return text.toString();
    }
}

package beras.tensor;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Copies numbers and booleans, in arrays and lists of any depth, into tensors. */
final class NestedArrays {

    private final int[] sizes;
    private final float[] data;
    private final int[] index; // of the current element
    private int done;

    private NestedArrays(int[] sizes, int size) {
        this.sizes = sizes;
        this.data = new float[size];
        this.index = new int[sizes.length];
    }

    /**
     * A row-major tensor with an axis for each level of arrays and lists.
     *
     * @throws IllegalArgumentException as {@link Tensor#copyOf}
     */
    static Tensor copy(Object nested) {
        Shape shape = Shape.of(sizes(nested, Object.class).toArray());
        NestedArrays copy = new NestedArrays(shape.toArray(), shape.size());
        copy.add(nested, 0);
        return Tensor.wrap(copy.data, shape);
    }

    /** The sizes along the first elements; if the first is missing or null, the declared type defines the inner levels. */
    private static IntStream sizes(Object nested, Class<?> declared) {
        if (nested == null) {
            return declared.isArray() ? IntStream.concat(IntStream.of(0), sizes(null, declared.getComponentType())) : IntStream.of();
        }
        int length = length(nested);
        if (length < 0) {
            return IntStream.of();
        }
        Class<?> within = nested.getClass().isArray() ? nested.getClass().getComponentType() : Object.class;
        Object first = length == 0 ? null : nested instanceof List<?> list ? list.get(0) : Array.get(nested, 0);
        return IntStream.concat(IntStream.of(length), sizes(first, within));
    }

    /** The length of an array or list; -1 for any other object. */
    private static int length(Object nested) {
        return nested instanceof List<?> list ? list.size() : nested != null && nested.getClass().isArray() ? Array.getLength(nested) : -1;
    }

    private void add(Object nested, int axis) {
        if (axis == sizes.length) {
            data[done++] = number(nested);
            return;
        }
        int length = length(nested);
        if (length != sizes[axis]) {
            throw uneven(nested, length, axis);
        }
        Object[] elements = nested instanceof List<?> list ? list.toArray() : nested instanceof Object[] array ? array : null;
        boolean innermost = axis == sizes.length - 1;
        if (innermost && nested instanceof float[] floats) {
            System.arraycopy(floats, 0, data, done, length);
            done += length;
            return;
        }
        for (int i = 0; i < length; i++) {
            index[axis] = i;
            if (innermost && nested instanceof double[] doubles) {
                data[done++] = narrowed(doubles[i]);
            } else if (innermost && nested instanceof int[] ints) {
                data[done++] = whole(ints[i]);
            } else if (innermost && nested instanceof long[] longs) {
                data[done++] = whole(longs[i]);
            } else {
                add(elements != null ? elements[i] : Array.get(nested, i), axis + 1);
            }
        }
    }

    private IllegalArgumentException uneven(Object nested, int length, int axis) {
        String here = place(axis);
        return new IllegalArgumentException("The arrays of a tensor must have one length along each axis. Received: "
                + (nested == null ? "null at " + here : length < 0 ? nested.getClass().getSimpleName() + " at " + here
                        : "length " + sizes[axis] + " at " + "[0]".repeat(axis) + ", length " + length + " at " + here));
    }

    private float number(Object value) {
        if (value instanceof Float number) {
            return number;
        } else if (value instanceof Double number) {
            return narrowed(number);
        } else if (value instanceof Integer || value instanceof Long) {
            return whole(((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        } else if (value instanceof Byte number) {
            if (number < 0) {
                throw new IllegalArgumentException("A byte of a tensor must be from 0 to 127, as those of Java have a sign. Received: "
                        + number + here() + ". Give an int[]: of (b & 0xff) where bytes from 0 to 255 are meant, else of the same numbers");
            }
            return number;
        }
        throw new IllegalArgumentException("A tensor is made of float, double, int, long, byte or boolean, in arrays or lists. Received: "
                + (value == null ? "null" : value.getClass().getSimpleName()) + here());
    }

    private float narrowed(double number) {
        float narrow = (float) number;
        if (Float.isInfinite(narrow) && !Double.isInfinite(number)) {
            throw new IllegalArgumentException("A number of a tensor must be from " + -Float.MAX_VALUE + " to " + Float.MAX_VALUE
                    + ", the range of float. Received: " + number + here());
        }
        return narrow;
    }

    private float whole(long number) {
        float narrow = number;
        if ((long) narrow != number || number == Long.MAX_VALUE) { // to which 2^63 is cut
            throw new IllegalArgumentException("A whole number of a tensor must be one that float has, as all from -2^24 to 2^24 are."
                    + " Received: " + number + here() + ". Number labels from 0; subtract an origin from times and the like, or give"
                    + " doubles, which are rounded");
        }
        return narrow;
    }

    private String here() {
        return sizes.length == 0 ? "" : " at " + place(sizes.length);
    }

    /** The index of the current element, along the first axes. */
    private String place(int axes) {
        return Arrays.stream(index, 0, axes).mapToObj(i -> "[" + i + "]").collect(Collectors.joining());
    }
}

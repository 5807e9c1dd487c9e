package beras.feed;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Examples that a model accepts although their shape differs, and the messages for all others. */
public final class ExampleShapes {

    /** Whether examples match an expected shape, in which an axis of size 0 matches any size. */
    public static boolean fits(Shape given, Shape wanted) {
        boolean fits = given.rank() == wanted.rank();
        for (int axis = 0; fits && axis < given.rank(); axis++) {
            fits = wanted.dim(axis) == 0 || given.dim(axis) == wanted.dim(axis);
        }
        return fits;
    }

    /**
     * Whether examples of a shape are accepted for another, in row-major order: rows of the same size, such as {@code (784)} as
     * {@code (28, 28, 1)}; and, as in Keras, shapes that differ by a last axis of size 1. Not rows as images of several channels:
     * files are often channels-first, and the error would be silent.
     */
    public static boolean readsAs(Shape given, Shape wanted) {
        return fits(given, wanted) || given.size() == wanted.size()
                && (given.rank() <= 1 && !hasChannels(wanted) || withoutLastOne(given).equals(withoutLastOne(wanted)));
    }

    private static boolean hasChannels(Shape image) {
        return image.rank() == 3 && image.dim(-1) > 1;
    }

    private static Shape withoutLastOne(Shape shape) {
        return shape.rank() > 0 && shape.dim(-1) == 1 ? Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 1)) : shape;
    }

    /**
     * The batch with examples of a shape, as a view if it {@linkplain #readsAs reads as} them.
     *
     * @throws IllegalArgumentException if it does not, with a remedy
     */
    public static Tensor read(Tensor batch, Shape wanted) {
        Shape shape = batch.shape();
        if (shape.rank() > 0 && fits(shape.rest(), wanted)) {
            return batch;
        }
        if (shape.rank() > 0 && readsAs(shape.rest(), wanted)) {
            return batch.reshape(wanted.prepend(shape.dim(0)).toArray());
        }
        String cure = shape.equals(wanted) ? ". For one example: " + reshape("1", wanted)
                : shape.rank() == 0 ? "" : cure(shape.rest(), wanted);
        throw new IllegalArgumentException("This model takes inputs " + batch(wanted) + ". Received: "
                + (shape.rank() == 0 ? "a single number" : shape) + cure);
    }

    /**
     * The shape of a batch of such examples for messages: {@code (batch, 28, 28, 1)}; {@code (batch)} for single numbers, {@code
     * any} for open axes.
     */
    public static String batch(Shape example) {
        return Arrays.stream(example.toArray()).mapToObj(size -> ", " + (size == 0 ? "any" : size)).collect(Collectors.joining("", "(batch", ")"));
    }

    /** The conversion of inputs from one shape to another, as the end of a message; empty if none is known. */
    public static String cure(Shape given, Shape wanted) {
        if (given.size() == wanted.size() && given.rank() == 1 && hasChannels(wanted)) {
            return ". If the channels of a pixel stand together: " + reshape("-1", wanted) + ", or begin the model with new Input("
                    + given.size() + "), new Reshape(" + sizes(wanted) + "). If one channel stands behind the other: "
                    + reshape("-1", Shape.of(wanted.dim(2), wanted.dim(0), wanted.dim(1))) + ".transpose(0, 2, 3, 1)";
        }
        if (given.size() == wanted.size()) {
            boolean channelsFirst = given.rank() == 3 && wanted.is(given.dim(1), given.dim(2), given.dim(0));
            return channelsFirst ? ". Channels come last: x.transpose(0, 2, 3, 1)"
                    : ". Reshape them: " + reshape("-1", wanted)
                            + (wanted.rank() > 1 ? "" : ", or begin the model with new Input(" + sizes(given) + "), new Flatten()");
        }
        return wanted.size() == 0 ? "" : given.rank() == 1 && wanted.rank() == 1
                ? ". The columns must be the " + wanted.size() + " that the model was made for, not " + given.size()
                : ". The model was made for examples of " + wanted.size() + " numbers, not of " + given.size()
                        + (given.rank() == 0 ? "" : ": give such, or begin it with new Input(" + sizes(given) + ")");
    }

    private static String reshape(String count, Shape example) {
        return "x.reshape(" + count + ", " + sizes(example) + ")";
    }

    /** The sizes of a shape as arguments of a method, such as {@code 28, 28, 1}. */
    public static String sizes(Shape shape) {
        return Arrays.stream(shape.toArray()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }

    private ExampleShapes() {}
}

package beras.feed;

import beras.tensor.Shape;
import java.util.List;

/** One example as flat arrays, row-major, whose contents may be changed: the element of a {@link Dataset}. */
public final class Example {

    private final float[][] inputs;
    private final float[][] targets;
    private float weight = 1f;

    /** An example of zeros with weight 1. */
    public Example(ExampleSpec spec) {
        inputs = arrays(spec.inputs());
        targets = arrays(spec.targets());
    }

    /** An example over these arrays, not copies: one input and one target, row-major, with weight 1. */
    public static Example of(float[] input, float[] target) {
        return new Example(new float[][] {input}, new float[][] {target});
    }

    private Example(float[][] inputs, float[][] targets) {
        this.inputs = inputs;
        this.targets = targets;
    }

    private static float[][] arrays(List<Shape> shapes) {
        return shapes.stream().map(shape -> new float[shape.size()]).toArray(float[][]::new);
    }

    /** The array of input {@code i} itself. */
    public float[] input(int i) {
        return inputs[i];
    }

    /** The array of target {@code i} itself. */
    public float[] target(int i) {
        return targets[i];
    }

    /** The sample weight; initially 1. */
    public float weight() {
        return weight;
    }

    /** Says how much it counts. */
    public void weight(double newWeight) {
        weight = (float) newWeight;
    }

    /**
     * Copies the contents of another example of the same shapes.
     *
     * @throws IllegalArgumentException if it has other numbers of inputs, targets or elements; its contents are then partly copied
     */
    public void copyFrom(Example other) {
        copy("inputs", other.inputs, inputs);
        copy("targets", other.targets, targets);
        weight = other.weight;
    }

    private static void copy(String what, float[][] from, float[][] to) {
        if (from.length != to.length) {
            throw new IllegalArgumentException("An example has " + to.length + " " + what + ". Received: " + from.length);
        }
        for (int i = 0; i < to.length; i++) {
            if (from[i].length != to[i].length) {
                throw new IllegalArgumentException("An example has " + to[i].length + " numbers as number " + i + " of its " + what
                        + ". Received: " + from[i].length);
            }
            System.arraycopy(from[i], 0, to[i], 0, to[i].length);
        }
    }
}

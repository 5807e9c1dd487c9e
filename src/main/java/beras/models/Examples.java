package beras.models;

import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * A finite set of examples that can be read in any order, a batch at a time; so data may stay in memory in a smaller form,
 * such as bytes, and become floats batch by batch. Reading must be safe in several threads.
 */
public interface Examples {

    /** The number of examples. */
    int count();

    /** The shape of one input. */
    Shape inputShape();

    /** The shape of one target, such as {@code (10,)} for one-hot labels of ten classes. */
    Shape targetShape();

    /**
     * Writes the inputs of the examples {@code order[from] ... order[to - 1]} to {@code inputs}, one after the other from
     * index 0, and their targets to {@code targets}.
     *
     * @param targets null if only the inputs are wanted
     */
    void read(int[] order, int from, int to, float[] inputs, float[] targets);

    /**
     * Examples from tensors of shape {@code (count, ...)}; what the tensors hold is read when needed, not copied.
     *
     * @throws IllegalArgumentException if the counts differ, or an element is NaN or infinite, naming its place
     */
    static Examples of(Tensor inputs, Tensor targets) {
        return new TensorExamples(inputs, targets);
    }

    /** The part {@code from} (inclusive) to {@code to} (exclusive). */
    default Examples slice(int from, int to) {
        if (from < 0 || from > to || to > count()) {
            throw new IndexOutOfBoundsException("Examples " + from + " to " + to + " are not among " + count());
        }
        Examples whole = this;
        return new Examples() {
            @Override
            public int count() {
                return to - from;
            }

            @Override
            public Shape inputShape() {
                return whole.inputShape();
            }

            @Override
            public Shape targetShape() {
                return whole.targetShape();
            }

            @Override
            public void read(int[] order, int first, int last, float[] inputs, float[] targets) {
                int[] shifted = new int[last - first];
                for (int i = first; i < last; i++) {
                    shifted[i - first] = order[i] + from;
                }
                whole.read(shifted, 0, shifted.length, inputs, targets);
            }
        };
    }
}

package beras.saving;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Inputs of a model for examples that come one after the other, such as the rows of a table: as many as are predicted at a time.
 * It grows as it is filled, and its memory is used again. For one thread.
 *
 * <pre>{@code
 * InputBuffer inputs = new InputBuffer(model.inputShape());
 * do {
 *     while (!inputs.isFull() && reader.next(inputs.array(), inputs.at())) {
 *         inputs.add();
 *     }
 *     Predictor.outputs(model, inputs.take());
 * } while (reader.hasNext());
 * }</pre>
 */
public final class InputBuffer {

    private static final int FIRST_ROOM = 16;

    private final Shape example;
    private final int capacity;
    private float[] numbers;
    private int size;

    /** For inputs of a shape, without the axis of the examples. */
    public InputBuffer(Shape example) {
        this.example = example;
        this.capacity = Predictor.batchSize(example);
        this.numbers = new float[Math.min(FIRST_ROOM, capacity) * example.size()];
    }

    /** How many examples it takes at most, see {@link Predictor#batchSize}. */
    public int capacity() {
        return capacity;
    }

    /** How many examples are in it. */
    public int size() {
        return size;
    }

    /** Whether it takes no further example before {@link #take}. */
    public boolean isFull() {
        return size == capacity;
    }

    /**
     * The array for the numbers of the next example, from index {@link #at} on. Another array after each {@link #add}.
     *
     * @throws IllegalStateException if the buffer {@link #isFull}
     */
    public float[] array() {
        if (isFull()) {
            throw new IllegalStateException("The buffer takes " + capacity + " examples. Received: one more");
        }
        if (at() == numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.min(2 * size, capacity) * example.size());
        }
        return numbers;
    }

    /** The index from which on the numbers of the next example stand in {@link #array}. */
    public int at() {
        return size * example.size();
    }

    /** Adds the example whose numbers were written into {@link #array}. */
    public void add() {
        size++;
    }

    /** All examples, {@code (size, ...)}, which are valid until the next is written; after this the buffer is empty. */
    public Tensor take() {
        Tensor inputs = Tensor.wrap(numbers, example.prepend(numbers.length / Math.max(1, example.size()))).slice(0, size);
        size = 0;
        return inputs;
    }
}

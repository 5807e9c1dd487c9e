package beras.models;

import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/** Cuts examples into batches and brings one at a time into tensors that are used again. */
final class Batches {

    private final Examples examples;
    private final int batchSize;
    private final Batch full;
    private final Batch last;
    private final int[] order;
    private Batch current;

    private record Batch(Tensor inputs, Tensor targets) {
        static Batch of(Examples examples, int size) {
            return new Batch(Tensor.zeros(batchShape(size, examples.inputShape())), Tensor.zeros(batchShape(size, examples.targetShape())));
        }
    }

    /** The shape of {@code count} examples of a shape. */
    static Shape batchShape(int count, Shape example) {
        int[] sizes = new int[example.rank() + 1];
        sizes[0] = count;
        System.arraycopy(example.toArray(), 0, sizes, 1, example.rank());
        return Shape.of(sizes);
    }

    /** The shape of one row of a batch. */
    static Shape exampleShape(Tensor batch) {
        return Shape.of(Arrays.copyOfRange(batch.shape().toArray(), 1, batch.rank()));
    }

    Batches(Examples examples, int batchSize) {
        this.examples = examples;
        this.batchSize = Math.min(batchSize, Math.max(1, examples.count()));
        this.full = Batch.of(examples, this.batchSize);
        int rest = examples.count() % this.batchSize;
        this.last = rest == 0 ? full : Batch.of(examples, rest);
        this.order = new int[examples.count()];
        Arrays.setAll(order, i -> i);
    }

    /** The number of batches; the last may be smaller, but is never empty. */
    int count() {
        return (examples.count() + batchSize - 1) / batchSize;
    }

    /** Puts the examples in random order; without, they are in their own. */
    void shuffle(Rng rng) {
        rng.permutation(order);
    }

    void load(int batch) {
        int from = batch * batchSize;
        int to = Math.min(examples.count(), from + batchSize);
        current = to - from == batchSize ? full : last;
        examples.read(order, from, to, current.inputs.data(), current.targets.data());
    }

    Tensor inputs() {
        return current.inputs;
    }

    Tensor targets() {
        return current.targets;
    }
}

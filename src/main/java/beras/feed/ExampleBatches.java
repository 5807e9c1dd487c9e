package beras.feed;

import beras.config.Arguments;
import beras.tensor.Rng;
import java.util.Arrays;

/** Cuts examples into batches and brings one at a time into tensors that are used again. */
final class ExampleBatches implements Batches {

    private final Examples examples;
    private final int batchSize;
    private final Long seed; // null: no shuffling
    private final Batch full;
    private final Batch last;
    private final int[] order;

    ExampleBatches(Examples examples, int batchSize, Long seed) {
        Arguments.atLeast(1, "The batch size", batchSize);
        this.examples = examples;
        this.batchSize = Math.min(batchSize, Math.max(1, examples.count()));
        this.seed = seed;
        this.full = Batch.zeros(examples.spec(), this.batchSize);
        int rest = examples.count() % this.batchSize;
        this.last = rest == 0 ? full : Batch.zeros(examples.spec(), rest);
        this.order = new int[examples.count()];
        Arrays.setAll(order, i -> i);
    }

    @Override
    public ExampleSpec spec() {
        return examples.spec();
    }

    @Override
    public int count() {
        return (examples.count() + batchSize - 1) / batchSize;
    }

    @Override
    public Pass open(int epoch) {
        if (seed != null) {
            new Rng(seed, "shuffle", epoch).permutation(order);
        }
        return new Pass() {

            private int from;

            @Override
            public Batch next() {
                if (from == order.length) {
                    return null;
                }
                int to = Math.min(order.length, from + batchSize);
                Batch batch = to - from == batchSize ? full : last;
                examples.read(epoch, order, from, to, batch);
                from = to;
                return batch;
            }
        };
    }
}

package beras.feed;

import beras.config.Arguments;
import beras.config.Config;
import beras.tensor.Rng;
import java.util.Arrays;

/** Cuts examples into batches; each pass fills its own tensors, which it reuses, with one batch at a time. */
record ExampleBatches(Examples examples, int batchSize, Long seed) implements Batches {

    /** @param seed null: no shuffling */
    ExampleBatches {
        Arguments.atLeast(1, "The batch size", batchSize);
        batchSize = Math.min(batchSize, Math.max(1, examples.count()));
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
    public Config order() {
        return Config.of("Order").with("batchSize", batchSize).with("shuffleSeed", seed);
    }

    @Override
    public Batches forValidation() {
        return new ExampleBatches(examples.forValidation(), batchSize, seed);
    }

    @Override
    public Pass open(int epoch) {
        int[] order = new int[examples.count()];
        if (seed == null) {
            Arrays.setAll(order, i -> i);
        } else {
            new Rng(seed, "shuffle", epoch).permutation(order);
        }
        return new ExamplePass(epoch, order);
    }

    private final class ExamplePass implements Pass {

        private final int epoch;
        private final int[] order;
        private final Batch full;
        private int from;

        ExamplePass(int epoch, int[] order) {
            this.epoch = epoch;
            this.order = order;
            this.full = Batch.zeros(examples.spec(), batchSize);
        }

        @Override
        public Batch next() {
            if (from == order.length) {
                return null;
            }
            int to = Math.min(order.length, from + batchSize);
            Batch batch = to - from == batchSize ? full : Batch.zeros(examples.spec(), to - from);
            examples.read(epoch, order, from, to, batch);
            from = to;
            return batch;
        }

        @Override
        public void skip(int batches) {
            from = (int) Math.min(order.length, from + (long) batches * batchSize);
        }
    }
}

package beras.feed;

import beras.config.CheckReturnValue;
import beras.config.Config;
import java.util.List;

/** The source of batches for {@code fit}: reopened for each epoch, so the data need not fit into memory. */
public interface Batches {

    /** One pass over the data, for one thread; it shares nothing with other passes, so several may be open at once. */
    interface Pass extends AutoCloseable {

        /** The next batch, or null at the end. The following batch may reuse its tensors. */
        Batch next();

        /** The number of the network that the last batch is for, from 0, see {@link #ofNets}; -1, the default, for all networks. */
        default int net() {
            return -1;
        }

        /** Skips batches as if they were read; batches of {@link Examples} are not read. */
        default void skip(int batches) {
            for (int i = 0; i < batches && next() != null; i++) {
                // discards the batch
            }
        }

        /** Ends the pass: after this returns, no thread reads for it. */
        @Override
        default void close() {}
    }

    /** The shapes of one example. */
    ExampleSpec spec();

    /**
     * The number of batches of a pass; -1 if it is unknown before the end. If a pass has another number, {@code fit} and {@code
     * evaluate} throw.
     */
    int count();

    /**
     * The settings that determine the order of examples, as far as known: {@code batchSize}, and {@code shuffleSeed} if they are
     * shuffled. A resumed training run requires the same order. Empty by default.
     */
    default Config order() {
        return Config.of("Order");
    }

    /** Begins an independent pass. */
    Pass open(int epoch);

    /**
     * Batches of {@code batchSize} examples in their order; the last may be smaller, but is never empty.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    static Batches of(Examples examples, int batchSize) {
        return new ExampleBatches(examples, batchSize, null);
    }

    /** As {@link #of}, with the examples shuffled in each epoch by the seed. */
    static Batches shuffled(Examples examples, int batchSize, long seed) {
        return new ExampleBatches(examples, batchSize, seed);
    }

    /** The same batches without random augmentation, see {@link Examples#forValidation}; by default this object. */
    @CheckReturnValue
    default Batches forValidation() {
        return this;
    }

    /**
     * Batches for the networks of an ensemble, each with its own examples. A pass returns a batch for each network in turn; {@link
     * Pass#net} is its number.
     *
     * @param each the batches of each network, of examples of the same shapes
     * @throws IllegalArgumentException if there are none, or their shapes differ
     */
    static Batches ofNets(List<Batches> each) {
        return new NetBatches(each);
    }

    /** The batches of each network, if they are {@linkplain #ofNets for several}; otherwise this object alone. */
    default List<Batches> byNet() {
        return List.of(this);
    }

    /**
     * The same batches, up to {@code ahead} of them prefetched by another thread during training.
     *
     * @throws IllegalArgumentException if {@code ahead} is less than 1
     */
    @CheckReturnValue
    default Batches prefetch(int ahead) {
        return new PrefetchedBatches(this, ahead);
    }
}

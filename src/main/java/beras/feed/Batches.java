package beras.feed;

import beras.config.CheckReturnValue;
import beras.config.Config;
import java.util.List;

/** Where {@code fit} gets its batches from: opened again for each epoch, so the data need not fit into memory. */
public interface Batches {

    /** One pass over the data, for one thread; it shares nothing with other passes, so several may be open at once. */
    interface Pass extends AutoCloseable {

        /** The next batch, or null at the end. Its tensors may be used again for the one after it. */
        Batch next();

        /** The number of the net that the last batch is for, from 0, see {@link #ofNets}; -1, the default, if it is for all. */
        default int net() {
            return -1;
        }

        /** Goes past so many batches, as if they were read; those of {@link Examples} are not. */
        default void skip(int batches) {
            for (int i = 0; i < batches && next() != null; i++) {
                // what is read is dropped
            }
        }

        /** Ends the pass: when this returns, nothing reads for it any more. */
        @Override
        default void close() {}
    }

    /** The shapes of one example. */
    ExampleSpec spec();

    /**
     * The number of batches of a pass; -1 if it is not known before the end. To {@code fit} and {@code evaluate} a pass of
     * another number than it says is an error.
     */
    int count();

    /**
     * What decides which examples come when, as far as it is known: {@code batchSize}, and {@code shuffleSeed} if they are
     * shuffled. A training that is resumed refuses another order. Nothing by default.
     */
    default Config order() {
        return Config.of("Order");
    }

    /** Begins a pass, apart from all others. */
    Pass open(int epoch);

    /**
     * Batches of {@code batchSize} examples in their order; the last may be smaller, but is never empty.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    static Batches of(Examples examples, int batchSize) {
        return new ExampleBatches(examples, batchSize, null);
    }

    /** As {@link #of}, the examples in another random order in each epoch, which follows from the seed. */
    static Batches shuffled(Examples examples, int batchSize, long seed) {
        return new ExampleBatches(examples, batchSize, seed);
    }

    /**
     * The same batches of examples without what is changed at random for training, see {@link Examples#forValidation}; these
     * themselves by default.
     */
    @CheckReturnValue
    default Batches forValidation() {
        return this;
    }

    /**
     * Batches for the nets of an ensemble, each of which learns from examples of its own. A pass takes a batch of each net in turn,
     * and {@linkplain Pass#net says} whose it is.
     *
     * @param each the batches of each net, of examples of the same shapes
     * @throws IllegalArgumentException if there are none, or their shapes differ
     */
    static Batches ofNets(List<Batches> each) {
        return new NetBatches(each);
    }

    /** The batches of each net, if they are {@linkplain #ofNets for several}; these alone otherwise. */
    default List<Batches> byNet() {
        return List.of(this);
    }

    /**
     * The same batches, of which up to {@code ahead} are made by another thread during training.
     *
     * @throws IllegalArgumentException if {@code ahead} is less than 1
     */
    @CheckReturnValue
    default Batches prefetch(int ahead) {
        return new PrefetchedBatches(this, ahead);
    }
}

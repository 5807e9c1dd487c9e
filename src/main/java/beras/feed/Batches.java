package beras.feed;

/** Where {@code fit} gets its batches from: opened anew for each epoch, so the data need not fit into memory. */
public interface Batches {

    /** One pass over the data, for one thread. */
    interface Pass extends AutoCloseable {

        /** The next batch, or null at the end. Its tensors may be used again for the one after it. */
        Batch next();

        @Override
        default void close() {}
    }

    /** The shapes of one example. */
    ExampleSpec spec();

    /** The number of batches of a pass; -1 if it is not known before the end. */
    int count();

    /** Begins a pass. */
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
     * The same batches, of which up to {@code ahead} are made by a thread of their own while training goes on.
     *
     * @throws IllegalArgumentException if {@code ahead} is less than 1
     */
    default Batches prefetch(int ahead) {
        return new PrefetchedBatches(this, ahead);
    }
}

package beras.feed;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.tensor.Rng;
import java.util.Iterator;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A stream of examples that may be larger than memory, read from the start in every epoch:
 *
 * <pre>{@code
 * model.fit(dataset.shuffle(10_000, 7).batch(128).prefetch(2), new FitOptions().epochs(5));
 * }</pre>
 *
 * <p>The order of examples is reproducible from data, seeds and epochs.
 */
public interface Dataset {

    /** One pass over the stream, for one thread. */
    interface Reader extends AutoCloseable {

        /** Overwrites {@code into} with the next example; false at the end. */
        boolean next(Example into);

        @Override
        default void close() {}

        /** A reader that runs an action on close. */
        private static Reader of(Reader reader, Runnable end) {
            return new Reader() {

                @Override
                public boolean next(Example into) {
                    return reader.next(into);
                }

                @Override
                public void close() {
                    end.run();
                }
            };
        }
    }

    /** The shapes of one example. */
    ExampleSpec spec();

    /** The settings that determine the order of examples, as far as known; empty by default, see {@link Batches#order}. */
    default Config order() {
        return Config.of("Order");
    }

    /** Begins a pass. */
    Reader open(int epoch);

    /** The examples of a set, in their order. */
    static Dataset of(Examples examples) {
        return new ReadDataset(examples.spec(), Config.of("Order"), epoch -> {
            Batch one = Batch.zeros(examples.spec(), 1);
            int[] index = {0};
            return into -> {
                if (index[0] == examples.count()) {
                    return false;
                }
                examples.read(epoch, index, 0, 1, one);
                index[0]++;
                one.copyRowTo(0, into);
                return true;
            };
        });
    }

    /**
     * The examples of a {@link Stream}, created for each pass and closed after it:
     *
     * <pre>{@code
     * float[][] rows = {{0, 1}, {1, 3}};
     * Dataset dataset = Dataset.of(ExampleSpec.of(Shape.of(1), Shape.of(1)),
     *         () -> Arrays.stream(rows).map(row -> Example.of(new float[] {row[0]}, new float[] {row[1]})));
     * }</pre>
     *
     * @param spec   the shapes of one example, weighted only if examples have weights
     * @param passes returns the same examples each time; an epoch is one pass, so an infinite stream needs a {@code limit} here
     */
    static Dataset of(ExampleSpec spec, Supplier<? extends Stream<Example>> passes) {
        return new ReadDataset(spec, Config.of("Order"), epoch -> {
            Stream<Example> stream = passes.get();
            Iterator<Example> iterator = stream.iterator();
            return Reader.of(into -> {
                if (!iterator.hasNext()) {
                    return false;
                }
                into.copyFrom(iterator.next());
                return true;
            }, stream::close);
        });
    }

    /** Applies {@code change} to every example in place; it must be deterministic. */
    @CheckReturnValue
    default Dataset map(Consumer<Example> change) {
        return map(spec(), (from, to) -> {
            to.copyFrom(from);
            change.accept(to);
        });
    }

    /** Maps every example to another, of other shapes: {@code change} receives the old example and the new one to fill. */
    @CheckReturnValue
    default Dataset map(ExampleSpec shapes, BiConsumer<Example, Example> change) {
        return new ReadDataset(shapes, order(), epoch -> {
            Reader reader = open(epoch);
            Example old = new Example(spec());
            return Reader.of(into -> {
                if (!reader.next(old)) {
                    return false;
                }
                change.accept(old, into);
                return true;
            }, reader::close);
        });
    }

    /**
     * The examples in random order: each comes from a random place of a buffer that holds the next {@code buffer} of the stream. A
     * buffer as large as the stream shuffles it completely.
     *
     * @param seed determines the order, which differs from epoch to epoch
     * @throws IllegalArgumentException if the buffer is smaller than 1
     */
    @CheckReturnValue
    default Dataset shuffle(int buffer, long seed) {
        if (buffer < 1) {
            throw new IllegalArgumentException("A buffer to shuffle in holds at least 1 example. Received: " + buffer);
        }
        return new ReadDataset(spec(), order().with("shuffleBuffer", buffer).with("shuffleSeed", seed),
                epoch -> new ShuffledReader(open(epoch), spec(), buffer, new Rng(seed, "shuffle", epoch)));
    }

    /**
     * Batches of {@code size} examples; the last may be smaller, but is never empty.
     *
     * @throws IllegalArgumentException if the size is less than 1
     */
    @CheckReturnValue
    default Batches batch(int size) {
        return new DatasetBatches(this, Arguments.atLeast(1, "The batch size", size));
    }
}

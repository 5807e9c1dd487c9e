package beras.feed;

import beras.tensor.Tensor;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Makes batches in a thread of its own, some ahead of their use. */
final class PrefetchedBatches implements Batches {

    private final Batches source;
    private final int ahead;

    PrefetchedBatches(Batches source, int ahead) {
        if (ahead < 1) {
            throw new IllegalArgumentException("At least one batch is fetched ahead. Received: " + ahead);
        }
        this.source = source;
        this.ahead = ahead;
    }

    @Override
    public ExampleSpec spec() {
        return source.spec();
    }

    @Override
    public int count() {
        return source.count();
    }

    @Override
    public Pass open(int epoch) {
        return new Ahead(source, epoch, ahead);
    }

    /** What goes through the queue: a batch, the end (both null), or what went wrong. */
    private record Item(Batch batch, Throwable failure) {}

    private static final class Ahead implements Pass {

        private final BlockingQueue<Item> made;
        private final Thread thread;

        Ahead(Batches source, int epoch, int ahead) {
            made = new ArrayBlockingQueue<>(ahead);
            thread = new Thread(() -> run(source, epoch), "beras-prefetch");
            thread.setDaemon(true);
            thread.start();
        }

        private void run(Batches source, int epoch) {
            try {
                made.put(new Item(null, make(source, epoch)));
            } catch (InterruptedException e) {
                // closed before the end: nobody waits for more
            }
        }

        /** Makes all batches; returns what went wrong, or null. */
        private Throwable make(Batches source, int epoch) throws InterruptedException {
            try (Pass pass = source.open(epoch)) {
                for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                    made.put(new Item(copy(batch), null));
                }
                return null;
            } catch (RuntimeException | Error e) {
                return e;
            }
        }

        private static Batch copy(Batch batch) {
            return new Batch(copy(batch.inputs()), copy(batch.targets()), batch.weights() == null ? null : batch.weights().copy());
        }

        private static List<Tensor> copy(List<Tensor> tensors) {
            return tensors.stream().map(Tensor::copy).toList();
        }

        @Override
        public Batch next() {
            Item item = take();
            if (item.batch == null) {
                made.add(item); // the end stays the end
                if (item.failure instanceof Error error) {
                    throw error;
                }
                if (item.failure != null) {
                    throw (RuntimeException) item.failure;
                }
            }
            return item.batch;
        }

        private Item take() {
            try {
                return made.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for a batch", e);
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}

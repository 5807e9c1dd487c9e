package beras.feed;

import beras.config.Config;
import beras.kernels.Threads;
import beras.tensor.Tensor;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Makes batches in a background thread, some ahead of their use. */
record PrefetchedBatches(Batches source, int ahead) implements Batches {

    PrefetchedBatches {
        if (ahead < 1) {
            throw new IllegalArgumentException("At least one batch is fetched ahead. Received: " + ahead);
        }
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
    public Config order() {
        return source.order();
    }

    @Override
    public Batches forValidation() {
        return source.forValidation().prefetch(ahead);
    }

    @Override
    public Pass open(int epoch) {
        return new PrefetchedPass(source, epoch, ahead);
    }

    /** An element of the queue: a batch, the end (both null), or a failure. */
    private record Item(Batch batch, Throwable failure) {}

    private static final class PrefetchedPass implements Pass {

        private final BlockingQueue<Item> made;
        private final Thread thread;
        private boolean started;
        private int skipped; // before the thread was started
        private volatile boolean closed;

        PrefetchedPass(Batches source, int epoch, int ahead) {
            made = new ArrayBlockingQueue<>(ahead);
            thread = new Thread(() -> Threads.alone(() -> run(source, epoch)), "beras-prefetch"); // training needs the others
            thread.setDaemon(true);
        }

        private void run(Batches source, int epoch) {
            try {
                Item end = new Item(null, make(source, epoch));
                if (!closed) {
                    made.put(end);
                }
            } catch (InterruptedException e) {
                // closed before the end: no thread waits for more
            }
        }

        /** Makes all batches; returns the failure, or null. */
        private Throwable make(Batches source, int epoch) throws InterruptedException {
            try (Pass pass = source.open(epoch)) {
                pass.skip(skipped);
                for (Batch batch = pass.next(); batch != null && !closed; batch = pass.next()) {
                    made.put(new Item(batch.map(Tensor::copy), null));
                }
                return null;
            } catch (RuntimeException | Error e) {
                return e;
            }
        }

        private void start() {
            if (!started) {
                started = true;
                thread.start();
            }
        }

        @Override
        public Batch next() {
            start();
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
        public void skip(int batches) {
            if (started) {
                Pass.super.skip(batches);
            } else {
                skipped += batches;
            }
        }

        /** Waits for the thread to end. It completes its current batch; if the queue was full, there is room for the batch now. */
        @Override
        public void close() {
            closed = true;
            made.clear();
            if (!started) {
                return;
            }
            thread.interrupt();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package beras.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Work that goes on in a thread of its own while the command prepares something else. */
final class Background<T> {

    private static final long DELAY_SECONDS = 1;

    private final CountDownLatch wanted;
    private final FutureTask<T> task;

    private Background(CountDownLatch wanted, FutureTask<T> task) {
        this.wanted = wanted;
        this.task = task;
    }

    static <T> Background<T> start(String name, Callable<T> work) {
        return start(name, new CountDownLatch(0), work);
    }

    /**
     * Starts work that can wait: for a second, in which the JVM has to compile what the command does first, or until its result is
     * wanted.
     */
    static <T> Background<T> startLater(String name, Callable<T> work) {
        return start(name, new CountDownLatch(1), work);
    }

    private static <T> Background<T> start(String name, CountDownLatch wanted, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(() -> {
            wanted.await(DELAY_SECONDS, TimeUnit.SECONDS);
            return work.call();
        });
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return new Background<>(wanted, task);
    }

    /** Waits for the result; throws what the work threw. */
    T get() throws Exception {
        wanted.countDown();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw (Error) e.getCause();
        }
    }
}

package beras.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Work in a background thread, such as reading, while something else is prepared. */
public final class Background<T> {

    /** In about this time the JVM compiles the hot code of a command, and is short of processors until then. */
    private static final long BUSY_SECONDS = 1;

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final Callable<T> work;
    private final FutureTask<T> task;

    private Background(long delaySeconds, Callable<T> work) {
        this.work = work;
        task = new FutureTask<>(() -> {
            wanted.await(delaySeconds, TimeUnit.SECONDS);
            return work.call();
        });
    }

    /** Starts work. */
    public static <T> Background<T> start(String name, Callable<T> work) {
        return start(name, 0, work);
    }

    /** Starts work that waits until the JVM is less busy, or until its result is needed. */
    public static <T> Background<T> startLater(String name, Callable<T> work) {
        return start(name, BUSY_SECONDS, work);
    }

    /** Starts work after a delay, or when its result is needed. */
    public static <T> Background<T> start(String name, long delaySeconds, Callable<T> work) {
        Background<T> background = new Background<>(delaySeconds, work);
        Thread thread = new Thread(background.task, name);
        thread.setDaemon(true);
        thread.start();
        return background;
    }

    /**
     * Waits for the result; throws the exception of the work.
     *
     * @throws IOException if the work threw it, or if the waiting thread is interrupted
     * @throws IllegalStateException if the work threw another checked exception
     */
    public T get() throws IOException {
        wanted.countDown();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for what is read in the background");
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    /**
     * As {@link #get}, for work that may have failed long before its result is needed: after an IOException it is repeated
     * once, by this thread.
     */
    public T getOrRetry() throws IOException {
        try {
            return get();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            try {
                return work.call();
            } catch (Exception again) {
                throw thrown(again);
            }
        }
    }

    /** The IOException of the work; a RuntimeException or Error is thrown here. */
    private static IOException thrown(Throwable failure) {
        if (failure instanceof IOException io) {
            return io;
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(failure);
    }
}

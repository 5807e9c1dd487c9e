package beras.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Work that goes on in a thread of its own while the command prepares something else. */
final class Background<T> {

    /** The JVM compiles what a command does most in about so long, and is short of processors until then. */
    private static final long BUSY_SECONDS = 1;

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final FutureTask<T> task;

    private Background(long delaySeconds, Callable<T> work) {
        task = new FutureTask<>(() -> {
            wanted.await(delaySeconds, TimeUnit.SECONDS);
            return work.call();
        });
    }

    static <T> Background<T> start(String name, Callable<T> work) {
        return start(name, 0, work);
    }

    /** Starts work that waits until the JVM is less busy, or until its result is wanted. */
    static <T> Background<T> startLater(String name, Callable<T> work) {
        return start(name, BUSY_SECONDS, work);
    }

    /** Starts work that waits so long, or until its result is wanted. */
    static <T> Background<T> start(String name, long delaySeconds, Callable<T> work) {
        Background<T> background = new Background<>(delaySeconds, work);
        Thread thread = new Thread(background.task, name);
        thread.setDaemon(true);
        thread.start();
        return background;
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

package beras.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets work end in good order when the process is asked to stop, by Ctrl-C or by a signal. Java ends the process once the
 * hook returns, so the hook waits until the work has seen the request and is closed.
 */
final class Interruption implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "beras-stop");
    private volatile boolean requested;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        requested = true;
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the work should end now. */
    boolean requested() {
        return requested;
    }

    @Override
    public void close() {
        closed.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process has just begun to end; the hook will find the work closed.
            }
        }
    }
}

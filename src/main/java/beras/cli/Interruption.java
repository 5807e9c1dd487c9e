package beras.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets work end in good order when the process is asked to stop, by Ctrl-C or by a signal. Java ends the process once the
 * hook returns, so the hook waits until the work has seen the request and is closed.
 */
final class Interruption implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean requested;

    /**
     * @param request tells the work to end, from another thread
     */
    Interruption(Runnable request) {
        hook = new Thread(() -> stop(request), "beras-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop(Runnable request) {
        requested = true;
        request.run();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

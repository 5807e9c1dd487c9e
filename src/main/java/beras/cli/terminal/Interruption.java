package beras.cli.terminal;

/**
 * Lets work end in good order when the process is asked to stop, by Ctrl-C or by a signal. Java ends the process once the
 * hook returns, so the hook waits until the work has seen the request, and all is printed that is to be said of it.
 */
public final class Interruption implements AutoCloseable {

    private final Thread hook;
    private volatile boolean requested;

    /**
     * @param console of the command that does the work
     * @param request asks the work to end, from another thread
     */
    public Interruption(Console console, Runnable request) {
        hook = new Thread(() -> stop(console, request), "beras-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop(Console console, Runnable request) {
        requested = true;
        request.run();
        try {
            console.awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process has just begun to end; the hook waits for the last message.
            }
        }
    }
}

package beras.cli.terminal;

import java.time.Duration;

/**
 * Ends work in good order on Ctrl-C or a signal to the process. Java ends the process once the hook returns, so the hook waits
 * until the work has seen the request and has printed its messages, but not for ever: work that hangs, such as on a network
 * folder, must not keep the process.
 */
public final class Interruption implements AutoCloseable {

    /** Enough for the batch that is computed, and for the files of a large model. */
    private static final Duration MOST = Duration.ofMinutes(2);

    private final Thread hook;
    private final String work;
    private volatile boolean requested;

    /**
     * @param console of the command that does the work
     * @param work    after which it ends, such as {@code this batch}, for a message that is printed at once; empty: none is
     * @param request requests the end of the work, from another thread
     */
    public Interruption(Console console, String work, Runnable request) {
        this.work = work;
        hook = new Thread(() -> stop(console, request, MOST), "beras-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    void stop(Console console, Runnable request, Duration most) {
        requested = true;
        if (!work.isEmpty()) {
            if (console.terminal().rewrites()) {
                console.err().println(); // below the line of progress, on which the terminal has written ^C
            }
            console.err().println("Ending after " + work + " ...");
        }
        request.run();
        try {
            if (!console.awaitEnd(most)) {
                console.err().println("beras: the work did not end within " + most.toSeconds()
                        + " s of the request to stop, and is given up. What it was writing is not complete");
            }
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

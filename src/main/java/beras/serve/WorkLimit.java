package beras.serve;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.hc.core5.http.HttpStatus;

/** Ends the work on a request that takes too long, or whose client has left. The thread that works on the request checks it. */
final class WorkLimit {

    /** The client is looked for so often, and not at all for a request that is answered before. */
    private static final long LOOK_NANOS = 100_000_000;

    private final Duration most;
    private final BooleanSupplier left;
    private final long deadline;
    private final Runnable pass;
    private long nextLook;
    private Refusal end; // null: none

    /**
     * Begins now.
     *
     * @param most  how long it may take
     * @param left  whether the client has left, which may take a millisecond to find out
     * @param since when the request began to wait for a worker, as {@link System#nanoTime} has it
     * @param pass  lets other requests work before this one continues
     */
    WorkLimit(Duration most, BooleanSupplier left, long since, Runnable pass) {
        this.pass = pass;
        this.most = most;
        this.left = left;
        this.deadline = System.nanoTime() + most.toNanos();
        this.nextLook = since + LOOK_NANOS;
    }

    /** Between two parts of the work: whether to give up, now and from now on. */
    boolean isOver() {
        pass.run();
        long now = System.nanoTime();
        if (end == null && now - deadline > 0) {
            end = new Refusal(HttpStatus.SC_SERVICE_UNAVAILABLE, "Expected a request that is answered after " + most.toMillis()
                    + " ms of work. Received: one that takes longer. Send fewer rows or a smaller picture, or start the server with"
                    + " more time (--max-wait)");
        } else if (end == null && now - nextLook > 0) {
            nextLook = now + LOOK_NANOS;
            end = left.getAsBoolean() ? Refusal.bad("Expected a connection that stays open in both directions until the answer comes."
                    + " Received: its end") : null;
        }
        return end != null;
    }

    /** @throws Refusal if it is over */
    void check() throws Refusal {
        if (isOver()) {
            throw end;
        }
    }
}

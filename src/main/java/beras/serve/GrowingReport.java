package beras.serve;

import beras.files.FileFailure;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.HttpStatus;

/**
 * A {@link LiveReport} that is made again when there is more in it and somebody asks, but not all the time. Safe in several
 * threads.
 */
final class GrowingReport {

    /** After it was made, nothing is made for so many times as long as that took, and for at least so long. */
    private static final int PAUSES = 9;
    private static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(2);
    /** Who asks each second still looks. */
    private static final long LOOKS = TimeUnit.SECONDS.toNanos(3);
    private static final long LAST_SECONDS = 2;
    private static final int NONE = -1;

    private final LiveReport live;
    private final LongSupplier clock;
    private final Consumer<Throwable> failures;
    private final CountDownLatch lastGiven = new CountDownLatch(1);
    private volatile boolean isOver;
    private volatile boolean isAsked;
    private volatile long asked;
    private volatile int made = NONE; // the size of the page
    private volatile long next; // when it may be made again
    private byte[] page; // null: none yet
    private boolean isLast; // the page is of what is over
    private Throwable failure; // of the last time; null: there was none
    private boolean isTold; // that it could not be made

    /**
     * Of what grows.
     *
     * @param clock    as {@link System#nanoTime}
     * @param failures takes the first reason why it could not be made, not each
     */
    GrowingReport(LiveReport live, LongSupplier clock, Consumer<Throwable> failures) {
        this.live = live;
        this.clock = clock;
        this.failures = failures;
        this.next = clock.getAsLong();
    }

    /**
     * What the page in the browser asks for each second: the size of the report that it can have, how it goes, and whether it is
     * over.
     */
    byte[] state() {
        boolean over = isOver; // before the size: what is over does not grow
        isAsked = true;
        asked = clock.getAsLong();
        return Json.bytes(Json.object("size", over || mayBeMade() ? live.size() : made, "status", live.status(), "over", over));
    }

    private boolean mayBeMade() {
        return clock.getAsLong() - next >= 0;
    }

    /** The report, of now if it may be made again. */
    synchronized byte[] page() throws Refusal {
        boolean over = isOver;
        if (over ? !isLast : mayBeMade() && made != live.size()) {
            make(over);
        }
        if (page == null) {
            throw new Refusal(HttpStatus.SC_SERVICE_UNAVAILABLE, "There is no report yet: " + FileFailure.message(failure));
        }
        if (over) {
            lastGiven.countDown();
        }
        return page;
    }

    private void make(boolean over) {
        long start = clock.getAsLong();
        int size = live.size();
        try {
            page = live.page();
            made = size;
            isLast = over;
            failure = null;
        } catch (IOException | RuntimeException | Error e) { // may succeed the next time, as after a file is written
            failure = e;
            if (!isTold) {
                isTold = true;
                failures.accept(e);
            }
        }
        long end = clock.getAsLong();
        next = end + Math.max(SHORTEST_PAUSE, PAUSES * (end - start));
    }

    /** Nothing comes any more. Waits for whoever still looks to get the last report. */
    void end() {
        isOver = true;
        if (isAsked && clock.getAsLong() - asked < LOOKS) {
            try {
                lastGiven.await(LAST_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

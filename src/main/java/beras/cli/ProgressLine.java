package beras.cli;

import java.io.PrintStream;

/**
 * A line on a terminal that shows how far work is, such as an epoch, and is gone when it ends. In plain ASCII, without
 * colour.
 */
final class ProgressLine {

    private static final int WIDTH = 79;
    private static final int BAR = 32;
    private static final long REFRESH_NANOS = 100_000_000;

    private final PrintStream terminal;
    private final String task;
    private final long steps;
    private long done;
    private long drawn = System.nanoTime() - REFRESH_NANOS;

    /** Starts a line of {@code steps} steps. */
    ProgressLine(PrintStream terminal, String task, long steps) {
        this.terminal = terminal;
        this.task = task;
        this.steps = steps;
    }

    /** So many steps are done; draws ten times a second at most. */
    void step(long nowDone, double loss) {
        if (isDue(nowDone)) {
            draw(text(loss));
        }
    }

    /** As {@link #step(long, double)}, of work without a loss. */
    void step(long nowDone) {
        if (isDue(nowDone)) {
            draw(text());
        }
    }

    private boolean isDue(long nowDone) {
        done = nowDone;
        boolean due = done == steps || System.nanoTime() - drawn >= REFRESH_NANOS;
        drawn = due ? System.nanoTime() : drawn;
        return due;
    }

    String text(double loss) {
        return text() + "  loss " + Text.decimals(loss, 4);
    }

    private String text() {
        int filled = (int) (BAR * Math.min(done, steps) / Math.max(1, steps));
        String arrow = filled == BAR ? "=".repeat(BAR) : "=".repeat(filled) + ">" + " ".repeat(BAR - filled - 1);
        return task + " [" + arrow + "] " + done + "/" + steps;
    }

    /** Writes over what was there: no line wraps, and a shorter one leaves no rest of a longer one. */
    private void draw(String line) {
        String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
        terminal.print("\r" + cut + " ".repeat(WIDTH - cut.length()));
        terminal.flush();
    }

    /** Leaves a clear line. */
    void close() {
        draw("");
        terminal.print("\r");
        terminal.flush();
    }
}

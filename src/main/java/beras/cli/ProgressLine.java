package beras.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressState;

/**
 * A line on a terminal that shows how far an epoch is, and is gone when the epoch ends. In plain ASCII, without colour.
 *
 * <p>The bar's own renderer and console need JLine, to measure terminals and wide characters; neither is needed here.
 */
final class ProgressLine implements AutoCloseable {

    private static final int WIDTH = 79;
    private static final int BAR = 32;
    private static final int REFRESH_MILLIS = 100;

    private final ProgressBar bar;

    /** Starts a line of {@code steps} steps. */
    ProgressLine(PrintStream terminal, String task, long steps) {
        bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(steps).setUpdateIntervalMillis(REFRESH_MILLIS)
                .clearDisplayOnFinish().setRenderer((state, width) -> render(state)).setConsumer(new Line(terminal)).build();
    }

    void step(double loss) {
        bar.setExtraMessage("loss " + Text.decimals(loss, 4));
        bar.step();
    }

    static String render(ProgressState state) {
        int done = (int) (BAR * state.getCurrent() / Math.max(1, state.getMax()));
        String arrow = done == BAR ? "=".repeat(BAR) : "=".repeat(done) + ">" + " ".repeat(BAR - done - 1);
        return state.getTaskName() + " [" + arrow + "] " + state.getCurrent() + "/" + state.getMax() + "  "
                + state.getExtraMessage();
    }

    @Override
    public void close() {
        bar.close();
    }

    private record Line(PrintStream terminal) implements ProgressBarConsumer {

        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        /** Writes over what was there: no line wraps, and a shorter one leaves no rest of a longer one. */
        @Override
        public void accept(String line) {
            String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
            terminal.print("\r" + cut + " ".repeat(WIDTH - cut.length()));
            terminal.flush();
        }

        @Override
        public void clear() {
            accept("");
            terminal.print("\r");
            terminal.flush();
        }

        @Override
        public void close() {}
    }
}

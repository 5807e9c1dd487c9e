package beras.cli.terminal;

import beras.models.ReadListener;
import beras.training.Logs;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A progress line on a terminal, of training or of reading, which disappears when an epoch ends; nothing where the terminal cannot
 * rewrite one. Its only control character is a carriage return:
 *
 * <pre>
 *   Epoch 3/20 [====>   ] loss 0.0652, 1.2 s/31 s left, 123k/s, accuracy 0.9804
 * </pre>
 * These are the loss in this epoch, the time that is left of this epoch and of all, examples a second, and the metrics. A
 * narrow terminal cuts the end off.
 */
public final class ProgressLine implements ReadListener {

    private static final int LEAST_BAR = 8;
    private static final int MOST_BAR = 32;
    private static final long REFRESH_NANOS = 100_000_000;

    private final PrintStream out;
    private final Terminal terminal;
    private long drawn = System.nanoTime() - REFRESH_NANOS;
    private int shown; // characters that are on the terminal

    private String title; // null: no epoch was begun yet
    private long examples;
    private int epochsAfter;
    private long began;
    private double epochSeconds; // of the last epoch with all that belongs to it; 0: there was none yet

    public ProgressLine(PrintStream out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Begins an epoch of so many examples, with its title, before so many other epochs. */
    public void begin(String newTitle, long newExamples, int after) {
        long now = System.nanoTime();
        epochSeconds = title == null ? 0 : (now - began) / 1e9;
        title = newTitle;
        examples = newExamples;
        epochsAfter = after;
        began = now;
    }

    /** So many examples of the epoch are done; draws ten times a second at most. */
    public void step(long done, Logs logs) {
        if (isDue()) {
            draw(text(Math.min(done, examples), logs, width()));
        }
    }

    @Override
    public void onRemark(String sentence) {
        out.println(sentence);
    }

    @Override
    public void onBegin(int pictures) {
        begin("Pictures", pictures, 0);
    }

    @Override
    public void onRead(int done) {
        if (done == examples || isDue()) {
            draw(text(done, List.of(done + "/" + examples), width()));
        }
    }

    @Override
    public void onEnd() {
        clear();
    }

    private boolean isDue() {
        long now = System.nanoTime();
        boolean due = now - drawn >= REFRESH_NANOS;
        drawn = due ? now : drawn;
        return due;
    }

    private int width() {
        return terminal.width() - 1; // the last place would make some terminals wrap
    }

    /** The line of so many characters at most. */
    public String text(long done, Logs logs, int width) {
        List<String> parts = new ArrayList<>();
        parts.add("loss " + Text.decimals(logs.get("loss"), 4));
        parts.add(left(done, logs.seconds()));
        parts.add(rate(done / logs.seconds()));
        logs.values().forEach((name, value) -> {
            if (!name.equals("loss")) {
                parts.add(name.replace('_', ' ') + " " + Text.decimals(value, 4));
            }
        });
        while (parts.size() > 1 && place(parts, width) < LEAST_BAR) {
            parts.remove(parts.size() - 1);
        }
        return text(done, parts, width);
    }

    private String text(long done, List<String> parts, int width) {
        int bar = Math.max(LEAST_BAR, Math.min(MOST_BAR, place(parts, width)));
        int filled = (int) (bar * done / Math.max(1, examples));
        String arrow = filled == bar ? "=".repeat(bar) : "=".repeat(filled) + ">" + " ".repeat(bar - filled - 1);
        String line = title + " [" + arrow + "] " + String.join(", ", parts);
        return line.substring(0, Math.min(line.length(), Math.max(0, width)));
    }

    /** How long the bar may be beside these parts. */
    private int place(List<String> parts, int width) {
        return width - title.length() - " [] ".length() - String.join(", ", parts).length();
    }

    private String left(long done, double seconds) {
        double rest = seconds / done * (examples - done);
        double each = epochSeconds > 0 ? epochSeconds : seconds / done * examples;
        return Text.time(rest) + (epochsAfter > 0 ? "/" + Text.time(rest + epochsAfter * each) : "") + " left";
    }

    private static String rate(double perSecond) {
        return (perSecond < 9999.5 ? Long.toString(Math.round(perSecond)) : perSecond < 9_999_500 ? Math.round(perSecond / 1e3) + "k"
                : Math.round(perSecond / 1e6) + "M") + "/s";
    }

    /** Overwrites the line before: a shorter line leaves no rest of a longer one. */
    private void draw(String line) {
        if (!terminal.rewrites()) {
            return;
        }
        out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        out.flush();
        shown = line.length();
    }

    /** Leaves a clear line. */
    public void clear() {
        if (shown > 0) {
            draw("");
            out.print("\r");
            out.flush();
        }
    }
}

package beras.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** How wide the terminal is on which a line is rewritten, and what it can show. */
final class Terminal {

    /** What is taken for the width before it is known, or if it never is. */
    static final int USUAL_WIDTH = 80;

    /** Heights from low to high, for terminals that show what they are given. */
    static final String BLOCKS = "▁▂▃▄▅▆▇█";
    /** The same for all others. */
    static final String ASCII = "_.-=+*%#";

    private static final long ASK_AGAIN_NANOS = 2_000_000_000;

    private final String heights;
    private final Callable<Integer> ask; // for the width; null: it never changes
    private volatile int width;
    private long asked;

    /**
     * @param heights {@link #BLOCKS} or {@link #ASCII}
     * @param width   until more is known
     * @param ask     tells the width, perhaps after a while; 0: it is not known; null: the width never changes
     */
    Terminal(String heights, int width, Callable<Integer> ask) {
        this.heights = heights;
        this.width = width;
        this.ask = ask;
        if (ask != null) {
            askAgain();
        }
    }

    /** The one that this process writes to. */
    static Terminal ofProcess() {
        int columns = columns(System.getenv("COLUMNS"));
        String encoding = System.getProperty("stderr.encoding", System.getProperty("native.encoding"));
        String heights = heights(encoding, System.getenv("TERM"));
        return columns > 0 ? new Terminal(heights, columns, null) : new Terminal(heights, USUAL_WIDTH, Terminal::askStty);
    }

    /** The number that a variable of the environment is; 0 if it is none. */
    static int columns(String variable) {
        try {
            return variable == null ? 0 : Math.max(0, Integer.parseInt(variable.strip()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The characters for heights: the font of Linux's own console lacks most blocks. */
    static String heights(String encoding, String term) {
        boolean knows = encoding != null && !"linux".equals(term) && Charset.isSupported(encoding)
                && Charset.forName(encoding).newEncoder().canEncode(BLOCKS);
        return knows ? BLOCKS : ASCII;
    }

    /** Java itself cannot tell the size of a terminal. */
    private static int askStty() throws IOException {
        Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String rowsAndColumns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return columns(rowsAndColumns.substring(rowsAndColumns.indexOf(' ') + 1));
    }

    /** Characters for heights from the lowest to the highest. */
    String heights() {
        return heights;
    }

    /**
     * How many characters are in a line. That is asked in the background, again when it may have changed; until there is an answer
     * it is the last one.
     */
    int width() {
        if (ask != null && System.nanoTime() - asked >= ASK_AGAIN_NANOS) {
            askAgain();
        }
        return width;
    }

    private void askAgain() {
        asked = System.nanoTime();
        Background.start("beras-terminal", () -> {
            int answer = ask.call();
            width = answer > 0 ? answer : width;
            return answer;
        });
    }
}

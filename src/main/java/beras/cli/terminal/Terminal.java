package beras.cli.terminal;

import beras.files.Background;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** How wide the terminal is on which a line is rewritten. */
public final class Terminal {

    /** What is taken for the width before it is known, or if it never is. */
    static final int USUAL_WIDTH = 80;

    private volatile int width;

    /** A terminal whose width never changes. */
    public Terminal(int width) {
        this.width = width;
    }

    /**
     * A terminal whose width is determined in the background.
     *
     * @param width   until more is known
     * @param ask     gives the width, perhaps after a while; 0: it is not known
     */
    public Terminal(int width, Callable<Integer> ask) {
        this(width);
        Background.start("beras-terminal", () -> {
            int answer = ask.call();
            this.width = answer > 0 ? answer : width;
            return answer;
        });
    }

    /** The one that this process writes to. */
    public static Terminal ofProcess() {
        int columns = columns(System.getenv("COLUMNS"));
        return columns > 0 ? new Terminal(columns) : new Terminal(USUAL_WIDTH, Terminal::askStty);
    }

    /** The number that a variable of the environment is; 0 if it is none. */
    public static int columns(String variable) {
        try {
            return variable == null ? 0 : Math.max(0, Integer.parseInt(variable.strip()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Java itself does not know the size of a terminal. */
    private static int askStty() throws IOException {
        Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String rowsAndColumns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return columns(rowsAndColumns.substring(rowsAndColumns.indexOf(' ') + 1));
    }

    /** How many characters are in a line, as far as that is known by now. */
    public int width() {
        return width;
    }
}

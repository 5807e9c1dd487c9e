package beras.cli.terminal;

import beras.files.Background;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The terminal of standard output and standard error: which of them is one, its width, and its colours. */
public final class Terminal {

    /** Neither is a terminal. */
    public static final Terminal NONE = new Terminal(Map.of(), false, false, () -> 0);

    /** Set by the start script: the terminal, as file 3, if the JVM's own output to standard error is filtered. */
    private static final String OWN = "beras.stderr";

    /** The default width of a terminal. */
    static final int USUAL_WIDTH = 80;

    /** A terminal answers at once, or never. */
    private static final long MOST_MILLIS = 500;

    private final Map<String, String> environment;
    private final boolean out;
    private final boolean err;
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile int width;

    /**
     * @param environment its variables
     * @param out         whether standard output is a terminal
     * @param err         whether standard error is one
     * @param ask         returns the width, perhaps after a while; 0: unknown
     */
    public Terminal(Map<String, String> environment, boolean out, boolean err, Callable<Integer> ask) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        int columns = columns(environment.get("COLUMNS"));
        this.width = columns > 0 ? columns : out || err ? USUAL_WIDTH : Integer.MAX_VALUE;
        if (columns > 0 || !out && !err) {
            asked.countDown();
            return;
        }
        Background.start("beras-terminal", () -> {
            try {
                int answer = ask.call();
                this.width = answer > 0 ? answer : USUAL_WIDTH;
                return answer;
            } finally {
                asked.countDown();
            }
        });
    }

    /** The terminal of this process. */
    public static Terminal ofProcess() {
        return new Terminal(System.getenv(), isTerminal(1), isTerminal(System.getProperty(OWN) == null ? 2 : 3), Terminal::askStty);
    }

    /** Where messages go: on a terminal past the filter of the start script. */
    public static OutputStream standardError() {
        String own = System.getProperty(OWN);
        try {
            return own == null ? new FileOutputStream(FileDescriptor.err) : new FileOutputStream(own);
        } catch (FileNotFoundException e) {
            return new FileOutputStream(FileDescriptor.err);
        }
    }

    /** The number that a variable of the environment is; 0 if it is none. */
    public static int columns(String variable) {
        try {
            return variable == null ? 0 : Math.max(0, Integer.parseInt(variable.strip()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Java has no method for the size of a terminal. */
    private static int askStty() throws IOException {
        Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String rowsAndColumns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return columns(rowsAndColumns.substring(rowsAndColumns.indexOf(' ') + 1));
    }

    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException e) {
                return false;
            }
        }
        return System.console() != null && isTerminal(System.console());
    }

    /** From Java 22 on there is a console also without a terminal; its method {@code isTerminal} is as new as that. */
    private static boolean isTerminal(java.io.Console console) {
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** The characters of a line: of the terminal, or of {@code COLUMNS}; without a terminal any number. */
    public int width() {
        try {
            if (!asked.await(MOST_MILLIS, TimeUnit.MILLISECONDS)) {
                asked.countDown(); // nobody waits twice
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return width;
    }

    /** Whether results are printed where a line shows the progress. */
    public boolean showsProgress() {
        return out && rewrites();
    }

    /** Whether standard error can rewrite a line. */
    public boolean rewrites() {
        return err && !"dumb".equals(environment.get("TERM"));
    }

    /** Whether results have colours. */
    public boolean coloursResults() {
        return colours(out);
    }

    boolean coloursMessages() {
        return colours(err);
    }

    /** The variables are common to many programs, see bixense.com/clicolors; Windows has no TERM. */
    private boolean colours(boolean terminal) {
        String force = environment.getOrDefault("CLICOLOR_FORCE", "");
        boolean isForced = !force.isEmpty() && !force.equals("0");
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && (isForced || terminal
                && !"0".equals(environment.get("CLICOLOR")) && !environment.getOrDefault("TERM", "dumb").equals("dumb"));
    }
}

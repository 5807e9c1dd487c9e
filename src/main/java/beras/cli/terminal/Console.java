package beras.cli.terminal;

import beras.compute.Compute;
import beras.config.SettingException;
import beras.files.Background;
import beras.runs.Json;
import beras.saving.Version;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Where a command writes, and the kernels that start in the background while the command line is still read. */
public final class Console {

    private final StandardOutput results;
    private final Lines out;
    private final PrintStream err;
    private final Terminal terminal;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Background<String> backend = Background.start("beras-start", () -> {
        Compute.threads();
        return Compute.describe();
    });

    /** Prints results to one stream, and progress, warnings and errors to the other. */
    public Console(OutputStream out, OutputStream err, Terminal terminal) {
        this.results = new StandardOutput(out);
        this.out = new Lines(results, false, terminal.coloursResults());
        this.err = new Lines(err, true, terminal.coloursMessages());
        this.terminal = terminal;
    }

    /** For results, line by line: whatever is in a line, a terminal does not obey it. */
    public PrintStream out() {
        return out;
    }

    /** Prints a line of results in a style, where there are colours. */
    public void print(Style style, String line) {
        out.println(style, line);
    }

    /** Prints a JSON object in one line, see {@link Json}. */
    public void printJson(Map<String, ?> fields) throws IOException {
        out.println(Json.text(fields));
    }

    /** For raw results, such as a whole file; throws if they cannot be written. */
    public OutputStream results() {
        return results;
    }

    /** For messages, line by line: as {@link #out}, and very long ones are cut. */
    public PrintStream err() {
        return err;
    }

    /** Names commands that may come next, without the name of the program, for a reader: a message, not a result. */
    public void suggest(List<String> commands) {
        if (!commands.isEmpty()) {
            err.println("Next:");
        }
        for (String command : commands) {
            err.println("  " + Text.command(command));
        }
    }

    /** Whether this exception is about results that could not be written, which {@link #end} reports. */
    public boolean isLoss(Throwable e) {
        return results.failedBy(e);
    }

    /** Waits until all is printed that this process will print; false if that takes longer. */
    boolean awaitEnd(Duration most) throws InterruptedException {
        return ended.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says that nothing will be printed any more. */
    public void close() {
        ended.countDown();
    }

    /** The exit code of a command that ended with this one: a failure, if results were lost. A closed pipe is none. */
    public int end(int exit) {
        out.flush();
        String loss = results.loss();
        if (loss != null) {
            err.println("beras: " + loss);
        }
        err.flush();
        return loss != null && exit == Exit.DONE ? Exit.FAILED : exit;
    }

    /** The terminal of both. */
    public Terminal terminal() {
        return terminal;
    }

    /** A line of progress on standard error. */
    public ProgressLine progress() {
        return new ProgressLine(err, terminal);
    }

    /** As {@link Compute#describe}; refuses wrong system properties that choose kernels or threads. */
    public String backend() throws Exception {
        try {
            return backend.get();
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.USAGE, e.getMessage());
        }
    }

    /** Waits for the kernels, and prints those in use; with so many threads at most, null: one for each processor. */
    public void start(Integer threads) throws Exception {
        String started = backend();
        if (threads != null) {
            try {
                Compute.setThreads(threads);
            } catch (IllegalArgumentException e) {
                throw new SettingException("threads", e.getMessage(), e);
            }
        }
        err.println("BERAS " + Version.get() + " on " + started + "; " + Text.count(Compute.threads(), "thread"));
    }
}

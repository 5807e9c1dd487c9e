package beras.cli.terminal;

import beras.files.FileFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where results go. It keeps in mind the first failure, for a {@link java.io.PrintStream} on top reports it to nobody. */
final class StandardOutput extends OutputStream {

    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

    private final OutputStream out;
    private long written;
    private IOException failure; // null: none yet

    StandardOutput(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            out.write(bytes, from, length);
            written += length;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        out.flush();
    }

    /** Whether this is why something could not be written. */
    synchronized boolean failedBy(Throwable e) {
        return failure != null && e == failure;
    }

    /** The loss and its reason; null if there is none, or the reader has left. */
    synchronized String loss() {
        return failure == null || isBrokenPipe() ? null : "standard output: " + FileFailure.reason(failure)
                + ". What was printed after the first " + Text.count(written, "byte")
                + " is lost; files that were written are whole";
    }

    /** Whether the reader went away, such as {@code head}. The system's message may be in any language. */
    private boolean isBrokenPipe() {
        try {
            if (Files.readSymbolicLink(DESCRIPTOR).toString().startsWith("pipe:")) {
                return true; // which is never full
            }
        } catch (IOException | UnsupportedOperationException e) {
            // There is no such file here.
        }
        return FileFailure.reason(failure).toLowerCase(Locale.ROOT).contains("pipe");
    }
}

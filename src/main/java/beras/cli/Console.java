package beras.cli;

import beras.kernels.Backend;
import beras.kernels.Threads;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Where a command writes, and the kernels that start in the background while the command line is still read. */
final class Console {

    private final PrintStream out;
    private final PrintStream err;
    private final boolean live;
    private final Background<String> backend = Background.start("beras-start", Console::startKernels);

    /**
     * @param out  for results
     * @param err  for progress, warnings and errors
     * @param live whether {@code err} is a terminal on which a line may be rewritten
     */
    Console(PrintStream out, PrintStream err, boolean live) {
        this.out = out;
        this.err = err;
        this.live = live;
    }

    private static String startKernels() {
        Threads.count();
        return Backend.describe();
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    boolean live() {
        return live;
    }

    /**
     * What {@link Backend#describe} says.
     *
     * @throws Failure if a system property that chooses kernels or threads is wrong
     */
    String backend() throws Exception {
        try {
            return backend.get();
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof IllegalArgumentException wrongProperty) {
                throw new Failure(Exit.USAGE, wrongProperty.getMessage());
            }
            throw e;
        }
    }

    /** Whether standard error is a terminal that can rewrite a line. */
    static boolean stderrIsLive() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        Path descriptor = Path.of("/proc/self/fd/2");
        if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
            try {
                String target = Files.readSymbolicLink(descriptor).toString();
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
}

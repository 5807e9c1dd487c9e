package beras.cli.terminal;

import beras.config.InvalidDataException;

/** Ends a command with a message for the user and an exit code. */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exit;

    /** @param exit one of {@link Exit} */
    public Failure(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    /** Work that may reject data. */
    public interface Work<T, E extends Exception> {
        T done() throws E;
    }

    /** Does work; data that it refuses are blamed on {@code what}, such as a file. */
    public static <T, E extends Exception> T blaming(Object what, Work<T, E> work) throws E {
        return blaming(what, "", work);
    }

    /** As {@link #blaming(Object, Work)}, with a remedy. */
    public static <T, E extends Exception> T blaming(Object what, String remedy, Work<T, E> work) throws E {
        try {
            return work.done();
        } catch (InvalidDataException e) {
            throw new Failure(Exit.BAD_DATA, what + ": " + e.getMessage() + remedy);
        }
    }

    public int exit() {
        return exit;
    }
}

package beras.cli.terminal;

/** Ends a command with a message for the user and an exit code. */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exit;

    /**
     * @param exit one of {@link Exit}
     */
    public Failure(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    public int exit() {
        return exit;
    }
}

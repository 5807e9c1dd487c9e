package beras.cli;

/** Ends a command with a message for the user and an exit code. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exit;

    /**
     * @param exit one of {@link Exit}
     */
    Failure(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    int exit() {
        return exit;
    }
}

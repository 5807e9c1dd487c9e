package beras.cli.terminal;

/** The exit codes of the process. */
public final class Exit {

    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int BAD_DATA = 3;
    public static final int DIVERGED = 4;
    /** Something is read, but not surely enough to be sent on. */
    public static final int UNSURE = 5;
    /** Shells expect it after SIGINT; Java itself ends with it. */
    public static final int INTERRUPTED = 130;

    private Exit() {}
}

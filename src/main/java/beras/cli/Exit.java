package beras.cli;

/** What the process tells its caller at the end. */
final class Exit {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int BAD_DATA = 3;
    static final int DIVERGED = 4;
    /** Something is read, but not surely enough to be sent on. */
    static final int UNSURE = 5;
    /** What shells expect after SIGINT; Java ends with it by itself. */
    static final int INTERRUPTED = 130;

    private Exit() {}
}

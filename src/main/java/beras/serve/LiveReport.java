package beras.serve;

import java.io.IOException;

/**
 * A report of something that is running, such as a training, which a {@link ReportServer} shows. Its methods are called by other
 * threads.
 */
public interface LiveReport {

    /** How much of it there is, such as epochs; with a larger number there is more to show in the {@link #page}. */
    int size();

    /** How it goes, in a sentence; asked for each second, so it should take no time. */
    String status();

    /**
     * The report as of now: a page in UTF-8 that needs nothing but itself. Called by one thread at a time, seldom enough to take
     * a tenth of a processor at most.
     *
     * @throws IOException if it cannot be made now; the last one is then shown on, and {@link ServerOptions#onFailure} is called
     *     the first time
     */
    byte[] page() throws IOException;
}

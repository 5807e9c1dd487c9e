package beras.serve;

import java.io.IOException;

/**
 * Shows a {@link LiveReport} in the browser while it grows, by HTTP/1.1 and within the limits of {@link ModelServer}. The page
 * looks each second whether there is more.
 */
public final class ReportServer implements AutoCloseable {

    private final GrowingReport report;
    private final HttpServer server;

    private ReportServer(GrowingReport report, HttpServer server) {
        this.report = report;
        this.server = server;
    }

    /**
     * Starts.
     *
     * @throws IOException if the port is taken, or the host is no address of this machine
     */
    public static ReportServer start(LiveReport live, ServerOptions options) throws IOException {
        GrowingReport report = new GrowingReport(live, System::nanoTime, options.failures);
        return new ReportServer(report, HttpServer.start(metrics -> Routes.of(report, metrics), options));
    }

    /** Where a browser finds it. */
    public String address() {
        return server.address();
    }

    /**
     * Ends. If somebody looks at the page, it waits until the browser has the report as it is now, two seconds at most: the page
     * stays in the browser.
     */
    @Override
    public void close() {
        report.end();
        server.close();
    }
}

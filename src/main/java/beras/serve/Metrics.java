package beras.serve;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** The counters of a server, in Prometheus's text format. */
final class Metrics {

    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** The upper bounds of the buckets of times; beyond the last there is one more. */
    private static final long[] BOUNDS = {100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 10_000_000};
    private static final int MICROS_DIGITS = 6;

    private final Map<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();
    private final LongAdder[] buckets = Stream.generate(LongAdder::new).limit(BOUNDS.length + 1).toArray(LongAdder[]::new);
    private final LongAdder nanos = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final IntSupplier connections;
    private final IntSupplier inFlight;

    /**
     * @param connections how many are open
     * @param inFlight    how many requests have no answer yet
     */
    Metrics(IntSupplier connections, IntSupplier inFlight) {
        this.connections = connections;
        this.inFlight = inFlight;
    }

    /** A request has its answer; {@code time} in nanoseconds is from the end of its head on. */
    void answered(Response answer, long time) {
        rows.add(answer.examples());
        byStatus.computeIfAbsent(answer.status(), any -> new LongAdder()).increment();
        nanos.add(time);
        int bucket = 0;
        while (bucket < BOUNDS.length && time > TimeUnit.MICROSECONDS.toNanos(BOUNDS[bucket])) {
            bucket++;
        }
        buckets[bucket].increment();
    }

    byte[] text() {
        StringBuilder out = new StringBuilder();
        head(out, "beras_http_requests_total", "counter", "Requests that were answered.");
        byStatus.forEach((status, count) -> out.append("beras_http_requests_total{code=\"").append(status).append("\"} ")
                .append(count.sum()).append('\n'));
        head(out, "beras_http_request_duration_seconds", "histogram", "From the head of a request to its answer.");
        long below = 0;
        for (int i = 0; i < buckets.length; i++) {
            below += buckets[i].sum();
            out.append("beras_http_request_duration_seconds_bucket{le=\"").append(i < BOUNDS.length
                    ? BigDecimal.valueOf(BOUNDS[i], MICROS_DIGITS).stripTrailingZeros().toPlainString() : "+Inf").append("\"} ")
                    .append(below).append('\n');
        }
        out.append("beras_http_request_duration_seconds_sum ").append(nanos.sum() / 1e9).append('\n');
        out.append("beras_http_request_duration_seconds_count ").append(below).append('\n');
        one(out, "beras_http_requests_in_flight", "gauge", "Requests that have no answer yet, this one among them.", inFlight.getAsInt());
        one(out, "beras_http_connections", "gauge", "Connections that are open.", connections.getAsInt());
        one(out, "beras_predicted_rows_total", "counter", "Rows and images that were predicted.", rows.sum());
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void one(StringBuilder out, String name, String type, String help, long value) {
        head(out, name, type, help);
        out.append(name).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append("\n# TYPE ").append(name).append(' ').append(type)
                .append('\n');
    }
}

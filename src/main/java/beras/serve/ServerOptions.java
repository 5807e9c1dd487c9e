package beras.serve;

import beras.config.Arguments;
import beras.config.CheckReturnValue;
import beras.config.Options;
import beras.prediction.Prediction;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The address and the limits of a {@link ModelServer}. Immutable: each method gives a changed copy.
 *
 * <pre>{@code
 * new ServerOptions().port(0).maxRows(100)
 * }</pre>
 */
@CheckReturnValue
public final class ServerOptions extends Options<ServerOptions> {

    /** Only this machine reaches it. */
    public static final String HOST = "127.0.0.1";
    /** The default port. */
    public static final int PORT = 8080;
    /** The largest body of a request by default, in bytes. */
    public static final int MAX_BODY = 8 << 20;
    /** The most rows or images of a request by default. */
    public static final int MAX_ROWS = 1000;
    /** The most connections at once by default. */
    public static final int MAX_CONNECTIONS = 512;
    /** How long a client, and the work on its request, may take by default. */
    public static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private static final int LAST_PORT = 65_535;
    private static final int LARGEST_BODY = 1 << 30;

    String host = HOST;
    int port = PORT;
    Set<String> allowedHosts = Set.of();
    int maxBody = MAX_BODY;
    int maxRows = MAX_ROWS;
    int maxConnections = MAX_CONNECTIONS;
    Duration maxWait = MAX_WAIT;
    OptionalDouble coverage = OptionalDouble.empty();
    OptionalDouble bound = OptionalDouble.empty();
    Map<String, ?> about = Map.of();
    Consumer<Throwable> failures = failure -> { };

    /** The defaults. */
    public ServerOptions() {}

    /** The name or address of this machine to listen at; default {@value #HOST}. {@code 0.0.0.0} is all addresses. */
    public ServerOptions host(String name) {
        return with(copy -> copy.host = Objects.requireNonNull(name));
    }

    /**
     * The port to listen at; default {@value #PORT}. 0 is any that is free, see {@link ModelServer#port}.
     *
     * @throws IllegalArgumentException if it is not from 0 to 65535
     */
    public ServerOptions port(int number) {
        if (number < 0 || number > LAST_PORT) {
            throw new IllegalArgumentException("A port is from 0 to " + LAST_PORT + ". Received: " + number);
        }
        return with(copy -> copy.port = number);
    }

    /**
     * One more name that clients may call this server in {@code Host}, without a port. It takes {@code localhost}, {@code 127.0.0.1},
     * {@code [::1]}, the {@link #host} and the address that a client has connected to. Any other name is rejected, so that no
     * web page can reach the server by a name that resolves to this machine (DNS rebinding).
     */
    public ServerOptions allowHost(String name) {
        Set<String> more = new TreeSet<>(allowedHosts);
        more.add(name.toLowerCase(Locale.ROOT));
        return with(copy -> copy.allowedHosts = more);
    }

    /**
     * The largest body of a request in bytes; default 8 MiB.
     *
     * @throws IllegalArgumentException if it is not from 1 to 2^30
     */
    public ServerOptions maxBody(int bytes) {
        if (bytes < 1 || bytes > LARGEST_BODY) {
            throw new IllegalArgumentException("maxBody is from 1 to " + LARGEST_BODY + " bytes. Received: " + bytes);
        }
        return with(copy -> copy.maxBody = bytes);
    }

    /**
     * The most rows or images of a request; default {@value #MAX_ROWS}.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ServerOptions maxRows(int rows) {
        return with(copy -> copy.maxRows = Arguments.atLeast(1, "maxRows", rows));
    }

    /**
     * The most connections at once; default {@value #MAX_CONNECTIONS}. Each costs a thread. For one more the one is closed that has
     * kept the server waiting for longest: without a request, with a body that hardly comes, or with an answer that it does not
     * read. If there is none, the new one waits.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ServerOptions maxConnections(int connections) {
        return with(copy -> copy.maxConnections = Arguments.atLeast(1, "maxConnections", connections));
    }

    /**
     * How long a client may take to send its request, to read the answer, and to come with the next one, and how long a request is
     * worked on; default 30 s.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public ServerOptions maxWait(Duration time) {
        if (time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException("maxWait must be above 0. Received: " + time);
        }
        return with(copy -> copy.maxWait = time);
    }

    /**
     * Adds to each prediction of a table the interval, {@code lower} and {@code upper}, or the {@code set} of labels that has the truth
     * with this probability, see {@link beras.prediction.ConformalSets}. Default: none.
     *
     * @throws IllegalArgumentException if it is not above 0 and below 1
     */
    public ServerOptions interval(double probability) {
        if (!(probability > 0 && probability < 1)) {
            throw new IllegalArgumentException("A coverage must be above 0 and below 1. Received: " + probability);
        }
        return with(copy -> copy.coverage = OptionalDouble.of(probability));
    }

    /**
     * Images of less confidence get none of the labels, as by {@code predict --reject}; by default the threshold is the one
     * that the model keeps, if any, and on pages {@link beras.digits.PageReader#REJECT}.
     *
     * @throws IllegalArgumentException if it is not 0 to 1
     */
    public ServerOptions reject(double confidence) {
        return with(copy -> copy.bound = OptionalDouble.of(Prediction.requireBound(confidence)));
    }

    /**
     * The identity of the model, for its page and as further fields of {@code GET /model}: texts, numbers, or maps of these.
     * The page shows {@code file}, {@code saved} (an ISO instant), {@code data}, the number of training {@code examples}, and
     * among the {@code measured} values the accuracy, such as {@code test_accuracy}, else the first. Default: nothing.
     */
    public ServerOptions about(Map<String, ?> fields) {
        return with(copy -> copy.about = Collections.unmodifiableMap(new LinkedHashMap<>(fields)));
    }

    /** Takes failures of the server itself, whose clients get 500 or 503; from any thread. Default: none. */
    public ServerOptions onFailure(Consumer<Throwable> listener) {
        return with(copy -> copy.failures = Objects.requireNonNull(listener));
    }
}

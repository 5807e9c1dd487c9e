package beras.serve;

import beras.files.Excerpt;
import beras.serve.Routes.Route;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.RequestHeaderFieldsTooLargeException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpServerConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestParserFactory;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.protocol.HttpDateGenerator;

/** A client: its requests are read, worked on and answered one after the other, in one thread. */
final class ClientConnection implements Runnable {

    private enum Phase {
        /** Nothing of the next request is there. */
        IDLE,
        /** Something of its head is there. */
        HEAD,
        /** Its head is there, and its body comes if it has one. */
        BODY,
        /** It is worked on. */
        WORK,
        /** The answer goes out. */
        ANSWER,
        /** The answer is the last; further input of the client is discarded. */
        END
    }

    private static final int MOST_HEADERS = 100;
    private static final int LONGEST_LINE = 8192;
    private static final Http1Config LIMITS = Http1Config.custom().setMaxLineLength(LONGEST_LINE)
            .setMaxHeaderCount(MOST_HEADERS + 1) // at which HttpCore refuses
            .setMaxEmptyLineCount(2).build();
    /** Without it heads are parsed with HttpCore's own limits. */
    private static final DefaultHttpRequestParserFactory PARSERS = new DefaultHttpRequestParserFactory(LIMITS);
    /** How long a client has to read the last answer before the connection is closed, in ns. */
    private static final long LAST_READ = 1_000_000_000;
    /** The bytes of a request may take so long, in ns each and once, before another connection may take the place of this one. */
    private static final long BYTE_NANOS = 60_000;
    private static final long GRACE_NANOS = 1_000_000_000;
    private static final int SHOWN = 60;
    private static final String HEAD = "HEAD";
    static final String POLICY = "Content-Security-Policy";

    /** A page may load from and send to this server alone, and be in no other page. */
    private static final List<Header> SECURITY = List.of(
            new BasicHeader(POLICY, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types 'none'"),
            new BasicHeader("X-Content-Type-Options", "nosniff"), new BasicHeader("Referrer-Policy", "same-origin"),
            new BasicHeader("Cross-Origin-Opener-Policy", "same-origin"), new BasicHeader("Cross-Origin-Resource-Policy", "same-origin"),
            new BasicHeader(HttpHeaders.CACHE_CONTROL, "no-store"));

    /** A phase, when it began and when it must be over, as one value: the watching thread must not see parts of two. */
    private record State(Phase phase, long began, long deadline) {}

    /** HTTP on a socket whose input reports the first bytes and the end. */
    private final class Http extends DefaultBHttpServerConnection {

        private boolean ended;

        Http() {
            super(null, LIMITS, null, null, null, null, PARSERS, null);
        }

        void open() throws IOException {
            socket.setTcpNoDelay(true);
            bind(new SocketHolder(socket) {

                @Override
                protected InputStream getInputStream(Socket from) throws IOException {
                    return new FilterInputStream(from.getInputStream()) {

                        @Override
                        public int read(byte[] bytes, int at, int length) throws IOException {
                            int count = super.read(bytes, at, length);
                            ended = count < 0;
                            if (count > 0 && state.phase == Phase.IDLE) {
                                enter(Phase.HEAD, wait);
                            }
                            long all = received + Math.max(0, count);
                            received = all; // which no other thread sets
                            return count;
                        }
                    };
                }
            });
        }
    }

    private final ModelServer server;
    private final Socket socket;
    private final Http http;
    private final long wait; // in ns
    private volatile State state;
    private volatile long received; // bytes since this phase began
    private volatile boolean late;
    private int room; // that the body takes

    ClientConnection(ModelServer server, Socket socket) {
        this.server = server;
        this.socket = socket;
        this.wait = server.options.maxWait.toNanos();
        enter(Phase.IDLE, wait);
        this.http = new Http();
    }

    // ------------------------------------------------------------------------------------------- from other threads

    private void enter(Phase next, long nanos) {
        long now = System.nanoTime();
        received = 0;
        state = new State(next, now, now + nanos);
    }

    /** Whether a request is there that has no answer yet. */
    boolean isBusy() {
        Phase phase = state.phase;
        return phase == Phase.BODY || phase == Phase.WORK;
    }

    /** Whether there is no whole head of a request that has no answer yet. */
    boolean isIdle() {
        Phase phase = state.phase;
        return phase == Phase.IDLE || phase == Phase.HEAD;
    }

    /**
     * For how many nanoseconds the client has kept the server waiting: without a whole head, or for a body or to take the answer,
     * beyond the time that these may take. Negative if it has not.
     */
    long awaited(long now) {
        State current = state;
        return switch (current.phase) {
            case IDLE, HEAD -> Math.max(0, now - current.began);
            case BODY, ANSWER, END -> now - current.began - GRACE_NANOS - received * BYTE_NANOS;
            case WORK -> -1;
        };
    }

    /** Ends connections that take too long: a request that does not arrive gets its answer, all others are closed. */
    void endIfLate(long now) {
        State current = state;
        if (now - current.deadline < 0) {
            return;
        }
        switch (current.phase) {
            case HEAD, BODY -> {
                late = true;
                try {
                    socket.shutdownInput(); // whoever reads sees the end
                } catch (IOException e) {
                    close();
                }
            }
            case IDLE, ANSWER, END -> close();
            case WORK -> { } // which ends itself, see WorkLimit
        }
    }

    void close() {
        ModelServer.close(socket);
    }

    // ------------------------------------------------------------------------------------------------ in its thread

    @Override
    public void run() {
        try {
            http.open();
            while (serveNext()) {
                enter(Phase.IDLE, wait);
            }
        } catch (IOException | HttpException e) {
            // The client went away.
        } catch (RuntimeException e) {
            server.options.failures.accept(e);
        } finally {
            close();
            server.giveRoom(room);
            server.ended(this);
        }
    }

    /** Serves a request; false if it was the last one. */
    private boolean serveNext() throws IOException, HttpException {
        if (server.closing) {
            return false;
        }
        boolean more = false;
        boolean withBody = true;
        long start = System.nanoTime();
        Response response;
        try {
            ClassicHttpRequest request = head();
            if (request == null) {
                return false;
            }
            start = System.nanoTime();
            state = new State(Phase.BODY, state.began, state.deadline); // the body has the deadline of the head
            withBody = !request.getMethod().equals(HEAD);
            more = isPersistent(request) && !hasBody(request);
            server.gate.check(request, socket::getLocalAddress);
            Route route = route(request);
            Request read = body(request, route);
            more = isPersistent(request);
            enter(Phase.WORK, wait);
            response = server.work(route, read, this::hasLeft);
        } catch (Refusal e) {
            response = e.response();
        }
        more &= !server.closing;
        enter(Phase.ANSWER, wait);
        server.metrics.answered(response, System.nanoTime() - start);
        send(response, withBody, more);
        server.giveRoom(room);
        room = 0;
        if (!more) {
            end();
        }
        return more;
    }

    /** Whether the client has closed its side, in this thread, while nothing is read. Bytes that it sends meanwhile are kept. */
    private boolean hasLeft() {
        try {
            return http.isStale();
        } catch (IOException e) {
            return true;
        }
    }

    /** The head of the next request; null if there comes none any more. All that is wrong with it is 4xx: the client's mistake. */
    private ClassicHttpRequest head() throws IOException, Refusal {
        try {
            ClassicHttpRequest request = http.receiveRequestHeader();
            if (request != null && (late || http.ended)) { // HttpCore takes an end for that of the head
                throw incomplete("a head of a request that ends with an empty line");
            }
            Header length = request == null ? null : request.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
            if (length != null && length.getValue().startsWith("+")) { // which HttpCore takes
                throw Refusal.bad("Expected a length in digits. Received: " + Excerpt.quoted(length.getValue(), SHOWN));
            }
            return request;
        } catch (RequestHeaderFieldsTooLargeException e) {
            throw new Refusal(HttpStatus.SC_REQUEST_HEADER_FIELDS_TOO_LARGE, "Expected at most " + MOST_HEADERS
                    + " headers, and no line of more than " + LONGEST_LINE + " bytes. Received: more");
        } catch (ConnectionClosedException e) {
            if (state.phase == Phase.IDLE) {
                return null;
            }
            throw incomplete("a head of a request");
        } catch (HttpException | IllegalArgumentException e) { // HttpCore sets both for malformed input
            if (late || http.ended) {
                throw incomplete("a head of a request");
            }
            throw Refusal.bad("Expected a request of HTTP/1.1. Received: " + Excerpt.quoted(String.valueOf(e.getMessage()), SHOWN));
        }
    }

    private Refusal incomplete(String expected) {
        return late ? new Refusal(HttpStatus.SC_REQUEST_TIMEOUT, "Expected " + expected + " within " + server.options.maxWait.toMillis()
                + " ms. Received: a part of it") : Refusal.bad("Expected " + expected + ". Received: a part of it");
    }

    private static boolean isPersistent(ClassicHttpRequest request) {
        return request.getVersion() != null && request.getVersion().greaterEquals(HttpVersion.HTTP_1_1)
                && Stream.of(request.getHeaders(HttpHeaders.CONNECTION))
                        .noneMatch(header -> header.getValue().toLowerCase(Locale.ROOT).contains(HeaderElements.CLOSE));
    }

    private static boolean hasBody(ClassicHttpRequest request) {
        Header length = request.getFirstHeader(HttpHeaders.CONTENT_LENGTH);
        return request.containsHeader(HttpHeaders.TRANSFER_ENCODING) || length != null && !length.getValue().equals("0");
    }

    private Route route(ClassicHttpRequest request) throws Refusal {
        String target = request.getRequestUri();
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        Route route = Optional.ofNullable(server.routes.byPath.get(path)).orElseThrow(() -> new Refusal(HttpStatus.SC_NOT_FOUND,
                "Expected one of " + String.join(", ", server.routes.byPath.keySet()) + ". Received: " + Excerpt.quoted(path, SHOWN)));
        String method = request.getMethod();
        if (!method.equals(route.method()) && !(method.equals(HEAD) && route.method().equals(Routes.GET))) {
            String allowed = route.method().equals(Routes.GET) ? Routes.GET + ", " + HEAD : route.method();
            throw new Refusal(HttpStatus.SC_METHOD_NOT_ALLOWED, "Expected " + allowed + " for " + path + ". Received: "
                    + Excerpt.quoted(method, SHOWN), Map.of(HttpHeaders.ALLOW, allowed), List.of());
        }
        return route;
    }

    private Request body(ClassicHttpRequest request, Route route) throws IOException, HttpException, Refusal {
        if (request.containsHeader(HttpHeaders.TRANSFER_ENCODING) && request.containsHeader(HttpHeaders.CONTENT_LENGTH)) {
            throw Refusal.bad("Expected Content-Length or Transfer-Encoding. Received: both");
        }
        try {
            http.receiveRequestEntity(request);
        } catch (HttpException e) {
            throw Refusal.bad("Expected the length of a body, or chunks. Received: "
                    + Excerpt.quoted(String.valueOf(e.getMessage()), SHOWN));
        }
        if (route.types().isEmpty()) {
            if (hasBody(request)) {
                throw Refusal.bad("Expected no body. Received: one");
            }
            return new Request("", new byte[0]);
        }
        String type = type(request);
        if (!route.types().contains(type)) {
            String types = String.join(", ", route.types());
            throw new Refusal(HttpStatus.SC_UNSUPPORTED_MEDIA_TYPE, "Expected a Content-Type of " + types + ". Received: "
                    + Excerpt.quoted(type, SHOWN), Map.of("Accept-Post", types), List.of());
        }
        if (request.getEntity() == null) {
            return new Request(type, new byte[0]);
        }
        int most = server.options.maxBody;
        long length = request.getEntity().getContentLength();
        if (length > most) {
            throw tooLarge(Long.toString(length));
        }
        room = server.takeRoom(length < 0 ? most : (int) length);
        try {
            goOn(request);
            byte[] bytes = request.getEntity().getContent().readNBytes(length < 0 ? most + 1 : (int) length);
            if (bytes.length > most) {
                throw tooLarge("more");
            }
            return new Request(type, bytes);
        } catch (MalformedChunkCodingException | ConnectionClosedException e) {
            throw incomplete("a whole body");
        } catch (MessageConstraintException e) {
            throw Refusal.bad("Expected a body in chunks. Received: a line that is too long");
        }
    }

    private Refusal tooLarge(String received) {
        return new Refusal(HttpStatus.SC_REQUEST_TOO_LONG, "Expected a body of at most " + server.options.maxBody
                + " bytes. Received: " + received + ". Send it in several requests");
    }

    /** Tells a client that waits for it to send the body. */
    private void goOn(ClassicHttpRequest request) throws IOException, HttpException, Refusal {
        Header expect = request.getFirstHeader(HttpHeaders.EXPECT);
        if (expect == null) {
            return;
        }
        if (!expect.getValue().equalsIgnoreCase(HeaderElements.CONTINUE)) {
            throw new Refusal(HttpStatus.SC_EXPECTATION_FAILED, "Expected Expect: " + HeaderElements.CONTINUE + ". Received: "
                    + Excerpt.quoted(expect.getValue(), SHOWN));
        }
        http.sendResponseHeader(new BasicClassicHttpResponse(HttpStatus.SC_CONTINUE));
        http.flush();
    }

    private static String type(ClassicHttpRequest request) {
        Header type = request.getFirstHeader(HttpHeaders.CONTENT_TYPE);
        return type == null ? "" : type.getValue().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private void send(Response response, boolean withBody, boolean more) throws IOException, HttpException {
        ClassicHttpResponse message = new BasicClassicHttpResponse(response.status());
        message.addHeader(HttpHeaders.DATE, HttpDateGenerator.INSTANCE.getCurrentDate());
        message.addHeader(HttpHeaders.CONTENT_TYPE, response.type());
        message.addHeader(HttpHeaders.CONTENT_LENGTH, response.body().length);
        SECURITY.forEach(message::addHeader);
        response.headers().forEach(message::setHeader); // instead of the headers above
        if (!more) {
            message.addHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);
        }
        http.sendResponseHeader(message);
        if (withBody) {
            message.setEntity(new ByteArrayEntity(response.body(), null));
            http.sendResponseEntity(message);
        }
        http.flush();
    }

    /** Lets the client read the last answer, which it may not if the connection is closed while it still sends. */
    private void end() throws IOException {
        enter(Phase.END, LAST_READ);
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        byte[] thrownAway = new byte[8192];
        while (in.read(thrownAway) >= 0) {
            // until the client has seen the end, too
        }
    }
}

package beras.serve;

import beras.saving.SavedModel;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.hc.core5.http.HttpStatus;

/**
 * Serves the predictions of one model by HTTP/1.1: a page to draw a digit or to fill in a row, JSON for programs.
 *
 * <pre>{@code
 * try (ModelServer server = ModelServer.start(ModelFile.load(Path.of("model.beras")), new ServerOptions())) {
 *     System.out.println(server.address()); // http://127.0.0.1:8080/
 *     System.in.read();
 * }
 * }</pre>
 *
 * <p>{@code POST /predict} takes rows or images, see {@code /openapi.json}; {@code GET /healthz} and {@code /metrics} are for
 * monitoring. A client keeps its connection open in both directions until it has its answer: the work on a request ends when
 * its client has left. There is no TLS and nobody needs a password: whoever reaches it may use it.
 */
public final class ModelServer implements AutoCloseable {

    /** Connections that the system keeps until they are accepted. */
    private static final int BACKLOG = 1024;
    private static final long LOOK_MILLIS = 100;
    private static final long AFTER_FAILURE_NANOS = 50_000_000;
    private static final long LAST_SECONDS = 10;
    /** Bodies up to here need no room: there are at most as many as connections. */
    private static final int SMALL_BODY = 1 << 16;
    /** The memory to read the largest picture: half of it outside of the heap, for the samples of a progressive JPEG. */
    private static final long WORKER_BYTES = 128L << 20;
    private static final int WORKERS_PER_PROCESSOR = 4;
    private static final int ROOM_UNIT = 1 << 10;
    private static final int ROOM_SHARE = 8;

    final ServerOptions options;
    final Gate gate;
    final Routes routes;
    final Metrics metrics;
    private final ServerSocket socket;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore places;
    private final Semaphore room;
    private final Turns turns;
    private final ExecutorService threads;
    private final ScheduledExecutorService watch;
    private final Thread acceptor = daemon(this::accept, "beras-accept");
    volatile boolean closing;

    private ModelServer(Served served, ServerOptions options) throws IOException {
        this.options = options;
        this.metrics = new Metrics(connections::size, () -> (int) connections.stream().filter(ClientConnection::isBusy).count());
        this.routes = new Routes(served, options, metrics);
        this.gate = new Gate(options);
        this.places = new Semaphore(options.maxConnections);
        long memory = Runtime.getRuntime().maxMemory();
        this.room = new Semaphore((int) Math.min(Integer.MAX_VALUE, units(options.maxBody) + memory / ROOM_SHARE / ROOM_UNIT));
        int processors = Runtime.getRuntime().availableProcessors();
        this.turns = new Turns((int) Math.max(1, Math.min(memory / WORKER_BYTES, (long) WORKERS_PER_PROCESSOR * processors)), processors);
        AtomicInteger count = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> daemon(task, "beras-client-" + count.incrementAndGet()));
        this.watch = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "beras-watch"));
        this.socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName(options.host), options.port), BACKLOG);
        } catch (IOException e) {
            socket.close();
            throw new IOException("Cannot listen at " + options.host + ", port " + options.port + ": " + e.getMessage()
                    + ". Take another port, such as 0 for any that is free, or another host", e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts to serve a model; nobody may train it meanwhile.
     *
     * @throws IllegalArgumentException if it is no model of a table or of images, or its held-out scores cannot guarantee the
     *     coverage of the options
     * @throws IOException if the port is taken, or the host is no address of this machine
     */
    public static ModelServer start(SavedModel model, ServerOptions options) throws IOException {
        ModelServer server = new ModelServer(Served.of(model, options), options);
        server.acceptor.start();
        server.watch.scheduleWithFixedDelay(server::endLate, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return server;
    }

    /** The port at which it listens. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Where a browser finds it. */
    public String address() {
        String host = socket.getInetAddress().isAnyLocalAddress() ? "127.0.0.1" : options.host;
        return "http://" + Gate.bracketed(host) + ":" + port() + "/";
    }

    private void accept() {
        while (!closing) {
            try {
                Socket client = socket.accept();
                boolean placed = places.tryAcquire();
                while (!placed && !closing) {
                    closeSlowest();
                    placed = places.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                }
                if (placed) {
                    start(client);
                } else {
                    close(client);
                }
            } catch (IOException | OutOfMemoryError e) { // the next client may be served again
                if (!closing) { // no more files may be open, perhaps
                    options.failures.accept(e);
                    closeSlowest();
                    LockSupport.parkNanos(AFTER_FAILURE_NANOS);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void start(Socket client) {
        ClientConnection connection = null;
        try {
            connection = new ClientConnection(this, client);
            connections.add(connection);
            threads.execute(connection);
        } catch (RejectedExecutionException | OutOfMemoryError e) { // it ends, or there are no more threads
            close(client);
            if (connection != null) {
                connections.remove(connection);
            }
            places.release();
        }
    }

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no more use anyway.
        }
    }

    private void endLate() {
        try {
            connections.forEach(each -> each.endIfLate(System.nanoTime()));
        } catch (RuntimeException | OutOfMemoryError e) { // or nobody would be ended any more
            options.failures.accept(e);
        }
    }

    private void closeSlowest() {
        long now = System.nanoTime();
        ClientConnection slowest = null;
        long longest = -1;
        for (ClientConnection each : connections) {
            long awaited = each.awaited(now);
            if (awaited > longest) {
                longest = awaited;
                slowest = each;
            }
        }
        if (slowest != null) {
            slowest.close();
        }
    }

    // ---------------------------------------------------------------------------------------------- for connections

    private static int units(int bytes) {
        return bytes <= SMALL_BODY ? 0 : (bytes + ROOM_UNIT - 1) / ROOM_UNIT;
    }

    /** Takes memory for a body, which is to be given back. */
    int takeRoom(int bytes) throws Refusal {
        if (!room.tryAcquire(units(bytes))) {
            throw busy("bodies");
        }
        return bytes;
    }

    void giveRoom(int bytes) {
        room.release(units(bytes));
    }

    private static Refusal busy(String what) {
        return new Refusal(HttpStatus.SC_SERVICE_UNAVAILABLE, "There are too many " + what + " at once. Try again later",
                Map.of("Retry-After", "1"), List.of());
    }

    /**
     * Works on a request, once it has its turn.
     *
     * @param left whether its client has left
     */
    Response work(Routes.Route route, Request request, BooleanSupplier left) throws Refusal {
        long since = System.nanoTime();
        Turns.Turn turn = null;
        try {
            if (!route.types().isEmpty()) {
                turn = turns.begin(options.maxWait.toNanos());
                if (turn == null) {
                    throw busy("requests");
                }
            }
            WorkLimit limit = new WorkLimit(options.maxWait, left, since, turn == null ? () -> { } : turn::pass);
            limit.check();
            return route.handler().answer(request, limit);
        } catch (InterruptedException e) {
            throw busy("requests");
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            options.failures.accept(e);
            return new Refusal(e instanceof OutOfMemoryError ? HttpStatus.SC_SERVICE_UNAVAILABLE
                    : HttpStatus.SC_INTERNAL_SERVER_ERROR,
                    "The server failed, which is not the fault of the request").response();
        } finally {
            if (turn != null) {
                turn.end();
            }
        }
    }

    void ended(ClientConnection connection) {
        connections.remove(connection);
        places.release();
    }

    /** Ends: nothing more is accepted, requests that are being served get their answers, for up to ten seconds. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        close(socket);
        threads.shutdown();
        for (ClientConnection each : connections) {
            if (each.isIdle()) {
                each.close();
            }
        }
        try {
            if (Thread.currentThread() != acceptor) { // a failure that it reports may close the server
                // while it waits for a client, the system lets one connect
                acceptor.join(TimeUnit.SECONDS.toMillis(LAST_SECONDS));
            }
            threads.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(ClientConnection::close);
        watch.shutdownNow();
    }
}

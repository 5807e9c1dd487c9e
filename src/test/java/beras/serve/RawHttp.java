package beras.serve;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends any bytes, good or bad. */
final class RawHttp implements AutoCloseable {

    private static final int MILLIS = 60_000;

    /** What came back. */
    record Answer(int status, Map<String, String> headers, String body) {

        JsonObject json() {
            return JsonParser.parseString(body).getAsJsonObject();
        }
    }

    private final Socket socket;

    RawHttp(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(MILLIS);
        socket.setTcpNoDelay(true);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A good request of JSON. */
    static byte[] post(String path, String json) {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] post(String path, String type, byte[] body) {
        return join(bytes("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length + "\r\n\r\n"), body);
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** The answer to one request on a connection of its own. */
    static Answer exchange(int port, byte[] request) throws IOException {
        try (RawHttp client = new RawHttp(port)) {
            client.send(request);
            return client.read();
        }
    }

    static Answer exchange(int port, String request) throws IOException {
        return exchange(port, bytes(request));
    }

    void send(byte... request) throws IOException {
        socket.getOutputStream().write(request);
    }

    void send(String request) throws IOException {
        send(bytes(request));
    }

    /** Says that nothing more is sent. */
    void end() throws IOException {
        socket.shutdownOutput();
    }

    /** The next answer; one of status 0 if the connection was closed instead. */
    Answer read() throws IOException {
        Answer head = readHead();
        int length = Integer.parseInt(head.headers.getOrDefault("content-length", "0"));
        return new Answer(head.status, head.headers, new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8));
    }

    /** As {@link #read}, of an answer that has no body. */
    Answer readHead() throws IOException {
        InputStream in = socket.getInputStream();
        String line;
        try {
            line = line(in);
        } catch (EOFException e) {
            return new Answer(0, Map.of(), "");
        }
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            headers.put(header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT),
                    header.substring(header.indexOf(':') + 1).strip());
        }
        return new Answer(Integer.parseInt(line.split(" ")[1]), headers, "");
    }

    /** Whether the server has closed the connection. */
    boolean isEnded() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException(line.toString());
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

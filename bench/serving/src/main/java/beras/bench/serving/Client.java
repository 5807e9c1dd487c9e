package beras.bench.serving;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The process of one party: loads the network, predicts a row, reports it, and then checks and times batches. Its class path
 * has that party's library alone.
 */
final class Client {

    /** The allowed difference of outputs from those of BERAS. */
    private static final float TOLERANCE = 1e-5f;
    private static final int MOST_CALLS = 4_000_000;
    /** So many different batches in turn. */
    private static final int BATCHES = 16;

    /** Arguments: party, folder of the files, threads (0: the default), seconds, sizes of batches. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        float[] first = NetFiles.read(folder.resolve(NetFiles.rows(NetFiles.KINDS.get(0))));
        Server server = server(arguments[0], folder, Integer.parseInt(arguments[2]));
        server.predict(Arrays.copyOf(first, NetFiles.INPUTS), 1);
        System.out.println("first");
        double seconds = Double.parseDouble(arguments[3]);
        for (String kind : NetFiles.KINDS) {
            float[] rows = NetFiles.read(folder.resolve(NetFiles.rows(kind)));
            float[] expected = NetFiles.read(folder.resolve(NetFiles.expected(kind)));
            for (String batch : Arrays.asList(arguments).subList(4, arguments.length)) {
                int count = Integer.parseInt(batch);
                check(server, rows, expected, count);
                System.out.println(kind + " " + count + " " + timed(server, batches(rows, count), count, seconds));
            }
        }
        System.exit(0); // whatever threads of libraries are left
    }

    /** Half and 99 of 100 calls take so many microseconds, and so many rows are done in a second. */
    private static String timed(Server server, List<float[]> batches, int count, double seconds) throws Exception {
        calls(server, batches, count, seconds);
        long start = System.nanoTime();
        long[] nanos = calls(server, batches, count, seconds);
        double taken = (System.nanoTime() - start) / 1e9;
        Arrays.sort(nanos);
        return String.format(Locale.ROOT, "%.3f %.3f %.0f", nanos[nanos.length / 2] / 1e3,
                nanos[(int) (0.99 * (nanos.length - 1))] / 1e3, (double) count * nanos.length / taken);
    }

    private static Server server(String party, Path folder, int threads) throws Exception {
        return switch (Party.valueOf(party)) {
            case BERAS -> new BerasServer(folder.resolve(NetFiles.BERAS));
            case BERAS_KERAS -> new BerasServer(folder.resolve(NetFiles.KERAS));
            case ONNX_RUNTIME -> new OnnxServer(folder.resolve(NetFiles.ONNX), threads);
            case DJL_PYTORCH -> new DjlServer(folder.resolve(NetFiles.WEIGHTS));
        };
    }

    private static List<float[]> batches(float[] rows, int count) {
        List<float[]> batches = new ArrayList<>();
        int all = rows.length / NetFiles.INPUTS;
        for (int i = 0; i < BATCHES; i++) {
            int from = i * count % (all - count + 1);
            batches.add(Arrays.copyOfRange(rows, from * NetFiles.INPUTS, (from + count) * NetFiles.INPUTS));
        }
        return batches;
    }

    /** Nanoseconds of each call, as many as there is time for. */
    private static long[] calls(Server server, List<float[]> batches, int count, double seconds) throws Exception {
        long[] nanos = new long[MOST_CALLS];
        int done = 0;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long before = System.nanoTime();
        while (before < end && done < MOST_CALLS) {
            server.predict(batches.get(done % BATCHES), count);
            long now = System.nanoTime();
            nanos[done++] = now - before;
            before = now;
        }
        return Arrays.copyOf(nanos, done);
    }

    private static void check(Server server, float[] rows, float[] expected, int count) throws Exception {
        for (int from = 0; from + count <= expected.length / NetFiles.OUTPUTS; from += count) {
            float[] batch = Arrays.copyOfRange(rows, from * NetFiles.INPUTS, (from + count) * NetFiles.INPUTS);
            float[] outputs = server.predict(batch, count);
            for (int i = 0; i < count * NetFiles.OUTPUTS; i++) {
                float wanted = expected[from * NetFiles.OUTPUTS + i];
                if (!(Math.abs(outputs[i] - wanted) <= TOLERANCE)) {
                    throw new IllegalStateException("In a batch of " + count + " number " + i + " is " + outputs[i]
                            + " instead of " + wanted);
                }
            }
        }
    }

    private Client() {}
}

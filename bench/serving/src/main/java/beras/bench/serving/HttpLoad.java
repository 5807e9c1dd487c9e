package beras.bench.serving;

import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.files.WholeFile;
import beras.models.Model;
import beras.saving.ModelFile;
import beras.tensor.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Many clients that each send the next request after an answer: none may be lost, and each answer must be right. */
@Command(name = "http-load", sortOptions = false, description = "The command serve, and the same net of ONNX Runtime behind the JDK's"
        + " HTTP server, in turn, each under many clients with connections that stay: images of MNIST in JSON, one a request, to a"
        + " 784-128-10 net. Run it from the root of the repository.")
public final class HttpLoad implements Callable<Integer> {

    private static final int IMAGES = 256;
    private static final int MOST_REQUESTS = 20_000_000;

    private enum Contender {
        SERVE("BERAS serve", Party.BERAS), ONNX("ONNX Runtime, JDK HttpServer", Party.ONNX_RUNTIME);

        private final String title;
        private final Party party;

        Contender(String title, Party party) {
            this.title = title;
            this.party = party;
        }

        List<String> command(Path classes, Path libraries, Path folder) throws IOException {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            if (this == SERVE) {
                command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-jar", "beras.jar", "serve",
                        folder.resolve(NetFiles.BERAS).toString(), "--port", "0"));
            } else {
                try (Stream<Path> jars = Files.list(libraries)) {
                    String gson = jars.filter(jar -> jar.getFileName().toString().startsWith("gson-")).findFirst().orElseThrow().toString();
                    List<String> options = party.options(classes, libraries, 1);
                    options.set(1, options.get(1) + System.getProperty("path.separator") + gson);
                    command.addAll(options);
                }
                command.addAll(List.of("-Dsun.net.httpserver.nodelay=true", OnnxHttp.class.getName(), folder.toString()));
            }
            return command;
        }
    }

    /** The results of one run. */
    private record Run(Contender contender, long sent, long answered, double perSecond, double p50, double p99, double most) {}

    @Option(names = "--clients", paramLabel = "N", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "60", description = "How long is timed. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(names = "--warm-up", paramLabel = "S", defaultValue = "10", description = "Seconds before. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "JVMs of each. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "results/serving-http.csv",
            description = "Where the results go. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    private byte[][] requests;
    private byte[][] answers; // how each begins

    /** Runs and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new HttpLoad()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path classes = Path.of(HttpLoad.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path libraries = classes.resolveSibling("libraries");
        Path folder = Files.createTempDirectory("beras-http-load");
        List<Run> runs = new ArrayList<>();
        try {
            Net.write(folder, IMAGES);
            prepare(ModelFile.load(folder.resolve(NetFiles.BERAS)).model());
            for (int round = 1; round <= rounds; round++) {
                for (Contender contender : Contender.values()) {
                    Run run = run(contender, contender.command(classes, libraries, folder));
                    System.out.println("Round " + round + " of " + rounds + ": " + run);
                    runs.add(run);
                }
            }
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
        write(runs, libraries);
        return runs.stream().allMatch(run -> run.sent == run.answered) ? 0 : 1;
    }

    private void prepare(Model net) throws IOException {
        Images images = ImageSets.load(Path.of("data")).test().slice(0, IMAGES);
        Tensor outputs = net.predict(images.inputs());
        requests = new byte[IMAGES][];
        answers = new byte[IMAGES][];
        for (int i = 0; i < IMAGES; i++) {
            StringBuilder json = new StringBuilder("{\"images\":[[");
            for (byte pixel : images.pixels(i)) {
                json.append(pixel & 0xff).append(',');
            }
            json.setCharAt(json.length() - 1, ']');
            byte[] body = json.append("]}").toString().getBytes(StandardCharsets.ISO_8859_1);
            byte[] head = ("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                    + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
            requests[i] = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, requests[i], head.length, body.length);
            int best = 0;
            for (int label = 0; label < NetFiles.OUTPUTS; label++) {
                best = outputs.get(i, label) > outputs.get(i, best) ? label : best;
            }
            answers[i] = ("{\"predictions\":[{\"label\":\"" + best + "\",\"probabilities\":{\"0\":").getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private Run run(Contender contender, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            String address = process.inputReader().readLine();
            if (address == null) {
                throw new IOException(String.join(" ", command) + " failed");
            }
            int port = URI.create(address).getPort();
            Run warm = load(contender, port, warmUp);
            Run timed = load(contender, port, seconds);
            if (contender == Contender.SERVE) {
                requireCounted(port, warm.answered + timed.answered);
            }
            return timed;
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /** The server's count equals that of the clients. */
    private static void requireCounted(int port, long answered) throws IOException, InterruptedException {
        String counted = "beras_http_requests_total{code=\"200\"} " + answered + "\n";
        String metrics = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString()).body();
        if (!metrics.contains(counted)) {
            throw new IllegalStateException("Expected " + counted + "Received: " + metrics);
        }
    }

    private Run load(Contender contender, int port, int forSeconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        List<Future<long[]>> done = new ArrayList<>();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(forSeconds);
        for (int i = 0; i < clients; i++) {
            int first = i;
            done.add(threads.submit(() -> client(port, first, end)));
        }
        long sent = 0;
        long[] nanos = new long[0];
        for (Future<long[]> each : done) {
            long[] own = each.get(); // the first is how many were sent
            sent += own[0];
            int before = nanos.length;
            nanos = Arrays.copyOf(nanos, before + own.length - 1);
            System.arraycopy(own, 1, nanos, before, own.length - 1);
        }
        double taken = (System.nanoTime() - start) / 1e9;
        threads.shutdown();
        Arrays.sort(nanos);
        return new Run(contender, sent, nanos.length, nanos.length / taken, nanos[nanos.length / 2] / 1e3,
                nanos[(int) (0.99 * (nanos.length - 1))] / 1e3, nanos[nanos.length - 1] / 1e3);
    }

    /** Asks until the time is over; gives how many requests were sent, and the nanoseconds of each answer. */
    private long[] client(int port, int first, long end) throws IOException {
        long[] nanos = new long[1024];
        int count = 1;
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            byte[] body = new byte[4096];
            for (long before = System.nanoTime(); before < end && count < MOST_REQUESTS; before = System.nanoTime()) {
                int which = (first * 7 + count) % IMAGES;
                socket.getOutputStream().write(requests[which]);
                nanos[0]++;
                int length = head(in);
                if (length > body.length || in.readNBytes(body, 0, length) < length
                        || !Arrays.equals(body, 0, answers[which].length, answers[which], 0, answers[which].length)) {
                    throw new IOException("a wrong answer: " + new String(body, StandardCharsets.UTF_8).strip());
                }
                nanos = count < nanos.length ? nanos : Arrays.copyOf(nanos, 2 * nanos.length);
                nanos[count++] = System.nanoTime() - before;
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    /** Passes over a head, which must be of status 200; gives the length of the body. */
    private static int head(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int length = -1;
        boolean ok = false;
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection was closed");
            }
            if (b != '\n') {
                line.append((char) b);
                continue;
            }
            String text = line.toString().strip();
            line.setLength(0);
            if (text.isEmpty()) {
                if (!ok || length < 0) {
                    throw new IOException("an answer that is not 200, or has no length");
                }
                return length;
            }
            ok |= text.startsWith("HTTP/1.1 200");
            if (text.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(text.substring(15).strip());
            }
        }
    }

    private void write(List<Run> runs, Path libraries) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').setHeader("server", "version", "clients", "seconds",
                "sent", "answered", "requests_per_second", "p50_us", "p99_us", "max_us", "jdk", "machine")
                .setCommentMarker('#').setHeaderComments(Serving.commit()).get();
        WholeFile.write(out, true, stream -> {
            CSVPrinter csv = new CSVPrinter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), format);
            for (Run run : runs) {
                csv.printRecord(run.contender.title, run.contender.party.version(libraries), clients, seconds, run.sent, run.answered,
                        rounded(run.perSecond), rounded(run.p50), rounded(run.p99), rounded(run.most), System.getProperty("java.version"),
                        Serving.machine());
            }
            csv.flush();
        });
        System.out.println("The results are in " + out);
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }
}

package beras.bench.serving;

import beras.files.WholeFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures all parties in turn, each in separate JVMs. */
@Command(name = "serving", sortOptions = false, description = "Predictions of a 784-128-10 net by BERAS, ONNX Runtime and DJL,"
        + " in turn: from a float[] of rows to a float[] of outputs, in one thread that calls. Run it from the root of the"
        + " repository.")
public final class Serving implements Callable<Integer> {

    private static final String COLD = "cold start";

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
            description = "JVMs for each party. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "2",
            description = "How long each batch is predicted to warm up, and again to be timed. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--batches", paramLabel = "N,...", split = ",", defaultValue = "1,32,64,128,256",
            description = "Rows at a time. Default: ${DEFAULT-VALUE}.")
    private List<Integer> batches;

    @Option(names = "--threads", paramLabel = "N,...", split = ",", defaultValue = "1,0",
            description = "Threads of the library; 0 is its default. Default: ${DEFAULT-VALUE}.")
    private List<Integer> threads;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "results/serving.csv",
            description = "Where the results go. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    /** The subject of a measurement. */
    private record Key(Party party, int threads, String rows, int batch, String measure, String unit) {}

    private final Map<Key, List<Double>> measured = new LinkedHashMap<>();

    /** Runs and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Serving()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path classes = Path.of(Serving.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path libraries = classes.resolveSibling("libraries");
        Path folder = Files.createTempDirectory("beras-serving");
        try {
            Net.write(folder, 2 * Collections.max(batches));
            for (int round = 1; round <= rounds; round++) {
                for (int each : threads) {
                    for (Party party : Party.values()) {
                        System.out.println("Round " + round + " of " + rounds + ": " + party.title() + ", "
                                + (each == 0 ? "its default of threads" : each + " thread"));
                        run(party, each, classes, libraries, folder);
                    }
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
        write(libraries);
        return 0;
    }

    private void run(Party party, int each, Path classes, Path libraries, Path folder) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(party.options(classes, libraries, each));
        command.addAll(List.of(Client.class.getName(), party.name(), folder.toString(), Integer.toString(each),
                Double.toString(seconds)));
        batches.forEach(batch -> command.add(batch.toString()));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine();
            add(new Key(party, each, NetFiles.KINDS.get(0), 1, COLD, "ms"), (System.nanoTime() - start) / 1e6);
            while (line != null) {
                String[] words = line.split(" ");
                if (words.length == 5) {
                    int batch = Integer.parseInt(words[1]);
                    add(new Key(party, each, words[0], batch, "p50", "us"), Double.parseDouble(words[2]));
                    add(new Key(party, each, words[0], batch, "p99", "us"), Double.parseDouble(words[3]));
                    add(new Key(party, each, words[0], batch, "throughput", "rows/s"), Double.parseDouble(words[4]));
                }
                line = lines.readLine();
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    private void add(Key key, double value) {
        measured.computeIfAbsent(key, any -> new ArrayList<>()).add(value);
    }

    private double median(Key key) {
        List<Double> sorted = measured.get(key).stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private void write(Path libraries) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').setHeader("library", "version", "threads",
                "rows", "batch", "measure", "unit", "median", "min", "max", "to_beras", "runs", "jdk", "machine")
                .setCommentMarker('#').setHeaderComments(commit()).get();
        WholeFile.write(out, true, stream -> {
            Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
            CSVPrinter csv = new CSVPrinter(writer, format);
            for (Key key : measured.keySet()) {
                List<Double> values = measured.get(key);
                double beras = median(new Key(Party.BERAS, key.threads, key.rows, key.batch, key.measure, key.unit));
                String own = key.threads == 0 ? "default" : Integer.toString(key.threads);
                csv.printRecord(key.party.title(), key.party.version(libraries), own, key.rows, key.batch,
                        key.measure, key.unit, rounded(median(key)), rounded(Collections.min(values)), rounded(Collections.max(values)),
                        rounded(median(key) / beras), values.size(),
                        System.getProperty("java.version"), machine());
            }
            csv.flush();
        });
        System.out.println("The results are in " + out);
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
    }

    /** The commit of the build, as a comment of a file of results. */
    static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short=8", "HEAD").start();
        return "commit " + new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    static String machine() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        int processors = Runtime.getRuntime().availableProcessors();
        if (!Files.isReadable(info)) {
            return System.getProperty("os.arch") + " x " + processors; // not Linux
        }
        return Files.readAllLines(info).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2)).findFirst().orElse("") + " x " + processors;
    }
}

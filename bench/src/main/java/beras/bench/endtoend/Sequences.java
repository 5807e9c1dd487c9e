package beras.bench.endtoend;

import beras.bench.Machine;
import beras.files.WholeFile;
import com.google.gson.Gson;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sequences}: steps of recurrent networks and transformers by BERAS, PyTorch and ONNX Runtime, taking turns. */
@Command(name = "sequences", sortOptions = false, showDefaultValues = true,
        description = {"Times training steps, predictions and generated tokens of LSTMs and a character transformer by BERAS, PyTorch and"
                + " ONNX Runtime, each in processes of its own, taking turns.", "Writes results/sequences-jdkN-MACHINE.csv."})
public final class Sequences implements Callable<Integer> {

    /** Multiply-adds of an item, in billions of flops; one of a sequence's rows has both products. */
    private static final Map<String, Double> GFLOPS = new LinkedHashMap<>();

    static {
        for (int units : new int[] {64, 128, 256}) {
            GFLOPS.put("train-lstm-" + units, 6e-9 * 128 * 28 * (28 + units) * 4 * units);
        }
        // Kernels of four blocks and of the output, then the products of attention: of all keys, though half of them are not seen.
        GFLOPS.put("train-transformer", 1e-9 * 12 * 64 * (6 * (4 * 12 * 128 * 128 + 128 * SequenceWork.CHARACTERS) + 12.0 * 4 * 64 * 128));
        for (String name : List.of("predict-lstm-128", "predict-transformer", "generate-text-lstm", "generate-transformer")) {
            GFLOPS.put(name, Double.NaN);
        }
    }

    private static final String PEAK = "peak";
    private static final String BERAS = "beras";
    private static final String[] COLUMNS = {"work", "threads", "library", "version", "unit", "median", "min", "max", "to_beras", "limit",
        "allocated_bytes", "forks", "other_cores", "jdk", "backend", "machine", "commit"};

    @Option(names = "--forks", paramLabel = "N", defaultValue = "3", description = "Processes of each.")
    private int forks;

    @Option(names = "--warmup", paramLabel = "SECONDS", defaultValue = "3", description = "How long each warms up.")
    private double warmup;

    @Option(names = "--seconds", paramLabel = "SECONDS", defaultValue = "2.5", description = "How long each is timed.")
    private double seconds;

    @Option(names = "--only", paramLabel = "REGEX", defaultValue = ".", description = "Only works in whose name this is found.")
    private Pattern only;

    @Option(names = "--python", paramLabel = "COMMAND", defaultValue = "/usr/bin/python3", description = "Runs PyTorch and ONNX Runtime.")
    private String python;

    @Option(names = "--rivals", paramLabel = "FOLDER", defaultValue = "bench/rivals", description = "The rivals' programs.")
    private Path rivals;

    @Option(names = "--out", paramLabel = "FOLDER", defaultValue = "results", description = "Where the results go.")
    private Path out;

    private record Key(String work, int threads, String library) {}

    /** The output of a process. */
    private static final class Line {
        private String backend;
        private double[] micros;
        private double allocated = Double.NaN;
    }

    /** @param micros of an item, the median of a process's blocks */
    private record Fork(double micros, double allocated, double otherCores, String backend) {}

    private final Map<Key, List<Fork>> measured = new LinkedHashMap<>();
    private final Map<String, String> versions = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("beras-bench");
        Path file = out.resolve("sequences-jdk" + Runtime.version().feature() + "-" + Machine.processorName() + ".csv");
        WholeFile.requireWritable(file, true); // before minutes of work
        try {
            Child.firstLine(java("export", work), Map.of());
            versions.put(BERAS, BERAS);
            for (String library : List.of("pytorch", "onnxruntime")) {
                Child.firstLine(program(library), Map.of()).ifPresentOrElse(version -> versions.put(library, version), () -> System.out.println(
                        library + " is missing and left out; to have it: apt-get install python3-torch python3-onnxruntime libopenblas0-openmp"));
            }
            for (int fork = 0; fork < forks; fork++) {
                round(work);
                write(file);
            }
        } finally {
            try (Stream<Path> files = Files.list(work)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(work);
        }
        System.out.println("Written: " + file);
        return 0;
    }

    private void round(Path work) throws IOException, InterruptedException {
        for (int threads = 1; threads <= 2; threads++) {
            run(new Key(PEAK, threads, BERAS), java(PEAK, threads, 1, 1));
        }
        for (String name : GFLOPS.keySet()) {
            for (int threads = 1; only.matcher(name).find() && threads <= (name.startsWith("train") ? 2 : 1); threads++) {
                for (String library : versions.keySet()) {
                    Path model = work.resolve(name.substring(name.indexOf('-') + 1) + ".onnx");
                    Object[] job = {name, threads, warmup, seconds};
                    if (library.equals(BERAS)) {
                        run(new Key(name, threads, library), java(job));
                    } else if (!library.equals("onnxruntime")) {
                        run(new Key(name, threads, library), joined(program(library), job));
                    } else if (name.startsWith("predict") && Files.exists(model)) {
                        run(new Key(name, threads, library), joined(joined(program(library), model), job));
                    }
                }
            }
        }
    }

    private void run(Key key, List<String> command) throws IOException, InterruptedException {
        OtherLoad.awaitQuiet();
        String count = Integer.toString(key.threads);
        OtherLoad load = new OtherLoad();
        Optional<String> line = Child.firstLine(command, Map.of("OMP_NUM_THREADS", count, "OPENBLAS_NUM_THREADS", count));
        double otherCores = load.cores();
        Line printed = new Gson().fromJson(line.orElseThrow(() -> new IOException(String.join(" ", command) + " failed")), Line.class);
        Fork fork = new Fork(Trial.median(printed.micros), printed.allocated, otherCores, printed.backend);
        measured.computeIfAbsent(key, any -> new ArrayList<>()).add(fork);
        System.out.println(key.work + ", " + key.threads + " threads, " + key.library + ": " + ResultFiles.decimals(fork.micros, 1) + " us");
    }

    private static List<String> java(Object... arguments) {
        return joined(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules", "jdk.incubator.vector",
                "-cp", System.getProperty("java.class.path"), SequenceWork.class.getName()), arguments);
    }

    private List<String> program(String library) {
        return List.of(python, "-B", rivals.resolve("sequences_" + library + ".py").toString());
    }

    private static List<String> joined(List<String> start, Object... end) {
        return Stream.concat(start.stream(), Stream.of(end).map(Object::toString)).toList();
    }

    private double median(Key key) {
        List<Fork> known = measured.getOrDefault(key, List.of());
        return Trial.median(known.stream().mapToDouble(Fork::micros).toArray());
    }

    /** The results so far. */
    private void write(Path file) throws IOException {
        String commit = Machine.commit();
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader(COLUMNS).setRecordSeparator('\n').get();
        WholeFile.write(file, true, stream -> {
            Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
            CSVPrinter csv = new CSVPrinter(writer, format);
            for (Key key : measured.keySet()) {
                List<Fork> known = measured.get(key);
                double limit = GFLOPS.getOrDefault(key.work, Double.NaN) * median(new Key(PEAK, key.threads, BERAS));
                boolean isStep = key.work.startsWith("train");
                double scale = isStep ? 1e-3 : 1;
                csv.printRecord(key.work, key.threads, key.library, versions.get(key.library).replace(BERAS, ""),
                        isStep ? "ms" : key.work.equals(PEAK) ? "us/GFLOP" : "us", number(scale * median(key)),
                        number(scale * micros(known).min().orElseThrow()), number(scale * micros(known).max().orElseThrow()),
                        ResultFiles.decimals(median(key) / median(new Key(key.work, key.threads, BERAS)), 2), number(scale * limit),
                        ResultFiles.decimals(Trial.median(known.stream().mapToDouble(Fork::allocated).toArray()), 0), known.size(),
                        ResultFiles.decimals(known.stream().mapToDouble(Fork::otherCores).max().orElseThrow(), 2),
                        System.getProperty("java.version"), known.get(0).backend, Machine.processorName(), commit);
            }
            csv.flush();
        });
    }

    private static DoubleStream micros(List<Fork> forks) {
        return forks.stream().mapToDouble(Fork::micros);
    }

    private static String number(double value) {
        return ResultFiles.decimals(value, value < 100 ? 2 : 0);
    }
}

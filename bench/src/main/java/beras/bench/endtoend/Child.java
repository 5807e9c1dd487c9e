package beras.bench.endtoend;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs the processes of parties. */
final class Child {

    private static final int POLL_MILLIS = 10;
    private static final Set<String> THREAD_COUNTS = Set.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS");
    /** They would make OpenBLAS choose kernels or blocks that are not its own choice for this processor. */
    private static final Set<String> BLAS_TWEAKS = Set.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

    private record Line(JsonObject json, double sinceStart) {

        Epoch epoch() {
            return new Epoch(json.get("epoch").getAsInt(), json.get("seconds").getAsDouble(),
                    json.get("test_accuracy").getAsDouble(), sinceStart);
        }
    }

    /**
     * Trains.
     *
     * @throws IOException if the process cannot be started, or failed
     */
    static Trial train(Party party, String version, Task task, int run) throws IOException, InterruptedException {
        ProcessBuilder builder = builder(party.command().apply(task), party.environment());
        THREAD_COUNTS.forEach(name -> builder.environment().put(name, Integer.toString(task.threads())));
        builder.environment().keySet().removeAll(BLAS_TWEAKS);
        Path errors = Files.createTempFile("beras-bench", ".err");
        try {
            builder.redirectError(errors.toFile());
            OtherLoad load = new OtherLoad();
            long start = System.nanoTime();
            Process process = builder.start();
            CompletableFuture<List<Line>> reading = CompletableFuture.supplyAsync(() -> lines(process, start));
            double peakMb = Double.NaN;
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                peakMb = peakMb(process, peakMb);
            }
            double wallSeconds = secondsSince(start);
            double otherCores = load.cores();
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", builder.command()) + " failed:\n" + Files.readString(errors).strip());
            }
            List<Line> lines = reading.join();
            JsonObject summary = lines.get(lines.size() - 1).json.getAsJsonObject("summary");
            List<Epoch> epochs = lines.subList(0, lines.size() - 1).stream().map(Line::epoch).toList();
            return new Trial(party.name(), version, summary.get("backend").getAsString(), task, run, epochs, wallSeconds,
                    peakMb, otherCores);
        } finally {
            Files.delete(errors);
        }
    }

    /** The first line that a command prints; empty if it fails or cannot be started. */
    static Optional<String> firstLine(List<String> command, Map<String, String> environment) throws InterruptedException {
        try {
            Process process = builder(command, environment).redirectError(Redirect.DISCARD).start();
            List<String> lines = process.inputReader().lines().toList();
            return process.waitFor() == 0 ? lines.stream().findFirst() : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder;
    }

    private static List<Line> lines(Process process, long start) {
        return process.inputReader().lines()
                .map(line -> new Line(JsonParser.parseString(line).getAsJsonObject(), secondsSince(start))).toList();
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** The most memory the process has had so far, as Linux keeps it; {@code before} if it cannot be read. */
    private static double peakMb(Process process, double before) {
        try (Stream<String> status = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return status.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024.0).findFirst().orElse(before);
        } catch (IOException | UncheckedIOException e) {
            return before; // it has just ended, or this is not Linux
        }
    }

    private Child() {}
}

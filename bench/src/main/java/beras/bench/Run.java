package beras.bench;

import beras.bench.kernels.FmaPeak;
import beras.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures contenders, and makes rows of JMH's results. */
final class Run {

    private static final TimeValue QUICK = TimeValue.milliseconds(100);
    /** By the counter of the benchmark; JMH counts per nanosecond. */
    private static final Map<String, String> UNITS =
            Map.of("flops", "GFLOP/s", "bytes", "GB/s", "elements", "G elements/s");

    private final RunOptions options;
    private final String machine;
    private final PrintStream progress;

    Run(RunOptions options, String machine, PrintStream progress) {
        this.options = options;
        this.machine = machine;
        this.progress = progress;
    }

    /**
     * Measures and, if the options name a folder, writes {@code KIND-jdkN-MACHINE.csv} there.
     *
     * @throws RunnerException if a JVM fails, above all if a result is wrong
     */
    void write(String kind, List<Contender> all) throws IOException, RunnerException {
        List<Contender> contenders = options.choose(all);
        if (options.folder() == null) {
            measure(contenders);
            return;
        }
        Path file = options.folder().resolve(kind + "-jdk" + Runtime.version().feature() + "-" + machine + ".csv");
        WholeFile.requireWritable(file, true); // before minutes of work
        Row.write(file, measure(contenders));
        progress.println("Written: " + file);
    }

    private List<Row> measure(List<Contender> contenders) throws RunnerException {
        Map<Contender, List<BenchmarkResult>> results = new LinkedHashMap<>();
        for (int round = 1; round <= options.forks(); round++) {
            for (Contender contender : contenders) {
                RunResult result = jmh(contender);
                results.computeIfAbsent(contender, c -> new ArrayList<>()).addAll(result.getBenchmarkResults());
                Measured measured = Measured.of(result);
                progress.println(round + "/" + options.forks() + " " + contender + ": " + Row.number(measured.mean()) + " "
                        + measured.unit);
            }
        }
        Map<Contender, Measured> measured = new LinkedHashMap<>();
        results.forEach((contender, forks) -> measured.put(contender, Measured.of(new RunResult(null, forks))));
        return contenders.stream().map(contender -> row(contender, measured)).toList();
    }

    /** One fork. Its output, such as the warning of an incubator module, is shown only if it fails. */
    private RunResult jmh(Contender contender) throws RunnerException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        OutputFormat format = OutputFormatFactory.createFormatInstance(new PrintStream(output, true), VerboseMode.SILENT);
        try {
            return new Runner(jmhOptions(contender), format).runSingle();
        } catch (RunnerException e) {
            progress.println(output);
            throw new RunnerException("Failed: " + contender, e);
        }
    }

    private Options jmhOptions(Contender contender) {
        ChainedOptionsBuilder builder = new OptionsBuilder()
                .include("^" + Pattern.quote(contender.type().getName() + "." + contender.benchmark()) + "$")
                .jvmArgs(contender.setting().jvmArgs().toArray(new String[0]))
                .threads(contender.callers())
                .forks(1)
                .shouldFailOnError(true);
        if (!contender.shape().isEmpty()) {
            builder.param("shape", contender.shape());
        }
        if (options.quick()) {
            builder.warmupIterations(1).warmupTime(QUICK).measurementIterations(1).measurementTime(QUICK);
        }
        return builder.build();
    }

    private Row row(Contender contender, Map<Contender, Measured> all) {
        Measured own = all.get(contender);
        Setting setting = contender.setting();
        double peak = mean(all, other -> other.type() == FmaPeak.class && other.setting().threads() == setting.threads());
        double scalar = mean(all, other -> other.setting().simd().equals(Setting.SCALAR)
                && other.benchmark().equals(contender.benchmark()) && other.shape().equals(contender.shape()));
        return new Row(contender.benchmark(), contender.shape(), setting.threads(), System.getProperty("java.version"),
                contender.backend(), own.unit, own.mean(), own.result.getScoreError(), options.forks(),
                own.result.getStatistics().getMin(), own.result.getStatistics().getMax(),
                own.unit.equals(UNITS.get("flops")) ? 100 * own.mean() / peak : Double.NaN, own.mean() / scalar, machine);
    }

    /** Of the one matching contender, or NaN. */
    private static double mean(Map<Contender, Measured> all, Predicate<Contender> which) {
        return all.keySet().stream().filter(which).findFirst().map(contender -> all.get(contender).mean()).orElse(Double.NaN);
    }

    /** The counter of a benchmark; its calls alone mean little. */
    private record Measured(String unit, Result<?> result) {

        static Measured of(RunResult result) {
            String counted = result.getSecondaryResults().keySet().iterator().next();
            return new Measured(UNITS.get(counted), result.getSecondaryResults().get(counted));
        }

        double mean() {
            return result.getScore();
        }
    }
}

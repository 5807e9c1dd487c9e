package beras.bench.endtoend;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What to measure, and where everything is. Paths are relative to the project's root, where the command is run. */
record Options(List<Task> tasks, int runs, List<String> only, Path data, Path jar, String java, String python, Path scripts,
        String libraryPath, Path out) {

    private record Option(String name, String value, String meaning) {}

    private static final List<Option> DEFAULTS = List.of(
            new Option("--configs", "128x128x10,128x32x4,512x256x5", "list of HIDDENxBATCHxEPOCHS"),
            new Option("--threads", "1,2", "list of numbers of threads"),
            new Option("--runs", "3", "how often each trains"),
            new Option("--only", "beras,pytorch,numpy", "list of beras, beras-gz (reads the packed files), pytorch, numpy"),
            new Option("--data", "data", "folder of MNIST, plain or gzip; everyone but beras-gz gets it unpacked"),
            new Option("--jar", "beras.jar", "BERAS"),
            new Option("--java", Path.of(System.getProperty("java.home"), "bin", "java").toString(), "runs BERAS"),
            new Option("--python", "/usr/bin/python3", "runs the rivals"),
            new Option("--rivals", "bench/rivals", "folder of their scripts"),
            new Option("--library-path", "", "their LD_LIBRARY_PATH, for a BLAS other than the system's"),
            new Option("--out", "results", "folder for the results"));

    static String usage() {
        return DEFAULTS.stream().map(option -> String.format("  %-15s %s [%s]%n", option.name, option.meaning, option.value))
                .collect(Collectors.joining("", String.format(
                        "Trains the same net with BERAS and its rivals, each as a process of its own, taking turns.%n"
                                + "Run it in the project's root. Options, each with a value, and [defaults]:%n"), ""));
    }

    static Options parse(String... args) {
        Map<String, String> values = DEFAULTS.stream().collect(Collectors.toMap(Option::name, Option::value));
        for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext();) {
            String option = rest.next();
            if (!values.containsKey(option) || !rest.hasNext()) {
                throw new UsageException("Unknown option, or one without its value: " + option);
            }
            values.put(option, rest.next());
        }
        List<Task> tasks = list(values.get("--configs")).stream().flatMap(config -> list(values.get("--threads")).stream()
                .map(threads -> Task.parse(config, number("--threads", threads)))).toList();
        return new Options(tasks, number("--runs", values.get("--runs")), list(values.get("--only")),
                Path.of(values.get("--data")), Path.of(values.get("--jar")), values.get("--java"), values.get("--python"),
                Path.of(values.get("--rivals")), values.get("--library-path"), Path.of(values.get("--out")));
    }

    private static List<String> list(String values) {
        return Arrays.asList(values.split(","));
    }

    private static int number(String option, String value) {
        if (!value.matches("[1-9]\\d{0,6}")) {
            throw new UsageException(option + ": expected a number from 1. Received: " + value);
        }
        return Integer.parseInt(value);
    }
}

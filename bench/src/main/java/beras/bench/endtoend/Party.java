package beras.bench.endtoend;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A library that takes part, and the command that trains with it. The command prints JSON lines: one per epoch with
 * {@code epoch}, {@code seconds} and {@code test_accuracy}, then a {@code summary} with {@code backend}.
 *
 * @param probe  a command that fails if the library is missing, and else ends its first line with the version
 * @param remedy the remedy if it is missing
 */
record Party(String name, List<String> probe, String remedy, Map<String, String> environment,
        Function<Task, List<String>> command) {

    /**
     * The parties of {@code --only}.
     *
     * @param unpacked folder of the plain IDX files
     * @param model    the file that BERAS saves its model in
     */
    static List<Party> chosen(Options options, Path unpacked, Path model) {
        return options.only().stream().map(name -> switch (name) {
            case "beras" -> beras(name, options, unpacked, model);
            case "beras-gz" -> beras(name, options, options.dataFolder(), model);
            case "pytorch" -> python(name, options, unpacked, "torch", "apt-get install python3-torch");
            case "numpy" -> python(name, options, unpacked, "numpy", "apt-get install python3-numpy libopenblas0-openmp");
            case "tensorflow" -> tensorFlow(name, options, unpacked);
            default -> throw options.wrong(
                    "--only: expected beras, beras-gz, pytorch, numpy or tensorflow. Received: " + name);
        }).toList();
    }

    private static Party beras(String name, Options options, Path data, Path model) {
        List<String> jar = words(options.java(), "--add-modules", "jdk.incubator.vector", "-jar", options.jar());
        return new Party(name, joined(jar, words("--version")), "mvn package", Map.of(), task -> joined(jar, words(
                "train", "--json", "--test-every-epoch", "--data", data, "--layers", task.layers(), "--learning-rate", 0.001,
                "--batch-size", task.batch(), "--epochs", task.epochs(), "--threads", task.threads(),
                "--out", model, "--force")));
    }

    private static Party tensorFlow(String name, Options options, Path data) {
        List<String> jar = words(options.java(), "-jar", options.rivals().resolve("target/train-tensorflow.jar"));
        return new Party(name, jar, "mvn -q -f bench/rivals package", Map.of(), task -> joined(jar, arguments(data, task)));
    }

    private static Party python(String name, Options options, Path data, String module, String remedy) {
        // -B: no __pycache__ beside the scripts.
        List<String> python = words(options.python(), "-B");
        Map<String, String> environment = options.libraryPath().isEmpty() ? Map.of()
                : Map.of("LD_LIBRARY_PATH", options.libraryPath());
        String version = "import numpy, " + module + "; print(" + module + ".__version__)";
        Path script = options.rivals().resolve("train_" + name + ".py");
        return new Party(name, joined(python, words("-c", version)), remedy, environment, task -> joined(python,
                joined(words(script), arguments(data, task))));
    }

    private static List<String> arguments(Path data, Task task) {
        return words(data, task.hidden(), task.batch(), task.epochs(), task.threads());
    }

    private static List<String> words(Object... words) {
        return Stream.of(words).map(Object::toString).toList();
    }

    private static List<String> joined(List<String> start, List<String> end) {
        return Stream.concat(start.stream(), end.stream()).toList();
    }
}

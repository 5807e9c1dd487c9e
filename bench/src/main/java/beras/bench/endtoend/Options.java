package beras.bench.endtoend;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What to measure, and where everything is. Paths are relative to the project's root, where the command is run. */
final class Options {

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--configs", split = ",", paramLabel = "HIDDENxBATCHxEPOCHS", converter = Task.Parser.class,
            defaultValue = "128x128x10,128x32x4,512x256x5", description = "Nets and trainings.")
    private List<Task> configs;

    @Option(names = "--threads", split = ",", paramLabel = "N", defaultValue = "1,2", description = "Numbers of threads.")
    private List<Integer> threads;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "How often each trains.")
    private int runs;

    @Option(names = "--only", split = ",", paramLabel = "PARTY", defaultValue = "beras,pytorch,numpy",
            description = "Of beras, beras-gz (reads the packed files), pytorch and numpy.")
    private List<String> only;

    @Option(names = "--data", paramLabel = "FOLDER", defaultValue = "data",
            description = "MNIST, plain or gzip; everyone but beras-gz gets it unpacked.")
    private Path data;

    @Option(names = "--jar", paramLabel = "FILE", defaultValue = "beras.jar", description = "BERAS.")
    private Path jar;

    @Option(names = "--java", paramLabel = "COMMAND", description = "Runs BERAS; by default the java that runs this.")
    private String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Option(names = "--python", paramLabel = "COMMAND", defaultValue = "/usr/bin/python3", description = "Runs the rivals.")
    private String python;

    @Option(names = "--rivals", paramLabel = "FOLDER", defaultValue = "bench/rivals", description = "Their scripts.")
    private Path scripts;

    @Option(names = "--library-path", paramLabel = "FOLDER", defaultValue = "",
            description = "Their LD_LIBRARY_PATH, for a BLAS other than the system's.")
    private String libraryPath;

    @Option(names = "--out", paramLabel = "FOLDER", defaultValue = "results", description = "Where the results go.")
    private Path out;

    /** Every net with every number of threads. */
    List<Task> tasks() {
        return configs.stream().flatMap(config -> threads.stream().map(n -> config.on(atLeastOne("--threads", n)))).toList();
    }

    int runs() {
        return atLeastOne("--runs", runs);
    }

    List<String> only() {
        return only;
    }

    Path data() {
        return data;
    }

    Path jar() {
        return jar;
    }

    String java() {
        return java;
    }

    String python() {
        return python;
    }

    Path scripts() {
        return scripts;
    }

    String libraryPath() {
        return libraryPath;
    }

    Path out() {
        return out;
    }

    /** The command line is wrong; the message says how. */
    ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private int atLeastOne(String option, int n) {
        if (n < 1) {
            throw wrong(option + " must be at least 1. Received: " + n);
        }
        return n;
    }
}

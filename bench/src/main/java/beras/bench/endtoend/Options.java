package beras.bench.endtoend;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The works to measure, and all paths. Paths are relative to the project's root, where the command is run. */
final class Options {

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--configs", split = ",", paramLabel = "HIDDENxBATCHxEPOCHS", converter = Task.Parser.class,
            defaultValue = "128x128x10,128x32x4,512x256x5", description = "Nets and trainings. HIDDEN is a number of units, or conv for two convolutions, of which numpy has none.")
    private List<Task> configs;

    @Option(names = "--threads", split = ",", paramLabel = "N", defaultValue = "1,2", description = "Numbers of threads.")
    private List<Integer> threads;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "How often each trains.")
    private int runs;

    @Option(names = "--only", split = ",", paramLabel = "PARTY", defaultValue = "beras,pytorch,numpy,tensorflow",
            description = "Of beras, beras-gz (reads the packed files), pytorch, numpy and tensorflow.")
    private List<String> only;

    @Option(names = "--data", paramLabel = "NAME", converter = DataSet.Parser.class, defaultValue = "mnist",
            description = "mnist or fashion-mnist.")
    private DataSet data;

    @Option(names = "--data-folder", paramLabel = "FOLDER",
            description = "Its files, plain or gzip; everyone but beras-gz gets them unpacked. By default ./data for mnist, and "
                    + "for fashion-mnist where Debian's dataset-fashion-mnist has it.")
    private Path dataFolder;

    @Option(names = "--jar", paramLabel = "FILE", defaultValue = "beras.jar", description = "BERAS.")
    private Path jar;

    @Option(names = "--java", paramLabel = "COMMAND",
            description = "Runs BERAS and TensorFlow; by default the java that runs this.")
    private String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Option(names = "--python", paramLabel = "COMMAND", defaultValue = "/usr/bin/python3",
            description = "Runs PyTorch and NumPy.")
    private String python;

    @Option(names = "--rivals", paramLabel = "FOLDER", defaultValue = "bench/rivals", description = "The rivals' programs.")
    private Path rivals;

    @Option(names = "--library-path", paramLabel = "FOLDER", defaultValue = "",
            description = "LD_LIBRARY_PATH of PyTorch and NumPy, for a BLAS other than the system's.")
    private String libraryPath;

    @Option(names = "--out", paramLabel = "FOLDER", defaultValue = "results", description = "Where the results go.")
    private Path out;

    /** Every network with every number of threads. */
    List<Task> tasks() {
        return configs.stream()
                .flatMap(config -> threads.stream().map(n -> config.on(data, atLeastOne("--threads", n)))).toList();
    }

    int runs() {
        return atLeastOne("--runs", runs);
    }

    List<String> only() {
        return only;
    }

    DataSet data() {
        return data;
    }

    Path dataFolder() {
        return dataFolder == null ? data.folder() : dataFolder;
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

    Path rivals() {
        return rivals;
    }

    String libraryPath() {
        return libraryPath;
    }

    Path out() {
        return out;
    }

    /** The error of a wrong command line, with this message. */
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

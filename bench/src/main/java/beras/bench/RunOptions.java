package beras.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that all measuring commands share. */
final class RunOptions {

    private static final Path RESULTS = Path.of("results");

    @Spec(Target.MIXEE)
    private CommandSpec command;

    private int forks;
    private List<Integer> threads;

    @Option(names = "--forks", paramLabel = "N", defaultValue = "3",
            description = "JVMs for each row. Default: ${DEFAULT-VALUE}.")
    private void setForks(int forks) {
        this.forks = atLeastOne("--forks", forks);
    }

    @Option(names = "--threads", split = ",", paramLabel = "N", defaultValue = "1,2",
            description = "Numbers of threads to measure with. Default: ${DEFAULT-VALUE}.")
    private void setThreads(List<Integer> threads) {
        threads.forEach(n -> atLeastOne("--threads", n));
        this.threads = threads;
    }

    @Option(names = "--only", paramLabel = "REGEX",
            description = {"Only rows in whose name this is found; the names are those on the progress lines.",
                "Percentages of the peak need \"fmaPeak\" among them, and ratios their scalar row."})
    private Pattern only;

    @Option(names = "--quick", description = "A smoke run: one fork, one short iteration, one size. Its numbers mean nothing.")
    private boolean quick;

    @Option(names = "--out", paramLabel = "FOLDER",
            description = "Folder of the CSV file. Default: ./results for a whole run; none with --quick or --only.")
    private Path out;

    List<Integer> threads() {
        return threads;
    }

    int forks() {
        return quick ? 1 : forks;
    }

    boolean quick() {
        return quick;
    }

    /** The contenders that {@code --only} lets through, and of each benchmark's sizes the first if the run is quick. */
    List<Contender> choose(List<Contender> contenders) {
        List<Contender> chosen = contenders.stream()
                .filter(one -> !quick || one.shape().equals(Contender.shapes(one.type()).get(0)))
                .filter(one -> only == null || only.matcher(one.toString()).find())
                .distinct()
                .toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(command.commandLine(), "No row's name contains --only " + only + ". The first is: "
                    + contenders.get(0));
        }
        return chosen;
    }

    /** The folder of the results; null if a partial run would replace those of a whole one. */
    Path folder() {
        return out != null ? out : quick || only != null ? null : RESULTS;
    }

    private int atLeastOne(String option, int n) {
        if (n < 1) {
            throw new ParameterException(command.commandLine(), option + " must be at least 1. Received: " + n);
        }
        return n;
    }
}

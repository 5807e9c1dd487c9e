package beras.bench.endtoend;

import beras.bench.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code train}: trains with every party in turn, and leaves tables and pictures. */
@Command(name = "train", sortOptions = false, showDefaultValues = true,
        description = {"Trains the same net with BERAS and its rivals, each as a process of its own, taking turns.",
            "Writes results/training-*.csv and pictures of them."})
public final class EndToEnd implements Callable<Integer> {

    /** How often a run is repeated when other processes disturbed it. */
    private static final int REPEATS = 2;

    @Mixin
    private Options options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("beras-bench");
        try {
            compare(options, work);
        } finally {
            delete(work);
        }
        return 0;
    }

    private static void compare(Options options, Path work) throws IOException, InterruptedException {
        String jdk = Child.firstLine(List.of(options.java(), "--version"), Map.of()).map(line -> line.split(" ")[1])
                .orElseThrow(() -> options.wrong("--java: this does not run: " + options.java()));
        Map<Party, String> versions = present(Party.chosen(options, work, work.resolve("model.beras")));
        unpack(options, work);
        ResultFiles files =
                new ResultFiles(Files.createDirectories(options.out()), options.data(), jdk, Machine.processorName());
        List<Trial> trials = new ArrayList<>();
        for (Task task : options.tasks()) {
            for (int run = 1; run <= options.runs(); run++) {
                for (Map.Entry<Party, String> party : versions.entrySet()) {
                    trials.add(undisturbed(party.getKey(), party.getValue(), task, run));
                    files.writeEpochs(trials); // now: a session may take an hour, and may be cut short
                    files.writeSummary(Summary.of(trials));
                }
            }
        }
        SummaryTable.print(Summary.of(trials), System.out);
        TrainingPlots.draw(options.out(), options.data());
    }

    /** The installed parties, with their versions. The check also brings their files into memory, so that no run includes that. */
    private static Map<Party, String> present(List<Party> parties) throws InterruptedException {
        Map<Party, String> versions = new LinkedHashMap<>();
        for (Party party : parties) {
            Optional<String> line = Child.firstLine(party.probe(), party.environment());
            line.ifPresentOrElse(text -> versions.put(party, text.substring(text.lastIndexOf(' ') + 1)),
                    () -> System.out.println(party.name() + " is missing and left out; to have it: " + party.remedy()));
        }
        return versions;
    }

    /** The least disturbed run, repeated until one is undisturbed. */
    private static Trial undisturbed(Party party, String version, Task task, int run)
            throws IOException, InterruptedException {
        Trial best = null;
        for (int i = 0; i <= REPEATS && (best == null || best.disturbed()); i++) {
            OtherLoad.awaitQuiet();
            Trial trial = Child.train(party, version, task, run);
            System.out.println(line(trial));
            if (best == null || trial.otherCores() < best.otherCores()) {
                best = trial;
            }
        }
        return best;
    }

    private static String line(Trial trial) {
        return trial.task() + ", run " + trial.run() + ": " + trial.library() + " "
                + trial.epochs().stream().map(epoch -> ResultFiles.decimals(epoch.seconds(), 2))
                        .collect(Collectors.joining(" ", "", " s an epoch"))
                + ", accuracy " + trial.epochs().get(trial.epochs().size() - 1).testAccuracy()
                + ", process " + ResultFiles.decimals(trial.wallSeconds(), 2) + " s"
                + (trial.disturbed() ? ", disturbed by " + ResultFiles.decimals(trial.otherCores(), 2) + " cores" : "");
    }

    private static void unpack(Options options, Path folder) throws IOException {
        Path data = options.dataFolder();
        if (!Files.isDirectory(data)) {
            throw options.wrong("There is no folder " + data + ", where the data should be. Say where they are by --data-folder");
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(data, "*-ubyte*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                try (InputStream in = Files.newInputStream(file);
                        InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in) {
                    Files.copy(plain, folder.resolve(name.replaceFirst("\\.gz$", "")));
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}

package beras.fuzz;

import beras.fuzz.FuzzTest.Kind;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets Jazzer change the files of {@link FuzzTest} so that they reach code that none before has reached, in a JVM per kind of
 * file, and writes a CSV file of what came out: {@code mvn -Pfuzz,jazzer test}. Jazzer is called by its name, so that no other build
 * needs it.
 */
public final class CoverageFuzz {

    private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
    private static final String SANITIZERS = "com.code_intelligence.jazzer.sanitizers.";
    private static final String KIND = "fuzz.kind";
    private static final String MEMORY = "-Xmx512m";
    private static final int MOST_SECONDS = 30; // for a file, on a machine that does other work, too
    private static final int MOST_FINDINGS = 10;
    /** Code that reads; kernels compute, and what is changed back before reading is in tests. */
    private static final String READING = "beras.bits.**:beras.cli.**:beras.config.**:beras.data.**:beras.files.**:beras.layers.**"
            + ":beras.models.**:beras.saving.**:beras.serve.**:beras.tables.**:beras.training.**:io.jhdf.**"
            + ":org.apache.commons.csv.**:org.apache.hc.**:com.google.gson.**";
    private static final Pattern PROGRESS = Pattern.compile("#(\\d+)\\s+\\S+\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/.*");
    private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units: (\\d+)");
    private static final Pattern SLOWEST = Pattern.compile("stat::slowest_unit_time_sec:\\s+(\\d+)");
    private static final Pattern FOUND = Pattern.compile("== Java Exception: .*|.*ERROR: libFuzzer: .*");

    private static Kind kind; // of this JVM
    private static Path file;

    /** What a run of Jazzer prints. */
    private static final class Outcome {

        private long executed;
        private int edges;
        private int features;
        private int corpus;
        private int slowest;
        private int findings;

        void read(String line) {
            Matcher progress = PROGRESS.matcher(line);
            Matcher total = EXECUTED.matcher(line);
            Matcher longest = SLOWEST.matcher(line);
            if (progress.matches()) {
                executed = Long.parseLong(progress.group(1));
                edges = Integer.parseInt(progress.group(2));
                features = Integer.parseInt(progress.group(3));
                corpus = Integer.parseInt(progress.group(4));
            } else if (total.matches()) {
                executed = Long.parseLong(total.group(1));
            } else if (longest.matches()) {
                slowest = Integer.parseInt(longest.group(1));
            } else if (FOUND.matcher(line).matches()) {
                findings++;
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ called by Jazzer

    /** Finds the kind of file of this JVM. */
    public static void fuzzerInitialize() throws IOException {
        kind = FuzzTest.kinds().filter(each -> each.name().equals(System.getProperty(KIND))).findFirst().orElseThrow();
        file = Files.createTempDirectory("fuzz").resolve("changed" + kind.suffix());
    }

    /** Reads a file; what its reader does not declare is a finding. */
    public static void fuzzerTestOneInput(byte[] bytes) throws Throwable {
        Files.write(file, kind.repair().repair(bytes));
        try {
            kind.reading().read(file);
        } catch (Exception e) {
            if (!kind.declares(e)) {
                throw e;
            }
        }
    }

    /** Removes the file. */
    public static void fuzzerTearDown() throws IOException {
        Files.deleteIfExists(file);
        Files.delete(file.getParent());
    }

    // ------------------------------------------------------------------------------------------------- called by Maven

    /** Runs Jazzer for each kind of file; the exit code is 1 if there was a finding. */
    public static void main(String[] args) throws Exception {
        Pattern readers = Pattern.compile(System.getProperty("fuzz.readers"));
        int seconds = Integer.getInteger("fuzz.seconds");
        String input = System.getProperty("fuzz.input");
        Path out = Path.of(System.getProperty("fuzz.out")).toAbsolutePath();
        Path work = Path.of("target/fuzz").toAbsolutePath();
        List<Kind> kinds = FuzzTest.kinds().filter(each -> readers.matcher(each.name()).matches()).toList();
        int findings = 0;
        for (Kind each : kinds) {
            Path folder = work.resolve(each.name().replaceAll("\\W+", "-"));
            Outcome outcome = input.isEmpty() ? run(each, folder, List.of(seeds(each, folder).toString(), "-max_total_time=" + seconds))
                    : run(each, folder, List.of(Path.of(input).toAbsolutePath().toString()));
            findings += outcome.findings;
            if (input.isEmpty()) {
                record(each, seconds, outcome, out);
            }
            System.out.printf(Locale.ROOT, "%s: %d executions, %d edges, %d findings%s%n", each, outcome.executed, outcome.edges,
                    outcome.findings, outcome.findings == 0 ? "" : " in " + folder);
        }
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("Expected a reader's name as -Dfuzz.readers=REGEX. Received: " + readers);
        }
        System.exit(findings == 0 ? 0 : 1);
    }

    /** A folder of the good files, to which Jazzer adds those that reach new code; a former run's are kept. */
    private static Path seeds(Kind kind, Path folder) throws IOException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        for (int i = 0; i < kind.good().size(); i++) {
            Files.write(corpus.resolve("good-" + i), kind.good().get(i));
        }
        return corpus;
    }

    private static Outcome run(Kind kind, Path folder, List<String> arguments) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), MEMORY,
                "-cp", System.getProperty("java.class.path"), "-Dberas.simd=off", "-D" + KIND + "=" + kind, JAZZER, "--target_class=" + CoverageFuzz.class.getName(), "--instrumentation_includes=" + READING,
                "--custom_hook_includes=" + READING,
                // a request goes to this machine
                "--disabled_hooks=" + SANITIZERS + "ServerSideRequestForgery", "--keep_going=" + MOST_FINDINGS,
                "--reproducer_path=" + folder, "-artifact_prefix=" + folder + File.separator, "-timeout=" + MOST_SECONDS,
                "-rss_limit_mb=0", "-print_final_stats=1"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Outcome outcome = new Outcome();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                Writer log = Files.newBufferedWriter(folder.resolve("log.txt"))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                outcome.read(line);
                log.write(line + "\n");
            }
        }
        if (process.waitFor() != 0 && outcome.findings == 0) {
            throw new IOException("Jazzer has failed for " + kind + ": see " + folder.resolve("log.txt"));
        }
        return outcome;
    }

    private static void record(Kind kind, int seconds, Outcome outcome, Path out) throws IOException {
        Files.createDirectories(out.getParent());
        String header = Files.exists(out) ? "" : Origin.line() + "reader,seconds,executions,edges,features,corpus,slowest s,findings\n";
        Files.writeString(out, header + "\"" + kind + "\"," + seconds + "," + outcome.executed + "," + outcome.edges + ","
                + outcome.features + "," + outcome.corpus + "," + outcome.slowest + "," + outcome.findings + "\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private CoverageFuzz() {}
}

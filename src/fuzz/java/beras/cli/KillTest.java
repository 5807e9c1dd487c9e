package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.terminal.Exit;
import beras.fuzz.Origin;
import beras.saving.ModelFile;
import beras.tables.TinyTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A training that is killed, mostly while it writes a file, is resumed to the bits and the files of the one that nobody
 * disturbed. {@code -Dberas.kills} says how many kills all cases make together, {@code -Dberas.kills.out} where their figures go.
 */
@Tag("jar")
@Tag("process")
class KillTest {

    private static final int KILLS = Integer.getInteger("beras.kills", 10);
    private static final String FIGURES = System.getProperty("beras.kills.out");
    private static final int MOST_KILLS_OF_ONE = 3;
    /** A process that lives for a second has no use for what compiles code better; the bits are the same. */
    private static final List<String> SOON_READY = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** What is trained: all that a state must hold is in one of them. */
    enum Case {
        AUGMENTED_IMAGES("images", "--augment", "--outliers", "0.2", "--layers", "16:relu,batch_norm,dropout:0.2,10:softmax", "--lr-schedule",
                "cosine(warmup=1)", "--ema", "0.9", "--epochs", "6", "--batch-size", "32"),
        QUICK_IMAGES("images", "--augment", "shift=1,flip=horizontal", "--views", "flip", "--layers",
                "whitening:4:relu,strides=4,conv(18, 1, kernel_initializer=dirac),batch_norm,10:softmax", "--lr-schedule", "one_cycle",
                "--optimizer", "sgd(0.05, momentum=0.9)",
                "--epochs", "6", "--batch-size", "32"),
        GRADIENT_ACCUMULATION("images", "--optimizer", "adam(0.002, gradient_accumulation_steps=2)", "--layers",
                "16:relu,noise:0.1,10:softmax", "--epochs", "6", "--batch-size", "32", "--validation-split", "0.1"),
        EARLY_STOPPING("images", "--early-stopping", "2", "--validation-split", "0.2", "--learning-rate", "0.2", "--layers",
                "16:relu,10:softmax", "--epochs", "30", "--batch-size", "32"),
        TABLE("table", "--target", "kind", "--layers", "16:relu,dropout:0.2", "--epochs", "10", "--batch-size", "16"),
        STREAMED_TABLE("table", "--target", "kind", "--layers", "16:relu", "--epochs", "10", "--batch-size", "16",
                "--shuffle-buffer", "20");

        private final String data;
        private final List<String> options;

        Case(String data, String... options) {
            this.data = data;
            this.options = List.of(options);
        }

        int kills() {
            int each = KILLS / values().length;
            return ordinal() < KILLS % values().length ? each + 1 : each;
        }
    }

    @TempDir
    Path folder;

    private Random random;
    private final List<String> wrong = new ArrayList<>();
    private int trainings;
    private int kills;
    private int inWrites;
    private int beforeTheFirstState;
    private int resumed;
    private int wrongHashes;
    private int wrongLogs;
    private int wrongFiles;
    private int broken;
    private boolean kept; // whether a state of this training was there before it was killed

    @ParameterizedTest
    @EnumSource(Case.class)
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void aKilledTrainingEndsAsIfNothingHadHappened(Case which) throws Exception {
        random = new Random(which.ordinal());
        TinyDigits.write(folder.resolve("images"));
        TinyTable.kinds(folder.resolve("table"));
        Path whole = folder.resolve("whole");
        Commands.assertExit(Exit.DONE, Commands.run(begin(which, whole).toArray()));
        if (which == Case.EARLY_STOPPING) {
            assertTrue(Files.readAllLines(whole.resolve("log.csv")).size() < 31, "it stops early");
        }
        while (kills < which.kills()) {
            Path run = folder.resolve("run" + trainings++);
            trainAndKill(which, run);
            check(whole, run);
        }
        writeFigures(which);
        assertEquals(List.of(), wrong);
        assertEquals(0, wrongHashes + wrongLogs + wrongFiles + broken);
    }

    private List<Object> begin(Case which, Path run) {
        List<Object> args = new ArrayList<>(List.of("train", "--data", folder.resolve(which.data), "--run", run,
                "--checkpoint-every", "2", "--threads", "1", "--json"));
        args.addAll(which.options);
        return args;
    }

    private void trainAndKill(Case which, Path run) throws Exception {
        List<Object> next = begin(which, run);
        kept = false;
        int wanted = Math.min(1 + random.nextInt(MOST_KILLS_OF_ONE), which.kills() - kills);
        for (int kill = 0; kill < wanted; kill++) {
            if (!startAndKill(next, run)) {
                return;
            }
            next = next(which, run);
        }
        Commands.assertExit(Exit.DONE, Commands.run(next.toArray()));
    }

    /** What the user does after a kill. */
    private List<Object> next(Case which, Path run) {
        if (Files.exists(run.resolve("last.beras"))) {
            resumed++;
            return List.of("train", "--resume", run, "--json");
        }
        assertFalse(kept, "the state that was kept is gone");
        beforeTheFirstState++;
        Commands.Result refused = Commands.run("train", "--resume", run);
        Commands.assertRefused(Exit.BAD_DATA, Files.exists(run) ? "that of a training run without a saved state"
                : "there is no such file", refused);
        List<Object> again = begin(which, run);
        again.add("--force");
        return again;
    }

    /** Whether it was killed before it ended. */
    private boolean startAndKill(List<Object> args, Path run) throws Exception {
        try (JarProcess process = JarProcess.start(folder, SOON_READY, args.toArray())) {
            int epochs = random.nextInt(4);
            for (int epoch = 0; epoch < epochs; epoch++) {
                process.readLine();
            }
            if (random.nextInt(8) > 0) {
                int writes = random.nextInt(6);
                for (int write = 0; write <= writes; write++) {
                    await(process, run, false);
                    await(process, run, true);
                }
                spin(random.nextInt(4) * random.nextInt(400_000));
            } else {
                spin(random.nextInt(40_000_000));
            }
            kept |= Files.exists(run.resolve("last.beras"));
            process.kill();
            Commands.Result result = process.end();
            if (result.exit() == Exit.DONE) {
                return false;
            }
            assertEquals(128 + 9, result.exit(), result::toString);
        }
        kills++;
        if (isWriting(run)) {
            inWrites++;
        }
        requireWholeFiles(run);
        return true;
    }

    private static void await(JarProcess process, Path run, boolean writing) {
        while (process.isAlive() && isWriting(run) != writing) {
            Thread.onSpinWait();
        }
    }

    private static void spin(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }

    private static boolean isWriting(Path run) {
        return !Commands.drafts(run).isEmpty();
    }

    private void requireWholeFiles(Path run) throws IOException {
        for (String name : List.of("last.beras", "best.beras", "model.beras")) {
            try {
                ModelFile.load(run.resolve(name));
            } catch (NoSuchFileException e) {
                // It is not written yet.
            } catch (IOException e) {
                broken++;
                wrong.add("after kill " + kills + ": " + e);
            }
        }
        Path log = run.resolve("log.csv");
        if (Files.exists(log) && !Files.readString(log).endsWith("\n")) {
            broken++;
            wrong.add("half a line in " + log);
        }
    }

    private void check(Path whole, Path run) throws IOException {
        if (!hash(run).equals(hash(whole))) {
            wrongHashes++;
            wrong.add(run + ": other weights");
        }
        if (!Files.readString(run.resolve("log.csv")).equals(Files.readString(whole.resolve("log.csv")))) {
            wrongLogs++;
            wrong.add(run + ": " + Files.readString(run.resolve("log.csv")));
        }
        if (!files(run).equals(files(whole))) {
            wrongFiles++;
            wrong.add(run + ": " + files(run) + " instead of " + files(whole));
        }
    }

    private static String hash(Path run) throws IOException {
        return ModelFile.weightsSha256(ModelFile.load(run.resolve("model.beras")).model());
    }

    /** By name; of the events each process has files of its own. */
    private static Set<String> files(Path run) throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            return files.map(file -> run.relativize(file).toString().replaceFirst("events\\.out\\.tfevents\\..*", "events"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Adds a line to the file of figures. */
    private void writeFigures(Case which) throws IOException {
        if (FIGURES == null) {
            return;
        }
        Path file = Path.of(FIGURES);
        if (!Files.exists(file)) {
            Files.writeString(file, Origin.line() + "case,trainings,kills,in_a_write,before_the_first_state,resumed,wrong_weights,wrong_logs,"
                    + "wrong_files,broken_files\n");
        }
        Files.writeString(file, String.join(",", which.name().toLowerCase(Locale.ROOT).replace('_', ' '), "" + trainings, "" + kills,
                "" + inWrites, "" + beforeTheFirstState, "" + resumed, "" + wrongHashes, "" + wrongLogs, "" + wrongFiles,
                "" + broken) + "\n", StandardOpenOption.APPEND);
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Terminal;
import beras.tables.TinyTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The folder of a run has one writer at a time, and nothing in it is of an earlier one. */
@Tag("cli")
class RunFolderTest {

    @TempDir
    Path folder;
    private Path kinds;
    private Path run;

    @BeforeEach
    void prepare() throws IOException {
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        run = folder.resolve("run");
    }

    /** The commands that write to a folder. */
    private enum Writer {
        TRAINING("train", Set.of("best.beras", "columns.csv", "config.json", "last.beras", "log.csv", "model.beras", "report.html",
                "summary.json", "train", "validation"), "--layers", "8:relu", "--epochs", "2"),
        CROSS_VALIDATION("train", Set.of("config.json", "fold-1.beras", "fold-2.beras"), "--layers", "8:relu", "--epochs", "1",
                "--cross-validate", "2", "--json"),
        TUNING("tune", Set.of("config.json", "model.beras", "trials.csv", "tuning.json"), "--layers", "8:relu", "--epochs", "2",
                "--trials", "2");

        private final String command;
        private final Set<String> files;
        private final List<String> options;

        Writer(String command, Set<String> files, String... options) {
            this.command = command;
            this.files = files;
            this.options = List.of(options);
        }

        Object[] command(Path kinds, Path run, Object... more) {
            List<Object> all = new ArrayList<>(List.of(command, "--data", kinds, "--target", "kind", "--run", run));
            all.addAll(options);
            all.addAll(List.of(more));
            return all.toArray();
        }
    }

    private static Set<String> files(Path run) throws IOException {
        return new TreeSet<>(Commands.files(run));
    }

    @ParameterizedTest
    @EnumSource(Writer.class)
    void ofTwoWritersTheSecondIsRefused(Writer first) throws IOException {
        List<Result> others = new ArrayList<>();
        assertExit(Exit.DONE, runWhile(() -> {
            for (Writer second : Writer.values()) {
                others.add(run(second.command(kinds, run, "--force")));
            }
            others.add(run("train", "--resume", run));
            if (first == Writer.TUNING) {
                others.add(run("tune", "--resume", run));
            }
        }, first.command(kinds, run)));
        for (Result other : others) {
            assertRefused(Exit.FAILED, "beras: " + run + ": another command is writing to this folder. Wait until it ends, or choose"
                    + " another folder", other);
        }
        assertEquals(first.files, files(run));
    }

    /** A file where events belong fails before the first step, and infinite outputs in it. */
    @Test
    void aNetThatMadeNoStepIsNotSaved() throws IOException {
        Path inTheWay = Files.createFile(Files.createDirectory(run).resolve("train"));
        Result failed = run("train", "--data", kinds, "--target", "kind", "--run", run, "--force");
        assertExit(Exit.FAILED, failed);
        assertTrue(failed.err().contains("No model is saved, as no step was made\n"), failed::toString);
        assertEquals(Set.of("train", "columns.csv", "config.json", "summary.json", "report.html"), files(run));
        String summary = Files.readString(run.resolve("summary.json"));
        assertTrue(summary.contains("\"Failed: " + inTheWay + ": the file exists already.\""), summary);
        Path model = folder.resolve("m.beras");
        Result diverged = run("train", "--data", kinds, "--target", "kind", "--out", model, "--ema", "--layers",
                "50:exponential,50:exponential,50:exponential,50:exponential");
        assertExit(Exit.DIVERGED, diverged);
        assertTrue(diverged.err().contains("at epoch 1, batch 1. ")
                && diverged.err().endsWith("No model is saved, as no step was made\n"), diverged::toString);
        assertFalse(Files.exists(model));
    }

    /** Both have found that there is no such folder yet. */
    @ParameterizedTest
    @EnumSource(Writer.class)
    void whoIsOvertakenIsRefused(Writer late) throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream() {

            private boolean first = true;

            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                if (first) { // the implementation is printed before the data are read
                    first = false;
                    assertExit(Exit.DONE, run(Writer.TRAINING.command(kinds, run)));
                }
                super.write(bytes, from, length);
            }
        };
        String[] command = Stream.of(late.command(kinds, run)).map(Object::toString).toArray(String[]::new);
        assertEquals(Exit.FAILED, Main.run(command, OutputStream.nullOutputStream(), err, Terminal.NONE));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(": the file exists already"), err::toString);
        assertTrue(files(run).containsAll(Writer.TRAINING.files));
        assertTrue(run("train", "--resume", run).err().contains(", which are all. To extend the training run"));
    }

    /** If the new one dies early, the folder must not have a model of the old one. */
    @ParameterizedTest
    @EnumSource(Writer.class)
    void whatIsReplacedIsGoneBeforeTheNewRunBegins(Writer next) throws IOException {
        Files.createDirectory(run);
        for (Writer before : Writer.values()) {
            assertExit(Exit.DONE, run(before.command(kinds, folder.resolve(before.name()))));
            for (String file : before.files) {
                Path from = folder.resolve(before.name()).resolve(file);
                if (!Files.exists(run.resolve(file))) {
                    Files.move(from, run.resolve(file));
                }
            }
        }
        Files.writeString(run.resolve("fold-17.beras"), "of a cross-validation with more folds, whose first were removed");
        Files.writeString(run.resolve("notes.txt"), "mine");
        Files.writeString(run.resolve("validation/notes.txt"), "mine");
        assertRefused(Exit.USAGE, run + " is not empty", run(next.command(kinds, run)));
        Set<String> early = new TreeSet<>();
        assertExit(Exit.DONE, runWhile(() -> early.addAll(files(run)), next.command(kinds, run, "--force")));
        assertFalse(early.contains("model.beras") || early.contains("best.beras") || early.contains("last.beras")
                || early.contains("fold-17.beras"), early::toString);
        Set<String> expected = new TreeSet<>(next.files);
        expected.addAll(List.of("notes.txt", "validation"));
        assertEquals(expected, files(run));
        assertEquals("mine", Files.readString(run.resolve("validation/notes.txt")));
    }

    /** Otherwise the input would be removed. */
    @ParameterizedTest
    @EnumSource(Writer.class)
    void whatIsReadIsNotReplaced(Writer writer) throws IOException {
        Files.createDirectory(run);
        Path trials = Files.copy(kinds, run.resolve("trials.csv"));
        assertRefused(Exit.USAGE, "'--run': " + trials + " lies there, and would be replaced", run(writer.command(trials, run,
                "--force")));
        assertEquals(Files.readString(kinds), Files.readString(trials));
        Path other = Files.move(trials, run.resolve("kinds.csv"));
        assertExit(Exit.DONE, run(writer.command(other, run, "--force")));
        assertEquals(Files.readString(kinds), Files.readString(other));
    }

    /** As a process leaves them that is killed at once. */
    @Test
    void aLockAndDraftsOfTheDeadAreNoReasonToRefuse() throws IOException {
        Files.createDirectory(run);
        Files.createFile(run.resolve(".beras.lock"));
        assertExit(Exit.DONE, run(Writer.TRAINING.command(kinds, run)));
        Files.createFile(run.resolve(".beras.lock"));
        Files.writeString(run.resolve(".beras-12ab-1-1-0.tmp"), "half a file");
        assertTrue(run("train", "--resume", run).err().contains(", which are all. To extend the training run"));
        assertEquals(Writer.TRAINING.files, files(run));
    }
}

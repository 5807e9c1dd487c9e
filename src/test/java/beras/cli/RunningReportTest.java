package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Terminal;
import beras.tables.TinyTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a run in progress. */
@Tag("cli")
class RunningReportTest {

    private static final String RELOADS = "http-equiv=\"refresh\"";

    @TempDir
    private Path folder;

    private Path table;

    @BeforeEach
    void write() throws IOException {
        table = TinyTable.kinds(folder.resolve("kinds.csv"));
    }

    private Object[] train(String run, Object... more) {
        return new Object[] {"train", "--data", table, "--target", "kind", "--layers", "8:relu", "--epochs", 3, "--ensemble", 1,
            "--json", "--run", folder.resolve(run), more};
    }

    private static String read(Path report) {
        try {
            return Files.exists(report) ? Files.readString(report) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs training and calls something after each epoch that it prints. */
    private static Result watched(Runnable atEpoch, Object... args) {
        return Commands.run(new ByteArrayOutputStream() {

            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                super.write(bytes, from, length);
                if (new String(bytes, from, length, StandardCharsets.UTF_8).startsWith("{\"epoch\"")) {
                    atEpoch.run();
                }
            }
        }, Terminal.NONE, args);
    }

    @Test
    void itIsThereFromTheFirstEpochToTheEndAndChangesNoBit() {
        String alone = Commands.run(train("alone", "--no-report")).hash();
        assertFalse(Files.exists(folder.resolve("alone/report.html")));
        Path report = folder.resolve("watched/report.html");
        List<String> reports = new ArrayList<>();
        Result result = watched(() -> reports.add(read(report)), train("watched"));
        assertEquals(alone, result.hash());
        assertTrue(reports.get(0).contains(RELOADS) && reports.get(0).contains("Epoch 0 of 3 is done."), reports.get(0));
        assertTrue(read(report).contains("All 3 epochs were made.") && !read(report).contains(RELOADS), read(report));
        assertEquals("", result.err().lines().filter(line -> line.startsWith("Warning")).findFirst().orElse(""));
    }

    @Test
    void aModelThatCannotBeSavedIsInIt() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        Result result = watched(() -> out.toFile().delete(), train("unsaved", "--out", out.resolve("m.beras")));
        Commands.assertExit(Exit.FAILED, result);
        String report = read(folder.resolve("unsaved/report.html"));
        assertTrue(report.contains("Training is done, and the model could not be saved.") && !report.contains(RELOADS), report);
    }
}

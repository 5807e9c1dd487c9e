package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.saving.ModelFile;
import beras.tables.TinyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that train and are interrupted, find their disk full, or meet another one at their place. */
@Tag("jar")
@Tag("process")
class EndingsTest {

    private static final int FOR_LONG = 1_000_000;

    @TempDir
    Path folder;

    @BeforeEach
    void prepare() throws IOException {
        TinyDigits.write(folder.resolve("data"));
    }

    private JarProcess train(int epochs, String... more) throws IOException {
        return JarProcess.start(folder, "train", "--epochs", epochs, "--layers", "16:relu,10:softmax", "--json", more);
    }

    private static void readEpochs(JarProcess process, int count) throws IOException {
        for (int epoch = 0; epoch < count; epoch++) {
            assertTrue(process.readLine(), "the process ended");
        }
    }

    private Result interrupted(JarProcess process) throws Exception {
        int code = process.interrupt();
        Result result = process.end();
        assertEquals(code, result.exit(), result::toString);
        return result;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--ema | The averaged weights as of then are saved in model.beras",
        "--early-stopping,100000,--validation-split,0.1 | the best so far, are saved in model.beras",
        "--augment | The model as of then is saved in model.beras",
    })
    void whatIsInterruptedSavesWhatItHasAndGoesOn(String options, String message) throws Exception {
        try (JarProcess process = train(FOR_LONG, options.split(","))) {
            readEpochs(process, 2);
            Result result = interrupted(process);
            assertTrue(result.err().contains("Interrupted at epoch ") && result.err().contains(message)
                    && result.err().contains("To resume it: "), result::toString);
        }
        int made = ModelFile.load(folder.resolve("model.beras")).trainingState().orElseThrow().config().integer("epoch");
        try (JarProcess process = JarProcess.start(folder, "train", "--resume", "model.beras", "--epochs", made + 1, "--json")) {
            assertExit(Exit.DONE, process.end());
        }
        try (JarProcess process = train(made + 1, Stream.concat(Stream.of(options.split(",")), Stream.of("--out", "whole.beras"))
                .toArray(String[]::new))) {
            assertExit(Exit.DONE, process.end());
        }
        assertEquals(hash(folder.resolve("whole.beras")), hash(folder.resolve("model.beras")));
    }

    @Test
    void whatIsInterruptedAndCannotBeSavedIsSaid() throws Exception {
        Path out = Files.createDirectory(folder.resolve("out"));
        try (JarProcess process = train(FOR_LONG, "--out", "out/m.beras", "--run", "run")) {
            readEpochs(process, 2);
            Files.delete(out);
            Result result = interrupted(process);
            assertTrue(result.err().matches("(?s).*beras: Interrupted at epoch \\d+, batch \\d+, and the model could not be saved:"
                    + " \\S*out/m\\.beras: the folder \\S+/out does not exist; create it first\\. What training had kept last is in"
                    + " run/last\\.beras\\. To resume it: java .* train --resume run --out out/m\\.beras\\R"), result::toString);
        }
    }

    @Test
    void aSearchThatIsInterruptedSavesTheBestNetSoFar() throws Exception {
        TinyTable.kinds(folder.resolve("kinds.csv"));
        try (JarProcess process = JarProcess.start(folder, "tune", "--data", "kinds.csv", "--target", "kind", "--epochs", FOR_LONG,
                "--trials", 4, "--learning-rate", "1e-6", "--layers", "8:relu", "--run", "run", "--threads", 2)) {
            Path state = folder.resolve("run/tuning.json");
            while (process.isAlive() && !(Files.exists(state) && Files.readString(state).contains("\"trial\": 0"))) {
                Thread.onSpinWait(); // the defaults learn as long as there is to learn, the others, in tiny steps, for long
            }
            Result result = interrupted(process);
            assertTrue(result.err().contains("Interrupted: the best model so far, of trial 0, is saved in run/model.beras")
                    && result.err().contains("tune --resume run"), result::toString);
            assertEquals("", result.out());
        }
        assertEquals("trial 0 of 4, by val_loss",
                ModelFile.load(folder.resolve("run/model.beras")).provenance().get("tuned"));
    }

    /** As on a full disk, files cannot grow any more: existing ones are unchanged. */
    @Test
    void aDiskThatBecomesFullLosesNothingThatWasKept() throws Exception {
        assumeTrue("true".equals(System.getenv("CI")) || Files.exists(Path.of("/usr/bin/prlimit")), "needs prlimit");
        try (JarProcess process = train(FOR_LONG, "--run", "run", "--checkpoint-every", "2")) {
            readEpochs(process, 2);
            process.limitFiles(1000);
            int before = 0;
            for (int written = -1; before != written; readEpochs(process, 2)) {
                written = before;
                before = ModelFile.load(folder.resolve("run/last.beras")).trainingState().orElseThrow().config().integer("epoch");
            }
            Result result = interrupted(process);
            String last = "run/last.beras: File too large";
            assertTrue(result.err().contains("Warning: The training could not be backed up, and this will be tried again: " + last),
                    result::toString);
            assertTrue(result.err().contains("and the model could not be saved: run/model.beras: File too large. What training had"
                    + " kept last is in run/last.beras"), result::toString);
            assertEquals(before, ModelFile.load(folder.resolve("run/last.beras")).trainingState().orElseThrow().config()
                    .integer("epoch"));
            assertFalse(Files.exists(folder.resolve("run/model.beras")));
            assertEquals(List.of(), Commands.drafts(folder.resolve("run")));
            try (JarProcess resumed = JarProcess.start(folder, "train", "--resume", "run", "--epochs", before + 2, "--json")) {
                assertExit(Exit.DONE, resumed.end());
            }
        }
    }
}

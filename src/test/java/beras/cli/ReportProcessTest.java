package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of processes: the classes that they load, their needs, and their ends. */
@Tag("jar")
@Tag("process")
class ReportProcessTest {

    private static final List<String> VECTOR = List.of("--add-modules", "jdk.incubator.vector");

    @TempDir
    Path folder;

    @BeforeEach
    void prepare() throws IOException {
        TinyDigits.write(folder.resolve("data"));
    }

    private Result train(List<String> options, Object... more) throws Exception {
        List<String> java = new ArrayList<>(VECTOR);
        java.addAll(options);
        try (JarProcess process = JarProcess.start(folder, java, "train", "--epochs", 1, more)) {
            return process.end();
        }
    }

    /** A start takes milliseconds: training without a run loads no class of reports. */
    @Test
    void aTrainingWithoutARunLoadsNothingOfReports() throws Exception {
        Path classes = folder.resolve("classes");
        String log = "-Xlog:class+load:file=" + classes;
        assertExit(Exit.DONE, train(List.of(log)));
        String loaded = Files.readString(classes);
        assertTrue(loaded.contains("beras.cli.training.TrainRun "));
        for (String name : List.of("beras.report.", "beras.runs.RunReader",
                "beras.runs.RunSummary", "java.awt.")) {
            assertFalse(loaded.contains(name), name);
        }
        assertExit(Exit.DONE, train(List.of(log), "--run", "run", "--no-report"));
        assertFalse(Files.readString(classes).contains("beras.report."));
    }

    /** Reports are text, and their images are written without the classes that draw. */
    @Test
    void aJavaThatCannotDrawMakesReports() throws Exception {
        Path classes = folder.resolve("classes");
        List<String> without = List.of("--limit-modules", "java.base,java.management,jdk.incubator.vector",
                "-Xlog:class+load:file=" + classes);
        assertExit(Exit.DONE, train(without, "--run", "run"));
        String page = Files.readString(folder.resolve("run/report.html"));
        assertTrue(page.contains("<svg class=\"chart\"") && page.contains("data:image/png"), page);
        assertFalse(Files.readString(classes).contains("java.awt."));
    }

    @Test
    void aTrainingThatIsInterruptedHasAReport() throws Exception {
        try (JarProcess process = JarProcess.start(folder, "train", "--epochs", 1_000_000, "--layers", "16:relu,10:softmax",
                "--run", "run")) {
            assertTrue(process.readLine(), "the first epoch");
            int code = process.interrupt();
            Result result = process.end();
            assertEquals(code, result.exit(), result::toString);
            assertTrue(result.err().contains("The report is in " + Path.of("run/report.html") + ", made in "), result::toString);
        }
        String page = Files.readString(folder.resolve("run/report.html"));
        assertTrue(page.contains("Interrupted at epoch ") && page.contains("Measured on 100 test examples")
                && page.contains("train --resume run</code>"), page);
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.tables.TinyTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged {@code beras.jar} as a process, as a user starts it. */
@Tag("jar")
class JarTest {

    private static final List<String> VECTOR = List.of("--add-modules", "jdk.incubator.vector");

    @TempDir
    Path folder;

    @BeforeEach
    void prepare() throws IOException {
        TinyDigits.write(folder.resolve("data"));
    }

    /** Runs a command in the folder, so that {@code data} and {@code model.beras} are in it. */
    private Result java(List<String> javaOptions, Object... args) throws IOException, InterruptedException {
        try (JarProcess process = JarProcess.start(folder, javaOptions, args)) {
            return process.end();
        }
    }

    private Result run(Object... args) throws IOException, InterruptedException {
        return java(VECTOR, args);
    }

    @Test
    void theCommandsWorkWithTheirDefaults() throws Exception {
        Result train = run("train");
        assertEquals(0, train.exit(), train::toString);
        assertEquals(5, train.out().lines().filter(line -> line.matches("\\d/5 .*")).count(), train.out());
        assertTrue(train.err().contains("BERAS ") && train.err().contains(" on vector, "), train.err());
        assertFalse(train.err().contains("\r"), train.err());
        assertEquals(List.of("data", "model.beras"), files(folder));

        Result predict = run("predict", "model.beras", "data/t10k-images-idx3-ubyte.gz");
        assertEquals(0, predict.exit(), predict::toString);
        assertTrue(predict.out().matches("(\\d\\R){" + TinyDigits.TEST + "}"), predict.out());

        Result evaluate = run("evaluate", "model.beras", "--pictures", "p.png");
        assertEquals(0, evaluate.exit(), evaluate::toString);
        assertTrue(evaluate.out().startsWith("Test loss "), evaluate.out());
        assertEquals(List.of("data", "model.beras", "p.png"), files(folder));

        Result second = run("train", "--epochs", "1");
        assertTrue(second.err().contains("model.beras exists already, so the model goes to model-2.beras")
                && second.out().contains("The model is in model-2.beras"), second::toString);
        assertEquals(List.of("data", "model-2.beras", "model.beras", "p.png"), files(folder));

        Result doctor = run("doctor");
        assertTrue(doctor.out().contains("Kernels     vector, "), doctor::toString);
    }

    /** For all its contents: libraries not named here are under the licence of BERAS. */
    @Test
    void theJarHasTheLicences() throws Exception {
        try (JarFile jar = new JarFile(JarProcess.JAR.toFile())) {
            for (Map.Entry<String, String> licence : Map.of("META-INF/LICENSE", "Apache License",
                    "META-INF/licenses/jhdf.txt", "James Mudd", "META-INF/licenses/slf4j.txt", "QOS.ch").entrySet()) {
                try (InputStream in = jar.getInputStream(jar.getJarEntry(licence.getKey()))) {
                    assertTrue(new String(in.readAllBytes(), StandardCharsets.UTF_8).contains(licence.getValue()));
                }
            }
        }
    }

    @Test
    void theJarHasTheHashesThatArePublished() throws Exception {
        try (JarFile jar = new JarFile(JarProcess.JAR.toFile());
                InputStream in = jar.getInputStream(jar.getJarEntry("beras/bits/bits.csv"))) {
            assertEquals(Files.readString(Path.of("results/bits.csv")), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void withoutTheVectorModuleItWorksAndNamesTheFlag() throws Exception {
        Result train = java(List.of(), "train", "--epochs", "1");
        assertEquals(0, train.exit(), train::toString);
        assertEquals(4, train.err().lines().count(), train.err());
        assertEquals("Next:", train.err().lines().toList().get(1));
        assertTrue(train.err().contains(" on scalar: start Java with --add-modules jdk.incubator.vector to make it fast; "),
                train.err());
        Result doctor = java(List.of(), "doctor");
        assertEquals(1, doctor.exit(), doctor::toString);
        assertTrue(doctor.out().contains("- No vectors are used"), doctor.out());
        assertTrue(doctor.out().contains("Run: java --add-modules jdk.incubator.vector -jar " + JarProcess.JAR + " train"), doctor.out());
    }

    /** Which is found out before the images are evaluated. */
    @Test
    void aJavaThatCannotDrawDoesAllElse() throws Exception {
        assertEquals(0, run("train", "--epochs", "1").exit());
        List<String> without = List.of("--limit-modules", "java.base,java.management");
        Result evaluate = java(without, "evaluate", "model.beras", "--pictures", "p.png");
        assertEquals(1, evaluate.exit(), evaluate::toString);
        assertEquals("", evaluate.out());
        assertTrue(evaluate.err().contains("beras: --pictures needs a Java that can draw text, with the module java.desktop and fonts."
                + " Received: java.lang.NoClassDefFoundError: java/awt/"), evaluate::err);
        assertEquals(List.of("data", "model.beras"), files(folder));
        assertEquals(0, java(without, "evaluate", "model.beras", "--plots", "plots").exit());
        assertEquals(0, run("evaluate", "model.beras", "--pictures", "p.png").exit());
    }

    @Test
    void everyFailureHasItsExitCodeAndLeavesNothing() throws Exception {
        Map<List<String>, Integer> failures = Map.of(
                List.of("train", "--epoch", "1"), 2,
                List.of("train", "--data", "nowhere"), 3,
                List.of("predict", "none.beras", "data/t10k-images-idx3-ubyte.gz"), 3,
                List.of("train", "--layers", "10:linear", "--loss", "mse", "--learning-rate", "1e30"), 4);
        for (Map.Entry<List<String>, Integer> failure : failures.entrySet()) {
            Result result = run(failure.getKey().toArray());
            assertEquals(failure.getValue(), result.exit(), result::toString);
            assertEquals("", result.out());
            assertTrue(result.err().contains("\nberas: "), result.err());
            assertEquals(List.of("data"), files(folder));
        }
        assertTrue(run("train", "--epoch", "1").err().contains("--epochs"));
        assertEquals(0, run("train", "--epochs", "1", "--out", "m.beras").exit());
        for (String[] command : new String[][] {{"train"}, {"evaluate", "m.beras"}, {"predict", "m.beras",
            "data/t10k-images-idx3-ubyte.gz"}, {"doctor"}}) {
            Result property = java(List.of("-Dberas.simd=fast"), (Object[]) command);
            assertEquals(2, property.exit(), property::toString);
            assertTrue(property.err().startsWith("beras: System property beras.simd must be"), property.err());
        }
    }

    /** In a heap that is smaller than the file: rows are encoded in each epoch, and read batch by batch to predict. */
    @Test
    @Tag("process")
    void aTableMayBeLargerThanTheHeap() throws Exception {
        int heapMegabytes = 18;
        int rows = 140_000;
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < 1000; row++) {
            lines.add((TinyTable.cells(row) + ",").repeat(6) + TinyTable.kind(row));
        }
        StringBuilder header = new StringBuilder();
        for (int part = 0; part < 6; part++) {
            header.append(TinyTable.COLUMNS.replaceAll("\\w+", "$0" + part)).append(',');
        }
        Path table = TinyTable.write(folder.resolve("large.csv"), header + "kind", rows, row -> lines.get((int) (row % 1000)));
        assertTrue(Files.size(table) > heapMegabytes << 20, () -> "too small: " + table.toFile().length());
        List<String> options = new ArrayList<>(VECTOR);
        options.add("-Xmx" + heapMegabytes + "m");
        Object[] command = {"train", "--data", "large.csv", "--target", "kind", "--epochs", "1", "--validation-split", "0",
            "--shuffle-buffer", "5000", "--types", "id=numeric"};
        Result train = java(options, command);
        assertEquals(0, train.exit(), train::toString);
        assertTrue(train.err().contains(rows + " rows to train on and 0 to validate, of 318 features, are encoded"
                + " again in each epoch; shuffled among 5000 at a time"), train.err());
        Result predict = java(options, "predict", "model.beras", "--data", "large.csv", "--out", "p.csv");
        assertEquals(0, predict.exit(), predict::toString);
        try (Stream<String> predicted = Files.lines(folder.resolve("p.csv"))) {
            assertEquals(rows + 1, predicted.count());
        }
    }

    @Test
    void theJarHasNoNativeCode() throws IOException {
        try (JarFile jar = new JarFile(JarProcess.JAR.toFile())) {
            List<String> foreign = jar.stream().map(entry -> entry.getName().toLowerCase(Locale.ROOT))
                    .filter(name -> name.matches(".*\\.(so|dll|dylib|jnilib)") || name.contains("jline")).toList();
            assertEquals(List.of(), foreign);
        }
    }
}

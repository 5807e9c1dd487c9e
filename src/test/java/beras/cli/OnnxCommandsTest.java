package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.saving.onnx.OnnxRun;
import beras.tensor.Tensor;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code convert} to ONNX and from there, by its names {@code export} and {@code import}. */
@Tag("cli")
class OnnxCommandsTest {

    private static final Path PENGUINS = Path.of("data/penguins.csv");
    private static final Path FIXTURES = Path.of("src/test/resources/onnx");
    private static final String MISSING = "NA";

    @TempDir
    Path folder;

    /** ONNX Runtime is fed the columns of the file, of which some cells are missing and some were never seen. */
    @Test
    void aTableIsPredictedFromRawColumns() throws Exception {
        Path model = folder.resolve("p.beras");
        Path onnx = folder.resolve("p.onnx");
        assertExit(Exit.DONE, run("train", "--data", PENGUINS, "--target", "species", "--epochs", 3, "--seed", 7, "--out",
                model));
        Result exported = run("convert", model, "--out", onnx);
        assertExit(Exit.DONE, exported);
        assertTrue(exported.out().startsWith("sequential/dense/kernel\nsequential/dense/bias\n"), exported::toString);
        assertTrue(exported.err().contains("The graph takes texts as they are"), exported::toString);
        List<String> lines = new ArrayList<>(Files.readAllLines(PENGUINS));
        lines.add("Adelie,Atlantis,39.5,,181,99999,other");
        lines.add("Adelie,,NA,18,NA,,NA");
        Path rows = Files.write(folder.resolve("rows.csv"), lines);
        List<JsonObject> expected = run("predict", model, "--data", rows, "--format", "jsonl",
                "--probabilities").objects();
        List<String> names = List.of(lines.get(0).split(","));
        List<String[]> cells = lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
        Map<String, Object> outputs;
        try (OnnxRun run = new OnnxRun(Files.readAllBytes(onnx))) {
            List<Object> columns = new ArrayList<>();
            for (String name : run.inputs()) {
                List<String> column = cells.stream().map(row -> row[names.indexOf(name)]).toList();
                columns.add(List.of("island", "sex").contains(name) ? column.toArray(String[]::new)
                        : column.stream().mapToDouble(OnnxCommandsTest::number).toArray());
            }
            outputs = run.run(columns);
            assertTrue(run.metadata().get("beras.recipe").contains("\"seed\":7"), run.metadata()::toString);
        }
        assertEquals(cells.size(), expected.size());
        assertArrayEquals(expected.stream().map(row -> row.get("species").getAsString()).toArray(),
                (String[]) outputs.get("label"));
        Tensor probabilities = (Tensor) outputs.get("probabilities");
        for (int i = 0; i < expected.size(); i++) {
            JsonObject row = expected.get(i).getAsJsonObject("probabilities");
            assertEquals(row.get("Chinstrap").getAsDouble(), probabilities.get(i, 1), 1e-6, "row " + i);
        }
        assertAgain(onnx, model, rows);
    }

    private static double number(String cell) {
        return cell.isEmpty() || cell.equals(MISSING) ? Double.NaN : Double.parseDouble(cell);
    }

    /** A re-imported model predicts the same. */
    private void assertAgain(Path onnx, Path model, Path rows) {
        Path back = folder.resolve("back.beras");
        Result imported = run("convert", onnx, "--out", back);
        assertExit(Exit.DONE, imported);
        assertTrue(imported.err().endsWith(" weights are in " + back + "\n"), imported::toString);
        assertEquals(run("predict", model, "--data", rows).out(), run("predict", back, "--data",
                rows).out());
    }

    @Test
    void whatScikitLearnExportsIsImported() throws Exception {
        Path out = folder.resolve("m.beras");
        Path file = FIXTURES.resolve("sklearn_mlp_classifier.onnx");
        Result imported = run("convert", file, "--out", out);
        assertExit(Exit.DONE, imported);
        assertTrue(imported.err().contains("The output \"output_label\" is left away"), imported::toString);
        assertTrue(imported.out().matches("(?s)dense/kernel +coefficient\n.*"), imported::toString);
        assertExit(Exit.DONE, run("info", out));
        assertRefused(Exit.USAGE, "A file of ONNX contains its layers", run("convert", FIXTURES.resolve("gemms.onnx"), "--out",
                folder.resolve("x.beras"), "--input", "4", "--layers", "dense(7)"));
        Path none = Files.writeString(folder.resolve("none.onnx"), "no graph");
        assertRefused(Exit.BAD_DATA, "this is no file of ONNX", run("convert", none, "--out", folder.resolve("x.beras")));
        assertFalse(Files.exists(folder.resolve("x.beras")));
    }
}

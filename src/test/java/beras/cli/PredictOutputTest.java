package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.WrittenImages;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TinyTable;
import beras.tensor.Tensor;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The output of {@code predict}, and commands in a pipe. */
@Tag("cli")
class PredictOutputTest {

    private static final String JSON = "The rows are JSON objects";

    @TempDir
    Path folder;
    private Path kinds;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        kinds = TinyTable.kinds(folder.resolve("kinds.csv"));
        model = folder.resolve("m.beras");
    }

    private Result train(Object... more) {
        return run("train", "--target", "kind", "--out", model, "--force", "--epochs", 2, "--types", "id=ignored", "--json", more);
    }

    private Result predict(Object... more) {
        return run("predict", model, more);
    }

    private static List<String> lines(Result result) {
        assertExit(Exit.DONE, result);
        return result.out().lines().toList();
    }

    // ------------------------------------------------------------------------------------------ a line for each

    /** For images the class alone is a line; a line end in its name would shift all that follow. */
    @Test
    void aLabelIsOneLineWhateverIsInIt() throws IOException {
        List<String> labels = List.of("a\nb", "tab\tand \u001b[31m", "c,\"d\"", " e");
        Sequential model = new Sequential(1, new Input(4), new Dense(4, "softmax"));
        model.weights().get(0).assign(Tensor.generate(i -> i % 5 == 0 ? 9 : 0, 4, 4));
        Path file = folder.resolve("labels.beras");
        ModelFile.save(new SavedModel(model).preprocessor(new ImagePreprocessor(2, 2, 1, labels, 4)), file);
        Path images = folder.resolve("images.idx");
        byte[] pixels = new byte[16];
        for (int i = 0; i < 16; i += 5) {
            pixels[i] = (byte) 255;
        }
        WrittenImages.idx(images, new Images(pixels, 2, 2, null, 0));
        assertEquals("a\\u000ab\ntab\\u0009and \\u001b[31m\nc,\"d\"\n e\n", run("predict", file, images).out());
        String csv = run("predict", file, images, "--format", "csv").out();
        assertEquals("row,class\n1,\"a\nb\"\n2,tab\tand \u001b[31m\n3,\"c,\"\"d\"\"\"\n4,\" e\"\n", csv);
        assertEquals("{\"row\":1,\"class\":\"a\\nb\"}", lines(run("predict", file, images, "--format", "jsonl")).get(0));
    }

    /** A model of one column predicts three rows, of which the second has no value. */
    @Test
    void predictionsStayBesideTheRowsOfOneColumn() throws IOException {
        Path table = TinyTable.write(folder.resolve("one.csv"), "size,kind", 60, row -> row + "," + (row < 30 ? "small" : "big"));
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--out", model, "--epochs", 30, "--ensemble", 1,
                "--learning-rate", 0.05));
        Path rows = Files.writeString(folder.resolve("rows.csv"), "size\n1\n\n59\n");
        Result result = predict("--data", rows);
        List<String> lines = lines(result);
        assertEquals(4, lines.size(), result::toString);
        assertEquals("1,small", lines.get(1));
        assertEquals("3,big", lines.get(3));
        assertTrue(result.err().contains("1 line without a value is a row, too"), result.err());
    }

    // -------------------------------------------------------------------------------------------- kept columns

    @Test
    void columnsAreKeptAsTheyStand() throws IOException {
        train("--data", kinds);
        Path rows = Files.writeString(folder.resolve("rows.csv"), "colour,\"size, cm\",size,age,planet,row,id\n"
                + "red,\"1,5\", 2.50 ,3,x,a,007\nblue,,1,NA,\"say \"\"y\"\"\",b,\n");
        List<String> plain = lines(predict("--data", rows));
        List<String> kept = lines(predict("--data", rows, "--keep", "id, \"size, cm\",row,planet,size"));
        assertEquals("row,id,\"size, cm\",row (given),planet,size,kind", kept.get(0));
        assertEquals(plain.get(1).replace("1,", "1,007,\"1,5\",a,x,2.50,"), kept.get(1));
        assertEquals(plain.get(2).replace("2,", "2,,,b,\"say \"\"y\"\"\",1,"), kept.get(2));
        assertEquals("row,colour,\"size, cm\",size,age,planet,row (given),id,kind", lines(predict("--data", rows, "--keep", "all")).get(0));
        List<String> probabilities = lines(predict("--data", kinds, "--keep", "kind,id", "--probabilities"));
        assertEquals("row,kind (given),id,kind,kind = big,kind = odd,kind = small", probabilities.get(0));
        for (int row = 0; row < TinyTable.ROWS; row++) { // beyond a batch
            assertTrue(probabilities.get(row + 1).startsWith(row + 1 + "," + TinyTable.kind(row) + "," + (1000 + row) + ","));
        }
        assertRefused(Exit.BAD_DATA, rows + ": expected a column \"weight\", which was requested. Received the columns: colour, size, cm",
                predict("--data", rows, "--keep", "weight"));
        assertRefused(Exit.USAGE, "'--keep': expected names with commas between them", predict("--data", rows, "--keep", "a,"));
    }

    // ----------------------------------------------------------------------------------------------- JSON lines

    @Test
    void aRowIsAnObject() throws IOException {
        train("--data", kinds);
        List<String> csv = lines(predict("--data", kinds, "--probabilities"));
        List<String> json = lines(predict("--data", kinds, "--probabilities", "--format", "jsonl", "--keep", "id,age,kind"));
        assertEquals(TinyTable.ROWS, json.size());
        for (int row = 0; row < TinyTable.ROWS; row++) {
            JsonObject object = JsonParser.parseString(json.get(row)).getAsJsonObject();
            String[] cells = csv.get(row + 1).split(",");
            assertEquals(List.of("row", "id", "age", "kind (given)", "kind", "probabilities"), List.copyOf(object.keySet()));
            assertEquals(row + 1, object.get("row").getAsInt());
            assertEquals(Integer.toString(1000 + row), object.get("id").getAsString());
            assertTrue(object.getAsJsonPrimitive("id").isString(), "a code may begin with zeros");
            assertEquals(TinyTable.kind(row), object.get("kind (given)").getAsString());
            assertEquals(cells[1], object.get("kind").getAsString());
            JsonObject shares = object.getAsJsonObject("probabilities");
            assertEquals(Set.of("big", "odd", "small"), shares.keySet());
            assertEquals(Float.parseFloat(cells[3]), shares.get("odd").getAsFloat());
        }
        Path out = folder.resolve("p.jsonl");
        assertExit(Exit.DONE, predict("--data", kinds, "--probabilities", "--keep", "id,age,kind", "--out", out));
        assertEquals(json, Files.readAllLines(out), "the name tells");
        assertExit(Exit.DONE, predict("--data", kinds, "--probabilities", "--out", out, "--force", "--format", "CSV"));
        assertEquals(csv, Files.readAllLines(out));
        assertRefused(Exit.USAGE, "'--format': a format is csv or jsonl. Received: xml", predict("--data", kinds, "--format", "xml"));
    }

    /** The output of one is the input of another. */
    @Test
    void jsonLinesAreReadAsTheyAreWritten() throws IOException {
        String expected = train("--data", kinds).hash();
        Path rows = folder.resolve("rows.jsonl");
        assertExit(Exit.DONE, predict("--data", kinds, "--keep", "all", "--out", rows));
        String text = Files.readString(rows).replace("\"kind (given)\"", "\"truth\"").replaceAll("\"row\":\\d+,|,\"kind\":\"\\w+\"", "")
                .replace("\"truth\"", "\"kind\"");
        Path again = Files.writeString(folder.resolve("again.jsonl"), text);
        Result trained = train("--data", again);
        assertEquals(expected, trained.hash());
        assertTrue(trained.err().contains(JSON + "\n"), trained.err());
        assertRefused(Exit.BAD_DATA, again + ": expected cells with a semicolon between them, as given. Received: JSON objects. Leave the"
                + " separator out", train("--data", again, "--separator", "semicolon"));
        assertEquals(JSON, run("inspect", again).err().strip());
    }

    // ------------------------------------------------------------------------------------------- standard input

    @ParameterizedTest
    @ValueSource(strings = {"kinds.csv", "kinds.csv.gz"})
    void everyCommandReadsStandardInput(String name) throws IOException {
        Path file = TinyTable.kinds(folder.resolve(name));
        Result expected = train("--data", file);
        Path run = folder.resolve("run");
        Result trained = runOn(file, "train", "--data", "-", "--target", "kind", "--epochs", 2, "--types", "id=ignored", "--json", "--run",
                run, "--out", folder.resolve("other.beras"));
        assertEquals(expected.hash(), trained.hash());
        var provenance = ModelFile.load(model).provenance();
        var piped = ModelFile.load(folder.resolve("other.beras")).provenance();
        assertEquals("stdin", piped.get("data"));
        assertEquals(provenance.get("data_sha256"), piped.get("data_sha256"));
        assertEquals(run("inspect", file, "--target", "kind"), runOn(file, "inspect", "-", "--target", "kind"));
        assertEquals(predict("--data", file), runOn(file, "predict", model, "--data", "-"));
        Result evaluated = runOn(file, "evaluate", model, "--data", "-");
        assertEquals(run("evaluate", model, "--data", file).out(), evaluated.out());
        assertTrue(evaluated.err().startsWith("stdin is the table that the model was trained on"), evaluated.err());
        assertRefused(Exit.USAGE, "- is a table, so a column to predict must be named, one of id, size, colour, age, planet, kind",
                runOn(file, "train", "--data", "-", "--out", model, "--force"));

        Result more = runOn(file, "train", "--resume", run, "--epochs", 3, "--json", "--out",
                folder.resolve("other.beras"));
        assertEquals(3, more.summary().get("epochs").getAsInt());
        Path others = TinyTable.write(folder.resolve("others.csv"), TinyTable.COLUMNS + ",kind", TinyTable.ROWS - 1,
                row -> TinyTable.cells(row) + "," + TinyTable.kind(row));
        assertRefused(Exit.BAD_DATA, "expected the data that", runOn(others, "train", "--resume", run, "--epochs", 4, "--out",
                folder.resolve("other.beras")));
    }

    @Test
    void errorsOnStandardInputHaveTheirPlace() throws IOException {
        train("--data", kinds);
        Path rows = Files.writeString(folder.resolve("rows.csv"), "size,colour,age,kind\n1,red,2,big\n1,red,2\n");
        for (String command : List.of("predict", "evaluate")) {
            assertRefused(Exit.BAD_DATA, "beras: stdin: line 3: expected 4 columns",
                    runOn(rows, command, model, "--data", "-"));
        }
        assertRefused(Exit.BAD_DATA, "beras: stdin: line 3: expected 4 columns", runOn(rows, "inspect", "-"));
        assertRefused(Exit.BAD_DATA, "beras: stdin: line 3: expected 4 columns",
                runOn(rows, "train", "--data", "-", "--target", "kind", "--out", model, "--force"));
        Path empty = Files.writeString(folder.resolve("empty.csv"), "");
        assertRefused(Exit.BAD_DATA, "beras: stdin: expected a table whose first line names the columns. Received: an empty file",
                runOn(empty, "inspect", "-"));
        // To name the row, evaluate reads the table once more.
        assertExit(Exit.DONE, run("train", "--data", TinyTable.prices(folder.resolve("prices.csv")), "--target", "price", "--out", model,
                "--force", "--epochs", 1, "--ensemble", 1, "--layers", "1:linear", "--types", "id=ignored,colour=ignored,age=ignored"));
        SavedModel saved = ModelFile.load(model);
        ((Dense) saved.model().layers().get(saved.model().layers().size() - 1)).w().assign(3e38f);
        ModelFile.replace(saved, model);
        Path huge = Files.writeString(folder.resolve("huge.csv"), "size,price\n5,1\n\n1000,1\n");
        assertRefused(Exit.BAD_DATA, "stdin: line 4: expected a row like those that were trained on",
                runOn(huge, "evaluate", model, "--data", "-"));
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.config.Config;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TinyTable;
import beras.training.TrainingState;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code info}: the contents of model files, of any writer. */
@Tag("cli")
class InfoCommandTest {

    private static final Path FILES = Path.of("src/test/resources/beras/saving");

    @TempDir
    Path folder;

    private Path trained(String target, Object... more) throws IOException {
        Path table = target.equals("kind") ? TinyTable.kinds(folder.resolve("t.csv")) : TinyTable.prices(folder.resolve("t.csv"));
        Path model = folder.resolve("m.beras");
        assertExit(Exit.DONE, run("train", "--data", table, "--target", target, "--out", model, "--force", "--epochs", 30, more));
        return model;
    }

    private static void assertSays(String line, Result result) {
        assertTrue(result.out().lines().anyMatch(line::equals), () -> "expected the line \"" + line + "\" in " + result);
    }

    @Test
    void aModelOfATableTellsAllOfIt() throws IOException {
        Path model = trained("kind", "--types", "id=ignored", "--early-stopping", 0);
        Result result = run("info", model);
        assertExit(Exit.DONE, result);
        assertEquals("", result.err());
        String hash = hash(model);
        assertSays(model + ": " + Files.size(model) + " bytes, weights of SHA-256 " + hash, result);
        assertSays("Predicts kind, one of 3 labels: big (169), odd (18), small (173) from a row of a table, learnt from 360 rows",
                result);
        assertTrue(result.out().contains("\nLayer (type)"), result::toString);
        assertSays("Weights: 46,750, of which trainable: 46,750", result);
        assertSays("planet  ignored          0        0  all values are \"Earth\"", result);
        assertSays("  loss             CategoricalCrossEntropy(fromLogits=false, labelSmoothing=0.0, epsilon=1.0E-12,"
                + " normalize=false)", result);
        assertSays("  batchSize        64", result);
        assertSays("  target          kind", result);
        assertSays("Training, 30 epochs, of which 20 are shown (--json has all)", result);
        assertTrue(result.out().lines().reduce((a, b) -> b).orElseThrow().matches("     30  0\\.\\d{4}  .*  0\\.0008"),
                result::toString);
    }

    @Test
    void programsGetTheSameAsJson() throws IOException {
        Path model = trained("price", "--ensemble", 1);
        JsonObject all = run("info", model, "--json").objects().get(0);
        assertEquals(Files.size(model), all.get("bytes").getAsLong());
        assertEquals(hash(model), all.get("weights_sha256").getAsString());
        JsonObject target = all.getAsJsonObject("target");
        assertEquals("regression", target.get("task").getAsString());
        assertTrue(target.get("deviation").getAsDouble() > 50_000, target::toString);
        assertEquals("[1]", all.getAsJsonArray("outputs").get(0).toString());
        JsonObject dense = all.getAsJsonArray("layers").get(1).getAsJsonObject();
        assertEquals("Dense", dense.get("type").getAsString());
        assertEquals("[64]", dense.get("output").toString());
        assertEquals(all.get("features").getAsInt() * 64 + 64, dense.get("weights").getAsInt());
        JsonObject age = all.getAsJsonArray("columns").get(3).getAsJsonObject();
        assertEquals("{\"column\":\"age\",\"taken_as\":\"numeric\",\"features\":18,\"missing\":" + age.get("missing")
                + ",\"note\":\"a number and 16 bins\"}",
                age.toString());
        assertEquals("64", all.getAsJsonObject("recipe").get("batchSize").getAsString());
        assertEquals("t.csv", Path.of(all.getAsJsonObject("provenance").get("data").getAsString()).getFileName().toString());
        assertEquals(ModelFile.load(model).trainingState().orElseThrow().history().size(), all.getAsJsonArray("history").size());
        assertTrue(all.getAsJsonArray("history").get(0).getAsJsonObject().get("val_rmse").getAsDouble() > 1000);
    }

    @Test
    void aModelOfImages() throws IOException {
        Path model = folder.resolve("m.beras");
        assertExit(Exit.DONE, run("train", "--data", TinyDigits.write(folder.resolve("digits")), "--epochs", 2, "--out", model));
        Result result = run("info", model);
        assertExit(Exit.DONE, result);
        assertTrue(result.out().contains("\nPredicts by ImagePreprocessor(height=28, width=28, labels=[\"0\""), result::toString);
        assertTrue(result.out().contains("\nTraining, 2 epochs\n"), result::toString);
        assertFalse(result.out().contains("taken as"), result::toString);
        JsonObject all = run("info", model, "--json").objects().get(0);
        assertEquals("[784]", all.getAsJsonArray("inputs").get(0).toString());
        assertTrue(all.has("preprocessor") && !all.has("columns"), all::toString);
    }

    /** With several inputs and outputs, and a model among its layers. */
    @Test
    void aModelAlone() throws IOException {
        Node left = new Input(3).apply();
        Node right = new Input(2).apply();
        Model net = new Functional(List.of(left, right),
                List.of(new Sequential(new Dense(3, 4)).apply(left), new Dense(2, 1).apply(right)));
        Path model = folder.resolve("m.beras");
        ModelFile.save(net, model);
        Result result = run("info", model);
        assertExit(Exit.DONE, result);
        assertSays("Weights: 19, of which trainable: 19", result);
        assertFalse(result.out().contains("Predicts") || result.out().contains("Recipe") || result.out().contains("Training"),
                result::toString);
        JsonObject all = run("info", model, "--json").objects().get(0);
        assertEquals("[[3],[2]]", all.get("inputs").toString());
        assertEquals("[[4],[1]]", all.get("outputs").toString());
        assertTrue(all.get("layers").toString().contains("\"type\":\"Sequential\",\"output\":[4],\"weights\":16,"
                + "\"multiply_adds\":12,\"after\":[\"input\"],\"layers\":[{"),
                all::toString);
    }

    @Test
    void whatIsNoModelIsRefused() throws IOException {
        assertRefused(Exit.USAGE, "Missing required parameter: 'MODEL'", run("info"));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("info", folder.resolve("none")));
        Path text = Files.writeString(folder.resolve("text"), "no model at all, but a text");
        assertRefused(Exit.BAD_DATA, text + ": this is not a BERAS model", run("info", text));
        assertRefused(Exit.BAD_DATA, "A file of weights contains no network",
                run("info", FILES.resolve("other.safetensors"), "--json"));
        Path model = trained("kind");
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length / 2] ^= 1;
        Files.write(model, bytes);
        assertRefused(Exit.BAD_DATA, model + ": ", run("info", model));
        Path strange = folder.resolve("strange.beras");
        TrainingState empty = new TrainingState(Config.of("TrainingState"), Map.of());
        ModelFile.save(new SavedModel(new Sequential(new Dense(1, 1))).trainingState(empty), strange);
        assertRefused(Exit.BAD_DATA, strange + ": the state of its training is damaged", run("info", strange));
    }
}

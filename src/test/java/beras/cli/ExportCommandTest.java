package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.assertRefused;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Normalization;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.NumpyFile;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export} and {@code import}: models to and from files of other programs. */
@Tag("cli")
class ExportCommandTest {

    private static final Path NAMED = Path.of("src/test/resources/beras/saving/pytorch/named.safetensors");
    private static final Path CHAIN = NAMED.resolveSibling("chain.safetensors");
    private static final String LAYERS = "dense(6), batch_norm(epsilon=1e-5), relu, dense(6), layer_norm(epsilon=1e-5), tanh,"
            + " dense(6, sigmoid), dense(3, softmax, use_bias=false)";

    @TempDir
    Path folder;

    private String weights(Path model) throws IOException {
        return ModelFile.weightsSha256(ModelFile.load(model).model());
    }

    /** A model that comes from a table, with all parts. */
    private Path trained() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "a,b,kind\n1,2,x\n2,1,y\n3,1,x\n4,7,y\n".repeat(10));
        Path model = folder.resolve("trained.beras");
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--layers", "dense(3, relu)", "--epochs", "1",
                "--out", model));
        return model;
    }

    @Test
    void weightsGoToPyTorchAndBack() throws IOException {
        Path model = trained();
        Path to = folder.resolve("t.safetensors");
        Result exported = run("export", model, "--to", to);
        assertExit(Exit.DONE, exported);
        assertEquals("""
                dense/kernel    0.weight
                dense/bias      0.bias
                dense_1/kernel  2.weight
                dense_1/bias    2.bias
                """, exported.out());
        List<String> said = exported.err().lines().toList();
        assertTrue(said.get(0).contains("the layers with their settings, such as activations, are not in it"), exported.err());
        assertTrue(said.get(1).contains("What makes inputs from data, TablePreprocessor, is not in it"), exported.err());
        assertTrue(said.get(2).contains("The recipe, with loss and optimizer, is not in it"), exported.err());
        assertEquals("4 weights are in " + to, said.get(said.size() - 1));
        assertRefused(Exit.USAGE, to + " exists already", run("export", model, "--to", to));
        assertExit(Exit.DONE, run("export", model, "--to", to, "--force"));
        assertRefused(Exit.USAGE, "'--out': " + to + " is the place of another file of this command",
                run("import", to, "--out", to, "--activation", "relu", "--output-activation", "softmax", "--force"));
        Path keras = folder.resolve("t.keras");
        assertExit(Exit.DONE, run("export", model, "--to", keras));
        byte[] bytes = Files.readAllBytes(keras);
        assertRefused(Exit.USAGE, "'--to': " + keras + " is the place of another file of this command",
                run("export", keras, "--to", keras, "--force"));
        assertArrayEquals(bytes, Files.readAllBytes(keras));
        Path back = folder.resolve("back.beras");
        String inputs = Integer.toString(ModelFile.load(model).model().inputShape().size());
        String last = "dense(" + ModelFile.load(model).model().outputShape().size() + ")";
        Result imported = run("import", to, "--out", back, "--input", inputs, "--layers", "dense(3, relu), " + last);
        assertExit(Exit.DONE, imported);
        assertEquals(exported.out(), imported.out());
        assertTrue(imported.err().contains("loss and optimizer are not in it"), imported.err());
        assertTrue(imported.err().endsWith("4 weights are in " + back + "\n"), imported.err());
        assertEquals(weights(model), weights(back));
    }

    @Test
    void weightsGoToNumpyAndBack() throws IOException {
        Path model = folder.resolve("m.beras");
        ModelFile.save(new Sequential(1, new Input(3), new Normalization(), new Dense(2, "tanh")), model);
        Path to = folder.resolve("t.NPZ");
        JsonObject exported = run("export", model, "--to", to, "--json").objects().get(0);
        assertEquals("{\"normalization/mean\":\"normalization/mean\",\"normalization/variance\":\"normalization/variance\","
                + "\"dense/kernel\":\"dense/kernel\",\"dense/bias\":\"dense/bias\"}", exported.get("weights").toString());
        assertEquals(1, exported.getAsJsonArray("lost").size());
        assertEquals(4, NumpyFile.readAll(to).size());
        Path back = folder.resolve("back.beras");
        assertExit(Exit.DONE, run("import", to, "--out", back, "--input", "3", "--layers", "normalization, dense(2, tanh)"));
        assertEquals(weights(model), weights(back));
        assertRefused(Exit.USAGE, "tell the layers", run("import", to, "--out", folder.resolve("x.beras")));
        assertRefused(Exit.BAD_DATA, "the layers need weight dense/kernel to have shape (3, 3)", run("import", to, "--out",
                folder.resolve("x.beras"), "--input", "3", "--layers", "normalization, dense(3)"));
        assertRefused(Exit.FAILED, model + ": cannot be written as .safetensors: Layers with weights that PyTorch has too",
                run("export", model, "--to", folder.resolve("x.safetensors")));
        assertFalse(Files.exists(folder.resolve("x.safetensors")) || Files.exists(folder.resolve("x.beras")));
    }

    @Test
    void theNetIsToldOrFollowsFromShapes() throws IOException {
        Path model = folder.resolve("m.beras");
        Result told = run("import", NAMED, "--out", model, "--input", "4", "--layers", LAYERS);
        assertExit(Exit.DONE, told);
        assertTrue(told.out().contains("batch_normalization/moving_mean      norm.running_mean\n"), told.out());
        assertEquals(NAMED.toString(), ModelFile.load(model).provenance().get("imported"));
        Path chain = folder.resolve("chain.beras");
        assertExit(Exit.DONE, run("import", CHAIN, "--out", chain, "--activation", "relu", "--output-activation", "softmax"));
        assertEquals(3, ModelFile.load(chain).model().layers().size());
        assertExit(Exit.DONE, run("info", "--model", chain));
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Path out = folder.resolve("m.beras");
        assertRefused(Exit.BAD_DATA, "Lacking in the file: [dense] of {bias=(7,), weight=(7, 4)}", run("import", CHAIN, "--out",
                out, "--input", "4", "--layers", "dense(7)"));
        assertRefused(Exit.USAGE, "tell the layers or, if all are linear", run("import", CHAIN, "--out", out, "--activation",
                "relu"));
        assertRefused(Exit.USAGE, "need each other", run("import", CHAIN, "--out", out, "--layers", "dense(7)"));
        assertRefused(Exit.USAGE, "leave --activation and --output-activation out", run("import", CHAIN, "--out", out, "--input",
                "4", "--layers", "dense(7)", "--activation", "relu"));
        assertRefused(Exit.USAGE, "Invalid value for option '--activation'", run("import", CHAIN, "--out", out, "--activation",
                "rellu"));
        assertRefused(Exit.USAGE, "Invalid value for option '--layers'", run("import", CHAIN, "--out", out, "--input", "4",
                "--layers", "dens(7)"));
        assertRefused(Exit.USAGE, "must end with one of .safetensors, .npz", run("import", folder.resolve("m.pt"), "--out", out));
        assertRefused(Exit.USAGE, "must end with one of .safetensors, .npz", run("export", out, "--to", folder.resolve("m.h5")));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("import", folder.resolve("none.npz"), "--out", out, "--input",
                "4", "--layers", "dense(7)"));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("export", out, "--to", folder.resolve("m.npz")));
        assertFalse(Files.exists(out));
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Normalization;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.PortableFormat;
import beras.saving.numpy.NumpyFile;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code convert}, {@code export} and {@code import}: models to and from files of other programs. */
@Tag("cli")
class ConvertCommandTest {

    private static final Path NAMED = Path.of("src/test/resources/beras/saving/pytorch/named.safetensors");
    private static final Path CHAIN = NAMED.resolveSibling("chain.safetensors");
    /** They contain the preprocessing of images. */
    private static final List<String> KEEP_INPUTS = List.of(".beras", ".onnx");
    private static final String LAYERS = "dense(6), batch_norm(epsilon=1e-5), relu, dense(6), layer_norm(epsilon=1e-5), tanh,"
            + " dense(6, sigmoid), dense(3, softmax, use_bias=false)";

    @TempDir
    Path folder;

    private String weights(Path model) throws IOException {
        return hash(model);
    }

    /** A model that comes from a table, with all parts. */
    private Path trained() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "a,b,kind\n1,2,x\n2,1,y\n3,1,x\n4,7,y\n".repeat(10));
        Path model = folder.resolve("trained.beras");
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--layers", "dense(3, relu)", "--ensemble", 1,
                "--epochs", "1", "--out", model));
        return model;
    }

    @Test
    void weightsGoToPyTorchAndBack() throws IOException {
        Path model = trained();
        Path to = folder.resolve("t.safetensors");
        Result exported = run("convert", model, "--out", to);
        assertExit(Exit.DONE, exported);
        assertEquals("""
                dense/kernel    0.weight
                dense/bias      0.bias
                dense_1/kernel  2.weight
                dense_1/bias    2.bias
                """, exported.out());
        List<String> said = exported.err().lines().toList();
        assertTrue(said.get(0).contains(to + ": The file has weights alone: the layers with their settings, such as activations,"
                + " are not in it"), exported.err());
        assertTrue(said.get(1).contains("What makes inputs from data, TablePreprocessor, is not in it"), exported.err());
        assertTrue(said.get(2).contains("The recipe, with loss and optimizer, is not in it"), exported.err());
        assertEquals("4 weights are in " + to, said.get(said.size() - 1));
        assertRefused(Exit.USAGE, to + " exists already", run("convert", model, "--out", to));
        assertExit(Exit.DONE, run("convert", model, "--out", to, "--force"));
        assertRefused(Exit.USAGE, "'--out': " + to + " is the place of another file of this command",
                run("convert", to, "--out", to, "--input", "4", "--layers", "dense(7)", "--force"));
        Path keras = folder.resolve("t.keras");
        assertExit(Exit.DONE, run("convert", model, "--out", keras));
        byte[] bytes = Files.readAllBytes(keras);
        assertRefused(Exit.USAGE, "'--out': " + keras + " is the place of another file of this command",
                run("convert", keras, "--out", keras, "--force"));
        assertArrayEquals(bytes, Files.readAllBytes(keras));
        Path back = folder.resolve("back.beras");
        String inputs = Integer.toString(ModelFile.load(model).model().inputShape().size());
        String last = "dense(" + ModelFile.load(model).model().outputShape().size() + ")";
        Result imported = run("convert", to, "--out", back, "--input", inputs, "--layers", "dense(3, relu), " + last);
        assertExit(Exit.DONE, imported);
        assertEquals(exported.out(), imported.out());
        assertTrue(imported.err().contains("loss and optimizer are not in it"), imported.err());
        assertTrue(imported.err().endsWith("4 weights are in " + back + "\n"), imported.err());
        assertEquals(weights(model), weights(back));
    }

    /** From each format to each: the same weights arrive, and predict and evaluate alike. */
    @Test
    void everyFormatGoesToEveryOther() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Path model = folder.resolve("m.beras");
        assertExit(Exit.DONE, run("train", "--data", digits, "--out", model, "--epochs", 1));
        Model trained = ModelFile.load(model).model();
        List<String> net = List.of("--input", Integer.toString(trained.inputShape().size()), "--layers",
                "dense(" + trained.weights().get(0).dim(1) + ", relu), dense(10, softmax)");
        Result classes = run("predict", model, digits.resolve("t10k-images-idx3-ubyte.gz"));
        String scaling = ": The file does not record how images become inputs: pixels from 0 to 255 are divided by 255\n";
        assertEquals("", classes.err());
        int pairs = 0;
        for (PortableFormat from : PortableFormat.all()) {
            Path one = folder.resolve("one" + from.suffix());
            assertExit(Exit.DONE, run("convert", model, "--out", one));
            for (PortableFormat to : PortableFormat.all()) {
                Path other = folder.resolve("other" + pairs++ + to.suffix());
                Result converted = run("convert", one, "--out", other, from.containsNet() ? List.of() : net);
                assertExit(Exit.DONE, converted);
                assertTrue(converted.err().endsWith("4 weights are in " + other + "\n"), converted::toString);
                assertEquals(!to.containsNet(),
                        converted.err().contains(other + ": The file has weights alone"), converted::toString);
                assertEquals(4, converted.out().lines().count());
                Path read = to.containsNet() ? other : folder.resolve("read" + pairs + ".beras");
                if (!to.containsNet()) {
                    assertExit(Exit.DONE, run("convert", other, "--out", read, net));
                }
                assertEquals(weights(model), run("info", "--json", read).objects().get(0)
                        .get("weights_sha256").getAsString(), from.suffix() + " to " + to.suffix());
                Result same = run("predict", read, digits.resolve("t10k-images-idx3-ubyte.gz"));
                assertEquals(classes.out(), same.out());
                boolean told = KEEP_INPUTS.containsAll(List.of(from.suffix(), to.suffix()));
                assertEquals(told ? "" : read + scaling, same.err());
                assertEquals(run("evaluate", "--json", model, "--data", digits).objects().get(0).get("accuracy"),
                        run("evaluate", "--json", read, "--data", digits).objects().get(0)
                                .get("accuracy"));
            }
        }
        assertEquals(PortableFormat.all().size() * PortableFormat.all().size(), pairs);
    }

    @Test
    void whatReadsModelsSaysThatTheNetIsNotInTheFile() {
        for (String command : List.of("info", "evaluate", "serve")) {
            assertRefused(Exit.BAD_DATA, CHAIN + ": A file of weights contains no network: specify the layers."
                    + " Make a model of it first: ", run(command, CHAIN));
        }
        assertRefused(Exit.USAGE, "specify the layers. The options are --layers",
                run("convert", CHAIN, "--out", folder.resolve("m.beras")));
        assertRefused(Exit.USAGE, "A file of Keras contains its layers: do not specify them", run("convert",
                "src/test/resources/keras/nested.keras", "--out", folder.resolve("m.beras"), "--input", "4", "--layers", "dense(7)"));
    }

    /** Whatever the command: nothing is printed, and nothing written. */
    @ParameterizedTest
    @ValueSource(strings = {"keras/bad_lambda.keras", "keras/bad_custom_class.keras", "keras/bad_external_link.keras",
        "keras/bad_huge_dataset.keras", "keras/bad_path.keras", "keras/bad_shape.keras", "keras/bad_truncated.keras",
        "beras/saving/numpy/refused-object.npy"})
    void whatMustBeRefusedIsRefusedByEveryCommand(String name) {
        Path bad = Path.of("src/test/resources").resolve(name);
        Path out = folder.resolve("out.npz");
        assertRefused(Exit.BAD_DATA, bad + ": ", run("convert", bad, "--out", out));
        assertRefused(Exit.BAD_DATA, bad + ": ", run("info", bad));
        assertRefused(Exit.BAD_DATA, bad + ": ", run("serve", bad, "--port", 0));
        assertRefused(Exit.BAD_DATA, bad + ": ", run("evaluate", bad));
        assertRefused(Exit.BAD_DATA, bad + ": ", run("predict", bad, "data/t10k-images-idx3-ubyte.gz", "--out",
                folder.resolve("p.csv")));
        assertRefused(Exit.BAD_DATA, bad + ": ", run("explain", bad, "--data", "data/penguins.csv"));
        assertFalse(Files.exists(out) || Files.exists(folder.resolve("p.csv")));
    }

    @Test
    void theNetIsGiven() throws IOException {
        Path model = folder.resolve("m.beras");
        Result told = run("convert", NAMED, "--out", model, "--input", "4", "--layers", LAYERS);
        assertExit(Exit.DONE, told);
        assertTrue(told.out().contains("batch_normalization/moving_mean      norm.running_mean\n"), told.out());
        assertEquals(NAMED.toString(), ModelFile.load(model).provenance().get("imported"));
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        Path out = folder.resolve("m.beras");
        assertRefused(Exit.BAD_DATA, "Lacking in the file: [dense] of {bias=(7,), weight=(7, 4)}", run("convert", CHAIN, "--out",
                out, "--input", "4", "--layers", "dense(7)"));
        assertRefused(Exit.USAGE, "it needs --input. Add that, or remove it", run("convert", CHAIN, "--out", out, "--layers", "dense(7)"));
        assertRefused(Exit.USAGE, "Invalid value for option '--layers'", run("convert", CHAIN, "--out", out, "--input", "4",
                "--layers", "dens(7)"));
        assertRefused(Exit.USAGE, "Take one of .beras, .safetensors, .npz",
                run("convert", CHAIN, "--out", folder.resolve("m.pt")));
        assertRefused(Exit.USAGE, "Take one of .beras, .safetensors, .npz",
                run("convert", out, "--out", folder.resolve("m.h5")));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("convert", folder.resolve("none.npz"), "--out", out, "--input",
                "4", "--layers", "dense(7)"));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("convert", out, "--out", folder.resolve("m.npz")));
        assertFalse(Files.exists(out));
    }

    @Test
    void weightsGoToNumpyAndBack() throws IOException {
        Path model = folder.resolve("m.beras");
        ModelFile.save(new Sequential(1, new Input(3), new Normalization(), new Dense(2, "tanh")), model);
        Path to = folder.resolve("t.NPZ");
        JsonObject exported = run("convert", model, "--out", to, "--json").objects().get(0);
        assertEquals("{\"normalization/mean\":\"normalization/mean\",\"normalization/variance\":\"normalization/variance\","
                + "\"dense/kernel\":\"dense/kernel\",\"dense/bias\":\"dense/bias\"}", exported.get("written").toString());
        assertEquals(1, exported.getAsJsonArray("lost").size());
        assertEquals(4, NumpyFile.readAll(to).size());
        Path back = folder.resolve("back.beras");
        assertExit(Exit.DONE, run("convert", to, "--out", back, "--input", "3", "--layers", "normalization, dense(2, tanh)"));
        assertEquals(weights(model), weights(back));
        assertRefused(Exit.USAGE, "specify the layers", run("convert", to, "--out", folder.resolve("x.beras")));
        assertRefused(Exit.BAD_DATA, "the layers need weight dense/kernel to have shape (3, 3)", run("convert", to, "--out",
                folder.resolve("x.beras"), "--input", "3", "--layers", "normalization, dense(3)"));
        assertRefused(Exit.FAILED, model + ": cannot be written as .safetensors: Layers with weights that PyTorch has too",
                run("convert", model, "--out", folder.resolve("x.safetensors")));
        assertFalse(Files.exists(folder.resolve("x.safetensors")) || Files.exists(folder.resolve("x.beras")));
    }
}

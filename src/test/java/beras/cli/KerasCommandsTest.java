package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.training.Recipe;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of Keras where a model of BERAS could be. */
@Tag("cli")
class KerasCommandsTest {

    @TempDir
    Path folder;

    @Test
    void aModelOfImagesGoesToKerasAndIsEvaluatedFromThere() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Path model = folder.resolve("m.keras");
        Result trained = run("train", "--data", digits, "--out", model, "--epochs", 1, "--json");
        assertTrue(trained.err().contains("m.keras: The file has no place for what makes inputs from data\n"), trained::toString);
        Result info = run("info", "--model", model, "--json");
        assertEquals(trained.hash(), info.objects().get(0).get("weights_sha256").getAsString());
        Path own = folder.resolve("m.beras");
        assertEquals(trained.hash(), run("train", "--data", digits, "--out", own, "--epochs", 1, "--json").hash());
        assertEquals(accuracy(own, digits), accuracy(model, digits));
    }

    @Test
    void aNetThatKerasLacksIsRefusedBeforeItIsTrained() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Commands.assertRefused(Exit.USAGE, "'--out': Keras's format cannot express layer \"dense\": activation"
                + " GELU(approximate=true)", run("train", "--data", digits, "--layers",
                "dense(4, activation=gelu(approximate=true)),10:softmax", "--out", folder.resolve("m.keras")));
    }

    /** The further layers, from the command line to Keras's format and back. */
    @Test
    void furtherLayersAreTrainedAndExportedWithHowTheyWereTrained() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Path own = folder.resolve("m.beras");
        Path keras = folder.resolve("m.keras");
        assertExit(Exit.DONE, run("train", "--data", digits, "--out", own, "--epochs", 1, "--layers", "rescaling(0.5), 16, prelu,"
                + " rms_normalization, alpha_dropout(0.1), 8:mish, activity_regularization(0.001), gaussian_dropout(0.1),"
                + " unit_normalization, dense(8, activation=relu(6), activityRegularizer=l2(0.01)), 10:softmax"));
        Result exported = run("convert", own, "--out", keras);
        assertExit(Exit.DONE, exported);
        assertTrue(exported.err().contains("the recipe, except for loss, metrics and optimizer"), exported::toString);
        assertEquals(accuracy(own, digits), accuracy(keras, digits));
        Model model = ModelFile.load(keras).model();
        assertTrue(model.optimizer().orElseThrow().steps() > 0);
    }

    /** As most programs for images have it: labels are numbers there, and one-hot here. */
    @Test
    void theLossOfLabelsThatAreNumbersIsEvaluatedToo() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        for (String logits : List.of("false", "true")) {
            List<JsonObject> measured = new ArrayList<>();
            for (String loss : List.of("sparse_categorical_crossentropy(from_logits=" + logits + ")",
                    "categorical_crossentropy(normalize=true, epsilon=1e-7, from_logits=" + logits + ")")) {
                Sequential net = new Sequential(1, new Input(784), new Dense(10, logits.equals("true") ? "linear" : "softmax"));
                Path model = folder.resolve(loss.substring(0, 6) + logits + ".beras");
                ModelFile.save(new SavedModel(net).recipe(new Recipe().loss(loss)), model);
                Result result = run("evaluate", "--model", model, "--data", digits, "--json");
                assertExit(Exit.DONE, result);
                measured.add(result.objects().get(0));
                assertNotNull(measured.get(measured.size() - 1).get("loss"));
                measured.get(measured.size() - 1).remove("model");
            }
            assertEquals(measured.get(1), measured.get(0));
        }
    }

    private static JsonElement accuracy(Path model, Path digits) {
        JsonElement accuracy = run("evaluate", "--model", model, "--data", digits, "--json").objects().get(0).get("accuracy");
        assertNotNull(accuracy);
        return accuracy;
    }

    @Test
    void aModelOfATableThatForgotItsColumnsIsNotSentOnOrTakenForOneOfImages() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "a,b\n1,x\n2,y\n3,x\n4,y\n");
        Path model = folder.resolve("m.keras");
        Result trained = run("train", "--data", table, "--target", "b", "--epochs", 1, "--validation-split", 0, "--out", model);
        assertExit(Exit.DONE, trained);
        assertFalse(trained.err().contains("Next:"), trained::toString);
        Commands.assertRefused(Exit.BAD_DATA, "m.keras does not say what makes inputs from the columns of a table",
                run("evaluate", "--model", model, "--data", table));
    }

    @Test
    void aModelIsNotWrittenIntoAFileOfArrays() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Commands.assertRefused(Exit.USAGE, "Files that end with .npz have weights alone", run("train", "--data", digits, "--epochs", 1, "--out",
                folder.resolve("m.npz")));
    }

    @Test
    void aFileOfKerasIsShownWithHowItWasCompiled() {
        Result info = run("info", "--model", "src/test/resources/keras/cosine_warmup.keras");
        assertExit(Exit.DONE, info);
        assertTrue(info.out().contains("schedule=CosineDecay(initialLearningRate=0.001"), info::toString);
    }

    @Test
    void exportsAndImports() throws IOException {
        Path own = folder.resolve("m.beras");
        Path keras = folder.resolve("again.keras");
        Result imported = run("convert", "src/test/resources/keras/nested.keras", "--out", own);
        assertExit(Exit.DONE, imported);
        assertTrue(imported.out().contains("encoder/dense_1/kernel  layers/sequential/layers/dense_1/vars/0"), imported::toString);
        Result exported = run("convert", own, "--out", keras);
        assertExit(Exit.DONE, exported);
        assertTrue(exported.err().contains("no place for the recipe"), exported::toString);
        assertEquals(run("info", "--model", own, "--json").objects().get(0).get("weights_sha256"),
                run("info", "--model", keras, "--json").objects().get(0).get("weights_sha256"));
    }

    @Test
    void codeIsRefused() {
        Commands.assertRefused(Exit.BAD_DATA, "layer \"lambda\": Lambda is code and is never run",
                run("info", "--model", "src/test/resources/keras/bad_lambda.keras"));
    }
}

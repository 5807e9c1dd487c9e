package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Result info = run("info", model, "--json");
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

    private static JsonElement accuracy(Path model, Path digits) {
        JsonElement accuracy = run("evaluate", model, "--data", digits, "--json").objects().get(0).get("accuracy");
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
        Commands.assertRefused(Exit.BAD_DATA, "m.keras does not record how the columns of a table become inputs",
                run("evaluate", model, "--data", table));
    }

    @Test
    void aModelIsNotWrittenIntoAFileOfArrays() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        Commands.assertRefused(Exit.USAGE, "Files that end with .npz have weights alone", run("train", "--data", digits, "--epochs", 1, "--out",
                folder.resolve("m.npz")));
    }

    @Test
    void aFileOfKerasIsShownWithHowItWasCompiled() {
        Result info = run("info", "src/test/resources/keras/cosine_warmup.keras");
        assertExit(Exit.DONE, info);
        assertTrue(info.out().contains("schedule=CosineDecay(initialLearningRate=0.001"), info::toString);
    }
}

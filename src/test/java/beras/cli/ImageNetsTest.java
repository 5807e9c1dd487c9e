package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.config.Config;
import beras.saving.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Convolutional networks from the command line: shapes are fitted, and all commands support them. */
@Tag("cli")
class ImageNetsTest {

    @TempDir
    Path folder;
    private Path data;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        data = TinyDigits.write(folder.resolve("digits"));
        model = folder.resolve("m.beras");
    }

    @Test
    void aNamedNetComesWithItsSchedule() throws IOException {
        assertExit(Exit.DONE, run("train", "--data", data, "--net", "lenet", "--epochs", 1, "--out", model));
        Config recipe = ModelFile.load(model).recipe().orElseThrow().config();
        assertEquals("cosine", ((Config) recipe.values().get("schedule")).type());
        assertExit(Exit.DONE, run("train", "--data", data, "--net", "lenet", "--epochs", 1, "--lr-schedule", "exponential", "--out",
                model, "--force"));
        recipe = ModelFile.load(model).recipe().orElseThrow().config();
        assertEquals("exponential", ((Config) recipe.values().get("schedule")).type());
    }

    /** Whitened patches are learnt before the first step, and from then on are weights as others: saved, resumed, carried over. */
    @Test
    void quickNetsLearnAndResumeToTheSameBits() throws IOException {
        Path run = folder.resolve("run");
        Path few = TinyDigits.write(folder.resolve("few"), TinyDigits.images("train", 90), TinyDigits.images("t10k", 20));
        Object[] options = {"train", "--data", few, "--net", "small-cnn", "--epochs", 2, "--batch-size", 40, "--views", "flip,shift=1",
            "--augment", "shift=1,flip=horizontal,erase=5", "--ema", 0.9, "--optimizer",
            "sgd(0.05, momentum=0.9, nesterov=true)", "--json"};
        Result whole = run(options, "--out", model);
        assertExit(Exit.DONE, whole);
        Config recipe = ModelFile.load(model).recipe().orElseThrow().config();
        assertEquals("flip,shift=1", recipe.text("views"));
        assertEquals("one_cycle", ((Config) recipe.values().get("schedule")).type());
        assertEquals(0.1, ((Config) recipe.values().get("loss")).number("labelSmoothing"), 1e-7);
        assertExit(Exit.DONE, run(options, "--run", run, "--checkpoint-every", 2));
        assertEquals(whole.hash(), run("train", "--data", few, "--config", run.resolve("config.json"), "--out", folder.resolve("c.beras"),
                "--json").hash());
        assertEquals(whole.summary().get("test_accuracy"),
                run("evaluate", model, "--data", few, "--json").objects().get(0).get("accuracy"));
        assertExit(Exit.DONE, run("convert", model, "--out", folder.resolve("m.onnx")));
        assertExit(Exit.DONE, run("predict", folder.resolve("m.onnx"), few.resolve("t10k-images-idx3-ubyte.gz")));
        assertExit(Exit.DONE, run("info", model));
        Result onward = run("train", "--data", few, "--net", "small-cnn", "--epochs", 1, "--init", model, "--out",
                folder.resolve("d.beras"), "--json");
        assertExit(Exit.DONE, onward);
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        assertRefused(Exit.USAGE, "it must be one of dense, lenet, small-cnn, large-cnn. Received: lenett",
                run("train", "--data", data, "--net", "lenett"));
        assertRefused(Exit.USAGE, "Remove one of them", run("train", "--data", data, "--net", "lenet", "--layers", "10:softmax"));
        assertRefused(Exit.USAGE, "the window of Conv2D, [30, 30], must fit into the examples",
                run("train", "--data", data, "--layers", "reshape([28,28,1]),conv:2x30,10:softmax"));
        assertRefused(Exit.USAGE, "the window of Conv2D, [30, 30], must fit into the examples; padding=same lets it go beyond."
                + " Received shape: (28, 28, 1)", run("train", "--data", data, "--layers", "conv:2x30,10:softmax"));
        Path table = Files.writeString(folder.resolve("t.csv"), "a,b\n1,x\n2,y\n");
        assertRefused(Exit.USAGE, "it applies to images", run("train", "--data", table, "--target", "b", "--net", "lenet"));
    }
}

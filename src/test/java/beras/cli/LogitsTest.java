package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.image.ImagePreprocessor;
import beras.data.table.NumericColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.feed.Preprocessor;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.activations.Softmax;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import beras.training.Recipe;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models with logits, and models without a recorded loss: nothing is invented. */
@Tag("cli")
class LogitsTest {

    private static final String LOGITS = "cross-entropy(from_logits=true)";
    /** For x = 0, 1, 2: the logits are (x, 1 - x). */
    private static final double[] YES = {1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(1)), 1 / (1 + Math.exp(3))};

    @TempDir
    Path folder;
    private Path rows;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        rows = Files.writeString(folder.resolve("rows.csv"), "x,y\n0,yes\n1,no\n2,no\n");
        model = folder.resolve("m.beras");
    }

    private static Preprocessor preprocessor(TableTarget target) {
        return new TablePreprocessor(new TableSchema(target, List.of(new NumericColumn("x", 0, "", 0, 1)), 3));
    }

    /** A model of two labels that gives these logits, of {@code no} first. */
    private static SavedModel logits() {
        Sequential net = new Sequential(1, new Input(1), new Dense(2));
        net.weights().get(0).assign(Tensor.of(new float[][] {{1, -1}}));
        net.weights().get(1).assign(Tensor.of(new float[][] {{0, 1}}));
        return new SavedModel(net).preprocessor(preprocessor(new TableTarget.Labels("y", List.of("no", "yes"), List.of(2L, 1L))));
    }

    private void save(SavedModel saved) throws IOException {
        ModelFile.replace(saved, model);
    }

    private Result on(String command, Object... more) {
        return run(command, model, "--data", rows, more);
    }

    private List<Double> probabilities(Result result) {
        assertExit(Exit.DONE, result);
        assertEquals("", result.err());
        List<Double> yes = new ArrayList<>();
        result.out().lines().skip(1).forEach(line -> yes.add(Double.parseDouble(line.split(",")[3])));
        return yes;
    }

    private static void assertNear(double[] expected, List<Double> actual) {
        assertEquals(expected.length, actual.size());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual.get(i), 1e-6);
        }
    }

    // ---------------------------------------------------------------------------------------- the loss tells it

    @Test
    void aLossOfLogitsMakesProbabilitiesOfThem() throws IOException {
        save(logits().recipe(new Recipe().loss(LOGITS)));
        assertNear(YES, probabilities(on("predict", "--probabilities")));
        assertEquals("row,y\n1,no\n2,no\n3,no\n", on("predict", "--threshold", 0.2, "--positive", "no").out());
        assertEquals("row,y\n1,yes\n2,no\n3,no\n", on("predict", "--threshold", 0.3, "--positive", "no").out());
        JsonObject measured = on("evaluate", "--json").objects().get(0);
        double loss = -(Math.log(YES[0]) + Math.log(1 - YES[1]) + Math.log(1 - YES[2])) / 3;
        assertEquals(loss, measured.get("loss").getAsDouble(), 1e-6);
        assertEquals(loss, measured.get("log_loss").getAsDouble(), 1e-6);
        assertEquals(1, measured.get("accuracy").getAsDouble());
        assertTrue(measured.has("thresholds"));
    }

    /** Also where the loss is of scores by its nature. */
    @Test
    void aMetricOfProbabilitiesIsRefusedWithTheOptionThatAsksForIt() {
        for (String loss : List.of(LOGITS, "hinge")) {
            for (String option : List.of("--metrics", "--monitor")) {
                assertRefused(Exit.USAGE, "Invalid value for option '" + option + "': The metric auc needs probabilities. Received:"
                        + " outputs that are scores, by the loss ", run("train", "--data", rows, "--target", "y", "--layers",
                        "dense(2, linear)", "--loss", loss, "--validation-split", 0.4, "--early-stopping", 1, option, "auc", "--out",
                        model));
            }
        }
    }

    // -------------------------------------------------------------------------------------- nothing tells it

    @Test
    void optionsAboutProbabilitiesAreRefusedOfOtherScores() throws IOException {
        save(logits());
        for (String[] option : new String[][] {{"predict", "--probabilities"}, {"predict", "--threshold", "0.5"},
                {"evaluate", "--threshold", "0.5"}}) {
            Object[] more = List.of(option).subList(1, option.length).toArray();
            assertRefused(Exit.BAD_DATA, model + ": expected a model that gives probabilities, from 0 to 1 with a sum of 1, for "
                    + option[1] + ". Received: scores [", on(option[0], more));
            assertTrue(on(option[0], more).err().contains("by `convert` with --output-activation softmax, else leave " + option[1] + " out"));
        }
    }

    /** ONNX files of PyTorch mostly end in logits; an option turns one into a model with probabilities. */
    @Test
    void anActivationCanBeAddedOnceAndForAll() throws IOException {
        Path onnx = folder.resolve("logits.onnx");
        ModelFile.save(new SavedModel(new Sequential(1, new Input(784), new Dense(10))), onnx);
        Path images = TinyDigits.write(folder.resolve("digits")).resolve("t10k-images-idx3-ubyte.gz");
        assertRefused(Exit.BAD_DATA, "`convert` with --output-activation softmax", run("predict", onnx, images, "--probabilities"));
        Path made = folder.resolve("made.beras");
        assertExit(Exit.DONE, run("convert", onnx, "--out", made, "--output-activation", "softmax"));
        assertExit(Exit.DONE, run("predict", made, images, "--probabilities"));
        assertEquals(run("predict", onnx, images).out(), run("predict", made, images).out());
    }

    @Test
    void theLabelOfTheHighestScoreIsPredictedAndThatIsSaid() throws IOException {
        save(logits());
        Result predicted = on("predict");
        assertEquals("row,y\n1,yes\n2,no\n3,no\n", predicted.out());
        assertTrue(predicted.err().contains("gives scores that are no probabilities, such as ["), predicted.err());
        assertEquals(1, predicted.err().lines().count());
        Result evaluated = on("evaluate");
        assertTrue(evaluated.err().contains("--output-activation softmax makes probabilities of them"), evaluated.err());
        assertTrue(evaluated.out().startsWith("Accuracy 1.0000 on 3 rows"), evaluated.out());
        for (String ofProbabilities : List.of("log loss", "Brier", "calibration", "threshold", "oss (")) {
            assertFalse(evaluated.out().contains(ofProbabilities), evaluated.out());
        }
    }

    // ------------------------------------------------------------------------------------------ no loss is invented

    @Test
    void withoutAKnownLossNoneIsReported() throws IOException {
        SavedModel softmax = logits().activated(new Softmax());
        save(softmax);
        assertFalse(on("evaluate", "--json").objects().get(0).has("loss"));
        Result labels = on("evaluate");
        assertTrue(labels.out().startsWith("Accuracy 1.0000 on 3 rows (95 % range 0.44 to 1.00, always "), labels.out());
        assertTrue(labels.out().contains("log loss"), labels.out());

        rows = Files.writeString(folder.resolve("amounts.csv"), "x,y\n0,0\n1,1\n2,2\n");
        Sequential net = new Sequential(1, new Input(1), new Dense(1));
        save(new SavedModel(net).preprocessor(preprocessor(new TableTarget.Regression("y", 1, 1))));
        JsonObject values = on("evaluate", "--json").objects().get(0);
        assertFalse(values.has("loss"), values::toString);
        assertTrue(values.has("mae"), values::toString);
        assertTrue(on("evaluate").out().startsWith("In units of y: mse "), on("evaluate").out());

        Path digits = TinyDigits.write(folder.resolve("digits"));
        save(new SavedModel(new Sequential(1, new Input(784), new Dense(10, "softmax")))
                .preprocessor(ImagePreprocessor.ofNumbers(28, 28, 10)));
        Result images = run("evaluate", model, "--data", digits);
        assertTrue(images.out().startsWith("Test accuracy "), images.out());
        assertFalse(run("evaluate", model, "--data", digits, "--json").objects().get(0).has("loss"));
    }
}

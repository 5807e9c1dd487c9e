package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Text;
import beras.compute.Compute;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.WrittenImages;
import beras.files.Sha256;
import beras.kernels.Backend;
import beras.kernels.Threads;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Functional;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.Version;
import beras.sources.ImageNet;
import beras.tables.TinyTable;
import beras.tensor.Tensor;
import beras.training.Recipe;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands within this JVM; {@link JarTest} has the tests that need a process. */
@Tag("cli")
class MainTest {

    @TempDir
    Path folder;
    private Path data;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        data = TinyDigits.write(folder.resolve("digits"));
        model = folder.resolve("m.beras");
    }

    /** Trains for two epochs by default. */
    private Result train(Object... more) {
        return run("train", withUsual(Map.of("--data", data, "--out", model, "--epochs", 2), more));
    }

    // ------------------------------------------------------------------------------------------------- train

    @Test
    void trainShowsEachEpochSavesTheModelAndSaysWhatIsNext() throws IOException {
        Result result = train();
        assertExit(Exit.DONE, result);
        List<String> lines = result.out().lines().toList();
        assertEquals("epoch    loss  accuracy    time", lines.get(0));
        assertTrue(lines.get(1).matches("1/2    \\d\\.\\d{4}     \\d\\.\\d{3}  +[0-9.]+ s"), lines.get(1));
        assertTrue(lines.get(2).startsWith("2/2 "), lines.get(2));
        assertTrue(lines.get(3).matches("Test accuracy \\d\\.\\d{4} on 100 \\(95 % range 0\\.\\d\\d to [01]\\.\\d\\d, always \\d: 0\\.\\d{4}\\), loss \\d+\\.\\d{4}"
                + " after 2 epochs and [0-9.]+ s of training\\."
                + " The model is in " + Pattern.quote(model.toString())), lines.get(3));
        assertEquals(4, lines.size());
        List<String> messages = result.err().lines().toList();
        assertEquals("BERAS " + Version.get() + " on " + Backend.describe() + "; " + Text.count(Threads.count(), "thread"),
                messages.get(0));
        assertEquals("Next:", messages.get(1));
        assertTrue(messages.get(2).endsWith("evaluate " + model + " --data " + data + " --pictures digits.png"),
                messages.get(2));
        assertTrue(messages.get(3).endsWith("predict " + model + " " + data.resolve("t10k-images-idx3-ubyte.gz")),
                messages.get(3));
        assertEquals(List.of("digits", "m.beras"), files(folder));
    }

    @Test
    void theSavedModelKnowsWhereItComesFrom() throws IOException {
        assertExit(Exit.DONE, train("--optimizer", "SGD", "--seed", -7));
        SavedModel saved = ModelFile.load(model);
        assertEquals(Version.get(), saved.provenance().get("beras"));
        assertEquals(data.toString(), saved.provenance().get("data"));
        assertEquals(Sha256.of(ImageSets.files(data)), saved.provenance().get("data_sha256"));
        Recipe recipe = saved.recipe().orElseThrow();
        assertEquals(new Recipe().seed(-7).layers(ImageNet.HIDDEN + ",10:softmax").makeLayers().size(), recipe.makeLayers().size());
        assertEquals(new SGD(0.1f).config(), recipe.makeOptimizer(1).config());
        assertEquals(-7, recipe.seed());
        assertEquals(ImageNet.BATCH_SIZE, recipe.batchSize());
    }

    @Test
    void jsonHasOneObjectALine() throws IOException {
        Result result = train("--json", "--threads", 1, "--seed", 5);
        assertExit(Exit.DONE, result);
        List<JsonObject> objects = result.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        assertEquals(3, objects.size());
        Set<String> names = Set.of("epoch", "loss", "accuracy", "seconds", "examples_per_second");
        assertEquals(names, objects.get(0).keySet());
        assertEquals(1, objects.get(0).get("epoch").getAsInt());
        assertEquals(TinyDigits.TRAIN,
                objects.get(0).get("examples_per_second").getAsDouble() * objects.get(0).get("seconds").getAsDouble(), 1e-6);

        JsonObject last = objects.get(1);
        JsonObject summary = objects.get(2).getAsJsonObject("summary");
        assertEquals(Set.of("summary"), objects.get(2).keySet());
        assertEquals(Set.of("epochs", "loss", "accuracy", "test_loss", "test_accuracy", "seconds", "seconds_since_start",
                "backend", "threads", "seed", "weights_sha256", "model"), summary.keySet());
        for (String name : List.of("loss", "accuracy")) {
            assertEquals(last.get(name), summary.get(name), name);
        }
        assertEquals(objects.get(0).get("seconds").getAsDouble() + last.get("seconds").getAsDouble(),
                summary.get("seconds").getAsDouble(), 1e-9);
        assertTrue(summary.get("seconds_since_start").getAsDouble() > summary.get("seconds").getAsDouble(),
                summary::toString);
        assertTrue(summary.get("test_accuracy").getAsDouble() > 0.9, summary::toString);
        assertEquals(Backend.describe(), summary.get("backend").getAsString());
        assertEquals(1, summary.get("threads").getAsInt());
        assertEquals(5, summary.get("seed").getAsInt());
        assertEquals(2, summary.get("epochs").getAsInt());
        assertEquals(model.toString(), summary.get("model").getAsString());
        assertEquals(hash(model), summary.get("weights_sha256").getAsString());
    }

    /** Who sees the test after each epoch chooses by it; it changes nothing else. */
    @Test
    void theTestIsMeasuredAfterEachEpochOnlyIfThatIsAskedFor() {
        Result once = train("--json");
        Result often = train("--json", "--test-every-epoch", "--force");
        List<JsonObject> epochs = often.objects();
        for (String name : List.of("test_loss", "test_accuracy")) {
            assertTrue(epochs.get(0).has(name) && !once.objects().get(0).has(name), name);
            assertEquals(epochs.get(1).get(name), often.summary().get(name));
            assertEquals(once.summary().get(name), often.summary().get(name));
        }
        assertEquals(once.hash(), often.hash());
        String text = train("--test-every-epoch", "--force").out();
        assertTrue(text.matches("(?s)epoch    loss  accuracy  test loss  test accuracy    time\n1/2 .*"), text);
    }

    @Test
    void moreThanTenClassesAreLearnt() throws IOException {
        byte[] pixels = new byte[47 * 4 * 49];
        byte[] labels = new byte[47 * 4];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (i % 47);
            pixels[i * 49 + i % 47] = -1;
        }
        Images letters = new Images(pixels, 7, 7, labels, 47);
        Path letter = TinyDigits.write(folder.resolve("letters"), letters, letters);
        JsonObject summary = run("train", "--data", letter, "--epochs", 40, "--batch-size", 16, "--out", model, "--json").summary();
        assertEquals(1, summary.get("accuracy").getAsDouble(), summary::toString);
        Result evaluated = run("evaluate", model, "--data", letter);
        assertTrue(evaluated.out().contains("accuracy 1.0000 on 188 images"), evaluated.out());
        assertEquals("46", run("predict", model, letter.resolve("t10k-images-idx3-ubyte.gz")).out().lines().toList()
                .get(46));
    }

    /** On a terminal about ten, the first and the last among them; all where there is none, or no line of progress. */
    @ParameterizedTest
    @CsvSource({"TERM=xterm, '', '1,3,6,9,12,15,18,21,24,25'", "TERM=dumb, '--log-every 20', '1,20,25'", "TERM=dumb, '', all",
        "'', '--log-every 1', all", "'', '--log-every 99', '1,25'"})
    void someEpochsHaveRows(String variable, String option, String epochs) {
        Map<String, String> environment = variable.isEmpty() ? Map.of() : Map.of("TERM", variable.substring(5), "NO_COLOR", "1");
        Result result = runOn(Commands.terminal(environment), "train", "--data", data, "--out", model, "--epochs", 25,
                option.isEmpty() ? List.of() : List.of(option.split(" ")));
        String shown = result.out().lines().filter(line -> line.matches("\\d+/25 .*"))
                .map(line -> line.substring(0, line.indexOf('/'))).collect(Collectors.joining(","));
        assertEquals(epochs.equals("all") ? IntStream.rangeClosed(1, 25).mapToObj(Integer::toString).collect(Collectors.joining(","))
                : epochs, shown, result::toString);
    }

    @Test
    void progressIsForTerminalsOnly() {
        Result plain = train();
        assertFalse(plain.err().contains("\r"), plain::toString);
        Result live = runOn(Commands.terminal(Map.of()), "train", "--data", data, "--out", model, "--epochs", 1, "--force", "--json");
        assertTrue(live.err().matches("(?s).*\\rEpoch 1/1 \\[[=> ]{8,32}] loss \\d.*\\r +\\r"), live::toString);
        assertFalse((live.err() + live.out()).contains("\u001b"), live::toString);
        assertEquals(2, live.out().lines().count());
    }

    @Test
    void anExistingFileIsReplacedOnlyByForceAndRefusedBeforeTraining() throws IOException {
        Files.writeString(model, "precious");
        Result refused = train();
        assertRefused(Exit.USAGE, model + " exists already. Take another name, or --force to replace it", refused);
        assertFalse(refused.err().contains("BERAS "), refused::toString);
        assertEquals("precious", Files.readString(model));
        assertExit(Exit.DONE, train("--force"));
        assertEquals(4, ModelFile.load(model).model().weights().size());
    }

    /** The name of a file that is not there is the first thing to correct. */
    @Test
    void inputsAreCheckedBeforeOutputs() throws IOException {
        Files.writeString(model, "precious");
        Path none = folder.resolve("none.csv");
        assertRefused(Exit.BAD_DATA, none + ": there is no such file", train("--data", none, "--target", "x"));
        assertRefused(Exit.BAD_DATA, none + ": there is no such file", run("tune", "--data", none, "--target", "x", "--out", model));
    }

    /** Also in the very last step, which the test alone shows. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"100 | at epoch 1, batch 2",
            TinyDigits.TRAIN + " | test_loss became Infinity after the last batch of epoch 1"})
    void divergenceEndsWithItsPlaceAndWithoutAModel(int batchSize, String message) throws IOException {
        assertRefused(Exit.DIVERGED, message, train("--layers", "10:linear", "--loss", "mse", "--optimizer", "sgd",
                "--learning-rate", "1e30",
                "--batch-size", batchSize));
        assertEquals(List.of("digits"), files(folder));
    }

    // ------------------------------------------------------------------------------------------ wrong usage

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--epoch 3             | Possible solutions: --epochs",
        "--epochs 0            | Invalid value for option '--epochs': it must be at least 1. Received: 0",
        "--epochs many         | Invalid value for option '--epochs'",
        "--batch-size 0        | Invalid value for option '--batch-size': The batch size must be at least 1. Received: 0",
        "--learning-rate 0     | The learning rate must be finite and above 0. Received: 0",
        "--validation-split 1  | a share of the examples, at least 0 and below 1, such as 0.2. Received: 1.0",
        "--threads 0           | The number of threads must be from 1 to 1024. Received: 0",
        "--loss sadness        | There is no such name for a loss. Received: sadness. Known: MeanSquaredError,",
        "--optimizer adamx     | There is no such name for an optimizer. Received: adamx. Did you mean adam? Known: SGD,",
        "--metrics mood        | There is no such name for a metric. Received: mood.",
        "--initializer twos    | There is no such name for an initializer. Received: twos",
        "--layers 10:linear    | cross-entropy needs probabilities",
        "--layers 8:relu,)     | Invalid value for option '--layers'",
        "--layers 8:rely,9:softmax | There is no such name for an activation. Received: rely",
        "--layers 8:relu,10:sigmoid --loss cross-entropy | or take the loss binary_crossentropy, which is for sigmoid",
        "--layers 2147483647:relu,10:softmax | A tensor holds at most",
        "--out no/such/m       | does not exist",
        "--out .               | something else than a file",
    })
    void wrongOptionsAreRefused(String options, String message) throws IOException {
        assertRefused(Exit.USAGE, message, train((Object[]) options.split(" ")));
        assertEquals(List.of("digits"), files(folder));
    }

    @Test
    void aWrongOrMissingCommandIsRefused() {
        assertRefused(Exit.USAGE, "beras: There is no command trian. Did you mean train?\nAll options: ", run("trian", "--data", "x"));
        assertRefused(Exit.USAGE, "A command is needed: train, evaluate, predict, generate, relay, inspect, tune, explain, serve, info,"
                + " convert, compare, verify, doctor, generate-completion", run());
        assertRefused(Exit.USAGE, "Missing required parameter: 'MODEL'", run("evaluate"));
        assertRefused(Exit.USAGE, "Missing required parameter: 'IMAGES'", run("predict", model));
    }

    // --------------------------------------------------------------------------------------------- bad data

    @Test
    void badDataIsRefusedWithItsName() throws IOException {
        assertRefused(Exit.BAD_DATA, folder.resolve("none") + ": expected a folder",
                run("train", "--data", folder.resolve("none"), "--out", model));
        assertRefused(Exit.BAD_DATA, "has 10 classes, so the last layer needs as many units. Received: --layers 9:softmax",
                train("--layers", "9:softmax"));
        assertRefused(Exit.BAD_DATA, "at least one image to train on and one to test on are needed. Received: 0 and 100",
                train("--validation-split", "0.999999"));
        Path labels = data.resolve("train-labels-idx1-ubyte");
        Files.write(labels, Arrays.copyOf(Files.readAllBytes(labels), 100));
        assertRefused(Exit.BAD_DATA, labels.toString(), train());
        assertEquals(List.of("digits"), files(folder));
    }

    @Test
    void badModelsAreRefusedWithTheirName() throws IOException {
        Path images = data.resolve("t10k-images-idx3-ubyte.gz");
        assertRefused(Exit.BAD_DATA, model + ": there is no such file", run("predict", model, images));
        assertRefused(Exit.BAD_DATA, data + ": the model cannot be read", run("predict", data, images));
        Files.writeString(model, "no model");
        assertRefused(Exit.BAD_DATA, model + ": this is not a BERAS model",
                run("evaluate", model, "--data", data));
        ModelFile.replace(new SavedModel(new Sequential(new Dense(4, 10))), model);
        assertRefused(Exit.BAD_DATA, "takes images of 4 pixels. Received: 28 x 28 = 784",
                run("predict", model, images));
        ModelFile.replace(new SavedModel(new Sequential(new Dense(784, 3), new Softmax())), model);
        assertRefused(Exit.BAD_DATA, "has 10 classes. Received: the model " + model + " with 3 outputs",
                run("evaluate", model, "--data", data));
    }

    // ------------------------------------------------------------------------------------ evaluate, predict

    @Test
    void evaluateReportsWhatTrainingReported() {
        Result trained = train("--json", "--loss", "mse");
        JsonObject summary = JsonParser.parseString(trained.out().lines().toList().get(2)).getAsJsonObject()
                .getAsJsonObject("summary");
        Result result = run("evaluate", model, "--data", data, "--json");
        assertExit(Exit.DONE, result);
        JsonObject measured = JsonParser.parseString(result.out()).getAsJsonObject();
        assertTrue(measured.keySet().containsAll(Set.of("loss", "accuracy", "examples", "model", "labels", "confusion", "precision",
                "recall", "f1", "support", "macro_f1", "auc")), measured::toString);
        assertEquals(summary.get("test_loss"), measured.get("loss"));
        assertEquals(summary.get("test_accuracy"), measured.get("accuracy"));
        assertEquals(TinyDigits.TEST, measured.get("examples").getAsInt());
        Result text = run("evaluate", model, "--data", data);
        assertTrue(text.out().matches("(?s)Test loss \\(mse\\) 0\\.\\d{4}, test accuracy \\d\\.\\d{4} on 100 images"
                + " \\(95 % range 0\\.\\d\\d to [01]\\.\\d\\d, always \\d: 0\\.\\d{4}\\)\\R.*"),
                text::toString);
    }

    @Test
    void evaluateDrawsAPictureAndReplacesOneOnlyByForce() throws IOException {
        train();
        Path picture = folder.resolve("p.png");
        Object[] command = {"evaluate", model, "--data", data, "--pictures", picture};
        assertExit(Exit.DONE, run(command));
        assertTrue(ImageIO.read(picture.toFile()).getWidth() >= 500);
        assertRefused(Exit.USAGE, picture + " exists already", run(command));
        assertExit(Exit.DONE, run(command, "--force"));
        assertEquals(List.of("digits", "m.beras", "p.png"), files(folder));
    }

    @Test
    void predictPrintsOneDigitALineAndNothingElse() throws IOException {
        train("--epochs", 5);
        Images images = TinyDigits.images("more", 25);
        String digits = IntStream.range(0, images.count()).mapToObj(i -> images.label(i) + System.lineSeparator())
                .collect(Collectors.joining());
        Path idx = folder.resolve("i.gz");
        WrittenImages.idx(idx, images);
        assertEquals(new Result(Exit.DONE, digits, ""), run("predict", model, idx));
        assertRefused(Exit.BAD_DATA, model.toString(), run("predict", model, model));
    }

    /** The bigger of one output is always that one. */
    @Test
    void aModelOfOneOutputPredictsByAThreshold() throws IOException {
        byte[] pixels = new byte[4 * 2];
        pixels[0] = pixels[4] = (byte) 255;
        Path images = folder.resolve("two.idx");
        WrittenImages.idx(images, new Images(pixels, 1, 2, null, 0));
        Dense dense = new Dense(2, 1);
        dense.w().assign(Tensor.of(new float[][] {{4}, {0}}));
        dense.b().assign(-2f);
        ModelFile.save(new Sequential(dense, new Sigmoid()), model);
        assertEquals(new Result(Exit.DONE, "1 0 1 0 ".replace(" ", System.lineSeparator()), model
                + ": The file does not record how images become inputs: pixels from 0 to 255 are divided by 255\n"),
                run("predict", model, images));
    }

    @Test
    void modelsOfSeveralInputsOrOutputsAreRefused() throws IOException {
        Node one = new Input(784).apply();
        Node out = new Dense(10).apply(one);
        ModelFile.save(new Functional(List.of(one), List.of(out, new Softmax().apply(out))), model);
        Path images = data.resolve("t10k-images-idx3-ubyte.gz");
        String message = model + ": expected a model of one input and one output";
        assertRefused(Exit.BAD_DATA, message, run("predict", model, images));
        assertRefused(Exit.BAD_DATA, message, run("evaluate", model, "--data", data));
    }

    @Test
    void nothingThatATerminalObeysIsEchoed() {
        String red = (char) 27 + "[31m";
        Result result = run("predict", folder.resolve(red + "m"), data);
        assertRefused(Exit.BAD_DATA, "\\" + "u001b[31mm: there is no such file", result);
        assertFalse((run("train", red).err() + run("train", "--epochs", red).err() + result.err()).contains(red));
        assertTrue(run("train", "--layers", "x".repeat(1 << 20)).err().length() < 5000);
    }

    /** As with two runs of one name: the one that ends later finds it taken. */
    @Test
    void aFinishedTrainingIsNotLostForAName() throws IOException {
        Result result = Commands.runWhile(() -> Files.writeString(model, "of somebody else"), "train", "--data", data, "--out",
                model, "--epochs", 2);
        assertExit(Exit.DONE, result);
        Path beside = folder.resolve("m-1.beras");
        assertTrue(result.err().contains("the model is saved as " + beside + " instead"), result::toString);
        assertTrue(result.out().contains("The model is in " + beside), result::toString);
        assertEquals("of somebody else", Files.readString(model));
        assertEquals(4, ModelFile.load(beside).model().weights().size());
    }

    @Test
    void aFinishedTrainingIsNotLostForItsData() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("table.csv"));
        Path held = TinyTable.kinds(folder.resolve("held.csv"));
        Result result = Commands.runWhile(() -> Files.delete(held), "train", "--data", table, "--validation-data", held, "--target", "kind",
                "--out", model, "--epochs", 1, "--layers", "4:relu", "--ensemble", 1, "--json");
        assertExit(Exit.DONE, result);
        assertTrue(result.err().contains("The model does not record which data it was trained on, as these cannot be read once more: "
                + held + ": there is no such file or folder"), result::toString);
        assertEquals(result.hash(), hash(model));
    }

    @Test
    void forceRemovesNoEventsOfOthers() throws IOException {
        Path run = folder.resolve("r");
        assertExit(Exit.DONE, train("--run", run));
        Path other = Files.createDirectories(run.resolve("exp1")).resolve("events.out.tfevents.1.beras.1.0");
        Path torch = run.resolve("train").resolve("events.out.tfevents.1.host.1.0");
        Path top = run.resolve("events.out.tfevents.1.beras.1.0");
        for (Path file : List.of(other, torch, top)) {
            Files.writeString(file, "precious");
        }
        Path old = Files.writeString(run.resolve("train").resolve("events.out.tfevents.0000000001.beras.1.0"), "old");
        assertExit(Exit.DONE, train("--run", run, "--force"));
        for (Path file : List.of(other, torch, top)) {
            assertEquals("precious", Files.readString(file));
        }
        assertFalse(Files.exists(old));
    }

    // -------------------------------------------------------------------------------------- doctor and help

    @Test
    void doctorSaysWhatRunsAndWhetherItIsFast() {
        Result result = run("doctor");
        assertEquals(Compute.isVector() ? Exit.DONE : Exit.FAILED, result.exit(), result::toString);
        assertTrue(result.out().contains("Kernels     " + Backend.describe()), result::toString);
        assertTrue(result.out().contains(Compute.isVector() ? "All is well." : "No vectors are used"), result::toString);
    }

    @Test
    void doctorComparesTheBitsOfReferences() throws IOException {
        Result result = run("doctor", "--bits", "--csv");
        assertEquals(Exit.DONE, result.exit(), result::toString);
        assertEquals(Files.readString(Path.of("results/bits.csv")), result.out());
        assertTrue(result.err().endsWith(": 13 of 13 references are the same\n") && result.err().contains(Backend.describe()),
                result::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "train ", "evaluate ", "predict ", "doctor ", "verify "})
    void helpHasExamples(String command) {
        Result result = run((Object[]) (command + "--help").split(" "));
        assertEquals(Exit.DONE, result.exit());
        assertEquals("", result.err());
        String example = "  java --add-modules jdk.incubator.vector -jar beras.jar " + command.strip();
        assertTrue(result.out().lines().anyMatch(line -> line.startsWith(example)), result.out());
        assertFalse(result.out().contains("\u001b"), result.out());
    }

    @Test
    void versionIsTheOneOfTheBuild() {
        assertTrue(Version.get().matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"), Version.get());
        assertTrue(run("--version").out().startsWith("BERAS " + Version.get()), () -> run("--version").out());
    }

    /** So that runs with another seed are judged by the same images. */
    @Test
    void theSplitHasASeedOfItsOwn() {
        String hash = train("--json", "--validation-split", 0.2).hash();
        assertEquals(hash, train("--json", "--validation-split", 0.2, "--split-seed", 1, "--force").hash());
        assertNotEquals(hash, train("--json", "--validation-split", 0.2, "--split-seed", 2, "--force").hash());
        assertRefused(Exit.USAGE, "'--split-seed': nothing is held out. Add --validation-split", train("--split-seed", 2));
        assertRefused(Exit.USAGE, "'--split-seed': nothing is held out. Add --validation-split", run("train", "--data", "data/penguins.csv",
                "--target", "species", "--validation-split", 0, "--split-seed", 2));
    }
}

package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.image.AugmentedImages;
import beras.data.image.ImageAugmentation;
import beras.data.image.ImageSets;
import beras.feed.Examples;
import beras.layers.Input;
import beras.layers.Layer;
import beras.losses.CategoricalCrossEntropy;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.saving.ModelBytes;
import beras.saving.ModelFile;
import beras.sources.ImageNet;
import beras.training.FitOptions;
import beras.training.Recipe;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The effects of the options of {@code train}, on images. */
@Tag("cli")
class TrainOptionsTest {

    /** So small that no weight changes, nor any loss. */
    private static final String NO_STEP = "1e-20";

    @TempDir
    Path folder;
    private Path data;
    private Path model;

    @BeforeEach
    void prepare() throws IOException {
        data = TinyDigits.write(folder.resolve("digits"));
        model = folder.resolve("m.beras");
    }

    /** Trains a small network for two epochs by default. */
    private Result train(Object... more) {
        return run("train", "--json", "--force",
                withUsual(Map.of("--data", data, "--out", model, "--epochs", 2, "--layers", "16:relu,10:softmax"), more));
    }

    private Result train(String options) {
        return train((Object[]) options.split(" "));
    }

    /** A column of log.csv in a run's folder. */
    private static List<Double> logged(Path run, String column) throws IOException {
        List<String> lines = Files.readAllLines(run.resolve("log.csv"));
        int place = List.of(lines.get(0).split(",")).indexOf(column);
        return lines.stream().skip(1).map(line -> Double.valueOf(line.split(",")[place])).toList();
    }

    // ------------------------------------------------------------------------------------------ same weights or not

    @ParameterizedTest
    @ValueSource(strings = {"--layers 16:tanh,10:softmax", "--layers 16:elu,dropout:0.3,10:softmax",
        "--layers 16:relu,batch_norm,10:softmax", "--layers 16:relu,layer_norm,10:softmax",
        "--layers noise:0.2,16:relu,10:softmax", "--initializer he_normal", "--l2 0.01", "--loss mse", "--loss mae",
        "--loss huber", "--label-smoothing 0.1", "--class-weight 3=5,4=0.5", "--optimizer adamw", "--optimizer nadam",
        "--optimizer adamax",
        "--optimizer adagrad", "--optimizer adadelta", "--optimizer rmsprop", "--optimizer lion", "--optimizer SGD",
        "--learning-rate 0.01", "--lr-schedule cosine", "--lr-schedule cosine:warmup=0.5,end=0.1", "--lr-schedule polynomial",
        "--lr-schedule cosine_restarts:first=0.5", "--lr-schedule exponential", "--lr-schedule inverse_time",
        "--lr-schedule piecewise:0.4=0.1,1=0.001", "--weight-decay 0.1", "--clip-norm 0.1", "--ema", "--ema 0.9",
        "--batch-size 50", "--epochs 3", "--augment", "--augment shift=1", "--augment erase=9", "--outliers 0.5", "--augment --outliers 0.5 --ema", "--seed 2", "--validation-split 0.2"})
    void decidesTheWeightsAndNothingElseDoes(String options) {
        String hash = train(options).hash();
        assertEquals(hash, train(options).hash(), "again");
        assertNotEquals(train().hash(), hash);
        JsonObject evaluated = run("evaluate", model, "--data", data, "--json").objects().get(0);
        assertEquals(TinyDigits.TEST, evaluated.get("examples").getAsInt());
    }

    @Test
    void augmentsAsTheLibraryDoes() throws IOException {
        Examples digits = new AugmentedImages(ImageSets.load(data).train(), ImageAugmentation.DIGITS, 3);
        List<Layer> layers = new Recipe().seed(3).layers("16:relu,10:softmax").makeLayers();
        layers.add(0, new Input(784));
        Sequential net = new Sequential(layers.toArray(Layer[]::new));
        net.compile(new Adam(Recipe.ADAM_RATE), new CategoricalCrossEntropy());
        net.fit(digits, new FitOptions().epochs(2).batchSize(ImageNet.BATCH_SIZE).seed(3));
        assertEquals(ModelFile.weightsSha256(net), train("--augment", "--seed", 3).hash());
    }

    /** By recipe and state; the optimizer's slots do not make a file larger. */
    @Test
    void modelFilesSayOnceHowTheyAreCompiled() throws IOException {
        Path run = folder.resolve("run");
        assertExit(Exit.DONE, train("--run", run, "--out", model, "--validation-split", 0.2));
        for (Path file : List.of(model, run.resolve("best.beras"), run.resolve("last.beras"))) {
            assertFalse(ModelBytes.parts(Files.readAllBytes(file)).containsKey("beras.compiled"), file.toString());
            assertTrue(ModelFile.load(file).model().objectives().isEmpty(), file.toString());
        }
        long weights = Files.size(run.resolve("best.beras"));
        assertTrue(Files.size(run.resolve("last.beras")) > 2.5 * weights, () -> weights + " bytes");
    }

    // ---------------------------------------------------------------------------------------------- validation

    @Test
    void earlyStoppingEndsAfterItsPatienceAndSaysWhichEpochIsTheBest() throws IOException {
        Result result = train("--early-stopping", 2, "--validation-split", 0.2, "--learning-rate", NO_STEP, "--epochs", 9);
        assertEquals(3, result.summary().get("epochs").getAsInt());
        assertTrue(result.err().contains("\nRestored the weights of epoch 1 (lowest validation loss)\nProbabilities have the temperature "),
                result::toString);
        String options = ModelFile.load(model).provenance().get("options");
        assertTrue(options.contains("\"early-stopping\":2"), options);
    }

    // ------------------------------------------------------------------------------------------ folder of a run

    @Test
    void aRunKeepsAllInItsFolder() throws IOException {
        Path run = folder.resolve("runs/first");
        Result result = run("train", "--json", "--data", data, "--epochs", 2, "--run", run, "--validation-split", 0.2);
        assertEquals(run.resolve("model.beras").toString(), result.summary().get("model").getAsString());
        assertEquals(List.of("digits", "runs"), files(folder));
        try (Stream<Path> files = Files.walk(run)) {
            assertEquals(List.of("best.beras", "config.json", "last.beras", "log.csv", "model.beras", "report.html",
                    "summary.json", "train/events", "validation/events"),
                    files.filter(Files::isRegularFile).map(file -> run.relativize(file).toString())
                            .map(file -> file.replaceAll("events.*", "events")).sorted().toList());
        }
        assertEquals("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate", Files.readAllLines(run.resolve("log.csv")).get(0));
        assertEquals(result.summary().get("val_loss").getAsDouble(), logged(run, "val_loss").get(1));
        String summary = Files.readString(run.resolve("summary.json"));
        assertTrue(summary.contains("\"test_loss\":" + result.summary().get("test_loss"))
                || summary.contains("\"test_loss\": " + result.summary().get("test_loss")), summary);
        Path tested = folder.resolve("runs/tested");
        assertExit(Exit.DONE, run("train", "--data", data, "--epochs", 2, "--run", tested, "--validation-split", 0.2,
                "--test-every-epoch"));
        assertEquals("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,test_loss,test_accuracy",
                Files.readAllLines(tested.resolve("log.csv")).get(0));
        assertEquals(result.summary().get("test_accuracy").getAsDouble(), logged(tested, "test_accuracy").get(1));
        assertEquals(result.hash(), hash(run.resolve("model.beras")));
    }

    @Test
    void aRunNeverGoesOverAnotherUnlessForced() throws IOException {
        Path run = Files.createDirectory(folder.resolve("run"));
        Object[] command = {"train", "--data", data, "--epochs", 1, "--run", run};
        assertExit(Exit.DONE, run(command));
        byte[] first = Files.readAllBytes(run.resolve("model.beras"));
        assertRefused(Exit.USAGE, run + " is not empty", run(command));
        assertExit(Exit.DONE, run(command, "--force", "--seed", 2));
        assertFalse(Arrays.equals(first, Files.readAllBytes(run.resolve("model.beras"))));
        assertEquals(1, files(run.resolve("train")).size());
        assertRefused(Exit.USAGE, "exists and is no folder", train("--run", run.resolve("config.json")));
        assertRefused(Exit.USAGE, "is no folder that may be written to", train("--run", run.resolve("log.csv/x")));
    }

    // ------------------------------------------------------------------------------------------------- refused

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--early-stopping 3               | Invalid value for option '--early-stopping': it needs the loss on examples held"
            + " out. Add --validation-split",
        "--reduce-lr 3                    | Invalid value for option '--reduce-lr': it needs the loss on examples held out",
        "--early-stopping -1 --validation-split 0.1 | it must be at least 0. Received: -1",
        "--split random                   | Invalid value for option '--split': it applies to tables",
        "--l2 -1                          | Invalid value for option '--l2'",
        "--label-smoothing 2              | Invalid value for option '--label-smoothing'",
        "--loss sparse_categorical_crossentropy | is for labels as numbers, and they are one-hot here. Take cross-entropy",
        "--label-smoothing 0.1 --loss mse | it applies to cross-entropy. Received: the loss mse",
        "--class-weight 10=2              | there is no 10 here, only 0, 1, 2",
        "--class-weight fair              | expected name=value",
        "--class-weight 1=-2              | A class weight must be finite and at least 0",
        "--lr-schedule wave               | There is no such name for a schedule. Received: wave. Known: with lengths in epochs cosine,",
        "--lr-schedule cosine:warmup=2    | warmup must be shorter than the training of 10 steps",
        "--lr-schedule cosine:speed=2     | cosine has no setting speed, only [warmup, end]",
        "--lr-schedule exponential:factor=0 | decayRate must be finite and above 0",
        "--lr-schedule piecewise          | piecewise needs EPOCH=RATE",
        "--weight-decay -1                | Invalid value for option '--weight-decay'",
        "--clip-norm 0                    | Invalid value for option '--clip-norm'",
        "--ema 1                          | Invalid value for option '--ema'",
        "--augment turn=3                 | there is no turn here, only shift, rotate, zoom, shear",
        "--augment flp=horizontal         | there is no flp here, only shift, rotate, zoom, shear, flip, erase, unchanged. Did you mean flip",
        "--augment erase=2.5             | erase is the side of a square in whole pixels. Received: 2.5",
        "--augment unchanged=0.5          | nothing changes the others. Add what does, such as shift=2,rotate=12",
        "--augment shift=1,unchanged=1.5  | unchanged must be 0 to 1.0. Received: 1.5",
        "--augment zoom=3                 | zoom must be 0 to 0.9. Received: 3.0",
        "--outliers 0                     | Invalid value for option '--outliers': The share of outliers must be above 0",
        "--outliers NaN                   | at most 1. Received: NaN",
        "--target kind                    | Invalid value for option '--target': it applies to tables",
        "--task regression                | Invalid value for option '--task': it applies to tables",
        "--types a=numeric                | Invalid value for option '--types': it applies to tables",
        "--shuffle-buffer 10              | Invalid value for option '--shuffle-buffer': it applies to tables",
        "--layers 9:softmax,dropout:0.1 --loss mse | the last layer needs as many units",
        "--checkpoint-every often --run r | it is a number of steps, or of seconds or epochs with s or epoch behind it",
    })
    void whatMakesNoSenseIsRefused(String options, String message) throws IOException {
        Result result = train(options);
        assertTrue(result.exit() == Exit.USAGE || result.exit() == Exit.BAD_DATA, result::toString);
        assertRefused(result.exit(), message, result);
        assertEquals(List.of("digits"), files(folder));
    }
}

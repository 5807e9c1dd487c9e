package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.models.PredictCommand;
import beras.cli.terminal.Exit;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Picture;
import beras.data.image.PictureFiles;
import beras.prediction.Prediction;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders with a folder of pictures for each class, from training to predictions. */
@Tag("cli")
class PictureCommandsTest {

    private static final int EACH = 40;
    private static final int TESTED = 16;

    @TempDir
    private static Path shared;
    private static Path data;
    private static Path model;
    private static Result trained;

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() throws IOException {
        data = PictureFiles.redAndBlue(shared.resolve("colours"), EACH);
        Files.writeString(data.resolve("README"), "by hand");
        model = shared.resolve("colours.beras");
        trained = run("train", "--data", data, "--layers", "conv:4x3:relu,max_pool:4,2:softmax", "--epochs", 6, "--size", "16x20",
                "--out", model);
        assertExit(Exit.DONE, trained);
    }

    private static SavedModel saved(Path file) throws IOException {
        return ModelFile.load(file);
    }

    private static ImagePreprocessor meaning(Path file) throws IOException {
        return (ImagePreprocessor) saved(file).preprocessor().orElseThrow();
    }

    // ---------------------------------------------------------------------------------------------------- train, evaluate

    @Test
    void trainingSaysWhatItMadeOfTheFolder() throws IOException {
        assertTrue(trained.err().contains("80 pictures of 2 classes: blue (40), red (40); each made into 16 x 20 x 3. 64 to"
                + " train on, 0 to validate and 16 to test (at random, each class in proportion)"), trained::toString);
        assertTrue(trained.err().contains("1 file beside the folders of the classes is ignored"), trained::toString);
        ImagePreprocessor meaning = meaning(model);
        assertEquals(List.of("blue", "red"), meaning.labels());
        assertEquals("16 20 3 scaled", meaning.height() + " " + meaning.width() + " " + meaning.channels() + " "
                + meaning.form().name());
        Result info = run("info", model);
        assertTrue(info.out().contains("channels=3, pictures=scaled") && info.out().contains("blue, red"), info::toString);
    }

    @Test
    void itIsTestedOnThePicturesThatWereKeptApart() throws IOException {
        Result evaluated = run("evaluate", model, "--data", data, "--json");
        assertEquals(TESTED, evaluated.objects().get(0).get("examples").getAsInt());
        assertTrue(evaluated.err().contains("16 pictures that were held out then are taken"), evaluated::toString);
        assertEquals(1.0, evaluated.objects().get(0).get("accuracy").getAsDouble());
        String range = " on 16 images (95 % range 0.81 to 1.00, always "; // Wilson's, of 16 of 16
        assertTrue(run("evaluate", model, "--data", data).out().contains("test accuracy 1.0000" + range));
        assertTrue(trained.out().contains("Test accuracy 1.0000 on 16 (95 % range 0.81 to 1.00, always "), trained::toString);
        Path some = folder.resolve("some"); // of the second class alone
        PictureFiles.write(PictureFiles.plain(20, 20, 190, 30, 30), some.resolve("red/1.png"));
        Result ofOne = run("evaluate", model, "--data", some, "--json");
        assertEquals(1.0, ofOne.objects().get(0).get("accuracy").getAsDouble());
        Path other = PictureFiles.redAndBlue(folder.resolve("others"), 3);
        assertEquals(6, run("evaluate", model, "--data", other, "--json").objects().get(0).get("examples").getAsInt());
    }

    @Test
    void aFolderForTheTestIsTakenAsItIs() throws IOException {
        Path parts = folder.resolve("parts");
        PictureFiles.redAndBlue(parts.resolve("train"), 8);
        PictureFiles.redAndBlue(parts.resolve("val"), 3);
        PictureFiles.redAndBlue(parts.resolve("test"), 2);
        Path out = folder.resolve("m.beras");
        Result result = run("train", "--data", parts, "--epochs", 2, "--early-stopping", 1, "--out", out);
        assertExit(Exit.DONE, result);
        assertTrue(result.err().contains("16 to train on, 6 to validate and 4 to test\n"), result::toString);
        Result evaluated = run("evaluate", out, "--data", parts);
        assertTrue(evaluated.out().contains(" on 4 images") && evaluated.out().contains("red "), evaluated::toString);
        assertRefused(Exit.USAGE, "option '--test-split': ", run("train", "--data", parts, "--test-split", 0.1));
        assertRefused(Exit.USAGE, "option '--validation-split': ", run("train", "--data", parts, "--validation-split", 0.1));
    }

    @Test
    void withoutAShareForTheTestNoneIsMade() throws IOException {
        Path out = folder.resolve("m.beras");
        Result result = run("train", "--data", data, "--epochs", 1, "--test-split", 0, "--validation-split", 0.25, "--out", out);
        assertExit(Exit.DONE, result);
        assertTrue(result.out().contains("Validation accuracy"), result::toString);
        assertFalse(result.out().contains("test"), result::toString);
        Result evaluated = run("evaluate", out, "--data", data);
        assertTrue(evaluated.err().contains("better than those of new pictures"), evaluated::toString);
        assertTrue(evaluated.out().contains(" on 80 images"), evaluated::toString);
    }

    @Test
    void greyIsFoundOutOrAskedFor() throws IOException {
        Path grey = folder.resolve("grey");
        for (int i = 0; i < 10; i++) {
            PictureFiles.write(PictureFiles.plain(9, 9, 10 * i, 10 * i, 10 * i), grey.resolve("dark/" + i + ".png"));
            PictureFiles.write(PictureFiles.plain(9, 9, 160 + i, 160 + i, 160 + i), grey.resolve("light/" + i + ".jpg"));
        }
        Path out = folder.resolve("m.beras");
        Result result = run("train", "--data", grey, "--epochs", 1, "--out", out);
        assertTrue(result.err().contains("each made into 9 x 9, grey. "), result::toString);
        assertEquals(1, meaning(out).channels());
        assertEquals("scaled", meaning(out).form().name());
        Result asked = run("train", "--data", grey, "--epochs", 1, "--out", out, "--force", "--color", "rgb");
        assertTrue(asked.err().contains("each made into 9 x 9 x 3. "), asked::toString);
        Result made = run("train", "--data", data, "--epochs", 1, "--out", out, "--force", "--color", "grey");
        assertTrue(made.err().contains("each made into 32 x 32, grey. "), made::toString); // for their sizes differ
    }

    // ------------------------------------------------------------------------------------------- resume, config, options

    @Test
    void theBitsAreThoseOfTheSeedOnAnyNumberOfThreadsAndWhenResumed() throws IOException {
        Object[] options = {"train", "--data", data, "--net", "small-cnn", "--lr-schedule", "exponential", "--size", "8x8",
            "--augment", "--batch-size", 16, "--seed", 3, "--split-seed", 4, "--json"};
        Path run = folder.resolve("run");
        Result whole = run(options, "--epochs", 2, "--run", run, "--threads", 1);
        Path config = run.resolve("config.json");
        assertTrue(Files.readString(config).contains("\"size\": \"8x8\""), Files.readString(config));
        Path out = folder.resolve("m.beras");
        assertEquals(whole.hash(), run("train", "--config", config, "--out", out, "--threads", 3, "--json").hash());
        assertNotEquals(whole.hash(),
                run("train", "--config", config, "--out", out, "--force", "--split-seed", 5, "--json").hash());
        Path half = folder.resolve("half");
        assertExit(Exit.DONE, run(options, "--epochs", 1, "--run", half));
        assertEquals(whole.hash(), run("train", "--resume", half, "--epochs", 2, "--json").hash());
    }

    // ----------------------------------------------------------------------------------------------------------- predict

    @Test
    void aPictureIsPreparedAsInTraining() throws IOException {
        Path red = PictureFiles.write(PictureFiles.plain(120, 90, 190, 30, 30), folder.resolve("photo.jpg"));
        Path blue = PictureFiles.write(PictureFiles.plain(18, 20, 30, 30, 170), folder.resolve("photo.png"));
        assertEquals("red\nblue\n", run("predict", model, red, blue).out());
        List<Prediction> predictions = saved(model).predictor().predictAll(List.of(Picture.read(red), Picture.read(blue)));
        assertEquals(List.of("red", "blue"), predictions.stream().map(Prediction::label).toList());
        assertEquals("red", saved(model).predictor().predict(Picture.read(red)).label());
        String table = run("predict", model, "--probabilities", red, blue).out();
        List<String> lines = table.lines().toList();
        assertEquals("row,file,class,class = blue,class = red", lines.get(0));
        List<Double> probabilities = List.copyOf(predictions.get(1).probabilities().values());
        assertEquals("2," + blue + ",blue," + probabilities.get(0).floatValue() + "," + probabilities.get(1).floatValue(),
                lines.get(2));
        assertTrue(run("predict", model, "--probabilities", "--format", "jsonl", red).out()
                .startsWith("{\"row\":1,\"file\":\"" + red + "\",\"class\":\"red\",\"probabilities\":{\"blue\":"));
    }

    @Test
    void foldersArePredictedInTheOrderOfTheirNames() throws IOException {
        Path some = PictureFiles.redAndBlue(folder.resolve("some"), 2);
        assertEquals("blue\nblue\nred\nred\n", run("predict", model, some).out());
        assertEquals("red\nred\n", run("predict", model, some.resolve("red")).out());
        Path group = PictureFiles.write(PictureFiles.plain(20, 20, 190, 30, 30), some.resolve("red/9/1.png"));
        assertEquals("row,file,class\n1," + some + "/blue/0.png,blue\n2," + some + "/blue/1.jpg,blue\n3," + some + "/red/0.png,red\n4,"
                + some + "/red/1.png,red\n5," + group + ",red\n", run("predict", model, "--format", "csv", some).out());
    }

    /** The other predictions are printed, each on its line, and the exit code reports the missing one. */
    @Test
    void oneUnreadableFileDoesNotTakeTheOtherAnswersWithIt() throws IOException {
        Path some = PictureFiles.redAndBlue(folder.resolve("some"), 2);
        Path note = Files.writeString(some.resolve("blue/note.txt"), "x");
        Path red = some.resolve("red/0.png");
        Result ofFolder = run("predict", model, some);
        assertExit(Exit.BAD_DATA, ofFolder);
        assertEquals("blue\nblue\n\nred\nred\n", ofFolder.out());
        assertTrue(ofFolder.err().contains("beras: " + note + ": expected a picture"), ofFolder::toString);
        Result ofFiles = run("predict", model, "--format", "csv", note, red, folder.resolve("none.png"), red);
        assertExit(Exit.BAD_DATA, ofFiles);
        assertEquals("row,file,class\n1," + note + ",\n2," + red + ",red\n3," + folder.resolve("none.png") + ",\n4," + red
                + ",red\n",
                ofFiles.out());
        assertTrue(ofFiles.err().contains("note.txt: ") && ofFiles.err().contains("none.png: "), ofFiles::toString);
        Path out = folder.resolve("p.jsonl");
        assertExit(Exit.BAD_DATA, run("predict", model, "--probabilities", "--out", out, note, red));
        assertTrue(Files.readString(out).startsWith("{\"row\":1,\"file\":\"" + note + "\",\"class\":null}\n{\"row\":2,"),
                Files.readString(out));
        assertRefused(Exit.BAD_DATA, "note.txt: ", run("predict", model, note, note));
        assertRefused(Exit.BAD_DATA, "note.txt: ", run("predict", model, note));
        assertRefused(Exit.BAD_DATA, "An array has no place",
                run("predict", model, "--out", folder.resolve("p.npy"), red, note));
        assertFalse(Files.exists(folder.resolve("p.npy")));
    }

    @Test
    void brokenPicturesAreSkippedIfAsked() throws IOException {
        Path some = PictureFiles.redAndBlue(folder.resolve("some"), 10);
        for (String name : List.of("red/0.png", "red/note.txt", "blue/a.png", "blue/b.png")) {
            Files.writeString(some.resolve(name), "x");
        }
        Path out = folder.resolve("m.beras");
        Object[] train = {"train", "--data", some, "--epochs", 1, "--layers", "2:softmax", "--out", out};
        assertRefused(Exit.BAD_DATA, "4 of 23 pictures cannot be used. 4, such as ", run(train));
        Result skipping = run(train, "--skip-broken");
        assertExit(Exit.DONE, skipping);
        assertTrue(skipping.err().contains("Skipped: " + some + ": 4 of 23 pictures cannot be used"), skipping::toString);
        assertTrue(skipping.err().contains("19 pictures of 2 classes: blue (10), red (9); "), skipping::toString);
        Path run = folder.resolve("run");
        assertExit(Exit.DONE, run("train", "--data", some, "--epochs", 1, "--layers", "2:softmax", "--run", run,
                "--skip-broken"));
        assertExit(Exit.DONE, run("train", "--resume", run, "--epochs", 2));
        Result evaluated = run("evaluate", out, "--data", some);
        assertExit(Exit.DONE, evaluated); // it was trained so
        assertTrue(evaluated.err().contains("held out then"), evaluated::toString);
        assertRefused(Exit.BAD_DATA, "cannot be used", run("evaluate", model, "--data", some));
        assertExit(Exit.DONE, run("evaluate", model, "--data", some, "--skip-broken"));
        for (int i = 0; i < 10; i++) {
            Files.writeString(some.resolve("red/" + i + ".png"), "x");
        }
        assertRefused(Exit.BAD_DATA, "11 of 11 pictures cannot be used", run("predict", model, some.resolve("red")));
        assertRefused(Exit.BAD_DATA, "expected pictures of each class to train on. Received: none of red",
                run(train, "--skip-broken", "--force"));
        Path none = folder.resolve("none");
        for (String name : List.of("a/1.png", "b/1.png", "b/2.png")) {
            Files.createDirectories(none.resolve(name).getParent());
            Files.writeString(none.resolve(name), "x");
        }
        assertRefused(Exit.BAD_DATA, "Received: none of a", run("train", "--data", none, "--test-split", 0, "--skip-broken"));
    }

    /**
     * 668 pictures of which 100 are validated; with fewer none are. All epochs are made, and the best is kept. With fewer, held
     * out on request, neither an epoch nor a temperature is chosen.
     */
    @Test
    void someOfManyPicturesAreHeldOutToValidate() throws IOException {
        Path many = PictureFiles.redAndBlue(folder.resolve("many"), 334);
        Object[] train = {"train", "--data", many, "--epochs", 3, "--layers", "2:softmax", "--optimizer", "sgd(3)", "--out",
            folder.resolve("m.beras"), "--force"};
        Result result = run(train);
        assertTrue(result.err().contains("434 to train on, 100 to validate and 134 to test"), result::toString);
        assertTrue(result.out().contains("\n3/3 ") && result.err().contains("Restored the weights of epoch "),
                result::toString);
        assertTrue(result.err().contains(" (best validation accuracy)"), result::toString);
        assertTrue(run(train, "--monitor", "loss").err().contains(" (lowest validation loss)"));
        assertFalse(run(train, "--early-stopping", 0).err().contains("Restored"));
        assertTrue(run(train, "--early-stopping", 2).err().contains(" (lowest validation loss)")); // accuracy is coarse
        assertTrue(run(train, "--reduce-lr", 2).err().contains(" (lowest validation loss)"));
        assertTrue(run(train, "--validation-split", 0).err().contains("534 to train on, 0 to validate"));
        Files.delete(many.resolve("red/0.png"));
        Files.delete(many.resolve("blue/1.jpg"));
        assertTrue(run(train).err().contains("to train on, 0 to validate and 13"));
        assertTrue(result.err().contains("Probabilities have the temperature "), result::toString);
        JsonObject told = run("train", "--data", many, "--epochs", 2, "--layers", "2:softmax", "--optimizer", "sgd(0.0001)", "--loss", "cross-entropy(labelSmoothing=0.1)",
                "--out", folder.resolve("m.beras"), "--force", "--json").summary();
        JsonObject evaluated = run("evaluate", folder.resolve("m.beras"), "--data", many, "--json").objects().get(0);
        assertEquals(evaluated.get("log_loss").getAsDouble(), evaluated.get("loss").getAsDouble());
        assertEquals(evaluated.get("loss").getAsDouble(), told.get("test_loss").getAsDouble(), 1e-5, "with the temperature, too");
        String few = run(train, "--validation-split", 0.05).err();
        assertTrue(few.contains("33 to validate") && !few.contains("Restored") && !few.contains("have the temperature"), few);
        assertTrue(few.contains("Fewer than 100 pictures are held out for validation: without --early-stopping the weights of the last"), few);
    }

    @Test
    void fewAndUnevenPicturesAreToldOf() throws IOException {
        Path some = PictureFiles.redAndBlue(folder.resolve("some"), 12);
        Object[] train = {"train", "--data", some, "--epochs", 1, "--layers", "2:softmax", "--out", folder.resolve("m.beras"),
            "--force"};
        Result few = run(train);
        assertTrue(few.err().contains("Few pictures to train on: ") && few.err().contains("fewer than 20 of a class"),
                few::toString);
        assertFalse(few.err().contains("Uneven"), few::toString);
        assertFalse(trained.err().contains("Few pictures"), trained::toString);
        for (int i = 20; i < 40; i++) {
            PictureFiles.write(PictureFiles.plain(20, 20, 190, 30, i), some.resolve("red/" + i + ".png"));
        }
        assertTrue(run(train).err().contains("--class-weight balanced lets all count the same"));
        assertFalse(run(train, "--class-weight", "balanced").err().contains("Uneven"));
    }

    /** The shapes of the network replace missing information; the order of the folders replaces the names. */
    @ParameterizedTest
    @CsvSource({"m.keras, 1, 1", "m.onnx, red, 0"})
    void otherFormatsPredictAndEvaluateTheSame(String name, String predicted, int isUnnamed) throws IOException {
        Path other = folder.resolve(name);
        assertExit(Exit.DONE, run("convert", model, "--out", other));
        Path red = PictureFiles.write(PictureFiles.plain(90, 80, 190, 30, 30), folder.resolve("photo.png"));
        assertEquals(predicted + "\n", run("predict", other, red).out());
        Path some = PictureFiles.redAndBlue(folder.resolve("some"), 3);
        Result evaluated = run("evaluate", other, "--data", some, "--json");
        assertEquals(1.0, evaluated.objects().get(0).get("accuracy").getAsDouble());
        assertEquals(isUnnamed == 1, evaluated.err().contains("does not name its classes"), evaluated::toString);
    }

    @Test
    void aModelOfDigitsReadsFoldersOfDigits() throws IOException {
        Path tiny = TinyDigits.write(folder.resolve("digits"));
        Path digits = folder.resolve("digits.beras");
        assertExit(Exit.DONE, run("train", "--data", tiny, "--epochs", 1, "--out", digits));
        assertEquals("digit", meaning(digits).form().name());
        Path photos = folder.resolve("photos");
        BufferedImage one = PictureFiles.plain(60, 60, 255, 255, 255);
        for (int y = 10; y < 50; y++) {
            one.setRGB(30, y, 0);
            one.setRGB(31, y, 0);
        }
        PictureFiles.write(one, photos.resolve("1/a.png"));
        Result evaluated = run("evaluate", digits, "--data", photos);
        assertTrue(evaluated.out().contains(" on 1 image"), evaluated::toString);
        assertExit(Exit.DONE, run("predict", digits, photos.resolve("1")));
        PictureFiles.write(one, photos.resolve("eleven/a.png"));
        assertRefused(Exit.BAD_DATA, "expected folders of the classes of the model",
                run("evaluate", digits, "--data", photos));
    }

    /** They would make the test too optimistic; a duplicate among training pictures does no harm. */
    @Test
    void thatATestPictureIsTrainedOnIsToldOf() throws IOException {
        Path parts = folder.resolve("parts");
        PictureFiles.redAndBlue(parts.resolve("train"), 3);
        PictureFiles.write(PictureFiles.plain(9, 9, 3, 2, 1), parts.resolve("test/red/1.png"));
        Files.copy(parts.resolve("train/red/1.png"), parts.resolve("train/red/1b.png"));
        Object[] train = {"train", "--data", parts, "--epochs", 1, "--layers", "2:softmax", "--out", folder.resolve("m.beras"),
                "--force"};
        assertFalse(run(train).err().contains("judge by"));
        Files.copy(parts.resolve("train/red/1.png"), parts.resolve("test/red/2.png"));
        String told = run(train).err();
        assertTrue(told.contains("A picture is to train on and to judge by: train/red/1.png and train/red/1b.png and test/red/2.png. "), told);
        assertFalse(told.contains("such a group stays together"), told); // not over the parts in the folder
        Files.delete(parts.resolve("test/red/2.png"));
        BufferedImage held = PictureFiles.plain(9, 9, 7, 7, 90);
        PictureFiles.write(held, parts.resolve("validation/red/1.png"));
        PictureFiles.write(held, parts.resolve("test/red/3.png"));
        assertFalse(run(train).err().contains("to train on and to judge by"));
        Files.copy(parts.resolve("train/red/1.png"), parts.resolve("train/blue/9.png"));
        told = run(train).err();
        assertTrue(told.contains("A picture is in two classes: train/blue/9.png and train/red/1.png and train/red/1b.png."
                + " One of the two labels is wrong\n"), told);
    }

    // ------------------------------------------------------------------------------------------------ folders in classes

    @Test
    void aClassThatIsNotHeldOutIsNamed() throws IOException {
        Path mixed = PictureFiles.redAndBlue(folder.resolve("mixed"), 20);
        Files.move(mixed.resolve("red"), folder.resolve("images"));
        Files.createDirectory(mixed.resolve("red"));
        Files.move(folder.resolve("images"), mixed.resolve("red/images"));
        String missing = "The test has no picture of red, so that its accuracy shows nothing about this class. Pictures in one folder";
        Result result = run("train", "--data", mixed, "--epochs", 1, "--layers", "2:softmax", "--out", folder.resolve("m.beras"));
        assertTrue(result.err().contains(missing), result::toString);
        assertFalse(result.err().contains("Validation has no picture"), result::toString);
        assertFalse(trained.err().contains("has no picture of"), trained::toString);
    }

    // ---------------------------------------------------------------------------------------------------------- pictures

    @Test
    void someArePredictedInAPicture() throws IOException {
        Path pictures = folder.resolve("p.png");
        assertExit(Exit.DONE, run("evaluate", model, "--data", data, "--pictures", pictures));
        assertTrue(Picture.read(pictures).width() > 1000);
        assertRefused(Exit.BAD_DATA, "the page of serve shows which pixels decide", run("explain", model, "--data", data));
    }

    // ---------------------------------------------------------------------------------------------------------- refusals

    @ParameterizedTest
    @ValueSource(strings = {"--size 28", "--size 0x9", "--size axb", "--color green", "--test-split 1", "--test-split -0.1",
        "--validation-split 0.9", "--target x", "--split random"})
    void wrongOptionsAreRefused(String options) {
        Result result = run(new Object[] {"train", "--data", data}, (Object[]) options.split(" "));
        assertRefused(Exit.USAGE, "Invalid value for option '" + options.split(" ")[0] + "': ", result);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--size 28x28", "--color grey", "--test-split 0.1"})
    void whatIsForFoldersIsRefusedElsewhere(String options) throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "a,b\n1,x\n2,y\n");
        for (Object[] train : new Object[][] {{"train"}, {"train", "--data", table, "--target", "b"}}) {
            assertRefused(Exit.USAGE, "it applies to folders of pictures", run(train, (Object[]) options.split(" ")));
        }
    }

    /** Or the next command would take it for a class, or for a picture of one. */
    @Test
    void nothingIsWrittenAmongThePictures() throws IOException {
        String message = "it may not lie among the folders of classes in " + data;
        Object[] train = {"train", "--data", data, "--epochs", 1, "--layers", "2:softmax"};
        assertRefused(Exit.USAGE, message, run(train, "--run", data.resolve("runs/a")));
        assertRefused(Exit.USAGE, message, run(train, "--out", data.resolve("red/m.beras")));
        assertFalse(Files.exists(data.resolve("runs")));
        assertExit(Exit.DONE, run(train, "--out", data.resolve("m.beras")));
        Files.delete(data.resolve("m.beras"));
    }

    @Test
    void outliersAreForDigitsInTheFormOfMnist() {
        assertRefused(Exit.USAGE, "it applies to images in MNIST's form", run("train", "--data", data, "--size", "28x28", "--outliers", 0.2));
    }

    @Test
    void aFolderWithFilesOfMnistIsMnist() throws IOException {
        Path tiny = TinyDigits.write(folder.resolve("digits"));
        PictureFiles.redAndBlue(tiny, 2);
        Result result = run("train", "--data", tiny, "--epochs", 1, "--out", folder.resolve("m.beras"));
        assertExit(Exit.DONE, result);
        assertFalse(result.err().contains("classes"), result::toString);
        Files.delete(tiny.resolve("train-labels-idx1-ubyte"));
        assertRefused(Exit.BAD_DATA, "expected one of the files train-labels-idx1-ubyte", run("train", "--data", tiny));
    }

    @Test
    void progressIsShownOnATerminalAlone() {
        Result live = Commands.runOn(Commands.terminal(Map.of()), "predict", model, data);
        assertTrue(live.err().contains("Pictures [") && live.err().contains("80/80"), live::toString);
        assertFalse(run("predict", model, data).err().contains("Pictures ["));
    }

    @Test
    void fewPicturesAreKnownByTheArguments() throws IOException {
        Path picture = PictureFiles.write(PictureFiles.plain(9, 9, 1, 2, 3), folder.resolve("a.png"));
        String name = picture.toString();
        assertTrue(PredictCommand.isOfFewPictures(new String[] {"predict", model.toString(), name}));
        assertFalse(PredictCommand.isOfFewPictures(new String[] {"predict", model.toString(), "data"}));
        assertFalse(PredictCommand.isOfFewPictures(new String[] {"predict"}));
        assertFalse(PredictCommand.isOfFewPictures(new String[] {"predict", model.toString(), name, folder.toString()}));
        String images = Files.createFile(folder.resolve("images.gz")).toString(); // of which there may be many
        assertFalse(PredictCommand.isOfFewPictures(new String[] {"predict", model.toString(), images, name}));
        String[] many = new String[30];
        Arrays.fill(many, name);
        many[0] = "predict";
        assertFalse(PredictCommand.isOfFewPictures(many));
    }
}

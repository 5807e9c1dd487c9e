package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.prediction.Calibration;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import com.google.gson.JsonObject;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A network that was trained on outliers, with images held out: its probabilities have a temperature, and "no digit" is an
 * answer.
 */
@Tag("cli")
class NoDigitTest {

    @TempDir
    private static Path folder;

    private static Path data;
    private static Path model;
    private static Path zigzag;
    private static Path digits;
    private static Result trained;

    @BeforeAll
    static void train() throws IOException {
        data = TinyDigits.write(folder.resolve("data"));
        digits = data.resolve("t10k-images-idx3-ubyte.gz");
        model = folder.resolve("digits.beras");
        trained = train(model, "--outliers", 0.5, "--epochs", 6);
        zigzag = folder.resolve("zigzag.png");
        BufferedImage sheet = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.setStroke(new BasicStroke(9));
        graphics.drawPolyline(new int[] {20, 60, 100, 140, 180}, new int[] {150, 30, 170, 40, 160}, 5);
        graphics.dispose();
        ImageIO.write(sheet, "png", zigzag.toFile());
    }

    private static Result train(Path out, Object... more) {
        return run("train", "--data", data, "--layers", "32:relu,10:softmax", "--validation-split", 0.25, "--json", "--out", out,
                more);
    }

    private static Calibration calibration(Path file) throws IOException {
        return ModelFile.load(file).calibration().orElseThrow();
    }

    @Test
    void theTemperatureIsFittedToHeldOutImagesAndChangesNoWeight() throws IOException {
        assertExit(Exit.DONE, trained);
        Calibration calibration = calibration(model);
        assertEquals(150, calibration.examples());
        assertEquals(75, calibration.outliers());
        assertTrue(calibration.bound().orElseThrow() > 0.1 && calibration.outliersBelow() > 40, calibration.config()::toString);
        assertEquals(trained.hash(), hash(model));
        SavedModel saved = ModelFile.load(model);
        double raw = logLoss(folder.resolve("raw.beras"), saved.uncalibrated());
        double given = logLoss(model, saved);
        assertTrue(given < raw, given + " and " + raw);
    }

    private static double logLoss(Path file, SavedModel saved) throws IOException {
        if (!Files.exists(file)) {
            ModelFile.save(saved, file);
        }
        return run("evaluate", file, "--data", data, "--json").objects().get(0).get("log_loss").getAsDouble();
    }

    @Test
    void infoTellsIt() throws IOException {
        Calibration calibration = calibration(model);
        Result info = run("info", model);
        assertTrue(info.out().contains("\nProbabilities have the temperature " + calibration.temperature()
                + ", fitted to 150 held-out examples; of no label below " + calibration.bound().orElseThrow() + ", as "
                + calibration.outliersBelow() + " of 75 outliers\n"), info::toString);
        JsonObject fields = run("info", model, "--json").objects().get(0);
        assertEquals(calibration.temperature(), fields.get("temperature").getAsDouble());
        assertEquals(150, fields.get("calibrated_on").getAsInt());
        assertEquals(calibration.bound().orElseThrow(), fields.get("bound").getAsDouble());
    }

    /** The training images would make a model seem too confident. */
    @Test
    void withoutImagesHeldOutThereIsNoTemperature() throws IOException {
        Path plain = folder.resolve("plain.beras");
        assertExit(Exit.DONE, run("train", "--data", data, "--epochs", 1, "--layers", "10:softmax", "--outliers", 0.5,
                "--out", plain));
        assertTrue(ModelFile.load(plain).calibration().isEmpty());
        assertTrue(run("info", plain).out().contains("\nProbabilities have no temperature, which training fits to"
                + " images that --validation-split holds out\n"));
        assertFalse(run("info", plain, "--json").objects().get(0).has("temperature"));
        assertTrue(run("predict", plain, zigzag).out().matches("\\d\n"));
    }

    @Test
    void withoutOutliersThereIsNoBound() throws IOException {
        Path plain = folder.resolve("split.beras");
        assertExit(Exit.DONE, train(plain, "--epochs", 6));
        assertTrue(calibration(plain).bound().isEmpty());
        assertTrue(run("info", plain).out().contains(", fitted to 150 held-out examples\n"));
        assertTrue(run("predict", plain, zigzag).out().matches("\\d\n"));
        assertEquals("no digit\n", run("predict", plain, zigzag, "--reject", 1).out());
    }

    @Test
    void noDigitIsAnAnswer() {
        Result result = run("predict", model, zigzag);
        assertExit(Exit.DONE, result);
        assertEquals("no digit\n", result.out());
        assertEquals("row,file,class\n1," + zigzag + ",no digit\n", run("predict", model, zigzag, "--format",
                "csv").out());
        String closest = run("predict", model, zigzag, "--reject", 0).out().strip();
        assertTrue(closest.matches("\\d"), closest);
        JsonObject object = run("predict", model, zigzag, "--format", "jsonl").objects().get(0);
        assertEquals("{\"row\":1,\"file\":\"" + zigzag + "\",\"class\":null,\"closest\":\"" + closest + "\"}", object.toString());
        JsonObject plain = run("predict", model, zigzag, "--format", "jsonl", "--reject", 0).objects().get(0);
        assertEquals("{\"row\":1,\"file\":\"" + zigzag + "\",\"class\":\"" + closest + "\"}", plain.toString());
    }

    @Test
    void aBoundForScoresThatAreNoProbabilitiesIsRefused() throws IOException {
        Path scores = folder.resolve("scores.beras");
        assertExit(Exit.DONE, run("train", "--data", data, "--epochs", 1, "--layers", "dense(10)", "--loss", "mse", "--out",
                scores));
        assertRefused(Exit.BAD_DATA, "expected a model that gives probabilities, from 0 to 1 with a sum of 1, for --reject",
                run("predict", scores, digits, "--reject", 1));
        assertExit(Exit.DONE, run("predict", scores, digits, "--reject", 0));
        assertRefused(Exit.BAD_DATA, "for a bound of confidence", run("serve", scores, "--port", 0, "--reject", 0.5));
    }

    @Test
    void wrongBoundsAreRefused() throws IOException {
        for (String command : List.of("predict", "relay")) {
            assertRefused(Exit.USAGE, "Invalid value for option '--reject': A confidence is 0 to 1. Received: 1.5",
                    run(command, model, zigzag, "--reject", 1.5));
        }
        assertRefused(Exit.USAGE, "A confidence is 0 to 1. Received: NaN", run("serve", model, "--reject", "NaN"));
        Path table = Files.writeString(folder.resolve("t.csv"), "x,y\n1,a\n2,b\n".repeat(30));
        Path ofTable = folder.resolve("table.beras");
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "y", "--epochs", 1, "--ensemble", 1, "--out", ofTable));
        assertRefused(Exit.USAGE, "'--reject': it applies to images",
                run("predict", ofTable, "--data", table, "--reject", 0.5));
        assertRefused(Exit.BAD_DATA, "Expected a model of images for a bound of confidence",
                run("serve", ofTable, "--port", 0, "--reject", 0.5));
        assertFalse(run("info", ofTable).out().contains("temperature"));
    }

    @Test
    void whatIsNoPictureOfADigitIsSaid() throws IOException {
        Path blank = folder.resolve("blank.png");
        ImageIO.write(new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB), "png", blank.toFile());
        String nothing = blank + ": expected a picture of a digit. Received: one in which nothing is written";
        assertRefused(Exit.BAD_DATA, nothing, run("predict", model, blank));
        Result other = run("predict", model, zigzag, blank);
        assertExit(Exit.BAD_DATA, other);
        assertEquals("no digit\n\n", other.out());
        assertTrue(other.err().contains(nothing), other::toString);
        Path broken = Files.write(folder.resolve("broken.png"), Arrays.copyOf(Files.readAllBytes(blank), 40));
        assertRefused(Exit.BAD_DATA, broken + ": the picture is broken or cut off", run("predict", model, broken));
    }
}

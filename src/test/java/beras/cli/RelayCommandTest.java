package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.PictureForm;
import beras.digits.PageReader;
import beras.prediction.Calibration;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("cli")
class RelayCommandTest {

    private static final Path MODEL = Path.of("src/test/resources/digits/digits.beras");
    private static final int[][] LINES = {{0, 1, 2, 3, 4}, {5, 6, 7}};

    @TempDir
    private static Path folder;

    private static Images digits;
    private static Path page;
    private static Path blank;

    @BeforeAll
    static void draw() throws IOException {
        digits = ImageSets.load(Path.of("data")).test();
        page = folder.resolve("page.png");
        ImageIO.write(page(420, 260), "png", page.toFile());
        blank = folder.resolve("blank.png");
        ImageIO.write(new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB), "png", blank.toFile());
    }

    private static BufferedImage page(int width, int height) {
        BufferedImage page = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = page.createGraphics();
        graphics.setColor(new Color(235, 235, 215));
        graphics.fillRect(0, 0, width, height);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        for (int line = 0; line < LINES.length; line++) {
            for (int place = 0; place < LINES[line].length; place++) {
                BufferedImage small = new BufferedImage(28, 28, BufferedImage.TYPE_INT_ARGB);
                byte[] pixels = digits.pixels(LINES[line][place]);
                for (int p = 0; p < pixels.length; p++) {
                    small.setRGB(p % 28, p / 28, (pixels[p] & 0xff) << 24 | 0x202060);
                }
                graphics.drawImage(small, 20 + 75 * place, 20 + 110 * line, 70, 70, null);
            }
        }
        graphics.dispose();
        return page;
    }

    private static String text(int line) {
        StringBuilder text = new StringBuilder();
        for (int index : LINES[line]) {
            text.append(digits.label(index));
        }
        return text.toString();
    }

    private static Result relay(Object... args) {
        return run("relay", MODEL, args);
    }

    @Test
    void onlyTheDigitsAreSentALineForEachLine() {
        Result result = relay(page);
        assertExit(Exit.DONE, result);
        assertEquals(text(0) + System.lineSeparator() + text(1) + System.lineSeparator(), result.out());
        assertEquals("", result.err().replaceAll("(?m)^WARNING.*\n", ""));
    }

    @Test
    void aPageThatIsUpsideDownIsNotPrinted() throws IOException {
        BufferedImage upright = page(420, 260);
        BufferedImage turned = new BufferedImage(420, 260, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 420 * 260; i++) {
            turned.setRGB(i % 420, i / 420, upright.getRGB(419 - i % 420, 259 - i / 420));
        }
        Path file = folder.resolve("turned.png");
        ImageIO.write(turned, "png", file.toFile());
        Result result = relay(file);
        assertExit(Exit.UNSURE, result);
        assertEquals("", result.out());
        assertTrue(result.err().contains(file + ": nothing is printed: expected an upright page. Received: one that is upside down."
                + " Turn the picture clockwise by 180 degrees"), result::err);
    }

    @Test
    void whatDoesNotLookLikeDigitsIsNotPrinted() throws IOException {
        BufferedImage words = new BufferedImage(600, 300, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = words.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 600, 300);
        graphics.setColor(Color.BLACK);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 50));
        graphics.drawString("MARKET PHOTO", 30, 80);
        graphics.drawString("GARDEN WATER", 30, 160);
        graphics.drawString("KEEP THE MAP", 30, 240);
        graphics.dispose();
        Path file = folder.resolve("words.png");
        ImageIO.write(words, "png", file.toFile());
        Result result = relay(file, "--placeholder", "?", "--min-confidence", 0.9);
        assertTrue(result.exit() == Exit.UNSURE && result.err().contains("this does not look like a page of digits")
                || result.exit() == Exit.BAD_DATA && result.err().contains("one without any"), result::err);
        assertEquals("", result.out());
    }

    @Test
    void belowTheLeastConfidenceNothingIsSentAndThePlaceIsSaid() {
        Result result = relay(page, "--min-confidence", 1);
        assertRefused(Exit.UNSURE, "nothing is printed: the confidence of ", result);
        assertTrue(result.err().contains("page.png: line 1, digit "), result::err);
        assertRefused(Exit.UNSURE, "is below 1.0. Write more clearly, lower --min-confidence, or add --placeholder ?", relay(page, page, "--min-confidence", 1, "--json"));
        assertExit(Exit.DONE, relay(page, "--min-confidence", 0.5));
    }

    @Test
    void aPlaceholderIsSentInstead() {
        Result result = relay(page, "--min-confidence", 1, "--placeholder", "?");
        assertExit(Exit.DONE, result);
        List<String> lines = result.out().lines().toList();
        assertEquals(2, lines.size());
        for (int line = 0; line < 2; line++) {
            String sent = lines.get(line);
            assertEquals(text(line).length(), sent.length());
            for (int i = 0; i < sent.length(); i++) {
                assertTrue(sent.charAt(i) == '?' || sent.charAt(i) == text(line).charAt(i), sent);
            }
        }
        assertTrue(result.out().contains("?"));
    }

    private static double[] confidences(Path file) {
        List<Double> all = new ArrayList<>();
        for (JsonElement line : relay(file, "--json").objects().get(0).getAsJsonArray("lines")) {
            for (JsonElement digit : line.getAsJsonObject().getAsJsonArray("digits")) {
                all.add(digit.getAsJsonObject().get("confidence").getAsDouble());
            }
        }
        return all.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Nothing of any is sent, and the exit code is of the first that may not be. */
    @Test
    void theFirstPictureThatMayNotBeSentDecides() throws IOException {
        Path sure = folder.resolve("sure.png");
        ImageIO.write(page(420, 260).getSubimage(0, 120, 420, 140), "png", sure.toFile()); // the second line alone
        double[] all = confidences(page);
        double least = Arrays.stream(all).min().orElseThrow();
        double leastOfSure = Arrays.stream(confidences(sure)).min().orElseThrow();
        assertTrue(least < leastOfSure, least + " is in the first line, and not " + leastOfSure);
        assertExit(Exit.DONE, relay(sure, "--min-confidence", leastOfSure));
        for (List<Path> pictures : List.of(List.of(page, sure), List.of(sure, page), List.of(page, blank))) {
            Result result = relay(pictures.get(0), pictures.get(1), "--min-confidence", leastOfSure);
            assertEquals("", result.out());
            assertExit(Exit.UNSURE, result);
        }
        assertRefused(Exit.BAD_DATA, "nothing is written", relay(blank, page, "--min-confidence", leastOfSure));
        assertRefused(Exit.BAD_DATA, "nothing is written", relay(blank, sure));
    }

    @Test
    void jsonTellsWhereAndHowSure() {
        JsonObject read = relay(page, "--json").objects().get(0);
        assertEquals(page.toString(), read.get("picture").getAsString());
        JsonArray lines = read.getAsJsonArray("lines");
        assertEquals(text(1), lines.get(1).getAsJsonObject().get("text").getAsString());
        JsonObject digit = lines.get(1).getAsJsonObject().getAsJsonArray("digits").get(0).getAsJsonObject();
        assertEquals(text(1).substring(0, 1), digit.get("digit").getAsString());
        assertTrue(digit.get("confidence").getAsDouble() > 0.5);
        JsonArray box = digit.getAsJsonArray("box");
        assertTrue(box.get(0).getAsInt() >= 20 && box.get(1).getAsInt() >= 130 && box.get(2).getAsInt() <= 70, box::toString);
    }

    @Test
    void aPageWithoutDigitsIsSaid() throws IOException {
        assertRefused(Exit.BAD_DATA, blank + ": expected a picture of handwritten digits. Received: one in which nothing is written",
                relay(blank));
        assertRefused(Exit.BAD_DATA, "nothing is written", relay(page, blank));
        BufferedImage blots = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = blots.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 300, 200);
        graphics.setColor(Color.BLACK);
        graphics.fillRect(40, 80, 60, 9);
        graphics.fillRect(140, 84, 60, 9);
        graphics.dispose();
        Path file = folder.resolve("dashes.png");
        ImageIO.write(blots, "png", file.toFile());
        assertRefused(Exit.BAD_DATA, "2 things that are none", relay(file));
    }

    /** At a high temperature nothing is as sure as a digit of a page must be; the bound of a model is for single images. */
    @Test
    void theModelsTemperatureCountsAndItsBoundDoesNot() throws IOException {
        Path calibrated = calibrated(20);
        assertRefused(Exit.BAD_DATA, "things that are none. Take it from nearer, or lower --reject; the page of `serve` shows what was read",
                run("relay", calibrated, page));
        JsonArray lines = run("relay", calibrated, page, "--reject", 0,
                "--json").objects().get(0).getAsJsonArray("lines");
        for (JsonElement digit : lines.get(0).getAsJsonObject().getAsJsonArray("digits")) {
            assertTrue(digit.getAsJsonObject().get("confidence").getAsDouble() < PageReader.REJECT, digit::toString);
        }
        Path bounded = calibrated(1);
        assertEquals(relay(page).out(), run("relay", bounded, page).out());
        assertRefused(Exit.BAD_DATA, "things that are none", run("relay", bounded, page, "--reject", 1));
    }

    /** The model with a temperature, and a bound below which everything is. */
    private Path calibrated(int temperature) throws IOException {
        Path file = folder.resolve("calibrated-" + temperature + ".beras");
        ModelFile.save(ModelFile.load(MODEL).uncompiled().calibration(Calibration.of(Config.of("Calibration")
                .with("temperature", temperature).with("examples", 1).with("bound", 1.0).with("outliers", 1)
                .with("outliersBelow", 1))), file);
        return file;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--min-confidence 2            | Invalid value for option '--min-confidence': A confidence is 0 to 1. Received: 2.0",
        "--min-confidence NaN          | A confidence is 0 to 1",
        "--reject -1                   | Invalid value for option '--reject'",
        "--placeholder ?               | it needs --min-confidence. Add that",
        "--placeholder ?? --min-confidence 0.5 | it must be one character, and no digit",
        "--placeholder 7 --min-confidence 0.5  | it must be one character, and no digit",
    })
    void whatMakesNoSenseIsRefused(String options, String message) {
        Object[] args = (page + " " + options).split(" ");
        assertRefused(Exit.USAGE, message, relay(args));
    }

    @Test
    void aPictureIsNeeded() {
        assertRefused(Exit.USAGE, "PICTURE", relay());
    }

    @Test
    void filesThatAreNoPagesAndModelsThatReadNoDigitsAreRefused() throws IOException {
        assertRefused(Exit.BAD_DATA, "there is no such file", relay(folder.resolve("none.png")));
        assertRefused(Exit.BAD_DATA, "PNG, JPEG, BMP or GIF", relay(Files.writeString(folder.resolve("a.txt"), "12")));
        Path table = folder.resolve("table.beras");
        assertExit(Exit.DONE, run("train", "--data", "data/penguins.csv", "--target", "species", "--epochs", 1, "--out", table));
        Result result = run("relay", table, page);
        assertRefused(Exit.BAD_DATA, table + ": A page is read by a model of digits", result);
        List<String> names = List.of("zero", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        Path named = folder.resolve("named.beras");
        ModelFile.save(new SavedModel(ModelFile.load(MODEL).model()).preprocessor(new ImagePreprocessor(28, 28, 1, names, 10)), named);
        assertRefused(Exit.BAD_DATA, "whose classes are the digits 0 to 9. Received: class 0 is zero", run("relay", named, page));
        Path scaled = folder.resolve("scaled.beras");
        ModelFile.save(new SavedModel(ModelFile.load(MODEL).model()).preprocessor(new ImagePreprocessor(28, 28, 1, PictureForm.SCALED,
                ImagePreprocessor.numbers(10), 10)), scaled);
        assertRefused(Exit.BAD_DATA, "Received: one of pictures in the form scaled", run("relay", scaled, page));
    }
}

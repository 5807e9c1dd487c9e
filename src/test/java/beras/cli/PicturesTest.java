package beras.cli;

import static beras.cli.Commands.assertExit;
import static beras.cli.Commands.assertRefused;
import static beras.cli.Commands.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import java.awt.Color;
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

/** Pictures of digits, predicted by a net that has learnt MNIST. */
@Tag("cli")
class PicturesTest {

    private static final int DIGITS = 50;

    @TempDir
    private static Path folder;

    private static Path model;
    private static Images digits;

    @BeforeAll
    static void train() throws IOException {
        model = folder.resolve("digits.beras");
        digits = ImageSets.load(Path.of("data")).test();
        assertExit(Exit.DONE, run("train", "--data", "data", "--epochs", 1, "--out", model));
    }

    /** A digit of the test, dark on light paper, large and beside the middle. */
    private static Path picture(int index) throws IOException {
        BufferedImage small = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
        byte[] pixels = digits.pixels(index);
        for (int p = 0; p < pixels.length; p++) {
            int grey = 230 - (pixels[p] & 0xff) * 3 / 4;
            small.setRGB(p % 28, p / 28, new Color(grey, grey, grey / 2 + 60).getRGB());
        }
        BufferedImage sheet = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setColor(new Color(small.getRGB(0, 0)));
        graphics.fillRect(0, 0, 400, 300);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(small, 130, 20, 250, 250, null);
        graphics.dispose();
        Path file = folder.resolve(index + (index % 2 == 0 ? ".png" : ".jpg"));
        assertTrue(ImageIO.write(sheet, index % 2 == 0 ? "png" : "jpg", file.toFile()));
        return file;
    }

    @Test
    void eachPictureIsReadAsItsDigitInTheOrderOfTheFiles() throws IOException {
        List<Object> args = new ArrayList<>(List.of("predict", "--model", model));
        for (int i = 0; i < DIGITS; i++) {
            args.add(picture(i));
        }
        Result result = run(args.toArray());
        assertExit(Exit.DONE, result);
        List<String> lines = result.out().lines().toList();
        assertEquals(DIGITS, lines.size());
        int right = 0;
        for (int i = 0; i < DIGITS; i++) {
            right += lines.get(i).equals(Integer.toString(digits.label(i))) ? 1 : 0;
        }
        assertTrue(right >= DIGITS - 2, right + " of " + DIGITS + " are right");
    }

    @Test
    void whatIsNoDigitIsSaid() throws IOException {
        Path blank = folder.resolve("blank.png");
        ImageIO.write(new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB), "png", blank.toFile());
        String nothing = blank + ": expected a picture of a digit. Received: one in which nothing is written";
        assertRefused(Exit.BAD_DATA, nothing, run("predict", "--model", model, blank));
        Result other = run("predict", "--model", model, picture(0), blank);
        assertExit(Exit.BAD_DATA, other);
        assertEquals(digits.label(0) + "\n\n", other.out());
        assertTrue(other.err().contains(nothing), other::toString);
        Path broken = Files.write(folder.resolve("broken.png"), Arrays.copyOf(Files.readAllBytes(blank), 40));
        assertRefused(Exit.BAD_DATA, broken + ": the picture is broken or cut off", run("predict", "--model", model, broken));
    }
}

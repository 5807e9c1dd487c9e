package beras.digits;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.data.image.ImageFiles;
import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.data.image.PictureForm;
import beras.tensor.Rng;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of MNIST's own digits become these digits again, as far as scaling lets them. */
@Tag("data")
class DigitFormTest {

    private static final ImagePreprocessor MEANING = ImagePreprocessor.ofNumbers(28, 28, 10);

    private static final int DIGITS = 40;

    private static Images digits;

    @TempDir
    private Path folder;

    /** How a picture of a digit is taken. */
    private enum Kind {
        LIGHT_ON_DARK,
        DARK_ON_LIGHT,
        SMALL,
        /** One side lies in the shadow. */
        SHADOW,
        NOISE,
        SPECKS,
        /** Not black on white, but grey on grey. */
        PALE,
        JPEG,
        /** The digit is in a corner of a large sheet. */
        CORNER
    }

    @BeforeAll
    static void load() throws IOException {
        digits = ImageSets.load(Path.of("data")).test();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theDigitOfAPictureIsAsMnistHasIt(Kind kind) throws IOException {
        double worst = 1;
        double sum = 0;
        for (int i = 0; i < DIGITS; i++) {
            Path file = folder.resolve(i + (kind == Kind.JPEG ? ".jpg" : ".png"));
            write(picture(i, kind), file);
            Images read = ImageFiles.open(file, MEANING);
            assertEquals(1, read.count());
            double alike = likeness(digits.pixels(i), read.pixels(0));
            worst = Math.min(worst, alike);
            sum += alike;
        }
        double mean = sum / DIGITS;
        assertTrue(mean > 0.94 && worst > 0.85, kind + ": correlation " + mean + " on average, worst " + worst);
    }

    private static BufferedImage picture(int digit, Kind kind) {
        int side = kind == Kind.SMALL ? 28 : 280;
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_INT_RGB);
        byte[] pixels = digits.pixels(digit);
        for (int p = 0; p < pixels.length; p++) {
            int level = pixels[p] & 0xff;
            int grey = kind == Kind.LIGHT_ON_DARK ? level : kind == Kind.PALE ? 190 - level * 60 / 255 : 255 - level;
            image.setRGB(p % 28, p / 28, new Color(grey, grey, grey).getRGB());
        }
        int sheet = kind == Kind.CORNER ? 2 * side : side;
        BufferedImage large = new BufferedImage(sheet, sheet, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = large.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, sheet, sheet);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, side, side, null);
        if (kind == Kind.SPECKS) {
            graphics.setColor(Color.BLACK);
            graphics.fillOval(5, 5, 7, 7);
            graphics.fillOval(side - 12, side - 30, 6, 6);
        }
        graphics.dispose();
        if (kind == Kind.SHADOW) {
            change(large, (x, grey) -> grey * (side - x / 2) / side);
        } else if (kind == Kind.NOISE) {
            Rng rng = new Rng(digit, "test", 0);
            int[] next = {0};
            change(large, (x, grey) -> (int) Math.min(255, Math.max(0, grey + 60 * (rng.uniform(next[0]++) - 0.5))));
        }
        return large;
    }

    private static void change(BufferedImage image, IntBinaryOperator greyAt) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int grey = greyAt.applyAsInt(x, image.getRGB(x, y) & 0xff);
                image.setRGB(x, y, new Color(grey, grey, grey).getRGB());
            }
        }
    }

    private static void write(BufferedImage image, Path file) throws IOException {
        String name = file.getFileName().toString();
        assertTrue(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()), name);
    }

    /** The best correlation with an image that is moved by at most a pixel. */
    private static double likeness(byte[] a, byte[] b) {
        double best = -1;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                byte[] moved = new byte[b.length];
                for (int p = 0; p < b.length; p++) {
                    int x = p % 28 + dx;
                    int y = p / 28 + dy;
                    moved[p] = x < 0 || y < 0 || x > 27 || y > 27 ? 0 : b[y * 28 + x];
                }
                best = Math.max(best, correlation(a, moved));
            }
        }
        return best;
    }

    private static double correlation(byte[] a, byte[] b) {
        double meanA = mean(a);
        double meanB = mean(b);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            double x = (a[i] & 0xff) - meanA;
            double y = (b[i] & 0xff) - meanB;
            ab += x * y;
            aa += x * x;
            bb += y * y;
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static double mean(byte[] bytes) {
        double sum = 0;
        for (byte b : bytes) {
            sum += b & 0xff;
        }
        return sum / bytes.length;
    }

    // ----------------------------------------------------------------------------------------------------- kinds of files

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif"})
    void everyFormatGivesTheSame(String format) throws IOException {
        BufferedImage image = picture(0, Kind.DARK_ON_LIGHT);
        Path file = folder.resolve("digit." + format);
        BufferedImage grey = new BufferedImage(image.getWidth(), image.getHeight(),
                format.equals("bmp") ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
        WritableRaster raster = grey.getRaster();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                for (int band = 0; band < raster.getNumBands(); band++) {
                    raster.setSample(x, y, band, image.getRGB(x, y) & 0xff);
                }
            }
        }
        write(grey, file);
        write(image, folder.resolve("plain.png"));
        assertArrayEquals(ImageFiles.open(folder.resolve("plain.png"), MEANING).pixels(0), ImageFiles.open(file, MEANING).pixels(0));
    }

    @Test
    void sixteenBitsOfGreyAreNoLighterThanEight() throws IOException {
        BufferedImage deep = new BufferedImage(5, 1, BufferedImage.TYPE_USHORT_GRAY);
        for (int x = 0; x < 5; x++) {
            deep.getRaster().setSample(x, 0, 0, 257 * 60 * x);
        }
        write(deep, folder.resolve("deep.png"));
        Picture picture = Picture.read(folder.resolve("deep.png"));
        for (int x = 0; x < 5; x++) {
            assertEquals(60 * x, picture.grey(x, 0));
        }
    }

    /** Where the white corner of a picture of 8 x 16 lies after it was turned, by EXIF's definition. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void aJpegIsTurnedAsExifSays(int orientation) throws IOException {
        // The first row and the first column of what is stored lie here: "0th row, 0th column" of the standard.
        String[] where = {"top left", "top right", "bottom right", "bottom left", "left top", "right top", "right bottom",
            "left bottom"};
        BufferedImage image = new BufferedImage(8, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 16; i++) {
            image.getRaster().setSample(i % 4, i / 4, 0, 255);
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, "jpg", plain));
        Path file = folder.resolve("turned.jpg");
        Files.write(file, withOrientation(plain.toByteArray(), orientation));
        Picture picture = Picture.read(file);
        assertEquals(orientation < 5 ? 8 : 16, picture.width());
        boolean atTop = where[orientation - 1].contains("top");
        boolean atLeft = where[orientation - 1].contains("left");
        int white = picture.grey(atLeft ? 1 : picture.width() - 2, atTop ? 1 : picture.height() - 2);
        assertTrue(white > 200, "the white corner is not " + where[orientation - 1]);
        int opposite = picture.grey(atLeft ? picture.width() - 2 : 1, atTop ? picture.height() - 2 : 1);
        assertTrue(opposite < 55, "the black corner is " + where[orientation - 1]);
    }

    private static byte[] withOrientation(byte[] jpeg, int orientation) {
        byte[] exif = {(byte) 0xff, (byte) 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3,
            0, 0, 0, 1, 0, (byte) orientation, 0, 0, 0, 0, 0, 0};
        assertEquals(36, exif.length);
        ByteBuffer all = ByteBuffer.allocate(jpeg.length + exif.length);
        int afterStart = 2;
        all.put(jpeg, 0, afterStart).put(exif).put(jpeg, afterStart, jpeg.length - afterStart);
        return all.array();
    }

    @Test
    void aLargePictureIsReadAtLessResolution() throws IOException {
        BufferedImage large = new BufferedImage(6000, 3000, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 300; i++) {
            large.getRaster().setSample(3000 + i, 1500, 0, 255);
        }
        for (int y = 0; y < 3000; y += 3) {
            large.getRaster().setSample(0, y, 0, 255);
        }
        write(large, folder.resolve("large.png"));
        Picture picture = Picture.read(folder.resolve("large.png"));
        assertEquals(2000, picture.width());
        assertEquals(1000, picture.height());
        assertEquals(255, picture.grey(1000, 500));
        assertEquals(0, picture.grey(1100, 500));
        assertEquals(255, picture.grey(0, 7));
    }

    /** A cross whose strokes would be a fifth of a pixel wide, beside its darkest pixel. */
    @Test
    void thinStrokesBecomeThicker() throws IOException {
        byte[] pixels = new byte[200 * 200];
        Arrays.fill(pixels, (byte) 230);
        for (int i = 0; i < 200; i++) {
            for (int j = 99; j < 101; j++) {
                pixels[i * 200 + j] = 20;
                pixels[j * 200 + i] = 20;
            }
        }
        byte[] digit = new DigitForm().pixels(new Picture(200, 200, pixels), 28, 28, 1, "cross.png");
        int ink = 0;
        for (int x = 0; x < 28; x++) {
            ink += digit[8 * 28 + x] & 0xff;
        }
        assertEquals(1.6, ink / 255.0, 0.3);
    }

    // --------------------------------------------------------------------------------------------------------- what is wrong

    @Test
    void aPictureOfNothingIsRefused() throws IOException {
        PictureForm form = new DigitForm();
        for (int grey : new int[] {0, 128, 255}) {
            byte[] pixels = new byte[100 * 100];
            Arrays.fill(pixels, (byte) grey);
            assertBadData(() -> form.pixels(new Picture(100, 100, pixels), 28, 28, 1, "wall.png"), "wall.png", "nothing is written");
        }
        Rng rng = new Rng(1, "test", 0);
        byte[] noise = new byte[100 * 100];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (200 + 10 * rng.uniform(i));
        }
        assertBadData(() -> form.pixels(new Picture(100, 100, noise), 28, 28, 1, "wall.png"), "wall.png", "nothing is written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
    void aBrokenPictureIsSaidToBe(String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(picture(1, Kind.DARK_ON_LIGHT), format, out));
        byte[] whole = out.toByteArray();
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            Rng rng = new Rng(i, "test", 0);
            byte[] changed = i % 2 == 0 ? Arrays.copyOf(whole, (int) (rng.uniform(0) * whole.length)) : whole.clone();
            for (int k = 0; i % 2 == 1 && k < 5; k++) {
                changed[(int) (rng.uniform(2 * k + 1) * Math.min(200, whole.length))] = (byte) rng.bits(2 * k + 2);
            }
            Path file = Files.write(folder.resolve("broken." + format), changed);
            try {
                Picture.read(file); // may be readable all the same
            } catch (DataException e) {
                refused++;
                assertTrue(e.getMessage().startsWith(file + ": "), e::getMessage);
            }
        }
        assertTrue(refused > 50, "only " + refused + " of 200 broken files were refused");
    }
}

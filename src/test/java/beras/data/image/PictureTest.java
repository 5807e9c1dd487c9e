package beras.data.image;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.tensor.Shape;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures of every kind become their colours, and broken ones are refused. */
@Tag("data")
class PictureTest {

    @TempDir
    private Path folder;

    private static Picture read(byte[] file) throws DataException {
        return Picture.read(new ByteArrayInputStream(file), "test");
    }

    private static void assertPixel(Picture picture, int x, int y, int red, int green, int blue) {
        assertEquals(red + " " + green + " " + blue,
                picture.level(x, y, 0) + " " + picture.level(x, y, 1) + " " + picture.level(x, y, 2), x + ", " + y);
    }

    // ------------------------------------------------------------------------------------------------------ kinds of pixels

    @ParameterizedTest
    @CsvSource({"png, 1", "png, 2", "png, 5", "png, 6", "bmp, 1", "bmp, 5"}) // the types of a BufferedImage
    void coloursAreThoseOfTheFile(String format, int type) throws IOException {
        BufferedImage colourful = PictureFiles.colourful(13, 7);
        BufferedImage image = new BufferedImage(13, 7, type);
        for (int i = 0; i < 13 * 7; i++) {
            image.setRGB(i % 13, i / 13, 0xff000000 | colourful.getRGB(i % 13, i / 13));
        }
        Picture picture = read(PictureFiles.bytes(image, format));
        assertEquals(3, picture.channels());
        for (int y = 0; y < 7; y++) {
            for (int x = 0; x < 13; x++) {
                int rgb = colourful.getRGB(x, y);
                int red = rgb >> 16 & 0xff;
                int green = rgb >> 8 & 0xff;
                int blue = rgb & 0xff;
                assertPixel(picture, x, y, red, green, blue);
                assertEquals(Math.round(0.299 * red + 0.587 * green + 0.114 * blue), picture.grey(x, y), 1);
            }
        }
    }

    @Test
    void aPaletteIsLookedUp() throws IOException {
        byte[] level = {0, 50, (byte) 200, 9};
        byte[] alpha = {-1, -1, -1, 0};
        IndexColorModel palette = new IndexColorModel(2, 4, level, new byte[] {1, 60, 100, 9}, new byte[] {2, 70, 0, 9}, alpha);
        BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        for (int x = 0; x < 4; x++) {
            image.getRaster().setSample(x, 0, 0, x);
        }
        for (String format : new String[] {"png", "gif"}) {
            Picture picture = read(PictureFiles.bytes(image, format));
            assertPixel(picture, 0, 0, 0, 1, 2);
            assertPixel(picture, 1, 0, 50, 60, 70);
            assertPixel(picture, 2, 0, 200, 100, 0);
            assertPixel(picture, 3, 0, 255, 255, 255);
        }
    }

    @Test
    void whatIsHalfTransparentLiesOnWhite() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x80ff0000);
        image.setRGB(1, 0, 0x00123456);
        image.setRGB(2, 0, 0xff123456);
        Picture picture = read(PictureFiles.bytes(image, "png"));
        assertPixel(picture, 0, 0, 255, 127, 127);
        assertPixel(picture, 1, 0, 255, 255, 255);
        assertPixel(picture, 2, 0, 0x12, 0x34, 0x56);
    }

    /** White on white would show nothing; as soon as something is darker, the ground is white as ever. */
    @Test
    void lightInkOnATransparentGroundLiesOnBlack() throws IOException {
        for (int type : new int[] {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_ARGB_PRE}) {
            BufferedImage image = new BufferedImage(4, 1, type);
            image.setRGB(0, 0, 0xffffffff);
            image.setRGB(1, 0, 0xffc0f0f0);
            image.setRGB(3, 0, 0x40ffffff);
            Picture picture = read(PictureFiles.bytes(image, "png"));
            assertPixel(picture, 0, 0, 255, 255, 255);
            assertPixel(picture, 1, 0, 0xc0, 0xf0, 0xf0);
            assertPixel(picture, 2, 0, 0, 0, 0);
            assertPixel(picture, 3, 0, 64, 64, 64);
            image.setRGB(1, 0, 0xffbff0f0);
            assertPixel(read(PictureFiles.bytes(image, "png")), 2, 0, 255, 255, 255);
        }
        byte[] white = {0, -1};
        IndexColorModel palette = new IndexColorModel(1, 2, white, white, white, 0);
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        image.getRaster().setSample(1, 0, 0, 1);
        for (String format : new String[] {"png", "gif"}) {
            Picture picture = read(PictureFiles.bytes(image, format));
            assertPixel(picture, 0, 0, 0, 0, 0);
            assertPixel(picture, 1, 0, 255, 255, 255);
        }
    }

    @Test
    void whatIsTransparentEverywhereIsWhite() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        assertPixel(read(PictureFiles.bytes(image, "png")), 1, 0, 255, 255, 255);
    }

    /** Neither its ink, nor where it counts as light, which is as of colours. */
    @ParameterizedTest
    @CsvSource({"100, 255", "191, 255", "192, 0"})
    void greyWithAlphaIsNoLighterThanGrey(int level, int ground) throws IOException {
        ComponentColorModel grey = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false,
                Transparency.TRANSLUCENT, DataBuffer.TYPE_BYTE);
        WritableRaster raster = grey.createCompatibleWritableRaster(2, 1);
        raster.setPixel(0, 0, new int[] {level, 255});
        raster.setPixel(1, 0, new int[] {100, 0});
        Picture picture = read(PictureFiles.bytes(new BufferedImage(grey, raster, false, null), "png"));
        assertEquals(1, picture.channels());
        assertEquals(level, picture.grey(0, 0));
        assertEquals(ground, picture.grey(1, 0));
    }

    @Test
    void sixteenBitsOfColoursAreRounded() throws IOException {
        ComponentColorModel deep = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false,
                Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        WritableRaster raster = deep.createCompatibleWritableRaster(2, 1);
        raster.setPixel(0, 0, new int[] {257 * 10, 257 * 200, 65535});
        raster.setPixel(1, 0, new int[] {128, 129, 257 * 77 + 129});
        Picture picture = read(PictureFiles.bytes(new BufferedImage(deep, raster, false, null), "png"));
        assertPixel(picture, 0, 0, 10, 200, 255);
        assertPixel(picture, 1, 0, 0, 1, 78);
    }

    @Test
    void fourInksAreRefused() throws IOException {
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
            writer.setOutput(stream);
            writer.write(null, new IIOImage(inks, null, null), null);
        }
        assertBadData(() -> read(out.toByteArray()), "test: expected a JPEG in grey", "four inks (CMYK). Convert it to RGB");
    }

    @Test
    void ofAnAnimationTheFirstPictureIsTaken() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            writer.writeToSequence(new IIOImage(PictureFiles.plain(5, 4, 255, 0, 0), null, null), null);
            writer.writeToSequence(new IIOImage(PictureFiles.plain(5, 4, 0, 0, 255), null, null), null);
            writer.endWriteSequence();
        }
        assertPixel(read(out.toByteArray()), 4, 3, 255, 0, 0);
    }

    @Test
    void picturesMayBeThinOrTiny() throws IOException {
        for (int[] sides : new int[][] {{1, 1}, {1, 5000}, {5000, 1}}) {
            Picture picture = read(PictureFiles.bytes(PictureFiles.plain(sides[0], sides[1], 7, 8, 9), "png"));
            assertEquals(sides[0], picture.width());
            assertEquals(sides[1], picture.height());
            assertPixel(picture, sides[0] - 1, sides[1] - 1, 7, 8, 9);
        }
    }

    @Test
    void sidesAreToldWithoutThePixels() throws IOException {
        byte[] whole = PictureFiles.bytes(PictureFiles.colourful(60, 40), "png");
        Path file = Files.write(folder.resolve("half.png"), Arrays.copyOf(whole, whole.length / 2));
        assertEquals(Shape.of(40, 60), Picture.size(file));
        assertBadData(() -> Picture.read(file), "half.png", "broken or cut off");
    }

    // ------------------------------------------------------------------------------------------------------------ refusals

    /** A file that ends anywhere is refused, or its pixels are there: nothing else is thrown, and it ends. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
    void aFileMayEndAnywhere(String format) throws IOException {
        byte[] whole = PictureFiles.bytes(PictureFiles.plain(9, 7, 200, 100, 50), format);
        assertTrue(whole.length < 1500, "small enough to try each length: " + whole.length);
        int refused = 0;
        for (int length = 0; length < whole.length; length++) {
            try {
                Picture picture = read(Arrays.copyOf(whole, length));
                assertEquals(9 * 7, picture.width() * picture.height());
            } catch (DataException e) {
                refused++;
                assertTrue(e.getMessage().startsWith("test: "), e::getMessage);
            }
        }
        assertTrue(refused > 30, "only " + refused + " of " + whole.length + " were refused");
    }

    /** Also at a reduced resolution, where the decoder skips pixels; whole files of the same kinds are read. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "progressive", "bmp", "gif"})
    void aPictureThatIsCutOffIsRefused(String kind) throws IOException {
        for (int side : new int[] {60, 2100}) {
            BufferedImage image = PictureFiles.colourful(side, side);
            byte[] whole = kind.equals("progressive") ? progressive(image) : PictureFiles.bytes(image, kind);
            assertEquals(side > 2000 ? 2 : 1, read(whole).reduction());
            for (double share : new double[] {0.5, 0.9, 0.99}) {
                assertBadData(() -> read(Arrays.copyOf(whole, (int) (share * whole.length))), "test: ", "broken or cut off");
            }
        }
    }

    private static byte[] progressive(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        }
        return out.toByteArray();
    }

    /** Cameras write such bytes, and no pixel is missing. */
    @Test
    void bytesBehindAJpegAreOfNoHarm() throws IOException {
        byte[] whole = PictureFiles.bytes(PictureFiles.colourful(60, 40), "jpg");
        Picture picture = read(Arrays.copyOf(whole, whole.length + 500));
        assertEquals(60, picture.width());
    }

    @Test
    void aPipeIsNotLookedInto() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertFalse(Picture.isPicture(pipe));
    }

    @Test
    void pixelsMustFitTheSides() {
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertRefused(type, () -> new Picture(2, 2, 3, new byte[4]), "2 x 2, 3 channels and 4 numbers");
        assertRefused(type, () -> new Picture(2, 2, 2, new byte[8]), "1 or 3 channels");
        assertRefused(type, () -> new Picture(0, 2, new byte[0]), "0 x 2");
    }
}

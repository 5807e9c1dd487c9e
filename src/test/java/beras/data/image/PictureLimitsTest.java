package beras.data.image;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that ask for much work are refused before it is done, and what cameras and programs write is not. */
@Tag("data")
class PictureLimitsTest {

    private static final PictureLimits SMALL = new PictureLimits(10_000, () -> false);

    /** Which bits of a pixel are red, green and blue. */
    private static final byte[] MASKS = {0, (byte) 0xf8, 0, 0, (byte) 0xe0, 7, 0, 0, 0x1f, 0, 0, 0};

    @TempDir
    private Path folder;

    private static Picture read(byte[] file, PictureLimits limits) throws DataException {
        return Picture.read(new ByteArrayInputStream(file), "test", limits);
    }

    private static Picture read(byte[] file) throws DataException {
        return read(file, PictureLimits.DEFAULT);
    }

    // ---------------------------------------------------------------------------------------------------------------- sides

    /** A GIF of which nothing but its size is there. */
    private static byte[] gif(int width, int height) {
        return ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).put("GIF89a".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 1).putShort((short) 1).put((byte) 0).putShort((short) 0).put((byte) 0x2c).putInt(0)
                .putShort((short) width).putShort((short) height).array();
    }

    private static byte[] file(String format, int width, int height) throws IOException {
        return switch (format) {
            case "png" -> ExtremePictures.png(width, height, 8, 2, false, 0);
            case "bmp" -> ExtremePictures.bmp(width, height, 16, 3, MASKS);
            case "gif" -> gif(width, height);
            default -> ExtremePictures.jpeg(width, height, 1, 2);
        };
    }

    @ParameterizedTest
    @CsvSource({"png, 89000000, 1", "png, 1, 65536", "png, 65535, 3052", "png, 2147483647, 2147483647", "bmp, 65536, 1",
        "bmp, 20000, -10001", "gif, 65535, 65535", "jpg, 65500, 65500"})
    void sidesAndPixelsAreLimited(String format, int width, int height) throws IOException {
        byte[] file = file(format, width, height);
        assertTrue(file.length < 20_000, "small enough to send: " + file.length);
        assertBadData(() -> read(file), "test: expected at most 200000000 pixels, and sides of at most 65535. Received: " + width,
                "Make it smaller");
        Path path = Files.write(folder.resolve("it." + format), file);
        assertBadData(() -> Picture.size(path), "sides of at most 65535. Received: " + width);
    }

    @ParameterizedTest
    @CsvSource({"png, 65535, 3", "png, 1, 65535", "bmp, 65535, 1", "gif, 65535, 1"})
    void sidesMayBeAsLongAsFormatsHaveThem(String format, int width, int height) throws IOException {
        Path path = Files.write(folder.resolve("it." + format), file(format, width, height));
        assertEquals(Shape.of(height, width), Picture.size(path));
    }

    /** The largest negative number has no positive one. */
    @Test
    void aBmpMayNotBeUpsideDownWithoutEnd() {
        assertBadData(() -> read(ExtremePictures.bmp(1, Integer.MIN_VALUE, 16, 3, MASKS)), "broken or cut off");
    }

    /** It would be decoded whatever the sides of the BMP. */
    @ParameterizedTest
    @CsvSource({"4, JPEG", "5, PNG"})
    void aBmpThatHoldsAnotherFileIsRefused(int compression, String format) throws IOException {
        byte[] inner = PictureFiles.bytes(PictureFiles.plain(9, 7, 1, 2, 3), format);
        byte[] bmp = ExtremePictures.bmp(9, 7, 0, compression, inner);
        assertBadData(() -> read(bmp), "test: expected a BMP of pixels. Received: one that holds another file, a " + format
                + ". Save it as that");
        Path path = Files.write(folder.resolve("it.bmp"), bmp);
        assertBadData(() -> Picture.size(path), "a BMP of pixels");
    }

    /** Whoever opened the pipe would wait for ever, or refuse it. */
    @Test
    void aBmpThatNamesAFileDoesNotHaveItRead() throws Exception {
        Path pipe = folder.resolve("profile.icm");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Picture picture = read(ExtremePictures.bmpWithLinkedProfile(pipe.toString()));
        assertEquals("3 2 1", picture.level(0, 0, 0) + " " + picture.level(0, 0, 1) + " " + picture.level(0, 0, 2));
    }

    /** The headers of OS/2 end where longer ones tell the compression. */
    @Test
    void aBmpWithAShortHeaderHasPixelsThere() throws IOException {
        byte[] bmp = ByteBuffer.allocate(26 + 8).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').put((byte) 'M').putInt(34).putInt(0)
                .putInt(26).putInt(12).putShort((short) 2).putShort((short) 1).putShort((short) 1).putShort((short) 24)
                .put(new byte[] {9, 8, 7, 6, 4, 5, 0, 0}).array();
        assertEquals(4, bmp[30]);
        Picture picture = read(bmp);
        assertEquals("5 4 6", picture.level(1, 0, 0) + " " + picture.level(1, 0, 1) + " " + picture.level(1, 0, 2));
    }

    // ---------------------------------------------------------------------------------------------------------------- scans

    private static byte[] written(boolean progressive) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
            writer.write(null, new IIOImage(PictureFiles.colourful(120, 80), null, null), param);
        }
        return out.toByteArray();
    }

    /** Ten scans, colours at half the resolution: so programs write it. */
    @Test
    void aProgressiveJpegIsReadAsTheSameWithoutProgression() throws IOException {
        byte[] file = written(true);
        MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file));
        assertEquals(10, JpegHeader.scans(in, 100));
        JpegHeader header = JpegHeader.read(in);
        assertTrue(header.hasSeveralScans());
        assertEquals(128 * 80 + 2 * 64 * 40, header.samples());
        Picture progressive = read(file);
        Picture baseline = read(written(false));
        for (int i = 0; i < 120 * 80; i++) {
            for (int colour = 0; colour < 3; colour++) {
                assertEquals(baseline.level(i % 120, i / 120, colour), progressive.level(i % 120, i / 120, colour));
            }
        }
    }

    @Test
    void scansAreLimited() throws IOException {
        assertEquals(64, read(ExtremePictures.jpeg(64, 48, 1, 100)).width());
        assertBadData(() -> read(ExtremePictures.jpeg(64, 48, 1, 101)), "test: expected a progressive JPEG of at most 100 scans and"
                + " 300000000 samples, 4000000000 over all scans. Received: more than 100 scans of 3072 samples."
                + " Save it as a baseline JPEG, or make it smaller");
        assertBadData(() -> read(ExtremePictures.jpeg(8, 8, 3, 31_000)), "more than 100 scans");
    }

    /** Its decoder keeps all samples in memory, and goes over them for each scan. */
    @Test
    void samplesOfAProgressiveJpegAreLimited() throws IOException {
        byte[] most = ExtremePictures.jpeg(100, 100, 1, 18); // times 104 x 104
        assertEquals(100, read(most, SMALL).width());
        assertBadData(() -> read(ExtremePictures.jpeg(100, 100, 1, 19), SMALL),
                "at most 100 scans and 15000 samples, 200000 over all scans. Received: 19 scans of 10816 samples");
        assertBadData(() -> read(ExtremePictures.jpeg(80, 64, 3, 2), SMALL), "15000 samples", "2 scans of 15360 samples");
        byte[] real = ExtremePictures.jpeg(14_000, 14_000, 1, 50);
        assertTrue(real.length < 14_000, "no larger than a mail: " + real.length);
        assertBadData(() -> read(real), "Received: 50 scans of 196000000 samples");
    }

    /** Sequential, but each channel in a scan of its own. */
    @Test
    void aJpegOfSeveralScansNeedNotBeProgressive() throws IOException {
        byte[] file = ExtremePictures.jpeg(8, 8, 2, 101);
        int frame = HexFormat.of().formatHex(file).indexOf("ffc2") / 2;
        file[frame + 1] = (byte) 0xc0;
        assertBadData(() -> read(file), "more than 100 scans");
        byte[] single = ExtremePictures.jpeg(8, 8, 1, 101);
        single[frame + 1] = (byte) 0xc0;
        MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(single));
        assertFalse(JpegHeader.read(in).hasSeveralScans(), "the decoder ends after the first");
    }

    /** What decoders skip, and what they do not. */
    @ParameterizedTest
    @CsvSource({
        "ffd8 ffda0002 00 ffd9,                                      1",
        "ffd8 ffda0002 ff00da ffd3 ffda0002 ffd9,                    2",
        "ffd8 ffda0002 ffffffda0002 ffd9,                            2", // filled up with ff
        "ffd8 ffda0002 ffe10006ffdaffda ffda0002 ffd9,               2", // a thumbnail
        "ffd8 ffda0002 ff02ffff ffda0002 ffd9,                       2", // has no length, though it looks so
        "ffd8 ffdb0000 ffda0002 ffd9,                                1",
        "ffd8 ffda0002 ffd9 ffd8 ffda0002 ffda0002 ffd9,             1", // a second picture
        "ffd8 ffdb0002 ffd9 ffd8 ffda0002 ffda0002 ffd9,             2", // tables alone are none
        "ffd8 ffda0002 ffda0002,                                     2",
        "ffd8,                                                       0",
    })
    void scansAreCountedAsDecodersFindThem(String hex, int scans) throws IOException {
        byte[] file = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertEquals(scans, JpegHeader.scans(new MemoryCacheImageInputStream(new ByteArrayInputStream(file)), 100));
    }

    // ----------------------------------------------------------------------------------------------------------------- stop

    private static byte[] picture(String format) throws IOException {
        return switch (format) {
            case "interlaced" -> ExtremePictures.png(60, 40, 16, 6, true, 60);
            case "progressive" -> written(true);
            default -> PictureFiles.bytes(PictureFiles.colourful(60, 40), format);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "interlaced", "jpg", "progressive", "bmp", "gif"})
    void decodingIsStoppedBetweenRows(String format) throws IOException {
        byte[] file = picture(format);
        AtomicInteger asked = new AtomicInteger();
        int[] whole = levels(read(file, new PictureLimits(20_000, () -> asked.incrementAndGet() < 0)));
        assertTrue(asked.get() >= 40, asked + " times");
        asked.set(0);
        assertThrows(CancellationException.class, () -> read(file, new PictureLimits(20_000, () -> asked.incrementAndGet() == 5)));
        assertEquals(5, asked.get());
        assertArrayEquals(whole, levels(read(file)), "the decoder is as before");
    }

    private static int[] levels(Picture picture) {
        int[] levels = new int[picture.width() * picture.height()];
        Arrays.setAll(levels, i -> picture.grey(i % picture.width(), i / picture.width()));
        return levels;
    }

    @Test
    void pixelsMustBeAtLeastOne() {
        assertThrows(IllegalArgumentException.class, () -> new PictureLimits(0, () -> false));
    }
}

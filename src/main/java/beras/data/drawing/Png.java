package beras.data.drawing;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Pictures as PNG files in memory, of 8 bits for each sample (W3C, Portable Network Graphics, 2003). Not by
 * {@code javax.imageio}, as reports with images are also made by a Java without {@code java.desktop}.
 */
public final class Png {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int GREY = 0;
    private static final int COLOUR = 2;
    private static final byte UP = 2; // the filter of rows

    /**
     * The file of a picture.
     *
     * @param samples {@code height * width * channels}
     * @param channels 1: grey; 3: red, green and blue
     */
    public static byte[] of(byte[] samples, int width, int height, int channels) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8)
                .put((byte) (channels == 1 ? GREY : COLOUR)).array(); // then no options: 0
        chunk(png, "IHDR", header);
        chunk(png, "IDAT", packed(samples, width * channels, height));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    /** The file of a picture that is opaque, grey of 8 bits or in colours. */
    public static byte[] of(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        int channels = picture.getRaster().getNumBands() == 1 ? 1 : 3;
        byte[] samples = new byte[height * width * channels];
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            if (channels == 1) {
                picture.getRaster().getSamples(0, y, width, 1, 0, row);
            } else {
                picture.getRGB(0, y, width, 1, row, 0, width);
            }
            for (int i = 0; i < width * channels; i++) {
                samples[y * width * channels + i] = (byte) (row[i / channels] >> 8 * (channels - 1 - i % channels));
            }
        }
        return of(samples, width, height, channels);
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] named = ByteBuffer.allocate(4 + data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data).array();
        CRC32 check = new CRC32();
        check.update(named);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(named);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
    }

    /** Each row as its differences to the one above. */
    private static byte[] packed(byte[] samples, int width, int height) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        byte[] row = new byte[width + 1];
        row[0] = UP;
        try (DeflaterOutputStream rows = new DeflaterOutputStream(packed, deflater)) {
            for (int from = 0; from < width * height; from += width) {
                for (int x = 0; x < width; x++) {
                    row[x + 1] = (byte) (samples[from + x] - (from == 0 ? 0 : samples[from + x - width]));
                }
                rows.write(row);
            }
        } catch (IOException e) {
            throw new AssertionError("Memory does not fail", e);
        } finally {
            deflater.end();
        }
        return packed.toByteArray();
    }

    private Png() {}
}

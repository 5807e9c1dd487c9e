package beras.data.image;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Small files of which each asks for as much work as it can: their bytes are put together here. */
public final class ExtremePictures {

    /** Blocks of which one code of a progressive JPEG says that nothing more is in them. */
    private static final int LONGEST_RUN = 32_767;
    private static final int BMP_HEADERS = 54;
    private static final int LONG_BMP_HEADER = 124;
    /** As the JDK has it; the format has the letters LINK, which the JDK does not know. */
    private static final int LINKED_PROFILE = 3;
    private static final byte[] ZEROS = new byte[1 << 16];
    private static final int[] PNG_CHANNELS = {1, 0, 3, 1, 2, 0, 4};

    /**
     * A progressive JPEG. Its scans add nothing, and take a few bytes each, whatever the sides.
     *
     * @param channels each at full resolution, scanned in turn
     */
    public static byte[] jpeg(int width, int height, int channels, int scans) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd8});
        byte[] quantization = new byte[65];
        Arrays.fill(quantization, 1, 65, (byte) 1);
        segment(out, 0xdb, quantization);
        byte[] frame = new byte[6 + 3 * channels];
        ByteBuffer.wrap(frame).put((byte) 8).putShort((short) height).putShort((short) width).put((byte) channels);
        for (int channel = 0; channel < channels; channel++) {
            frame[6 + 3 * channel] = (byte) (channel + 1);
            frame[7 + 3 * channel] = 0x11;
        }
        segment(out, 0xc2, frame);
        byte[] code = new byte[18]; // one code of one bit: a run of blocks, whose length 14 more bits tell
        code[0] = 0x10;
        code[1] = 1;
        code[17] = (byte) 0xe0;
        segment(out, 0xc4, code);
        int runs = (width + 7) / 8 * ((height + 7) / 8) / LONGEST_RUN + 1;
        String bits = ("0" + "1".repeat(14)).repeat(runs) + "1111111";
        for (int scan = 0; scan < scans; scan++) {
            segment(out, 0xda, (byte) 1, (byte) (scan % channels + 1), (byte) 0, (byte) 1, (byte) 63, (byte) 0);
            for (int i = 0; i + 8 <= bits.length(); i += 8) {
                int next = Integer.parseInt(bits.substring(i, i + 8), 2);
                out.write(next);
                if (next == 0xff) {
                    out.write(0);
                }
            }
        }
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xd9});
        return out.toByteArray();
    }

    private static void segment(ByteArrayOutputStream out, int marker, byte... content) {
        out.write(0xff);
        out.write(marker);
        out.write(content.length + 2 >> 8);
        out.write(content.length + 2);
        out.writeBytes(content);
    }

    /**
     * A PNG that is black, or transparent.
     *
     * @param type of colours: 0, 2, 4, 6 for grey, colours, and both with transparency
     * @param rows how many there are, of those that the header says
     */
    public static byte[] png(int width, int height, int depth, int type, boolean interlaced, int rows) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(file);
        out.writeLong(0x89504e470d0a1a0aL);
        chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) depth).put((byte) type).put((byte) 0)
                .put((byte) 0).put((byte) (interlaced ? 1 : 0)).array());
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(pixels, new Deflater(Deflater.BEST_SPEED))) {
            long bytes = rows * (1 + ((long) width * PNG_CHANNELS[type] * depth + 7) / 8);
            for (long i = 0; i < bytes; i += ZEROS.length) {
                deflated.write(ZEROS, 0, (int) Math.min(ZEROS.length, bytes - i));
            }
        }
        chunk(out, "IDAT", pixels.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        out.writeInt((int) sum.getValue());
    }

    /** A BMP of such sides with such a kind of compression; 4 and 5 mean that a JPEG and a PNG stand for its pixels. */
    public static byte[] bmp(int width, int height, int bits, int compression, byte[] content) {
        return ByteBuffer.allocate(BMP_HEADERS + content.length).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').put((byte) 'M')
                .putInt(BMP_HEADERS + content.length).putInt(0).putInt(BMP_HEADERS).putInt(BMP_HEADERS - 14).putInt(width)
                .putInt(height).putShort((short) 1).putShort((short) bits).putInt(compression).putInt(content.length).putInt(0)
                .putInt(0).putInt(0).putInt(0).put(content).array();
    }

    /** A BMP of one pixel whose profile of colours is said to be in a file of that name. */
    public static byte[] bmpWithLinkedProfile(String file) {
        byte[] name = file.getBytes(StandardCharsets.US_ASCII);
        int start = 14 + LONG_BMP_HEADER;
        return ByteBuffer.allocate(start + 4 + name.length).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'B').put((byte) 'M')
                .putInt(start + 4 + name.length).putInt(0).putInt(start).putInt(LONG_BMP_HEADER).putInt(1).putInt(1).putShort((short) 1)
                .putShort((short) 24).putInt(0).putInt(4).putInt(0).putInt(0).putInt(0).putInt(0)
                .put(new byte[16]).putInt(LINKED_PROFILE).put(new byte[52]) // masks of bits; end points, gammas and intent
                .putInt(LONG_BMP_HEADER + 4).putInt(name.length).putInt(0).put(new byte[] {1, 2, 3, 0}).put(name).array();
    }

    private ExtremePictures() {}
}

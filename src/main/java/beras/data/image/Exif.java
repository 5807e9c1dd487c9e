package beras.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.imageio.stream.ImageInputStream;

/**
 * What a JPEG says of itself before its pixels. Read here, because the JDK's reader refuses to tell it of files in which EXIF data
 * come first, as cameras write them.
 *
 * @param orientation 1 to 8, as EXIF has it; 1 (upright) if nothing is said, or nothing that makes sense
 * @param isYcck      whether four channels are brightness, two colours and black, as Adobe has it, and not four inks
 */
record Exif(int orientation, boolean isYcck) {

    private static final Exif NOTHING = new Exif(1, false);
    private static final int START = 0xffd8;
    private static final int EXIF_SEGMENT = 0xffe1;
    private static final int ADOBE_SEGMENT = 0xffee;
    private static final int FIRST_WITH_LENGTH = 0xffc0;
    private static final int PIXELS = 0xffda;
    private static final byte[] EXIF_BEGIN = {'E', 'x', 'i', 'f', 0, 0};
    private static final byte[] ADOBE_BEGIN = {'A', 'd', 'o', 'b', 'e'};
    private static final int ADOBE_TRANSFORM = 11;
    private static final int YCCK = 2;
    private static final int ORIENTATION = 0x0112;
    private static final int ENTRY = 12;

    /** Reads it from the beginning of a file, of any kind, to which the stream returns. */
    static Exif read(ImageInputStream in) throws IOException {
        Exif found = NOTHING;
        in.seek(0);
        in.setByteOrder(ByteOrder.BIG_ENDIAN);
        try {
            if (in.readUnsignedShort() == START) {
                for (int marker = in.readUnsignedShort(); marker >= FIRST_WITH_LENGTH && marker != PIXELS;
                        marker = in.readUnsignedShort()) {
                    byte[] segment = new byte[Math.max(0, in.readUnsignedShort() - Short.BYTES)];
                    in.readFully(segment);
                    if (marker == EXIF_SEGMENT && begins(segment, EXIF_BEGIN)) {
                        int orientation = orientation(ByteBuffer.wrap(segment, EXIF_BEGIN.length,
                                segment.length - EXIF_BEGIN.length).slice());
                        found = orientation >= 1 && orientation <= 8 ? new Exif(orientation, found.isYcck) : found;
                    } else if (marker == ADOBE_SEGMENT && begins(segment, ADOBE_BEGIN) && segment.length > ADOBE_TRANSFORM) {
                        found = new Exif(found.orientation, segment[ADOBE_TRANSFORM] == YCCK);
                    }
                }
            }
        } catch (EOFException e) {
            // The file is cut off, which its reader will say.
        }
        in.seek(0);
        return found;
    }

    private static boolean begins(byte[] segment, byte[] start) {
        return segment.length >= start.length && Arrays.equals(segment, 0, start.length, start, 0, start.length);
    }

    /** The orientation in the first directory of a TIFF structure; 0 if there is none. */
    private static int orientation(ByteBuffer tiff) {
        if (tiff.limit() < 8) {
            return 0;
        }
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = Integer.toUnsignedLong(tiff.getInt(4));
        if (directory + 2 > tiff.limit()) {
            return 0;
        }
        int entries = Short.toUnsignedInt(tiff.getShort((int) directory));
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + (long) i * ENTRY;
            if (entry + ENTRY > tiff.limit()) {
                return 0;
            }
            if (Short.toUnsignedInt(tiff.getShort((int) entry)) == ORIENTATION) {
                return Short.toUnsignedInt(tiff.getShort((int) entry + 8));
            }
        }
        return 0;
    }
}

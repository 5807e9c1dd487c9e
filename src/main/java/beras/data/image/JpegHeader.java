package beras.data.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.imageio.stream.ImageInputStream;

/**
 * The contents of a JPEG before its pixels. Read here, because the JDK's reader returns no EXIF data of files in which they
 * come first, as cameras write them, and does not bound the work that a file can cause.
 *
 * @param orientation     1 to 8, as EXIF has it; 1 (upright) if nothing is given, or nothing that makes sense
 * @param channels        1 for grey, 3 for colours, 4 for inks; 0 if the file is no JPEG
 * @param samples         the numbers of all channels, in whole blocks: fewer than pixels times channels where colours have half
 *                        the resolution; 0 if the file is no JPEG
 * @param hasSeveralScans whether the decoder keeps all samples in memory, since more than one scan gives them
 */
record JpegHeader(int orientation, int channels, long samples, boolean hasSeveralScans) {

    private static final int UPRIGHT = 1;
    private static final int LAST_ORIENTATION = 8;
    private static final int EXIF_SEGMENT = 0xe1;
    private static final byte[] EXIF_BEGIN = {'E', 'x', 'i', 'f', 0, 0};
    private static final int ORIENTATION = 0x0112;
    private static final int ENTRY = 12;
    /** A frame: bits of a sample, height, width, the number of channels; and then three bytes for each. */
    private static final int FRAME = 6;
    /** The bit of a frame's marker. */
    private static final int PROGRESSIVE = 2;
    /** Side of a block of samples. */
    private static final int BLOCK = 8;

    /** Reads it from the beginning of a file, of any kind, to which the stream returns. */
    static JpegHeader read(ImageInputStream in) throws IOException {
        int orientation = UPRIGHT;
        int channels = 0;
        long samples = 0;
        boolean several = false;
        in.seek(0);
        boolean isJpeg = in.read() == 0xff && in.read() == JpegSegments.SOI;
        try {
            JpegSegments segments = new JpegSegments(in);
            for (int marker = isJpeg ? segments.next() : JpegSegments.SOS; marker != JpegSegments.SOS; marker = segments.next()) {
                byte[] segment = segments.content();
                if (isFrame(marker) && segment.length >= FRAME) {
                    channels = segment[FRAME - 1] & 0xff;
                    samples = samples(segment);
                    several = (marker & PROGRESSIVE) != 0;
                } else if (marker == EXIF_SEGMENT && begins(segment, EXIF_BEGIN)) {
                    int given = orientation(
                            ByteBuffer.wrap(segment, EXIF_BEGIN.length, segment.length - EXIF_BEGIN.length).slice());
                    orientation = given >= UPRIGHT && given <= LAST_ORIENTATION ? given : orientation;
                }
            }
            byte[] scan = segments.content();
            several |= scan.length > 0 && (scan[0] & 0xff) < channels;
        } catch (EOFException e) {
            // The file is cut off, which its reader will report.
        }
        in.seek(0);
        return new JpegHeader(orientation, channels, samples, several);
    }

    /**
     * Counts the scans of a JPEG, to its end or until they are more than {@code enough}; the stream returns to the beginning.
     */
    static int scans(ImageInputStream in, int enough) throws IOException {
        int scans = 0;
        in.seek(0);
        try {
            JpegSegments segments = new JpegSegments(in);
            for (int marker = segments.next(); scans <= enough && (marker != JpegSegments.EOI || scans == 0);
                    marker = segments.next()) {
                scans += marker == JpegSegments.SOS ? 1 : 0;
            }
        } catch (EOFException e) {
            // The file is cut off, which its reader will report.
        }
        in.seek(0);
        return scans;
    }

    /** Whether a segment has sides and channels, whatever the compression. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** For all channels, in whole blocks shared by the channels, as libjpeg allocates them. */
    private static long samples(byte[] frame) {
        int across = 1;
        int down = 1;
        long blocks = 0;
        for (int at = FRAME + 1; at < frame.length; at += 3) {
            int horizontal = frame[at] >> 4 & 0xf;
            int vertical = frame[at] & 0xf;
            across = Math.max(across, horizontal);
            down = Math.max(down, vertical);
            blocks += (long) horizontal * vertical;
        }
        ByteBuffer sides = ByteBuffer.wrap(frame, 1, 2 * Short.BYTES);
        blocks *= groups(Short.toUnsignedInt(sides.getShort()), BLOCK * down);
        blocks *= groups(Short.toUnsignedInt(sides.getShort()), BLOCK * across);
        return blocks * BLOCK * BLOCK;
    }

    private static int groups(int count, int of) {
        return (count + of - 1) / of;
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

package beras.data.image;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.stream.ImageInputStream;

/** The segments of a JPEG one after the other, found as libjpeg finds them: compressed pixels and garbage between are skipped. */
final class JpegSegments {

    /** Start of image. */
    static final int SOI = 0xd8;
    /** End of image. */
    static final int EOI = 0xd9;
    /** Start of scan. */
    static final int SOS = 0xda;

    private static final int FIRST_WITH_LENGTH = 0xc0;
    private static final int FIRST_RESTART = 0xd0;
    private static final int BUFFER = 8192;

    private final ImageInputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private int length; // the rest of the present segment

    /** From where the stream is. */
    JpegSegments(ImageInputStream in) {
        this.in = in;
    }

    /**
     * Goes to the next segment and returns its marker, the byte after 0xff. Markers without content are skipped except for
     * {@link #EOI}.
     *
     * @throws EOFException at the end of the file
     */
    int next() throws IOException {
        skip(length);
        length = 0;
        int marker;
        do {
            marker = marker();
        } while (marker < FIRST_WITH_LENGTH || marker >= FIRST_RESTART && marker <= SOI);
        if (marker != EOI) {
            length = Math.max(0, (read() << 8 | read()) - Short.BYTES);
        }
        return marker;
    }

    /** The content of the present segment, once. */
    byte[] content() throws IOException {
        byte[] content = new byte[length];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) read();
        }
        length = 0;
        return content;
    }

    /** In compressed pixels a zero follows 0xff; before a marker there may be more than one 0xff. */
    private int marker() throws IOException {
        int marker = 0;
        while (marker == 0) {
            while (read() != 0xff) {
                // no marker
            }
            do {
                marker = read();
            } while (marker == 0xff);
        }
        return marker;
    }

    private int read() throws IOException {
        if (at == end) {
            end = in.read(buffer);
            at = 0;
            if (end <= 0) {
                end = 0;
                throw new EOFException();
            }
        }
        return buffer[at++] & 0xff;
    }

    private void skip(int count) throws IOException {
        int buffered = Math.min(count, end - at);
        at += buffered;
        if (count > buffered) {
            in.skipBytes(count - buffered);
        }
    }
}

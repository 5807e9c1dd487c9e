package beras.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text of a file in the encoding that is said, or that a mark at its beginning tells; else in UTF-8 or Windows-1252, whichever
 * the first character beyond ASCII is of: up to there the two are the same, so no byte is looked at twice.
 */
final class TextReader extends Reader {

    static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int BUFFER = 1 << 16;
    /** The most bytes of a character in UTF-8, or of a mark. */
    private static final int LONGEST = 4;

    private enum Mark {
        UTF_8(StandardCharsets.UTF_8, UTF8_MARK),
        UTF_16BE(StandardCharsets.UTF_16BE, new byte[] {(byte) 0xfe, (byte) 0xff}),
        UTF_16LE(StandardCharsets.UTF_16LE, new byte[] {(byte) 0xff, (byte) 0xfe});

        private final Charset charset;
        private final byte[] bytes;

        Mark(Charset charset, byte[] bytes) {
            this.charset = charset;
            this.bytes = bytes;
        }
    }

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private long lineEnds;
    private Reader decoder; // null: all was ASCII so far
    private Charset charset = StandardCharsets.UTF_8;
    private String remark = "";

    /** @param said null: not known */
    TextReader(InputStream in, Charset said) throws IOException {
        this.in = in;
        fill();
        for (Mark mark : Mark.values()) {
            if (to - from >= mark.bytes.length && Arrays.equals(buffer, 0, mark.bytes.length, mark.bytes, 0, mark.bytes.length)) {
                from += mark.bytes.length;
                decode(said == null || said.equals(StandardCharsets.UTF_16) ? mark.charset : said);
                if (said == null && mark != Mark.UTF_8) {
                    remark = "The text is " + charset.name() + ", as its first bytes say";
                }
                return;
            }
        }
        if (said != null) {
            decode(said);
        }
    }

    private void decode(Charset known) {
        charset = known;
        decoder = new InputStreamReader(new SequenceInputStream(new ByteArrayInputStream(buffer, from, to - from), in),
                known.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    /** Fills the buffer so far that a whole character is there, if the file does not end before. */
    private void fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        while (to < LONGEST) {
            int count = in.read(buffer, to, BUFFER - to);
            if (count < 0) {
                return;
            }
            to += count;
        }
    }

    @Override
    public int read(char[] out, int at, int length) throws IOException {
        if (decoder != null || length == 0) {
            return length == 0 ? 0 : decoder.read(out, at, length);
        }
        if (from == to) {
            fill();
            if (from == to) {
                return -1;
            }
        }
        int count = 0;
        for (; count < length && from < to && buffer[from] > 0; count++) {
            lineEnds += buffer[from] == '\n' ? 1 : 0;
            out[at + count] = (char) buffer[from++];
        }
        if (count > 0) {
            return count;
        }
        if (buffer[from] == 0) {
            throw new IOException("a byte of 0, as in a file that is no text, or is UTF-16 without a mark");
        }
        fill();
        boolean utf8 = isUtf8();
        if (!utf8) {
            remark = "The text is Windows-1252, as what is in line " + (lineEnds + 1) + " is no UTF-8";
        }
        decode(utf8 ? StandardCharsets.UTF_8 : WINDOWS_1252);
        return decoder.read(out, at, length);
    }

    /** Whether the next bytes are a character of UTF-8 beyond ASCII. */
    private boolean isUtf8() {
        int first = buffer[from] & 0xff;
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || to - from < length) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            if ((buffer[from + i] & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }

    /** The encoding, as far as it is known. */
    String encoding() {
        return charset.name();
    }

    /** What a person should know of the encoding; empty if nothing. */
    String remark() {
        return remark;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

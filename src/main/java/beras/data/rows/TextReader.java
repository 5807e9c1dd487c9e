package beras.data.rows;

import beras.data.DataException;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The text of a file in the encoding that is said, or that a mark at its beginning says; else in UTF-8 or Windows-1252, whichever
 * the first character beyond ASCII is of: up to there the two are the same, so no byte is looked at twice.
 *
 * <p>Its own decoder loop, since that of the JDK does not report how much it decoded before an error, and so not in which line
 * that is.
 */
public final class TextReader extends Reader {

    public static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** At most so many characters can be looked at before they are read. */
    static final int MOST_PEEKED = 1 << 16;

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int BUFFER = 1 << 16;
    /** The most bytes of a character in UTF-8, or of a mark. */
    private static final int LONGEST = 4;
    /** A decoder needs room for both halves of a pair. */
    private static final int PAIR = 2;
    /** A quote that never ends would otherwise bring the rest of the file into memory. */
    private static final int LARGEST_ROW = 1 << 24;

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

    private final DataFile in;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private boolean ended; // the file: the buffer holds the rest of it
    private final char[] chars = new char[MOST_PEEKED + PAIR];
    private int next;
    private int end;
    private long line = 1; // in which the next character to decode is
    private boolean afterReturn; // it comes after a carriage return
    private int sinceLastRow;
    private CharsetDecoder decoder; // null: all was ASCII so far
    private Charset charset = StandardCharsets.UTF_8;
    private String remark = "";

    /** @param said null: not known */
    public TextReader(DataFile in, Charset said) throws DataException {
        this.in = in;
        fill(LONGEST);
        for (Mark mark : Mark.values()) {
            if (to - from >= mark.bytes.length && Arrays.equals(buffer, 0, mark.bytes.length, mark.bytes, 0, mark.bytes.length)) {
                from += mark.bytes.length;
                decodeAs(said == null || said.equals(StandardCharsets.UTF_16) ? mark.charset : said);
                if (said == null && mark != Mark.UTF_8) {
                    remark = "The text is " + charset.name() + ", as its first bytes say";
                }
                return;
            }
        }
        if (said != null) {
            decodeAs(said);
        }
    }

    private void decodeAs(Charset known) {
        charset = known;
        decoder = known.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Reads until so many bytes are in the buffer, or the file ends. */
    private void fill(int least) throws DataException {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        while (to < least && !ended) {
            int count = in.read(buffer, to, BUFFER - to);
            ended = count < 0;
            to += Math.max(count, 0);
        }
    }

    /** Decodes some more characters, behind those that are there; false at the end of the file. */
    private boolean decode() throws DataException {
        if (next == end) {
            next = 0;
            end = 0;
        }
        int before = end;
        if (decoder == null) {
            decodeAscii();
        }
        if (decoder != null && end == before) {
            decodeAll();
        }
        for (int i = before; i < end; i++) {
            char c = chars[i];
            line += c == '\r' || c == '\n' && !afterReturn ? 1 : 0;
            afterReturn = c == '\r';
        }
        return end > before;
    }

    private void decodeAscii() throws DataException {
        if (from == to) {
            fill(1);
        }
        int before = end;
        while (end < chars.length && from < to && buffer[from] > 0) {
            chars[end++] = (char) buffer[from++];
        }
        if (end > before || from == to) {
            return;
        }
        if (buffer[from] == 0) {
            throw in.error("line " + line + ": expected text. Received: a byte of 0, as in a file that is no text, or is UTF-16"
                    + " without a mark. Save the file as UTF-8, or say its encoding");
        }
        fill(LONGEST);
        boolean utf8 = isUtf8();
        if (!utf8) {
            remark = "The text is Windows-1252, as what is in line " + line + " is no UTF-8";
        }
        decodeAs(utf8 ? StandardCharsets.UTF_8 : WINDOWS_1252);
    }

    private void decodeAll() throws DataException {
        CharBuffer out = CharBuffer.wrap(chars, end, chars.length - end);
        int before = out.position();
        while (true) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, from, to - from);
            CoderResult result = decoder.decode(bytes, out, ended);
            from = bytes.position();
            if (out.position() == before && result.isUnderflow() && ended) {
                decoder.flush(out);
                decoder.reset();
            }
            end = out.position();
            if (end > before || result.isUnderflow() && ended) {
                return;
            }
            if (result.isError()) {
                throw in.error("line " + line + ": expected text in " + charset.name() + ". Received: bytes that are not, "
                        + HexFormat.ofDelimiter(" ").formatHex(buffer, from, from + result.length())
                        + ". Save the file as UTF-8, or say its encoding");
            }
            fill(to - from + 1);
        }
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

    /** The first characters, which are read again afterwards; fewer than asked for if the file is shorter. */
    char[] peek(int count) throws DataException {
        if (end - next < count && next > 0) {
            System.arraycopy(chars, next, chars, 0, end - next);
            end -= next;
            next = 0;
        }
        while (end - next < count && decode()) {
            // until they are there
        }
        return Arrays.copyOfRange(chars, next, Math.min(end, next + count));
    }

    /** Skips so many lines, or all that there are. */
    void skipLines(int count) throws DataException {
        for (int left = count; left > 0 && hasNext();) {
            char c = chars[next++];
            if (c == '\n' || c == '\r') {
                left--;
                next += c == '\r' && hasNext() && chars[next] == '\n' ? 1 : 0;
            }
        }
    }

    private boolean hasNext() throws DataException {
        return next < end || decode();
    }

    /** Says that what is read from now on is another row: one of endless length is refused. */
    void beginRow() {
        sinceLastRow = 0;
    }

    @Override
    public int read() throws IOException {
        if (!hasNext()) {
            return -1;
        }
        count(1);
        return chars[next++];
    }

    @Override
    public int read(char[] out, int at, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasNext()) {
            return -1;
        }
        int count = Math.min(length, end - next);
        count(count);
        System.arraycopy(chars, next, out, at, count);
        next += count;
        return count;
    }

    private void count(int read) throws IOException {
        if (sinceLastRow > LARGEST_ROW) {
            throw new IOException("a row of more than " + LARGEST_ROW + " characters, in which a quote may never end");
        }
        sinceLastRow += read;
    }

    /** What a person should know of the file and its encoding, as far as the text was read. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>(in.remarks());
        if (!remark.isEmpty()) {
            remarks.add(remark);
        }
        return remarks;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

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
 * The text of a file in a given encoding, or the one of a byte order mark; else in UTF-8 or Windows-1252, depending on the
 * first character beyond ASCII: up to there the two are the same, so no byte is decoded twice.
 *
 * <p>Its own decoder loop, since that of the JDK does not report how much it decoded before an error, and so not in which line
 * that is.
 */
public final class TextReader extends Reader {

    /** At most so many characters can be looked at before they are read. */
    public static final int MOST_PEEKED = 1 << 16;

    static final String MARK = "\uFEFF";
    private static final char LAST_ASCII = 0x7f;
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final int BUFFER = 1 << 16;
    /** The most bytes of a character in UTF-8, or of a mark. */
    private static final int LONGEST = 4;
    /** A decoder needs room for both halves of a pair. */
    private static final int PAIR = 2;
    /** A quote that never ends would otherwise bring the rest of the file into memory. */
    private static final int LARGEST_ROW = 1 << 24;

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
    private CharsetDecoder decoder;
    private boolean isGuessed; // no encoding is given or marked, and all was ASCII so far
    private String remark = "";

    /** @param said null: not given */
    public TextReader(DataFile in, Charset said) throws DataException {
        this.in = in;
        fill(LONGEST);
        decodeAs(said == null ? StandardCharsets.UTF_8 : said);
        isGuessed = said == null;
        for (Charset each : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            byte[] mark = MARK.getBytes(each);
            if (Arrays.equals(buffer, 0, Math.min(to, mark.length), mark, 0, mark.length)) {
                from += mark.length;
                decodeAs(said == null || said.equals(StandardCharsets.UTF_16) ? each : said);
                isGuessed = false;
                if (said == null && each != StandardCharsets.UTF_8) {
                    remark = "The text is " + each.name() + ", by its first bytes";
                }
                return;
            }
        }
    }

    private void decodeAs(Charset known) {
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

    /** Decodes some more characters, behind the present ones; false at the end of the file. */
    private boolean decode() throws DataException {
        if (next == end) {
            next = 0;
            end = 0;
        }
        int before = end;
        CharBuffer out = CharBuffer.wrap(chars, end, chars.length - end);
        while (end == before) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, from, to - from);
            CoderResult result = decoder.decode(bytes, out, ended);
            from = bytes.position();
            end = out.position();
            if (end > before) {
                break;
            }
            if (result.isError()) {
                refuse(result.length());
            } else if (ended) {
                decoder.flush(out);
                decoder.reset();
                end = out.position();
                break;
            } else {
                fill(to - from + 1);
            }
        }
        for (int i = before; i < end; i++) {
            char c = chars[i];
            if (c == 0 && isGuessed) {
                throw in.error("line " + line + ": expected text. Received: a byte of 0, as in a file that is no text, or is UTF-16"
                        + " without a mark. Save the file as UTF-8, or give its encoding");
            }
            isGuessed &= c <= LAST_ASCII;
            line += c == '\r' || c == '\n' && !afterReturn ? 1 : 0;
            afterReturn = c == '\r';
        }
        return end > before;
    }

    /** Goes on in Windows-1252 if nothing but ASCII came before some bytes that are no text. */
    private void refuse(int length) throws DataException {
        if (!isGuessed) {
            throw in.error("line " + line + ": expected text in " + decoder.charset().name() + ". Received: bytes that are not, "
                    + HexFormat.ofDelimiter(" ").formatHex(buffer, from, from + length) + ". Save the file as UTF-8, or give its encoding");
        }
        isGuessed = false;
        remark = "The text is Windows-1252, as what is in line " + line + " is no UTF-8";
        decodeAs(WINDOWS_1252);
    }

    /** The first characters, which are read again afterwards; fewer than requested if the file is shorter. */
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

    /** Marks the beginning of another row: one of endless length is rejected. */
    public void beginRow() {
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

    /** Remarks for the user about the file and its encoding, as far as the text was read. */
    public List<String> remarks() {
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

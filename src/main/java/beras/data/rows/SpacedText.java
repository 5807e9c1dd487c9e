package beras.data.rows;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/** A text of cells with spaces between them, as one with a single space between cells, and none at the ends of a line. */
final class SpacedText extends FilterReader {

    private static final int NONE = -2;

    private boolean lineBegins = true;
    private boolean cellBegins = true;
    private boolean quoted;
    private int held = NONE; // the character after a space

    SpacedText(Reader in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int next = held;
        held = NONE;
        if (next == NONE) {
            next = super.read();
            boolean spaced = false;
            for (; next == CsvDialect.SPACE && !quoted; next = super.read()) {
                spaced = true;
            }
            if (spaced && !lineBegins && next != '\n' && next != '\r' && next >= 0) {
                held = next;
                cellBegins = true;
                return CsvDialect.SPACE;
            }
        }
        if (quoted) {
            quoted = next != '"';
            cellBegins = !quoted; // of two quotes in a cell the second opens it again
            lineBegins = false;
        } else {
            lineBegins = next == '\n' || next == '\r';
            quoted = next == '"' && cellBegins;
            cellBegins = lineBegins;
        }
        return next;
    }

    @Override
    public int read(char[] out, int at, int length) throws IOException {
        int count = 0;
        for (; count < length; count++) {
            int next = read();
            if (next < 0) {
                return count == 0 ? -1 : count;
            }
            out[at + count] = (char) next;
        }
        return count;
    }
}

package beras.data;

import beras.files.Excerpt;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Iterator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a CSV file one after the other, and the lines they stand in. Any line ends; blank lines are skipped, and so are
 * spaces around a cell.
 */
final class CsvRows {

    /** At most so many characters of a wrong cell are shown. */
    private static final int SHOWN = 30;
    /** A quote that never ends would otherwise bring the rest of the file into memory. */
    private static final int LARGEST_ROW = 1 << 24;
    /** So many characters show what is between the cells. */
    private static final int SAMPLE = 1 << 16;

    private final DataFile file;
    private final TextReader text;
    private final char separator;
    private final Guard reader;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private CSVRecord row;
    private long lastLine;
    private long[] lines; // in which the cells of the row begin; null: not counted yet

    /**
     * Rows of an open file, which the caller closes.
     *
     * @param separator what is between cells; null: the file shows it
     * @param encoding  of the text; null: the file shows it, see {@link TextReader}
     */
    CsvRows(DataFile file, Character separator, Charset encoding) throws DataException {
        this.file = file;
        try {
            this.text = new TextReader(file, encoding);
            BufferedReader buffered = new BufferedReader(text, SAMPLE);
            this.separator = separator == null ? shownBy(buffered) : separator;
            this.reader = new Guard(buffered);
            this.parser = CSVFormat.DEFAULT.builder().setDelimiter(this.separator).setIgnoreSurroundingSpaces(true).get()
                    .parse(reader);
        } catch (IOException e) {
            throw unreadable(e);
        }
        this.records = parser.iterator();
    }

    /** What is between the cells at the beginning of a text, which is read again afterwards. */
    private static char shownBy(BufferedReader text) throws IOException {
        char[] sample = new char[SAMPLE];
        int length = 0;
        text.mark(SAMPLE);
        for (int count = 0; count >= 0 && length < SAMPLE; ) {
            count = text.read(sample, length, SAMPLE - length);
            length += Math.max(count, 0);
        }
        text.reset();
        return Separators.find(sample, length, length < SAMPLE);
    }

    /** What is between two cells. */
    char separator() {
        return separator;
    }

    /** What a person should know of the encoding, as far as it was read; empty if nothing. */
    String encodingRemark() {
        return text.remark();
    }

    /** Refuses rows of endless length. */
    private static final class Guard extends FilterReader {

        private int sinceLastRow;

        Guard(Reader in) {
            super(in);
        }

        @Override
        public int read(char[] out, int from, int length) throws IOException {
            if (sinceLastRow > LARGEST_ROW) {
                throw new IOException("a row of more than " + LARGEST_ROW + " characters, in which a quote may never end");
            }
            int count = in.read(out, from, length);
            sinceLastRow += Math.max(count, 0);
            return count;
        }
    }

    /** The next row, or null after the last. */
    CSVRecord next() throws DataException {
        reader.sinceLastRow = 0;
        lines = null;
        try {
            row = records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        }
        lastLine = parser.getCurrentLineNumber();
        return row;
    }

    private DataException unreadable(IOException cause) {
        if (cause instanceof DataException data) {
            return data;
        }
        if (cause instanceof CharacterCodingException) {
            return file.error("after line " + lastLine + ": expected text in " + text.encoding() + ". Received: bytes that are not ("
                    + cause.getMessage() + "). Save the file as UTF-8, or say its encoding");
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains("EOF reached before encapsulated token finished")) {
            return file.error("line " + numberIn(message)
                    + ": expected CSV, a second quote after the one that begins a field there."
                    + " Received: the end of the file. Close the quote");
        }
        if (message.startsWith("Invalid character between encapsulated token and delimiter")) {
            return file.error("line " + parser.getCurrentLineNumber()
                    + ": expected CSV, " + Separators.name(separator) + " or the end of the line after a quote"
                    + " that ends a field. Received: another character. Double the quotes inside a field");
        }
        return file.error("line " + (lastLine + 1) + ": expected CSV. Received: " + message);
    }

    /** The number in a message, in whatever digits and groups the locale has. */
    private static long numberIn(String message) {
        return message.codePoints().filter(Character::isDigit).mapToLong(c -> Character.digit(c, 10))
                .reduce(0, (number, digit) -> 10 * number + digit);
    }

    /** The line in which the current row begins. */
    long line() {
        return line(0);
    }

    /** The line in which a cell of the current row begins, which is a later one after a cell with line ends in it. */
    long line(int column) {
        if (lines == null) {
            lines = new long[row.size()];
            long line = lastLine;
            for (int i = row.size() - 1; i >= 0; i--) {
                line -= lineEnds(row.get(i));
                lines[i] = line;
            }
        }
        return lines[column];
    }

    private static int lineEnds(String cell) {
        int ends = 0;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            ends += c == '\n' || c == '\r' && !(i + 1 < cell.length() && cell.charAt(i + 1) == '\n') ? 1 : 0;
        }
        return ends;
    }

    /** A cell as messages show it: in quotes, and not all of it if it is long. */
    static String shown(String cell) {
        return Excerpt.quoted(cell, SHOWN);
    }
}

package beras.data.rows;

import beras.data.DataException;
import beras.files.Excerpt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a CSV file one after the other, and the lines they stand in. Any line ends; spaces around a cell are skipped, and
 * so are blank lines, but below the name of a single column: there a blank line is a row whose cell is empty, as programs write
 * it.
 */
public final class CsvRows implements RowSource {

    /** At most so many characters of a wrong cell are shown. */
    private static final int SHOWN = 30;

    private final DataFile file;
    private final TextReader text;
    private final char separator;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private CSVRecord header;
    private CSVRecord row;
    private long blankRows;
    private long lineBefore; // in which the row before ends
    private long lastLine;
    private long[] lines; // in which the cells of the row begin; null: not counted yet

    /**
     * Rows of an open file, which the caller closes.
     *
     * @param separator what is between cells; null: the file shows it
     */
    public CsvRows(DataFile file, TextReader text, Character separator) throws DataException {
        this.file = file;
        this.text = text;
        this.separator = separator == null ? shownBy(text) : separator;
        try {
            this.parser = CSVFormat.DEFAULT.builder().setDelimiter(this.separator).setIgnoreSurroundingSpaces(true)
                    .setIgnoreEmptyLines(false).get().parse(text);
        } catch (IOException e) {
            throw unreadable(e);
        }
        this.records = parser.iterator();
    }

    /** What is between the cells at the beginning of a text. */
    private static char shownBy(TextReader text) throws DataException {
        char[] sample = text.peek(TextReader.MOST_PEEKED);
        return Separators.find(sample, sample.length, sample.length < TextReader.MOST_PEEKED);
    }

    @Override
    public List<String> names() throws DataException {
        header = read();
        return header == null ? List.of() : header.toList();
    }

    @Override
    public boolean next() throws DataException {
        CSVRecord cells = read();
        if (cells != null && cells.size() != header.size()) {
            String last = header.get(Math.min(cells.size(), header.size()) - 1).strip();
            throw file.error("line " + line() + ": expected " + header.size()
                    + " columns, as the first line names. Received: " + cells.size()
                    + (cells.size() < header.size() ? ", the last is " : ", one or more after ") + shown(last)
                    + ". Correct the line, or put quotes around a cell with " + Separators.name(separator));
        }
        return cells != null;
    }

    @Override
    public String cell(int column) {
        return row.get(column);
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (separator != ',') {
            remarks.add("The cells are separated by " + Separators.plural(separator));
        }
        if (blankRows > 0) {
            remarks.add(blankRows + (blankRows == 1 ? " line without a value is a row" : " lines without a value are rows")
                    + ", too, as the table has one column");
        }
        remarks.addAll(text.remarks());
        return remarks;
    }

    /** The next row, the first one too, or null after the last. */
    public CSVRecord read() throws DataException {
        boolean oneColumn = header != null && header.size() == 1;
        do {
            readLine();
        } while (!oneColumn && isBlank(row));
        blankRows += isBlank(row) ? 1 : 0;
        return row;
    }

    private void readLine() throws DataException {
        text.beginRow();
        lines = null;
        lineBefore = lastLine;
        try {
            row = records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        }
        lastLine = parser.getCurrentLineNumber();
    }

    private static boolean isBlank(CSVRecord record) {
        return record != null && record.size() == 1 && record.get(0).isEmpty();
    }

    private DataException unreadable(IOException cause) {
        if (cause instanceof DataException data) {
            return data;
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
    public long line() {
        return line(0);
    }

    /** {@inheritDoc} It is a later one than that of the row after a cell with line ends in it. */
    @Override
    public long line(int column) {
        if (lastLine - lineBefore <= 1) {
            return lastLine; // no cell has a line end in it
        }
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
    public static String shown(String cell) {
        return Excerpt.quoted(cell, SHOWN);
    }
}

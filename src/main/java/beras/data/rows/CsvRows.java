package beras.data.rows;

import beras.config.ProposedSetting;
import beras.data.DataException;
import beras.files.Excerpt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a CSV file one after the other, and the lines they stand in. Any line ends; spaces around a cell are skipped, and
 * so are blank lines, but below the name of a single column: there a blank line is a row whose cell is empty, as programs write
 * it. Lines at the end are skipped as requested, and lines before the names, see {@link CsvDialect}. Marks that keep a
 * spreadsheet from changing a cell, {@code ="00501"} or {@code '1.5}, are removed.
 */
public final class CsvRows implements RowSource {

    /** At most so many characters of a wrong cell are shown. */
    private static final int SHOWN = 30;

    /** A footer of so many lines is proposed to be skipped. */
    private static final int MOST_FOOTER = 20;

    /**
     * Cells as they stand in the file.
     *
     * @param before the line in which the row before ends
     * @param last   the line in which this one ends
     */
    private record Line(CSVRecord cells, long before, long last) {}

    /** A cell that a spreadsheet is to leave as it is. */
    private static final Pattern MARKED = Pattern.compile("=\"(?<text>[^\"]*)\"|'(?<number>[-+]?[0-9][0-9.,:/ -]*)");

    private final DataFile file;
    private final TextReader text;
    private final CsvDialect dialect;
    private final OptionalInt skipFooter;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Deque<Line> ahead = new ArrayDeque<>(); // that are read already
    private final List<Line> footer = new ArrayList<>();
    private List<String> names;
    private long namesLine;
    private Line row; // null: after the last
    private long blankRows;
    private long lastLine; // that is read

    /** Rows below names, of an open file, which the caller closes. */
    CsvRows(DataFile file, TextReader text, CsvOptions options, Predicate<String> isMissing) throws DataException {
        this.file = file;
        this.text = text;
        this.dialect = CsvDialect.read(file, text, options, isMissing);
        this.skipFooter = options.skipFooter();
        this.lastLine = dialect.skipLines();
        try {
            this.parser = CsvDialect.parser(text, dialect.separator());
        } catch (IOException e) {
            throw unreadable(e);
        }
        this.records = parser.iterator();
    }

    @Override
    public List<String> names() throws DataException {
        row = readRow();
        namesLine = row == null ? 0 : line();
        names = row == null ? List.of() : new ArrayList<>(row.cells.toList());
        for (int i = 1; i < dialect.headerLines() && row != null; i++) {
            row = readRow();
        }
        if (dialect.hasIndex()) {
            names.add(0, "");
        }
        if (dialect.hasEmptyName()) {
            names.remove(names.size() - 1);
        }
        return names;
    }

    @Override
    public boolean next() throws DataException {
        row = ahead.isEmpty() ? readRow() : ahead.poll();
        int footerRows = skipFooter.orElse(0);
        if (row != null && footerRows > 0 && !holds(footerRows)) {
            footer.add(row);
            footer.addAll(ahead);
            ahead.clear();
            row = null;
        }
        if (row != null && !fits(row.cells)) {
            throw otherLength(row.cells);
        }
        return row != null;
    }

    /** Whether a row has a cell for each name, and where others end with a separator does so too, or has all cells for certain. */
    private boolean fits(CSVRecord cells) {
        int width = names.size();
        return !dialect.hasEmptyEnd() ? cells.size() == width
                : cells.size() == width + 1 && cells.get(width).isEmpty() || cells.size() == width && !cells.get(width - 1).isEmpty();
    }

    private DataException otherLength(CSVRecord cells) throws DataException {
        int expected = names.size();
        String last = names.get(Math.min(cells.size(), expected) - 1).strip();
        return file.error("line " + line() + ": expected " + expected
                + " columns, as " + (namesLine == 1 ? "the first line" : "line " + namesLine) + " names. Received: " + cells.size()
                + (cells.size() < expected ? ", the last is " : cells.size() == expected ? " without the separator at the end, the last is "
                        : ", one or more after ") + shown(last)
                + ". Correct the line, or put quotes around a cell with " + CsvDialect.name(dialect.separator())
                + (skipFooter.isEmpty() && !holds(MOST_FOOTER) ? ", or add " + new ProposedSetting("skipFooter", Integer.toString(ahead.size() + 1))
                        + (ahead.isEmpty() ? " if it is no row" : " if no row begins there") : ""));
    }

    /** Reads on until so many rows are ahead; false if there are fewer. */
    private boolean holds(int count) throws DataException {
        while (ahead.size() < count) {
            Line next = readRow();
            if (next == null) {
                return false;
            }
            ahead.add(next);
        }
        return true;
    }

    // -------------------------------------------------------------------------------------------------------- cells

    @Override
    public String cell(int column) {
        String cell = row.cells.get(column);
        return cell.length() > 1 && (cell.charAt(0) == '=' || cell.charAt(0) == '\'') ? unmarked(cell) : cell;
    }

    private static String unmarked(String cell) {
        Matcher marked = MARKED.matcher(cell);
        return !marked.matches() ? cell : marked.group("text") != null ? marked.group("text") : marked.group("number");
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(dialect.remarks());
        if (blankRows > 0) {
            remarks.add(blankRows + (blankRows == 1 ? " line without a value is a row" : " lines without a value are rows")
                    + ", too, as the table has one column");
        }
        if (!footer.isEmpty()) {
            remarks.add((footer.size() == 1 ? "The last line is no row: " : "The last " + footer.size() + " lines are no rows: ")
                    + shown(footer.stream().map(line -> line.cells.get(0).strip()).filter(cell -> !cell.isEmpty()).findFirst().orElse("")));
        }
        remarks.addAll(text.remarks());
        return remarks;
    }

    private Line readRow() throws DataException {
        boolean oneColumn = names != null && names.size() == 1;
        Line next = readLine();
        while (next != null && !oneColumn && isBlank(next.cells)) {
            next = readLine();
        }
        blankRows += next != null && isBlank(next.cells) ? 1 : 0;
        return next;
    }

    private Line readLine() throws DataException {
        text.beginRow();
        long before = lastLine;
        try {
            if (!records.hasNext()) {
                return null;
            }
            CSVRecord cells = records.next();
            lastLine = dialect.skipLines() + parser.getCurrentLineNumber();
            return new Line(cells, before, lastLine);
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        }
    }

    static boolean isBlank(CSVRecord record) {
        return record.size() == 1 && record.get(0).isEmpty();
    }

    private DataException unreadable(IOException cause) {
        if (cause instanceof DataException data) {
            return data;
        }
        String message = String.valueOf(cause.getMessage());
        if (message.contains("EOF reached before encapsulated token finished")) {
            return file.error("line " + (dialect.skipLines() + numberIn(message))
                    + ": expected CSV, a second quote after the one that begins a field there."
                    + " Received: the end of the file. Close the quote");
        }
        if (message.startsWith("Invalid character between encapsulated token and delimiter")) {
            return file.error("line " + (dialect.skipLines() + parser.getCurrentLineNumber())
                    + ": expected CSV, " + CsvDialect.name(dialect.separator()) + " or the end of the line after a quote"
                    + " that ends a field. Received: another character. Double the quotes inside a field");
        }
        return file.error("line " + (lastLine + 1) + ": expected CSV. Received: " + message);
    }

    /** The number in a message, in whatever digits and groups the locale has. */
    private static long numberIn(String message) {
        return message.codePoints().filter(Character::isDigit).mapToLong(c -> Character.digit(c, 10))
                .reduce(0, (number, digit) -> 10 * number + digit);
    }

    @Override
    public long line() {
        return row.last - (row.last - row.before <= 1 ? 0 : row.cells.stream().mapToInt(CsvRows::lineEnds).sum());
    }

    static int lineEnds(String cell) {
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

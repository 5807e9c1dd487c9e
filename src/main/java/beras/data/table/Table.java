package beras.data.table;

import beras.config.Names;
import beras.data.DataException;
import beras.data.rows.CsvRows;
import beras.data.rows.RowSource;
import beras.files.Excerpt;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A table in a text file, read row by row. The file is one of these, which its first characters decide:
 * <ul>
 * <li>CSV and the like: the first line names the columns, each other line is a row of as many cells; a row that can only be one
 * of units is skipped, as the first hundred rows show; titles, comments and footers are skipped as requested;
 * <li>JSON lines, an object for each row, or an array of objects: the columns are the keys of the first 1000 rows, in the order
 * in     which they appear; other keys are ignored and counted. A missing key, or null, is a missing value; an object or array
 *     within is a cell with its text;
 * </ul>
 *
 * <p>Plain or gzip. In CSV, between cells are commas, semicolons, tabs, vertical bars or spaces, whichever the first hundred rows have
 * alike; cells may be quoted. The text is UTF-8, or UTF-16 with a mark at its beginning; if its first character beyond ASCII is
 * no UTF-8, it is Windows-1252. {@link TableFile} overrides all of this. Spaces around a cell are skipped, and so are blank
 * lines; but in CSV of one column a blank line is a row with a missing value. A file of any size takes the memory of one row.
 *
 * <p>A column without a name gets one of its place, such as {@code column1}; one with the name of another gets a number, such as
 * {@code price.2}. {@link #remarks} lists all that was found out like that.
 *
 * <pre>{@code
 * try (Table table = Table.open(path)) {
 *     while (table.next()) {
 *         String city = table.cell(0);
 *     }
 * }
 * }</pre>
 */
public final class Table implements Closeable {

    /**
     * The marks of a missing value, in these exact spellings, unless other {@link MissingMarks} are given: as pandas, R,
     * databases, Weka and spreadsheets write them.
     */
    public static final Set<String> MISSING = Set.of("", "NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "NaT", "null", "NULL", "\\N",
            "None", "?", "#DIV/0!", "#NUM!", "#REF!", "#VALUE!");

    /** At most so many names of columns are listed in an error. */
    private static final int LISTED = 50;
    /** At most so many characters of a name are shown. */
    private static final int LONGEST_NAME = 200;

    private static final int MOST_HEAD = 1000;
    private static final int LEAST_HEAD = 50;
    private static final int MOST_HEAD_CELLS = 1 << 20;

    private final String name;
    private final Closeable file;
    private final RowSource rows;
    private final KeptRows.Writer keeping; // null: rows are not kept
    private final MissingMarks missing;
    private final List<String> columns;
    private final Map<String, Integer> places = new HashMap<>();
    private final BitSet nameless = new BitSet();
    private final List<String> renamed = new ArrayList<>();
    private List<Row> head; // null: not read ahead
    private boolean ended;
    private Row current; // null: the current row
    private long row = -1;

    record Place(long line, String cell) {

        /** As messages show it. */
        String shown() {
            return CsvRows.shown(cell) + (line == 0 ? "" : " in line " + line);
        }
    }

    /** A row that was read ahead. */
    record Row(String[] cells, boolean[] numbers, long line) {}

    /**
     * @param file is closed with this
     * @param kept takes the rows when all are read; null: they are not kept
     */
    Table(String name, Closeable file, RowSource rows, MissingMarks missing, AtomicReference<KeptRows> kept) throws DataException {
        this.name = name;
        this.file = file;
        this.missing = missing;
        this.rows = rows;
        List<String> header = rows.names();
        if (header.isEmpty()) {
            throw error("expected a table whose first line names the columns. Received: an empty file");
        }
        this.columns = names(header);
        this.keeping = kept == null ? null : new KeptRows.Writer(rows, header, kept);
    }

    /**
     * Opens a table and reads the names of its columns.
     *
     * @throws DataException if the file is missing, empty or no such text
     */
    public static Table open(Path path) throws DataException {
        return open(TableFile.of(path));
    }

    /**
     * Opens a table that is written in a certain way, and reads the names of its columns.
     *
     * @throws DataException if the file is missing, empty or no such text
     */
    public static Table open(TableFile how) throws DataException {
        return how.table(MissingMarks.USUAL);
    }

    /** A table whose rows come from elsewhere. */
    static Table of(String name, RowSource rows, MissingMarks missing) throws DataException {
        return new Table(name, () -> { }, rows, missing, null);
    }

    private List<String> names(List<String> header) {
        Set<String> given = new HashSet<>();
        header.forEach(name -> given.add(name.strip()));
        Map<String, Integer> used = new HashMap<>(); // how many columns have a name
        List<String> names = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            String own = header.get(i).strip();
            nameless.set(i, own.isEmpty());
            String base = own.isEmpty() ? "column" + (i + 1) : own;
            String name = base;
            boolean taken = own.isEmpty() ? given.contains(base) : places.containsKey(base);
            for (int n = used.getOrDefault(base, 1); taken; taken = given.contains(name) || places.containsKey(name)) {
                name = base + "." + ++n;
                used.put(base, n);
            }
            if (!name.equals(own)) {
                renamed.add(name);
            }
            places.put(name, i);
            names.add(name);
        }
        return List.copyOf(names);
    }

    /**
     * Remarks for the user about how the file was read: the separator unless it is a comma, the encoding unless it is UTF-8,
     * and names given to columns. The encoding may be certain only when all rows are read.
     */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(rows.remarks());
        if (!renamed.isEmpty()) {
            remarks.add(renamed.size() + (renamed.size() == 1 ? " column has" : " columns have")
                    + " no name or that of another, and got one: " + listed(renamed.stream().map(CsvRows::shown).toList(), LISTED));
        }
        return remarks;
    }

    boolean isNameless(int column) {
        return nameless.get(column);
    }

    /** The names of the columns, in the order of the file. */
    public List<String> columns() {
        return columns;
    }

    /**
     * The place of a column.
     *
     * @param purpose the purpose of the column, in the words of the error
     * @throws DataException if there is none of this name; the message lists all names
     */
    public int column(String name, String purpose) throws DataException {
        Integer column = places.get(name);
        if (column == null) {
            String question = Names.didYouMean(name, columns.stream().map(Table::name).toList());
            String how = String.join(". ", rows.remarks()); // as these may be the reason
            throw error("expected a column " + CsvRows.shown(name) + ", " + purpose + ". Received the columns: "
                    + listed(columns, LISTED) + question + (how.isEmpty() ? "" : (question.isEmpty() ? ". " : " ") + how));
        }
        return column;
    }

    /** Words in a row, at most {@code most} of them. */
    static String listed(List<String> words, int most) {
        return Excerpt.list(words.stream().map(Table::name).toList(), most);
    }

    /** A name as messages show it, not all of it if it is long. */
    private static String name(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
    }

    /**
     * The first rows, by which is decided how cells are written: a thousand, or fewer of many columns. They are read ahead if this is
     * called before {@link #next}.
     */
    List<Row> head() throws DataException {
        if (head == null) {
            head = new ArrayList<>();
            int most = Math.max(LEAST_HEAD, Math.min(MOST_HEAD, MOST_HEAD_CELLS / columns.size()));
            while (head.size() < most && hasNext()) {
                Row ahead = new Row(new String[columns.size()], new boolean[columns.size()], rows.line());
                for (int i = 0; i < columns.size(); i++) {
                    ahead.cells[i] = rows.cell(i).strip();
                    ahead.numbers[i] = rows.isNumber(i);
                }
                head.add(ahead);
            }
        }
        return head;
    }

    private boolean hasNext() throws DataException {
        if (!ended) {
            ended = !rows.next();
            if (keeping != null) {
                keeping.add(!ended);
            }
        }
        return !ended;
    }

    /**
     * Goes to the next row.
     *
     * @return false after the last
     * @throws DataException if the row has fewer or more cells than the first line, a quote never ends, or there is no row at
     *         all
     */
    public boolean next() throws DataException {
        current = head != null && row + 1 < head.size() ? head.get((int) row + 1) : null;
        if (current == null && !hasNext()) {
            if (row < 0) {
                throw error("expected rows after the line that names the columns. Received: none");
            }
            return false;
        }
        row++;
        return true;
    }

    /** The number of the row, from 0. */
    public long row() {
        return row;
    }

    /** The line in which the row begins, from 1. */
    public long line() {
        return current != null ? current.line : rows.line();
    }

    /** A cell of the row, without spaces around it. */
    public String cell(int column) {
        return current != null ? current.cells[column] : rows.cell(column).strip();
    }

    /** Whether a cell of the row is surely a number with a decimal point, whatever other cells of the column are. */
    boolean isNumber(int column) {
        return current != null ? current.numbers[column] : rows.isNumber(column);
    }

    boolean isMissing(String cell) {
        return missing.isMissing(cell);
    }

    MissingMarks missing() {
        return missing;
    }

    /** An error in a cell of the row. */
    DataException error(int column, String expected) {
        return error(column, line(), expected, cell(column));
    }

    /** An error in a cell of an earlier row; line 0 is that of a row without a place. */
    DataException error(int column, long line, String expected, String cell) {
        return error((line == 0 ? "" : "line " + line + ", ") + described(column) + expected + ". Received: " + CsvRows.shown(cell));
    }

    /** An error in a column as a whole. */
    DataException columnError(int column, String expected) {
        return error(described(column) + expected);
    }

    private String described(int column) {
        return "column " + (column + 1) + " (" + name(columns.get(column)) + "): expected ";
    }

    /** An error in the whole file. */
    DataException error(String problem) {
        return new DataException(name + ": " + problem);
    }

    @Override
    public void close() throws DataException {
        if (keeping != null) {
            keeping.close();
        }
        try {
            file.close();
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw new DataException(name + ": " + e.getMessage(), e);
        }
    }
}

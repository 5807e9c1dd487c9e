package beras.data;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVRecord;

/**
 * A table in a CSV file, read row by row: the first line names the columns, each other line is a row of as many cells.
 *
 * <p>UTF-8, plain or gzip; cells are separated by commas and may be quoted; blank lines are skipped, and so are spaces around
 * a cell. A file of any size takes the memory of one row.
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

    /** What a cell says that has no value, in this very spelling. */
    public static final Set<String> MISSING = Set.of("", "NA", "NaN", "null", "?");

    private static final int LONGEST_MISSING = 4;
    /** At most so many names of columns are listed in an error. */
    private static final int LISTED = 50;
    /** At most so many characters of a name are shown. */
    private static final int LONGEST_NAME = 200;

    private final DataFile file;
    private final CsvRows rows;
    private final List<String> columns;
    private final Map<String, Integer> places = new HashMap<>();
    private CSVRecord cells;
    private long row = -1;

    private Table(DataFile file) throws DataException {
        this.file = file;
        this.rows = new CsvRows(file);
        CSVRecord header = rows.next();
        if (header == null) {
            throw file.error("expected a table whose first line names the columns. Received: an empty file");
        }
        this.columns = names(header);
    }

    /**
     * Opens a table and reads the names of its columns.
     *
     * @throws DataException if the file is missing, empty or no CSV, or a column has no name or that of another
     */
    public static Table open(Path path) throws DataException {
        DataFile file = DataFile.open(path);
        try {
            return new Table(file);
        } catch (DataException e) {
            file.close();
            throw e;
        }
    }

    private List<String> names(CSVRecord header) throws DataException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).strip();
            if (header.size() == 1 && (name.contains(";") || name.contains("\t"))) {
                throw file.error(place(i) + "expected names of columns with commas between them. Received: " + CsvRows.shown(name)
                        + ". Put commas in place of semicolons or tabs");
            }
            if (name.isEmpty()) {
                throw file.error(place(i) + "expected the name of the column. Received: an empty cell. Name the column or remove"
                        + " it");
            }
            Integer other = places.put(name, i);
            if (other != null) {
                throw file.error(place(i) + "expected a name that no other column has. Received: " + CsvRows.shown(name)
                        + ", as in column " + (other + 1) + ". Rename one of them");
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    private String place(int column) {
        return "line " + rows.line(column) + ", column " + (column + 1) + ": ";
    }

    /** The names of the columns, in the order of the file. */
    public List<String> columns() {
        return columns;
    }

    /**
     * The place of a column.
     *
     * @param purpose what the column is for, in the error's words
     * @throws DataException if there is none of this name, listing those there are
     */
    int column(String name, String purpose) throws DataException {
        Integer column = places.get(name);
        if (column == null) {
            throw file.error("expected a column " + CsvRows.shown(name) + ", " + purpose + ". Received the columns: "
                    + listed(columns, LISTED));
        }
        return column;
    }

    /** Words in a row, at most {@code most} of them. */
    static String listed(List<String> words, int most) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < Math.min(words.size(), most); i++) {
            list.append(i == 0 ? "" : ", ").append(name(words.get(i)));
        }
        return words.size() <= most ? list.toString() : list + " and " + (words.size() - most) + " more";
    }

    /** A name as messages show it, not all of it if it is long. */
    private static String name(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
    }

    /**
     * Goes to the next row.
     *
     * @return false after the last
     * @throws DataException if the row has fewer or more cells than the first line, a quote never ends, or there is no row at
     *         all
     */
    public boolean next() throws DataException {
        cells = rows.next();
        if (cells == null) {
            if (row < 0) {
                throw file.error("expected rows after the line that names the columns. Received: none");
            }
            return false;
        }
        row++;
        if (cells.size() != columns.size()) {
            String last = columns.get(Math.min(cells.size(), columns.size()) - 1);
            throw file.error("line " + rows.line() + ": expected " + columns.size()
                    + " columns, as the first line names. Received: " + cells.size()
                    + (cells.size() < columns.size() ? ", the last is " : ", one or more after ") + CsvRows.shown(last)
                    + ". Correct the line, or put quotes around a cell with a comma");
        }
        return true;
    }

    /** The number of the row, from 0. */
    public long row() {
        return row;
    }

    /** The line in which the row begins, from 1. */
    public long line() {
        return rows.line();
    }

    /** A cell of the row, without spaces around it. */
    public String cell(int column) {
        return cells.get(column).strip();
    }

    /** Whether a cell has no value, see {@link #MISSING}. */
    static boolean isMissing(String cell) {
        return cell.length() <= LONGEST_MISSING && MISSING.contains(cell);
    }

    /** The line in which a cell of the row begins. */
    long line(int column) {
        return rows.line(column);
    }

    /** An error in a cell of the row. */
    DataException error(int column, String expected) {
        return error(column, line(column), expected, cell(column));
    }

    /** An error in a cell of an earlier row. */
    DataException error(int column, long line, String expected, String cell) {
        return file.error("line " + line + ", column " + (column + 1) + " (" + name(columns.get(column)) + "): expected "
                + expected + ". Received: " + CsvRows.shown(cell));
    }

    /** An error in the whole file. */
    DataException error(String problem) {
        return file.error(problem);
    }

    @Override
    public void close() throws DataException {
        file.close();
    }
}

package beras.data.rows;

import beras.data.DataException;
import beras.data.rows.Workbook.NumberStyle;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sheet of a workbook as CSV in UTF-8, row by row. A row has the line of its number, unless cells above have line ends in them.
 * The columns are the ones used by the first rows. Formulas are the values that were stored with them, dates are written as
 * {@code 2024-01-31 12:30:00}, and a cell with an error is empty.
 */
final class SheetText extends InputStream {

    /** So many rows decide which columns there are. */
    private static final int ROWS_WITH_COLUMNS = 100;
    private static final int CHARACTERS_WITH_COLUMNS = 1 << 20;
    /** Rows of a few bytes may have all columns, as of a sparse table, but not a million rows of them in a small file. */
    private static final long SMALL_SHEET = 1 << 26;
    private static final long CELLS_PER_BYTE = 1 << 8;
    private static final int MOST_ROWS = 1 << 20;
    private static final int MOST_COLUMNS = 1 << 14;
    /** The day after Excel's last, 9999-12-31, counted from 1900. */
    private static final int DAYS = 2_958_466;
    private static final LocalDate FIRST_OF_1900 = LocalDate.of(1899, 12, 30);
    private static final LocalDate FIRST_OF_1904 = LocalDate.of(1904, 1, 1);
    /** Excel takes 1900 for a leap year, of which this is the 29th of February. */
    private static final int NO_DAY = 60;
    private static final int MILLISECONDS = 86_400_000;
    private static final int NANOSECONDS = 1_000_000;
    private static final int SIGNIFICANT_DIGITS = 15;
    private static final int LETTERS = 26;
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?");
    private static final Pattern PLAIN = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?");
    private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    /** @param first the column of the first cell, from 0 on; there is none before */
    private record Row(int number, int first, List<String> cells) {}

    private final Workbook workbook;
    private final XmlPart part;
    private final Deque<Row> looked = new ArrayDeque<>(); // rows that are read already for their columns
    private int from = MOST_COLUMNS; // the columns
    private int to = -1;
    private boolean columnsAreKnown;
    private final long cellsAllowed;
    private long cellsLeft;
    private int row; // that was read last
    private int line; // that was written last
    private byte[] text = {};
    private int at;

    /** @param packed how many bytes the sheet has in the archive */
    SheetText(Workbook workbook, XmlPart part, long packed) {
        this.workbook = workbook;
        this.part = part;
        this.cellsAllowed = SMALL_SHEET + CELLS_PER_BYTE * packed;
        this.cellsLeft = cellsAllowed;
    }

    // ------------------------------------------------------------------------------------------------ as bytes

    @Override
    public int read() throws DataException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws DataException {
        if (length == 0) {
            return 0;
        }
        while (at == text.length) {
            Row next = next();
            if (next == null) {
                return -1;
            }
            text = written(next).getBytes(StandardCharsets.UTF_8);
            at = 0;
        }
        int count = Math.min(length, text.length - at);
        System.arraycopy(text, at, into, offset, count);
        at += count;
        return count;
    }

    private Row next() throws DataException {
        int characters = 0;
        while (!columnsAreKnown) {
            Row read = readRow();
            if (read != null) {
                looked.add(read);
                from = Math.min(from, read.first);
                to = Math.max(to, read.first + read.cells.size() - 1);
                characters += read.cells.stream().mapToInt(String::length).sum() + read.cells.size();
            }
            columnsAreKnown = read == null || looked.size() == ROWS_WITH_COLUMNS || characters > CHARACTERS_WITH_COLUMNS;
        }
        Row next = looked.isEmpty() ? readRow() : looked.remove();
        if (next != null && (next.first < from || next.first + next.cells.size() - 1 > to)) {
            throw workbook.file.error("row " + next.number + ": expected cells in the columns " + letters(from) + " to " + letters(to)
                    + ", as in the rows above. Received: one in " + letters(next.first < from ? next.first
                    : next.first + next.cells.size() - 1) + ". Clear it, or name its column above");
        }
        return next;
    }

    private static String letters(int column) {
        return (column < LETTERS ? "" : letters(column / LETTERS - 1)) + (char) ('A' + column % LETTERS);
    }

    private String written(Row next) throws DataException {
        cellsLeft -= to - from + 1;
        if (cellsLeft < 0) {
            throw workbook.file.error("row " + next.number + ": expected at most " + cellsAllowed + " cells, empty ones included, in a"
                    + " sheet of this size. Received: more, as each row has the " + (to - from + 1) + " columns " + letters(from)
                    + " to " + letters(to) + ". Clear cells far to the right, or save the table as CSV");
        }
        StringBuilder csv = new StringBuilder("\n".repeat(next.number - line - 1));
        line = next.number;
        for (int column = from; column <= to; column++) {
            int i = column - next.first;
            csv.append(column == from ? "" : ",");
            if (i >= 0 && i < next.cells.size()) {
                String cell = next.cells.get(i);
                boolean isPlain = cell.chars().allMatch(c -> c > ' ' && c != ',' && c != '"');
                csv.append(isPlain ? cell : '"' + cell.replace("\"", "\"\"") + '"');
            }
        }
        return csv.append('\n').toString();
    }

    @Override
    public void close() throws DataException {
        part.close();
    }

    // ----------------------------------------------------------------------------------------------- as a sheet

    /** The next row that has a value; null after the last. */
    private Row readRow() throws DataException {
        while (part.nextTag() && !part.isEnd("sheetData")) {
            if (part.isStart("row")) {
                String number = part.attribute("r");
                row = number.isEmpty() ? row + 1 : position(number, row + 1, MOST_ROWS, "a row of a number");
                Row read = cells();
                if (read != null) {
                    return read;
                }
            }
        }
        while (part.nextTag()) {
            continue; // up to the end, where the checksum of the part is compared
        }
        return null;
    }

    private int position(String digits, int least, int most, String what) throws DataException {
        int position = digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : 0;
        if (position < least || position > most) {
            throw workbook.file.error("after row " + row + ": expected " + what + " from " + least + " to " + most + ". Received: "
                    + CsvRows.shown(digits));
        }
        return position;
    }

    private Row cells() throws DataException {
        List<String> cells = new ArrayList<>();
        int first = 0;
        int column = -1;
        int characters = 0;
        for (; part.nextTag() && !part.isEnd("row"); ) {
            if (!part.isStart("c")) {
                continue;
            }
            column = column(part.attribute("r"), column + 1);
            String value = value();
            if (value.isEmpty()) {
                continue;
            }
            first = cells.isEmpty() ? column : first;
            while (cells.size() < column - first) {
                cells.add("");
            }
            cells.add(value);
            characters += value.length();
            if (characters > XmlPart.LARGEST) {
                throw workbook.file.error("row " + row + ": expected at most " + XmlPart.LARGEST + " characters. Received: more");
            }
        }
        return cells.isEmpty() ? null : new Row(row, first, cells);
    }

    /** The column, from 0 on, of a reference such as {@code AB12}. */
    private int column(String reference, int next) throws DataException {
        int column = 0;
        for (int i = 0; i < reference.length() && Character.isLetter(reference.charAt(i)) && column <= MOST_COLUMNS; i++) {
            column = column * LETTERS + Character.toUpperCase(reference.charAt(i)) - 'A' + 1;
        }
        column = reference.isEmpty() ? next : column - 1;
        if (column < next || column >= MOST_COLUMNS) {
            throw workbook.file.error("row " + row + ": expected a cell in a column after the one before, up to "
                    + letters(MOST_COLUMNS - 1) + ". Received: " + CsvRows.shown(reference));
        }
        return column;
    }

    /** The value of the cell that begins here, up to its end. */
    private String value() throws DataException {
        String type = part.attribute("t");
        String style = part.attribute("s");
        String value = "";
        while (part.nextTag() && !part.isEnd("c")) {
            if (part.isStart("v")) {
                value = part.text();
            } else if (part.isStart("is")) {
                value = richText(part, "is");
            } else if (part.isStart()) {
                part.skip();
            }
        }
        return switch (type) {
            case "s" -> value.isEmpty() ? "" : shared(value);
            case "b" -> value.isEmpty() ? "" : Workbook.isTrue(value) ? "TRUE" : "FALSE";
            case "e" -> ""; // an error has no value
            case "str" -> unescaped(value);
            case "inlineStr", "d" -> value;
            default -> value.isEmpty() ? "" : number(value, style);
        };
    }

    private String shared(String index) throws DataException {
        int place = index.matches("[0-9]{1,9}") ? Integer.parseInt(index) : Integer.MAX_VALUE;
        if (place >= workbook.texts.size()) {
            throw workbook.file.error("row " + row + ": expected the number of one of " + workbook.texts.size() + " texts. Received: "
                    + CsvRows.shown(index) + ". Save the workbook again");
        }
        return workbook.texts.get(place);
    }

    /** The texts of all runs up to the end of an element, without the readings that are printed above Japanese. */
    static String richText(XmlPart part, String element) throws DataException {
        StringBuilder all = new StringBuilder();
        while (part.nextTag() && !part.isEnd(element)) {
            if (part.isStart("rPh")) {
                part.skip();
            } else if (part.isStart("t")) {
                all.append(part.text());
                part.requireShort(all);
            }
        }
        return unescaped(all.toString());
    }

    /** Characters that XML cannot hold are written as {@code _x000D_}. */
    private static String unescaped(String value) {
        if (value.indexOf("_x") < 0) {
            return value;
        }
        Matcher matcher = ESCAPED.matcher(value);
        return matcher.replaceAll(match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    }

    private String number(String value, String style) throws DataException {
        NumberStyle shown = style.matches("[0-9]{1,7}") ? workbook.style(Integer.parseInt(style)) : NumberStyle.PLAIN;
        if (shown == NumberStyle.PLAIN && value.length() <= SIGNIFICANT_DIGITS && PLAIN.matcher(value).matches()) {
            return value;
        }
        if (!NUMBER.matcher(value).matches()) {
            throw workbook.file.error("row " + row + ": expected a number in a cell of numbers. Received: " + CsvRows.shown(value));
        }
        double number = Double.parseDouble(value);
        boolean isDay = number >= 0 && number < DAYS;
        return shown == NumberStyle.PLAIN || !isDay ? NumberText.general(number) : date(number, shown);
    }

    private String date(double number, NumberStyle shown) {
        long milliseconds = Math.round(number * MILLISECONDS);
        long day = milliseconds / MILLISECONDS;
        LocalTime time = LocalTime.ofNanoOfDay(milliseconds % MILLISECONDS * NANOSECONDS);
        if (shown == NumberStyle.TIME && day == 0) {
            return ClockText.of(time);
        }
        LocalDate date = workbook.from1904 ? FIRST_OF_1904.plusDays(day)
                : FIRST_OF_1900.plusDays(day < NO_DAY ? day + 1 : day);
        boolean isDay = shown == NumberStyle.DATE && time.equals(LocalTime.MIDNIGHT);
        return isDay ? date.toString() : ClockText.of(LocalDateTime.of(date, time));
    }
}

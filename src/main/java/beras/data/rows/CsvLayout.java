package beras.data.rows;

import beras.data.DataException;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Where the names of a CSV file are and what its rows have besides a cell for each, found out from its first rows: what one can only
 * take for a title, a comment or a row of units is none of the rows.
 *
 * @param separator   what is between cells
 * @param skipLines   how many lines come before that of the names
 * @param headerLines how many rows name the columns
 * @param extra       what rows have besides a cell for each name
 * @param remarks     what a person should know of that, in sentences without full stops
 */
record CsvLayout(char separator, int skipLines, int headerLines, Extra extra, List<String> remarks) {

    /** What rows have besides a cell for each name. */
    enum Extra {
        /** Nothing. */
        NONE,
        /** A cell in front, whose column has no name: R writes the names of rows so. */
        FIRST,
        /** An empty cell at the end. */
        LAST,
        /** There is a name more, which is empty. */
        NAME
    }

    /** A first line by which spreadsheets know what is between cells. */
    private static final Pattern SEPARATOR_LINE = Pattern.compile("\"?sep=(.)\"?\\s*", Pattern.CASE_INSENSITIVE);

    /** What stands in a line between names and rows. */
    private static final Pattern RULE = Pattern.compile("[-=:+_| ]*[-=_]{2,}[-=:+_| ]*");

    /** Rows by which the layout is found. */
    private static final int ROWS = 100;
    /** So many lines before the names are proposed to be skipped. */
    private static final int MOST_TITLES = 30;
    /** Rows needed below a row of units, to know it as one. */
    private static final int FEW_ROWS = 3;
    private static final double MOST_OF_A_COLUMN = 0.8;
    private static final double MOST_ROWS = 0.6;

    /** A row, and the line in which it begins. */
    private record Line(List<String> cells, long line) {

        int size() {
            return cells.size();
        }

        int filled() {
            return (int) cells.stream().filter(cell -> !cell.isEmpty()).count();
        }

        /** Whether each cell has a text, except for the first, above an index. */
        boolean isFull() {
            return !cells.subList(Math.min(1, cells.size() - 1), cells.size()).contains("");
        }

        boolean isComment() {
            return cells.get(0).startsWith("#") || cells.get(0).startsWith("//");
        }

        /** The first cell that has a text. */
        String shown() {
            return CsvRows.shown(cells.stream().filter(cell -> !cell.isEmpty()).findFirst().orElse(""));
        }
    }

    /**
     * Finds out how a file is laid out. Its lines up to that of the names are read.
     *
     * @param isMissing whether a cell has no value
     * @throws DataException if the first row cannot hold the names, and another one may or may not
     */
    static CsvLayout read(DataFile file, TextReader text, CsvOptions options, Predicate<String> isMissing) throws DataException {
        List<String> remarks = new ArrayList<>();
        int skipped = options.skipLines().orElse(0);
        text.skipLines(skipped);
        char[] head = text.peek(TextReader.MOST_PEEKED);
        char declared = options.skipLines().isPresent() ? 0 : separatorLine(head);
        if (declared != 0) {
            text.skipLines(1);
            skipped = 1;
            head = text.peek(TextReader.MOST_PEEKED);
        }
        boolean complete = head.length < TextReader.MOST_PEEKED;
        char separator = options.separator().orElse(declared != 0 ? declared : Separators.find(head, head.length, complete));
        if (separator != ',' || declared != 0) {
            remarks.add("The cells are separated by " + Separators.plural(separator)
                    + (separator == declared ? ", as line 1 says" : ""));
        }
        Search search = new Search(file, lines(head, complete, separator), skipped, isMissing);
        if (options.skipLines().isEmpty()) {
            search.requireNames();
        }
        Extra extra = search.extra(0);
        if (extra == Extra.FIRST) {
            remarks.add("The rows have a cell more than there are names: the first one, as the names of rows do, has none");
        } else if (extra == Extra.LAST) {
            remarks.add("Each row ends with " + Separators.name(separator) + ", behind which is no cell");
        }
        int names = options.headerLines().orElseGet(() -> search.headerLines(extra));
        if (names > 1) {
            remarks.add(search.named(names));
        }
        return new CsvLayout(separator, skipped, names, extra, List.copyOf(remarks));
    }

    /** What a first line says is between cells; 0 if it does not. */
    private static char separatorLine(char[] head) {
        int end = 0;
        while (end < head.length && head[end] != '\n' && head[end] != '\r') {
            end++;
        }
        Matcher said = SEPARATOR_LINE.matcher(new String(head, 0, end));
        return said.matches() ? said.group(1).charAt(0) : 0;
    }

    /** How cells are read. */
    static CSVParser parser(Reader text, char separator) throws IOException {
        return CSVFormat.DEFAULT.builder().setDelimiter(separator).setIgnoreSurroundingSpaces(true).setIgnoreEmptyLines(false).get()
                .parse(separator == Separators.SPACE ? new SpacedText(text) : text);
    }

    /** The first rows, as far as they are whole. */
    private static List<Line> lines(char[] head, boolean complete, char separator) {
        List<Line> lines = new ArrayList<>();
        try (CSVParser parser = parser(new CharArrayReader(head), separator)) {
            Iterator<CSVRecord> records = parser.iterator();
            while (lines.size() < ROWS && records.hasNext()) {
                CSVRecord record = records.next();
                long line = parser.getCurrentLineNumber() - record.stream().mapToInt(CsvRows::lineEnds).sum();
                boolean whole = complete || records.hasNext(); // the last one may be cut off
                if (whole && !CsvRows.isBlank(record)) {
                    lines.add(new Line(record.stream().map(String::strip).toList(), line));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // to read the rows will say what is wrong
        }
        return lines;
    }

    /** Whether a row is a line between the names and the rows. */
    private static boolean isRule(List<String> cells) {
        return cells.stream().anyMatch(cell -> !cell.isEmpty())
                && cells.stream().allMatch(cell -> cell.isEmpty() || RULE.matcher(cell).matches());
    }

    /** The names that some rows give together: those of the first, if they differ; else what stands above each other. */
    static List<String> names(List<List<String>> named) {
        List<List<String>> rows = named.stream().filter(row -> row == named.get(0) || !isRule(row)).toList();
        List<String> first = rows.get(0);
        if (rows.size() == 1 || areNames(first)) {
            return first;
        }
        List<String> names = new ArrayList<>();
        String[] above = new String[rows.size()];
        for (int i = 0; i < rows.stream().mapToInt(List::size).max().getAsInt(); i++) {
            StringBuilder name = new StringBuilder();
            String last = "";
            for (int k = 0; k < rows.size(); k++) {
                String cell = i < rows.get(k).size() ? rows.get(k).get(i).strip() : "";
                boolean spans = cell.isEmpty() && k < rows.size() - 1 && above[k] != null; // a cell over several columns
                above[k] = cell.isEmpty() ? above[k] : cell;
                String part = spans ? above[k] : cell;
                if (!part.equals(last)) { // a name may stand in both rows
                    name.append(name.isEmpty() || part.isEmpty() ? "" : " ").append(part);
                }
                last = part;
            }
            names.add(name.toString());
        }
        return names;
    }

    /** Whether texts name each column, but perhaps the first, by a name of its own. */
    private static boolean areNames(List<String> cells) {
        Set<String> different = new HashSet<>();
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0 && cells.get(i).isBlank() || !different.add(cells.get(i).strip())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(String cell) {
        return !Double.isNaN(Decimal.parse(cell, false)) || !Double.isNaN(Decimal.parse(cell, true));
    }

    /** Whether a cell is a number, a date or an amount with a unit rather than a name. */
    static boolean isAmount(String cell) {
        return !cell.isEmpty() && (Character.isDigit(cell.charAt(0)) || isNumber(cell));
    }

    /** What the first rows show. */
    private static final class Search {

        private static final String OVERRIDE = " (--header-lines overrides that)";

        private final DataFile file;
        private final List<Line> lines;
        private final int skipped; // lines before the first of these
        private final Predicate<String> isMissing;
        private final int width; // of most rows

        Search(DataFile file, List<Line> lines, int skipped, Predicate<String> isMissing) {
            this.file = file;
            this.lines = lines;
            this.skipped = skipped;
            this.isMissing = isMissing;
            this.width = Separators.mode(lines.stream().mapToInt(Line::size).toArray());
        }

        /** Refuses a first row that has other cells than the rows have: a title, or a comment. */
        void requireNames() throws DataException {
            if (lines.size() < 2 || width <= 2) {
                return;
            }
            Line first = lines.get(0);
            int next = 0;
            while (next < lines.size() && (lines.get(next).size() != width || !lines.get(next).isFull())) {
                next++;
            }
            long asWide = lines.stream().filter(line -> line.size() == width).count();
            boolean few = next == lines.size() || asWide < FEW_ROWS || asWide < MOST_ROWS * (lines.size() - next);
            boolean isRow = first.size() == width ? first.filled() > 1 && !first.isComment()
                    : extra(0) != Extra.NONE || first.filled() > 1 && next == 1 && !first.isComment();
            if (next > 0 && next <= MOST_TITLES && !few && !isRow) {
                throw file.error("line " + line(0) + ": expected the names of the " + width + " columns that most rows have. Received: "
                        + first.shown() + (first.filled() == 1 ? " alone" : " and others") + ". Line " + line(next) + ", which begins with "
                        + lines.get(next).shown() + ", may have them: add --skip-lines " + (line(next) - 1) + " if it does, or write them");
            }
        }

        private long line(int row) {
            return skipped + lines.get(row).line;
        }

        /** Whether nearly all cells of a column from a row on are numbers or dates, and so many at least. */
        private boolean isOfAmounts(int column, int from, int least) {
            int amounts = 0;
            int others = 0;
            for (Line line : lines.subList(from, lines.size())) {
                if (line.size() == width && !isMissing.test(line.cells.get(column))) {
                    boolean amount = isAmount(line.cells.get(column));
                    amounts += amount ? 1 : 0;
                    others += amount ? 0 : 1;
                }
            }
            return amounts >= least && amounts >= MOST_OF_A_COLUMN * (amounts + others);
        }

        /** What rows have besides a cell for each name of a row. */
        Extra extra(int header) {
            int names = lines.isEmpty() ? 0 : lines.get(0).size();
            if (names == width + 1 && width > 1 && lines.get(0).cells.get(width).isEmpty()) {
                return Extra.NAME;
            }
            if (names != width - 1 || names < 1) {
                return Extra.NONE;
            }
            boolean last = true;
            boolean counts = true;
            boolean differ = true;
            Set<String> firsts = new HashSet<>();
            String before = null;
            int rows = 0;
            for (Line line : lines.subList(header + 1, lines.size())) {
                if (line.size() == width) {
                    rows++;
                    String cell = line.cells.get(0);
                    last &= line.cells.get(width - 1).isEmpty();
                    counts &= before == null || Decimal.parse(cell) == Decimal.parse(before) + 1;
                    differ &= !cell.isEmpty() && !isNumber(cell) && firsts.add(cell);
                    before = cell;
                }
            }
            return rows < FEW_ROWS ? Extra.NONE : last ? Extra.LAST : counts || differ ? Extra.FIRST : Extra.NONE;
        }

        /** How many rows name the columns. */
        int headerLines(Extra extra) {
            int next = 1;
            if (next >= lines.size() || width < 2) {
                return 1;
            }
            List<String> cells = lines.get(next).cells;
            if (isRule(cells)) {
                return 2;
            }
            if (next + FEW_ROWS >= lines.size() || lines.get(next).size() != width || extra == Extra.FIRST
                    || cells.stream().anyMatch(CsvLayout::isAmount)) {
                return 1;
            }
            int overAmounts = 0; // texts over columns of such
            int others = 0;
            for (int i = 0; i < width; i++) {
                if (cells.get(i).isEmpty()) {
                    continue;
                }
                if (isMissing.test(cells.get(i)) || isAgain(i, next)) {
                    return 1; // a value, or a mark of a missing one
                }
                boolean overThem = isOfAmounts(i, next + 1, FEW_ROWS);
                overAmounts += overThem ? 1 : 0;
                others += overThem ? 0 : 1;
            }
            return overAmounts > 1 || overAmounts == 1 && (others == 0 || !areNames(lines.get(0).cells)) ? 2 : 1;
        }

        /** Whether a row below has the same cell. */
        private boolean isAgain(int column, int row) {
            String cell = lines.get(row).cells.get(column);
            return lines.subList(row + 1, lines.size()).stream().anyMatch(line -> line.size() == width && line.cells.get(column).equals(cell));
        }

        /** That several rows name the columns. */
        String named(int rows) {
            List<List<String>> named = lines.subList(0, Math.min(lines.size(), rows)).stream().map(Line::cells).toList();
            if (named.size() < rows) {
                return rows + " rows name the columns";
            }
            long last = line(rows - 1);
            if (rows == 2 && isRule(named.get(1))) {
                return "Line " + last + " is no row, but comes between names and rows: " + lines.get(1).shown() + OVERRIDE;
            }
            List<String> joined = names(named);
            return areNames(named.get(0))
                    ? (rows == 2 ? "Line " + last + " is no row, but has" : "Lines " + line(1) + " to " + last + " are no rows, but have")
                            + " units or further names: " + lines.get(1).shown() + OVERRIDE
                    : "Lines " + line(0) + " to " + last + " name the columns together, such as "
                            + CsvRows.shown(joined.get(joined.size() - 1)) + (areNames(named.get(rows - 1)) ? " (--skip-lines "
                            + (last - 1) + " takes the names of line " + last + " alone)" : OVERRIDE);
        }
    }
}

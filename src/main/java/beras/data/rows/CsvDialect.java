package beras.data.rows;

import beras.config.ProposedSetting;
import beras.data.DataException;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * How the rows of a CSV file are written. The first rows are split by each known separator, and the one with the highest
 * {@link Sample#score} is taken; its rows show how many of them name the columns. What only may be a title, a comment or a
 * footer is refused with the option that leaves it out.
 *
 * @param separator   the character between cells
 * @param skipLines   how many lines come before that of the names
 * @param headerLines the number of rows before the values; the first of them names the columns
 * @param hasIndex    whether rows begin with a cell that has no name: R writes the names of rows so
 * @param hasEmptyEnd whether rows end with a separator, behind which is no cell
 * @param hasEmptyName whether the names end with a separator, behind which is no name
 * @param remarks     remarks for the user, in sentences without full stops
 */
record CsvDialect(char separator, int skipLines, int headerLines, boolean hasIndex, boolean hasEmptyEnd, boolean hasEmptyName,
        List<String> remarks) {

    /** Several spaces are one separator, and spaces at the ends of a line are none. */
    static final char SPACE = ' ';

    /** The separators that are tried, the more common ones first. */
    private static final Map<Character, String> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put(',', "comma");
        KNOWN.put(';', "semicolon");
        KNOWN.put('\t', "tab");
        KNOWN.put('|', "vertical bar");
        KNOWN.put(SPACE, "space");
    }

    /** A first line in which spreadsheets declare the separator. */
    private static final Pattern SEPARATOR_LINE = Pattern.compile("\"?sep=(.)\"?\\s*", Pattern.CASE_INSENSITIVE);
    /** A cell of a line between names and rows. */
    private static final Pattern RULE = Pattern.compile("[-=:+_| ]*[-=_]{2,}[-=:+_| ]*");
    /** Rows of the sample. */
    private static final int ROWS = 100;
    /** So many lines before the names are proposed to be skipped. */
    private static final int MOST_TITLES = 30;
    /** Rows that are enough to show a difference to the first. */
    private static final int FEW_ROWS = 3;
    /** The share of rows that must agree if some others, such as a title, have another number of cells. */
    private static final double MOST_ROWS = 0.8;
    private static final String OVERRIDE = " (`headerLines` overrides that)";

    /** Finds out how a file is written. Its lines up to that of the names are read. */
    static CsvDialect read(DataFile file, TextReader text, CsvOptions options, Predicate<String> isMissing) throws DataException {
        List<String> remarks = new ArrayList<>();
        int skipped = options.skipLines().orElse(0);
        text.skipLines(skipped);
        char[] head = text.peek(TextReader.MOST_PEEKED);
        Matcher declared = SEPARATOR_LINE.matcher(new String(head).lines().findFirst().orElse(""));
        boolean isDeclared = options.skipLines().isEmpty() && declared.matches();
        if (isDeclared) {
            text.skipLines(1);
            skipped = 1;
            head = text.peek(TextReader.MOST_PEEKED);
        }
        Sample sample = options.separator().isPresent() ? new Sample(head, options.separator().get(), isMissing)
                : isDeclared ? new Sample(head, declared.group(1).charAt(0), isMissing) : best(head, isMissing);
        if (sample.separator != ',' || isDeclared) {
            remarks.add("The cells are separated by " + (KNOWN.containsKey(sample.separator) ? KNOWN.get(sample.separator) + "s" : name(sample.separator)) + (isDeclared && options.separator().isEmpty()
                    ? ", as declared in line 1" : ""));
        }
        if (options.skipLines().isEmpty()) {
            sample.requireNames(file, skipped, options.headerLines().isEmpty());
        }
        boolean hasIndex = sample.hasIndex();
        if (hasIndex) {
            remarks.add("The rows have a cell more than there are names: the first one, as the names of rows do, has none");
        }
        boolean hasEmptyEnd = !hasIndex && sample.hasEmptyEnd();
        if (hasEmptyEnd) {
            remarks.add("Each row ends with " + name(sample.separator) + ", behind which is no cell");
        }
        int names = options.headerLines().orElseGet(sample::headerLines);
        if (names > 1) {
            remarks.add(sample.named(names, skipped));
        }
        return new CsvDialect(sample.separator, skipped, names, hasIndex, hasEmptyEnd, sample.hasEmptyName(), List.copyOf(remarks));
    }

    private static Sample best(char[] head, Predicate<String> isMissing) {
        Sample best = null;
        for (char separator : KNOWN.keySet()) {
            Sample next = new Sample(head, separator, isMissing);
            best = best == null || next.score() > best.score() ? next : best;
        }
        return best;
    }

    /** How cells are read. */
    static CSVParser parser(Reader text, char separator) throws IOException {
        return CSVFormat.DEFAULT.builder().setDelimiter(separator).setIgnoreSurroundingSpaces(true).setIgnoreEmptyLines(false).get()
                .parse(separator == SPACE ? new SpacedText(text) : text);
    }

    /** The separator in words. */
    static String name(char separator) {
        String known = KNOWN.get(separator);
        return known == null ? CsvRows.shown(String.valueOf(separator)) : "a " + known;
    }

    /** Whether the texts are a distinct name for each column, except perhaps the first. */
    private static boolean areNames(List<String> cells) {
        Set<String> different = new HashSet<>();
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0 && cells.get(i).isBlank() || !different.add(cells.get(i).strip())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isRule(List<String> cells) {
        return cells.stream().anyMatch(cell -> !cell.isEmpty())
                && cells.stream().allMatch(cell -> cell.isEmpty() || RULE.matcher(cell).matches());
    }

    /** Whether a cell is a number, a date or a number with a unit rather than a name. */
    private static boolean isValue(String cell) {
        return !cell.isEmpty() && (Character.isDigit(cell.charAt(0)) || Decimal.isNumber(cell));
    }

    /** The first rows as a separator splits them. */
    private static final class Sample {

        private final char separator;
        private final Predicate<String> isMissing;
        private final List<List<String>> rows = new ArrayList<>();
        private final List<Long> lines = new ArrayList<>(); // in which they begin
        private final int width; // of most rows

        Sample(char[] head, char separator, Predicate<String> isMissing) {
            this.separator = separator;
            this.isMissing = isMissing;
            try (CSVParser parser = parser(new CharArrayReader(head), separator)) {
                Iterator<CSVRecord> records = parser.iterator();
                while (rows.size() < ROWS && records.hasNext()) {
                    CSVRecord record = records.next();
                    if (!CsvRows.isBlank(record)) {
                        rows.add(record.stream().map(String::strip).toList());
                        lines.add(parser.getCurrentLineNumber() - record.stream().mapToInt(CsvRows::lineEnds).sum());
                    }
                }
                boolean isCut = head.length == TextReader.MOST_PEEKED && !records.hasNext();
                if (isCut && rows.size() > 1) {
                    rows.remove(rows.size() - 1);
                }
            } catch (IOException | UncheckedIOException e) {
                // reading the rows will report the error
            }
            int[] counts = new int[1 + rows.stream().mapToInt(List::size).max().orElse(0)];
            rows.forEach(row -> counts[row.size()]++);
            width = IntStream.range(0, counts.length).reduce(0, (a, b) -> counts[b] >= counts[a] ? b : a);
        }

        /**
         * How likely the separator is: 2 and more if all rows have as many cells, two at least; from {@value #MOST_ROWS} to 1 if most
         * have, as below a title; else next to nothing, more with more cells in the first row. Spaces separate numbers alone, and only
         * if no other separator does for most rows.
         */
        double score() {
            double share = width < 2 ? 0 : (double) rows.stream().filter(row -> row.size() == width).count() / rows.size();
            boolean isLikely = share == 1 || share >= MOST_ROWS && rows.size() >= FEW_ROWS;
            double score = 1e-6 * (isLikely ? width : rows.isEmpty() ? 0 : rows.get(0).size() - 1) + (share == 1 ? 2 : isLikely ? share : 0);
            return separator != SPACE ? score : isLikely && rows.size() >= FEW_ROWS && hasNumbers() ? score / 4 : 0;
        }

        private boolean hasNumbers() {
            List<List<String>> below = whole(1);
            return IntStream.range(0, width).anyMatch(i -> below.stream().allMatch(row -> Decimal.isNumber(row.get(i))));
        }

        /** The rows from one on that have as many cells as most. */
        private List<List<String>> whole(int from) {
            return rows.subList(Math.min(from, rows.size()), rows.size()).stream().filter(row -> row.size() == width).toList();
        }

        /** Refuses a first row that has other cells than the rows have: a title, a comment, or names of several columns. */
        void requireNames(DataFile file, int skipped, boolean maySpan) throws DataException {
            if (rows.size() < 2 || width < 2) {
                return;
            }
            List<String> first = rows.get(0);
            long filled = first.stream().filter(cell -> !cell.isEmpty()).count();
            boolean isComment = first.get(0).startsWith("#") || first.get(0).startsWith("//");
            int next = 0;
            while (next < rows.size() && (rows.get(next).size() != width
                    || rows.get(next).subList(Math.min(1, width - 1), width).contains(""))) {
                next++;
            }
            boolean few = next == rows.size() || whole(0).size() < Math.max(FEW_ROWS, MOST_ROWS * (rows.size() - next));
            boolean isRow = first.size() == width ? filled > 1 && !isComment
                    : hasIndex() || hasEmptyEnd() || hasEmptyName() || filled > 1 && next == 1 && !isComment;
            if (width > 2 && next > 0 && next <= MOST_TITLES && !few && !isRow) {
                throw file.error("line " + (skipped + lines.get(0)) + ": expected the names of the " + width + " columns that most rows have."
                        + " Received: " + shown(first) + (filled == 1 ? " alone" : " and others") + ". Line "
                        + (skipped + lines.get(next)) + ", which begins with " + shown(rows.get(next))
                        + ", may have them: add " + skipLines(skipped + lines.get(next) - 1) + " if it does, or write them");
            }
            List<String> second = rows.get(1);
            if (maySpan && !few && !areNames(first) && !isRule(second) && overNumbers(second) > 0) {
                throw file.error("line " + (skipped + lines.get(0)) + ": expected a name for each of the " + width + " columns. Received: "
                        + shown(first) + " and others, over " + shown(second) + " and others in line " + (skipped + lines.get(1))
                        + ". Add " + skipLines(skipped + lines.get(1) - 1) + " to take the names of that line, or write one name over each");
            }
        }

        private static ProposedSetting skipLines(long lines) {
            return new ProposedSetting("skipLines", Long.toString(lines));
        }

        /** The first cell that has a text. */
        private static String shown(List<String> row) {
            return CsvRows.shown(row.stream().filter(cell -> !cell.isEmpty()).findFirst().orElse(""));
        }

        /** Whether rows have one cell more than the first row, which differs from row to row, or counts them. */
        boolean hasIndex() {
            List<String> cells = whole(1).stream().map(row -> row.get(0)).toList();
            if (cells.size() < FEW_ROWS || rows.get(0).size() != width - 1 || width < 2) {
                return false;
            }
            boolean counts = IntStream.range(1, cells.size())
                    .allMatch(i -> Decimal.parse(cells.get(i)) == Decimal.parse(cells.get(i - 1)) + 1);
            return counts || new HashSet<>(cells).size() == cells.size() && cells.stream().noneMatch(cell -> cell.isEmpty() || Decimal.isNumber(cell));
        }

        /** Whether the last cell of the rows is empty, and has no name. */
        boolean hasEmptyEnd() {
            List<List<String>> below = whole(1);
            boolean isUnnamed = width > 1 && (rows.get(0).size() == width - 1
                    || rows.get(0).size() == width && rows.get(0).get(width - 1).isEmpty());
            return isUnnamed && below.size() >= FEW_ROWS && below.stream().allMatch(row -> row.get(width - 1).isEmpty());
        }

        /** Whether the last name is empty, and the rows have no cell for it. */
        boolean hasEmptyName() {
            int names = rows.isEmpty() ? 0 : rows.get(0).size();
            return width > 1 && names == (hasEmptyEnd() ? width : width + 1) && rows.get(0).get(names - 1).isEmpty();
        }

        /** How many rows name the columns: two if the second is a rule, or has units over numbers. */
        int headerLines() {
            if (rows.size() < 2 || width < 2 || !isRule(rows.get(1)) && (hasIndex() || !areNames(rows.get(0)))) {
                return 1;
            }
            List<String> second = rows.get(1);
            long filled = second.stream().filter(cell -> !cell.isEmpty()).count();
            long units = overNumbers(second);
            return isRule(second) || units > 1 || units == 1 && filled == 1 ? 2 : 1;
        }

        /** Over how many columns of numbers and dates a row has a text; none if a cell may be a value. */
        private long overNumbers(List<String> row) {
            List<List<String>> below = whole(2);
            boolean mayBeRow = row.size() != width || below.size() < FEW_ROWS || IntStream.range(0, width).anyMatch(i -> isValue(row.get(i))
                    || !row.get(i).isEmpty() && (isMissing.test(row.get(i)) || below.stream().anyMatch(each -> each.get(i).equals(row.get(i)))));
            return mayBeRow ? 0 : IntStream.range(0, width).filter(i -> !row.get(i).isEmpty() && isOfNumbers(below, i)).count();
        }

        private boolean isOfNumbers(List<List<String>> below, int column) {
            List<String> cells = below.stream().map(row -> row.get(column)).filter(cell -> !isMissing.test(cell)).toList();
            return cells.size() >= FEW_ROWS && cells.stream().filter(CsvDialect::isValue).count() >= MOST_ROWS * cells.size();
        }

        /** That several rows name the columns. */
        String named(int count, int skipped) {
            List<List<String>> named = rows.subList(0, Math.min(rows.size(), count));
            long last = named.isEmpty() ? 0 : skipped + lines.get(named.size() - 1);
            if (count == 2 && named.size() == 2 && isRule(named.get(1))) {
                return "Line " + last + " is no row, but comes between names and rows: " + shown(named.get(1)) + OVERRIDE;
            }
            return named.size() < count ? "The first of " + count + " rows names the columns"
                    : (count == 2 ? "Line " + last + " is no row, but has" : "Lines " + (skipped + lines.get(1)) + " to " + last
                            + " are no rows, but have") + " units or further names: " + shown(named.get(1)) + OVERRIDE;
        }
    }
}

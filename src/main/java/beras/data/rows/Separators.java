package beras.data.rows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds out what is between the cells of a table. */
final class Separators {

    /** Several of which are one, and of which those at the ends of a line are none. */
    static final char SPACE = ' ';

    /** What may be found, what is more common first. */
    private static final Map<Character, String> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put(',', "comma");
        KNOWN.put(';', "semicolon");
        KNOWN.put('\t', "tab");
        KNOWN.put('|', "vertical bar");
        KNOWN.put(SPACE, "space");
    }

    /** Rows by which the separator is found. */
    private static final int ROWS = 100;

    /** Rows needed to decide if some others, such as a title, have another number of cells. */
    private static final int FEW_ROWS = 3;
    /** The share of the rows that must agree then. */
    private static final double MOST_ROWS = 0.8;

    /**
     * A separator that may be that of a table.
     *
     * @param separator which
     * @param agrees    whether each row has it as often, and at least once
     * @param mostly    whether most rows have it as often, and at least once
     * @param inFirst   how often the first row has it
     * @param often     how often most rows have it
     * @param rows      how many rows have it as often as that
     */
    private record Candidate(char separator, boolean agrees, boolean mostly, int inFirst, int often, int rows) {

        static Candidate of(char separator, char[] text, int length, boolean complete) {
            int[] counts = counts(separator, text, length, complete);
            int often = mode(counts);
            int rows = (int) Arrays.stream(counts).filter(count -> count == often).count();
            int first = counts.length == 0 ? 0 : counts[0];
            return new Candidate(separator, first > 0 && rows == counts.length,
                    often > 0 && rows >= FEW_ROWS && rows >= MOST_ROWS * counts.length, first, often, rows);
        }

        /** Whether this is more likely than one that is more common. */
        boolean isLikelierThan(Candidate other) {
            if (agrees || other.agrees) {
                return agrees && (!other.agrees || often > other.often);
            }
            if (!mostly || !other.mostly) {
                return mostly || !other.mostly && inFirst > other.inFirst;
            }
            boolean named = inFirst == often;
            boolean otherNamed = other.inFirst == other.often;
            return named != otherNamed ? named : rows != other.rows ? rows > other.rows : often > other.often;
        }
    }

    /** The number that is there most often, the largest if several are; 0 if there is none. */
    static int mode(int[] counts) {
        int[] sorted = counts.clone();
        Arrays.sort(sorted);
        int mode = 0;
        int most = 0;
        int run = 0;
        for (int i = 0; i < sorted.length; i++) {
            run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
            if (run >= most) {
                most = run;
                mode = sorted[i];
            }
        }
        return mode;
    }

    /**
     * The separator of which each row has as many, the most if several are like that. If none is, as below a title, that of which most
     * rows have as many. If none is, spaces between numbers; else that of which the first row has the most; a comma if the first row
     * has none.
     *
     * @param complete whether the text is the whole file; else its last row may be cut off
     */
    static char find(char[] text, int length, boolean complete) {
        Candidate best = null;
        for (char separator : KNOWN.keySet()) {
            if (separator != SPACE) {
                Candidate next = Candidate.of(separator, text, length, complete);
                best = best == null || next.isLikelierThan(best) ? next : best;
            }
        }
        return !best.agrees && !best.mostly && areSpaces(text, length, complete) ? SPACE : best.separator;
    }

    /**
     * Whether spaces are between cells: most rows have as many cells, of which those of one column are numbers except for its
     * name.
     */
    private static boolean areSpaces(char[] text, int length, boolean complete) {
        Candidate spaces = Candidate.of(SPACE, text, length, complete);
        if (!spaces.mostly) {
            return false;
        }
        boolean[] isText = new boolean[spaces.often + 1];
        int rows = 0;
        for (String line : new String(text, 0, length).lines().limit(ROWS).toList()) {
            String[] cells = line.strip().split(" +");
            if (cells.length == isText.length && rows++ > 0) {
                for (int i = 0; i < cells.length; i++) {
                    isText[i] |= Double.isNaN(Decimal.parse(cells[i], false)) && Double.isNaN(Decimal.parse(cells[i], true));
                }
            }
        }
        boolean someNumbers = false;
        for (boolean column : isText) {
            someNumbers |= !column;
        }
        return someNumbers && rows >= FEW_ROWS;
    }

    /** How many separators each of the first rows has, outside of quotes. */
    private static int[] counts(char separator, char[] text, int length, boolean complete) {
        int[] counts = new int[ROWS];
        int rows = 0;
        int count = 0;
        boolean quoted = false;
        boolean cellBegins = true;
        boolean blank = true;
        boolean spaced = false; // a space that separates came before
        for (int i = 0; i < length && rows < ROWS; i++) {
            char c = text[i];
            if (quoted) {
                quoted = c != '"'; // of two quotes in a cell the second opens it again
                cellBegins = c == '"';
            } else if (c == '\n' || c == '\r') {
                if (!blank) {
                    counts[rows++] = count;
                }
                count = 0;
                spaced = false;
                cellBegins = true;
                blank = true;
            } else if (c == separator && c == SPACE) {
                spaced = !blank;
                cellBegins = true;
            } else if (c == separator) {
                count++;
                cellBegins = true;
                blank = false;
            } else {
                count += spaced ? 1 : 0;
                spaced = false;
                quoted = c == '"' && cellBegins;
                cellBegins &= c == ' ';
                blank = false;
            }
        }
        if (rows < ROWS && !blank && (complete || rows == 0)) {
            counts[rows++] = count;
        }
        return Arrays.copyOf(counts, rows);
    }

    /** One of them, in words. */
    static String name(char separator) {
        String known = KNOWN.get(separator);
        return known == null ? CsvRows.shown(String.valueOf(separator)) : "a " + known;
    }

    /** Several of them, in words. */
    static String plural(char separator) {
        String known = KNOWN.get(separator);
        return known == null ? CsvRows.shown(String.valueOf(separator)) : known + "s";
    }

    private Separators() {}
}

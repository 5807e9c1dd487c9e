package beras.data.rows;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds out what is between the cells of a table. */
final class Separators {

    /** What may be found, what is more common first. */
    private static final Map<Character, String> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put(',', "comma");
        KNOWN.put(';', "semicolon");
        KNOWN.put('\t', "tab");
        KNOWN.put('|', "vertical bar");
    }

    /** So many rows tell. */
    private static final int ROWS = 100;

    /**
     * The separator of which each row has as many, the most if several are like that; if none is, that of which the first row has
     * the most; a comma if the first row has none.
     *
     * @param complete whether the text is the whole file; else its last row may be cut off
     */
    static char find(char[] text, int length, boolean complete) {
        char best = ',';
        int most = 0;
        boolean bestAgrees = false;
        for (char separator : KNOWN.keySet()) {
            int[] counts = counts(separator, text, length, complete);
            boolean agrees = true;
            for (int i = 1; i < counts.length; i++) {
                agrees &= counts[i] == counts[0];
            }
            int first = counts.length == 0 ? 0 : counts[0];
            if (first > 0 && (agrees && !bestAgrees || agrees == bestAgrees && first > most)) {
                best = separator;
                most = first;
                bestAgrees = agrees;
            }
        }
        return best;
    }

    /** How many separators each of the first rows has, outside of quotes. */
    private static int[] counts(char separator, char[] text, int length, boolean complete) {
        int[] counts = new int[ROWS];
        int rows = 0;
        int count = 0;
        boolean quoted = false;
        boolean cellBegins = true;
        boolean blank = true;
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
                cellBegins = true;
                blank = true;
            } else if (c == separator) {
                count++;
                cellBegins = true;
                blank = false;
            } else {
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

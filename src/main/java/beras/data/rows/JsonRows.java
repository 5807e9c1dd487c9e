package beras.data.rows;

import beras.data.DataException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows that are JSON objects: one after the other, as in JSON lines, or in one array. The columns are the keys of the first
 * {@link #ROWS_WITH_NAMES} rows, in the order in which they appear.
 *
 * <p>Its own parser, as a message must say the line, Python writes NaN, and nothing else of JSON than flat objects is needed:
 * objects and arrays within are cells as they stand there.
 */
final class JsonRows implements RowSource {

    /** So many characters decide whether a text is such. */
    static final int FIRST_CHARACTERS = 256;

    private static final int ROWS_WITH_NAMES = 1000;
    private static final Set<String> WORDS = Set.of("true", "false", "NaN", "Infinity", "-Infinity");
    private static final String KEY = "a key in quotes";
    private static final int END = -1;
    private static final int HEX_DIGITS = 4;

    /** The cells of a row, null where there is none, which are numbers, not text, and the lines in which they begin. */
    private record Row(String[] cells, BitSet numbers, long[] lines) {}

    private final DataFile file;
    private final TextReader text;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final Deque<Row> looked = new ArrayDeque<>(); // rows that are read already for their names
    private final StringBuilder token = new StringBuilder();
    private Row row;
    private boolean number; // what was read last
    private int c = ' '; // the next character
    private long line = 1; // in which it is
    private long rows; // read from the text
    private boolean inArray;
    private boolean namesAreKnown;
    private long unknown;
    private String firstUnknown;

    JsonRows(DataFile file, TextReader text) {
        this.file = file;
        this.text = text;
    }

    /** Whether a text begins like an object with keys, or an array of such; or its file's name says so. */
    static boolean begin(char[] first, String name) {
        String start = new String(first).strip();
        String object = start.startsWith("[") ? start.substring(1).strip() : start;
        boolean hasKey = object.startsWith("{") && (object.length() == 1 || "\"}".indexOf(object.substring(1).strip().charAt(0)) >= 0);
        return hasKey || RowSource.endsWith(name, ".jsonl", ".ndjson");
    }

    @Override
    public List<String> names() throws DataException {
        while (looked.size() < ROWS_WITH_NAMES) {
            Row read = read();
            if (read == null) {
                break;
            }
            looked.add(read);
        }
        namesAreKnown = true;
        if (places.isEmpty() && !looked.isEmpty()) {
            throw file.error("expected JSON objects with keys, which name the columns. Received: objects without");
        }
        return new ArrayList<>(places.keySet());
    }

    @Override
    public boolean next() throws DataException {
        row = looked.isEmpty() ? read() : looked.remove();
        return row != null;
    }

    @Override
    public String cell(int column) {
        String cell = column < row.cells.length ? row.cells[column] : null;
        return cell == null ? "" : cell;
    }

    @Override
    public boolean isNumber(int column) {
        return row.numbers.get(column);
    }

    /** The line of the cell, or of the row if the key is missing. */
    @Override
    public long line(int column) {
        boolean there = column < row.cells.length && row.cells[column] != null;
        return row.lines[there ? column : row.lines.length - 1];
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(List.of("The rows are JSON objects"));
        remarks.addAll(text.remarks());
        if (unknown > 0) {
            remarks.add(unknown + (unknown == 1 ? " value has a key" : " values have keys") + " that none of the first "
                    + ROWS_WITH_NAMES + " rows has, and " + (unknown == 1 ? "is" : "are") + " ignored: "
                    + (unknown == 1 ? "" : "the first is ") + firstUnknown);
        }
        return remarks;
    }

    // ------------------------------------------------------------------------------------------------- parsing

    /** The next row of the text, or null after the last. */
    private Row read() throws DataException {
        text.beginRow();
        long begin = line;
        try {
            if (!goToObject()) {
                return null;
            }
            begin = line;
            rows++;
            return object();
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw file.error("line " + begin + ": expected a JSON object. Received: " + e.getMessage());
        }
    }

    private boolean goToObject() throws IOException {
        skipSpace();
        if (rows == 0 && c == '[') {
            inArray = true;
            pass();
            skipSpace();
        } else if (inArray && c == ',') {
            pass();
            skipSpace();
        } else if (inArray && c != ']') {
            throw unexpected("a comma or ] after an object in an array");
        }
        if (inArray && c == ']') {
            inArray = false;
            pass();
            skipSpace();
            if (c != END) {
                throw unexpected("nothing after the array of objects");
            }
        }
        if (c == END && !inArray) {
            return false;
        }
        if (c != '{') {
            throw unexpected("an object for each row, such as {\"size\": 2.5, \"colour\": \"red\"}");
        }
        return true;
    }

    private Row object() throws IOException {
        String[] cells = new String[places.size()];
        BitSet numbers = new BitSet();
        long[] lines = new long[places.size() + 1];
        long begin = line;
        pass();
        skipSpace();
        for (int pairs = 0; c != '}'; pairs++) {
            if (pairs > 0) {
                require(',', "a comma or } after a value");
            }
            require('"', KEY);
            String key = string();
            long at = line;
            require(':', "a colon after the key " + CsvRows.shown(key));
            String value = value(key);
            skipSpace();
            Integer place = namesAreKnown ? places.get(key) : Integer.valueOf(places.computeIfAbsent(key, k -> places.size()));
            if (place == null) {
                firstUnknown = unknown++ == 0 ? CsvRows.shown(key) + " in line " + at : firstUnknown;
                continue;
            }
            if (place >= cells.length) {
                cells = Arrays.copyOf(cells, place + 1);
                lines = Arrays.copyOf(lines, place + 2);
            }
            if (cells[place] != null) {
                throw file.error("line " + at + ": expected each key once in an object. Received twice: " + CsvRows.shown(key));
            }
            cells[place] = value;
            numbers.set(place, number);
            lines[place] = at;
        }
        pass();
        lines[lines.length - 1] = begin;
        return new Row(cells, numbers, lines);
    }

    private String value(String key) throws IOException {
        skipSpace();
        number = false;
        if (c == '"') {
            pass();
            return string();
        }
        token.setLength(0);
        if (c == '{' || c == '[') {
            nested(key);
            return token.toString();
        }
        while (c != END && ",}] \t\r\n".indexOf(c) < 0) {
            token.append((char) c);
            advance();
        }
        String word = token.toString();
        if (word.equals("null")) {
            return "";
        }
        number = !word.isEmpty() && "-0123456789".indexOf(word.charAt(0)) >= 0 && !Double.isNaN(Decimal.parse(word));
        if (!number && !WORDS.contains(word)) {
            String expected = "a number, a text in quotes, true, false or null for the key " + CsvRows.shown(key);
            throw word.isEmpty() ? unexpected(expected) : unexpected(expected, CsvRows.shown(word));
        }
        return word;
    }

    /** Takes an object or array as it stands there. */
    private void nested(String key) throws IOException {
        long begin = line;
        int depth = 0;
        boolean quoted = false;
        do {
            if (c == END) {
                throw file.error("line " + begin + ": expected JSON, an end of what begins there for the key " + CsvRows.shown(key)
                        + ". Received: the end of the file");
            }
            depth += quoted ? 0 : c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            token.append((char) c);
            if (quoted && c == '\\') {
                advance();
                token.append((char) c);
            } else if (c == '"') {
                quoted = !quoted;
            }
            advance();
        } while (depth > 0);
    }

    /** A text whose first quote is read. */
    private String string() throws IOException {
        token.setLength(0);
        advance();
        while (c != '"') {
            if (c == END || c == '\n' || c == '\r') {
                throw unexpected("a second quote after " + CsvRows.shown(token.toString()));
            }
            boolean escaped = c == '\\';
            if (escaped) {
                advance();
            }
            token.append(escaped ? escape() : (char) c);
            advance();
        }
        pass();
        return token.toString();
    }

    private char escape() throws IOException {
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < HEX_DIGITS; i++) {
                    advance();
                    int digit = Character.digit(c, 16);
                    if (digit < 0) {
                        throw unexpected("four hexadecimal digits after \\u");
                    }
                    code = code << HEX_DIGITS | digit;
                }
                yield (char) code;
            }
            default -> throw unexpected("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u after a backslash");
        };
    }

    /** Passes over a character that must come next, after spaces. */
    private void require(char expected, String what) throws IOException {
        skipSpace();
        if (c != expected) {
            throw unexpected(what);
        }
        pass();
    }

    private void skipSpace() throws IOException {
        while (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            advance();
        }
    }

    /** Passes over a character, without waiting for the next one. */
    private void pass() {
        c = ' ';
    }

    private void advance() throws IOException {
        line += c == '\n' ? 1 : 0;
        c = text.read();
    }

    private DataException unexpected(String expected) {
        return unexpected(expected, c == END ? "the end of the file" : CsvRows.shown(Character.toString(c)));
    }

    private DataException unexpected(String expected, String received) {
        return file.error("line " + line + ": expected JSON, " + expected + ". Received: " + received);
    }
}

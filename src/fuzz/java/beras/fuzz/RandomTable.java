package beras.fuzz;

import beras.data.table.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** A table of any kind, in any encoding, with cells as people have them, that follows from a seed. */
final class RandomTable {

    /** How the cells are written. */
    private enum Kind { QUOTED, BARE, LINES, ARRAY }

    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final String[] NAMES = {"a", "b", "y", "a", "", " ", "größe", "size, cm", "say \"x\"", "x;y", "1", "column2", "名前",
        "a.2", "{\"a\"", "@relation", "%", "a|b\tc", "x".repeat(300)};
    private static final String[] MARKS = {"", " ", "NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "NaT", "null", "NULL", "\\N", "None",
        "?", "#DIV/0!", "-", ".", "unknown", "—", "--", "n/v"};
    private static final String[] NUMBERS = {"0", "-0", "1", "7", "42", "-3.5", "2.50", "1e3", "1e300", "-1e-320", "3.4e38", "3.5e38",
        "1,234.5", "1.234,5", "31.579,00", "$1,011.17", "12.4 %", "€ 5", "(3)", "007", "00501", "1'000", "+5", ".5", "5.", "inf",
        "-Infinity", "0x1p3", "1_000", "9223372036854775808", "2147483648", "\u22125", "1\u00a0000", "0.1f"};
    private static final String[] QUANTITIES = {"12 kg", "500 g", "1.2M", "350K", "2 Mio", "~12", "12*", "12 (est)", "<0.5", ">100", "20+",
        "175-", "10-20", "1–2 m", "2h 30m", "27:15:00", "5'11\"", "$(521.67)", "12,34,567", "0x1F", "9e19 t", "1e300 kg", "3 widgets",
        "-5 °C", "US$ 5 bn", "9".repeat(300) + " kg", "0".repeat(45), "(((1", "1 ".repeat(20), "<<<<5", "5********", "1/2", "1 kg 2 kg", "100000:00:00"};
    private static final String[] WORDS = {"red", "blue", "green", "true", "false", "yes", "no", "YES", "Yes", "ROME", "new  york", "Rome", "New York", "café", "größe", "東京",
        "😀", "a,b", "a;b", "x|y", "tab\there", "line\nend", "line\r\nend", "say \"x\"", "\"", "'", "\\", "\\\"", "%", "{", "[1]", "{}", "@",
        "=1+1", "x".repeat(500)};
    private static final String[] DATES = {"2026-01-31", "2026-02-30", "31/01/2026", "01/31/26", "2026-01-31T12:34:56Z", "12:30",
        "Jan 5, 2026", "20260131", "1970-01-01 00:00:00", "1. Januar 2024", "12 août 2023", "3 de mayo de 2021", "1706703045", "1706703045123"};
    private static final String[] TITLES = {"Sales of 2024", "Sales, 2024", "\"Sales, 2024\",,,", "# comment", "# a,b;c", "sep=;", "\"sep=,\"",
        "sep=\t", ",,,", "\n", "Source: x", "(3 rows)", "---+---"};
    private static final char[] SEPARATORS = {',', ';', '\t', '|', ':', ' '};
    private static final int FOUND_SEPARATORS = 4;
    private static final String[] LINE_ENDS = {"\n", "\r\n", "\r"};
    private static final int MOST_COLUMNS = 6;
    private static final int MOST_ROWS = 60;

    private final Draws draws;
    private final Kind kind;
    private final char separator;
    private final Charset encoding;
    private boolean titled; // or has a footer, or a row of units
    private final boolean marked; // the encoding, by the first bytes
    private final List<String> names = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private final byte[] bytes;

    RandomTable(long seed, long number) {
        this.draws = new Draws(seed, "table", number);
        this.kind = one(Kind.QUOTED, Kind.QUOTED, Kind.BARE, Kind.BARE, Kind.LINES, Kind.ARRAY);
        this.separator = SEPARATORS[below(SEPARATORS.length)];
        this.encoding = one(StandardCharsets.UTF_8, StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE,
                WINDOWS_1252);
        this.marked = below(4) > 0;
        fill();
        String text = switch (kind) {
            case QUOTED, BARE -> csv();
            case LINES, ARRAY -> json();
        };
        byte[] plain = (marked && encoding != WINDOWS_1252 ? "\uFEFF" + text : text).getBytes(encoding);
        this.bytes = below(8) == 0 ? packed(plain) : plain;
    }

    int below(int bound) {
        return draws.below(bound);
    }

    @SafeVarargs
    private <T> T one(T... choices) {
        return choices[below(choices.length)];
    }

    private void fill() {
        int columns = 1 + below(MOST_COLUMNS);
        String[][] pools = new String[columns][];
        int[] levels = new int[columns];
        for (int i = 0; i < columns; i++) {
            names.add(one(NAMES));
            pools[i] = one(NUMBERS, NUMBERS, QUANTITIES, WORDS, WORDS, DATES, MARKS);
            levels[i] = 1 + below(pools[i].length);
        }
        int count = below(MOST_ROWS);
        for (int row = 0; row < count; row++) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                String[] pool = below(20) == 0 ? one(MARKS, NUMBERS, WORDS) : pools[i];
                cells.add(pool == NUMBERS && below(2) == 0 ? Integer.toString(below(1000)) : pool[below(Math.min(levels[i], pool.length))]);
            }
            rows.add(cells);
        }
    }

    private String csv() {
        StringBuilder text = new StringBuilder();
        String end = one(LINE_ENDS);
        titled = below(8) == 0;
        text.append(titled ? one(TITLES) + end : "");
        addCsv(names, text);
        if (below(12) == 0) {
            titled = true;
            text.append(end);
            addCsv(names.stream().map(name -> one("", "kg", "[cm]", "---", "x")).toList(), text);
        }
        for (List<String> row : rows) { // blank lines are skipped, but for tables of one column, where they are rows
            text.append(end).append(names.size() > 1 && below(30) == 0 ? end : "");
            addCsv(row, text);
        }
        if (below(12) == 0) {
            titled = true;
            text.append(end).append(one(TITLES));
        }
        return text.append(below(2) == 0 ? end : "").toString();
    }

    private void addCsv(List<String> cells, StringBuilder text) {
        for (int i = 0; i < cells.size(); i++) {
            text.append(i > 0 ? separator : "");
            String cell = cells.get(i);
            boolean bare = kind == Kind.BARE && (below(50) == 0 || cell.indexOf(separator) < 0 && !cell.matches("(?s).*[\"\r\n].*"));
            text.append(bare ? cell : '"' + cell.replace("\"", "\"\"") + '"');
        }
    }

    private String json() {
        StringBuilder text = new StringBuilder(kind == Kind.ARRAY ? "[" : "");
        for (List<String> row : rows) {
            text.append(text.length() > 1 && kind == Kind.ARRAY ? "," : "").append('{');
            int written = 0;
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                if (cell.isEmpty() && below(2) == 0 || names.indexOf(names.get(i)) < i) {
                    continue; // a key that lacks, or would be there twice
                }
                text.append(written++ > 0 ? ", " : "").append(quoted(names.get(i))).append(": ").append(value(cell));
            }
            text.append('}').append(one(LINE_ENDS));
        }
        return text.append(kind == Kind.ARRAY ? "]" : "").toString();
    }

    private String value(String cell) {
        boolean bare = cell.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?(e-?[0-9]+)?|true|false|null|NaN|\\[1]|\\{}");
        return cell.isEmpty() && below(2) == 0 ? "null" : bare && below(2) == 0 ? cell : quoted(cell);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            quoted.append(c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : c == '"' || c == '\\' ? "\\" + c : Character.toString(c));
        }
        return quoted.append('"').toString();
    }

    private static byte[] packed(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    byte[] bytes() {
        return bytes;
    }

    /** Whether the file tells numbers from texts. */
    boolean isTyped() {
        return kind == Kind.LINES || kind == Kind.ARRAY;
    }

    /** The cells that a reader must find; null if what was written may well be taken for something else. */
    List<List<String>> cells() {
        boolean readable = (encoding == StandardCharsets.UTF_8 || marked && encoding != WINDOWS_1252);
        return kind == Kind.QUOTED && readable && separatorIsFound() && !rows.isEmpty() && startsPlainly()
                ? rows.stream().map(row -> row.stream().map(String::strip).toList()).toList() : null;
    }

    /** A column of different values in rows, of which there is at least one. */
    static int likelyTarget(List<List<String>> rows) {
        int columns = rows.get(0).size();
        for (int i = 0; i < columns; i++) {
            int column = i;
            if (rows.stream().map(row -> row.get(column)).filter(cell -> !Table.MISSING.contains(cell)).distinct().limit(2).count() > 1) {
                return i;
            }
        }
        return 0;
    }

    private boolean startsPlainly() {
        return !titled && !names.get(0).isEmpty(); // which two quotes and nothing else are not, in a table of one column
    }

    private boolean separatorIsFound() {
        for (int i = 0; i < FOUND_SEPARATORS; i++) {
            if (SEPARATORS[i] == separator) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return kind + " in " + encoding + (marked ? " with a mark" : "") + ", separator '" + separator + "'";
    }
}

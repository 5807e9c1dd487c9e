package beras.data.rows;

import beras.data.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Rows of an ARFF file, as Weka writes them: a line {@code @attribute} for each column, then {@code @data} and a line for each row.
 * The values decide what a column is, as in any other table.
 */
final class ArffRows implements RowSource {

    private static final Set<String> TYPES = Set.of("numeric", "real", "integer", "string", "date");
    private static final String RELATION = "@relation";
    private static final String ATTRIBUTE = "@attribute";
    private static final String DATA = "@data";
    /** A value that is missing, unless it is in quotes. */
    private static final String MISSING = "?";

    private final DataFile file;
    private final TextReader text;
    private final BufferedReader reader;
    private List<String> names = List.of();
    private List<String> row;
    private long line;
    private int at; // in the text of a line

    ArffRows(DataFile file, TextReader text) {
        this.file = file;
        this.text = text;
        this.reader = new BufferedReader(text);
    }

    /** Whether a text begins with the name of a relation, after comments. */
    static boolean begin(String start) {
        return start.lines().map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("%")).findFirst()
                .filter(line -> startsWith(line, RELATION)).isPresent();
    }

    private static boolean startsWith(String line, String word) {
        return line.toLowerCase(Locale.ROOT).startsWith(word);
    }

    /** The next line that says something, without spaces around it; null after the last. */
    private String read() throws DataException {
        try {
            while (true) {
                text.beginRow();
                String read = reader.readLine();
                line++;
                if (read == null) {
                    return null;
                }
                String stripped = read.strip();
                if (!stripped.isEmpty() && stripped.charAt(0) != '%') {
                    return stripped;
                }
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException e) {
            throw error("a line", e.getMessage());
        }
    }

    private DataException error(String expected, String received) {
        return file.error("line " + line + ": expected ARFF, " + expected + ". Received: " + received);
    }

    @Override
    public List<String> names() throws DataException {
        List<String> found = new ArrayList<>();
        for (String next = read(); next == null || !startsWith(next, DATA); next = read()) {
            if (next == null) {
                throw error("a line with " + DATA + " after the attributes", "the end of the file");
            }
            if (startsWith(next, ATTRIBUTE)) {
                found.add(attribute(next));
            } else if (!startsWith(next, RELATION)) {
                throw error("a line with " + ATTRIBUTE + " or " + DATA, CsvRows.shown(next));
            }
        }
        if (found.isEmpty()) {
            throw error("a line with " + ATTRIBUTE + " for each column before " + DATA, "none");
        }
        names = found;
        return found;
    }

    private String attribute(String declared) throws DataException {
        at = ATTRIBUTE.length();
        String name = word(declared, " \t{");
        String type = declared.substring(at).strip();
        if (name.isEmpty() || !type.startsWith("{") && !TYPES.contains(type.toLowerCase(Locale.ROOT).split("\\s", 2)[0])) {
            throw error("a name and one of numeric, string, date or {values} after " + ATTRIBUTE, CsvRows.shown(declared));
        }
        return name;
    }

    /** A word that may be in quotes, after spaces; it ends before one of these characters, or with its second quote. */
    private String word(String declared, String ends) throws DataException {
        while (at < declared.length() && Character.isWhitespace(declared.charAt(at))) {
            at++;
        }
        char quote = at < declared.length() ? declared.charAt(at) : 0;
        if (quote != '\'' && quote != '"') {
            int begin = at;
            while (at < declared.length() && ends.indexOf(declared.charAt(at)) < 0) {
                at++;
            }
            return declared.substring(begin, at).strip();
        }
        StringBuilder word = new StringBuilder();
        for (at++; at < declared.length() && declared.charAt(at) != quote; at++) {
            boolean escaped = declared.charAt(at) == '\\' && at + 1 < declared.length();
            at += escaped ? 1 : 0;
            word.append(escaped ? meant(declared.charAt(at)) : declared.charAt(at));
        }
        if (at == declared.length()) {
            throw error("a second " + quote + " after the one that begins a value", CsvRows.shown(declared));
        }
        at++;
        return word.toString();
    }

    /** What Weka means by a character after a backslash. */
    private static char meant(char escaped) {
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escaped;
        };
    }

    @Override
    public boolean next() throws DataException {
        String read = read();
        if (read == null) {
            return false;
        }
        if (read.charAt(0) == '{') {
            throw error("a value for each attribute", "a sparse row, in braces. Save the table with all values, or as CSV");
        }
        row = new ArrayList<>();
        for (at = -1; at < read.length(); ) {
            at++;
            int begin = at;
            String value = word(read, ",");
            row.add(read.substring(begin, at).strip().equals(MISSING) ? "" : value);
            while (at < read.length() && Character.isWhitespace(read.charAt(at))) {
                at++;
            }
            if (at < read.length() && read.charAt(at) != ',') {
                throw error("a comma or the end of the line after a quote that ends a value", CsvRows.shown(read.substring(at)));
            }
        }
        if (row.size() != names.size()) {
            throw error(names.size() + " values, as there are attributes", row.size() + ". Correct the line");
        }
        return true;
    }

    @Override
    public String cell(int column) {
        return row.get(column);
    }

    @Override
    public long line(int column) {
        return line;
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>(List.of("The file is ARFF, whose values decide what a column is"));
        remarks.addAll(text.remarks());
        return remarks;
    }
}

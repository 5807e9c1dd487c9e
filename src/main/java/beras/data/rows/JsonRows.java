package beras.data.rows;

import beras.data.DataException;
import beras.files.FileFailure;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that are JSON objects: one after the other, as in JSON lines, or in one array. The columns are the keys of the first
 * {@link #ROWS_WITH_NAMES} rows, in the order in which they appear. Objects and arrays within are cells as text. Words without quotes
 * are cells, too, as Python writes NaN.
 */
final class JsonRows implements RowSource {

    /** So many characters decide whether a text is such. */
    static final int FIRST_CHARACTERS = 256;

    private static final int ROWS_WITH_NAMES = 1000;

    /** The cells of a row, null where there is none, which are numbers, not text, and the line in which it begins. */
    private record Row(String[] cells, BitSet numbers, long line) {}

    private final DataFile file;
    private final TextReader text;
    private final Lines lines;
    private final JsonReader json;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final Deque<Row> looked = new ArrayDeque<>(); // rows that are read already for their names
    private Row row;
    private boolean isBegun;
    private boolean inArray;
    private boolean namesAreKnown;
    private long unknown;
    private String firstUnknown;

    /** Gives one line at a time, so that the parser has read the line of a value and no further one. */
    private static final class Lines extends Reader {

        private final TextReader text;
        private long number = 1;
        private boolean isEnded;

        Lines(TextReader text) {
            this.text = text;
        }

        @Override
        public int read(char[] into, int at, int length) throws IOException {
            number += isEnded ? 1 : 0;
            isEnded = false;
            int count = 0;
            for (int c = 0; count < length && !isEnded; count++) {
                c = text.read();
                if (c < 0) {
                    return count == 0 ? -1 : count;
                }
                into[at + count] = (char) c;
                isEnded = c == '\n';
            }
            return count;
        }

        @Override
        public void close() {}
    }

    JsonRows(DataFile file, TextReader text) {
        this.file = file;
        this.text = text;
        this.lines = new Lines(text);
        this.json = new JsonReader(lines);
    }

    /** Whether a text begins like an object with keys, or an array of objects; or its file has such a name. */
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

    @Override
    public long line() {
        return row.line;
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
        try {
            return hasRow() ? object() : null;
        } catch (IOException | JsonParseException | IllegalStateException e) {
            Exception cause = e.getCause() instanceof IOException io ? io : e;
            if (cause instanceof DataException known) {
                throw known;
            }
            throw unexpected("an object for each row, such as {\"size\": 2.5, \"colour\": \"red\"}",
                    cause instanceof EOFException ? "the end of the file" : FileFailure.ofJson(cause));
        }
    }

    private boolean hasRow() throws IOException {
        json.setStrictness(inArray || !isBegun ? Strictness.STRICT : Strictness.LENIENT); // objects follow each other
        try {
            if (!isBegun && json.peek() == JsonToken.BEGIN_ARRAY) {
                json.beginArray();
                inArray = true;
            }
        } catch (EOFException e) {
            return false; // the text is empty
        }
        isBegun = true;
        if (inArray && !json.hasNext()) {
            json.endArray();
            inArray = false;
            json.setStrictness(Strictness.LENIENT);
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw unexpected("nothing after the array of objects", "more");
            }
        }
        return json.peek() != JsonToken.END_DOCUMENT;
    }

    private Row object() throws IOException {
        String[] cells = new String[places.size()];
        BitSet numbers = new BitSet();
        long begin = lines.number;
        json.beginObject();
        for (json.setStrictness(Strictness.STRICT); json.hasNext(); json.setStrictness(Strictness.STRICT)) {
            String key = json.nextName();
            json.setStrictness(Strictness.LENIENT);
            boolean isNumber = json.peek() == JsonToken.NUMBER;
            long at = lines.number;
            String value = value();
            Integer place = namesAreKnown ? places.get(key) : Integer.valueOf(places.computeIfAbsent(key, k -> places.size()));
            if (place == null) {
                firstUnknown = unknown++ == 0 ? CsvRows.shown(key) + " in line " + at : firstUnknown;
                continue;
            }
            if (place >= cells.length) {
                cells = Arrays.copyOf(cells, place + 1);
            }
            if (cells[place] != null) {
                throw file.error("line " + at + ": expected each key once in an object. Received twice: " + CsvRows.shown(key));
            }
            cells[place] = value;
            numbers.set(place, isNumber);
        }
        json.endObject();
        return new Row(cells, numbers, begin);
    }

    private String value() throws IOException {
        return switch (json.peek()) {
            case NULL -> {
                json.nextNull();
                yield "";
            }
            case BOOLEAN -> Boolean.toString(json.nextBoolean());
            case BEGIN_ARRAY, BEGIN_OBJECT -> JsonParser.parseReader(json).toString();
            default -> json.nextString();
        };
    }

    private DataException unexpected(String expected, String received) {
        return file.error("line " + lines.number + ": expected JSON, " + expected + ". Received: " + received);
    }
}

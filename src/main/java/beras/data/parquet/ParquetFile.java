package beras.data.parquet;

import beras.data.parquet.ColumnType.Annotation;
import beras.data.parquet.ColumnType.Physical;
import beras.files.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The footer of a Parquet file: its columns, and the places of their values. Every error is an {@link IOException} whose
 * message has the expected and the received value.
 */
public final class ParquetFile {

    private static final int MAGIC = 'P' | 'A' << 8 | 'R' << 16 | '1' << 24;
    private static final int ENCRYPTED = 'P' | 'A' << 8 | 'R' << 16 | 'E' << 24;
    /** The length of the footer and the magic, after it. */
    private static final int TAIL = 2 * Integer.BYTES;
    private static final int MOST_FOOTER = 1 << 28;
    private static final int DEEPEST = 64;
    private static final int MOST_ELEMENTS = 1 << 17; // columns and structures
    /** Each row group repeats the path of each column in the footer. */
    private static final int SMALL_PATHS = 1 << 16;
    private static final int PATHS_TO_FOOTER = 4;
    /** The memory for all dictionaries together, in bytes: a value takes memory besides its text. */
    private static final int SMALL_DICTIONARIES = 1 << 27;
    private static final int DICTIONARIES_TO_FILE = 64;
    private static final int VALUE_BYTES = 48;
    private static final int OPTIONAL = 1;
    private static final int REPEATED = 2;

    /**
     * A column of the file, or of values within a structure.
     *
     * @param name       of a value within structures with points between, such as {@code address.city}
     * @param type       of a value
     * @param levels     how many of the structures around a value, and the value, may be missing
     * @param isRepeated whether a row may have several values, as in a list
     */
    public record Column(String name, ColumnType type, int levels, boolean isRepeated) {}

    /** The values of a column in a group of rows. */
    record Chunk(int codec, long values, long begin) {}

    record RowGroup(long rows, List<Chunk> chunks) {}

    private record Element(String name, int physical, int length, int repetition, int children, Annotation annotation) {}

    private final Bytes bytes;
    private final List<Column> columns = new ArrayList<>();
    private final List<RowGroup> groups = new ArrayList<>();
    private final List<Element> elements = new ArrayList<>();
    private long rows = -1;
    private long pathsLeft; // characters
    private long dictionariesLeft; // bytes

    /**
     * Reads the end of a file.
     *
     * @param bytes are closed by the caller
     * @throws IOException if it is no such file, or encrypted
     */
    public ParquetFile(Bytes bytes) throws IOException {
        this.bytes = bytes;
        long size = bytes.size();
        if (size < Integer.BYTES + TAIL) {
            throw new IOException("expected a Parquet file, of at least " + (Integer.BYTES + TAIL) + " bytes. Received: " + size);
        }
        ByteCursor tail = cursor(size - TAIL, TAIL);
        long length = tail.littleInt();
        int magic = tail.littleInt();
        if (magic == ENCRYPTED || bytes.read(0, Integer.BYTES).getInt() == ENCRYPTED) {
            throw encrypted("footer");
        }
        if (magic != MAGIC || length < 1 || length > Math.min(size - TAIL - Integer.BYTES, MOST_FOOTER)) {
            throw new IOException("expected a Parquet file, which ends with a description of its columns. Received: another end, as"
                    + " the file is cut off or damaged. Get it again");
        }
        pathsLeft = SMALL_PATHS + PATHS_TO_FOOTER * length;
        dictionariesLeft = SMALL_DICTIONARIES + DICTIONARIES_TO_FILE * size;
        readFooter(new Thrift(cursor(size - TAIL - length, (int) length)));
        long sum = 0;
        for (RowGroup group : groups) {
            sum += requireSize(group.rows, "rows");
            if (group.chunks.size() != columns.size()) {
                throw new IOException("expected a row group of " + columns.size() + " columns. Received: " + group.chunks.size());
            }
        }
        if (sum != rows) {
            throw new IOException("expected row groups of " + rows + " rows together. Received: " + sum);
        }
    }

    private static IOException encrypted(String what) {
        return new IOException("expected a Parquet file that is not encrypted. Received: one with encrypted " + what
                + ". Write it without encryption");
    }

    private static long requireSize(long size, String what) throws IOException {
        if (size < 0) {
            throw new IOException("expected a number of " + what + ". Received: " + size);
        }
        return size;
    }

    ByteCursor cursor(long at, int count) throws IOException {
        if (at < 0 || count < 0 || at > bytes.size() - count) {
            throw new IOException("expected " + count + " bytes from byte " + at + " on. Received: a file of " + bytes.size()
                    + " bytes. It is cut off or damaged; get it again");
        }
        return new ByteCursor(bytes.read(at, count).array(), 0, count);
    }

    /**
     * Takes memory for a dictionary, which small files could request without end: in each row group again, for any column.
     *
     * @throws IOException if all that were read would be too large for this file
     */
    void takeDictionary(long values, long textBytes) throws IOException {
        dictionariesLeft -= textBytes + VALUE_BYTES * values;
        if (dictionariesLeft < 0) {
            throw new IOException("expected dictionaries that take at most " + (SMALL_DICTIONARIES + DICTIONARIES_TO_FILE * bytes.size())
                    + " bytes together, for a file of " + bytes.size() + ". Received: more, the last of " + values + " values");
        }
    }

    long size() {
        return bytes.size();
    }

    // -------------------------------------------------------------------------------------------------- footer

    private void readFooter(Thrift thrift) throws IOException {
        thrift.struct((field, type) -> switch (field) {
            case 2 -> thrift.list(type, element -> {
                elements.add(element(thrift, element));
                if (elements.size() > MOST_ELEMENTS) {
                    throw new IOException("expected at most " + MOST_ELEMENTS + " columns and structures. Received: more");
                }
            });
            case 3 -> {
                rows = thrift.number(type);
                yield true;
            }
            case 4 -> {
                readColumns();
                yield thrift.list(type, element -> groups.add(group(thrift, element)));
            }
            case 8 -> throw encrypted("columns");
            default -> false;
        });
        if (columns.isEmpty()) {
            readColumns();
        }
    }

    private static Element element(Thrift thrift, int type) throws IOException {
        int[] numbers = {-1, 0, 0, 0}; // physical type, length, repetition, children
        String[] name = {""};
        Annotation annotation = new Annotation();
        thrift.struct(type, (field, each) -> {
            switch (field) {
                case 1, 2, 3 -> numbers[field - 1] = thrift.integer(each);
                case 5 -> numbers[3] = thrift.integer(each);
                case 4 -> name[0] = thrift.text(each);
                case 6 -> annotation.converted(thrift.integer(each));
                case 7 -> annotation.scale(thrift.integer(each));
                case 10 -> annotation.logical(thrift, each);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new Element(name[0], numbers[0], numbers[1], numbers[2], numbers[3], annotation);
    }

    private void readColumns() throws IOException {
        if (elements.isEmpty() || elements.get(0).children < 1) {
            throw new IOException("expected a Parquet file with columns. Received: one without");
        }
        int next = 1;
        for (int i = 0; i < elements.get(0).children; i++) {
            next = readColumns(next, "", 0, false, 0);
        }
        if (next != elements.size()) {
            throw new IOException("expected a tree of " + next + " columns and structures. Received: " + elements.size());
        }
    }

    /**
     * Adds the columns within an element of the tree, which is stored in depth-first order; returns the index of the next
     * element.
     */
    private int readColumns(int at, String path, int levelsAround, boolean isRepeatedAround, int depth) throws IOException {
        if (at >= elements.size() || depth > DEEPEST) {
            throw new IOException("expected a tree of columns. Received: one that is cut off, or deeper than " + DEEPEST);
        }
        Element element = elements.get(at);
        boolean isList = isRepeatedAround || element.repetition == REPEATED && !path.isEmpty();
        pathsLeft -= path.length() + element.name.length();
        if (pathsLeft < 0) {
            throw new IOException("expected names of columns, with those of the structures around them, of at most "
                    + PATHS_TO_FOOTER + " times the length of the footer together. Received: more, in structures that are "
                    + depth + " deep");
        }
        String name = isList ? path.substring(0, path.length() - 1) : path + element.name; // of a list, not of its elements
        int levels = levelsAround + (element.repetition == OPTIONAL || element.repetition == REPEATED ? 1 : 0);
        boolean isRepeated = isRepeatedAround || element.repetition == REPEATED;
        int next = at + 1;
        for (int i = 0; i < element.children; i++) {
            next = readColumns(next, name + ".", levels, isRepeated, depth + 1);
        }
        if (element.children == 0) {
            Physical[] types = Physical.values();
            if (element.physical < 0 || element.physical >= types.length || element.length < 0) {
                throw new IOException("column " + name + ": expected one of " + types.length + " types. Received: "
                        + element.physical + " with values of " + element.length + " bytes");
            }
            columns.add(new Column(name, element.annotation.of(types[element.physical], element.length), levels, isRepeated));
        }
        return next;
    }

    private RowGroup group(Thrift thrift, int type) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        long[] groupRows = {-1};
        thrift.struct(type, (field, each) -> switch (field) {
            case 1 -> thrift.list(each, element -> chunks.add(chunk(thrift, element)));
            case 3 -> {
                groupRows[0] = thrift.number(each);
                yield true;
            }
            default -> false;
        });
        return new RowGroup(groupRows[0], chunks);
    }

    private static Chunk chunk(Thrift thrift, int type) throws IOException {
        long[] numbers = new long[12]; // by their fields
        thrift.struct(type, (field, each) -> switch (field) {
            case 1 -> throw new IOException("expected a Parquet file with all its columns. Received: one that has some in other files."
                    + " Write it again as one file");
            case 3 -> thrift.struct(each, (inner, innerType) -> {
                if (inner != 4 && inner != 5 && inner != 9 && inner != 11) {
                    return false;
                }
                numbers[inner] = thrift.number(innerType);
                return true;
            });
            case 8, 9 -> throw encrypted("columns");
            default -> false;
        });
        long dictionary = numbers[11]; // comes before the values, if there is one
        long begin = dictionary > 0 ? Math.min(dictionary, numbers[9]) : numbers[9];
        return new Chunk((int) numbers[4], requireSize(numbers[5], "values"), begin);
    }

    // ----------------------------------------------------------------------------------------------------- use

    /** The columns in the order of the file, repeated ones included. */
    public List<Column> columns() {
        return columns;
    }

    public long rows() {
        return rows;
    }

    List<RowGroup> groups() {
        return groups;
    }

    /** Reads the values of a column, which is not repeated, from the first to the last row. */
    public ColumnReader reader(int column, ValueText text) {
        return new ColumnReader(this, column, text);
    }
}

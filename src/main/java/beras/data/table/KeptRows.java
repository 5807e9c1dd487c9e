package beras.data.table;

import beras.data.DataException;
import beras.data.rows.Decimal;
import beras.data.rows.RowSource;
import beras.files.ScratchBytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The rows of a table as the text of its file gave them, so that it need not be read again. A row is its size as an int, how many
 * lines it begins after the row before, and for each cell its length and its characters, one byte each if all are Latin-1. If not
 * all cells begin in one line, the line of each comes before them.
 */
final class KeptRows {

    private static final int FIRST_ROW = 1 << 9; // grows
    /** A longer row is not kept: its size and the lengths in it, with their flags, are ints. */
    private static final int LONGEST_ROW = 1 << 28;
    /** The most bytes of a number in groups of seven bits. */
    private static final int LONGEST_NUMBER = 10;
    private static final int GROUP = 7;
    private static final int MORE = 1 << GROUP;
    private static final int LATIN_1 = 0xff;
    /** In the length of a cell are these, too: whether it has two bytes a character, and whether it is surely a number. */
    private static final int WIDE = 1;
    private static final int NUMBER = 2;
    private static final int FLAGS = 2;

    private final List<String> names;
    private final List<ByteBuffer> segments;
    private final List<String> remarks;

    private KeptRows(List<String> names, List<ByteBuffer> segments, List<String> remarks) {
        this.names = names;
        this.segments = segments;
        this.remarks = remarks;
    }

    /** All rows, once more. */
    RowSource open() {
        return new Reader();
    }

    /** Keeps rows while they are read. Where there is no room for them, it keeps none: the text can be read again, after all. */
    static final class Writer implements RowSource, Closeable {

        private final Closeable file;
        private final RowSource rows;
        private final AtomicReference<KeptRows> whole;
        private final int longestRow;
        private final ScratchBytes kept = new ScratchBytes(".cells");
        private boolean keeps = true;
        private List<String> names;
        private byte[] row = new byte[FIRST_ROW];
        private int size;
        private long lineBefore;

        /**
         * @param file  is closed with this
         * @param whole takes the rows when all are read
         */
        Writer(Closeable file, RowSource rows, AtomicReference<KeptRows> whole) {
            this(file, rows, whole, LONGEST_ROW);
        }

        /** @param longestRow how many characters and bytes a row may come to */
        Writer(Closeable file, RowSource rows, AtomicReference<KeptRows> whole, int longestRow) {
            this.file = file;
            this.rows = rows;
            this.whole = whole;
            this.longestRow = longestRow;
        }

        @Override
        public List<String> names() throws DataException {
            names = rows.names();
            return names;
        }

        @Override
        public boolean next() throws DataException {
            boolean there = rows.next();
            if (keeps) {
                try {
                    if (there) {
                        keep();
                    } else {
                        whole.set(new KeptRows(names, kept.finish(), rows.remarks()));
                        end();
                    }
                } catch (IOException e) {
                    end();
                }
            }
            return there;
        }

        private void keep() throws IOException {
            size = 0;
            long line = rows.line(0);
            boolean inOneLine = true;
            for (int i = 1; i < names.size(); i++) {
                inOneLine &= rows.line(i) == line;
            }
            put(2 * (line - lineBefore) + (inOneLine ? 0 : 1));
            lineBefore = line;
            for (int i = 1; i < names.size() && !inOneLine; i++) {
                long after = rows.line(i) - line;
                put(after << 1 ^ after >> Long.SIZE - 1); // keys of JSON come in any order
            }
            for (int i = 0; i < names.size(); i++) {
                put(rows.cell(i), rows.isNumber(i) ? NUMBER : 0);
            }
            kept.record(Integer.BYTES + size).putInt(size).put(row, 0, size);
        }

        private void put(String cell, int flags) throws IOException {
            int length = cell.length();
            if (length > longestRow - size) {
                throw new IOException("a row is too long to be kept");
            }
            int before = size;
            put((long) length << FLAGS | flags);
            room(length);
            int all = 0;
            for (int i = 0; i < length; i++) {
                char c = cell.charAt(i);
                all |= c;
                row[size + i] = (byte) c;
            }
            size += length;
            if (all > LATIN_1) {
                size = before;
                put((long) length << FLAGS | flags | WIDE);
                room(Character.BYTES * length);
                ByteBuffer.wrap(row).position(size).asCharBuffer().put(cell);
                size += Character.BYTES * length;
            }
        }

        private void put(long number) {
            room(LONGEST_NUMBER);
            long left = number;
            for (; left >= MORE || left < 0; left >>>= GROUP) {
                row[size++] = (byte) (left | MORE);
            }
            row[size++] = (byte) left;
        }

        private void room(int bytes) {
            if (bytes > row.length - size) {
                row = Arrays.copyOf(row, Math.max(2 * row.length, size + bytes));
            }
        }

        @Override
        public String cell(int column) {
            return rows.cell(column);
        }

        @Override
        public boolean isNumber(int column) {
            return rows.isNumber(column);
        }

        @Override
        public long line(int column) {
            return rows.line(column);
        }

        @Override
        public List<String> remarks() {
            return rows.remarks();
        }

        private void end() {
            keeps = false;
            try {
                kept.close();
            } catch (IOException e) {
                // nobody needs the file any more
            }
        }

        @Override
        public void close() throws IOException {
            end();
            file.close();
        }
    }

    private final class Reader implements RowSource {

        private final String[] cells = new String[names.size()]; // null: not asked for yet
        private final int[] places = new int[cells.length]; // in the row
        private final int[] lengths = new int[cells.length]; // with the flags
        private final long[] lines = new long[cells.length];
        private int segment;
        private ByteBuffer bytes = ByteBuffer.allocate(0);
        private byte[] row = new byte[FIRST_ROW];
        private int at;

        @Override
        public List<String> names() {
            return names;
        }

        @Override
        public boolean next() {
            if (!bytes.hasRemaining()) {
                if (segment == segments.size()) {
                    return false;
                }
                ByteBuffer next = segments.get(segment++);
                bytes = next.duplicate().order(next.order());
            }
            int size = bytes.getInt();
            row = size > row.length ? new byte[size] : row;
            bytes.get(row, 0, size);
            at = 0;
            long begin = number();
            Arrays.fill(lines, lines[0] + (begin >> 1));
            for (int i = 1; i < lines.length && (begin & 1) != 0; i++) {
                long after = number();
                lines[i] += after >>> 1 ^ -(after & 1);
            }
            for (int i = 0; i < cells.length; i++) {
                lengths[i] = (int) number();
                places[i] = at;
                at += bytes(i);
            }
            Arrays.fill(cells, null);
            return true;
        }

        private long number() {
            long number = 0;
            for (int shift = 0; ; shift += GROUP) {
                byte next = row[at++];
                number |= (long) (next & MORE - 1) << shift;
                if (next >= 0) {
                    return number;
                }
            }
        }

        private int bytes(int column) {
            return lengths[column] >> FLAGS << (lengths[column] & WIDE);
        }

        @Override
        public String cell(int column) {
            if (cells[column] == null) {
                cells[column] = (lengths[column] & WIDE) == 0
                        ? new String(row, places[column], bytes(column), StandardCharsets.ISO_8859_1)
                        : ByteBuffer.wrap(row, places[column], bytes(column)).asCharBuffer().toString();
            }
            return cells[column];
        }

        @Override
        public boolean isNumber(int column) {
            return (lengths[column] & NUMBER) != 0;
        }

        @Override
        public double plainNumber(int column) {
            int from = places[column];
            return (lengths[column] & WIDE) == 0 ? Decimal.parsePlain(row, from, from + bytes(column)) : Double.NaN;
        }

        @Override
        public long line(int column) {
            return lines[column];
        }

        @Override
        public List<String> remarks() {
            return remarks;
        }
    }
}

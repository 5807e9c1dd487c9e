package beras.data.table;

import beras.data.DataException;
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
 * The rows of a table as the text of its file gave them, so that it need not be read again. A row is its size and its line, for each
 * cell its size in bytes with two flags, and then the characters of all, one byte each in a cell that is Latin-1.
 */
record KeptRows(List<String> names, List<ByteBuffer> segments, List<String> remarks) {

    /** A longer row is not kept: sizes with their flags are ints. */
    private static final int LONGEST_ROW = 1 << 28;
    private static final int LATIN_1 = 0xff;
    /** In the size of a cell are these, too: whether it has two bytes a character, and whether it is surely a number. */
    private static final int WIDE = 1;
    private static final int NUMBER = 2;
    private static final int FLAGS = 2;

    /** All rows, once more. */
    RowSource open() {
        return new Reader();
    }

    /** Keeps rows while they are read. Where there is no room for them, it keeps none: the text can be read again, after all. */
    static final class Writer implements RowSource, Closeable {

        private final Closeable file;
        private final RowSource rows;
        private final AtomicReference<KeptRows> whole;
        private final ScratchBytes kept = new ScratchBytes(".cells");
        private boolean keeps = true;
        private List<String> names;

        /**
         * @param file  is closed with this
         * @param whole takes the rows when all are read
         */
        Writer(Closeable file, RowSource rows, AtomicReference<KeptRows> whole) {
            this.file = file;
            this.rows = rows;
            this.whole = whole;
        }

        @Override
        public List<String> names() throws DataException {
            names = rows.names();
            return names;
        }

        @Override
        public boolean next() throws DataException {
            boolean there = rows.next();
            try {
                if (keeps && there) {
                    keep();
                } else if (keeps) {
                    whole.set(new KeptRows(names, kept.finish(), rows.remarks()));
                    end();
                }
            } catch (IOException e) {
                end();
            }
            return there;
        }

        private void keep() throws IOException {
            int[] sizes = new int[names.size()];
            long all = Integer.BYTES + Long.BYTES + (long) Integer.BYTES * sizes.length;
            for (int i = 0; i < sizes.length; i++) {
                String cell = rows.cell(i);
                boolean isWide = cell.length() <= LONGEST_ROW && cell.chars().anyMatch(c -> c > LATIN_1);
                long bytes = (long) cell.length() << (isWide ? 1 : 0);
                all += bytes;
                if (all > LONGEST_ROW) {
                    throw new IOException("a row is too long to be kept");
                }
                sizes[i] = (int) bytes << FLAGS | (rows.isNumber(i) ? NUMBER : 0) | (isWide ? WIDE : 0);
            }
            ByteBuffer record = kept.record((int) all).putInt((int) all - Integer.BYTES).putLong(rows.line());
            for (int size : sizes) {
                record.putInt(size);
            }
            for (int i = 0; i < sizes.length; i++) {
                String cell = rows.cell(i);
                if ((sizes[i] & WIDE) != 0) {
                    for (int c = 0; c < cell.length(); c++) {
                        record.putChar(cell.charAt(c));
                    }
                } else {
                    record.put(cell.getBytes(StandardCharsets.ISO_8859_1));
                }
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
        public long line() {
            return rows.line();
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
        private final int[] sizes = new int[cells.length]; // with the flags
        private int segment;
        private ByteBuffer bytes = ByteBuffer.allocate(0);
        private byte[] row = new byte[0];
        private ByteBuffer characters; // of the row
        private long line;

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
            if (size > row.length) {
                row = new byte[2 * size];
                characters = ByteBuffer.wrap(row).order(bytes.order());
            }
            bytes.get(row, 0, size);
            line = characters.getLong(0);
            int at = Long.BYTES + Integer.BYTES * sizes.length;
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = characters.getInt(Long.BYTES + Integer.BYTES * i);
                places[i] = at;
                at += sizes[i] >> FLAGS;
            }
            Arrays.fill(cells, null);
            return true;
        }

        private boolean isWide(int column) {
            return (sizes[column] & WIDE) != 0;
        }

        @Override
        public String cell(int column) {
            if (cells[column] == null) {
                int from = places[column];
                int size = sizes[column] >> FLAGS;
                cells[column] = isWide(column) ? characters.slice(from, size).order(characters.order()).asCharBuffer().toString()
                        : new String(row, from, size, StandardCharsets.ISO_8859_1);
            }
            return cells[column];
        }

        @Override
        public boolean isNumber(int column) {
            return (sizes[column] & NUMBER) != 0;
        }

        @Override
        public long line() {
            return line;
        }

        @Override
        public List<String> remarks() {
            return remarks;
        }
    }
}

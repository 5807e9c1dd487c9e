package beras.data.table;

import beras.data.rows.RowSource;
import beras.files.ScratchBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The rows of a table as the text of its file gave them, so that it need not be read again. A row is its size and its line, for each
 * cell its size in bytes with a flag, and then the text of all in UTF-8.
 */
record KeptRows(List<String> names, List<ByteBuffer> segments, List<String> remarks) {

    /** A longer row is not kept: sizes with their flags are ints. */
    private static final int LONGEST_ROW = 1 << 28;

    RowSource open() {
        return new Reader();
    }

    /** Keeps rows while they are read. Where there is no room for them, it keeps none: the text can be read again, after all. */
    static final class Writer {

        private final RowSource rows;
        private final List<String> names;
        private final AtomicReference<KeptRows> whole;
        private final ScratchBytes kept = new ScratchBytes(".cells");
        private boolean keeps = true;

        /** @param whole takes the rows when all are read */
        Writer(RowSource rows, List<String> names, AtomicReference<KeptRows> whole) {
            this.rows = rows;
            this.names = names;
            this.whole = whole;
        }

        /** Keeps the row that was read last, if there was one, else all of them. */
        void add(boolean there) {
            try {
                if (keeps && there) {
                    keep();
                } else if (keeps) {
                    whole.set(new KeptRows(names, kept.finish(), rows.remarks()));
                    close();
                }
            } catch (IOException e) {
                close();
            }
        }

        private void keep() throws IOException {
            byte[][] cells = new byte[names.size()][];
            long all = Integer.BYTES + Long.BYTES + (long) Integer.BYTES * cells.length;
            for (int i = 0; i < cells.length; i++) {
                String cell = rows.cell(i);
                cells[i] = cell.getBytes(StandardCharsets.UTF_8);
                all += cells[i].length;
                boolean isWhole = cell.chars().noneMatch(c -> Character.isSurrogate((char) c))
                        || new String(cells[i], StandardCharsets.UTF_8).equals(cell);
                if (all > LONGEST_ROW || !isWhole) {
                    throw new IOException("a row is too long to be kept, or has half a character");
                }
            }
            ByteBuffer record = kept.record((int) all).putInt((int) all - Integer.BYTES).putLong(rows.line());
            for (int i = 0; i < cells.length; i++) {
                record.putInt(cells[i].length << 1 | (rows.isNumber(i) ? 1 : 0));
            }
            for (byte[] cell : cells) {
                record.put(cell);
            }
        }

        void close() {
            keeps = false;
            try {
                kept.close();
            } catch (IOException e) {
                // nobody needs the file any more
            }
        }
    }

    private final class Reader implements RowSource {

        private final String[] cells = new String[names.size()]; // null: not computed yet
        private final int[] places = new int[cells.length]; // in the row
        private final int[] sizes = new int[cells.length]; // the lowest bit is 1 for a typed number
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
                at += sizes[i] >> 1;
            }
            Arrays.fill(cells, null);
            return true;
        }

        @Override
        public String cell(int column) {
            if (cells[column] == null) {
                cells[column] = new String(row, places[column], sizes[column] >> 1, StandardCharsets.UTF_8);
            }
            return cells[column];
        }

        @Override
        public boolean isNumber(int column) {
            return (sizes[column] & 1) != 0;
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

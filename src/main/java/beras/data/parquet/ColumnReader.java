package beras.data.parquet;

import beras.data.parquet.ParquetFile.Chunk;
import beras.data.parquet.ParquetFile.Column;
import beras.data.parquet.ParquetFile.RowGroup;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.CRC32;

/** The values of a column, page after page, of which one is in memory at a time. */
public final class ColumnReader {

    private static final int DATA = 0;
    private static final int DICTIONARY = 2;
    private static final int DATA_2 = 3;
    private static final int RUN_LENGTHS = 3;
    private static final int PLAIN = 0;
    private static final int PLAIN_DICTIONARY = 2;
    /** Sizes tried for page headers: with the least and the greatest value, long texts, they may be long. */
    private static final int[] HEADERS = {1 << 9, 1 << 16, 1 << 24};
    private static final int MOST_PAGE = 1 << 28;
    private static final int SMALL_PAGE = 1 << 24;
    private static final int MOST_GROWTH = 200;

    private final ParquetFile file;
    private final int index;
    private final Column column;
    private final ValueText text;
    private int group = -1;
    private Chunk chunk;
    private long at; // where the next page begins
    private long leftInGroup;
    private long leftInPage;
    private String[] dictionary;
    private RunLengths levels; // null: no value is missing
    private Values values;
    private boolean isPresent;

    /** The header of a page, of the fields that are needed. */
    private static final class Header {
        private int type = -1;
        private int unpacked = -1;
        private int packed = -1;
        private int crc;
        private boolean hasCrc;
        private int count = -1;
        private int encoding = -1;
        private int levelEncoding = RUN_LENGTHS;
        private int length;
    }

    ColumnReader(ParquetFile file, int index, ValueText text) {
        this.file = file;
        this.index = index;
        this.column = file.columns().get(index);
        this.text = text;
    }

    /** Goes to the value of the next row. */
    public void next() throws IOException {
        while (leftInPage == 0) {
            readPage();
        }
        leftInPage--;
        leftInGroup--;
        isPresent = true;
        if (levels != null) {
            int level = levels.next();
            if (level > column.levels()) {
                throw new IOException("expected a level of at most " + column.levels() + ". Received: " + level);
            }
            isPresent = level == column.levels();
        }
        if (isPresent) {
            values.next();
        }
    }

    /** The text of the value; empty if it is missing. */
    public String text() throws IOException {
        return isPresent ? values.text() : "";
    }

    // --------------------------------------------------------------------------------------------------- pages

    private void beginGroup() throws IOException {
        if (++group >= file.groups().size()) {
            throw new IOException("expected " + (file.rows() + 1) + " rows. Received: " + file.rows());
        }
        RowGroup next = file.groups().get(group);
        chunk = next.chunks().get(index);
        if (chunk.values() != next.rows()) {
            throw new IOException("expected a value for each of " + next.rows() + " rows. Received: " + chunk.values());
        }
        at = chunk.begin();
        leftInGroup = next.rows();
        dictionary = null;
    }

    private void readPage() throws IOException {
        while (leftInGroup == 0) {
            beginGroup();
        }
        Header header = header();
        if (header.packed < 0 || header.unpacked < 0 || header.packed > MOST_PAGE || header.unpacked > MOST_PAGE) {
            throw new IOException("expected pages of at most " + MOST_PAGE + " bytes. Received: one of " + header.packed
                    + ", unpacked " + header.unpacked);
        }
        if (header.unpacked > SMALL_PAGE && header.unpacked / MOST_GROWTH > header.packed) {
            throw new IOException("expected large pages that unpack to at most " + MOST_GROWTH + " times their size. Received: one of "
                    + header.packed + " bytes, unpacked " + header.unpacked);
        }
        ByteCursor page = file.cursor(at + header.length, header.packed);
        at += header.length + (long) header.packed;
        if (header.hasCrc) {
            CRC32 crc = new CRC32();
            crc.update(page.bytes, 0, page.end);
            if ((int) crc.getValue() != header.crc) {
                throw new IOException("expected a page with the checksum in its header. Received: other bytes. Get the file"
                        + " again");
            }
        }
        switch (header.type) {
            case DATA -> beginValues(header, page);
            case DATA_2 -> throw new IOException("expected pages of version 1 of the format, as most programs write. Received: version 2."
                    + " Write the file again in version 1");
            case DICTIONARY -> readDictionary(header, page);
            default -> { } // an index
        }
    }

    private Header header() throws IOException {
        for (int i = 0; ; i++) {
            int most = (int) Math.min(HEADERS[i], Math.max(0, file.size() - at));
            ByteCursor in = file.cursor(at, most);
            try {
                Header header = header(new Thrift(in));
                header.length = in.at;
                return header;
            } catch (EOFException e) {
                if (i == HEADERS.length - 1 || most < HEADERS[i]) {
                    throw e;
                }
            }
        }
    }

    private static Header header(Thrift thrift) throws IOException {
        Header header = new Header();
        thrift.struct((field, type) -> {
            switch (field) {
                case 1 -> header.type = thrift.integer(type);
                case 2 -> header.unpacked = thrift.integer(type);
                case 3 -> header.packed = thrift.integer(type);
                case 4 -> {
                    header.crc = thrift.integer(type);
                    header.hasCrc = true;
                }
                case 5, 7 -> thrift.struct(type, (inner, each) -> {
                    switch (inner) {
                        case 1 -> header.count = thrift.integer(each);
                        case 2 -> header.encoding = thrift.integer(each);
                        default -> {
                            boolean isLevels = field == 5 && inner == 3;
                            header.levelEncoding = isLevels ? thrift.integer(each) : header.levelEncoding;
                            return isLevels;
                        }
                    }
                    return true;
                });
                default -> {
                    return false;
                }
            }
            return true;
        });
        return header;
    }

    private void readDictionary(Header header, ByteCursor page) throws IOException {
        if (header.count < 0 || header.count > chunk.values()) {
            throw new IOException("expected a dictionary of at most " + chunk.values() + " values, as many as the column has in"
                    + " the row group. Received: " + header.count);
        }
        file.takeDictionary(header.count, header.unpacked);
        ByteCursor in = Codecs.unpacked(chunk.codec(), page, header.unpacked);
        boolean isPlain = header.encoding == PLAIN || header.encoding == PLAIN_DICTIONARY;
        // Each value has at least a byte, so that there is no memory for more than there are.
        if (!isPlain || header.count > in.left()) {
            throw new IOException("expected a dictionary of plain values. Received: " + header.count + " in " + in.left()
                    + " bytes, in encoding " + header.encoding);
        }
        Values plain = Values.plain(column.type(), in, text);
        dictionary = new String[header.count];
        for (int i = 0; i < dictionary.length; i++) {
            plain.next();
            dictionary[i] = plain.text();
        }
    }

    private void beginValues(Header header, ByteCursor page) throws IOException {
        if (header.count < 0 || header.count > leftInGroup) {
            throw new IOException("expected a page of at most " + leftInGroup + " values. Received: " + header.count);
        }
        leftInPage = header.count;
        levels = null;
        ByteCursor in = Codecs.unpacked(chunk.codec(), page, header.unpacked);
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(column.levels());
        if (bits > 0) {
            if (header.levelEncoding != RUN_LENGTHS) {
                throw new IOException("expected levels in encoding " + RUN_LENGTHS + ". Received: " + header.levelEncoding
                        + ". Write the file with a newer program");
            }
            levels = new RunLengths(in.part(in.littleInt()), bits);
        }
        values = Values.of(header.encoding, column.type(), in, dictionary, text);
    }
}

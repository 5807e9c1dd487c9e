package beras.data.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** The compressions of pages. */
final class Codecs {

    private static final String[] NAMES = {"UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"};
    private static final int UNCOMPRESSED = 0;
    private static final int SNAPPY = 1;
    private static final int GZIP = 2;
    private static final int ZSTD = 6;

    /**
     * The bytes of a page.
     *
     * @param size how many there must be
     */
    static ByteCursor unpacked(int codec, ByteCursor page, long size) throws IOException {
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw new IOException("expected a page of a size. Received: " + size);
        }
        byte[] bytes = switch (codec) {
            case UNCOMPRESSED -> null;
            case SNAPPY -> Snappy.unpack(page, (int) size);
            case GZIP -> gunzip(page, (int) size);
            case ZSTD -> new Zstandard(page, (int) size).unpack();
            default -> throw new IOException("expected a compression out of SNAPPY, GZIP, ZSTD, UNCOMPRESSED. Received: "
                    + (codec >= 0 && codec < NAMES.length ? NAMES[codec] : codec) + ". Write the file with one of these");
        };
        if (bytes == null) {
            return page;
        }
        if (bytes.length != size) {
            throw new IOException("expected a page that unpacks to " + size + " bytes. Received: " + bytes.length);
        }
        return new ByteCursor(bytes, 0, bytes.length);
    }

    private static byte[] gunzip(ByteCursor page, int size) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(page.bytes, page.at, page.left()))) {
            byte[] bytes = in.readNBytes(size); // takes memory as they come
            if (in.read() >= 0) { // at the end, the checksum and the length are compared
                throw new IOException("expected a page that unpacks to " + size + " bytes. Received: more");
            }
            return bytes;
        }
    }

    private Codecs() {}
}

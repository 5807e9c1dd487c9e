package beras.spark;

import beras.files.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The place of a row in training: the first 64 bits of the SHA-256 of the seed and the row's cells of the table. So the place
 * follows from the data and the seed, however the rows are spread over partitions and machines, and whatever they weigh. Rows
 * of one key are in the order of their bytes.
 */
final class RowKey {

    /** A row as bytes: each cell as UTF-8, with its length before it. */
    static byte[] bytes(String[] cells) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String cell : cells) {
                byte[] text = cell.getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
        } catch (IOException e) {
            throw new AssertionError("Memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** The cells that {@link #bytes} wrote. */
    static String[] cells(byte[] row, int count) {
        String[] cells = new String[count];
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(row))) {
            for (int i = 0; i < count; i++) {
                cells[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new AssertionError("Memory does not fail", e);
        }
        return cells;
    }

    /**
     * The key of a row.
     *
     * @param count how many of its cells are of the table
     */
    static long of(byte[] row, int count, long seed) {
        ByteBuffer cells = ByteBuffer.wrap(row);
        for (int i = 0; i < count; i++) {
            int size = cells.getInt();
            cells.position(cells.position() + size);
        }
        MessageDigest digest = Sha256.begin();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
        digest.update(cells.flip());
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    /** The shard of a key, of so many, a power of two: keys in ascending order are in ascending shards. */
    static int shard(long key, int shards) {
        int bits = Integer.numberOfTrailingZeros(shards);
        return bits == 0 ? 0 : (int) ((key ^ Long.MIN_VALUE) >>> Long.SIZE - bits);
    }

    private RowKey() {}
}

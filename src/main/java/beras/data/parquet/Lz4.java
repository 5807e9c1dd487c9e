package beras.data.parquet;

import java.io.IOException;

/** Unpacks a block of LZ4: texts, each but the last with a copy of what came before after it. */
final class Lz4 {

    /** A byte more in a length is 255 bytes more. */
    private static final int MOST_GROWTH = 256;
    private static final int MORE = 15;
    private static final int FULL = 255;
    private static final int SHORTEST = 4;

    /** @param size how many bytes there must be */
    static byte[] unpack(ByteCursor in, int size) throws IOException {
        if (size > (long) MOST_GROWTH * in.left()) {
            throw new IOException("expected LZ4 that grows to at most " + MOST_GROWTH + " times its size. Received: from "
                    + in.left() + " to " + size + " bytes");
        }
        byte[] out = new byte[size];
        int at = 0;
        while (in.left() > 0) {
            int token = in.unsignedByte();
            long literal = length(in, token >> 4);
            Snappy.requireRoom(literal, size - at);
            System.arraycopy(in.bytes, in.take(literal), out, at, (int) literal);
            at += (int) literal;
            if (in.left() > 0) {
                int offset = in.unsignedByte() | in.unsignedByte() << Byte.SIZE;
                long length = length(in, token & MORE) + SHORTEST;
                Snappy.copy(out, at, offset, length);
                at += (int) length;
            }
        }
        if (at != size) {
            throw new IOException("expected " + size + " bytes in LZ4. Received: " + at);
        }
        return out;
    }

    private static long length(ByteCursor in, int first) throws IOException {
        long length = first;
        for (int next = first == MORE ? FULL : 0; next == FULL; length += next) {
            next = in.unsignedByte();
        }
        return length;
    }

    private Lz4() {}
}

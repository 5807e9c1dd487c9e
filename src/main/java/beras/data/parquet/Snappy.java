package beras.data.parquet;

import java.io.IOException;

/** Unpacks Snappy: texts, and copies of earlier output. */
final class Snappy {

    /** A copy of 64 bytes takes three. */
    private static final int MOST_GROWTH = 22;
    private static final int LITERAL = 0;
    private static final int SHORT_COPY = 1;
    private static final int LONG_LITERAL = 60;

    /** @param size how many bytes there must be */
    static byte[] unpack(ByteCursor in, int size) throws IOException {
        int written = in.size();
        if (written != size || size > (long) MOST_GROWTH * in.left()) {
            throw new IOException("expected " + size + " bytes in Snappy. Received: " + written + " in " + in.left());
        }
        byte[] out = new byte[size];
        int at = 0;
        while (in.left() > 0) {
            int tag = in.unsignedByte();
            int length;
            if ((tag & 3) == LITERAL) {
                long literal = tag >> 2;
                if (literal >= LONG_LITERAL) {
                    int bytes = (int) literal - LONG_LITERAL + 1;
                    literal = 0;
                    for (int i = 0; i < bytes; i++) {
                        literal |= (long) in.unsignedByte() << Byte.SIZE * i;
                    }
                }
                int from = in.take(literal + 1);
                length = (int) literal + 1;
                requireRoom(length, out.length - at);
                System.arraycopy(in.bytes, from, out, at, length);
            } else {
                int offset;
                if ((tag & 3) == SHORT_COPY) {
                    length = (tag >> 2 & 7) + 4;
                    offset = tag >> 5 << Byte.SIZE | in.unsignedByte();
                } else {
                    length = (tag >> 2) + 1;
                    offset = (tag & 3) == 2 ? in.unsignedByte() | in.unsignedByte() << Byte.SIZE : in.littleInt();
                }
                copy(out, at, offset, length);
            }
            at += length;
        }
        if (at != size) {
            throw new IOException("expected " + size + " bytes in Snappy. Received: " + at);
        }
        return out;
    }

    static void requireRoom(long length, int room) throws IOException {
        if (length > room) {
            throw new IOException("expected at most " + room + " more unpacked bytes. Received: " + length);
        }
    }

    /** Repeats the output from {@code offset} bytes before, which may overlap with the copy. */
    static void copy(byte[] out, int at, int offset, long length) throws IOException {
        requireRoom(length, out.length - at);
        if (offset < 1 || offset > at) {
            throw new IOException("expected a copy of one of " + at + " bytes before. Received: " + offset + " before");
        }
        if (offset >= length) {
            System.arraycopy(out, at - offset, out, at, (int) length);
        } else {
            for (int i = at; i < at + length; i++) {
                out[i] = out[i - offset];
            }
        }
    }

    private Snappy() {}
}

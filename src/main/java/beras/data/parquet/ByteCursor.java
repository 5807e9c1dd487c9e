package beras.data.parquet;

import java.io.EOFException;
import java.io.IOException;

/** Some bytes that are read one after the other, never past their end. */
final class ByteCursor {

    private static final int GROUP = 7;
    private static final int LONGEST_NUMBER = 70; // bits of a number in groups of seven
    private static final int MASK = 0xff;

    final byte[] bytes;
    final int end;
    int at;

    ByteCursor(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    int left() {
        return end - at;
    }

    /** Goes past some bytes, and returns where they begin. */
    int take(long count) throws IOException {
        if (count < 0 || count > left()) {
            throw new EOFException("expected " + count + " more bytes in a part. Received: " + left());
        }
        int from = at;
        at += (int) count;
        return from;
    }

    /** The next bytes, to be read apart. */
    ByteCursor part(long count) throws IOException {
        int from = take(count);
        return new ByteCursor(bytes, from, at);
    }

    int unsignedByte() throws IOException {
        return bytes[take(1)] & MASK;
    }

    int littleInt() throws IOException {
        return littleInt(bytes, take(Integer.BYTES));
    }

    long littleLong() throws IOException {
        return littleLong(bytes, take(Long.BYTES));
    }

    static int littleInt(byte[] bytes, int at) {
        return bytes[at] & MASK | (bytes[at + 1] & MASK) << 8 | (bytes[at + 2] & MASK) << 16 | bytes[at + 3] << 24;
    }

    static long littleLong(byte[] bytes, int at) {
        return littleInt(bytes, at) & 0xffffffffL | (long) littleInt(bytes, at + Integer.BYTES) << Integer.SIZE;
    }

    /** A number in groups of seven bits, the lowest first. */
    long varint() throws IOException {
        long number = 0;
        for (int shift = 0; shift < LONGEST_NUMBER; shift += GROUP) {
            int next = unsignedByte();
            number |= (long) (next & MASK >> 1) << shift;
            if (next <= MASK >> 1) {
                return number;
            }
        }
        throw new IOException("expected a number of 64 bits. Received: a longer one");
    }

    /** A number of which small negative ones are short, too. */
    long zigzag() throws IOException {
        long number = varint();
        return number >>> 1 ^ -(number & 1);
    }

    /** A number in groups of seven bits that is a size. */
    int size() throws IOException {
        long number = varint();
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new IOException("expected a size below 2 GB. Received: " + Long.toUnsignedString(number));
        }
        return (int) number;
    }
}

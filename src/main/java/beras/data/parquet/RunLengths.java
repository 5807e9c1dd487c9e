package beras.data.parquet;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Whole numbers of a few bits each: repeated ones, and packed ones of eight or more. */
final class RunLengths {

    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int GROUP = 8;
    private static final int MOST_BITS = 32;

    private final ByteCursor in;
    private final int bits;
    private long left; // numbers that are repeated or packed
    private boolean isPacked;
    private int repeated;
    private long packed; // position of the next number, in bits

    RunLengths(ByteCursor in, int bits) throws IOException {
        if (bits < 0 || bits > MOST_BITS) {
            throw new IOException("expected numbers of at most " + MOST_BITS + " bits. Received: " + bits);
        }
        this.in = in;
        this.bits = bits;
    }

    int next() throws IOException {
        while (left == 0) {
            begin();
        }
        left--;
        if (!isPacked) {
            return repeated;
        }
        long value = bits(in.bytes, packed, bits);
        packed += bits;
        return (int) value;
    }

    private void begin() throws IOException {
        long header = in.size();
        isPacked = (header & 1) != 0;
        left = header >>> 1;
        if (isPacked) {
            // The last group may be cut off where the numbers end.
            long bytes = Math.min(left * bits, in.left());
            left = bits == 0 ? left * GROUP : Math.min(left * GROUP, bytes * Byte.SIZE / bits);
            packed = (long) in.take(bytes) * Byte.SIZE;
        } else {
            repeated = 0;
            for (int shift = 0; shift < bits; shift += Byte.SIZE) {
                repeated |= in.unsignedByte() << shift;
            }
        }
    }

    /** At most 64 bits of an array, from a position counted in bits on; the first is the lowest. */
    static long bits(byte[] bytes, long position, int count) {
        int at = (int) (position >>> 3);
        int done = -(int) (position & 7);
        if (count - done < Long.SIZE && at <= bytes.length - Long.BYTES) {
            return (long) LITTLE.get(bytes, at) >>> -done & (1L << count) - 1;
        }
        long value = 0;
        for (; done < count; done += Byte.SIZE, at++) {
            long next = bytes[at] & 0xffL;
            value |= done < 0 ? next >>> -done : next << done;
        }
        return count == Long.SIZE ? value : value & (1L << count) - 1;
    }
}

package beras.data.parquet;

import java.io.IOException;

/** Numbers as differences to the one before, packed into blocks with a smallest difference and a number of bits. */
final class DeltaNumbers {

    private static final int MOST_IN_BLOCK = 1 << 16;
    private static final int MULTIPLE = 32;

    private final ByteCursor in;
    private final int miniblock; // numbers in it
    private final int[] widths; // in bits, of the miniblocks of a block
    private final int count;
    private int done;
    private long value;
    private long smallest;
    private int next; // miniblock
    private int left; // in the miniblock
    private long packed; // position of the next difference, in bits

    DeltaNumbers(ByteCursor in) throws IOException {
        this.in = in;
        int block = in.size();
        int miniblocks = in.size();
        this.count = in.size();
        this.value = in.zigzag();
        boolean isWhole = miniblocks > 0 && block % miniblocks == 0 && block / miniblocks % MULTIPLE == 0;
        if (block < 1 || block > MOST_IN_BLOCK || !isWhole) {
            throw new IOException("expected blocks of at most " + MOST_IN_BLOCK + " numbers, in parts of " + MULTIPLE
                    + " or a multiple. Received: " + miniblocks + " parts of " + block);
        }
        this.miniblock = block / miniblocks;
        this.widths = new int[miniblocks];
        this.next = miniblocks;
    }

    int count() {
        return count;
    }

    long next() throws IOException {
        if (done == count) {
            throw new IOException("expected " + (count + 1L) + " numbers. Received: " + count);
        }
        if (done++ > 0) {
            if (left == 0) {
                begin();
            }
            left--;
            int bits = widths[next - 1];
            value += smallest + RunLengths.bits(in.bytes, packed, bits);
            packed += bits;
        }
        return value;
    }

    private void begin() throws IOException {
        if (next == widths.length) {
            smallest = in.zigzag();
            for (int i = 0; i < widths.length; i++) {
                widths[i] = in.unsignedByte();
            }
            next = 0;
        }
        int bits = widths[next++];
        if (bits > Long.SIZE) {
            throw new IOException("expected differences of at most " + Long.SIZE + " bits. Received: " + bits);
        }
        packed = (long) in.take((long) bits * miniblock / Byte.SIZE) * Byte.SIZE;
        left = miniblock;
    }

    /** The lengths of some texts, and goes past them to where the texts are. */
    static DeltaNumbers lengths(ByteCursor in, int most) throws IOException {
        DeltaNumbers lengths = new DeltaNumbers(new ByteCursor(in.bytes, in.at, in.end));
        if (lengths.count > most) {
            throw new IOException("expected at most " + most + " lengths. Received: " + lengths.count);
        }
        DeltaNumbers all = new DeltaNumbers(in);
        for (int i = 0; i < all.count; i++) {
            all.next();
        }
        return lengths;
    }
}

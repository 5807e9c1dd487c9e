package beras.data.parquet;

import java.io.IOException;
import java.util.Arrays;

/** Unpacks frames of Zstandard, without a dictionary of others. Source: RFC 8878, to whose sections the numbers refer. */
final class Zstandard {

    private static final int MAGIC = 0xfd2fb528;
    private static final int SKIPPABLE = 0x184d2a50;
    private static final int SKIPPABLE_MASK = 0xfffffff0;
    private static final int RAW = 0;
    private static final int REPEATED = 1;
    private static final int COMPRESSED = 2;
    private static final int MOST_IN_BLOCK = 1 << 17;
    private static final int JUMP_TABLE = 6;
    private static final int STREAMS = 4;
    private static final int LONG_COUNT = 0x7f00;
    private static final int FIRST_GROWTH = 8;

    /** The value of each code before its further bits, and how many these are: 3.1.1.3.2.1.1. */
    private static final int[] LITERAL_LENGTHS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20,
        22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536};
    private static final int[] LITERAL_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3,
        3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final int[] MATCH_LENGTHS = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259,
        515, 1027, 2051, 4099, 8195, 16387, 32771, 65539};
    private static final int[] MATCH_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    private static final int MOST_OFFSET_CODE = 31;

    /** A kind of number in a sequence: 3.1.1.3.2.2. */
    private enum Kind {
        LITERALS(LITERAL_LENGTHS.length - 1, 9, 6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2,
                2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1),
        OFFSETS(MOST_OFFSET_CODE, 8, 5, 1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1,
                -1, -1, -1, -1),
        MATCHES(MATCH_LENGTHS.length - 1, 9, 6, 1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1);

        private final int mostCode;
        private final int mostBits;
        private final int usualBits;
        private final int[] usual;

        Kind(int mostCode, int mostBits, int usualBits, int... usual) {
            this.mostCode = mostCode;
            this.mostBits = mostBits;
            this.usualBits = usualBits;
            this.usual = usual;
        }
    }

    private final ByteCursor in;
    private final int size;
    private byte[] out;
    private int at;
    private int frame; // where it begins in the output
    private byte[] literals = {};
    private int literalCount;
    private HuffmanTable huffman; // null: none in this frame yet
    private final EntropyTable[] tables = new EntropyTable[Kind.values().length]; // null likewise
    private final int[] offsets = new int[3]; // the last ones

    /** @param size how many bytes there must be */
    Zstandard(ByteCursor in, int size) {
        this.in = in;
        this.size = size;
        // As much as blocks may claim is never taken before they are unpacked.
        this.out = new byte[(int) Math.min(size, (long) FIRST_GROWTH * in.left())];
    }

    byte[] unpack() throws IOException {
        while (in.left() > 0) {
            int magic = in.littleInt();
            if (magic == MAGIC) {
                readFrame();
            } else if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
                in.take(in.littleInt() & 0xffffffffL);
            } else {
                throw damaged("a frame that begins with " + Integer.toHexString(MAGIC), Integer.toHexString(magic));
            }
        }
        return out.length == at ? out : Arrays.copyOf(out, at);
    }

    private static IOException damaged(String expected, Object received) {
        return new IOException("expected Zstandard, " + expected + ". Received: " + received);
    }

    /** Makes room for more bytes. */
    private void room(long count) throws IOException {
        Snappy.requireRoom(count, size - at);
        if (count > out.length - at) {
            out = Arrays.copyOf(out, (int) Math.min(size, Math.max(2L * out.length, at + count)));
        }
    }

    // -------------------------------------------------------------------------------------------------- frames

    private void readFrame() throws IOException {
        int descriptor = in.unsignedByte();
        boolean isSingle = (descriptor & 0x20) != 0;
        int sizeFlag = descriptor >> 6;
        in.take(isSingle ? 0 : 1); // the size of the window: all is in memory
        int[] dictionaryBytes = {0, 1, 2, 4};
        int from = in.take(dictionaryBytes[descriptor & 3]);
        for (int i = from; i < in.at; i++) {
            if (in.bytes[i] != 0) {
                throw damaged("a frame without a dictionary", "one that needs a dictionary");
            }
        }
        in.take(sizeFlag == 0 ? isSingle ? 1 : 0 : 1 << sizeFlag);
        frame = at;
        huffman = null;
        Arrays.fill(tables, null);
        offsets[0] = 1;
        offsets[1] = 4;
        offsets[2] = 8;
        boolean isLast;
        do {
            int header = in.unsignedByte() | in.unsignedByte() << 8 | in.unsignedByte() << 16;
            isLast = (header & 1) != 0;
            readBlock(header >> 1 & 3, header >> 3);
        } while (!isLast);
        in.take((descriptor & 4) != 0 ? Integer.BYTES : 0); // a checksum, which programs for Parquet do not write
    }

    private void readBlock(int type, int count) throws IOException {
        switch (type) {
            case RAW -> {
                int from = in.take(count);
                room(count);
                System.arraycopy(in.bytes, from, out, at, count);
                at += count;
            }
            case REPEATED -> {
                byte value = (byte) in.unsignedByte();
                room(count);
                Arrays.fill(out, at, at + count, value);
                at += count;
            }
            case COMPRESSED -> {
                ByteCursor block = in.part(count);
                readLiterals(block);
                readSequences(block);
            }
            default -> throw damaged("a block of a known type", type);
        }
    }

    // ------------------------------------------------------------------------------------------------ literals

    private void readLiterals(ByteCursor block) throws IOException {
        int first = block.unsignedByte();
        int type = first & 3;
        int format = first >> 2 & 3;
        if (type == RAW || type == REPEATED) {
            literalCount = format == 1 ? first >> 4 | block.unsignedByte() << 4
                    : format == 3 ? first >> 4 | block.unsignedByte() << 4 | block.unsignedByte() << 12 : first >> 3;
            takeLiterals(literalCount);
            if (type == RAW) {
                System.arraycopy(block.bytes, block.take(literalCount), literals, 0, literalCount);
            } else {
                Arrays.fill(literals, 0, literalCount, (byte) block.unsignedByte());
            }
            return;
        }
        int bytes = format < 2 ? 3 : format + 2; // of the header
        long header = first;
        for (int i = 1; i < bytes; i++) {
            header |= (long) block.unsignedByte() << 8 * i;
        }
        int bits = format < 2 ? 10 : format == 2 ? 14 : 18;
        literalCount = (int) (header >> 4 & (1 << bits) - 1);
        takeLiterals(literalCount);
        ByteCursor packed = block.part(header >> 4 + bits & (1 << bits) - 1);
        if (type == COMPRESSED) {
            huffman = HuffmanTable.read(packed);
        } else if (huffman == null) {
            throw damaged("a table of codes before the first block without", "none");
        }
        if (format == 0) {
            huffman.unpack(packed, literals, 0, literalCount);
            return;
        }
        int sizes = packed.take(JUMP_TABLE);
        int each = (literalCount + STREAMS - 1) / STREAMS;
        for (int i = 0; i < STREAMS; i++) {
            int length = i == STREAMS - 1 ? packed.left()
                    : packed.bytes[sizes + 2 * i] & 0xff | (packed.bytes[sizes + 2 * i + 1] & 0xff) << 8;
            int count = i == STREAMS - 1 ? literalCount - i * each : each;
            if (count < 0) {
                throw damaged("at least six texts in four streams", literalCount);
            }
            huffman.unpack(packed.part(length), literals, i * each, count);
        }
    }

    private void takeLiterals(int count) throws IOException {
        if (count > MOST_IN_BLOCK) {
            throw damaged("at most " + MOST_IN_BLOCK + " bytes in a block", count);
        }
        literals = literals.length < count ? new byte[MOST_IN_BLOCK] : literals;
    }

    // ----------------------------------------------------------------------------------------------- sequences

    private void readSequences(ByteCursor block) throws IOException {
        int count = block.unsignedByte();
        if (count == 0xff) {
            count = block.unsignedByte() | block.unsignedByte() << 8;
            count += LONG_COUNT;
        } else if (count >= 0x80) {
            count = count - 0x80 << 8 | block.unsignedByte();
        }
        int used = 0; // of the literals
        if (count > 0) {
            int modes = block.unsignedByte();
            readTable(Kind.LITERALS, modes >> 6, block);
            readTable(Kind.OFFSETS, modes >> 4 & 3, block);
            readTable(Kind.MATCHES, modes >> 2 & 3, block);
            used = runSequences(count, new BackwardBits(block));
        }
        int rest = literalCount - used;
        room(rest);
        System.arraycopy(literals, used, out, at, rest);
        at += rest;
    }

    private void readTable(Kind kind, int mode, ByteCursor block) throws IOException {
        int index = kind.ordinal();
        switch (mode) {
            case RAW -> tables[index] = EntropyTable.of(kind.usual, kind.usualBits);
            case REPEATED -> {
                int code = block.unsignedByte();
                if (code > kind.mostCode) {
                    throw damaged("a code of at most " + kind.mostCode, code);
                }
                tables[index] = EntropyTable.of(code);
            }
            case COMPRESSED -> tables[index] = EntropyTable.read(block, kind.mostCode, kind.mostBits);
            default -> { // the one before
                if (tables[index] == null) {
                    throw damaged("a table before the first block that repeats it", "none");
                }
            }
        }
    }

    private int runSequences(int count, BackwardBits bits) throws IOException {
        EntropyTable literalTable = tables[Kind.LITERALS.ordinal()];
        EntropyTable offsetTable = tables[Kind.OFFSETS.ordinal()];
        EntropyTable matchTable = tables[Kind.MATCHES.ordinal()];
        int literalState = bits.read(literalTable.bits);
        int offsetState = bits.read(offsetTable.bits);
        int matchState = bits.read(matchTable.bits);
        int used = 0;
        for (int i = 0; i < count; i++) {
            int offsetCode = offsetTable.symbols[offsetState];
            long value = (1L << offsetCode) + bits.readLong(offsetCode);
            int matchCode = matchTable.symbols[matchState];
            int match = MATCH_LENGTHS[matchCode] + bits.read(MATCH_BITS[matchCode]);
            int literalCode = literalTable.symbols[literalState];
            int literal = LITERAL_LENGTHS[literalCode] + bits.read(LITERAL_BITS[literalCode]);
            if (i < count - 1) {
                literalState = literalTable.next(literalState, bits);
                matchState = matchTable.next(matchState, bits);
                offsetState = offsetTable.next(offsetState, bits);
            }
            if (bits.isPastEnd() || literal > literalCount - used) {
                throw damaged("a sequence that fits its block", "one that needs more than there is");
            }
            room((long) literal + match);
            System.arraycopy(literals, used, out, at, literal);
            used += literal;
            at += literal;
            int offset = offset(value, literal == 0);
            if (offset > at - frame) {
                throw damaged("a copy of one of " + (at - frame) + " bytes before", offset);
            }
            Snappy.copy(out, at, offset, match);
            at += match;
        }
        if (!bits.isAtEnd()) {
            throw damaged("sequences that use their whole block", "other ones");
        }
        return used;
    }

    /** The offset that a value stands for, one of the last three if it is small: 3.1.1.5. */
    private int offset(long value, boolean afterNothing) throws IOException {
        int repeated = value > 3 ? 3 : (int) value - 1 + (afterNothing ? 1 : 0);
        if (value > 3) {
            if (value - 3 > Integer.MAX_VALUE) {
                throw damaged("an offset below 2 GB", value - 3);
            }
        } else if (repeated == 0) {
            return offsets[0];
        }
        int offset = value > 3 ? (int) (value - 3) : repeated == 3 ? offsets[0] - 1 : offsets[repeated];
        if (repeated != 1) {
            offsets[2] = offsets[1];
        }
        offsets[1] = offsets[0];
        offsets[0] = offset;
        return offset;
    }

    // ---------------------------------------------------------------------------------------------------- bits

    /** Bits that are read from the last one to the first; the highest 1 of the last byte is only a mark. */
    static final class BackwardBits {

        private final byte[] bytes;
        private final long begin; // in bits
        private long position; // of the bit that was read last

        BackwardBits(ByteCursor in) throws IOException {
            if (in.left() == 0 || in.bytes[in.end - 1] == 0) {
                throw damaged("bits with a mark at their end", "none");
            }
            this.bytes = in.bytes;
            this.begin = (long) in.at * Byte.SIZE;
            int last = in.bytes[in.end - 1] & 0xff;
            this.position = (long) in.end * Byte.SIZE - (Byte.SIZE - (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(last)));
        }

        int read(int count) {
            return (int) readLong(count);
        }

        /** The next bits; zeros past the end. */
        long readLong(int count) {
            position -= count;
            if (position >= begin) {
                return RunLengths.bits(bytes, position, count);
            }
            int missing = (int) Math.min(count, begin - position);
            return missing == count ? 0 : RunLengths.bits(bytes, begin, count - missing) << missing;
        }

        void unread(int count) {
            position += count;
        }

        boolean isPastEnd() {
            return position < begin;
        }

        boolean isAtEnd() {
            return position == begin;
        }
    }

    // ------------------------------------------------------------------------------------------------- entropy

    /** States of finite state entropy, each with a symbol and the bits to the next state: 4.1. */
    private static final class EntropyTable {

        private static final int SMALLEST_BITS = 5;

        private final int bits;
        private final byte[] symbols;
        private final byte[] moreBits;
        private final int[] bases;

        private EntropyTable(int bits) {
            this.bits = bits;
            this.symbols = new byte[1 << bits];
            this.moreBits = new byte[1 << bits];
            this.bases = new int[1 << bits];
        }

        /** A table of one state. */
        static EntropyTable of(int symbol) {
            EntropyTable table = new EntropyTable(0);
            table.symbols[0] = (byte) symbol;
            return table;
        }

        /** @param counts how many states a symbol has; -1: one, from which the next may be any */
        static EntropyTable of(int[] counts, int bits) {
            EntropyTable table = new EntropyTable(bits);
            int mask = (1 << bits) - 1;
            int high = mask;
            int[] next = new int[counts.length];
            for (int symbol = 0; symbol < counts.length; symbol++) {
                next[symbol] = Math.abs(counts[symbol]);
                if (counts[symbol] < 0) {
                    table.symbols[high--] = (byte) symbol;
                }
            }
            int step = (mask + 1 >> 1) + (mask + 1 >> 3) + 3;
            int state = 0;
            for (int symbol = 0; symbol < counts.length; symbol++) {
                for (int i = 0; i < counts[symbol]; i++) {
                    table.symbols[state] = (byte) symbol;
                    do {
                        state = state + step & mask;
                    } while (state > high);
                }
            }
            for (int i = 0; i <= mask; i++) {
                int number = next[table.symbols[i]]++;
                table.moreBits[i] = (byte) (bits - (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(number)));
                table.bases[i] = (number << table.moreBits[i]) - (mask + 1);
            }
            return table;
        }

        /** Reads how many states each symbol has: 4.1.1. */
        static EntropyTable read(ByteCursor in, int mostSymbol, int mostBits) throws IOException {
            long position = (long) in.at * Byte.SIZE;
            long end = (long) in.end * Byte.SIZE;
            int bits = (int) forward(in, position, end, 4) + SMALLEST_BITS;
            position += 4;
            if (bits > mostBits) {
                throw damaged("a table of at most " + mostBits + " bits", bits);
            }
            int[] counts = new int[mostSymbol + 1];
            int symbol = 0;
            int left = 1 << bits;
            while (left > 0) {
                int width = Integer.SIZE - Integer.numberOfLeadingZeros(left + 1);
                int value = (int) forward(in, position, end, width);
                int small = (1 << width) - 1 - (left + 1); // values below take a bit less
                int low = value & (1 << width - 1) - 1;
                position += low < small ? width - 1 : width;
                value = low < small ? low : value >= 1 << width - 1 ? value - small : value;
                if (symbol > mostSymbol) {
                    throw damaged("a table of at most " + (mostSymbol + 1) + " symbols", "more");
                }
                counts[symbol++] = value - 1;
                left -= Math.abs(value - 1);
                for (int zeros = value == 1 ? 3 : 0; zeros == 3; ) {
                    zeros = (int) forward(in, position, end, 2);
                    position += 2;
                    symbol += zeros;
                    if (symbol > mostSymbol + 1) {
                        throw damaged("a table of at most " + (mostSymbol + 1) + " symbols", "more");
                    }
                }
            }
            if (left < 0 || position > end) {
                throw damaged("a table of " + (1 << bits) + " states", "another");
            }
            in.at = (int) (position + Byte.SIZE - 1 >>> 3);
            return of(Arrays.copyOf(counts, symbol), bits);
        }

        /** The next bits; zeros past the end, which is found out later. */
        private static long forward(ByteCursor in, long position, long end, int count) {
            int there = (int) Math.max(0, Math.min(count, end - position));
            return there == 0 ? 0 : RunLengths.bits(in.bytes, position, there);
        }

        int next(int state, BackwardBits from) {
            return bases[state] + from.read(moreBits[state]);
        }
    }

    /** Codes of bytes: 4.2. */
    private static final class HuffmanTable {

        private static final int MOST_BITS = 11;
        private static final int DIRECT = 128;
        private static final int WEIGHT_BITS = 6;
        private static final int MOST_WEIGHTS = 255;

        private final int bits;
        private final byte[] symbols;
        private final byte[] lengths;

        private HuffmanTable(int bits) {
            this.bits = bits;
            this.symbols = new byte[1 << bits];
            this.lengths = new byte[1 << bits];
        }

        static HuffmanTable read(ByteCursor in) throws IOException {
            int header = in.unsignedByte();
            int[] weights = new int[MOST_WEIGHTS + 1];
            int count;
            if (header >= DIRECT) {
                count = header - DIRECT + 1;
                int from = in.take((count + 1) / 2);
                for (int i = 0; i < count; i++) {
                    int two = in.bytes[from + i / 2] & 0xff;
                    weights[i] = i % 2 == 0 ? two >> 4 : two & 0xf;
                }
            } else {
                count = readWeights(in.part(header), weights);
            }
            return of(weights, count);
        }

        private static int readWeights(ByteCursor in, int[] weights) throws IOException {
            EntropyTable table = EntropyTable.read(in, MOST_BITS + 1, WEIGHT_BITS);
            BackwardBits bits = new BackwardBits(in);
            int[] states = {bits.read(table.bits), bits.read(table.bits)};
            if (bits.isPastEnd()) {
                throw damaged("weights of codes", "fewer bits than these have");
            }
            for (int count = 0; ; ) {
                int turn = count % 2;
                if (count >= MOST_WEIGHTS - 1) {
                    throw damaged("weights of at most " + MOST_WEIGHTS + " codes", "more");
                }
                weights[count++] = table.symbols[states[turn]];
                states[turn] = table.next(states[turn], bits);
                if (bits.isPastEnd()) { // the other state is the last one
                    weights[count++] = table.symbols[states[1 - turn]];
                    return count;
                }
            }
        }

        /** The weight of the last code follows from the others. */
        private static HuffmanTable of(int[] weights, int count) throws IOException {
            long sum = 0;
            for (int i = 0; i < count; i++) {
                sum += weights[i] == 0 ? 0 : 1L << weights[i] - 1;
            }
            int bits = Long.SIZE - Long.numberOfLeadingZeros(sum);
            long left = (1L << bits) - sum;
            if (sum == 0 || bits > MOST_BITS || Long.bitCount(left) != 1) {
                throw damaged("weights of codes of at most " + MOST_BITS + " bits", "others");
            }
            weights[count] = Long.numberOfTrailingZeros(left) + 1;
            HuffmanTable table = new HuffmanTable(bits);
            int state = 0;
            for (int weight = 1; weight <= bits; weight++) {
                for (int symbol = 0; symbol <= count; symbol++) {
                    if (weights[symbol] == weight) {
                        int states = 1 << weight - 1;
                        Arrays.fill(table.symbols, state, state + states, (byte) symbol);
                        Arrays.fill(table.lengths, state, state + states, (byte) (bits + 1 - weight));
                        state += states;
                    }
                }
            }
            return table;
        }

        void unpack(ByteCursor in, byte[] into, int from, int count) throws IOException {
            BackwardBits stream = new BackwardBits(in);
            for (int i = from; i < from + count; i++) {
                int state = stream.read(bits);
                into[i] = symbols[state];
                stream.unread(bits - lengths[state]);
            }
            if (!stream.isAtEnd()) {
                throw damaged("a stream of " + count + " texts", "another");
            }
        }
    }
}

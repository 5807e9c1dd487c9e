package beras.data.parquet;

import beras.data.parquet.ColumnType.Physical;
import java.io.IOException;

/** The values of a page, one after the other, in one of the encodings of Parquet. */
abstract class Values {

    private static final int PLAIN = 0;
    private static final int PLAIN_DICTIONARY = 2;
    private static final int RUN_LENGTHS = 3;
    private static final int DELTAS = 5;
    private static final int DELTA_LENGTHS = 6;
    private static final int DELTA_TEXTS = 7;
    private static final int DICTIONARY = 8;
    private static final int STREAM_SPLIT = 9;

    /** Goes to the next value. */
    abstract void next() throws IOException;

    /** The text of the value. */
    abstract String text() throws IOException;

    /**
     * The values of a page.
     *
     * @param encoding   as the page says
     * @param most       how many there are at most
     * @param dictionary null: none came before
     */
    static Values of(int encoding, ColumnType type, ByteCursor in, int most, String[] dictionary, ValueText text)
            throws IOException {
        Physical physical = type.physical();
        boolean isWhole = physical == Physical.INT32 || physical == Physical.INT64;
        boolean isBytes = physical == Physical.BYTES || physical == Physical.FIXED_BYTES;
        if (in.left() == 0) {
            return new Nothing();
        } else if (encoding == PLAIN) {
            return plain(type, in, text);
        } else if ((encoding == DICTIONARY || encoding == PLAIN_DICTIONARY) && dictionary != null) {
            return new OfDictionary(new RunLengths(in, in.unsignedByte()), dictionary);
        } else if (encoding == RUN_LENGTHS && physical == Physical.BOOLEAN) {
            RunLengths bits = new RunLengths(in.part(in.littleInt()), 1);
            return new Numbers(bits::next, text);
        } else if (encoding == DELTAS && isWhole) {
            DeltaNumbers numbers = new DeltaNumbers(in);
            return new Numbers(physical == Physical.INT32 ? () -> (int) numbers.next() : numbers::next, text);
        } else if (encoding == DELTA_LENGTHS && physical == Physical.BYTES) {
            return new Texts(in, DeltaNumbers.lengths(in, most)::next, text);
        } else if (encoding == DELTA_TEXTS && isBytes) {
            DeltaNumbers prefixes = DeltaNumbers.lengths(in, most);
            return new DeltaTexts(in, prefixes, DeltaNumbers.lengths(in, most), text);
        } else if (encoding == STREAM_SPLIT && (physical.isNumber() && physical.width > 0 || physical == Physical.FIXED_BYTES)) {
            return new Split(in, type, text);
        }
        throw new IOException("expected an encoding of " + physical + " values, with a dictionary before it if it needs one."
                + " Received: encoding " + encoding);
    }

    /** Values as they are. */
    static Values plain(ColumnType type, ByteCursor in, ValueText text) {
        return switch (type.physical()) {
            case BOOLEAN -> {
                long begin = (long) in.at * Byte.SIZE;
                long[] bit = {begin};
                yield new Numbers(() -> {
                    if (bit[0] >= (long) in.end * Byte.SIZE) {
                        in.take(Integer.MAX_VALUE); // there are no more
                    }
                    return RunLengths.bits(in.bytes, bit[0]++, 1);
                }, text);
            }
            case INT32, FLOAT -> new Numbers(in::littleInt, text);
            case INT64, DOUBLE -> new Numbers(in::littleLong, text);
            case BYTES -> new Texts(in, in::littleInt, text);
            case INT96, FIXED_BYTES -> new Texts(in, type::width, text);
        };
    }

    /** Gives numbers one after the other. */
    private interface Sequence {
        long next() throws IOException;
    }

    private static final class Nothing extends Values {

        @Override
        void next() throws IOException {
            throw new IOException("expected a value. Received: a page without");
        }

        @Override
        String text() {
            throw new IllegalStateException("There is no value");
        }
    }

    private static final class Numbers extends Values {

        private final Sequence numbers;
        private final ValueText text;
        private long value;

        Numbers(Sequence numbers, ValueText text) {
            this.numbers = numbers;
            this.text = text;
        }

        @Override
        void next() throws IOException {
            value = numbers.next();
        }

        @Override
        String text() throws IOException {
            return text.of(value);
        }
    }

    private static final class Texts extends Values {

        private final ByteCursor in;
        private final Sequence lengths;
        private final ValueText text;
        private int from;
        private int length;

        Texts(ByteCursor in, Sequence lengths, ValueText text) {
            this.in = in;
            this.lengths = lengths;
            this.text = text;
        }

        @Override
        void next() throws IOException {
            long next = lengths.next();
            from = in.take(next);
            length = (int) next;
        }

        @Override
        String text() throws IOException {
            return text.of(in.bytes, from, length);
        }
    }

    private static final class OfDictionary extends Values {

        private final RunLengths indices;
        private final String[] dictionary;
        private int index;

        OfDictionary(RunLengths indices, String[] dictionary) {
            this.indices = indices;
            this.dictionary = dictionary;
        }

        @Override
        void next() throws IOException {
            index = indices.next();
            if (index < 0 || index >= dictionary.length) {
                throw new IOException("expected the number of one of " + dictionary.length + " values of a dictionary."
                        + " Received: " + index);
            }
        }

        @Override
        String text() {
            return dictionary[index];
        }
    }

    /** Texts of which each begins as the one before, up to some length. */
    private static final class DeltaTexts extends Values {

        private static final int LONGEST = 1 << 24;

        private final ByteCursor in;
        private final DeltaNumbers prefixes;
        private final DeltaNumbers suffixes;
        private final ValueText text;
        private byte[] value = {};

        DeltaTexts(ByteCursor in, DeltaNumbers prefixes, DeltaNumbers suffixes, ValueText text) {
            this.in = in;
            this.prefixes = prefixes;
            this.suffixes = suffixes;
            this.text = text;
        }

        @Override
        void next() throws IOException {
            long prefix = prefixes.next();
            long suffix = suffixes.next();
            if (prefix < 0 || prefix > value.length || prefix + suffix > LONGEST) {
                throw new IOException("expected a text that begins as the " + value.length + " bytes of the one before, of at most "
                        + LONGEST + " bytes. Received: " + prefix + " bytes of these and " + suffix + " others");
            }
            int from = in.take(suffix);
            byte[] next = new byte[(int) (prefix + suffix)];
            System.arraycopy(value, 0, next, 0, (int) prefix);
            System.arraycopy(in.bytes, from, next, (int) prefix, (int) suffix);
            value = next;
        }

        @Override
        String text() throws IOException {
            return text.of(value, 0, value.length);
        }
    }

    /** The first bytes of all values, then the second ones. */
    private static final class Split extends Values {

        private final ByteCursor in;
        private final ColumnType type;
        private final ValueText text;
        private final int count;
        private final byte[] value;
        private int next;

        Split(ByteCursor in, ColumnType type, ValueText text) throws IOException {
            this.in = in;
            this.type = type;
            this.text = text;
            this.count = type.width() == 0 ? 0 : in.left() / type.width();
            this.value = new byte[count == 0 ? 0 : type.width()];
        }

        @Override
        void next() throws IOException {
            if (next == count) {
                throw new IOException("expected " + (count + 1L) + " values. Received: " + count);
            }
            for (int i = 0; i < value.length; i++) {
                value[i] = in.bytes[in.at + i * count + next];
            }
            next++;
        }

        @Override
        String text() throws IOException {
            return !type.physical().isNumber() ? text.of(value, 0, value.length)
                    : text.of(value.length == Integer.BYTES ? ByteCursor.littleInt(value, 0) : ByteCursor.littleLong(value, 0));
        }
    }
}

package beras.data.parquet;

import beras.data.parquet.ColumnType.Physical;
import java.io.IOException;

/** The values of a page, one after the other, in one of the encodings of Parquet. */
abstract class Values {

    private static final int PLAIN = 0;
    private static final int PLAIN_DICTIONARY = 2;
    private static final int DICTIONARY = 8;
    private static final String[] NAMES = {"PLAIN", "", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED",
        "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"};

    /** Goes to the next value. */
    abstract void next() throws IOException;

    /** The text of the value. */
    abstract String text() throws IOException;

    /**
     * The values of a page.
     *
     * @param encoding   as the page declares
     * @param dictionary null: none came before
     */
    static Values of(int encoding, ColumnType type, ByteCursor in, String[] dictionary, ValueText text)
            throws IOException {
        Physical physical = type.physical();
        if (in.left() == 0) {
            return new Nothing();
        } else if (encoding == PLAIN) {
            return plain(type, in, text);
        } else if ((encoding == DICTIONARY || encoding == PLAIN_DICTIONARY) && dictionary != null) {
            return new OfDictionary(new RunLengths(in, in.unsignedByte()), dictionary);
        }
        throw new IOException("expected values of type " + physical + " as PLAIN, or in a dictionary that comes before them. Received: "
                + (encoding >= 0 && encoding < NAMES.length ? NAMES[encoding] : "encoding " + encoding)
                + ". Write the file again in version 1 of the format, as most programs do");
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
}

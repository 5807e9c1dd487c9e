package beras.saving.onnx;

import beras.files.Bytes;
import beras.saving.bytes.ProtoMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** Reads a {@link ProtoMessage} field by field, nothing beyond its end, and nothing into memory but what is asked for. */
final class ProtoReader {

    /** Some bytes of a message. */
    record Range(long from, long length) {}

    /** The bytes around the place that is read. */
    private static final class Window {

        private static final int BYTES = 1 << 14;

        private final Bytes file;
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        private long from;

        Window(Bytes file) {
            this.file = file;
        }

        int at(long place) throws IOException {
            if (place < from || place >= from + buffer.limit()) {
                buffer = file.read(place, (int) Math.min(BYTES, file.size() - place));
                from = place;
            }
            return buffer.get((int) (place - from)) & 0xff;
        }
    }

    private static final int MOST_VARINT_BITS = 63;

    private final Window window;
    private final String what;
    private final long end;
    private long at;
    private int field;
    private int wire;
    private long number;
    private Range range;

    /** The message that fills a file. */
    ProtoReader(Bytes file, String what) {
        this(new Window(file), what, new Range(0, file.size()));
    }

    private ProtoReader(Window window, String what, Range range) {
        this.window = window;
        this.what = what;
        this.at = range.from;
        this.end = range.from + range.length;
    }

    private IllegalArgumentException wrong(String problem) {
        return new IllegalArgumentException("this is no file of ONNX, or it is damaged: at byte " + at + ", in " + what + ", "
                + problem);
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift <= MOST_VARINT_BITS; shift += 7) {
            if (at == end) {
                throw wrong("a number has no end");
            }
            int next = window.at(at++);
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw wrong("a number is too long");
    }

    /** Goes to the next field; false if there is none. */
    boolean next() throws IOException {
        if (at == end) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        wire = (int) (tag & 7);
        if (tag >>> 32 != 0 || field == 0) {
            throw wrong("a field has no number. Received: " + tag);
        }
        switch (wire) {
            case ProtoMessage.VARINT -> number = varint();
            case ProtoMessage.EIGHT_BYTES -> take(Long.BYTES);
            case ProtoMessage.LENGTH -> take(varint());
            case ProtoMessage.FOUR_BYTES -> take(Float.BYTES);
            default -> throw wrong("field " + field + " is of no known kind. Received: " + wire);
        }
        return true;
    }

    private void take(long length) {
        if (length < 0 || length > end - at) {
            throw wrong("field " + field + " needs " + Long.toUnsignedString(length) + " bytes. Received: " + (end - at));
        }
        range = new Range(at, length);
        at += length;
    }

    private void require(int kind) {
        if (wire != kind) {
            throw wrong("field " + field + " is of another kind. Received: " + wire);
        }
    }

    /** The number of the field. */
    int field() {
        return field;
    }

    /** The field as a whole number. */
    long number() {
        require(ProtoMessage.VARINT);
        return number;
    }

    /** The field as a float. */
    float real() throws IOException {
        require(ProtoMessage.FOUR_BYTES);
        return window.file.read(range.from, Float.BYTES).getFloat();
    }

    /** The field as bytes. */
    Range bytes() {
        require(ProtoMessage.LENGTH);
        return range;
    }

    /** The field as a text of at most so many bytes. */
    String text(int most) throws IOException {
        require(ProtoMessage.LENGTH);
        if (range.length > most) {
            throw wrong("the text of field " + field + " may have " + most + " bytes. Received: " + range.length);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(window.file.read(range.from, (int) range.length)).toString();
        } catch (CharacterCodingException e) {
            throw wrong("the text of field " + field + " is not UTF-8");
        }
    }

    /** The field as a message. */
    ProtoReader message(String name) {
        require(ProtoMessage.LENGTH);
        return new ProtoReader(window, name, range);
    }

    /** The field as one of a list of whole numbers, or all of it. */
    void numbers(LongConsumer each) throws IOException {
        if (wire == ProtoMessage.VARINT) {
            each.accept(number);
        } else {
            for (ProtoReader packed = message(what); packed.at < packed.end; ) {
                each.accept(packed.varint());
            }
        }
    }

    /** What takes floats one by one. */
    interface FloatTaker {
        void take(float value);
    }

    /** The field as one of a list of floats, or all of it. */
    void reals(FloatTaker each) throws IOException {
        if (wire == ProtoMessage.FOUR_BYTES) {
            each.take(real());
            return;
        }
        require(ProtoMessage.LENGTH);
        if (range.length % Float.BYTES != 0) {
            throw wrong("a list of floats has " + range.length + " bytes");
        }
        for (long from = range.from; from < range.from + range.length; from += Float.BYTES) {
            each.take(window.file.read(from, Float.BYTES).getFloat());
        }
    }

    /** The whole numbers of a range. */
    static void numbers(Bytes file, Range range, String what, LongConsumer each) throws IOException {
        for (ProtoReader packed = new ProtoReader(new Window(file), what, range); packed.at < packed.end; ) {
            each.accept(packed.varint());
        }
    }
}

package beras.saving.onnx;

import beras.files.Bytes;
import beras.saving.bytes.ProtoMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/**
 * The fields of a {@link ProtoMessage} in a file, by their numbers. Texts, lists and messages within are read on demand; the
 * last of several equal fields counts for a single value, and an absent field is 0 or empty.
 */
final class ProtoReader {

    /** Some bytes of a message. */
    record Range(long from, long length) {}

    /** A field: a number, or else bytes. */
    private record Field(int number, int wire, long value, Range range) {}

    /** The bytes around the place that is read. */
    private static final class Window {

        private static final int BYTES = 1 << 14;

        private final Bytes file;
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        private long from;
        private int fields;

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

    private static final int MOST_FIELDS = 1 << 22; // with the numbers of lists; weights are one each
    private static final int MOST_VARINT_BITS = 63;

    private final Window window;
    private final String what;
    private final long end;
    private long at;
    private final List<Field> fields = new ArrayList<>();

    /** The message that fills a file. */
    ProtoReader(Bytes file, String what) throws IOException {
        this(new Window(file), what, new Range(0, file.size()));
        parse();
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

    private void count() {
        if (++window.fields > MOST_FIELDS) {
            throw wrong("there are more than " + MOST_FIELDS + " fields and numbers");
        }
    }

    private ProtoReader parse() throws IOException {
        while (at < end) {
            fields.add(next());
        }
        return this;
    }

    private Field next() throws IOException {
        count();
        long tag = varint();
        int number = (int) (tag >>> 3);
        int wire = (int) (tag & 7);
        if (tag >>> 32 != 0 || number == 0) {
            throw wrong("a field has no number. Received: " + tag);
        }
        return switch (wire) {
            case ProtoMessage.VARINT -> new Field(number, wire, varint(), null);
            case ProtoMessage.EIGHT_BYTES -> new Field(number, wire, 0, take(number, Long.BYTES));
            case ProtoMessage.LENGTH -> new Field(number, wire, 0, take(number, varint()));
            case ProtoMessage.FOUR_BYTES -> new Field(number, wire, 0, take(number, Float.BYTES));
            default -> throw wrong("field " + number + " is of no known kind. Received: " + wire);
        };
    }

    private Range take(int number, long length) {
        if (length < 0 || length > end - at) {
            throw wrong("field " + number + " needs " + Long.toUnsignedString(length) + " bytes. Received: " + (end - at));
        }
        at += length;
        return new Range(at - length, length);
    }

    private void require(Field field, int wire) {
        if (field.wire != wire) {
            throw wrong("field " + field.number + " is of another kind. Received: " + field.wire);
        }
    }

    private List<Field> all(int number) {
        return fields.stream().filter(field -> field.number == number).toList();
    }

    private Field last(int number, int wire) {
        List<Field> all = all(number);
        all.forEach(field -> require(field, wire));
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    /** Whether the field is present. */
    boolean has(int number) {
        return !all(number).isEmpty();
    }

    /** A whole number. */
    long number(int number) {
        Field field = last(number, ProtoMessage.VARINT);
        return field == null ? 0 : field.value;
    }

    float real(int number) throws IOException {
        Field field = last(number, ProtoMessage.FOUR_BYTES);
        return field == null ? 0 : window.file.read(field.range.from, Float.BYTES).getFloat();
    }

    /** Where bytes are, of each such field. */
    List<Range> bytes(int number) {
        last(number, ProtoMessage.LENGTH);
        return all(number).stream().map(Field::range).toList();
    }

    /** A text of at most so many bytes. */
    String text(int number, int most) throws IOException {
        List<Range> all = bytes(number);
        return all.isEmpty() ? "" : text(number, all.get(all.size() - 1), most);
    }

    /** Texts of at most so many bytes each. */
    List<String> texts(int number, int most) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Range range : bytes(number)) {
            texts.add(text(number, range, most));
        }
        return texts;
    }

    private String text(int number, Range range, int most) throws IOException {
        if (range.length > most) {
            throw wrong("the text of field " + number + " may have " + most + " bytes. Received: " + range.length);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(window.file.read(range.from, (int) range.length)).toString();
        } catch (CharacterCodingException e) {
            throw wrong("the text of field " + number + " is not UTF-8");
        }
    }

    /** The messages within, one for each such field. */
    List<ProtoReader> messages(int number, String name) throws IOException {
        List<ProtoReader> messages = new ArrayList<>();
        for (Range range : bytes(number)) {
            messages.add(new ProtoReader(window, name, range).parse());
        }
        return messages;
    }

    /** A list of whole numbers, each a field, or all in one. */
    long[] numbers(int number) throws IOException {
        LongStream.Builder all = LongStream.builder();
        for (Field field : all(number)) {
            if (field.wire == ProtoMessage.VARINT) {
                all.add(field.value);
            } else {
                require(field, ProtoMessage.LENGTH);
                new ProtoReader(window, what, field.range).varints(value -> {
                    count();
                    all.add(value);
                });
            }
        }
        return all.build().toArray();
    }

    /** A list of floats, each a field, or all in one. */
    float[] reals(int number) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Field field : all(number)) {
            if (field.wire != ProtoMessage.FOUR_BYTES) {
                require(field, ProtoMessage.LENGTH);
            }
            if (field.range.length % Float.BYTES != 0 || field.range.length / Float.BYTES > MOST_FIELDS) {
                throw wrong("a list of floats has " + field.range.length + " bytes");
            }
            bytes.writeBytes(window.file.read(field.range.from, (int) field.range.length).array());
        }
        FloatBuffer floats = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] all = new float[floats.remaining()];
        floats.get(all);
        return all;
    }

    private void varints(LongConsumer each) throws IOException {
        while (at < end) {
            each.accept(varint());
        }
    }

    /** The whole numbers of a range. */
    static void numbers(Bytes file, Range range, String what, LongConsumer each) throws IOException {
        new ProtoReader(new Window(file), what, range).varints(each);
    }
}

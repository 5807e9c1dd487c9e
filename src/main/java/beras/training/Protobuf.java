package beras.training;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A message in the encoding of Protocol Buffers: fields by number, of the few kinds that event files need. */
final class Protobuf {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Protobuf whole(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    Protobuf real(int field, double value) {
        tag(field, FIXED64);
        out.writeBytes(littleEndian(Double.BYTES).putDouble(value).array());
        return this;
    }

    Protobuf real(int field, float value) {
        tag(field, FIXED32);
        out.writeBytes(littleEndian(Float.BYTES).putFloat(value).array());
        return this;
    }

    Protobuf reals(int field, double[] values) {
        ByteBuffer packed = littleEndian(Double.BYTES * values.length);
        for (double value : values) {
            packed.putDouble(value);
        }
        return bytes(field, packed.array());
    }

    Protobuf text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Protobuf message(int field, Protobuf value) {
        return bytes(field, value.toBytes());
    }

    private Protobuf bytes(int field, byte[] value) {
        tag(field, BYTES);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    private void tag(int field, int kind) {
        varint(field << 3 | kind);
    }

    /** Seven bits a byte, the lowest first; the top bit says that more follow. */
    private void varint(long value) {
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
            out.write((int) (rest & 0x7f | 0x80));
        }
        out.write((int) rest);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}

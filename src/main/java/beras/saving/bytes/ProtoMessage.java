package beras.saving.bytes;

import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in the wire format of Protocol Buffers, to be written. Tensors are written as they are: no copy of the weights is
 * made.
 *
 * <p>The format is so small that a library costs more than it gives: protobuf-java with the classes of ONNX would make
 * beras.jar half as large again, makes Java 24 and later print warnings for its use of {@code Unsafe}, and holds a file whole
 * before anything in it can be checked.
 */
public final class ProtoMessage {

    public static final int VARINT = 0;
    public static final int EIGHT_BYTES = 1;
    public static final int LENGTH = 2;
    public static final int FOUR_BYTES = 5;

    /** Bytes, messages and tensors, in order. */
    private final List<Object> parts = new ArrayList<>();
    private long size;

    private static void varint(long value, ByteArrayOutputStream out) {
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
            out.write((int) (rest & 0x7f | 0x80));
        }
        out.write((int) rest);
    }

    private static ByteArrayOutputStream tag(int field, int wire) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint((long) field << 3 | wire, out);
        return out;
    }

    private ProtoMessage add(byte[] bytes) {
        parts.add(bytes);
        size += bytes.length;
        return this;
    }

    /** A whole number. */
    public ProtoMessage number(int field, long value) {
        ByteArrayOutputStream out = tag(field, VARINT);
        varint(value, out);
        return add(out.toByteArray());
    }

    /** A number as a float. */
    public ProtoMessage float32(int field, double value) {
        ByteArrayOutputStream out = tag(field, FOUR_BYTES);
        out.writeBytes(ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat((float) value).array());
        return add(out.toByteArray());
    }

    /** A number as a double. */
    public ProtoMessage float64(int field, double value) {
        ByteArrayOutputStream out = tag(field, EIGHT_BYTES);
        out.writeBytes(ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
        return add(out.toByteArray());
    }

    /** A text. */
    public ProtoMessage text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes. */
    public ProtoMessage bytes(int field, byte[] bytes) {
        return length(field, bytes.length).add(bytes);
    }

    /** Another message, which must not change any more. */
    public ProtoMessage message(int field, ProtoMessage message) {
        length(field, message.size);
        parts.add(message);
        size += message.size;
        return this;
    }

    /** The elements of a tensor, as bytes. */
    public ProtoMessage elements(int field, Tensor tensor) {
        long bytes = (long) Float.BYTES * tensor.size();
        length(field, bytes);
        parts.add(tensor);
        size += bytes;
        return this;
    }

    private ProtoMessage length(int field, long bytes) {
        ByteArrayOutputStream out = tag(field, LENGTH);
        varint(bytes, out);
        return add(out.toByteArray());
    }

    /** How many bytes it has. */
    public long size() {
        return size;
    }

    /** All of it, in memory. */
    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(out);
        } catch (IOException e) {
            throw new AssertionError("Memory does not fail", e);
        }
        return out.toByteArray();
    }

    public void write(OutputStream out) throws IOException {
        for (Object part : parts) {
            if (part instanceof byte[] bytes) {
                out.write(bytes);
            } else if (part instanceof Tensor tensor) {
                Safetensors.writeElements(List.of(tensor), out);
            } else {
                ((ProtoMessage) part).write(out);
            }
        }
    }
}

package beras.saving.bytes;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The numbers that safetensors and NumPy files may hold, by the names of safetensors; all become float32, rounded to nearest. */
public enum ElementType {
    F16(2, "f2"),
    /** The upper half of a float32; NumPy has none. */
    BF16(2, null),
    F32(4, "f4"),
    F64(8, "f8"),
    I8(1, "i1"),
    I16(2, "i2"),
    I32(4, "i4"),
    I64(8, "i8"),
    U8(1, "u1"),
    U16(2, "u2"),
    U32(4, "u4"),
    U64(8, "u8"),
    BOOL(1, "b1");

    private static final float SMALLEST_HALF = 0x1p-24f;
    private static final int FRACTION_BITS = 24;

    private final int bytes;
    private final String numpy; // null: none

    ElementType(int bytes, String numpy) {
        this.bytes = bytes;
        this.numpy = numpy;
    }

    /** The size of one number, in bytes. */
    public int bytes() {
        return bytes;
    }

    /** As NumPy calls it, without the order of its bytes; null: NumPy has none. */
    public String numpy() {
        return numpy;
    }

    /** As NumPy calls it, without the order of its bytes. */
    public static Optional<ElementType> ofNumpy(String name) {
        return Arrays.stream(values()).filter(type -> name.equals(type.numpy)).findFirst();
    }

    /** As safetensors calls it. */
    public static Optional<ElementType> ofSafetensors(String name) {
        return Arrays.stream(values()).filter(type -> name.equals(type.name())).findFirst();
    }

    public static String numpyNames() {
        return Arrays.stream(values()).map(type -> type.numpy).filter(name -> name != null).collect(Collectors.joining(", "));
    }

    /**
     * Reads {@code count} numbers in the buffer's order of bytes.
     *
     * @return how many of them were rounded
     */
    public int read(ByteBuffer from, float[] into, int at, int count) {
        int begin = from.position();
        if (this == F32) {
            from.asFloatBuffer().get(into, at, count);
            from.position(begin + bytes * count);
            return 0;
        }
        for (int i = at; i < at + count; i++) {
            into[i] = next(from);
        }
        int rounded = 0;
        for (int i = 0; i < count && bytes > Short.BYTES; i++) { // smaller ones all fit
            rounded += isExact(from, begin + i * bytes) ? 0 : 1;
        }
        return rounded;
    }

    /** Whether a float32 holds the number of 4 or 8 bytes at a place. */
    private boolean isExact(ByteBuffer from, int at) {
        return switch (this) {
            case F64 -> isExact(from.getDouble(at));
            case I32 -> hasFewBits(Math.abs((long) from.getInt(at)));
            case U32 -> hasFewBits(Integer.toUnsignedLong(from.getInt(at)));
            case I64 -> hasFewBits(Math.abs(from.getLong(at))); // of the smallest that is its 2^63 without a sign
            default -> hasFewBits(from.getLong(at));
        };
    }

    private static boolean isExact(double number) {
        return (float) number == number || Double.isNaN(number);
    }

    /** Whether the significant bits of the magnitude, from its first 1 to its last, fit into a float32's fraction. */
    private static boolean hasFewBits(long magnitude) {
        return Long.SIZE - Long.numberOfLeadingZeros(magnitude) - Long.numberOfTrailingZeros(magnitude) <= FRACTION_BITS;
    }

    private float next(ByteBuffer from) {
        return switch (this) {
            case F16 -> half(from.getShort());
            case BF16 -> Float.intBitsToFloat(from.getShort() << 16);
            case F32 -> from.getFloat();
            case F64 -> (float) from.getDouble();
            case I8 -> from.get();
            case I16 -> from.getShort();
            case I32 -> from.getInt();
            case I64 -> from.getLong();
            case U8 -> Byte.toUnsignedInt(from.get());
            case U16 -> Short.toUnsignedInt(from.getShort());
            case U32 -> Integer.toUnsignedLong(from.getInt());
            case U64 -> unsigned(from.getLong());
            case BOOL -> from.get() == 0 ? 0 : 1;
        };
    }

    /** A float16, which has 5 bits of exponent and 10 of fraction; exact. */
    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) { // too small for a leading 1
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * SMALLEST_HALF));
        }
        int wider = exponent == 0x1f ? 0xff : exponent + 112; // infinite and NaN stay so
        return Float.intBitsToFloat(sign | wider << 23 | fraction << 13);
    }

    /** The last bit is kept in the half, so that it is rounded but once. */
    private static float unsigned(long bits) {
        return bits >= 0 ? bits : 2f * (bits >>> 1 | bits & 1);
    }
}

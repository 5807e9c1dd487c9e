package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.files.Bytes;
import beras.saving.bytes.ElementType;
import beras.saving.onnx.ProtoReader.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor in a file of ONNX, whose elements are read on demand: their count follows from its shape.
 *
 * @param name     of the tensor, or of its owner
 * @param type     of its elements; null if they are no numbers
 * @param elements where these are
 * @param varints  whether they are not of one length each
 */
record OnnxTensor(Bytes file, String name, ElementType type, int[] sizes, int count, Range elements, boolean varints) {

    private static final int CHUNK = 1 << 14;
    private static final int MOST_AXES = 16;
    private static final int MOST_SIZES = 64; // numbers that give a shape
    private static final int EXTERNAL = 1;

    /** The types at the numbers of ONNX; null: no numbers that BERAS reads. */
    private static final ElementType[] TYPES = {null, ElementType.F32, ElementType.U8, ElementType.I8, ElementType.U16, ElementType.I16,
        ElementType.I32, ElementType.I64, null, ElementType.BOOL, ElementType.F16, ElementType.F64, ElementType.U32, ElementType.U64, null,
        null, ElementType.BF16};

    /** The element type with this number in ONNX; null if BERAS does not read its numbers. */
    static ElementType type(long number) {
        return number >= 0 && number < TYPES.length ? TYPES[(int) number] : null;
    }

    /**
     * Reads all but the elements.
     *
     * @param owner the owner of the tensor, for one without a name
     */
    static OnnxTensor read(Bytes file, ProtoReader fields, String owner) throws IOException {
        String own = fields.text(OnnxFields.TENSOR_NAME, OnnxReader.MOST_NAME);
        String name = own.isEmpty() ? owner : own;
        if (fields.has(OnnxFields.EXTERNAL_DATA) || fields.number(OnnxFields.DATA_LOCATION) == EXTERNAL) {
            throw new IllegalArgumentException("the tensor \"" + name + "\" is in another file, and only the model itself is read."
                    + " Save the model with its data in it");
        }
        refuseIf(fields.has(OnnxFields.SEGMENT), "the tensor \"" + name + "\" is in pieces, which nobody writes");
        long[] sizes = fields.numbers(OnnxFields.DIMS);
        refuseIf(sizes.length > MOST_AXES, "a tensor of " + owner + " may have " + MOST_AXES + " axes. Received: more");
        List<Range> data = new ArrayList<>();
        for (int field : new int[] {OnnxFields.RAW_DATA, OnnxFields.FLOAT_DATA, OnnxFields.DOUBLE_DATA}) {
            data.addAll(fields.bytes(field));
        }
        boolean raw = !data.isEmpty();
        for (int field : new int[] {OnnxFields.INT32_DATA, OnnxFields.INT64_DATA, OnnxFields.UINT64_DATA}) {
            data.addAll(fields.bytes(field));
        }
        refuseIf(data.size() > 1, "the tensor \"" + name + "\" has its elements twice");
        return checked(file, name, type(fields.number(OnnxFields.DATA_TYPE)), sizes, data.isEmpty() ? null : data.get(0), !raw);
    }

    private static OnnxTensor checked(Bytes file, String name, ElementType type, long[] sizes, Range data, boolean varints) {
        long count = 1;
        int[] axes = new int[sizes.length];
        for (int i = 0; i < axes.length; i++) {
            boolean fits = sizes[i] >= 0 && sizes[i] <= Integer.MAX_VALUE && count * sizes[i] <= Integer.MAX_VALUE;
            refuseIf(!fits, "the tensor \"" + name + "\" cannot have the shape " + Arrays.toString(sizes));
            count *= sizes[i];
            axes[i] = (int) sizes[i];
        }
        Range elements = data == null ? new Range(0, 0) : data;
        boolean packed = varints && data != null;
        if (type != null && (packed ? elements.length() < count : elements.length() != count * type.bytes())) {
            throw new IllegalArgumentException("the tensor \"" + name + "\" of type " + type + " and shape "
                    + Arrays.toString(sizes) + " needs " + (packed ? count : count * type.bytes()) + " bytes. Received: "
                    + elements.length());
        }
        return new OnnxTensor(file, name, type, axes, (int) count, elements, packed);
    }

    /** Numbers that a node contains: one without axes, or a list of them. */
    static OnnxTensor of(String name, float[] known, int... sizes) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * known.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(known);
        return ofBytes(name, ElementType.F32, bytes, sizes);
    }

    /** Whole numbers that a node contains. */
    static OnnxTensor of(String name, long[] known, int... sizes) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * known.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(known);
        return ofBytes(name, ElementType.I64, bytes, sizes);
    }

    private static OnnxTensor ofBytes(String name, ElementType type, ByteBuffer bytes, int... sizes) {
        int count = bytes.capacity() / type.bytes();
        return new OnnxTensor(Bytes.of(bytes.array()), name, type, sizes, count, new Range(0, bytes.capacity()), false);
    }

    /** Other numbers: floats if these are, else whole. */
    OnnxTensor like(String otherName, float[] numbers, int... otherSizes) {
        long[] wholes = new long[numbers.length];
        Arrays.setAll(wholes, i -> (long) numbers[i]);
        return isReal(type) ? of(otherName, numbers, otherSizes) : of(otherName, wholes, otherSizes);
    }

    static boolean isReal(ElementType type) {
        return type == ElementType.F32 || type == ElementType.F64 || type == ElementType.F16 || type == ElementType.BF16;
    }

    private void requireNumbers() {
        refuseIf(type == null, "the tensor \"" + name + "\" must be of numbers. Received: another type");
    }

    /** All elements as floats, row by row. */
    float[] floats() throws IOException {
        requireNumbers();
        float[] values = new float[count];
        if (varints) {
            long[] wholes = varintElements();
            for (int i = 0; i < count; i++) {
                values[i] = wholes[i];
            }
            return values;
        }
        for (int done = 0; done < count; ) {
            int some = Math.min(CHUNK, count - done);
            ByteBuffer chunk = file.read(elements.from() + (long) type.bytes() * done, type.bytes() * some);
            type.read(chunk, values, done, some);
            done += some;
        }
        return values;
    }

    private long[] varintElements() throws IOException {
        refuseIf(type == ElementType.F16 || type == ElementType.BF16,
                "the tensor \"" + name + "\" of type " + type + " must have its elements as raw data");
        long[] values = new long[count];
        int[] at = {0};
        ProtoReader.numbers(file, elements, "the tensor \"" + name + "\"", value -> {
            if (at[0] < count) {
                values[at[0]] = value;
            }
            at[0]++;
        });
        refuseIf(at[0] != count, "the tensor \"" + name + "\" must have " + count + " elements. Received: " + at[0]);
        return values;
    }

    /** All elements, which must be whole numbers of a shape, or axes. */
    long[] integers() throws IOException {
        refuseIf(type != ElementType.I64 && type != ElementType.I32 || count > MOST_SIZES, "the tensor \"" + name
                + "\" must have at most " + MOST_SIZES + " whole numbers, sizes or axes. Received: " + count + " of type " + type);
        if (varints) {
            return varintElements();
        }
        long[] values = new long[count];
        ByteBuffer all = file.read(elements.from(), type.bytes() * count);
        Arrays.setAll(values, i -> type == ElementType.I64 ? all.getLong() : all.getInt());
        return values;
    }
}

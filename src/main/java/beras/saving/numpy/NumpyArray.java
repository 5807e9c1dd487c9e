package beras.saving.numpy;

import static beras.saving.bytes.Check.refuseIf;

import beras.saving.bytes.ElementType;
import beras.saving.bytes.Safetensors;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One array in NumPy's {@code .npy} format: a magic, a version, the length of a Python dictionary, the dictionary with type,
 * order and shape, then the elements.
 */
final class NumpyArray {

    /** NumPy itself refuses longer ones than 10,000. */
    private static final int MOST_HEADER_BYTES = 1 << 16;
    private static final int MOST_AXES = 64; // as NumPy
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int ALIGNMENT = 64;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final byte[] FIRST_VERSION = {1, 0};
    private static final String TYPE = "descr";
    private static final String FORTRAN = "fortran_order";
    private static final String SHAPE = "shape";
    private static final Pattern ITEM = Pattern.compile("\\s*['\"](\\w{1,20})['\"]\\s*:\\s*(?:['\"]([^'\"]*)['\"]|(True|False)"
            + "|\\(([0-9L,\\s]*)\\)|(\\[))\\s*,?\\s*");

    /** Gives the next bytes. */
    interface Source {

        /** @throws java.io.EOFException if there are fewer */
        ByteBuffer next(int count) throws IOException;
    }

    /** Is checked before so many bytes are unpacked. */
    interface Permission {
        void ask(long bytes);
    }

    /** The fields of the header's dictionary. */
    private record Header(ElementType type, ByteOrder order, boolean fortran, Shape shape) {}

    // ------------------------------------------------------------------------------------------------------- reading

    /**
     * Reads an array of just so many bytes.
     *
     * @throws IllegalArgumentException if it is none, or of another size
     */
    static NumpyFile.Array read(Source source, long bytes, Permission permission) throws IOException {
        long[] left = {bytes};
        Header header = header(count -> {
            left[0] -= count;
            return source.next(count);
        }, bytes, permission);
        return elements(source, header, left[0], permission);
    }

    /** The type of the elements of an array, such as {@code u1}, by its header. */
    static String type(Source source, long bytes) throws IOException {
        return header(source, bytes, any -> { }).type.numpy();
    }

    private static Header header(Source source, long bytes, Permission permission) throws IOException {
        int before = MAGIC.length + FIRST_VERSION.length;
        byte[] begin = bytes < before ? new byte[0] : source.next(before).array();
        refuseIf(begin.length < before || !Arrays.equals(MAGIC, Arrays.copyOf(begin, MAGIC.length)),
                "this is no array of NumPy: expected a file that begins with \\x93NUMPY. Write it with numpy.save");
        int version = begin[MAGIC.length];
        refuseIf(version < 1 || version > 3 || begin[before - 1] != 0,
                "expected version 1.0, 2.0 or 3.0 of NumPy's format. Received: " + version + "." + begin[before - 1]);
        int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
        ByteBuffer buffer = source.next(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
        long length = version == 1 ? Short.toUnsignedLong(buffer.getShort()) : Integer.toUnsignedLong(buffer.getInt());
        long left = bytes - before - lengthBytes;
        refuseIf(length > Math.min(left, MOST_HEADER_BYTES),
                "the header can have at most " + Math.min(left, MOST_HEADER_BYTES) + " bytes. Received: " + length);
        permission.ask(length);
        Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return header(new String(source.next((int) length).array(), charset));
    }

    private static Header header(String text) {
        String dictionary = text.strip();
        if (!dictionary.startsWith("{") || !dictionary.endsWith("}")) {
            throw unreadable(text);
        }
        String type = null;
        String fortran = null;
        String shape = null;
        Set<String> names = new HashSet<>();
        Matcher item = ITEM.matcher(dictionary).region(1, dictionary.length() - 1);
        while (item.lookingAt()) {
            String name = item.group(1);
            refuseIf(!names.add(name), "the header has '" + name + "' twice");
            refuseIf(item.group(5) != null,
                    "expected an array of numbers. Received: one of records. Save each field as an array of its own");
            switch (name) {
                case TYPE -> type = item.group(2);
                case FORTRAN -> fortran = item.group(3);
                case SHAPE -> shape = item.group(4);
                default -> throw unreadable(text);
            }
            item.region(item.end(), dictionary.length() - 1);
        }
        if (item.regionStart() != dictionary.length() - 1 || type == null || fortran == null || shape == null) {
            throw unreadable(text);
        }
        return new Header(type(type), order(type), fortran.equals("True"), shape(shape));
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException("expected a header such as {'" + TYPE + "': '<f4', '" + FORTRAN + "': False, '"
                + SHAPE + "': (3, 4)}. Received: " + text.strip());
    }

    private static ElementType type(String type) {
        refuseIf(type.length() > 1 && type.charAt(1) == 'O', "expected an array of numbers. Received: one of Python objects ("
                + type + "), which only pickle reads, and pickle runs code. Save numpy.asarray(x, dtype=\"float32\")");
        boolean ordered = type.length() > 1 && "<>|=".indexOf(type.charAt(0)) >= 0;
        return ElementType.ofNumpy(ordered ? type.substring(1) : type).orElseThrow(() -> new IllegalArgumentException(
                "expected an array of numbers, one of the types " + ElementType.numpyNames() + ". Received: '" + type + "'"));
    }

    private static ByteOrder order(String type) {
        return type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private static Shape shape(String text) {
        String[] sizes = text.isBlank() ? new String[0] : text.split(","); // the last comma gives none
        int[] axes = new int[sizes.length];
        try {
            if (sizes.length > MOST_AXES) {
                throw new NumberFormatException();
            }
            for (int axis = 0; axis < axes.length; axis++) {
                String size = sizes[axis].strip();
                axes[axis] = Integer.parseInt(size.endsWith("L") ? size.substring(0, size.length() - 1) : size); // Python 2
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a shape of at most " + MOST_AXES + " sizes, each at most "
                    + Integer.MAX_VALUE + ". Received: (" + text + ")", e);
        }
        return Shape.of(axes);
    }

    private static NumpyFile.Array elements(Source source, Header header, long bytes, Permission permission) throws IOException {
        int size = header.shape.size();
        long needed = (long) size * header.type.bytes();
        refuseIf(needed != bytes, "an array of type " + header.type + " and shape " + header.shape + " takes " + needed
                + " bytes. Received: " + bytes + ". Get the file again; a file holds one array");
        permission.ask((long) Float.BYTES * size);
        float[] elements = new float[size];
        long rounded = 0;
        for (int done = 0; done < size; ) {
            int count = Math.min(CHUNK_BYTES / header.type.bytes(), size - done);
            rounded += header.type.read(source.next(count * header.type.bytes()).order(header.order), elements, done, count);
            done += count;
        }
        String type = header.type.numpy();
        if (!header.fortran) {
            return new NumpyFile.Array(Tensor.wrap(elements, header.shape), type, rounded);
        }
        int[] turned = header.shape.toArray();
        for (int i = 0; i < turned.length; i++) {
            turned[i] = header.shape.dim(-1 - i);
        }
        return new NumpyFile.Array(Tensor.wrap(elements, turned).transpose().contiguous(), type, rounded);
    }

    // ------------------------------------------------------------------------------------------------------- writing

    /** Writes an array of version 1.0: float32, little-endian, in C order. */
    static void write(Tensor tensor, OutputStream out) throws IOException {
        String shape = tensor.shape().toString();
        StringBuilder header = new StringBuilder("{'" + TYPE + "': '<f4', '" + FORTRAN + "': False, '" + SHAPE + "': " + shape
                + ", }");
        int before = MAGIC.length + FIRST_VERSION.length + Short.BYTES;
        while ((before + header.length() + 1) % ALIGNMENT != 0) {
            header.append(' ');
        }
        byte[] text = header.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
        out.write(ByteBuffer.allocate(before).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).put(FIRST_VERSION)
                .putShort((short) text.length).array());
        out.write(text);
        Safetensors.writeElements(List.of(tensor), out);
    }

    private NumpyArray() {}
}

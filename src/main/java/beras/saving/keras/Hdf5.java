package beras.saving.keras;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.InvalidDataException;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.WritableGroup;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The arrays of an HDF5 file in memory, as Keras writes them: groups in groups, and in each a group {@code vars} of contiguous
 * arrays, numbered from 0. The claimed size of an array is compared with the file before it is read; no link is followed.
 */
final class Hdf5 implements AutoCloseable {

    private static final String VARS = "vars";
    private static final int MOST_RANK = 8;

    /**
     * An array.
     *
     * @param place  its path in the file
     * @param data   its elements
     * @param floats whether these are float32; else integers of the given bytes
     */
    record Stored(String place, Shape shape, ByteBuffer data, boolean floats, int bytes) {

        /**
         * Copies the elements.
         *
         * @param expected the shape that they must have here
         * @param what     they are
         */
        void read(Shape expected, Tensor into, Supplier<String> what) {
            if (!floats || !shape.equals(expected)) {
                throw new IllegalArgumentException(place + " must have float32 of shape " + expected + " for " + what.get()
                        + ". Received: " + (floats ? "float32" : "integers") + " of shape " + shape);
            }
            data.duplicate().order(data.order()).asFloatBuffer().get(into.data(), into.offset(), shape.size());
        }

        /** The only element, a whole number of 32 bits from 0. */
        int count() {
            long number = floats || shape.size() != 1 ? -1 : bytes == Long.BYTES ? data.getLong(0) : data.getInt(0);
            refuseIf(number < 0 || number > Integer.MAX_VALUE, place + " must be one whole number from 0 to " + Integer.MAX_VALUE
                    + ". Received: " + (number == -1 ? "something else" : number));
            return (int) number;
        }
    }

    private final String name;
    private final HdfFile file;

    /**
     * @param name the name of the file in messages
     * @throws IllegalArgumentException if it is no HDF5 file
     */
    Hdf5(String name, byte[] bytes) {
        this.name = name;
        this.file = read("/", () -> HdfFile.fromBytes(bytes));
    }

    /** jHDF throws exceptions of many types for damaged files. */
    private <T> T read(String path, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (InvalidDataException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(name + " is damaged at " + path + ": " + e, e);
        }
    }

    /**
     * The arrays of an object in their order; none if there is no such object.
     *
     * @param path of groups, such as {@code layers/dense}
     * @throws IllegalArgumentException if one is not as above
     */
    List<Stored> vars(String path) {
        Group group = file;
        String place = "";
        for (String step : (path + "/" + VARS).split("/")) {
            place += "/" + step;
            Node next = children(group, place).get(step);
            if (next == null) {
                return List.of();
            }
            requireNoLink(next, place);
            if (!(next instanceof Group inner)) {
                throw new IllegalArgumentException(name + ": " + place + " must be a group. Received: an array");
            }
            group = inner;
        }
        Map<String, Node> arrays = children(group, place);
        List<Stored> vars = new ArrayList<>();
        for (int i = 0; i < arrays.size(); i++) {
            String at = place(path, i);
            Node node = arrays.get(Integer.toString(i));
            refuseIf(node == null, name + ": " + path + "/" + VARS + " must have arrays 0 to " + (arrays.size() - 1)
                    + ". Received none that is called " + i);
            requireNoLink(node, at);
            vars.add(read(at, () -> stored(node, name + ": " + at)));
        }
        return vars;
    }

    private Map<String, Node> children(Group group, String place) {
        return read(place, group::getChildren);
    }

    private void requireNoLink(Node node, String place) {
        refuseIf(node.isLink(), name + ": " + place + " must be in the file itself. Received: a link to another place or file,"
                + " which is not followed");
    }

    private static Stored stored(Node node, String place) {
        if (!(node instanceof Dataset dataset)) {
            throw new InvalidDataException(place + " must be an array. Received: a group");
        }
        if (!(dataset instanceof ContiguousDataset contiguous)) {
            throw new InvalidDataException(place + " must be stored in one piece, not compressed, as Keras does. Received: "
                    + dataset.getDataLayout());
        }
        DataType type = dataset.getDataType();
        boolean floats = type instanceof FloatingPoint real && real.getByteOrder() == ByteOrder.LITTLE_ENDIAN
                && type.getSize() == Float.BYTES;
        boolean integer = type instanceof FixedPoint whole && whole.getByteOrder() == ByteOrder.LITTLE_ENDIAN
                && (type.getSize() == Integer.BYTES || type.getSize() == Long.BYTES);
        if (!floats && !integer) {
            throw new InvalidDataException(place + " must be float32, or integers of 32 or 64 bits, little-endian."
                    + " Received: " + type);
        }
        long size = 1;
        int[] sizes = dataset.getDimensions();
        for (int dimension : sizes) {
            size = dimension < 0 ? Long.MAX_VALUE : Math.multiplyExact(size, (long) dimension);
        }
        ByteBuffer data = size == 0 ? ByteBuffer.allocate(0) : contiguous.getBuffer();
        if (sizes.length > MOST_RANK || data.remaining() / type.getSize() != size) {
            throw new InvalidDataException(place + " must have as many elements as its shape has, " + size
                    + ". Received: " + data.remaining() / type.getSize());
        }
        return new Stored(place, Shape.of(sizes), data.slice().order(ByteOrder.LITTLE_ENDIAN), floats, type.getSize());
    }

    // -------------------------------------------------------------------------------------------------- writing

    /**
     * The bytes of a file.
     *
     * @param objects the values of {@link #vars} for each path: arrays of {@link #array}, and numbers
     * @throws IOException if there is no place for a temporary file, as jHDF writes to files alone
     */
    static byte[] write(Map<String, List<Object>> objects) throws IOException {
        Path file = Files.createTempFile("beras", ".h5");
        try {
            try (WritableHdfFile out = HdfFile.write(file)) {
                Map<String, WritableGroup> groups = new HashMap<>();
                objects.forEach((path, arrays) -> {
                    WritableGroup group = group(path + "/" + VARS, groups, out);
                    for (int i = 0; i < arrays.size(); i++) {
                        group.putDataset(Integer.toString(i), arrays.get(i));
                    }
                });
            }
            return Files.readAllBytes(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static WritableGroup group(String path, Map<String, WritableGroup> groups, WritableGroup root) {
        WritableGroup known = groups.get(path);
        if (known == null) {
            int slash = path.lastIndexOf('/');
            WritableGroup outer = slash < 0 ? root : group(path.substring(0, slash), groups, root);
            known = outer.putGroup(path.substring(slash + 1));
            groups.put(path, known);
        }
        return known;
    }

    /** Where array {@code i} of an object is. */
    static String place(String path, int i) {
        return path + "/" + VARS + "/" + i;
    }

    /** Elements as a Java array of so many axes, or as a number if there is none, as jHDF takes it. */
    static Object array(Shape shape, Tensor tensor) {
        float[] elements = tensor.toArray();
        return shape.rank() == 0 ? elements[0] : part(shape.toArray(), 0, elements, new int[1]);
    }

    private static Object part(int[] sizes, int axis, float[] elements, int[] next) {
        if (axis == sizes.length - 1) {
            next[0] += sizes[axis];
            return Arrays.copyOfRange(elements, next[0] - sizes[axis], next[0]);
        }
        int[] rest = Arrays.copyOfRange(sizes, axis, sizes.length);
        Object[] parts = (Object[]) Array.newInstance(float.class, rest);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part(sizes, axis + 1, elements, next);
        }
        return parts;
    }

    @Override
    public void close() {
        file.close();
    }
}

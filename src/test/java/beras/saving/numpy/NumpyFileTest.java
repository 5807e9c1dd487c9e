package beras.saving.numpy;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.table.Workbooks;
import beras.feed.Examples;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.FormatSupport;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that NumPy wrote, and such as it never would. */
@Tag("once")
@Tag("saving")
class NumpyFileTest {

    private static final Path OF_NUMPY = Path.of("src/test/resources/beras/saving/numpy");

    @TempDir
    Path folder;

    private static Tensor read(String name) throws IOException {
        return NumpyFile.read(OF_NUMPY.resolve(name + ".npy"));
    }

    private static void assertBits(Shape shape, float[] expected, Tensor array) {
        assertEquals(shape, array.shape());
        assertArrayEquals(expected, array.toArray()); // which tells 0 from -0, and NaN from numbers
    }

    // ------------------------------------------------------------------------------------------------------- reading

    @ParameterizedTest
    @ValueSource(strings = {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"})
    void eachTypeInBothOrdersOfBytesAndOfAxes(String type) throws IOException {
        float[] expected = {0, 1, 2, 3, 4, 5};
        assertBits(Shape.of(2, 3), expected, read("little-" + type));
        assertBits(Shape.of(2, 3), expected, read("big-" + type));
    }

    @Test
    void booleansVersionsAndShapes() throws IOException {
        assertBits(Shape.of(2, 3), new float[] {0, 1, 0, 1, 0, 1}, read("bool"));
        assertBits(Shape.of(2, 3), new float[] {0, 1, 2, 3, 4, 5}, read("version2"));
        assertBits(Shape.of(2, 3), new float[] {0, 1, 2, 3, 4, 5}, read("version3"));
        assertBits(Shape.of(2, 3, 4), Tensor.generate(i -> i, 24).toArray(), read("cube"));
        assertBits(Shape.of(), new float[] {-0.5f}, read("scalar"));
        assertBits(Shape.of(0, 3), new float[0], read("none"));
    }

    /** Expected are the bits that NumPy's {@code astype("f4")} gives. */
    @Test
    void numbersAreRoundedOnceAndToNearest() throws IOException {
        assertBits(Shape.of(5), new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, Float.MAX_VALUE},
                read("special"));
        assertBits(Shape.of(7), new float[] {0x1p-24f, 0x3ffp-24f, 0x1p-14f, 65504, -0f, Float.NEGATIVE_INFINITY, -0x1.554p-2f},
                read("halves"));
        assertBits(Shape.of(4), new float[] {Float.POSITIVE_INFINITY, -0f, 0.1f, 16777216}, read("wide"));
        assertBits(Shape.of(4), new float[] {0x1p64f, 0x1p63f, 0x1.000002p63f, 1}, read("longs"));
    }

    /** Counted are those that no float32 holds; not what is infinite or NaN already. */
    @Test
    void howManyAreRoundedIsTold() throws IOException {
        assertEquals(List.of(0L, 0L, 0L), List.of(rounded("special"), rounded("halves"), rounded("little-u1")));
        assertEquals(4, rounded("wide"));
        assertEquals(3, rounded("longs"));
        assertEquals(List.of("u1", "f8", "b1"), List.of(array("big-u1").type(), array("little-f8").type(), array("bool").type()));
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': (4,)}";
        ByteBuffer ints = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(1 << 24).putInt(-(1 << 24) - 1)
                .putInt(Integer.MIN_VALUE).putInt(-2);
        assertEquals(1, NumpyFile.array(file(header.formatted("<i4"), ints.array())).rounded());
        assertEquals(2, NumpyFile.array(file(header.formatted("<u4"), ints.array())).rounded());
        ByteBuffer longs = ByteBuffer.allocate(32).order(ByteOrder.BIG_ENDIAN).putLong(Long.MIN_VALUE).putLong(Long.MAX_VALUE)
                .putLong((1L << 62) + (1L << 39)).putLong((1L << 62) + (1L << 38));
        assertEquals(2, NumpyFile.array(file(header.formatted(">i8"), longs.array())).rounded());
    }

    private static NumpyFile.Array array(String name) throws IOException {
        return NumpyFile.array(OF_NUMPY.resolve(name + ".npy"));
    }

    private static long rounded(String name) throws IOException {
        return array(name).rounded();
    }

    private Path file(String header, byte[] elements) throws IOException {
        byte[] whole = Files.readAllBytes(file(header, elements.length));
        System.arraycopy(elements, 0, whole, whole.length - elements.length, elements.length);
        return Files.write(folder.resolve("elements.npy"), whole);
    }

    @ParameterizedTest
    @CsvSource({"object, one of Python objects (|O)", "text, Received: '<U2'", "complex, Received: '<c16'",
        "record, one of records"})
    void whatIsNoNumberIsRefused(String name, String reason) {
        refuse(reason, OF_NUMPY.resolve("refused-" + name + ".npy"));
    }

    private static void refuse(String reason, Path file) {
        Exception e = assertThrows(ModelFormatException.class,
                () -> Map.of(0, file.toString().endsWith("z") ? NumpyFile.readAll(file) : NumpyFile.read(file)));
        assertTrue(e.getMessage().startsWith(file.toString()) && e.getMessage().contains(reason),
                () -> "expected \"" + reason + "\" in: " + e.getMessage());
    }

    private Path file(int version, long length, String header, int elementBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(12 + text.length + elementBytes).order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            bytes.putShort((short) length);
        } else {
            bytes.putInt((int) length);
        }
        bytes.put(text);
        return Files.write(folder.resolve("t.npy"), Arrays.copyOf(bytes.array(), bytes.position() + elementBytes));
    }

    private Path file(String header, int elementBytes) throws IOException {
        return file(1, header.length(), header, elementBytes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'descr': '<f4', 'fortran_order': False, 'shape': (3,)}|shape (3,) takes 12 bytes. Received: 8
            {'descr': '<f4', 'fortran_order': False, 'shape': (1,)}|shape (1,) takes 4 bytes. Received: 8
            {'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536)}|at most 2147483647 elements
            {'descr': '<f4', 'fortran_order': False, 'shape': (2147483647,)}|takes 8589934588 bytes. Received: 8
            {'descr': '<f4', 'fortran_order': False, 'shape': (4294967298,)}|expected a shape of at most 64 sizes
            {'descr': '<f4', 'fortran_order': False, 'shape': (1 2,)}|expected a shape of at most 64 sizes
            {'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}|expected a header such as
            {'descr': '<f4', 'fortran_order': False, 'shape': 2}|expected a header such as
            {'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}|expected a header such as
            {'descr': '<f4', 'shape': (2,)}|expected a header such as
            {'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': True}|expected a header such as
            {'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}|has 'shape' twice
            {'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x|expected a header such as
            {'descr': __import__('os'), 'fortran_order': False, 'shape': (2,)}|expected a header such as
            {'descr': '>f3', 'fortran_order': False, 'shape': (2,)}|one of the types f2, f4, f8
            {'descr': '', 'fortran_order': False, 'shape': (2,)}|one of the types f2, f4, f8
            """)
    void headersThatCannotBeAreRefused(String header, String reason) throws IOException {
        refuse(reason, file(header, 8));
    }

    @Test
    void theHeaderMustFitTheFile() throws IOException {
        refuse("can have at most 10 bytes. Received: 65535", file(1, 65535, "{}", 8));
        refuse("can have at most 10 bytes. Received: 4294967295", file(2, -1, "{}", 8));
        refuse("can have at most 65536 bytes. Received: 70000", file(2, 70_000, "{}", 80_000));
        refuse("expected version 1.0, 2.0 or 3.0", file(4, 2, "{}", 8));
        refuse("begins with \\x93NUMPY", Files.write(folder.resolve("few.npy"), new byte[7]));
        refuse("begins with \\x93NUMPY", Files.write(folder.resolve("other.npy"), new byte[70]));
        byte[] whole = Files.readAllBytes(OF_NUMPY.resolve("cube.npy"));
        for (int length = 0; length < whole.length; length++) {
            Path cut = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, length));
            assertThrows(ModelFormatException.class, () -> NumpyFile.read(cut));
        }
        refuse("at most 64 sizes", file("{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1,".repeat(65) + ")}", 4));
    }

    // ----------------------------------------------------------------------------------------------------------- zip

    @Test
    void severalArraysStoredOrPacked() throws IOException {
        for (String name : List.of("stored.npz", "packed.npz")) {
            Map<String, Tensor> arrays = NumpyFile.readAll(OF_NUMPY.resolve(name));
            assertEquals(List.of("x", "y"), List.copyOf(arrays.keySet()));
            assertBits(Shape.of(2, 3), new float[] {0, 1, 2, 3, 4, 5}, arrays.get("x"));
            assertBits(Shape.of(2), new float[] {0, 1}, arrays.get("y"));
        }
    }

    private Path zip(Map<String, byte[]> entries) throws IOException {
        return Files.write(folder.resolve("t.npz"), Workbooks.zipOf(entries));
    }

    private static byte[] array(Tensor tensor) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NumpyArray.write(tensor, bytes);
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x.npy", "a/../x.npy", "/x.npy", "..\\x.npy", "x.txt", "x"})
    void entriesAreArraysWithinTheFile(String name) throws IOException {
        refuse("Received: " + name, zip(Map.of(name, array(Tensor.ones(2)))));
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> NumpyFile.saveAll(Map.of("../x", Tensor.ones(2)), folder.resolve("out.npz")));
        assertTrue(e.getMessage().contains("within the file"), e.getMessage());
        assertFalse(Files.exists(folder.resolve("out.npz")));
    }

    @Test
    void entriesAreThereOnce() throws IOException {
        Map<String, byte[]> two = new LinkedHashMap<>();
        two.put("a.npy", array(Tensor.ones(2)));
        two.put("b.npy", array(Tensor.ones(2)));
        byte[] bytes = Files.readAllBytes(zip(two));
        for (int i = 0; i < bytes.length - 5; i++) {
            if (new String(bytes, i, 5, StandardCharsets.ISO_8859_1).equals("b.npy")) {
                bytes[i] = 'a';
            }
        }
        refuse("array \"a\" is there twice", Files.write(folder.resolve("twice.npz"), bytes));
    }

    @Test
    void aBombIsRefusedBeforeThereIsMemoryForIt() throws IOException {
        byte[] zeros = array(Tensor.zeros(20 << 20)); // 80 MB that pack to 80 KB
        Path bomb = zip(Map.of("x.npy", zeros));
        assertTrue(Files.size(bomb) < 100_000);
        refuse("array \"x\": a file of " + Files.size(bomb) + " bytes may unpack to", bomb);
        Map<String, byte[]> many = new LinkedHashMap<>();
        byte[] fewer = array(Tensor.zeros(8 << 20));
        for (String name : List.of("a.npy", "b.npy", "c.npy")) {
            many.put(name, fewer);
        }
        refuse("array \"c\": a file of", zip(many));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}" + " ".repeat(60_000);
        byte[] empty = Files.readAllBytes(file(2, header.length(), header, 0));
        many.clear();
        for (int i = 0; i < 2000; i++) {
            many.put(i + ".npy", empty); // 120 MB of headers
        }
        refuse("may unpack to", zip(many));
        NumpyFile.saveAll(Map.of("x", Tensor.zeros(20 << 20)), folder.resolve("zeros.npz"));
        assertEquals(Shape.of(20 << 20), NumpyFile.readAll(folder.resolve("zeros.npz")).get("x").shape());
    }

    @Test
    void changedEntriesAreFound() throws IOException {
        byte[] bytes = Files.readAllBytes(OF_NUMPY.resolve("stored.npz"));
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("NUMPY") + 130;
        bytes[at] ^= 1;
        refuse("array \"x\": it was changed or damaged", Files.write(folder.resolve("changed.npz"), bytes));
        refuse("no .npz file", Files.write(folder.resolve("no.npz"), new byte[100]));
        refuse("no .npz file", Files.write(folder.resolve("empty.npz"), new byte[0]));
    }

    // ------------------------------------------------------------------------------------------------------- writing

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        Tensor turned = Tensor.generate(i -> i % 9 == 0 ? Double.NaN : i / 3.0, 30, 50).transpose();
        Path file = folder.resolve("t.npy");
        NumpyFile.save(turned, file);
        assertBits(turned.shape(), turned.toArray(), NumpyFile.read(file));
        assertEquals(0, (Files.size(file) - 4 * turned.size()) % 64);
        assertThrows(FileAlreadyExistsException.class, () -> NumpyFile.save(turned, file));
        NumpyFile.replace(Tensor.scalar(3), file);
        assertBits(Shape.of(), new float[] {3}, NumpyFile.read(file));
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("b/kernel", turned);
        all.put("a", Tensor.zeros(0, 2));
        Path several = folder.resolve("t.npz");
        NumpyFile.saveAll(all, several);
        Map<String, Tensor> again = NumpyFile.readAll(several);
        assertEquals(List.of("b/kernel", "a"), List.copyOf(again.keySet()));
        assertBits(turned.shape(), turned.toArray(), again.get("b/kernel"));
    }

    // ---------------------------------------------------------------------------------------------- weights and data

    private static Sequential net(long seed) {
        return new Sequential(seed, new Input(3), new Dense(4, "relu"), new BatchNormalization(), new Dense(2));
    }

    @Test
    void weightsComeBackToTheBit() throws IOException {
        Path file = folder.resolve("weights.npz");
        NumpyFile.saveWeights(net(1), file);
        Sequential other = net(2);
        NumpyFile.loadWeights(other, file);
        assertEquals(ModelFile.weightsSha256(net(1)), ModelFile.weightsSha256(other));
        assertTrue(NumpyFile.readAll(file).containsKey("batch_normalization/moving_mean"),
                () -> FormatSupport.weights(other).keySet().toString());
    }

    @Test
    void weightsOfAnotherNetAreRefusedAndNothingChanges() throws IOException {
        Path file = folder.resolve("weights.npz");
        NumpyFile.saveWeights(net(1), file);
        Sequential wider = new Sequential(2, new Input(3), new Dense(4), new BatchNormalization(), new Dense(3));
        String before = ModelFile.weightsSha256(wider);
        Exception e = assertThrows(ModelFormatException.class, () -> NumpyFile.loadWeights(wider, file));
        assertTrue(e.getMessage().contains("weight dense_1/kernel to have shape (4, 3). Received: (4, 2)"), e.getMessage());
        assertEquals(before, ModelFile.weightsSha256(wider));
        Exception fewer = assertThrows(ModelFormatException.class,
                () -> NumpyFile.loadWeights(new Sequential(new Input(3), new Dense(4)), file));
        assertTrue(fewer.getMessage().contains("the layers need the weights [dense/kernel, dense/bias]"), fewer.getMessage());
    }

    @Test
    void examplesFromArrays() throws IOException {
        Examples examples = NumpyFile.examples(OF_NUMPY.resolve("stored.npz"));
        assertEquals(2, examples.count());
        assertEquals(List.of(Shape.of(3)), examples.spec().inputs());
        assertEquals(List.of(Shape.of(1)), NumpyFile.examples(OF_NUMPY.resolve("packed.npz")).spec().targets());
        Path other = folder.resolve("other.npz");
        NumpyFile.saveAll(Map.of("x", Tensor.ones(2, 2)), other);
        Exception lacking = assertThrows(ModelFormatException.class, () -> NumpyFile.examples(other));
        assertTrue(lacking.getMessage().contains("expected the arrays x and y. Received: [x]"), lacking.getMessage());
        for (Map<String, Tensor> bad : List.of(Map.of("x", Tensor.scalar(1), "y", Tensor.scalar(1)),
                Map.of("x", Tensor.ones(2, 2), "y", Tensor.ones(3)), Map.of("x", Tensor.of(1), "y", Tensor.of(Float.NaN)))) {
            Path wrong = folder.resolve("wrong" + bad.hashCode() + ".npz");
            NumpyFile.saveAll(bad, wrong);
            assertThrows(ModelFormatException.class, () -> NumpyFile.examples(wrong), bad::toString);
        }
    }
}

package beras.saving.bytes;

import static org.junit.jupiter.api.Assertions.*;

import beras.files.Bytes;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The format as its specification has it: a length of 8 bytes, JSON, elements; all little-endian. */
@Tag("saving")
class SafetensorsTest {

    @TempDir
    Path folder;

    private static byte[] file(long length, String json, byte... elements) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + elements.length).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(text)
                .put(elements).array();
    }

    private Safetensors read(byte[] bytes) throws IOException {
        try (Bytes file = Bytes.open(Files.write(folder.resolve("t.safetensors"), bytes))) {
            Safetensors read = Safetensors.read(file);
            read.requireFloats(file.size());
            return read;
        }
    }

    private Safetensors read(String json, int elementBytes) throws IOException {
        return read(file(json.getBytes(StandardCharsets.UTF_8).length, json, new byte[elementBytes]));
    }

    // ------------------------------------------------------------------------------------------------------- writing

    /** A reader refuses more than the limit, spaces included. */
    @Test
    void theJsonMayHaveJustTheLimit() {
        int most = Safetensors.MOST_JSON_BYTES;
        assertEquals(List.of(8, 8, 16, most - 8, most, most, most), List.of(Safetensors.padded(2), Safetensors.padded(8),
                Safetensors.padded(9), Safetensors.padded(most - 8), Safetensors.padded(most - 7), Safetensors.padded(most - 1),
                Safetensors.padded(most)));
        for (int bytes : new int[] {most + 1, Integer.MAX_VALUE}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> Safetensors.padded(bytes));
            assertEquals("A safetensors file has at most 100000000 bytes of JSON. Received: " + bytes, e.getMessage());
        }
    }

    @Test
    void everyByteOfASmallFile() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", Tensor.of(new float[][] {{1, -2}}));
        tensors.put("none", Tensor.zeros(0, 3));
        tensors.put("b", Tensor.scalar(0.5f));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Safetensors.header(Map.of("who", "\"me\""), tensors));
        Safetensors.writeElements(tensors.values(), out);
        String json = "{\"__metadata__\":{\"who\":\"\\\"me\\\"\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[8,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
        String padded = json + " ".repeat((8 - json.length() % 8) % 8);
        assertArrayEquals(file(padded.length(), padded, (byte) 0, (byte) 0, (byte) 0x80, (byte) 0x3f, (byte) 0, (byte) 0,
                (byte) 0, (byte) 0xc0, (byte) 0, (byte) 0, (byte) 0, (byte) 0x3f), out.toByteArray());
        Safetensors read = read(out.toByteArray());
        assertEquals(Map.of("who", "\"me\""), read.metadata());
        assertEquals(List.of("a", "none", "b"), List.copyOf(read.entries().keySet()));
        assertEquals(new Safetensors.Entry("F32", Shape.of(), 8, 12), read.entries().get("b"));
        assertEquals(out.size(), read.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "xx", "xxx", "xxxx", "xxxxx", "xxxxxx", "xxxxxxx"})
    void elementsBeginAtAMultipleOfEight(String name) {
        assertEquals(0, Safetensors.header(Map.of(), Map.of(name + "t", Tensor.zeros(1))).length % 8);
    }

    @Test
    void viewsAndLargeTensorsAreWrittenElementByElement() throws IOException {
        Tensor large = Tensor.generate(i -> i, 100, 500);
        Tensor turned = large.transpose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Safetensors.header(Map.of(), Map.of("t", turned)));
        Safetensors.writeElements(List.of(turned), out);
        Tensor read = Tensor.zeros(500, 100);
        try (Bytes file = Bytes.open(Files.write(folder.resolve("large"), out.toByteArray()))) {
            Safetensors header = Safetensors.read(file);
            header.readElements(file, header.entries().get("t"), read);
        }
        assertArrayEquals(turned.toArray(), read.toArray());
    }

    // ------------------------------------------------------------------------------------------------------- reading

    /** Written by the Python package safetensors 0.4.5, which sorts the tensors and puts the metadata first. */
    @Test
    void readsAFileOfAnotherWriter() throws IOException {
        Path other = Path.of("src/test/resources/beras/saving/other.safetensors");
        try (Bytes file = Bytes.open(other)) {
            Safetensors read = Safetensors.read(file);
            read.requireFloats(file.size());
            assertEquals(Map.of("made by", "another \u00e9"), read.metadata());
            assertEquals(Shape.of(2, 3), read.entries().get("b/kernel").shape());
            Tensor kernel = Tensor.zeros(2, 3);
            read.readElements(file, read.entries().get("b/kernel"), kernel);
            assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, kernel.toArray());
            Tensor bias = Tensor.zeros(2);
            read.readElements(file, read.entries().get("a"), bias);
            assertArrayEquals(new float[] {-0.5f, Float.POSITIVE_INFINITY}, bias.toArray());
        }
    }

    @Test
    void whatOthersMayWrite() throws IOException {
        assertEquals(Map.of(), read("{}", 0).metadata());
        assertEquals(Map.of(), read("{\"__metadata__\":{}}   ", 0).entries());
        Safetensors read = read("{\"a\":{\"shape\":[1],\"more\":{\"x\":[1]},\"data_offsets\":[4,8],\"dtype\":\"F32\"},"
                + "\"b\":{\"shape\":[],\"data_offsets\":[0,4],\"dtype\":\"F32\"}}", 8);
        assertEquals(4, read.entries().get("a").begin());
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "{\"a\":{\"dtype\":" + dtype + ",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "F16"|[2]|[0,4]|must be of type F32. Received: F16
            "F32"|[2]|[0,4]|cannot lie from byte 0 to 4
            "F32"|[1]|[-4,0]|cannot lie from byte -4 to 0
            "F32"|[1]|[4,8]|one that begins at byte 4 where 0 is expected
            "F32"|[0]|[0,0]|the tensors must take 0 bytes. Received: 4
            "F32"|[2]|[0,8]|the tensors must take 8 bytes. Received: 4
            "F32"|[-1]|[0,4]|cannot have the shape [-1]
            "F32"|[4294967297]|[0,4]|cannot have the shape [4294967297]
            "F32"|[65536,65536]|[0,17179869184]|A tensor holds at most
            "F32"|[9223372036854775808]|[0,4]|cannot have the shape
            "F32"|[1e999999999]|[0,4]|not the JSON of safetensors
            "F32"|[0.5]|[0,4]|not the JSON of safetensors
            "F32"|[1]|[0,4,4]|needs dtype, shape and two data_offsets
            "F32"|[1]|[-9223372036854775807,9223372036854775807]|cannot lie from byte
            "F16"|[1]|[9223372036854775800,9223372036854775807]|must be of type F32
            7|[1]|[0,4]|must be of type F32. Received: 7
            null|[1]|[0,4]|not the JSON of safetensors
            {}|[1]|[0,4]|not the JSON of safetensors
            "F32"|1|[0,4]|not the JSON of safetensors
            "F32"|["1"]|"04"|not the JSON of safetensors
            """)
    void tensorsThatCannotBeAreRefused(String dtype, String shape, String offsets, String reason) {
        refuse(reason, tensor(dtype, shape, offsets), 4);
    }

    private void refuse(String reason, String json, int bytes) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> read(json, bytes));
        assertTrue(e.getMessage().contains(reason), () -> "expected \"" + reason + "\" in: " + e.getMessage());
    }

    @Test
    void tensorsMustNotOverlap() {
        refuse("one that begins at byte 4 where 8 is expected", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8);
    }

    @Test
    void namesAreThereOnce() {
        String one = tensor("\"F32\"", "[0]", "[0,0]");
        String inner = one.substring(1, one.length() - 1);
        refuse("has \"a\" twice", "{" + inner + "," + inner + "}", 0);
        refuse("has \"__metadata__\" twice", "{\"__metadata__\":{},\"__metadata__\":{}}", 0);
        refuse("has the metadata \"x\" twice", "{\"__metadata__\":{\"x\":\"\",\"x\":\"\"}}", 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"  ", "[]", "null", "7", "{", "{}{}", "{\"a\":1}", "{\"__metadata__\":[]}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"__metadata__\":{\"a\":null}}", "{'a':{}}", "{\"a\":{}}", "{}x", "{,}"})
    void theHeaderMustBeAsDescribed(String json) {
        refuse("", json, 0);
    }

    @Test
    void theHeaderMayBeNestedTooDeeplyToFollow() {
        refuse("not the JSON of safetensors", "{\"a\":{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}", 0);
        refuse("not the JSON of safetensors", "{\"a\":{\"x\":" + "{\"x\":".repeat(100_000), 0);
    }

    @Test
    void theHeaderMustFitTheFile() {
        for (long length : new long[] {-1, 0, 1, 3, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> read(file(length, "{}")));
            assertTrue(e.getMessage().contains("cannot have " + length + " bytes in a file of 10"), e.getMessage());
        }
        for (int size = 0; size < 8; size++) {
            byte[] few = new byte[size];
            assertThrows(IllegalArgumentException.class, () -> read(few));
        }
    }

    @Test
    void theHeaderMustBeText() {
        byte[] bytes = file(2, "{}");
        bytes[8] = (byte) 0xff;
        Exception e = assertThrows(IllegalArgumentException.class, () -> read(bytes));
        assertTrue(e.getMessage().contains("must be text in UTF-8"), e.getMessage());
    }
}

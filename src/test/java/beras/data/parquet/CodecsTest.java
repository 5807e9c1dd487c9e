package beras.data.parquet;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compressions, of files that zstd-jni and snappy-java wrote by {@code src/test/tables/MakePacked.java}. */
@Tag("data")
class CodecsTest {

    private static final int SNAPPY = 1;
    private static final int GZIP = 2;
    private static final int BROTLI = 4;
    private static final int ZSTD = 6;
    private static final Path TABLES = Path.of("src/test/resources/tables");

    private static byte[] unpacked(int codec, byte[] packed, int size) throws IOException {
        ByteCursor cursor = Codecs.unpacked(codec, new ByteCursor(packed, 0, packed.length), size);
        return Arrays.copyOfRange(cursor.bytes, cursor.at, cursor.end);
    }

    /** Frame after frame at several levels. */
    @Test
    void zstandardIsUnpacked() throws IOException {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (int level = 0; level < 5; level++) {
            for (int kind = 0; kind < Pieces.KINDS; kind++) {
                expected.writeBytes(kind == 3 && level != 1 ? new byte[0] : Pieces.of(kind));
            }
        }
        byte[] packed = Files.readAllBytes(TABLES.resolve("packed.zst"));
        assertArrayEquals(expected.toByteArray(), unpacked(ZSTD, packed, expected.size()));
    }

    /** Numbers of up to 64 bits begin at any bit; a wide one is in nine bytes. */
    @Test
    void packedNumbersOfAnyWidthAreRead() {
        byte[] bytes = new byte[40];
        Rng rng = new Rng(5, "bits", 0);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) rng.bits(i);
        }
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[bytes.length - 1 - i] = bytes[i];
        }
        BigInteger all = new BigInteger(1, reversed);
        for (int width = 0; width <= Long.SIZE; width++) {
            for (int from = 0; from <= bytes.length * Byte.SIZE - width; from++) {
                BigInteger expected = all.shiftRight(from).and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE));
                assertEquals(expected.longValue(), RunLengths.bits(bytes, from, width), width + " bits from " + from);
            }
        }
    }

    @Test
    void snappyIsUnpacked() throws IOException {
        ByteCursor all = new ByteCursor(Files.readAllBytes(TABLES.resolve("packed.snappy")), 0, (int) Files.size(
                TABLES.resolve("packed.snappy")));
        for (int kind : new int[] {0, 1, 2, 4, 5, 6}) {
            ByteCursor packed = all.part(all.littleInt());
            byte[] piece = Pieces.of(kind);
            assertArrayEquals(piece, Codecs.unpacked(SNAPPY, packed, piece.length).bytes);
        }
        assertEquals(0, all.left());
    }

    @ParameterizedTest
    @CsvSource({"1, 0300, expected 5 bytes in Snappy. Received: 3", "1, 0508610501, expected 5 bytes in Snappy",
        "1, 050061010a, one of 1 bytes before", "6, 28b52ffd, more bytes", "6, 00000000, a frame that begins with fd2fb528",
        "6, 28b52ffd2005010000, expected a page that unpacks to 5 bytes. Received: 0",
        "6, 28b52ffd2005330000ff, expected at most 5 more unpacked bytes. Received: 6",
        "6, 28b52ffd2105010000, without a dictionary", "6, 28b52ffd2005070000, a block of a known type"})
    void damagedDataIsRefused(int codec, String hex, String fact) {
        String message = assertThrows(IOException.class, () -> unpacked(codec, HexFormat.of().parseHex(hex), 5)).getMessage();
        assertTrue(message.contains(fact), message);
    }

    /** The frames of Zstandard are of its own program. */
    @Test
    void dataOfAnotherChecksumAreRefused() throws IOException {
        byte[] text = IntStream.range(0, 12).mapToObj(i -> i * 7919 % 1000 + " little pigs, ").collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(text);
        }
        assertNoOtherData(GZIP, gzip.toByteArray(), text, 10);
        assertThrows(IOException.class, () -> unpacked(GZIP, gzip.toByteArray(), text.length - 1));
        assertArrayEquals(text, unpacked(ZSTD, HexFormat.of().parseHex("28b52ffd24cafd0100e2020a0fc0eb30edf29f31ada46cda4c467566bf7b9b21a06d218a"
                + "c791233189c97b03ca9c6405ad75905d0ba81022bc7f0ee0e50110fef60150b685904c014679dfc8"), text.length));
    }

    /** @param header bytes that hold flags and times */
    private static void assertNoOtherData(int codec, byte[] packed, byte[] text, int header) throws IOException {
        assertArrayEquals(text, unpacked(codec, packed, text.length));
        int refused = 0;
        for (int bit = 8 * header; bit < 8 * packed.length; bit++) {
            byte[] bad = packed.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                assertArrayEquals(text, unpacked(codec, bad, text.length), "bit " + bit); // of the padding
            } catch (IOException e) {
                refused++;
            }
        }
        assertTrue(refused > 4 * packed.length, "refused: " + refused);
    }

    @Test
    void literalsAndCopiesThatOverlapAreUnpacked() throws IOException {
        assertArrayEquals(new byte[] {'a', 'a', 'a', 'a', 'a'}, unpacked(SNAPPY, HexFormat.of().parseHex("0500610101"), 5));
        assertArrayEquals(new byte[] {'a', 'a', 'a', 'a', 'a'}, unpacked(SNAPPY, HexFormat.of().parseHex("0500610f01000000"), 5),
                "a copy whose offset takes four bytes");
    }

    /** Fields of Thrift are numbered by their distance to the one before, and beyond 15 in full. */
    @Test
    void fieldsOfThriftFarApartAreRead() throws IOException {
        byte[] structure = HexFormat.of().parseHex("1502" + "052806" + "2508" + "00");
        Map<Integer, Integer> fields = new TreeMap<>();
        Thrift thrift = new Thrift(new ByteCursor(structure, 0, structure.length));
        thrift.struct((field, type) -> fields.put(field, thrift.integer(type)) == null);
        assertEquals(Map.of(1, 1, 20, 3, 22, 4), fields);
    }

    @Test
    void otherCompressionsAndEncodingsAreRefusedByName() {
        String message = assertThrows(IOException.class, () -> unpacked(BROTLI, new byte[4], 5)).getMessage();
        assertTrue(message.contains("expected a compression out of SNAPPY, GZIP, ZSTD") && message.contains("Received: BROTLI"), message);
        ColumnType type = new ColumnType(ColumnType.Physical.INT32, Integer.BYTES, ColumnType.Meaning.PLAIN, 0, false);
        String encoding = assertThrows(IOException.class, () -> Values.of(5, type, new ByteCursor(new byte[4], 0, 4), null, null)).getMessage();
        assertTrue(encoding.contains("expected values of type INT32 as PLAIN") && encoding.contains("Received: DELTA_BINARY_PACKED. Write"), encoding);
    }

    /** Whatever a file claims, it is read within its bounds. */
    @Test
    void changedDataIsUnpackedOrRefused() throws IOException {
        byte[] good = Files.readAllBytes(TABLES.resolve("packed.zst"));
        Rng random = new Rng(1, "changes", 0);
        for (int i = 0; i < 300; i++) {
            byte[] bad = Arrays.copyOf(good, 4000);
            bad[(int) (random.uniform(2 * i) * bad.length)] ^= (byte) (1 << i % 8);
            assertThrows(IOException.class, () -> unpacked(ZSTD, bad, 100_000));
        }
    }
}

package beras.data.image;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class IdxTest {

    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;

    @TempDir
    Path folder;

    /** Big-endian numbers and then {@code length} bytes that count up from 0. */
    private static byte[] idx(int length, int... header) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * header.length + length);
        for (int number : header) {
            bytes.putInt(number);
        }
        for (int i = 0; i < length; i++) {
            bytes.put((byte) i);
        }
        return bytes.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("some-file"), bytes);
    }

    // ------------------------------------------------------------------------------------------------ good files

    @Test
    void readsImages() throws IOException {
        Images images = Idx.images(file(idx(12, IMAGES, 2, 2, 3)));
        assertEquals(2, images.count());
        assertEquals(2, images.height());
        assertEquals(3, images.width());
        assertFalse(images.labelled());
        assertArrayEquals(new byte[] {6, 7, 8, 9, 10, 11}, images.pixels(1));
    }

    @Test
    void tellsGzipByContentNotByName() throws IOException {
        assertArrayEquals(new byte[] {0, 1, 2, 3}, Idx.labels(file(gzip(idx(4, LABELS, 4)))));
        Path plain = Files.write(folder.resolve("plain.gz"), idx(4, LABELS, 4));
        assertArrayEquals(new byte[] {0, 1, 2, 3}, Idx.labels(plain));
    }

    @Test
    void noImagesAreImagesToo() throws IOException {
        Images images = Idx.images(file(idx(0, IMAGES, 0, 28, 28)));
        assertEquals(0, images.count());
        assertEquals(28, images.width());
        assertEquals(0, Idx.labels(file(idx(0, LABELS, 0))).length);
    }

    /** Zeros pack a thousandfold: memory must grow to what the small file holds. */
    @Test
    void readsWhatPacksFarBetterThanUsual() throws IOException {
        byte[] bytes = Arrays.copyOf(idx(0, LABELS, 3_000_000), 8 + 3_000_000);
        bytes[8 + 2_999_999] = 9;
        byte[] packed = gzip(bytes);
        assertTrue(packed.length < 10_000, "the case that this test is about");
        byte[] labels = Idx.labels(file(packed));
        assertEquals(3_000_000, labels.length);
        assertEquals(9, labels[2_999_999]);
    }

    // ------------------------------------------------------------------------------------------------- bad files

    @Test
    void refusesWhatIsNoFileOrEmpty() throws IOException {
        Path missing = folder.resolve("missing");
        assertBadData(() -> Idx.images(missing), missing.toString(), "no such file");
        assertBadData(() -> Idx.images(folder), folder.toString(), "Received: a folder");
        Path empty = file(new byte[0]);
        assertBadData(() -> Idx.images(empty), empty.toString(), "IDX file of images", "empty");
        Path packed = file(gzip(new byte[0]));
        assertBadData(() -> Idx.labels(packed), "IDX file of labels", "empty");
    }

    @Test
    void refusesAnotherMagicNumber() throws IOException {
        Path labels = file(idx(4, LABELS, 4));
        assertBadData(() -> Idx.images(labels), "bytes 0 to 3", "00 00 08 03", "Received: 00 00 08 01", "axes of 1");
        Path images = file(idx(4, IMAGES, 1, 2, 2));
        assertBadData(() -> Idx.labels(images), "00 00 08 01", "Received: 00 00 08 03", "axes of 3");
        Path floats = file(idx(4, 0x00000d03, 1, 1, 1));
        assertBadData(() -> Idx.images(floats), "Received: 00 00 0d 03", "byte 2", "not unsigned bytes");
        Path png = file(idx(100, 0x89504e47));
        assertBadData(() -> Idx.images(png), "Received: 89 50 4e 47", "no IDX file");
        Path stub = file(new byte[] {0, 0});
        assertBadData(() -> Idx.images(stub), "Received: 00 00 (no IDX file)");
    }

    @Test
    void refusesHalfAHeader() throws IOException {
        Path path = file(idx(0, IMAGES, 2, 28));
        assertBadData(() -> Idx.images(path), path.toString(), "header of 16 bytes", "Received: 12");
    }

    @ParameterizedTest
    @CsvSource({"-1, 28, 28, bytes 4 to 7, images", "2, -28, 28, bytes 8 to 11, rows", "2, 28, 0, bytes 12 to 15, columns"})
    void refusesSizesThatAreNone(int count, int rows, int columns, String where, String what) throws IOException {
        Path path = file(idx(100, IMAGES, count, rows, columns));
        assertBadData(() -> Idx.images(path), path.toString(), where, "number of " + what);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesATruncatedFile(boolean packed) throws IOException {
        byte[] bytes = idx(100, IMAGES, 3, 6, 6);
        Path path = file(packed ? gzip(bytes) : bytes);
        assertBadData(() -> Idx.images(path), path.toString(), "3 x 6 x 6 " + (packed ? "unpacked " : "") + "bytes",
                "the end at 124", "Received: the end at 116");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesTrailingBytes(boolean packed) throws IOException {
        byte[] bytes = idx(5, LABELS, 4);
        Path path = file(packed ? gzip(bytes) : bytes);
        assertBadData(() -> Idx.labels(path), path.toString(), "the end at 12", "Received: more");
    }

    @Test
    void refusesGzipThatIsCutOff() throws IOException {
        byte[] packed = gzip(idx(1000, LABELS, 1000));
        for (int length : new int[] {2, 9, 10, 40, packed.length - 8, packed.length - 1}) {
            Path path = file(Arrays.copyOf(packed, length));
            assertBadData(() -> Idx.labels(path), path.toString(), "gzip data is cut off", "unpacked bytes");
        }
    }

    /** Wherever a bit is flipped after the gzip header; only the unused bits of the last byte of data do not matter. */
    @Test
    void refusesGzipWithAFlippedBit() throws IOException {
        byte[] packed = gzip(idx(1000, LABELS, 1000));
        int lastOfData = packed.length - 9;
        for (int i = 10; i < packed.length; i++) {
            byte[] damaged = packed.clone();
            damaged[i] = (byte) (damaged[i] ^ (i == lastOfData ? 1 : 4));
            Path path = file(damaged);
            assertBadData(() -> Idx.labels(path), path.toString());
        }
    }

    /** Headers of 1 KB files that announce gigabytes must cost no gigabytes, which the heap of the tests does not have. */
    @ParameterizedTest
    @CsvSource({"2147483647, 28, 28, false", "2147483647, 28, 28, true", "2147483647, 1, 1, false", "2147483639, 1, 1, false",
            "2147483639, 1, 1, true", "2147483647, 2147483647, 2147483647, false", "0, 2147483647, 2147483647, false",
            "65536, 65536, 65536, true"})
    void allocatesForWhatIsThereNotForWhatIsAnnounced(int count, int rows, int columns, boolean packed) throws IOException {
        byte[] bytes = idx(1000, IMAGES, count, rows, columns);
        Path path = file(packed ? gzip(bytes) : bytes);
        assertTrue(Runtime.getRuntime().maxMemory() <= 2L << 30, "an array of the announced length must not fit the tests' heap");
        assertBadData(() -> Idx.images(path), path.toString(), count + " x " + rows + " x " + columns);
    }
}

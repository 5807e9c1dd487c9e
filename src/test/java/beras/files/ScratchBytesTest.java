package beras.files;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("core")
class ScratchBytesTest {

    /** A record begins with its size; all its other bytes are its number. */
    private static List<ByteBuffer> written(ScratchBytes bytes, int records, int largest) throws IOException {
        try (bytes) {
            for (int i = 0; i < records; i++) {
                int rest = i * 31 % (largest - 3);
                ByteBuffer record = bytes.record(4 + rest).putInt(rest);
                for (int j = 0; j < rest; j++) {
                    record.put((byte) i);
                }
            }
            return bytes.finish();
        }
    }

    private static void assertHolds(int records, int largest, List<ByteBuffer> segments) {
        int next = 0;
        for (ByteBuffer segment : segments) {
            assertTrue(segment.isReadOnly());
            assertTrue(segment.hasRemaining());
            while (segment.hasRemaining()) {
                int rest = next * 31 % (largest - 3);
                assertEquals(rest, segment.getInt());
                for (int j = 0; j < rest; j++) {
                    assertEquals((byte) next, segment.get());
                }
                next++;
            }
        }
        assertEquals(records, next);
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "1, 4", "1, 5000", "2000, 100", "2000, 3000", "30000, 200"})
    void recordsAreReadAsTheyWereWritten(int records, int largest) throws IOException {
        assertHolds(records, largest, written(new ScratchBytes(".test"), records, largest));
        List<ByteBuffer> segments = written(new ScratchBytes(".test", 1000), records, largest);
        assertFalse(records > 1000 && segments.size() < 2);
        assertTrue(segments.stream().allMatch(segment -> segment.limit() <= Math.max(1000, largest)));
        assertHolds(records, largest, segments);
    }

    @Test
    void aStreamHasAllBytesOfTheSegmentsAndThenEnds() throws IOException {
        List<ByteBuffer> segments = List.of(ByteBuffer.wrap(new byte[] {1, (byte) 200}), ByteBuffer.wrap(new byte[0]),
                ByteBuffer.wrap(new byte[] {3, 4, 5}));
        try (InputStream in = ScratchBytes.stream(segments); InputStream other = ScratchBytes.stream(segments)) {
            assertEquals(2, in.available());
            assertEquals(1, in.read());
            assertEquals(200, in.read());
            assertEquals(3, in.read());
            byte[] rest = new byte[9];
            assertEquals(2, in.read(rest, 1, 8));
            assertArrayEquals(new byte[] {0, 4, 5, 0, 0, 0, 0, 0, 0}, rest);
            assertEquals(-1, in.read());
            assertEquals(0, in.read(rest, 0, 0), "of no bytes all are there, also at the end");
            assertEquals(0, in.available());
            assertArrayEquals(new byte[] {1, (byte) 200, 3, 4, 5}, other.readAllBytes());
        }
    }
}

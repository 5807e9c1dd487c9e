package beras.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.saving.EventReader.Event;
import beras.saving.EventReader.Histogram;
import beras.saving.bytes.ProtoMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("saving")
class EventsTest {

    @TempDir
    Path folder;

    /** The expected bytes were written by TensorBoard's own RecordWriter and messages. */
    @Test
    void theBytesAreThoseOfTensorBoard() {
        assertEquals("1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9",
                HexFormat.of().formatHex(Events.fileVersion(1700000000.25)));
        assertEquals("3200000000000000241956ec0900006040fc54d94110ac022a240a110a0a65706f63685f6c6f7373150000803e"
                + "0a0f0a0865706f63685fc3a415b00fa1b41d861282",
                HexFormat.of().formatHex(Events.summary(1700000001.5, 300,
                        List.of(Events.scalar("epoch_loss", 0.25), Events.scalar("epoch_\u00e4", -3e-7)))));
    }

    private Event read(ProtoMessage... values) throws IOException {
        Path file = folder.resolve("events");
        Files.write(file, Events.summary(1.5, Long.MAX_VALUE, List.of(values)));
        List<Event> events = EventReader.read(file);
        assertEquals(1, events.size());
        assertEquals(Long.MAX_VALUE, events.get(0).step());
        assertEquals(1.5, events.get(0).wallTime());
        return events.get(0);
    }

    private Histogram histogram(float... values) throws IOException {
        return (Histogram) read(Events.histogram("h", values)).values().get("h");
    }

    @Test
    void scalarsThatAreNotFiniteStayAsTheyAre() throws IOException {
        Event event = read(Events.scalar("nan", Double.NaN), Events.scalar("infinite", Double.NEGATIVE_INFINITY),
                Events.scalar("zero", 0));
        assertEquals("{nan=NaN, infinite=-Infinity, zero=0.0}", event.values().toString());
    }

    @Test
    void aLongTagIsWhole() throws IOException {
        String tag = "t".repeat(100_000);
        assertEquals(2f, read(Events.scalar(tag, 2)).values().get(tag));
    }

    @Test
    void aHistogramCountsEachValueOnce() throws IOException {
        Histogram histogram = histogram(1, 2, 2, 31, 8.5f);
        assertEquals(List.of(1.0, 31.0, 5.0, 44.5, 1 + 4 + 4 + 961 + 72.25),
                List.of(histogram.min(), histogram.max(), histogram.count(), histogram.sum(), histogram.squares()));
        assertEquals(30, histogram.limits().size());
        for (int i = 0; i < 30; i++) {
            assertEquals(i + 2.0, histogram.limits().get(i));
            assertEquals(i == 0 ? 1 : i == 1 ? 2 : i == 7 ? 1 : i == 29 ? 1 : 0, histogram.buckets().get(i), "bucket " + i);
        }
    }

    @Test
    void equalValuesAreInOneBucket() throws IOException {
        Histogram histogram = histogram(3, 3, 3);
        assertEquals(3, histogram.min());
        assertEquals(3, histogram.max());
        assertEquals(3, histogram.buckets().get(29));
        assertEquals(3, sum(histogram.buckets()));
    }

    @Test
    void valuesThatAreNotFiniteAreLeftOut() throws IOException {
        Histogram histogram = histogram(Float.NaN, -1, Float.POSITIVE_INFINITY, 1);
        assertEquals(2, histogram.count());
        assertEquals(0, histogram.sum());
        assertEquals(2, sum(histogram.buckets()));
        assertEquals(-1, histogram.min());
        for (float[] nothing : new float[][] {{}, {Float.NaN}}) {
            assertEquals(0, histogram(nothing).count());
            assertEquals(List.of(), histogram(nothing).limits());
        }
    }

    @Test
    void theWidestRangeHasFiniteLimits() throws IOException {
        Histogram histogram = histogram(-Float.MAX_VALUE, Float.MAX_VALUE, 0);
        assertEquals(3, sum(histogram.buckets()));
        assertTrue(histogram.limits().stream().allMatch(Double::isFinite));
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}

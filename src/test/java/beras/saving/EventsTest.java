package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.saving.EventReader.Event;
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
}

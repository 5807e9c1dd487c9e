package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads event files, with nothing in common with what writes them; every checksum is checked. */
public final class EventReader {

    /** An event: {@code version} is null but for the first, {@code values} hold a Float by tag. */
    public record Event(double wallTime, long step, String version, Map<String, Object> values) {}

    /** The fields of a message by number: Long, Double, Float or ByteBuffer, in a list for those that come again. */
    private static final class Fields {

        private final Map<Integer, List<Object>> fields = new LinkedHashMap<>();

        Fields(ByteBuffer message) {
            ByteBuffer in = message.slice().order(ByteOrder.LITTLE_ENDIAN);
            while (in.hasRemaining()) {
                long tag = varint(in);
                Object value = switch ((int) tag & 7) {
                    case 0 -> varint(in);
                    case 1 -> in.getDouble();
                    case 2 -> take(in, (int) varint(in));
                    case 5 -> in.getFloat();
                    default -> throw new AssertionError("no such wire type: " + (tag & 7));
                };
                fields.computeIfAbsent((int) (tag >> 3), n -> new ArrayList<>()).add(value);
            }
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        List<Object> all(int field) {
            return fields.getOrDefault(field, List.of());
        }

        <T> T get(int field, T orElse) {
            @SuppressWarnings("unchecked")
            T value = all(field).isEmpty() ? orElse : (T) all(field).get(0);
            return value;
        }

        String text(int field) {
            ByteBuffer bytes = get(field, null);
            return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        }
    }

    public static List<Event> read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (in.hasRemaining()) {
            int start = in.position();
            int length = Math.toIntExact(in.getLong());
            assertEquals(checksum(in, start, 8), in.getInt(), "checksum of the length");
            int at = in.position();
            ByteBuffer message = take(in, length);
            assertEquals(checksum(in, at, length), in.getInt(), "checksum of the message");
            events.add(event(new Fields(message)));
        }
        return events;
    }

    private static Event event(Fields fields) {
        Map<String, Object> values = new LinkedHashMap<>();
        ByteBuffer summary = fields.get(5, ByteBuffer.allocate(0));
        for (Object value : new Fields(summary).all(1)) {
            Fields one = new Fields((ByteBuffer) value);
            assertEquals(null, values.put(one.text(1), one.get(2, 0f)), "a tag comes once in an event");
        }
        return new Event(fields.get(1, 0.0), fields.get(2, 0L), fields.text(3), values);
    }

    private static ByteBuffer take(ByteBuffer in, int length) {
        ByteBuffer taken = in.slice(in.position(), length);
        in.position(in.position() + length);
        return taken;
    }

    /** CRC-32C bit by bit, then masked. */
    private static int checksum(ByteBuffer in, int from, int length) {
        int crc = -1;
        for (int i = from; i < from + length; i++) {
            crc ^= in.get(i) & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0x82f63b78);
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    private EventReader() {}
}

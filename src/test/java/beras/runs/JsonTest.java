package beras.runs;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cli")
class JsonTest {

    @TempDir
    Path folder;

    public record Trial(int number, double bestValue, List<String> layerNames) {}

    private static Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("text", "a \"b\"\n");
        fields.put("numbers", Arrays.asList(1, 2.5f, 1L << 40, Double.NaN, Double.POSITIVE_INFINITY, null));
        fields.put("flag", true);
        fields.put("path", Path.of("a", "b"));
        fields.put("inner", Map.of("x", List.of()));
        fields.put("trials", new ArrayList<>(List.of(new Trial(1, Double.NaN, List.of("dense")))));
        return fields;
    }

    private static final String LINE = "{\"text\":\"a \\\"b\\\"\\n\",\"numbers\":[1,2.5,1099511627776,null,null,null],\"flag\":true,"
            + "\"path\":\"a/b\",\"inner\":{\"x\":[]},\"trials\":[{\"number\":1,\"best_value\":null,\"layer_names\":[\"dense\"]}]}";

    @Test
    void anObjectIsOneLineOrAFile() throws IOException {
        assertEquals(LINE, Json.text(fields()));
        Path file = folder.resolve("a.json");
        Json.write(file, false, fields());
        String text = Files.readString(file);
        assertTrue(text.startsWith("{\n  \"text\": ") && text.endsWith("\n}\n"), text);
        assertEquals(LINE, Json.read(file, "this test", JsonObject::toString).replace("a\\/b", "a/b"));
        assertThrows(FileAlreadyExistsException.class, () -> Json.write(file, false, Map.of()));
        Json.write(file, true, new Trial(3, 0.5, List.of()));
        assertEquals("{\"number\":3,\"best_value\":0.5,\"layer_names\":[]}", Json.read(file, "this test", JsonObject::toString));
    }

    @Test
    void whatIsNoObjectIsRefused() throws IOException {
        for (String text : List.of("[1]", "{", "", "{\"a\": }", "7")) {
            Path file = Files.writeString(folder.resolve("b.json"), text);
            Exception e = assertThrows(DataException.class, () -> Json.read(file, "what train has written", Json::texts), text);
            assertTrue(e.getMessage().startsWith(file + ": expected what train has written. Received: "), e.getMessage());
        }
        Path bytes = Files.write(folder.resolve("c.json"), new byte[] {'{', (byte) 0xff, '}'});
        assertThrows(DataException.class, () -> Json.read(bytes, "what train has written", Json::texts));
    }

    @Test
    void aBugOfWhoReadsIsNotBlamedOnTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("d.json"), "{}");
        assertThrows(NullPointerException.class, () -> Json.read(file, "an object", object -> object.get("a").getAsString()));
        Exception e = assertThrows(DataException.class, () -> Json.read(file, "an object", object -> Json.value(object, "a")));
        assertEquals(file + ": expected an object. Received: an object without \"a\"", e.getMessage());
    }
}

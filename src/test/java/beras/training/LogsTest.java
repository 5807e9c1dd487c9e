package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class LogsTest {

    private final Map<String, Double> values = new LinkedHashMap<>();
    private final Logs logs;

    LogsTest() {
        values.put("loss", 0.5);
        values.put("accuracy", 0.75);
        logs = new Logs(values, 2.0);
    }

    @Test
    void aNumberIsFoundByName() {
        assertEquals(0.75, logs.get("accuracy"));
        assertEquals(2.0, logs.seconds());
    }

    @Test
    void anUnknownNameIsRefusedNamingTheKnownOnes() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> logs.get("acc"));
        assertTrue(e.getMessage().contains("acc ") && e.getMessage().contains("[loss, accuracy]"), e.getMessage());
    }

    @Test
    void theValuesKeepTheirOrderAndAreACopyThatCannotBeChanged() {
        values.put("loss", 9.0);
        assertEquals(0.5, logs.get("loss"));
        assertEquals(List.of("loss", "accuracy"), List.copyOf(logs.values().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> logs.values().put("loss", 1.0));
    }
}

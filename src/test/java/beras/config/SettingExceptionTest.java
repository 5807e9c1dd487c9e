package beras.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("core")
class SettingExceptionTest {

    @Test
    void itNamesTheSettingAndTellsTheProblemAlone() {
        Exception cause = new Exception();
        SettingException e = new SettingException("batchSize", "too small", cause);
        assertEquals("batchSize: too small", e.getMessage());
        assertEquals("batchSize", e.setting());
        assertEquals("too small", e.problem());
        assertSame(cause, e.getCause());
        assertInstanceOf(IllegalArgumentException.class, e);
    }

    @Test
    void aValueBelowTheMinimumIsRefused() {
        assertEquals(2, SettingException.requireAtLeast("factor", 2, 2));
        assertEquals("factor: it must be at least 2. Received: 1",
                assertThrows(SettingException.class, () -> SettingException.requireAtLeast("factor", 2, 1)).getMessage());
    }
}

package beras.data;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.function.Executable;

/** What the tests of this package say about errors. */
public final class Refusals {

    /** Asserts that bad data is refused, and that the message holds these facts. */
    public static void assertBadData(Executable reading, String... facts) {
        assertRefused(DataException.class, reading, facts);
    }

    /** Asserts that an exception of this very type is thrown, and that the message holds these facts. */
    public static void assertRefused(Class<? extends Exception> type, Executable action, String... facts) {
        String message = assertThrows(type, action).getMessage();
        for (String fact : facts) {
            assertTrue(message.contains(fact), () -> "expected \"" + fact + "\" in: " + message);
        }
    }

    private Refusals() {}
}

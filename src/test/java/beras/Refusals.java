package beras;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.function.Executable;

/** What an error says of arguments that are refused. */
public final class Refusals {

    /** The whole message of an IllegalArgumentException or IndexOutOfBoundsException. */
    public static void assertRefused(String message, Executable call) {
        RuntimeException e = assertThrows(RuntimeException.class, call);
        assertTrue(e instanceof IllegalArgumentException || e instanceof IndexOutOfBoundsException, e::toString);
        assertEquals(message, e.getMessage());
    }

    /** What was expected, and at the end what was received. */
    public static void assertRefused(String expected, Object received, Executable call) {
        assertRefused(expected + ". Received: " + received, call);
    }

    /** Only how what was received begins. */
    public static void assertReceived(String received, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains("Received: " + received), message);
    }

    private Refusals() {}
}

package beras.cli.terminal;

import static org.junit.jupiter.api.Assertions.*;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InterruptionTest {

    @Test
    @Timeout(60)
    void workThatHangsIsGivenUpWithAMessage() {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Console console = new Console(OutputStream.nullOutputStream(), messages, Terminal.NONE);
        List<String> requests = new ArrayList<>();
        try (Interruption hanging = new Interruption(console, "this batch", () -> { })) {
            hanging.stop(console, () -> requests.add("stop"), Duration.ofMillis(10));
        } finally {
            console.close();
        }
        console.end(Exit.DONE);
        assertEquals(List.of("stop"), requests);
        assertTrue(messages.toString(StandardCharsets.UTF_8).startsWith("Ending after this batch ...\n"
                + "beras: the work did not end within 0 s"), messages::toString);
    }
}

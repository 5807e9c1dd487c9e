package beras.data.rows;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text in parts. */
@Tag("data")
class TextPartsTest {

    private static final int LENGTH = 2_500_000;

    @TempDir
    Path folder;

    /** White space, ends of lines and characters of several bytes lie at all places relative to the buffers. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "to be\n", "\u00e9\uD83D\uDE00\u4e2d ", "a \r\n\r\n", "\r\n", "no-white-space", "abc\t\t  \f"})
    void partsAreTheTextAndEndBeforeWhiteSpace(String repeated) throws IOException {
        String text = repeated.repeat(repeated.isEmpty() ? 0 : LENGTH / repeated.length()) + "end";
        Path file = Files.writeString(folder.resolve("t.txt"), text, StandardCharsets.UTF_8);
        List<String> parts = new ArrayList<>();
        TextFolder.readParts(file, null, new ArrayList<>(), parts::add);
        assertEquals(text.replace("\r\n", "\n"), String.join("", parts));
        boolean isSplit = repeated.matches("(?s).*\\S\\s.*");
        assertEquals(isSplit, parts.size() > 1);
        for (int i = 0; i + 1 < parts.size(); i++) {
            String part = parts.get(i);
            assertTrue(part.length() > LENGTH / 4 && part.length() < LENGTH / 2, () -> "a part of " + part.length());
            assertTrue(part.matches("(?s).*\\S") && parts.get(i + 1).matches("(?s)\\s.*"));
        }
    }
}

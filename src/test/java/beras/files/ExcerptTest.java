package beras.files;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link Excerpt} and {@link FileFailure}: what messages tell. */
@Tag("files")
class ExcerptTest {

    private static final String ESCAPE = "\\" + "u001b";

    @Test
    void aTerminalObeysNothing() {
        assertEquals(ESCAPE + "[31mred\\" + "u0007", Excerpt.printable((char) 27 + "[31mred" + (char) 7));
        assertEquals("a\\" + "u000ab\\" + "u0009c\\" + "u000d", Excerpt.printable("a\nb\tc\r"));
        for (int c : new int[] {0, 0x1f, 0x7f, 0x80, 0x9b, 0x9f, 0x2028, 0x202e, 0x2069}) {
            assertEquals("\\" + "u" + String.format(Locale.ROOT, "%04x", c), Excerpt.printable(Character.toString(c)));
        }
        String plain = "Größe, 東京, 😀: \"a\" ~ \\ \u00a0";
        assertSame(plain, Excerpt.printable(plain));
    }

    @Test
    void longTextsAreCut() {
        assertEquals("\"abc\"", Excerpt.quoted("abc", 3));
        assertEquals("\"abc...\"", Excerpt.quoted("abcd", 3));
        assertEquals("\"ab...\"", Excerpt.quoted("ab😀😀", 3));
        assertEquals('"' + ESCAPE + "...\"", Excerpt.quoted((char) 27 + "x", 1));
        assertEquals("abcd", Excerpt.within("abcd", 4));
        assertEquals("a...", Excerpt.within("abcde", 4));
        assertEquals("a...", Excerpt.within("a😀😀😀", 5));
        String message = Excerpt.message("start " + "x".repeat(1 << 20) + " what to do");
        assertEquals(Excerpt.LONGEST_MESSAGE + 5, message.length());
        assertTrue(message.startsWith("start xxx") && message.contains("x ... x") && message.endsWith("x what to do"), message);
    }

    @Test
    void failuresHaveAFileAndAReason() {
        assertEquals("f: that is not permitted", FileFailure.message(new AccessDeniedException("f")));
        assertEquals("f: there is no such file or folder", FileFailure.message(new NoSuchFileException("f")));
        assertEquals("f: why", FileFailure.message(new FileSystemException("f", null, "why")));
        assertEquals("why", FileFailure.message(new IOException("why")));
        assertEquals("IOException", FileFailure.message(new IOException()));
    }
}

package beras.report;

import static org.junit.jupiter.api.Assertions.*;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts stay texts, and a page needs nothing but itself. */
@Tag("cli")
class HtmlTest {

    private static final String HOSTILE = "<script>alert('&\"')</script>";
    private static final String HARMLESS = "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;";

    @Test
    void noTextIsTakenForHtml() {
        assertEquals("<p title=\"" + HARMLESS + "\">" + HARMLESS + "</p>\n", new Html().add("p", HOSTILE, "title",
                HOSTILE).toString());
        String table = new Html().table(HOSTILE, List.of(HOSTILE, HOSTILE), List.of(List.of(HOSTILE, HOSTILE))).toString();
        assertFalse(table.contains("<script"), table);
        assertEquals(8, table.split(Pattern.quote(HARMLESS), -1).length - 1, table);
        assertFalse(new Html().table("x", Map.of(HOSTILE, HOSTILE)).toString().contains("<script"));
        assertFalse(new Html().plots(List.of(new Svg(1, 1, HOSTILE, ""))).toString().contains("<script"));
    }

    @Test
    void whatCannotBeSeenIsShown() {
        assertEquals("a\\u202eb\\u0000", new Html().text("a\u202eb\0").toString());
        assertEquals("two\nlines", new Html().text("two\nlines").toString());
        assertEquals("", new Html().text("").toString());
    }

    @Test
    void barsAreNeverLongerThanTheirPlace() {
        Map.of(0.0, "0", 0.333, "33", 1.0, "100", 7.0, "100", -1.0, "0").forEach((share, width) ->
                assertTrue(new Html().bar(share).toString().contains("<rect width=\"" + width + "\""), width));
    }

    @Test
    void aPageAllowsItsOwnStyleAndNothingElse() throws Exception {
        String page = new String(Page.of(HOSTILE, "1", new Html().add("p", HOSTILE), false), StandardCharsets.UTF_8);
        assertTrue(page.startsWith("<!doctype html>\n<html lang=\"en\">"), page);
        Matcher style = Pattern.compile("<style>(.*)</style>", Pattern.DOTALL).matcher(page);
        assertTrue(style.find());
        String hash = Base64.getEncoder().encodeToString(
                MessageDigest.getInstance("SHA-256").digest(style.group(1).getBytes(StandardCharsets.UTF_8)));
        assertTrue(page.contains("content=\"default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-" + hash + "&#39;;"),
                page);
        assertFalse(Pattern.compile("<script|style=|https?:|@import|url\\(|\\son\\w+=").matcher(page).find(), page);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-0.0, 0", "1, 1", "123456, 123456", "0.97834, 0.9783", "0.0001, 0.0001", "0.071691, 0.07169",
        "-12.3456, -12.35", "1.23456e-7, 1.235E-7", "0.868, 0.868", "1e-7, 1E-7", "12345678912.5, 1.235E+10", "0.99996, 0.9999",
        "-0.99999, -0.9999", "0.99994, 0.9999", "1.00004, 1", "NaN, \u2013", "Infinity, \u2013"})
    void numbersHaveFourDigits(double number, String shown) {
        assertEquals(shown, Labels.number(number));
        assertEquals(Double.isFinite(number), Labels.isNumber(shown));
    }

    @ParameterizedTest
    @CsvSource({"1, 100 %", "0.9999, 99.9 %", "0.5, 50 %", "0.12345, 12.3 %", "0.0004, below 0.1 %", "0, 0 %"})
    void onlyAllIsAHundredPercent(double share, String shown) {
        assertEquals(shown, Labels.percent(share));
    }

    @Test
    void namesThatAreCutStayApart() {
        assertEquals(List.of("abcde...", "abcde... (2)", "abcde... (3)", "abc"),
                Labels.distinct(List.of("abcdefghijk", "abcdefghijl", "abcdefghijk", "abc"), 8));
        assertEquals(List.of("a", "a (2)", "a (2) (2)"), Labels.distinct(List.of("a", "a", "a (2)"), 20));
    }
}

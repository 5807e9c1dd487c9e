package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("cli")
class TextTableTest {

    @Test
    void textsAreAtTheLeftAndNumbersAtTheRight() {
        TextTable table = new TextTable("l", "  r", " \u00b1 r5", "  l").add("name", "mean", "spread", "")
                .add("a", "12.5", "0.5", "###").add(List.of("longer", "1", "0.25", ""));
        assertEquals(List.of("name    mean \u00b1 spread", "a       12.5 \u00b1    0.5  ###", "longer     1 \u00b1   0.25"), table.lines());
    }

    /** As many decimals as show so many digits, none of large numbers. */
    @ParameterizedTest
    @CsvSource({"12.3456, 3, 1", "0.0123, 3, 4", "1, 3, 2", "999, 3, 0", "1234, 3, 0", "-0.5, 2, 2", "0, 3, 0", "Infinity, 3, 0",
        "1e-30, 3, 12"})
    void digitsAreDecimalsBehindThePoint(double number, int digits, int decimals) {
        assertEquals(decimals, Text.decimalsOf(number, digits));
    }

    /** Japanese takes two columns of the terminal, an accent by itself none. */
    @Test
    void wideCharactersTakeTwoColumns() {
        assertEquals(List.of("\u6c0f\u540d  r", "cafe\u0301  1", "\ud83c\udfe0\uff71   2"), new TextTable("l", "  r")
                .add("\u6c0f\u540d", "r").add("cafe\u0301", "1").add("\ud83c\udfe0\uff71", "2").lines());
    }

    @ParameterizedTest
    @CsvSource({"abcdefghij, 10, abcdefghij", "abcdefghij, 9, abc...hij", "abcdefghij, 8, abc...ij", "'\u6c0f\u540d\u6c0f\u540d', 8, '\u6c0f\u540d\u6c0f\u540d'",
        "'\u6c0f\u540d\u6c0f\u540d', 7, '\u6c0f...\u540d'", "'a\tbcdefg', 8, 'a\\u...fg'"})
    void longTextsLoseTheirMiddle(String text, int most, String expected) {
        assertEquals(expected, Text.cut(text, most));
    }

    @Test
    void aNarrowTerminalWrapsTheLastTextAndLosesTheMiddleOfNumbers() {
        TextTable texts = new TextTable("l", "  r", "  l").add("name", "n", "note").add("a", "1", "one two three four five six seven eight")
                .add("b", "2", "");
        assertEquals(texts.lines(), texts.lines(48));
        assertEquals(List.of("name  n  note", "a     1  one two three four five", "         six seven eight", "b     2"), texts.lines(34));
        TextTable numbers = new TextTable("l", "  r").add("", "one", "two", "three", "four", "five").add("a", "1", "2", "3", "4", "5")
                .add("b");
        assertEquals(numbers.lines(), numbers.lines(30));
        assertEquals(List.of("   one  two  ...  four  five", "a    1    2  ...     4     5", "b"), numbers.lines(29));
        assertEquals(List.of("   ...  five", "a  ...     5", "b"), numbers.lines(5));
        TextTable pair = new TextTable("l", "  l").add("hash", "0123456789");
        assertEquals(pair.lines(), pair.lines(8), "what is said of one thing is whole");
    }

    @ParameterizedTest
    @CsvSource({"0.004, 0.00 s", "0.987, 0.99 s", "0.996, 1.0 s", "9.94, 9.9 s", "9.96, 10 s", "99.4, 99 s", "99.6, 2 min", "5969, 99 min", "5971, 2 h"})
    void durationsHaveTwoDigitsOrThree(double seconds, String expected) {
        assertEquals(expected, Text.time(seconds));
    }

    @Test
    void theLastColumnIsAsAllThatFollow() {
        TextTable table = new TextTable("l", "  r4").add("", "1", "2", "3").add("a", "22", "33");
        assertEquals(List.of("      1     2     3", "a    22    33"), table.lines());
        assertEquals(List.of(), new TextTable("l").lines());
    }
}

package beras.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

    @Test
    void theLastColumnIsAsAllThatFollow() {
        TextTable table = new TextTable("l", "  r4").add("", "1", "2", "3").add("a", "22", "33");
        assertEquals(List.of("      1     2     3", "a    22    33"), table.lines());
        assertEquals(List.of(), new TextTable("l").lines());
    }
}

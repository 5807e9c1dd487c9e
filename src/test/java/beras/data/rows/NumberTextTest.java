package beras.data.rows;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("data")
class NumberTextTest {

    /** As Python's repr writes them. */
    @ParameterizedTest
    @CsvSource({"0, 0.0", "-0.0, -0.0", "1, 1.0", "-2.5, -2.5", "0.1, 0.1", "0.0001, 0.0001", "0.00001, 1e-05", "1e15, 1000000000000000.0",
        "1e16, 1e+16", "1.5e300, 1.5e+300", "1e22, 1e+22", "1e23, 1e+23", "9007199254740993, 9007199254740992.0",
        "5.684341886080802e-14, 5.684341886080802e-14", "2e-3, 0.002", "2.2250738585072014e-308, 2.2250738585072014e-308",
        "1.7976931348623157e308, 1.7976931348623157e+308", "4.9e-324, 5e-324", "1e-323, 1e-323", "-3e-310, -3e-310",
        "0.30000000000000004, 0.30000000000000004", "2.0e-12, 2e-12", "123456789.125, 123456789.125", "NaN, ''", "Infinity, inf",
        "-Infinity, -inf", "1.0E-44, 1e-44"})
    void aDoubleIsItsShortestText(double number, String expected) {
        assertEquals(expected, NumberText.of(number));
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.1", "16777216, 16777216.0", "3.4028235e38, 3.4028235e+38", "1.17549435e-38, 1.1754944e-38", "1e-45, 1e-45",
        "0.33333334, 0.33333334", "-8.5, -8.5", "1e10, 10000000000.0", "NaN, ''"})
    void aFloatIsItsShortestText(float number, String expected) {
        assertEquals(expected, NumberText.of(number));
    }

    @Test
    void theTextIsReadAsTheSameNumber() {
        Rng random = new Rng(1, "numbers", 0);
        for (int i = 0; i < 2000; i++) {
            double number = Double.longBitsToDouble(random.bits(2 * i));
            float small = Float.intBitsToFloat((int) random.bits(2 * i + 1));
            if (Double.isFinite(number) && Float.isFinite(small)) {
                assertEquals(number, Double.parseDouble(NumberText.of(number)));
                assertEquals(small, Float.parseFloat(NumberText.of(small)));
            }
        }
    }

    @Test
    void aSpreadsheetWritesWholeNumbersWithoutDecimals() {
        assertEquals("7", NumberText.general(7));
        assertEquals("0.5", NumberText.general(0.5));
    }
}

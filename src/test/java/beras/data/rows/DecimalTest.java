package beras.data.rows;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import java.math.BigDecimal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class DecimalTest {

    private static void assertAsJava(String text) {
        assertEquals(Double.doubleToRawLongBits(Double.parseDouble(text)), Double.doubleToRawLongBits(Decimal.parse(text)),
                text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "+0", "0.0", "1", "-1", "+1", "1.", ".5", "-.5", "007", "1e5", "1E5", "1e+5", "1e-5",
        "12.5e3", "0.1", "0.3", "123456789012345678", "9007199254740992", "9007199254740993", "9007199254740991",
                "-9007199254740993.5",
        "0.1234567890123456789", "3.4028234663852886e38", "1e-400", "4.9e-324", "0.00000000000000000000001",
        "00000000000000000000000000000000001.5", "1.00000000000000000000000000000000"})
    void readsWhatJavaReads(String text) {
        assertAsJava(text);
    }

    /** The short way to numbers of few digits must round as the long one does. */
    @Test
    void randomNumbersHaveTheBitsOfJava() {
        Rng rng = new Rng(1, "decimals", 0);
        for (int i = 0; i < 100_000; i++) {
            long digits = rng.bits(3L * i) >> (int) (rng.uniform(3L * i + 1) * 60);
            int scale = (int) (rng.uniform(3L * i + 2) * 30);
            assertAsJava(BigDecimal.valueOf(digits, scale).toPlainString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "1x", "1f", "1d", "1L", "0x10", "0x1p3", "1_000", "1,5", "--1", "+-1", "+", "-", ".",
        "e5", "1e", "1e+", "1e5.5", "1.2.3", "1 2", " 1", "\u0661", "true", "nanometre", "n", "info"})
    void otherTextIsNoNumber(String text) {
        assertTrue(Double.isNaN(Decimal.parse(text)), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "NaN", "NAN", "-nan", "inf", "+Inf", "-INF", "infinity", "-Infinity", "1e39", "-1e39",
        "1e999", "3.4028236e38", "999999999999999999999999999999999999999999"})
    void numbersThatAreNoFiniteFloatAreInfinite(String text) {
        assertTrue(Double.isInfinite(Decimal.parse(text)), text);
    }
}

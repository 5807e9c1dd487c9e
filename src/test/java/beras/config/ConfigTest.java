package beras.config;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("core")
class ConfigTest {

    private static Config x(Object value) {
        return Config.of("A").with("x", value);
    }

    @Test
    void nullLeavesASettingOutAlsoOneThatWasThere() {
        assertEquals(Config.of("A"), x(0.5).with("x", null));
        assertFalse(x(0.5).with("x", null).has("x"));
        assertEquals(Config.of("A"), Config.of("A", Collections.singletonMap("x", null)));
    }

    @Test
    void numbersAreTheSameAsInText() {
        assertNotEquals(x(0.1), x(0.1000000001));
        assertNotEquals(x(0.1f), x(0.1000000001));
        assertNotEquals(x(1e-200), x(2e-200));
        assertNotEquals(x(Long.MAX_VALUE), x(Long.MAX_VALUE - 1));
        assertNotEquals(x(0x1p53 + 2), x((1L << 53) + 1));
        assertNotEquals(x(Double.NaN), x(Double.POSITIVE_INFINITY));
        assertNotEquals(x(new BigInteger("18446744073709551626")), x(10));
        assertEquals(x(0.1f), x(0.1));
        assertEquals(x(new BigDecimal("0.10")), x(0.1f));
        float rounded = 1.1901369E20f; // whose digits a double of JDK 17 writes as 1.1901368999999999E20
        assertEquals(x(rounded), x(Double.parseDouble(Float.toString(rounded))));
        assertEquals(x(1), x(1.0));
        assertEquals(x(1).hashCode(), x(1.0).hashCode());
        assertEquals(x(Double.NaN), x(Float.NaN));
        assertEquals(x(Float.NEGATIVE_INFINITY), x(Double.NEGATIVE_INFINITY));
        assertEquals(x(List.of(1, 0.1f)), x(List.of(1.0, 0.1)));
        assertNotEquals(x(List.of(1)), x(List.of(1, 2)));
        assertNotEquals(x(1), x("1"));
        assertNotEquals(x(1), Config.of("A").with("y", 1));
        assertNotEquals(x(1), Config.of("A", List.of(1), Map.of("x", 1)));
    }

    @Test
    void listsHaveElementsOfOneKind() {
        assertEquals(List.of(1L, 1L << 60), x(List.of(1.0, 1L << 60)).wholes("x"));
        assertEquals(List.of("a", "b"), x(List.of("a", Config.of("b"))).texts("x"), "as text has it");
        assertEquals(List.of(Config.of("a"), x(1)), x(List.of("a", x(1))).configs("x"));
        assertEquals(x(1), x(x(1)).config("x"));
        for (Config wrong : List.of(x(List.of(1, "a")), x(List.of(0.5)), x(1), Config.of("A"))) {
            assertThrows(IllegalArgumentException.class, () -> wrong.wholes("x"), wrong::toString);
        }
        for (Config wrong : List.of(x(List.of("a", 1)), x(List.of(x(1))), x("a"), Config.of("A"))) {
            assertThrows(IllegalArgumentException.class, () -> wrong.texts("x"), wrong::toString);
        }
        for (Config wrong : List.of(x(List.of(x(1), 1)), x(x(1)), Config.of("A"))) {
            assertThrows(IllegalArgumentException.class, () -> wrong.configs("x"), wrong::toString);
        }
        for (Config wrong : List.of(x(List.of(x(1))), x(1), Config.of("A"))) {
            assertRefused("A: x must be a config. Received: " + (wrong.has("x") ? wrong.values().get("x") : "nothing"),
                    () -> wrong.config("x"));
        }
    }

    @Test
    void numbersFlagsAndListsComeAsTheyWereGiven() {
        assertEquals(7, x(7.0).integer("x"));
        assertEquals(Config.of("ConfigTest"), Config.of(ConfigTest.class));
        assertArrayEquals(new int[] {3, 1 << 30}, x(List.of(3, 1L << 30)).integers("x"));
        assertEquals(List.of(0.1, 2.0), x(List.of(0.1, 2)).numbers("x"));
        for (boolean value : new boolean[] {true, false}) {
            assertEquals(value, x(value).flag("x"));
        }
        assertRefused("A: x must be true or false. Received: 1", () -> x(1).flag("x"));
        assertThrows(IllegalArgumentException.class, () -> x(List.of(0.5)).integers("x"));
        assertThrows(IllegalArgumentException.class, () -> x(List.of("a")).numbers("x"));
    }

    @Test
    void settingsOfOtherNamesAreRefused() {
        Config config = x(1).with("units", 2);
        assertSame(config, config.requireOnly("units", "x"));
        assertRefused("A has no setting units, only [x, unit]. Did you mean unit?", () -> config.requireOnly("x", "unit"));
    }

    @Test
    void aTextIsTheConfigOfThatNameAlone() {
        assertEquals(x("rows"), x(Config.of("rows")));
        assertNotEquals(x("rows"), x(Config.of("rows").with("y", 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551626", "1e300", "0.5", "1e-400", "9223372036854775808"})
    void wholeNumbersAreNotWrapped(String number) {
        for (Number value : List.of(new BigDecimal(number), Double.valueOf(number))) {
            if (value.doubleValue() != 0) {
                assertThrows(IllegalArgumentException.class, () -> Config.of("A").only("x", value).whole("x"), value::toString);
                assertThrows(IllegalArgumentException.class, () -> Config.of("A").only("x", value).integer("x"), value::toString);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Config.of("A").only("x", new BigDecimal(number)).whole("x"));
    }

    @Test
    void wholeNumbersComeInAllKinds() {
        for (Object seven : List.of(7, 7L, 7.0, 7f, (short) 7, new BigDecimal("7.0"), BigInteger.valueOf(7))) {
            assertEquals(7, Config.of("A").only("x", seven).integer("x"));
        }
        assertEquals(Long.MIN_VALUE, Config.of("A").only("x", -0x1p63).whole("x"));
        for (double wrong : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> Config.of("A").only("x", wrong).whole("x"));
        }
        for (Object wrong : List.of(1L << 31, Double.POSITIVE_INFINITY, Double.NaN, "7", true)) {
            String message = assertThrows(IllegalArgumentException.class, () -> Config.of("A").only("x", wrong).integer("x")).getMessage();
            assertEquals("Received: " + wrong, message.substring(message.indexOf("Received")));
        }
    }

    @Test
    void holdsNothingElse() {
        assertThrows(IllegalArgumentException.class, () -> x(new int[1]));
        assertThrows(IllegalArgumentException.class, () -> x(Arrays.asList(1, null)));
        assertThrows(UnsupportedOperationException.class, () -> x(1).values().clear());
        assertThrows(UnsupportedOperationException.class, () -> Config.of("A", List.of(1), Map.of()).arguments().clear());
    }
}

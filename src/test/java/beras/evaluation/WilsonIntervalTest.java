package beras.evaluation;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ends p of the interval solve {@code (share - p)^2 = z^2 p (1 - p) / trials}; they were found by bisection in Python. */
@Tag("metrics")
class WilsonIntervalTest {

    @ParameterizedTest
    @CsvSource({"58, 88, 0.5552646, 0.7496087", "1, 1, 0.2065493, 1.0000000", "0, 1, 0.0000000, 0.7934507",
        "0, 20, 0.0000000, 0.1611252", "5, 10, 0.2365931, 0.7634069", "9783, 10000, 0.9752553, 0.9809774",
        "3000000000, 3000000000, 1.0000000, 1.0000000"})
    void isWilsons(long events, long trials, double low, double high) {
        WilsonInterval interval = WilsonInterval.of(events, trials);
        assertEquals(low, interval.low(), 1e-6);
        assertEquals(high, interval.high(), 1e-6);
    }

    @Test
    void eventsAreAmongTrials() {
        assertThrows(IllegalArgumentException.class, () -> WilsonInterval.of(0, 0));
        assertThrows(IllegalArgumentException.class, () -> WilsonInterval.of(-1, 4));
        assertThrows(IllegalArgumentException.class, () -> WilsonInterval.of(5, 4));
    }
}

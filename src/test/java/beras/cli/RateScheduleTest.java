package beras.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("cli")
class RateScheduleTest {

    /** Of a training of 5 epochs of 10 steps each, that begins with the rate 0.8. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cosine                           | 0  | 0.8",
        "cosine                           | 25 | 0.4",
        "cosine                           | 50 | 0",
        "cosine:end=0.5                   | 50 | 0.4",
        "cosine:warmup=1                  | 0  | 0",
        "cosine:warmup=1                  | 5  | 0.4",
        "cosine:warmup=1                  | 10 | 0.8",
        "cosine:warmup=1                  | 30 | 0.4",
        "cosine:warmup=1                  | 50 | 0",
        "cosine:warmup=0.5                | 5  | 0.8",
        "cosine_restarts                  | 0  | 0.8",
        "cosine_restarts                  | 5  | 0.4",
        "cosine_restarts                  | 10 | 0.8",
        "cosine_restarts                  | 20 | 0.4",
        "cosine_restarts:first=2,longer=1,lower=0.5 | 20 | 0.4",
        "exponential                      | 10 | 0.72",
        "exponential:factor=0.5,every=2   | 20 | 0.4",
        "inverse_time                     | 10 | 0.4",
        "inverse_time:factor=3,every=2    | 20 | 0.2",
        "polynomial                       | 25 | 0.4",
        "polynomial:end=0.5               | 50 | 0.4",
        "polynomial:power=2               | 25 | 0.2",
        "piecewise:2=0.1,3.5=0.01         | 19 | 0.8",
        "piecewise:2=0.1,3.5=0.01         | 20 | 0.1",
        "piecewise:3.5=0.01,2=0.1         | 34 | 0.1",
        "piecewise:2=0.1,3.5=0.01         | 35 | 0.01",
    })
    void givesTheRateOfAStep(String text, int step, double rate) {
        assertEquals(rate, RateSchedule.parse(text).make(0.8, 5, 10).rate(step), 1e-12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "linear               | a schedule is one of cosine, cosine_restarts, exponential, inverse_time, polynomial, piecewise."
            + " Received: \"linear\"",
        "cosine:              | expected name=value, with commas between such. Received: \"\"",
        "cosine:end           | expected name=value",
        "cosine:end=x         | end must be a number. Received: \"x\"",
        "cosine:end=1,end=2   | each name may be there once. Received twice: end",
        "cosine:every=1       | there is no every here, only warmup, end",
        "cosine:warmup=-1     | a length of -1.0 epochs must be 0 to 2147483647 steps",
        "exponential:every=0  | decaySteps must be at least 1. Received: 0",
        "exponential:factor=0 | decayRate must be finite and above 0",
        "piecewise:x=0.1      | an epoch must be a number. Received: \"x\"",
        "piecewise:1=-0.1     | must be finite and at least 0",
    })
    void refusesWhatIsNone(String text, String message) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> RateSchedule.parse(text));
        assertTrue(refused.getMessage().contains(message), refused::getMessage);
    }
}

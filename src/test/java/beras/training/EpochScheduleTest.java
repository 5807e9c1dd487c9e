package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.config.ConfigText;
import beras.optimizers.LearningRateSchedule;
import beras.optimizers.Schedules;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("model")
class EpochScheduleTest {

    private static Config full(String text) {
        return EpochSchedule.full(ConfigText.parse(text));
    }

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
        "cosine(warmup=0.5)               | 5  | 0.8",
        "Cosine(warmup=0.5)               | 5  | 0.8",
        "cosine_restarts                  | 0  | 0.8",
        "cosine_restarts                  | 5  | 0.4",
        "cosine_restarts                  | 10 | 0.8",
        "cosine_restarts                  | 20 | 0.4",
        "cosine_restarts:first=2,longer=1,lower=0.5 | 20 | 0.4",
        "cosine-restarts                  | 20 | 0.4",
        "cosineRestarts                   | 20 | 0.4",
        "exponential                      | 10 | 0.72",
        "exponential:factor=0.5,every=2   | 20 | 0.4",
        "inverse_time                     | 10 | 0.4",
        "inverse_time:factor=3,every=2    | 20 | 0.2",
        "inverseTime(factor=3, every=2)   | 20 | 0.2",
        "polynomial                       | 25 | 0.4",
        "polynomial:end=0.5               | 50 | 0.4",
        "polynomial:power=2               | 25 | 0.2",
        "piecewise:2=0.1,3.5=0.01         | 19 | 0.8",
        "piecewise:2=0.1,3.5=0.01         | 20 | 0.1",
        "piecewise:3.5=0.01,2=0.1         | 34 | 0.1",
        "piecewise(2=0.1, 3.5=0.01)       | 35 | 0.01",
        "one_cycle                        | 0  | 0.08",
        "one_cycle:warmup=0.5             | 25 | 0.8",
        "one_cycle(warmup=0.2, start=0)   | 5  | 0.4",
        "OneCycle(warmup=0, end=0.5)      | 25 | 0.6",
        "one-cycle                        | 50 | 0",
        "cosine_decay(0.3, 25)            | 25 | 0",
        "CosineDecay(initial_learning_rate=0.3, decay_steps=50) | 25 | 0.15",
    })
    void givesTheRateOfAStep(String text, int step, double rate) {
        assertEquals(rate, EpochSchedule.make(ConfigText.parse(text), 0.8, 5, 10).rate(step), 1e-12);
        assertEquals(rate, EpochSchedule.make(full(text), 0.8, 5, 10).rate(step), 1e-12, "with all settings");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "linear               | There is no such name for a schedule. Received: linear. Known: with lengths in epochs cosine,"
            + " cosine_restarts, exponential, inverse_time, polynomial, piecewise, one_cycle; in steps ExponentialDecay, InverseTimeDecay",
        "cosine(end=x)        | cosine: end must be a number. Received: x",
        "cosine(every=1)      | cosine has no setting every, only [warmup, end]",
        "cosine(1)            | cosine takes settings by name, such as warmup=1. Received: [1]",
        "cosine(warmup=-1)    | a length of -1.0 epochs must be 0 to 2147483647 steps",
        "cosine(warmup=10000) | warmup must be shorter than the training",
        "exponential(every=0) | decaySteps must be at least 1. Received: 0",
        "exponential(factor=0) | decayRate must be finite and above 0",
        "piecewise            | piecewise needs EPOCH=RATE, such as piecewise(3=0.001, 6=0.0001). Received: none",
        "piecewise(x=0.1)     | piecewise needs EPOCH=RATE, such as piecewise(3=0.001, 6=0.0001). Received: x",
        "piecewise(1=-0.1)    | must be finite and at least 0",
        "cosine_decay(0.3)    | CosineDecay: decaySteps must be a whole number. Received: nothing",
    })
    void refusesWhatIsNone(String text, String message) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> full(text));
        assertTrue(refused.getMessage().contains(message), refused::getMessage);
    }

    /** Half an epoch of 3 steps is 2 steps, for lengths are rounded to the nearest number, and a half to an even one. */
    @ParameterizedTest
    @CsvSource({"0.5, 3, 2", "0.5, 5, 2", "0.25, 7, 2", "1, 3, 3", "0.3, 5, 2"})
    void aPartOfAnEpochIsTheNearestNumberOfSteps(double every, long steps, int expected) {
        LearningRateSchedule made = EpochSchedule.make(Config.of("exponential").with("every", every), 0.8, 5, steps);
        assertEquals(expected, made.config().integer("decaySteps"));
    }

    @Test
    void isDescribedWithAllItsSettings() {
        assertEquals("cosine(warmup=1, end=0.0)", full("Cosine:warmup=1").toString());
        assertEquals("cosine_restarts(first=1.0, longer=2.0, lower=1.0, end=0.0)", full("cosine-restarts").toString());
        assertEquals("piecewise(\"3.5\"=0.01, 2=0.1)", full("piecewise(3.5=0.01, 2=0.1)").toString());
        assertEquals(Schedules.REGISTRY.of("cosine", 0.3, 25).config(), full("cosine_decay(0.3, 25)"));
    }
}

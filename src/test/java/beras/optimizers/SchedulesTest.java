package beras.optimizers;

import static org.junit.jupiter.api.Assertions.*;

import beras.golden.Golden;
import beras.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rates of every schedule, its arguments and its config. */
@Tag("optimizers")
class SchedulesTest {

    private static LearningRateSchedule made(String type, Object... values) {
        return Schedules.REGISTRY.of(type, values);
    }

    @TestFactory
    Stream<DynamicTest> rates() {
        return Golden.tests("schedules", ".*", 17, c -> {
            LearningRateSchedule schedule = Schedules.REGISTRY.of(c.config("name"));
            Tensor steps = c.input("steps");
            c.check("lr", Tensor.generate(i -> schedule.rate((int) steps.get(i)), steps.size()));
        });
    }

    static List<LearningRateSchedule> all() {
        return List.of(made("ExponentialDecay", 0.1, 10, 0.5), made("ExponentialDecay", 0.1, 10, 0.5).with("staircase", true),
                made("InverseTimeDecay", 0.1, 10, 0.5), made("InverseTimeDecay", 0.1, 10, 0.5).with("staircase", true),
                made("PiecewiseConstantDecay", List.of(3, 7), List.of(0.1, 0.05, 0.01)),
                made("PiecewiseConstantDecay", List.of(), List.of(0.1)), made("PolynomialDecay", 0.1, 10),
                made("PolynomialDecay", 0.1, 10).with("endLearningRate", 0.01).with("power", 2).with("cycle", true),
                made("CosineDecay", 0.1, 10), made("CosineDecay", 0.1, 10).with("alpha", 0.2),
                made("CosineDecay", 0.1, 10).with("warmupTarget", 0.3).with("warmupSteps", 4), made("CosineDecayRestarts", 0.1, 10),
                made("CosineDecayRestarts", 0.1, 10).with("tMul", 1.5).with("mMul", 0.9).with("alpha", 0.1),
                made("OneCycle", 0.25, 10).with("start", 0.4),
                made("OneCycle", 0.2, 10).with("warmup", 0.33).with("start", 0.5).with("end", 0.1), made("OneCycle", 0.1, 10).with("warmup", 0));
    }

    @Test
    void oneCycleRisesAndFallsAlongTwoLines() {
        LearningRateSchedule schedule = made("OneCycle", 0.8, 40).with("warmup", 0.25).with("start", 0.5).with("end", 0.25);
        assertEquals(0.4, schedule.rate(0), 1e-15);
        assertEquals(0.6, schedule.rate(5), 1e-15);
        assertEquals(0.8, schedule.rate(10), 1e-15);
        assertEquals(0.5, schedule.rate(25), 1e-15);
        assertEquals(0.2, schedule.rate(40), 1e-15);
        assertEquals(0.2, schedule.rate(4000), 1e-15);
        assertEquals(0.8, made("OneCycle", 0.8, 40).with("warmup", 1).rate(40), 1e-15);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aScheduleComesBackFromItsConfig(LearningRateSchedule schedule) {
        LearningRateSchedule again = Schedules.REGISTRY.of(schedule.config());
        assertEquals(schedule.config(), again.config());
        for (int step = 0; step < 100; step++) {
            assertEquals(schedule.rate(step), again.rate(step));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void ratesBeginAtTheInitialOneAndStayFinite(LearningRateSchedule schedule) {
        assertEquals(0.1, schedule.rate(0));
        for (int step : new int[] {1, 1_000_000, Integer.MAX_VALUE}) {
            double rate = schedule.rate(step);
            assertTrue(rate >= 0 && rate <= 0.3, () -> schedule.config() + " at " + step + ": " + rate);
        }
    }

    @Test
    void everyNameIsTried() {
        assertEquals(Schedules.REGISTRY.names(), all().stream().map(s -> s.config().type()).distinct().toList());
    }

    @Test
    void aCycleBeginsWhereTheLastOneEnds() {
        for (double longer : new double[] {1, 1.5, 2}) {
            LearningRateSchedule schedule = made("CosineDecayRestarts", 0.1, 8).with("tMul", longer).with("mMul", 0.5).with("alpha", 0);
            assertEquals(0.05, schedule.rate(8));
            assertEquals(0.025, schedule.rate((int) (8 + longer * 8)));
            assertTrue(schedule.rate(7) < 0.01);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "exponential(-0.1, 1, 1)          | initialLearningRate must be finite and at least 0. Received: -0.1",
        "exponential(0.1, 0, 1)           | decaySteps must be at least 1. Received: 0",
        "exponential(0.1, 1, 0)           | decayRate must be finite and above 0. Received: 0.0",
        "inverse_time(0.1, 1, -1)         | decayRate must be finite and at least 0. Received: -1.0",
        "piecewise([1], [0.1])            | There must be one value more than boundaries. Received: 1 boundaries and 1 values",
        "piecewise([5, 5], [0.1, 0.1, 1]) | boundaries must increase. Received: [5, 5]",
        "piecewise([5], [0.1, Infinity])  | values[1] must be finite and at least 0. Received: Infinity",
        "polynomial(NaN, 1)               | initialLearningRate must be finite and at least 0. Received: NaN",
        "polynomial(0.1, 0)               | decaySteps must be at least 1. Received: 0",
        "polynomial(0.1, 1, -1)           | endLearningRate must be finite and at least 0. Received: -1.0",
        "polynomial(0.1, 1, power=0)      | power must be finite and above 0. Received: 0.0",
        "cosine(0.1, 0)                   | decaySteps must be at least 1. Received: 0",
        "cosine(0.1, 1, alpha=-1)         | alpha must be finite and at least 0. Received: -1.0",
        "cosine(0.1, 1, warmupTarget=-1)  | warmupTarget must be finite and at least 0. Received: -1.0",
        "cosine(0.1, 1, warmupSteps=-1)   | warmupSteps must be at least 0. Received: -1",
        "cosine_restarts(0.1, 0)          | firstDecaySteps must be at least 1. Received: 0",
        "cosine_restarts(0.1, 1, tMul=0.9) | tMul must be finite and at least 1. Received: 0.9",
        "cosine_restarts(0.1, 1, mMul=-1) | mMul must be finite and at least 0. Received: -1.0",
        "one_cycle(0.8, 0)                | steps must be at least 1. Received: 0",
        "one_cycle(0.8, 40, warmup=1.5)   | warmup must be from 0 to 1. Received: 1.5",
        "exponential                      | ExponentialDecay: initialLearningRate must be a number. Received: nothing",
        "cosine(0.1, 1, decay=1)          | CosineDecay has no setting decay, only [initialLearningRate, decaySteps, alpha, warmupTarget, "
                + "warmupSteps]. Did you mean decaySteps?"})
    void wrongSettingsAreRefused(String text, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Schedules.REGISTRY.of(text)).getMessage());
    }
}

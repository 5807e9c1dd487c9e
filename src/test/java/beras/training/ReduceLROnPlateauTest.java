package beras.training;

import static beras.training.FakeTraining.run;
import static beras.training.MonitorTest.assertMessage;
import static org.junit.jupiter.api.Assertions.*;

import beras.optimizers.Schedules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sequences worked out by hand from the rules of Keras 3; each training starts at rate 1. */
@Tag("model")
class ReduceLROnPlateauTest {

    private final FakeTraining training = new FakeTraining(9);

    private static ReduceLROnPlateau halving() {
        return new ReduceLROnPlateau(new Monitor("loss").minDelta(0)).factor(0.5).patience(2);
    }

    /** The rate of each epoch. */
    private static List<Float> rates(FakeTraining training, ReduceLROnPlateau plateau, double... losses) {
        List<Float> rates = new ArrayList<>();
        plateau.onTrainBegin(training);
        for (int epoch = 0; epoch < losses.length; epoch++) {
            rates.add(training.optimizer().learningRate());
            plateau.onEpochEnd(epoch, FakeTraining.logs("loss", losses[epoch]));
        }
        return rates;
    }

    private static void assertRates(List<Float> expected, ReduceLROnPlateau plateau, double... losses) {
        assertEquals(expected, rates(new FakeTraining(losses.length), plateau, losses));
    }

    @Test
    void reducesTheRateEachTimeItsPatienceIsOver() {
        assertRates(List.of(1f, 1f, 1f, 0.5f, 0.5f, 0.25f), halving(), 1, 1, 1, 1, 1, 1);
    }

    @Test
    void anImprovementEndsTheWait() {
        assertRates(List.of(1f, 1f, 1f, 1f, 1f, 0.5f), halving(), 5, 6, 4, 5, 5, 0);
    }

    @Test
    void theDefaultsAreThoseOfKeras() {
        ReduceLROnPlateau plateau = new ReduceLROnPlateau("loss");
        double tooLittle = 1 - 0.9e-4;
        run(training, plateau, "loss", 1, 1, 1, 1, 1, 1, 1, 1, 1, tooLittle);
        assertEquals(1f, training.optimizer().learningRate());
        run(training, plateau, "loss", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, tooLittle);
        assertEquals(0.1f, training.optimizer().learningRate());
    }

    @Test
    void theRateStaysAtItsLeast() {
        assertRates(List.of(1f, 1f, 0.5f, 0.3f, 0.3f), halving().patience(1).minLr(0.3), 1, 1, 1, 1, 1);
        assertRates(List.of(1f, 1f, 1f), halving().patience(1).minLr(2), 1, 1, 1);
    }

    @Test
    void aRateTooSmallToReduceStays() {
        training.optimizer().learningRate(Float.MIN_VALUE);
        run(training, halving().factor(0.1), "loss", 1, 1, 1, 1, 1);
        assertEquals(Float.MIN_VALUE, training.optimizer().learningRate());
    }

    @Test
    void theReducedRateIsThatOfDoubleArithmetic() {
        training.optimizer().learningRate(0.001f);
        run(training, halving().patience(1).factor(0.2), "loss", 1, 1);
        assertEquals((float) (0.001f * 0.2), training.optimizer().learningRate());
    }

    @Test
    void beginsAnewWithEachTraining() {
        ReduceLROnPlateau plateau = halving();
        run(training, plateau, "loss", 1, 1, 1);
        assertEquals(List.of(0.5f, 0.5f, 0.5f, 0.25f), rates(training, plateau, 2, 2, 2, 2));
    }

    @Test
    void aRateThatFollowsAScheduleIsRefusedBeforeTraining() {
        training.optimizer().schedule(Schedules.REGISTRY.of("ExponentialDecay", 0.1, 10, 0.5));
        Exception e = assertThrows(IllegalStateException.class, () -> halving().onTrainBegin(training));
        assertEquals("The learning rate follows a schedule and cannot be set. Received: 0.1", e.getMessage());
    }

    @Test
    void badArgumentsAreRefused() {
        for (double factor : new double[] {0, 1, -0.1, Double.NaN}) {
            assertMessage("factor must be above 0 and below 1. Received: " + factor, () -> halving().factor(factor));
        }
        for (double rate : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertMessage("minLr must be finite and at least 0. Received: " + rate, () -> halving().minLr(rate));
        }
        assertMessage("patience must be at least 0. Received: -1", () -> halving().patience(-1));
    }
}

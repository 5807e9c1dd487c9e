package beras.training;

import static beras.training.FakeTraining.run;
import static beras.training.MonitorTest.assertMessage;
import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class LearningRateSchedulerTest {

    private final FakeTraining training = new FakeTraining(3);

    @Test
    void setsTheRateFromTheEpochAndTheRateSoFar() {
        List<String> asked = new ArrayList<>();
        LearningRateScheduler scheduler = new LearningRateScheduler((epoch, rate) -> {
            asked.add(epoch + " " + rate);
            return epoch < 1 ? rate : rate / 4;
        });
        run(training, scheduler, "loss", 1, 1, 1);
        assertEquals(List.of("0 1.0", "1 1.0", "2 0.25"), asked);
        assertEquals(0.0625f, training.optimizer().learningRate());
        run(training, scheduler, "loss", 1, 1);
        assertEquals(0.015625f, training.optimizer().learningRate());
    }

    @Test
    void theRateIsSetBeforeTheFirstBatchOfTheEpoch() {
        LearningRateScheduler scheduler = new LearningRateScheduler((epoch, rate) -> 7);
        scheduler.onTrainBegin(training);
        assertEquals(1f, training.optimizer().learningRate());
        scheduler.onEpochBegin(0, -1);
        assertEquals(7f, training.optimizer().learningRate());
    }

    @Test
    void badRatesAreRefused() {
        for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertMessage("The learning rate must be finite and above 0. Received: " + rate,
                    () -> run(new LearningRateScheduler((epoch, old) -> rate), "loss", 1));
        }
        assertThrows(NullPointerException.class, () -> new LearningRateScheduler(null));
    }
}

package beras.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class TerminateOnNaNTest {

    @Test
    void takesCareOfALossThatIsNotFiniteAndTellsWhere() {
        TerminateOnNaN terminate = new TerminateOnNaN();
        terminate.onTrainBegin(new FakeTraining(3));
        assertEquals(-1, terminate.stoppedEpoch());
        assertEquals(-1, terminate.stoppedBatch());
        assertTrue(terminate.onNonFiniteLoss(1, 7, Double.NaN));
        assertEquals(1, terminate.stoppedEpoch());
        assertEquals(7, terminate.stoppedBatch());
        terminate.onTrainBegin(new FakeTraining(3));
        assertEquals(-1, terminate.stoppedEpoch());
        assertEquals(-1, terminate.stoppedBatch());
    }

    @Test
    void otherCallbacksDoNot() {
        assertFalse(new Callback() {}.onNonFiniteLoss(0, 0, Double.NaN));
        assertFalse(new EarlyStopping("loss").onNonFiniteLoss(0, 0, Double.NaN));
    }
}

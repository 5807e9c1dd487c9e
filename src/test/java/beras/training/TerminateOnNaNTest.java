package beras.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
        assertTrue(terminate.onDiverged(DivergedException.ofLoss(1, 7, Float.NaN, List.of())));
        assertEquals(1, terminate.stoppedEpoch());
        assertEquals(7, terminate.stoppedBatch());
        terminate.onTrainBegin(new FakeTraining(3));
        assertEquals(-1, terminate.stoppedEpoch());
        assertEquals(-1, terminate.stoppedBatch());
    }

    @Test
    void otherCallbacksDoNot() {
        assertFalse(new Callback() {}.onDiverged(DivergedException.ofLoss(0, 0, Float.NaN, List.of())));
        assertFalse(new EarlyStopping("loss").onDiverged(DivergedException.ofLoss(0, 0, Float.NaN, List.of())));
    }
}

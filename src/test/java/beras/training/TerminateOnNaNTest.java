package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class TerminateOnNaNTest {

    private static final DivergedException DIVERGED = DivergedException.ofLoss(1, 7, Float.NaN, List.of());

    @Test
    void endsATrainingWhoseLossIsNotFiniteAsOtherCallbacksDoNot() {
        assertTrue(new TerminateOnNaN().onDiverged(DIVERGED));
        assertFalse(new Callback() {}.onDiverged(DIVERGED));
        assertFalse(new EarlyStopping("loss").onDiverged(DIVERGED));
    }
}

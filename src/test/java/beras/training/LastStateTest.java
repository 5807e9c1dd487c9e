package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.saving.SmallTraining;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("training")
class LastStateTest {

    /** Interrupts in the middle of an epoch. */
    private static Callback interruptingAt(LastState state, int epoch, int batch) {
        int[] now = new int[1];
        return new LambdaCallback().onEpochBegin((begun, batches) -> now[0] = begun).onBatchBegin(begun -> {
            if (now[0] == epoch && begun == batch) {
                state.interrupt();
            }
        });
    }

    private static int place(LastState state, String name) {
        return state.last().orElseThrow().config().integer(name);
    }

    @Test
    void aTrainingThatWasMadeHasAStateAtItsEnd() {
        for (LastState state : new LastState[] {new LastState(), new LastState().epochsOnly()}) {
            assertTrue(state.last().isEmpty());
            assertEquals(Outcome.Kind.FINISHED, new SmallTraining().fit(state).outcome().kind());
            assertEquals(SmallTraining.EPOCHS, place(state, "epoch"));
            assertEquals(0, place(state, "batch"));
        }
    }

    @Test
    void anInterruptedTrainingHasTheStateAfterItsLastBatch() {
        LastState state = new LastState();
        History history = new SmallTraining().fit(interruptingAt(state, 1, 0), state);
        assertEquals(Outcome.Kind.INTERRUPTED, history.outcome().kind());
        assertEquals(1, place(state, "epoch"));
        assertEquals(1, place(state, "batch"));
    }

    @Test
    void statesOfEpochsAloneTakeNoNumbersOfBatches() {
        LastState state = new LastState().epochsOnly();
        assertFalse(state.wantsBatches());
        assertTrue(new LastState().wantsBatches());
        new SmallTraining().fit(interruptingAt(state, 1, 0), state);
        assertTrue(state.last().isEmpty());
    }

    @Test
    void anInterruptionBeforeTheBeginningEndsTheFirstBatch() {
        LastState state = new LastState();
        state.interrupt();
        assertEquals(Outcome.Kind.INTERRUPTED, new SmallTraining().fit(state).outcome().kind());
        assertTrue(state.last().isEmpty() || place(state, "epoch") == 0);
    }
}

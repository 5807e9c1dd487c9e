package beras.training;

import static beras.training.FakeTraining.run;
import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class LambdaCallbackTest {

    @Test
    void callsEachFunctionInItsPlace() {
        List<String> events = new ArrayList<>();
        LambdaCallback callback = new LambdaCallback()
                .onTrainBegin(training -> events.add("begin of " + training.epochs()))
                .onEpochBegin((epoch, batches) -> events.add("epoch " + epoch + " of " + batches))
                .onBatchBegin(batch -> events.add("begin of batch " + batch))
                .onBatchEnd((batch, logs) -> events.add("batch " + batch + " " + logs.get("loss")))
                .onEpochEnd((epoch, logs) -> events.add("end of " + epoch + " " + logs.get("loss")))
                .onTrainEnd(outcome -> events.add("end, " + outcome));
        run(callback, "loss", 5, 4);
        assertEquals(List.of("begin of 2", "epoch 0 of 1", "begin of batch 0", "batch 0 5.0", "end of 0 5.0",
                "epoch 1 of 1", "begin of batch 0", "batch 0 4.0",
                "end of 1 4.0", "end, finished"), events);
    }

    @Test
    void numbersOfBatchesAreComputedOnlyForAFunction() {
        assertFalse(new LambdaCallback().wantsBatches());
        assertTrue(new LambdaCallback().onBatchEnd((batch, logs) -> {}).wantsBatches());
    }
}

package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Ensemble;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Callbacks at work in {@code fit}. */
@Tag("model")
class CallbacksInTrainingTest {

    /** Of each batch alone, penalties included, at the weights before its step; of an ensemble the mean of its nets. */
    @Test
    void aBatchReportsItsOwnLossAndTheModelPredicts() {
        Tensor x = Tensor.generate(i -> (i * 37 % 23 - 11) / 8f, 10, 3);
        Tensor y = Tensor.generate(i -> (i * 29 % 17 - 8) / 6f, 10, 1);
        Sequential first = new Sequential(1, new Input(3), new Dense(1).with("kernelRegularizer", "l2(0.1)"));
        for (Model model : List.of(first, new Ensemble(List.of(first, new Sequential(2, new Input(3), new Dense(1)))))) {
            List<Model> nets = model instanceof Ensemble ensemble ? ensemble.nets() : List.of(model);
            nets.forEach(each -> each.compile("sgd", "mse"));
            model.compile("sgd(0.1)", "mse");
            List<Double> expected = new ArrayList<>();
            List<Double> own = new ArrayList<>();
            Model[] net = new Model[1];
            History history = model.fit(x, y, new FitOptions().batchSize(4).shuffle(false).callbacks(new LambdaCallback()
                    .onTrainBegin(training -> net[0] = (Model) training.net()).onBatchBegin(batch -> {
                        double sum = 0;
                        for (Model each : nets) {
                            sum += each.evaluate(x.slice(4 * batch, Math.min(10, 4 * batch + 4)), y.slice(4 * batch,
                                    Math.min(10, 4 * batch + 4))).loss();
                        }
                        expected.add(sum / nets.size());
                    }).onBatchEnd((batch, logs) -> own.add(logs.batchLoss().orElseThrow())).onEpochEnd((epoch, logs) -> {
                        assertTrue(logs.batchLoss().isEmpty());
                        assertEquals(model.predict(x), net[0].predict(x));
                        assertEquals(model.predict(List.of(x)), net[0].predict(List.of(x)));
                        assertEquals(model.evaluate(x, y).values(), net[0].evaluate(Examples.of(x, y)).values());
                        assertEquals(model.evaluate(x, y).values(), net[0].evaluate(Batches.of(Examples.of(x, y), 3)).values());
                    })));
            assertEquals(3, own.size());
            for (int i = 0; i < 3; i++) {
                assertEquals(expected.get(i), own.get(i), 1e-6 * expected.get(i));
            }
            assertEquals((4 * own.get(0) + 4 * own.get(1) + 2 * own.get(2)) / 10, history.get("loss").get(0), 1e-6);
        }
    }
}

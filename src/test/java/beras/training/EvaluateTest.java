package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a trained model says: evaluate and predict. */
@Tag("model")
class EvaluateTest {

    private final Sequential model = Problem.model();

    @BeforeEach
    void train() {
        model.fit(X, Y, OPTIONS);
    }

    @Test
    void theLossIsTheMeanOverExamplesAndSoIsTheAccuracy() {
        double loss = 0;
        int hits = 0;
        for (int i = 0; i < COUNT; i++) {
            Tensor p = model.forward(X.slice(i, i + 1));
            int label = Y.slice(i, i + 1).argmax(1)[0];
            loss -= Math.log(p.get(0, label)) / COUNT;
            hits += p.argmax(1)[0] == label ? 1 : 0;
        }
        Map<String, Double> result = model.evaluate(X, Y).values();
        assertEquals(loss, result.get("loss"), 1e-6);
        assertEquals((double) hits / COUNT, result.get("accuracy"));
        assertEquals(List.of("loss", "accuracy"), List.copyOf(result.keySet()));
    }

    @Test
    void anyBatchSizeGivesTheSameBits() {
        for (boolean entropy : new boolean[] {true, false}) {
            model.compile(new Adam(0.01f), entropy ? new CategoricalCrossEntropy() : new MeanSquaredError(),
                    "accuracy");
            Map<String, Double> expected = model.evaluate(Batches.of(Examples.of(X, Y), 1)).values();
            for (int batchSize : new int[] {2, 3, 7, 64, 102, 103, 104, 100_000}) {
                assertEquals(expected, model.evaluate(Batches.of(Examples.of(X, Y), batchSize)).values(), "batches of " + batchSize);
            }
        }
    }

    @Test
    void predictTakesAnyLayoutAndNoRowsAtAll() {
        assertEquals(model.predict(X), model.predict(X.transpose().copy().transpose()));
        assertEquals(Shape.of(0, 3), model.predict(Tensor.zeros(0, 4)).shape());
    }
}

package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    void evaluationChangesNoWeight() {
        List<Tensor> before = copyOfWeights(model);
        model.evaluate(X, Y);
        model.predict(X);
        assertEquals(before, copyOfWeights(model));
    }

    @Test
    void aRowsPredictionDoesNotDependOnItsNeighbours() {
        Tensor x = new Dice("many").normal(600, 4);
        Tensor all = model.predict(x);
        assertEquals(Shape.of(600, 3), all.shape());
        assertEquals(model.forward(x), all);
        for (int row : new int[] {0, 1, 255, 256, 257, 511, 512, 599}) {
            assertEquals(model.predict(x.slice(row, row + 1)), all.slice(row, row + 1));
        }
        assertEquals(model.predict(x.slice(100, 417)), all.slice(100, 417));
    }

    @Test
    void predictTakesAnyLayoutAndNoRowsAtAll() {
        assertEquals(model.predict(X), model.predict(X.transpose().copy().transpose()));
        assertEquals(Shape.of(0, 3), model.predict(Tensor.zeros(0, 4)).shape());
    }

    @Test
    void manyThreadsMayPredictAtOnce() throws Exception {
        Tensor x = new Dice("many").normal(300, 4);
        Tensor expected = model.predict(x);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Tensor>> tasks = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tasks.add(i % 2 == 0 ? () -> model.predict(x) : () -> model.forward(x));
            }
            for (Future<Tensor> result : pool.invokeAll(tasks)) {
                assertEquals(expected, result.get());
            }
        } finally {
            pool.shutdownNow();
        }
    }
}

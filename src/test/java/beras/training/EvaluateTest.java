package beras.training;

import static beras.training.Problem.COUNT;
import static beras.training.Problem.OPTIONS;
import static beras.training.Problem.X;
import static beras.training.Problem.Y;
import static beras.training.Problem.copyOfWeights;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.evaluation.BinaryCurve;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.losses.BinaryCrossEntropy;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.losses.SparseCategoricalCrossEntropy;
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
        Map<String, Double> result = model.evaluate(X, Y, 10).values();
        assertEquals(loss, result.get("loss"), 1e-6);
        assertEquals((double) hits / COUNT, result.get("accuracy"));
        assertEquals(List.of("loss", "accuracy"), List.copyOf(result.keySet()));
    }

    @Test
    void anyBatchSizeGivesTheSameBits() {
        for (boolean entropy : new boolean[] {true, false}) {
            model.compile(new Adam(0.01f), entropy ? new CategoricalCrossEntropy() : new MeanSquaredError(),
                    "accuracy");
            Map<String, Double> expected = model.evaluate(X, Y, 1).values();
            for (int batchSize : new int[] {2, 3, 7, 64, 102, 103, 104, 100_000}) {
                assertEquals(expected, model.evaluate(X, Y, batchSize).values(), "batches of " + batchSize);
            }
        }
    }

    @Test
    void evaluationChangesNoWeight() {
        List<Tensor> before = copyOfWeights(model);
        model.evaluate(X, Y, 10);
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
    void predictionsAreMemoryOfTheirOwn() {
        Tensor first = model.predict(X);
        Tensor kept = first.copy();
        model.predict(X.negate());
        assertEquals(kept, first);
    }

    @Test
    void predictNeedsNoCompilation() {
        Sequential twin = new Sequential(model.layers().toArray(new Layer[0]));
        assertEquals(model.predict(X), twin.predict(X));
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

    /** One-hot targets, labels, and the column of a yes or no give the same curve. */
    @Test
    void curvesAreOfWhatWasCollected() {
        Collect[] wanted = {Collect.PREDICTIONS, Collect.TARGETS};
        Evaluation result = model.evaluate(X, Y, wanted);
        Tensor scores = model.predict(X);
        for (int label = 0; label < 3; label++) {
            boolean[] positive = new boolean[COUNT];
            float[] score = new float[COUNT];
            for (int i = 0; i < COUNT; i++) {
                positive[i] = Y.get(i, label) > 0;
                score[i] = scores.get(i, label);
            }
            BinaryCurve expected = BinaryCurve.of(score, positive);
            assertEquals(expected.points(), result.curve(label).points());
            double[] recall = result.curve(label).coordinates(BinaryCurve.Point::recall);
            assertEquals(expected.points().size(), recall.length);
            assertEquals(0, recall[0]);
            assertEquals(1, recall[recall.length - 1]);
        }
        Tensor labels = Tensor.generate(i -> Y.slice(i, i + 1).argmax(1)[0], COUNT);
        Sequential sparse = (Sequential) model.copy();
        sparse.compile(new Objective(new SparseCategoricalCrossEntropy()));
        assertEquals(result.curve(2).points(), sparse.evaluate(X, labels, wanted).curve(2).points());
        Sequential yes = new Sequential(1, new Input(X.dim(1)), new Dense(1, "sigmoid"));
        yes.compile(new Objective(new BinaryCrossEntropy()));
        Evaluation ofYes = yes.evaluate(X, Tensor.generate(i -> Y.get(i, 1), COUNT, 1), wanted);
        assertEquals(ofYes.curve(0).points(), ofYes.curve().points());
        assertEquals(COUNT, ofYes.curve().positives() + ofYes.curve().negatives());
        assertTrue(assertThrows(IllegalStateException.class, () -> model.evaluate(X, Y).curve(0)).getMessage()
                .contains("evaluate with Collect.PREDICTIONS and Collect.TARGETS"));
        assertThrows(IllegalArgumentException.class, result::curve);
        assertThrows(IndexOutOfBoundsException.class, () -> result.curve(3));
    }
}

package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.LossMetric;
import beras.metrics.Metrics;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Layouts;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What single options promise, where two of them meet. */
@Tag("model")
class CombinationsTest {

    private static final double[] BY_CLASS = {0.5, 2, 3};
    private static final int[] CLASSES = Y.argmax(1);
    private static final Tensor OWN = Tensor.generate(i -> i % 4, COUNT);

    private static Examples weighted(Tensor weights) {
        return Examples.of(List.of(X), List.of(Y), weights);
    }

    // -------------------------------------------------------------------------------------------------- weights

    private static Sequential reporting() {
        Sequential model = model();
        model.compile(new SGD(0.1f), new Objective(new CategoricalCrossEntropy()).metrics(Metrics.of("accuracy"))
                .weightedMetrics(new CategoricalAccuracy().named("weighted"),
                        new LossMetric(new CategoricalCrossEntropy()).named("weighted_loss")));
        return model;
    }

    @Test
    void weightedMetricsTakeClassWeightsTimesThoseOfTheExamples() {
        Tensor both = Tensor.generate(i -> BY_CLASS[CLASSES[i]] * OWN.get(i), COUNT);
        History expected = reporting().fit(weighted(both), OPTIONS);
        History history = reporting().fit(weighted(OWN), OPTIONS.classWeight(BY_CLASS));
        for (String name : List.of("loss", "accuracy", "weighted", "weighted_loss")) {
            assertEquals(expected.get(name), history.get(name));
        }
        assertNotEquals(expected.get("weighted_loss"), reporting().fit(weighted(OWN), OPTIONS).get("weighted_loss"));
    }

    @Test
    void aClassWeightNeedsAWholeClass() {
        Sequential model = new Sequential(new Dense(4, 1, Initializers.zeros()));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        for (float target : new float[] {0.5f, 2, -1}) {
            Exception e = assertThrows(IllegalArgumentException.class,
                    () -> model.fit(X, Tensor.full(target, COUNT, 1), OPTIONS.classWeight(1, 2)));
            assertTrue(e.getMessage().endsWith("Received a target of class " + target), e.getMessage());
        }
    }

    // ------------------------------------------------------------------------------------------- ignored examples

    private static Sequential ignoring() {
        Sequential model = model();
        model.compile(new SGD(0.1f), new SparseCategoricalCrossEntropy().with("ignoreClass", -1));
        return model;
    }

    /** Every third example is to be ignored, and so are all of some batches of two. */
    private static Tensor labels() {
        return Tensor.generate(i -> i % 3 == 0 || i % 20 == 1 ? -1 : CLASSES[i], COUNT);
    }

    @Test
    void ignoredExamplesAreAsIfLeftOut() {
        Tensor labels = labels();
        int[] rows = IntStream.range(0, COUNT).filter(i -> labels.get(i) >= 0).toArray();
        Tensor x = Tensor.generate(i -> X.get(rows[i / 4], i % 4), rows.length, 4);
        Tensor y = Tensor.generate(i -> labels.get(rows[i]), rows.length);
        double expected = ignoring().evaluate(x, y).get("loss");
        for (int batchSize : new int[] {1, 2, 10, COUNT}) {
            assertEquals(expected, ignoring().evaluate(Batches.of(Examples.of(X, labels), batchSize)).get("loss"), 1e-12, "by " + batchSize);
        }
        FitOptions whole = new FitOptions().batchSize(COUNT).epochs(2).shuffle(false);
        Sequential with = ignoring();
        Sequential without = ignoring();
        List<Double> losses = with.fit(X, labels, whole).get("loss");
        List<Double> expectedLosses = without.fit(x, y, whole).get("loss");
        assertEquals(expected, losses.get(0), 1e-12);
        assertEquals(expectedLosses.get(1), losses.get(1), 1e-6);
        for (int i = 0; i < with.weights().size(); i++) {
            assertTrue(with.weights().get(i).allClose(without.weights().get(i), 1e-5, 1e-6), "weight " + i);
        }
    }

    /** The third batch has a label that is no class. */
    @Test
    void aTrainingThatFailedInTheMiddleLeavesItsThreadFitForTheNext() {
        Sequential model = ignoring();
        Tensor wrong = Tensor.generate(i -> i == 25 ? 3 : CLASSES[i], COUNT);
        FitOptions inOrder = OPTIONS.shuffle(false).epochs(1);
        assertThrows(IllegalArgumentException.class, () -> model.fit(X, wrong, inOrder));
        assertThrows(IllegalArgumentException.class, () -> model.evaluate(X, wrong));
        assertThrows(IllegalArgumentException.class, () -> model.trainOnBatch(X, wrong));
        assertFalse(GradientTape.isRecording());
        assertTrue(Double.isFinite(model.fit(X, labels(), inOrder).get("loss").get(0)), "it trains on");
    }

    // ---------------------------------------------------------------------------------------------------- layouts

    @Test
    void aStepReadsAnyLayout() {
        Sequential expected = reporting();
        Tensor own = OWN.slice(0, 40);
        Evaluation logs = expected.trainOnBatch(new Batch(List.of(X.slice(0, 40)), List.of(Y.slice(0, 40)), own));
        for (UnaryOperator<Tensor> view : Layouts.ALL) {
            Sequential model = reporting();
            assertEquals(logs.values(), model.trainOnBatch(new Batch(List.of(view.apply(X.slice(0, 40))),
                    List.of(view.apply(Y.slice(0, 40))), view.apply(own))).values());
            assertEquals(copyOfWeights(expected), copyOfWeights(model));
        }
    }
}

package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.feed.Batch;
import beras.feed.Examples;
import beras.losses.CategoricalCrossEntropy;
import beras.metrics.Metrics;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps of one's own in place of the usual one. */
@Tag("model")
class TrainStepTest {

    /** The net of {@link Problem}, for steps of one's own. */
    private static class Wrapped extends Sequential {

        Wrapped() {
            super(Problem.layers());
        }

        Trainer trainer() {
            return new Trainer(this, new Adam(0.01f),
                    List.of(new Objective(new CategoricalCrossEntropy()).metrics(Metrics.of("accuracy"))));
        }

        List<Tensor> trained(FitOptions options) {
            trainer().fit(Examples.of(X, Y), options);
            return copyOfWeights(this);
        }
    }

    @Test
    void theStepOfTheDocumentationIsTheUsualOne() {
        Wrapped own = new Wrapped() {

            @Override
            public float trainStep(TrainStep step) {
                GradientTape tape = step.tape();
                Tensor loss;
                try (tape) {
                    loss = step.loss(run(step.inputs()));
                }
                return step.minimize(tape, loss);
            }
        };
        assertEquals(Problem.trained(OPTIONS), own.trained(OPTIONS));
        assertEquals(Problem.trained(OPTIONS.classWeight(1, 2, 3)), new Wrapped().trained(OPTIONS.classWeight(1, 2, 3)));
    }

    @Test
    void aStepMayBePutTogetherFromItsParts() {
        List<Tensor> losses = new ArrayList<>();
        Wrapped own = new Wrapped() {

            @Override
            public float trainStep(TrainStep step) {
                GradientTape tape = step.tape();
                Tensor loss;
                try (tape) {
                    Tensor[] outputs = run(step.batch().inputs().get(0));
                    loss = step.loss(outputs);
                    losses.add(step.objectives().get(0).loss().call(outputs[0], step.batch().targets().get(0),
                            step.weights().orElseThrow()).copy());
                }
                assertEquals(trainableVariables(), step.variables());
                List<Tensor> gradients = step.gradients(tape, loss);
                step.optimizer().applyGradients(step.variables(), gradients);
                return loss.item();
            }
        };
        assertEquals(Problem.trained(OPTIONS.classWeight(1, 2, 3)), own.trained(OPTIONS.classWeight(1, 2, 3)));
        assertEquals(33, losses.size());
    }

    @Test
    void aLossIsTakenUnderTheTapeOfTheStep() {
        Wrapped wrong = new Wrapped() {

            @Override
            public float trainStep(TrainStep step) {
                return step.loss(run(step.inputs())).item();
            }
        };
        Exception e = assertThrows(IllegalStateException.class, () -> wrong.trained(OPTIONS));
        assertEquals("The loss is taken under the tape of this step: open step.tape() first", e.getMessage());
    }

    @Test
    void aLossIsOfOneOutputForEachObjective() {
        Wrapped twice = new Wrapped() {

            @Override
            public float trainStep(TrainStep step) {
                step.tape().close();
                return step.loss(step.inputs()[0], step.inputs()[0]).item();
            }
        };
        Exception e = assertThrows(IllegalArgumentException.class, () -> twice.trained(OPTIONS));
        assertEquals("The loss is of one output for each of 1 objectives. Received: 2", e.getMessage());
    }

    /** Gradients of two halves of the batch, each under a tape of its own, give those of the whole. */
    @Test
    void twoTapesOfAStepShareNoMemory() {
        Wrapped halves = new Wrapped() {

            @Override
            public float trainStep(TrainStep step) {
                Tensor x = step.inputs()[0];
                Tensor y = step.batch().targets().get(0);
                List<List<Tensor>> gradients = new ArrayList<>();
                Tensor sum = Tensor.scalar(0);
                for (int from : new int[] {0, 50}) {
                    GradientTape tape = step.tape();
                    Tensor loss;
                    try (tape) {
                        loss = new CategoricalCrossEntropy().call(run(x.slice(from, from + 50))[0], y.slice(from, from + 50));
                    }
                    gradients.add(step.gradients(tape, loss));
                    sum = sum.add(loss.divide(2));
                }
                List<Tensor> mean = new ArrayList<>();
                for (int i = 0; i < step.variables().size(); i++) {
                    mean.add(gradients.get(0).get(i).add(gradients.get(1).get(i)).divide(2));
                }
                step.apply(mean);
                return sum.item();
            }
        };
        Batch batch = new Batch(List.of(X.slice(0, 100)), List.of(Y.slice(0, 100)), null);
        Wrapped whole = new Wrapped();
        Trainer first = halves.trainer();
        Trainer second = whole.trainer();
        for (int i = 0; i < 5; i++) {
            assertEquals(second.trainOnBatch(batch).loss(), first.trainOnBatch(batch).loss(), 1e-6);
        }
        for (int i = 0; i < whole.weights().size(); i++) {
            assertTrue(whole.weights().get(i).allClose(halves.weights().get(i), 1e-5, 1e-6), "weight " + i);
        }
    }

    /** A step that minimizes a penalty besides, and takes no loss of {@code step}, or adds the penalty to it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAStepReturnsIsTheLossThatIsReported(boolean taken) {
        List<Float> returned = new ArrayList<>();
        Wrapped own = new Wrapped() {

            @Override
            public float trainStep(TrainStep step) {
                float loss = step.minimize(() -> {
                    Tensor[] outputs = run(step.inputs());
                    Tensor own = taken ? step.loss(outputs) : step.batch().targets().get(0).subtract(outputs[0]).square().mean();
                    return own.add(weights().get(0).square().sum().multiply(0.1));
                });
                returned.add(loss);
                return loss;
            }
        };
        List<Set<String>> ofBatches = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        FitOptions options = new FitOptions().batchSize(50).validationData(Examples.of(X, Y)).verbose(lines)
                .callbacks(new LambdaCallback().onBatchEnd((batch, logs) -> ofBatches.add(Set.copyOf(logs.names()))));
        History history = own.trainer().fit(Examples.of(X, Y), options);
        assertEquals((50 * (double) returned.get(0) + 50 * (double) returned.get(1) + 3 * (double) returned.get(2)) / 103,
                history.get("loss").get(0), 1e-6);
        List<String> names = new ArrayList<>(List.of("loss", "val_loss", "val_accuracy", "learning_rate"));
        if (taken) {
            names.add(1, "accuracy");
        }
        assertEquals(names, history.epochs().get(0).names());
        assertEquals(taken ? Set.of("loss", "accuracy") : Set.of("loss"), ofBatches.get(0));
        assertTrue(lines.toString().contains("val_accuracy"), lines.toString());
        assertEquals(taken ? 2 : 1, own.trainer().trainOnBatch(new Batch(List.of(X), List.of(Y), null)).results().size());
        if (!taken) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> own.trainer().fit(Examples.of(X, Y),
                    new FitOptions().callbacks(new EarlyStopping("accuracy"))));
            assertEquals("There is no accuracy in these logs, only [loss, learning_rate]. Metrics of training are those of a trainStep that"
                    + " calls step.loss", e.getMessage());
        }
    }

    @Test
    void aStepOnABatchMayGiveItsPredictions() {
        Sequential model = Problem.model();
        Tensor expected = model.predict(X);
        double loss = model.evaluate(X, Y).loss();
        Batch batch = new Batch(List.of(X), List.of(Y), null);
        Evaluation step = model.trainOnBatch(batch, Collect.PREDICTIONS);
        assertEquals(List.of(expected), step.predictions());
        assertEquals(loss, step.loss());
        assertEquals(COUNT, step.examples());
        assertNotEquals(expected, model.predict(X));
        assertEquals(List.of(), model.trainOnBatch(batch).predictions());
    }
}

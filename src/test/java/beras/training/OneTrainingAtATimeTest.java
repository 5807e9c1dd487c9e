package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batch;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.CategoricalCrossEntropy;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Weights are changed by one training at a time, and an optimizer trains one model. */
@Tag("model")
class OneTrainingAtATimeTest {

    private static Sequential model() {
        Sequential model = new Sequential(1, new Input(4), new Dense(5, "relu"), new Dense(3, "softmax"));
        model.compile("sgd(0.1)", "categorical_crossentropy");
        return model;
    }

    private static void assertRefused(String during, Exception e) {
        assertEquals("The weights of a model are changed by one training run at a time. Received: a second one during " + during
                + ". Train when that has ended, or another model", e.getMessage());
    }

    /** Does something once, when the first batch has ended. */
    private static FitOptions inTraining(Runnable action) {
        return new FitOptions().batchSize(50).callbacks(new LambdaCallback().onBatchEnd((batch, logs) -> {
            if (batch == 0) {
                action.run();
            }
        }));
    }

    @Test
    void aFitWithinACallbackIsRefused() {
        Sequential model = model();
        Exception e = assertThrows(IllegalStateException.class, () -> model.fit(X, Y, inTraining(() -> model.fit(X, Y))));
        assertRefused("a fit by the same thread, such as in its callback", e);
        Sequential again = model();
        e = assertThrows(IllegalStateException.class, () -> again.fit(X, Y, inTraining(() -> again.compile("adam", "mse"))));
        assertTrue(e.getMessage().startsWith("compile sets how the next fit trains"), e.getMessage());
        again.compile("adam", "mse");
        assertDoesNotThrow(() -> model.fit(X, Y), "the refusal leaves nothing behind");
    }

    /** Trains in another thread, and calls {@code meanwhile} here while that is within a batch. */
    private static void during(Sequential model, Runnable meanwhile) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor(task -> new Thread(task, "other"));
        try {
            Future<History> training = other.submit(() -> model.fit(X, Y, inTraining(() -> {
                inside.countDown();
                assertDoesNotThrow(() -> done.await());
            })));
            inside.await();
            try {
                meanwhile.run();
            } finally {
                done.countDown();
            }
            assertEquals(1, training.get().epochs().size());
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void aTrainingInAnotherThreadIsRefused() throws Exception {
        Sequential model = model();
        List<Tensor> undisturbed = new ArrayList<>();
        Sequential alone = model();
        alone.fit(X, Y, inTraining(() -> { }));
        Batch batch = new Batch(List.of(X), List.of(Y), null);
        Trainer trainer = new Trainer(model, new SGD(0.1f), List.of(new Objective(new CategoricalCrossEntropy())));
        during(model, () -> {
            for (Runnable second : List.<Runnable>of(() -> model.fit(X, Y), () -> model.trainOnBatch(batch),
                    () -> trainer.gradientsOnBatch(batch, undisturbed::addAll),
                    () -> trainer.applyGradients(Problem.copyOfWeights(model)),
                    () -> shares(model).fit(X, Y))) {
                assertRefused("one by thread other", assertThrows(IllegalStateException.class, second::run));
            }
            assertDoesNotThrow(() -> model().fit(X, Y), "another model");
        });
        assertEquals(Problem.copyOfWeights(alone), Problem.copyOfWeights(model));
        model.fit(X, Y);
    }

    private static Sequential shares(Sequential model) {
        Sequential other = new Sequential(model.layers().get(0), new Dense(3, "softmax"));
        other.compile("sgd(0.1)", "categorical_crossentropy");
        return other;
    }

    /** The weights are free when the training has ended, not when a step within it has. */
    @Test
    void aStepByTheThreadThatTrainsLeavesTheWeightsToItsTraining() {
        Sequential model = model();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            model.fit(X, Y, inTraining(() -> {
                model.trainOnBatch(X, Y);
                Throwable e = assertThrows(ExecutionException.class, () -> other.submit(() -> model.fit(X, Y)).get()).getCause();
                assertRefused("one by thread " + Thread.currentThread().getName(), (Exception) e);
            }));
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void aFailureFreesTheWeights() {
        Sequential model = model();
        assertThrows(IllegalStateException.class, () -> model.fit(X, Y, inTraining(() -> {
            throw new IllegalStateException("on purpose");
        })));
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            assertDoesNotThrow(() -> other.submit(() -> model.fit(X, Y)).get());
        } finally {
            other.shutdownNow();
        }
    }

    // ---------------------------------------------------------------------------------------------------- optimizers

    private static void assertOfAnother(String steps, Exception e) {
        assertEquals("An optimizer trains one model, whose steps it counts. Received: " + steps + " of another model. Make a"
                + " new one",
                e.getMessage());
    }

    @Test
    void anOptimizerOfAnotherModelIsRefused() {
        for (Optimizer optimizer : List.of(new Adam(0.1f), new SGD(0.1f))) {
            Sequential first = model();
            Sequential second = model();
            first.compile(optimizer, new CategoricalCrossEntropy());
            second.compile(optimizer, new CategoricalCrossEntropy());
            first.fit(X, Y, new FitOptions().batchSize(X.dim(0)));
            String steps = optimizer.getClass().getSimpleName() + " after 1 steps";
            List<Tensor> before = Problem.copyOfWeights(second);
            assertOfAnother(steps, assertThrows(IllegalStateException.class, () -> second.fit(X, Y)));
            assertOfAnother(steps, assertThrows(IllegalStateException.class, () -> second.trainOnBatch(X, Y)));
            assertEquals(before, Problem.copyOfWeights(second));
            assertEquals(1, optimizer.steps());
        }
    }
}

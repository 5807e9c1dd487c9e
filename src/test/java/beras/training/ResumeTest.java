package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.config.Config;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Dataset;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Flatten;
import beras.layers.GaussianNoise;
import beras.layers.Input;
import beras.layers.Layers;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.metrics.AUC;
import beras.metrics.F1Score;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.metrics.Precision;
import beras.metrics.R2Score;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.regularizers.L2;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A training that is resumed gives the bits of the one that was not disturbed, wherever it was interrupted. */
@Tag("model")
@Timeout(120)
class ResumeTest {

    private static final int COUNT = 70;
    private static final int SIZE = 20;
    private static final int BATCHES = 4;
    private static final int EPOCHS = 4;
    private static final Examples EXAMPLES = new Drifting(Examples.of(List.of(X.slice(0, COUNT)), List.of(Y.slice(0, COUNT)),
            Tensor.generate(i -> 0.5f + i % 3, COUNT)));
    private static final Examples HELD = Examples.of(X.slice(COUNT, 100), Y.slice(COUNT, 100));

    /** Examples that are other ones in each epoch, as augmented images are. */
    private record Drifting(Examples examples) implements Examples {

        @Override
        public int count() {
            return examples.count();
        }

        @Override
        public ExampleSpec spec() {
            return examples.spec();
        }

        @Override
        public void read(int epoch, int[] order, int from, int to, Batch into) {
            examples.read(epoch, order, from, to, into);
            Tensor inputs = into.inputs().get(0);
            for (int i = 0; i < inputs.size(); i++) {
                inputs.data()[i] += 0.01f * epoch * (order[from + i / 4] % 5);
            }
        }
    }

    private static Sequential model(Optimizer optimizer) {
        Sequential model = new Sequential(7, new Input(4), new Dense(9).with("kernelRegularizer", new L2(0.01f)),
                new BatchNormalization(), new ReLU(), new Dropout(0.3), new GaussianNoise(0.1), new Dense(3), new Softmax());
        model.compile(optimizer, new Objective(new CategoricalCrossEntropy())
                .metrics(Metrics.of("accuracy"), new AUC(), new F1Score(), new R2Score(), new Precision())
                .weightedMetrics("rmse", new LossMetric(new MeanSquaredError()).named("mse")));
        return model;
    }

    /** One training, made as often as is needed: what it begins with is new each time. */
    private record Run(Supplier<Sequential> model, Supplier<Batches> batches, FitOptions options,
            Supplier<List<Callback>> callbacks) {

        History fit(Sequential made, FitOptions with, Callback... more) {
            List<Callback> all = new ArrayList<>(callbacks.get());
            all.addAll(List.of(more));
            return made.fit(batches.get(), with.callbacks(all.toArray(Callback[]::new)));
        }
    }

    /** Keeps the state after {@code after} batches or at the end of an epoch, and breaks off. */
    private static final class Keeper implements Callback {

        private final int after;
        private final boolean atEpochEnd;
        private int seen;
        private Training training;
        private TrainingState state;

        Keeper(int after, boolean atEpochEnd) {
            this.after = after;
            this.atEpochEnd = atEpochEnd;
        }

        @Override
        public boolean isLogger() {
            return true;
        }

        @Override
        public void onTrainBegin(Training begun) {
            training = begun;
        }

        @Override
        public void onBatchEnd(int batch, Logs logs) {
            seen++;
            if (!atEpochEnd && seen == after) {
                keep();
            }
        }

        @Override
        public void onEpochEnd(int epoch, Logs logs) {
            if (atEpochEnd && epoch + 1 == after) {
                keep();
            }
        }

        private void keep() {
            state = training.state();
            training.interrupt();
        }
    }

    private static void assertStorable(Object setting) {
        if (setting instanceof Config config) {
            config.values().values().forEach(ResumeTest::assertStorable);
        } else if (setting instanceof List<?> list) {
            list.forEach(ResumeTest::assertStorable);
        } else if (setting instanceof Number number) {
            assertTrue(Double.isFinite(number.doubleValue()));
        } else {
            assertTrue(setting instanceof String || setting instanceof Boolean, () -> setting.getClass().getName());
        }
    }

    private static void assertSame(Sequential expected, History whole, Sequential actual, History history, String where) {
        for (int i = 0; i < expected.weights().size(); i++) {
            assertArrayEquals(expected.weights().get(i).toArray(), actual.weights().get(i).toArray(), where);
        }
        assertEquals(values(whole), values(history), where);
        assertEquals(whole.outcome(), history.outcome(), where);
    }

    private static List<Map<String, Double>> values(History history) {
        return history.epochs().stream().map(Logs::values).toList();
    }

    private static void goOn(Run run, Sequential expected, History whole, Keeper keeper, String where) {
        History first = run.fit(run.model.get(), run.options, keeper);
        assertEquals(Outcome.Kind.INTERRUPTED, first.outcome().kind(), where);
        assertStorable(keeper.state.config());
        Sequential fresh = run.model.get();
        assertSame(expected, whole, fresh, run.fit(fresh, run.options.resume(keeper.state)), where);
    }

    /** Breaks off after each batch and each epoch, goes on in a new model, and once more from there. */
    private static History check(Run run) {
        Sequential model = run.model.get();
        History whole = run.fit(model, run.options);
        int epochs = whole.epochs().size();
        for (int k = 1; k <= epochs * BATCHES; k++) {
            goOn(run, model, whole, new Keeper(k, false), "interrupted after batch " + k);
        }
        for (int k = 1; k <= epochs; k++) {
            Keeper keeper = new Keeper(k, true);
            goOn(run, model, whole, keeper, "interrupted after epoch " + k);
            Keeper again = new Keeper(3, false);
            if (k < epochs) {
                run.fit(run.model.get(), run.options.resume(keeper.state), again);
                Sequential fresh = run.model.get();
                assertSame(model, whole, fresh, run.fit(fresh, run.options.resume(again.state)), "interrupted twice");
            }
        }
        return whole;
    }

    private static Optimizer scheduled() {
        return new Adam(0.01f).schedule(Schedules.REGISTRY.of("ExponentialDecay", 0.05, 5, 0.8)).with("gradientAccumulationSteps", 3)
                .with("emaMomentum", 0.7).with("clipnorm", 1);
    }

    @Test
    void onShuffledExamplesWithScheduleAveragesAndAccumulation() {
        check(new Run(() -> model(scheduled()), () -> Batches.shuffled(EXAMPLES, SIZE, 3),
                new FitOptions().epochs(EPOCHS).validationData(HELD).preciseStatistics(50).classWeight(1, 2, 3),
                () -> List.of(new EarlyStopping("val_loss").patience(9).restoreBestWeights(true))));
    }

    @Test
    void onAPrefetchedStreamWithARateThatCallbacksChange() {
        History whole = check(new Run(() -> model(Optimizers.REGISTRY.of("Nadam", 0.05f)),
                () -> Dataset.of(EXAMPLES).shuffle(13, 5).batch(SIZE).prefetch(2),
                new FitOptions().epochs(EPOCHS).validationData(HELD), () -> List.of(
                        new LearningRateScheduler((epoch, rate) -> rate * 0.9),
                        new ReduceLROnPlateau(new Monitor("val_accuracy").minDelta(1)).patience(1).factor(0.5))));
        assertTrue(whole.get("learning_rate").get(EPOCHS - 1) < 0.03, whole::toString);
    }

    @Test
    void whereTrainingIsStoppedEarly() {
        History whole = check(new Run(() -> model(new Adam(0.05f)), () -> Batches.shuffled(EXAMPLES, SIZE, 3),
                new FitOptions().epochs(9).validationData(HELD),
                () -> List.of(new EarlyStopping(new Monitor("val_loss").minDelta(10)).patience(1).restoreBestWeights(true))));
        assertEquals(2, whole.epochs().size());
        assertEquals(Outcome.Kind.STOPPED, whole.outcome().kind());
    }

    /** Whatever it computes by operations: a layer, the loss, metrics, and what a step of its own adds. */
    @Test
    void withFunctionsAndAStepOfItsOwn() {
        check(new Run(() -> {
            Sequential model = new Sequential(7, new Input(4), new Dense(6), Layers.lambda("wave", x -> x.sin().add(x)), new Dropout(0.3),
                    new Dense(3)) {

                @Override
                public float trainStep(TrainStep step) {
                    GradientTape tape = step.tape();
                    Tensor loss;
                    try (tape) {
                        loss = step.loss(run(step.inputs())).add(step.variables().get(0).square().sum().multiply(0.01));
                    }
                    return step.minimize(tape, loss);
                }
            };
            model.compile(new Adam(0.05f), new Objective(Losses.lambda("log", (p, t) -> p.subtract(t).square().add(1).log()))
                    .metrics(Metrics.lambda("largest", (p, t) -> p.subtract(t).abs().max()))
                    .weightedMetrics(Metrics.lambda("near", (p, t) -> p.subtract(t).abs().less(0.3))));
            return model;
        }, () -> Batches.shuffled(EXAMPLES, SIZE, 3), new FitOptions().epochs(2).validationData(HELD), List::of));
    }

    /** The seconds before it was interrupted belong to the epoch that is resumed, and to no other. */
    @Test
    void theSecondsOfAnEpochAreItsOwn() {
        Run run = new Run(() -> model(new Adam(0.1f)), () -> Batches.of(EXAMPLES, SIZE), new FitOptions().epochs(2), List::of);
        Keeper keeper = new Keeper(2, false);
        run.fit(run.model.get(), run.options, keeper);
        double before = 1e6;
        TrainingState later = new TrainingState(keeper.state.config().with("seconds", before), keeper.state.tensors());
        List<Logs> epochs = run.fit(run.model.get(), run.options.resume(later)).epochs();
        assertEquals(2, epochs.size());
        assertTrue(epochs.get(0).seconds() > before, epochs::toString);
        assertTrue(epochs.get(1).seconds() < before, epochs::toString);
    }

    // ------------------------------------------------------------------------------------------------------ refusals

    private static TrainingState state(Callback... callbacks) {
        Keeper keeper = new Keeper(2, false);
        new Run(() -> null, () -> Batches.of(EXAMPLES, SIZE), new FitOptions(), () -> List.of(callbacks))
                .fit(model(new Adam(0.1f)), new FitOptions(), keeper);
        return keeper.state;
    }

    @Test
    void anotherModelIsRefusedAndLeftAsItIs() {
        TrainingState state = state();
        Sequential other = new Sequential(1, new Input(4), new Dense(5), new Dense(3), new Softmax());
        other.compile(new Adam(0.1f), new CategoricalCrossEntropy());
        List<Tensor> before = Problem.copyOfWeights(other);
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> other.fit(Batches.of(EXAMPLES, SIZE), new FitOptions().resume(state)));
        assertTrue(e.getMessage().startsWith("To resume a training, the model must have the layers and weights that it had there:"
                + " [(4, 5), (1, 5), (5, 3), (1, 3)]. Received: a TrainingState of [(4, 9), (1, 9), "), e.getMessage());
        assertEquals(before, Problem.copyOfWeights(other));
    }

    @Test
    void withinAnEpochOtherNumbersOfBatchesAreRefused() {
        TrainingState state = state();
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> model(new Adam(0.1f)).fit(Batches.of(EXAMPLES.slice(0, 50), SIZE), new FitOptions().resume(state)));
        assertEquals("To resume a training within an epoch, the epoch must have the 4 batches that it had. Received: 3",
                e.getMessage());
    }

    @Test
    void otherCallbacksAreRefusedButForThoseThatKeepNothing() {
        TrainingState state = state(new EarlyStopping("loss"));
        Sequential model = model(new Adam(0.1f));
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> model.fit(Batches.of(EXAMPLES, SIZE), new FitOptions().resume(state)));
        assertEquals("To resume a training, the callbacks that have a state must be those that it had:"
                + " [EarlyStopping]. Received: []",
                e.getMessage());
        model.fit(Batches.of(EXAMPLES, SIZE), new FitOptions().resume(state).verbose(new StringBuilder())
                .callbacks(new TerminateOnNaN(), new EarlyStopping("loss")));
    }

    // --------------------------------------------------------------------------------------------- another training

    private static final FitOptions SHUFFLED = new FitOptions().epochs(3).batchSize(SIZE).seed(3);

    private static TrainingState broken(Sequential model, Batches batches, FitOptions options, boolean atEpochEnd) {
        Keeper keeper = new Keeper(atEpochEnd ? 1 : 2, atEpochEnd);
        if (batches == null) {
            model.fit(EXAMPLES, options.callbacks(keeper));
        } else {
            model.fit(batches, options.callbacks(keeper));
        }
        return keeper.state;
    }

    /** Resumes a training in a model that is made anew; it is refused, and nothing has changed then. */
    private static void assertRefused(String message, TrainingState state, Sequential model, Batches batches,
            FitOptions options) {
        Optimizer optimizer = model.optimizer().orElseThrow();
        List<Tensor> before = Problem.copyOfWeights(model);
        float rate = optimizer.learningRate();
        Exception e = assertThrows(IllegalArgumentException.class, () -> {
            FitOptions resumed = options.resume(state);
            if (batches == null) {
                model.fit(EXAMPLES, resumed);
            } else {
                model.fit(batches, resumed);
            }
        });
        assertEquals("To resume a training, the " + message, e.getMessage());
        assertEquals(before, Problem.copyOfWeights(model));
        assertEquals(0, optimizer.steps());
        assertEquals(rate, optimizer.learningRate());
        model.fit(EXAMPLES, SHUFFLED.epochs(1)); // it is as it was
    }

    private static Sequential scheduledModel(double decay) {
        return model(new Adam().schedule(Schedules.REGISTRY.of("ExponentialDecay", 0.05, 5, decay)));
    }

    @Test
    void anotherOrderOfTheExamplesIsRefused() {
        for (boolean atEpochEnd : new boolean[] {false, true}) {
            TrainingState state = broken(model(new Adam(0.1f)), null, SHUFFLED, atEpochEnd);
            assertRefused("shuffleSeed must be what it was there: 3. Received: 4", state, model(new Adam(0.1f)), null,
                    SHUFFLED.seed(4));
            assertRefused("shuffleSeed must be what it was there: 3. Received: none", state, model(new Adam(0.1f)), null,
                    SHUFFLED.shuffle(false));
            assertRefused("batchSize must be what it was there: 20. Received: 19", state, model(new Adam(0.1f)), null,
                    SHUFFLED.batchSize(19));
            assertRefused("classWeight must be what it was there: none. Received: [1.0, 2.0, 3.0]", state,
                    model(new Adam(0.1f)), null, SHUFFLED.classWeight(1, 2, 3));
            model(new Adam(0.1f)).fit(Batches.shuffled(EXAMPLES, SIZE, 3).prefetch(2), SHUFFLED.resume(state)); // the same order
        }
        TrainingState stream = broken(model(new Adam(0.1f)), Dataset.of(EXAMPLES).shuffle(13, 5).batch(SIZE), SHUFFLED, false);
        assertRefused("shuffleSeed must be what it was there: 5. Received: 6", stream, model(new Adam(0.1f)),
                Dataset.of(EXAMPLES).shuffle(13, 6).map(example -> { }).batch(SIZE), SHUFFLED);
        assertRefused("shuffleBuffer must be what it was there: 13. Received: 14", stream, model(new Adam(0.1f)),
                Dataset.of(EXAMPLES).shuffle(14, 5).batch(SIZE).prefetch(1), SHUFFLED);
        TrainingState reshaped = broken(squares(), null, SHUFFLED, true);
        assertRefused("shuffleSeed must be what it was there: 3. Received: 4", reshaped, squares(), null, SHUFFLED.seed(4));
    }

    /** A net whose inputs are read from rows. */
    private static Sequential squares() {
        Sequential model = new Sequential(1, new Input(2, 2), new Flatten(), new Dense(3, "softmax"));
        model.compile(new Adam(0.1f), new CategoricalCrossEntropy());
        return model;
    }

    @Test
    void anotherOptimizerOrLossIsRefused() {
        TrainingState scheduled = broken(scheduledModel(0.8), null, SHUFFLED, true);
        assertRefused("decayRate of the schedule of the optimizer must be what it was there: 0.8. Received: 0.7", scheduled,
                scheduledModel(0.7), null, SHUFFLED);
        TrainingState plain = broken(model(new Adam(0.1f)), null, SHUFFLED, true);
        assertRefused("clipnorm of the optimizer must be what it was there: none. Received: 1.0", plain,
                model(new Adam(0.1f).with("clipnorm", 1)), null, SHUFFLED);
        Sequential smoothed = model(new Adam(0.1f));
        smoothed.compile(new Adam(0.1f), new Objective(new CategoricalCrossEntropy().with("labelSmoothing", 0.1))
                .metrics((Object[]) smoothed.objectives().get(0).metrics().toArray(Metric[]::new)));
        assertRefused("losses must be what it was there: [CategoricalCrossEntropy(fromLogits=false, labelSmoothing=0.0,"
                + " epsilon=1.0E-12, normalize=false)]. Received: [CategoricalCrossEntropy(fromLogits=false, labelSmoothing=0.1,"
                + " epsilon=1.0E-12, normalize=false)]", plain, smoothed, null, SHUFFLED);
        Sequential other = model(new Adam(0.3f)); // the rate is that of the state
        other.fit(EXAMPLES, SHUFFLED.resume(plain));
        assertEquals(0.1f, other.optimizer().orElseThrow().learningRate());
    }

    private static Sequential unseeded(Dropout dropout) {
        Sequential model = new Sequential(new Input(4), new Dense(9).seed(1), dropout, new Dense(3, "softmax").seed(2));
        model.compile(new Adam(0.1f), new CategoricalCrossEntropy());
        return model;
    }

    /** A dropout without a seed has another one in each process: then it gets that of the training that is resumed. */
    @Test
    void theSeedOfADropoutIsTakenOverUnlessItHasAnother() {
        Sequential first = unseeded(new Dropout(0.3));
        TrainingState state = broken(first, null, SHUFFLED, false);
        long drawn = first.layers().get(1).knownSeed().orElseThrow();
        Dropout same = new Dropout(0.3);
        same.seed(drawn);
        Sequential whole = unseeded(same);
        whole.fit(EXAMPLES, SHUFFLED);
        Sequential resumed = unseeded(new Dropout(0.3));
        resumed.fit(EXAMPLES, SHUFFLED.resume(state));
        assertEquals(Problem.copyOfWeights(whole), Problem.copyOfWeights(resumed));
        Dropout seeded = new Dropout(0.3);
        seeded.seed(77);
        assertRefused("seed of the layer Dropout(0.3) must be what it was there: " + drawn + ". Received: 77", state,
                unseeded(seeded), null, SHUFFLED);
    }
}

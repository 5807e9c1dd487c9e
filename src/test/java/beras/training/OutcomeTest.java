package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.metrics.Mean;
import beras.metrics.MeanMetric;
import beras.metrics.Metric;
import beras.models.Functional;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a training ends, what callbacks hear of it, and what the net holds then. */
@Tag("model")
@Timeout(60)
class OutcomeTest {

    private final List<String> ends = new ArrayList<>();

    private LambdaCallback noting(String name) {
        return new LambdaCallback().onTrainEnd(outcome -> ends.add(name + " " + outcome));
    }

    // ---------------------------------------------------------------------------------------------------- in order

    /** Does something with the training at one place, and keeps all that it came through. */
    private static class At implements Callback {

        String place;
        final List<String> places = new ArrayList<>();
        private final Consumer<Training> action;
        private Training training;

        At(String place, Consumer<Training> action) {
            this.place = place;
            this.action = action;
        }

        void at(String here) {
            places.add(here);
            if (here.equals(place)) {
                action.accept(training);
            }
        }

        @Override
        public void onTrainBegin(Training begun) {
            training = begun;
            at("begin");
        }

        @Override
        public void onEpochBegin(int epoch, int batches) {
            at("epoch begin " + epoch);
        }

        @Override
        public void onBatchBegin(int batch) {
            at("batch begin " + batch);
        }

        @Override
        public void onBatchEnd(int batch, Logs logs) {
            at("batch end " + batch);
        }

        @Override
        public void onEpochEnd(int epoch, Logs logs) {
            at("epoch end " + epoch);
        }

        @Override
        public void onTrainEnd(Outcome outcome) {
            at("train end");
        }
    }

    private History fit(String place, Consumer<Training> action) {
        ends.clear();
        return model().fit(X, Y, OPTIONS.callbacks(new At(place, action), noting("a")));
    }

    @Test
    void anEpochThatIsStoppedBeforeItsFirstBatchIsNotReported() {
        assertEquals(0, fit("epoch begin 0", Training::stop).epochs().size());
        assertEquals(1, fit("epoch begin 1", Training::stop).epochs().size());
        assertEquals(List.of("a stopped at epoch 2"), ends);
        assertEquals(0, fit("begin", Training::stop).epochs().size());
        assertEquals(List.of("a stopped"), ends);
    }

    @Test
    void stoppingAfterTheEpochTrainsOnAllOfIt() {
        AtomicInteger batches = new AtomicInteger();
        History history = model().fit(X, Y, OPTIONS.callbacks(new At("batch end 2", Training::stopAfterEpoch),
                new LambdaCallback().onBatchEnd((batch, logs) -> batches.incrementAndGet())));
        assertEquals(11, batches.get());
        assertEquals(1, history.epochs().size());
        assertEquals("stopped at epoch 1", history.outcome().toString());
        assertEquals(1, fit("epoch begin 0", Training::stopAfterEpoch).epochs().size());
        assertEquals(2, fit("epoch end 1", Training::stop).epochs().size());
        At stopping = new At("batch end 2", Training::stop);
        assertEquals("stopped at epoch 1", model().fit(X, Y, OPTIONS.callbacks(stopping)).outcome().toString());
        assertEquals(List.of("batch begin 2", "batch end 2", "epoch end 0", "train end"), stopping.places.subList(6, 10));
    }

    @Test
    void interruptedItEndsAfterTheBatchWithoutAnEndOfTheEpoch() {
        History history = fit("batch end 3", Training::interrupt);
        assertEquals(0, history.epochs().size());
        assertEquals(new Outcome(Outcome.Kind.INTERRUPTED, OptionalInt.of(0), OptionalInt.of(3), Optional.empty()),
                history.outcome());
        assertEquals(List.of("a interrupted at epoch 1, batch 4"), ends);
        history = fit("epoch end 1", Training::interrupt);
        assertEquals(2, history.epochs().size());
        assertEquals(List.of("a interrupted at epoch 2"), ends);
    }

    @Test
    void anotherThreadMayInterruptAndCallbacksSeeItInTheLastBatch() {
        List<Boolean> stopping = new ArrayList<>();
        Training[] training = new Training[1];
        History history = model().fit(X, Y, OPTIONS.epochs(1_000_000).callbacks(new LambdaCallback().onTrainBegin(begun -> training[0] = begun)
                .onBatchBegin(batch -> {
                    if (stopping.size() == 5) {
                        Thread other = new Thread(training[0]::interrupt);
                        other.start();
                        assertDoesNotThrow(() -> other.join());
                    }
                }).onBatchEnd((batch, logs) -> stopping.add(training[0].stopping()))));
        assertEquals(List.of(false, false, false, false, false, true), stopping);
        assertEquals("interrupted at epoch 1, batch 6", history.outcome().toString());
    }

    // -------------------------------------------------------------------------------------------------- in disorder

    @Test
    void whatACallbackThrowsEndsTheTrainingAfterAllHeardOfIt() {
        ArithmeticException thrown = new ArithmeticException("thrown");
        IllegalStateException again = new IllegalStateException("again");
        Exception e = assertThrows(ArithmeticException.class, () -> model().fit(X, Y, OPTIONS.callbacks(noting("a"),
                new At("batch end 1", training -> {
                    throw thrown;
                }), new LambdaCallback().onTrainEnd(outcome -> {
                    assertSame(thrown, outcome.cause().orElseThrow());
                    throw again;
                }), noting("b"))));
        assertSame(thrown, e);
        assertEquals(List.of(again), List.of(e.getSuppressed()));
        assertEquals(List.of("a failed at epoch 1, batch 2", "b failed at epoch 1, batch 2"), ends);
    }

    @Test
    void anErrorEndsItAsWell() {
        assertThrows(OutOfMemoryError.class, () -> fit("epoch end 0", training -> {
            throw new OutOfMemoryError();
        }));
        assertEquals(List.of("a failed at epoch 1"), ends);
    }

    @Test
    void theOutcomeTellsWhereItWentWrong() {
        String[][] places = {{"epoch begin 1", " at epoch 2"}, {"batch begin 2", " at epoch 1, batch 3"},
            {"batch end 2", " at epoch 1, batch 3"}, {"epoch end 1", " at epoch 2"}};
        for (String[] place : places) {
            ends.clear();
            assertThrows(ArithmeticException.class, () -> fit(place[0], training -> {
                throw new ArithmeticException();
            }));
            assertEquals(List.of("a failed" + place[1]), ends);
        }
        ends.clear();
        Examples validation = new Examples() {

            @Override
            public int count() {
                return 1;
            }

            @Override
            public ExampleSpec spec() {
                return ExampleSpec.of(Shape.of(4), Shape.of(3));
            }

            @Override
            public void read(int epoch, int[] order, int from, int to, Batch into) {
                throw new ArithmeticException();
            }
        };
        assertThrows(ArithmeticException.class,
                () -> model().fit(X, Y, OPTIONS.validationData(validation).callbacks(noting("a"))));
        assertEquals(List.of("a failed at epoch 1"), ends);
    }

    @Test
    void aRefusalEndsOnlyWhatHasBegun() {
        Sequential model = model();
        List<Tensor> before = copyOfWeights(model);
        assertThrows(IllegalArgumentException.class,
                () -> model.fit(X, Y, OPTIONS.callbacks(noting("a"), new EarlyStopping("val_loss"), noting("b"))));
        assertEquals(List.of("a failed"), ends);
        assertEquals(before, copyOfWeights(model));
    }

    @Test
    void whatFailsAtTheEndIsThrown() {
        LambdaCallback failing = new LambdaCallback().onTrainEnd(outcome -> {
            throw new ArithmeticException();
        });
        assertThrows(ArithmeticException.class, () -> model().fit(X, Y, OPTIONS.callbacks(failing, noting("a"))));
        assertEquals(List.of("a finished at epoch 3"), ends);
    }

    // ------------------------------------------------------------------------------------------------------ weights

    /** Learns to bring 1 to 0 by one weight, 1 at first; its rate gets far too large in epoch 3. */
    private static Sequential diverging(boolean averaged) {
        Sequential model = new Sequential(3, new Input(1), new Dense(1));
        model.weights().get(0).assign(1);
        model.compile(averaged ? new SGD(0.1f).with("emaMomentum", 0.5) : new SGD(0.1f), new MeanSquaredError());
        return model;
    }

    private static final FitOptions LONG = new FitOptions().epochs(30)
            .validationData(Examples.of(Tensor.ones(1, 1), Tensor.zeros(1, 1)));

    private float[] weightsOf(Sequential model) {
        return new float[] {model.weights().get(0).item(), model.weights().get(1).item()};
    }

    /** The rate is far too large in epoch 3; or the training ends there after a change of a weight. */
    @ParameterizedTest
    @ValueSource(strings = {"diverged", "failed", "interrupted"})
    void theBestWeightsComeBackHoweverTrainingEnds(String how) {
        Sequential model = diverging(false);
        List<float[]> best = new ArrayList<>();
        EarlyStopping stopping = new EarlyStopping("val_loss").patience(30).restoreBestWeights(true);
        FitOptions options = LONG.callbacks(stopping, noting("a"),
                new LambdaCallback().onEpochEnd((epoch, logs) -> best.add(weightsOf(model))), new At("epoch begin 3", training -> {
                    if (how.equals("diverged")) {
                        training.optimizer().learningRate(1e20f);
                        return;
                    }
                    model.weights().get(0).assign(9);
                    if (how.equals("failed")) {
                        throw new ArithmeticException();
                    }
                    training.interrupt();
                }));
        try {
            model.fit(Tensor.ones(1, 1), Tensor.zeros(1, 1), options);
        } catch (DivergedException | ArithmeticException e) {
            assertEquals(e instanceof DivergedException ? "diverged" : "failed", how);
        }
        assertEquals(2, stopping.bestEpoch());
        assertArrayEquals(best.get(2), weightsOf(model));
        assertTrue(ends.get(0).startsWith("a " + how + " at epoch "), ends::toString);
    }

    @Test
    void theAveragesTakeTheWeightsPlaceHoweverTrainingEnds() {
        for (String how : new String[] {"interrupt", "fail", "diverge"}) {
            Optimizer optimizer = new SGD(0.1f).with("emaMomentum", 0.5);
            Sequential model = diverging(true);
            model.compile(optimizer, new MeanSquaredError());
            FitOptions options = LONG.callbacks(new At("epoch begin 2", training -> {
                if (how.equals("interrupt")) {
                    training.interrupt();
                } else if (how.equals("fail")) {
                    throw new ArithmeticException();
                } else {
                    training.optimizer().learningRate(1e30f);
                }
            }));
            Outcome.Kind kind;
            try {
                kind = model.fit(Tensor.ones(1, 1), Tensor.zeros(1, 1), options).outcome().kind();
            } catch (ArithmeticException | DivergedException e) {
                kind = e instanceof DivergedException ? Outcome.Kind.DIVERGED : Outcome.Kind.FAILED;
            }
            assertTrue(kind.name().startsWith(how.toUpperCase(Locale.ROOT)), kind::name);
            assertArrayEquals(optimizer.average(model.weights().get(0)).toArray(), model.weights().get(0).toArray(), how);
        }
    }

    @Test
    void aBatchThatDivergesChangesNoWeightAndNoMovingAverage() {
        Sequential model = new Sequential(3, new Input(3), new Dense(3), new BatchNormalization(), new Dense(1));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        Tensor x = Tensor.generate(i -> 1 + i % 5, 8, 3);
        List<List<Tensor>> after = new ArrayList<>();
        Tensor y = Tensor.generate(i -> i < 4 ? 1 : 3e38f, 8, 1);
        model.fit(x, y, new FitOptions().batchSize(4).shuffle(false).callbacks(new TerminateOnNaN(),
                new LambdaCallback().onBatchEnd((batch, logs) -> after.add(copyOfWeights(model)))));
        assertEquals(1, after.size());
        assertEquals(after.get(0), copyOfWeights(model));
        assertThrows(DivergedException.class, () -> model.trainOnBatch(x, y));
        assertEquals(after.get(0), copyOfWeights(model));
    }

    // ------------------------------------------------------------------------------------------------------ loggers

    /** Only watches, and fails at a place in each epoch. */
    private static final class Broken extends At {

        Broken(String place) {
            super(place, training -> {
                throw new UncheckedIOException(new IOException("no space left"));
            });
        }

        @Override
        public boolean isLogger() {
            return true;
        }

        @Override
        void at(String here) {
            super.at(here.replaceAll(" \\d+", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoch begin", "batch begin", "batch end", "epoch end", "train end"})
    void aLoggerThatFailsIsReportedOnceAndTriedAgainAtTheNextEpoch(String place) {
        List<String> warnings = new ArrayList<>();
        Broken broken = new Broken(place);
        Sequential model = model();
        History history = model.fit(X, Y, OPTIONS.onWarning(warnings::add).callbacks(broken, new Broken("never")));
        assertEquals(List.of("Broken failed" + (place.equals("train end") ? "" : ", and is tried again at the next epoch")
                + ": java.io.IOException: no space left"), warnings);
        assertEquals(warnings, history.warnings());
        assertEquals(3, history.epochs().size());
        assertEquals(place.equals("train end") ? 1 : 3, broken.places.stream().filter(place::equals).count());
        assertEquals("train end", broken.places.get(broken.places.size() - 1));
        assertEquals(Problem.trained(OPTIONS), copyOfWeights(model));
    }

    @Test
    void aReasonIsReportedAgainAfterAnEpochWithoutIt() {
        Broken broken = new Broken("epoch end");
        History history = model().fit(X, Y, OPTIONS.epochs(5).callbacks(broken, new LambdaCallback().onEpochEnd((epoch, logs) ->
                broken.place = epoch == 2 ? "never" : "epoch end")));
        assertEquals(2, history.warnings().size(), history.warnings()::toString);
    }

    @Test
    void loggersAreToldAfterThoseThatAct() {
        List<String> order = new ArrayList<>();
        Callback watching = new Callback() {

            @Override
            public boolean isLogger() {
                return true;
            }

            @Override
            public void onEpochEnd(int epoch, Logs logs) {
                order.add("logger " + logs.names());
            }
        };
        Training[] training = new Training[1];
        History history = model().fit(X, Y, OPTIONS.epochs(1).callbacks(watching, new LambdaCallback().onTrainBegin(begun -> {
            training[0] = begun;
            begun.announce("test_score", Mode.MAX);
            assertThrows(IllegalArgumentException.class, () -> begun.announce("loss", Mode.MIN));
            assertThrows(IllegalStateException.class, () -> begun.log("test_score", 1));
            assertEquals(List.of("loss", "accuracy", "learning_rate", "test_score"), List.copyOf(begun.modes().keySet()));
            assertEquals(Mode.MIN, begun.modes().get("loss"));
        }).onEpochEnd((epoch, logs) -> {
            order.add("actor " + logs.names());
            training[0].log("test_score", 0.5);
            assertThrows(IllegalStateException.class, () -> training[0].log("nosuch", 1));
        }), new EarlyStopping("test_score")));
        assertEquals(List.of("actor [loss, accuracy, learning_rate]", "logger [loss, accuracy, learning_rate, test_score]"),
                order);
        assertEquals(List.of(0.5), history.get("test_score"));
    }

    @Test
    void numbersOfBatchesAreComputedOnceIfAnybodyWantsThem() {
        AtomicInteger computed = new AtomicInteger();
        Metric counting = new MeanMetric() {

            @Override
            protected String defaultName() {
                return "counting";
            }

            @Override
            protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {}

            @Override
            protected double result(Mean mean) {
                return computed.incrementAndGet();
            }
        };
        Sequential model = model();
        model.compile(new Adam(0.01f), new CategoricalCrossEntropy(), counting);
        model.fit(X, Y, OPTIONS.epochs(1).verbose(new StringBuilder()).callbacks(noting("a"), new TerminateOnNaN(),
                new EarlyStopping("loss")));
        assertEquals(1, computed.getAndSet(0), "at the end of the epoch");
        LambdaCallback wanting = new LambdaCallback().onBatchEnd((batch, logs) -> {});
        model.fit(X, Y, OPTIONS.epochs(1).callbacks(wanting, new At("never", training -> {})));
        assertEquals(11 + 1, computed.get());
    }

    // ---------------------------------------------------------------------------------------------- not finite, empty

    @Test
    void everyCallbackIsAskedAboutALossThatIsNotFinite() {
        List<Boolean> asked = new ArrayList<>();
        Callback[] callbacks = Stream.of(true, true, false).map(answer -> new Callback() {

            @Override
            public boolean onDiverged(DivergedException cause) {
                asked.add(answer);
                return answer;
            }
        }).toArray(Callback[]::new);
        Sequential model = new Sequential(1, new Input(4), new Dense(3));
        model.compile(new SGD(1e30f), new MeanSquaredError());
        assertEquals(Outcome.Kind.DIVERGED, model.fit(X, Y, OPTIONS.callbacks(callbacks)).outcome().kind());
        assertEquals(List.of(true, true, false), asked);
    }

    /** The loss of the first batch is finite, but its gradients are not once they are scaled: the weights are spoilt then. */
    @Test
    void itSaysWhetherTheWeightsAreOfUse() {
        for (boolean spoilt : new boolean[] {false, true}) {
            Sequential model = new Sequential(1, new Input(4), new Dense(3));
            model.compile(new SGD(spoilt ? Float.MAX_VALUE : 1e30f), new MeanSquaredError());
            DivergedException e = assertThrows(DivergedException.class,
                    () -> model.fit(X.multiply(100), Y, new FitOptions().batchSize(50)));
            assertEquals(!spoilt, e.hasFiniteWeights());
            assertEquals(spoilt, e.getMessage().contains(", batch 2, as a step before made weights NaN or infinite: they are"
                    + " of no use any more. A smaller learning rate may help"), e.getMessage());
            DivergedException ofBatch = assertThrows(DivergedException.class, () -> model.trainOnBatch(X.multiply(100), Y));
            assertEquals(!spoilt, ofBatch.hasFiniteWeights());
            Trainer trainer = new Trainer(model, new SGD(0.1f), List.of(new Objective(new MeanSquaredError())));
            DivergedException ofGradient = assertThrows(DivergedException.class, () -> trainer.applyGradients(
                    model.weights().stream().map(weight -> Tensor.full(Float.NaN, weight.shape().toArray())).toList()));
            assertEquals(!spoilt, ofGradient.hasFiniteWeights(), ofGradient.getMessage());
        }
    }

    /** The last step is the only one: nothing after it would notice. */
    @Test
    void weightsThatAStepMadeInfiniteAreReportedAtTheEnd() {
        Sequential model = new Sequential(1, new Input(4), new Dense(3));
        model.compile(new SGD(Float.MAX_VALUE), new MeanSquaredError());
        FitOptions one = new FitOptions().batchSize(COUNT);
        Exception e = assertThrows(DivergedException.class, () -> model.fit(X.multiply(100), Y, one));
        assertTrue(e.getMessage().startsWith("A step up to epoch 1, batch 1 made variable kernel of shape (4, 3) NaN or infinite"),
                e.getMessage());
        model.weights().forEach(weight -> weight.assign(0.1));
        History history = model.fit(X.multiply(100), Y, one.callbacks(new TerminateOnNaN()));
        assertEquals(Outcome.Kind.DIVERGED, history.outcome().kind());
        assertTrue(history.outcome().cause().isPresent());
    }

    /** Two inputs whose last rows are equal, so that their distance has a gradient of NaN. */
    @ParameterizedTest
    @ValueSource(strings = {"adam(0.01)", "adam(0.01, globalClipnorm=1, emaMomentum=0.9)", "sgd(0.1, gradientAccumulationSteps=2)"})
    void aGradientThatIsNotFiniteLeavesTheWeightsBeforeTheStep(String optimizer) {
        Tensor right = X.add(Tensor.generate(i -> i < (COUNT - 1) * 4 ? 1 : 0, COUNT, 4));
        Node a = new Input(4).apply();
        Node b = new Input(4).apply();
        Layer tower = new Dense(5, "tanh");
        Node distance = Layers.lambda("distance", (p, q) -> p.subtract(q).square().sum(1).sqrt().expandDims(1))
                .apply(tower.apply(a), tower.apply(b));
        Functional model = new Functional(7, List.of(a, b), List.of(new Dense(1).apply(new BatchNormalization().apply(distance))));
        model.compile(optimizer, "mse");
        List<List<Tensor>> after = new ArrayList<>();
        Callback noting = new LambdaCallback().onTrainBegin(training -> after.add(copyOfWeights(model)))
                .onBatchEnd((batch, logs) -> after.add(copyOfWeights(model)));
        Examples examples = Examples.of(List.of(X, right), List.of(Y.slice(1, 0, 1)));
        FitOptions options = new FitOptions().batchSize(10).shuffle(false);
        DivergedException e = assertThrows(DivergedException.class, () -> model.fit(examples, options.callbacks(noting)));
        assertTrue(e.getMessage().startsWith("Training diverged at epoch 1, batch 11: The gradient of variable kernel of shape (4, 5) has"
                + " an element NaN, so no step was made. It comes from SQRT of shape (3,) at an input of 0"), e.getMessage());
        assertTrue(e.hasFiniteWeights());
        assertEquals(OptionalInt.of(10), e.batch());
        assertEquals(11, after.size());
        List<Tensor> expected = after.get(10);
        if (model.optimizer().orElseThrow().keepsAverages()) {
            assertTrue(copyOfWeights(model).stream().allMatch(weight -> Float.isFinite(weight.sum().item())));
        } else {
            assertEquals(expected, copyOfWeights(model), "with the statistics of the normalization");
        }
        List<Tensor> before = copyOfWeights(model);
        Batch last = new Batch(List.of(X.slice(93, 103), right.slice(93, 103)), List.of(Y.slice(1, 0, 1).slice(93, 103)), null);
        assertThrows(DivergedException.class, () -> model.trainOnBatch(last));
        assertEquals(before, copyOfWeights(model));
        EarlyStopping best = new EarlyStopping("val_loss").restoreBestWeights(true);
        History history = model.fit(examples, options.validationData(examples).callbacks(best, new TerminateOnNaN()));
        assertEquals(Outcome.Kind.DIVERGED, history.outcome().kind());
        assertTrue(Double.isFinite(model.evaluate(examples).loss()));
    }

    /** Batches of which one has no examples. */
    private static final class WithEmptyBatch implements Batches {

        private final Batches batches = Batches.of(Examples.of(X, Y), 50);

        @Override
        public ExampleSpec spec() {
            return batches.spec();
        }

        @Override
        public int count() {
            return -1;
        }

        @Override
        public Pass open(int epoch) {
            Pass pass = batches.open(epoch);
            int[] given = {0};
            Batch empty = new Batch(List.of(Tensor.zeros(0, 4)), List.of(Tensor.zeros(0, 3)), null);
            return () -> given[0]++ == 1 ? empty : pass.next();
        }
    }

    @Test
    void aBatchWithoutExamplesIsRefusedByName() {
        String message = "A batch for %s must have at least one example. Received: inputs of shape (0, 4). Leave out empty"
                + " batches";
        Sequential model = model();
        assertEquals(String.format(message, "training"), assertThrows(IllegalArgumentException.class,
                () -> model.fit(new WithEmptyBatch(), OPTIONS)).getMessage());
        assertEquals(1, model.optimizer().orElseThrow().steps());
        assertEquals(String.format(message, "evaluation"), assertThrows(IllegalArgumentException.class,
                () -> model.evaluate(new WithEmptyBatch())).getMessage());
        assertEquals(String.format(message, "validation"), assertThrows(IllegalArgumentException.class,
                () -> model.fit(X, Y, OPTIONS.validationData(new WithEmptyBatch()))).getMessage());
        assertEquals(String.format(message, "training"), assertThrows(IllegalArgumentException.class,
                () -> model.trainOnBatch(Tensor.zeros(0, 4), Tensor.zeros(0, 3))).getMessage());
    }
}

package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.metrics.Metrics;
import beras.models.Functional;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class FitTest {

    /** Examples that note in which order they are read for training. */
    private static final class Noting implements Examples {

        final List<List<Integer>> batches = new ArrayList<>();
        final Examples examples = Examples.of(X, Y);

        @Override
        public int count() {
            return COUNT;
        }

        @Override
        public ExampleSpec spec() {
            return examples.spec();
        }

        @Override
        public void read(int epoch, int[] order, int from, int to, Batch into) {
            batches.add(Arrays.stream(order, from, to).boxed().toList());
            examples.read(epoch, order, from, to, into);
        }

        List<Integer> epoch(int number, int batchesPerEpoch) {
            return batches.subList(number * batchesPerEpoch, (number + 1) * batchesPerEpoch).stream()
                    .flatMap(List::stream).toList();
        }
    }

    private static Noting read(FitOptions options) {
        Noting noting = new Noting();
        model().fit(noting, options);
        return noting;
    }

    private static List<Integer> upTo(int n) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(i);
        }
        return all;
    }

    // ----------------------------------------------------------------------------------------- batches and order

    @Test
    void everyExampleIsTrainedOnOncePerEpochTheLastShortBatchToo() {
        Noting noting = read(OPTIONS);
        assertEquals(3 * 11, noting.batches.size());
        assertEquals(3, noting.batches.get(10).size());
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Integer> order = noting.epoch(epoch, 11);
            assertEquals(COUNT, order.size());
            assertEquals(upTo(COUNT), List.copyOf(new TreeSet<>(order)));
        }
        assertNotEquals(noting.epoch(0, 11), noting.epoch(1, 11), "shuffled anew");
    }

    @Test
    void withoutShufflingTheOrderIsThatOfTheData() {
        Noting noting = read(OPTIONS.shuffle(false).epochs(2));
        assertEquals(upTo(COUNT), noting.epoch(0, 11));
        assertEquals(upTo(COUNT), noting.epoch(1, 11));
    }

    @Test
    void aBatchMayBeLargerThanTheData() {
        Noting noting = read(OPTIONS.batchSize(1_000_000_000).shuffle(false));
        assertEquals(List.of(upTo(COUNT), upTo(COUNT), upTo(COUNT)), noting.batches);
        assertEquals(trained(OPTIONS.batchSize(COUNT)), trained(OPTIONS.batchSize(COUNT + 1)));
    }

    // ---------------------------------------------------------------------------------------------- seeds, bits

    @Test
    void zeroEpochsChangeNothing() {
        Sequential model = model();
        List<Tensor> before = copyOfWeights(model);
        assertEquals(List.of(), model.fit(X, Y, OPTIONS.epochs(0)).epochs());
        assertEquals(before, copyOfWeights(model));
    }

    // --------------------------------------------------------------------------------------------------- weights

    @Test
    void aFrozenLayerKeepsItsBitsAndThawsAgain() {
        Sequential model = model();
        List<Tensor> before = copyOfWeights(model);
        model.layers().get(2).trainable(false);
        model.fit(X, Y, OPTIONS);
        List<Tensor> frozen = copyOfWeights(model);
        assertEquals(before.subList(2, 4), frozen.subList(2, 4));
        assertNotEquals(before.get(0), frozen.get(0));
        assertNotEquals(before.get(1), frozen.get(1));
        model.layers().get(2).trainable(true);
        model.fit(X, Y, OPTIONS);
        assertNotEquals(before.get(2), model.weights().get(2).copy());
    }

    @Test
    void aLayerInTwoPlacesIsSteppedOnceAlongBothGradients() {
        Dense shared = new Dense(1, 1, Initializers.zeros());
        shared.w().assign(0.5f);
        Sequential model = new Sequential(shared, shared);
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(Tensor.ones(1, 1), Tensor.zeros(1, 1), new FitOptions());
        // y = w (w + b) + b = 0.25; dy/dw = 2 w + b = 1; dy/db = w + 1 = 1.5; loss' = 2 y = 0.5.
        assertEquals(0.5 - 0.1 * 0.5, shared.w().item(), 1e-6);
        assertEquals(-0.1 * 0.5 * 1.5, shared.b().item(), 1e-6);
    }

    // ------------------------------------------------------------------------------------ validation and history

    @Test
    void aValidationSplitIsTakenFromTheEnd() {
        Noting noting = new Noting();
        History history = model().fit(noting, OPTIONS.epochs(1).batchSize(1000).validationSplit(0.2));
        assertEquals(2, noting.batches.size());
        assertEquals(upTo(82), List.copyOf(new TreeSet<>(noting.batches.get(0))));
        assertEquals(upTo(COUNT).subList(82, COUNT), noting.batches.get(1));
        assertEquals(List.of("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"), names(history));
    }

    @Test
    void validationIsThatOfTheWeightsAfterTheEpochAndChangesNoWeight() {
        Examples part = Examples.of(X.slice(0, 30), Y.slice(0, 30));
        Sequential model = model();
        List<Double> evaluated = new ArrayList<>();
        History history = model.fit(X, Y, OPTIONS.validationData(part).callbacks(new LambdaCallback()
                .onEpochEnd((epoch, logs) -> evaluated.add(model.evaluate(part).get("loss")))));
        assertEquals(evaluated, history.get("val_loss"));
        assertEquals(trained(OPTIONS), copyOfWeights(model));
    }

    @Test
    void validationDataTakeThePlaceOfASplit() {
        Noting noting = new Noting();
        model().fit(noting, OPTIONS.epochs(1).validationSplit(0.5).validationData(Examples.of(X, Y)));
        assertEquals(11, noting.batches.size(), "all examples are trained on");
    }

    @Test
    void withoutValidationOrMetricsThereIsJustALoss() {
        Sequential model = model();
        assertEquals(List.of("loss", "accuracy", "learning_rate"), names(model.fit(X, Y, OPTIONS)));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        History history = model.fit(X, Y, OPTIONS);
        assertEquals(List.of("loss", "learning_rate"), names(history));
        Exception e = assertThrows(IllegalArgumentException.class, () -> history.get("accuracy"));
        assertTrue(e.getMessage().contains("accuracy") && e.getMessage().contains("[loss, learning_rate]"), e.getMessage());
    }

    private static List<String> names(History history) {
        return List.copyOf(history.epochs().get(0).values().keySet());
    }

    @Test
    void validationDataThatDoNotFitAreRefusedBeforeAnyTraining() {
        Sequential model = model();
        List<Tensor> before = copyOfWeights(model);
        for (Examples validation : List.of(Examples.of(Tensor.zeros(2, 5), Tensor.zeros(2, 3)),
                Examples.of(Tensor.zeros(0, 4), Tensor.zeros(0, 3)))) {
            Exception e = assertThrows(IllegalArgumentException.class,
                    () -> model.fit(X, Y, OPTIONS.validationData(validation)));
            assertTrue(e.getMessage().contains("validation"), e.getMessage());
            assertEquals(before, copyOfWeights(model));
        }
    }

    // ------------------------------------------------------------------------------------------------- callbacks

    @Test
    void callbacksHearOfEveryEpochAndBatchInOrder() {
        List<String> events = new ArrayList<>();
        Function<String, Callback> listener = name -> new LambdaCallback()
                .onEpochBegin((epoch, batches) -> events.add(name + " begins " + epoch + " of " + batches))
                .onBatchEnd((batch, logs) -> events.add(name + " batch " + batch + " " + logs.names()))
                .onEpochEnd((epoch, logs) -> events.add(name + " ends " + epoch + " " + logs.names()));
        model().fit(X, Y, OPTIONS.epochs(2).batchSize(60).validationSplit(0.2).callbacks(listener.apply("a"), listener.apply("b")));
        List<String> expected = new ArrayList<>();
        for (int epoch = 0; epoch < 2; epoch++) {
            for (String event : new String[] {" begins " + epoch + " of 2",
                    " batch 0 [loss, accuracy]", " batch 1 [loss, accuracy]",
                    " ends " + epoch + " [loss, accuracy, val_loss, val_accuracy, learning_rate]"}) {
                expected.add("a" + event);
                expected.add("b" + event);
            }
        }
        assertEquals(expected, events);
    }

    @Test
    void theLogsOfABatchAverageOverTheEpochSoFar() {
        List<Logs> batches = new ArrayList<>();
        List<Logs> epochs = new ArrayList<>();
        History history = model().fit(X, Y, OPTIONS.epochs(1).callbacks(new LambdaCallback()
                .onBatchEnd((batch, logs) -> batches.add(logs)).onEpochEnd((epoch, logs) -> epochs.add(logs))));
        assertEquals(11, batches.size());
        assertEquals(batches.get(10).with("learning_rate", 0.01).values(), epochs.get(0).values());
        assertEquals(epochs, history.epochs());
        double last = 0;
        for (Logs logs : batches) {
            assertTrue(logs.seconds() >= last, "time goes on");
            last = logs.seconds();
        }
    }

    // --------------------------------------------------------------------------------------------------- refusals

    @Test
    void dataThatAreNotFiniteAreRefusedNamingTheirPlace() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Tensor x = X.copy();
            x.data()[5 * 4 + 2] = bad;
            Tensor y = Y.copy();
            y.data()[7 * 3 + 1] = bad;
            assertMessage("Inputs and targets must be finite. Received: " + bad + " in input 5, element 2",
                    () -> model().fit(x, Y, OPTIONS));
            assertMessage("Inputs and targets must be finite. Received: " + bad + " in target 7, element 1",
                    () -> model().fit(X, y, OPTIONS));
        }
    }

    @Test
    void trainingNeedsExamples() {
        assertMessage("There are no examples for training",
                () -> model().fit(Tensor.zeros(0, 4), Tensor.zeros(0, 3), OPTIONS));
        assertMessage("A validationSplit of 0.5 leaves 0 of 1 examples to train on, and 1 to validate. Both need at least one",
                () -> model().fit(X.slice(0, 1), Y.slice(0, 1), OPTIONS.validationSplit(0.5)));
        assertMessage("A validationSplit of 4.9E-324 leaves 2 of 2 examples to train on, and 0 to validate. Both need at least"
                + " one", () -> model().fit(X.slice(0, 2), Y.slice(0, 2), OPTIONS.validationSplit(Double.MIN_VALUE)));
    }

    @Test
    void trainingNeedsACompiledModel() {
        Sequential model = new Sequential(new Dense(4, 3));
        for (Runnable action : List.<Runnable>of(() -> model.fit(X, Y, OPTIONS), () -> model.evaluate(X, Y))) {
            Exception e = assertThrows(IllegalStateException.class, action::run);
            assertEquals("The model is not compiled: call compile(optimizer, loss, metrics) first", e.getMessage());
        }
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        assertMessage("The batch size must be at least 1. Received: 0", () -> OPTIONS.batchSize(0));
        assertMessage("epochs must be at least 0. Received: -1", () -> OPTIONS.epochs(-1));
        for (double share : new double[] {-0.1, 1, Double.NaN}) {
            assertMessage("validationSplit is a share of the examples, at least 0 and below 1, such as 0.2. Received: " + share,
                    () -> OPTIONS.validationSplit(share));
        }
    }

    private static void assertMessage(String expected, Supplier<?> action) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, action::get).getMessage());
    }

    // ------------------------------------------------------------------------------------- weights, steps, epochs

    private static final Tensor ONES = Tensor.ones(COUNT);

    private static List<Tensor> trainedWeighted(Tensor weights, FitOptions options) {
        Sequential model = model();
        model.fit(Examples.of(List.of(X), List.of(Y), weights), options);
        return copyOfWeights(model);
    }

    private static void assertSameBits(List<Tensor> expected, List<Tensor> actual) {
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).toArray(), actual.get(i).toArray());
        }
    }

    @Test
    void examplesOfWeightOneTrainAsWithout() {
        assertSameBits(trained(OPTIONS), trainedWeighted(ONES, OPTIONS));
        assertSameBits(trained(OPTIONS), trainedWeighted(null, OPTIONS.classWeight(1, 1, 1)));
    }

    @Test
    void anExampleOfWeightZeroTeachesNothing() {
        Tensor other = Tensor.generate(i -> i / 3 == 7 ? 1 - Y.get(i / 3, i % 3) : Y.get(i / 3, i % 3), COUNT, 3);
        Tensor weights = Tensor.generate(i -> i == 7 ? 0 : 1, COUNT);
        Sequential model = model();
        model.fit(Examples.of(List.of(X), List.of(other), weights), OPTIONS);
        assertSameBits(trainedWeighted(weights, OPTIONS), copyOfWeights(model));
    }

    @Test
    void weightsOutOfRangeAreRefused() {
        assertMessage("classWeight needs one weight for each class. Received: none", () -> OPTIONS.classWeight());
        assertMessage("A class weight must be finite and at least 0. Received: [1.0, -1.0]", () -> OPTIONS.classWeight(1, -1));
        assertMessage("Weights of examples must be finite and at least 0. Received: NaN for example 0",
                () -> Examples.of(List.of(X), List.of(Y), Tensor.full(Float.NaN, COUNT)));
        assertMessage("classWeight needs a weight for each of 3 classes. Received: [1.0, 1.0]",
                () -> model().fit(X, Y, OPTIONS.classWeight(1, 1)));
    }

    // -------------------------------------------------------------------------------------------- several outputs

    private static Functional twoOutputs() {
        Node x = new Input(4).apply();
        Node hidden = new ReLU().apply(new Dense(8).apply(x));
        return new Functional(5, List.of(x), List.of(new Softmax().apply(new Dense(3).named("kind").apply(hidden)),
                new Dense(1).named("size").apply(hidden)));
    }

    @Test
    void theLossesOfSeveralOutputsAreAddedByWeight() {
        Functional model = twoOutputs();
        model.compile(new SGD(0.05f), new Objective(new CategoricalCrossEntropy()).metrics(Metrics.of("accuracy")),
                new Objective(new MeanSquaredError()).weight(0.25f));
        Tensor size = X.slice(0, COUNT).matmul(Tensor.ones(4, 1));
        Examples examples = Examples.of(List.of(X), List.of(Y, size), null);
        History history = model.fit(examples, OPTIONS.epochs(20));
        assertEquals(List.of("loss", "softmax_loss", "size_loss", "softmax_accuracy", "learning_rate"),
                List.copyOf(history.epochs().get(0).values().keySet()));
        for (Logs logs : history.epochs()) {
            assertEquals(logs.get("softmax_loss") + 0.25 * logs.get("size_loss"), logs.get("loss"), 1e-12);
        }
        assertTrue(history.get("size_loss").get(19) < 0.2 * history.get("size_loss").get(0), history.toString());
        assertTrue(history.get("softmax_loss").get(19) < 0.6 * history.get("softmax_loss").get(0), history.toString());
    }

    @Test
    void twoOutputsOfOneLayerAreToldApart() {
        Node a = new Input(4).apply();
        Node b = new Input(4).apply();
        Dense shared = new Dense(3);
        Functional model = new Functional(5, List.of(a, b), List.of(shared.apply(a), shared.apply(b)));
        model.compile(new SGD(0.05f), new Objective(new MeanSquaredError()), new Objective(new MeanSquaredError()));
        History history = model.fit(Examples.of(List.of(X, X), List.of(Y, Y), null), OPTIONS.epochs(1));
        assertEquals(List.of("loss", "dense_loss", "dense_1_loss", "learning_rate"),
                List.copyOf(history.epochs().get(0).values().keySet()));
        assertEquals(history.get("dense_loss"), history.get("dense_1_loss"));
    }

    // ------------------------------------------------------------------------------------------- batch by batch

    @Test
    void stepsOnBatchesAreThoseOfFit() {
        Sequential model = model();
        for (int from = 0; from < COUNT; from += 10) {
            int to = Math.min(COUNT, from + 10);
            Evaluation logs = model.trainOnBatch(X.slice(from, to), Y.slice(from, to));
            assertTrue(logs.get("loss") > 0);
        }
        assertSameBits(trained(OPTIONS.epochs(1).shuffle(false)), copyOfWeights(model));
    }
}

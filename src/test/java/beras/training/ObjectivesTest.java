package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.activations.Softmax;
import beras.losses.BinaryCrossEntropy;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.metrics.AUC;
import beras.metrics.BalancedAccuracy;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.F1Score;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.metrics.Precision;
import beras.models.Functional;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.SGD;
import beras.regularizers.L2;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is measured in training and in evaluation, with weights of examples and classes, penalties, and examples left out. */
@Tag("model")
class ObjectivesTest {

    // ----------------------------------------------------------------------------------------- weights and penalties

    /** Predicts 0 for everything, and does not learn. */
    private static Sequential zero(Objective objective) {
        Dense dense = new Dense(1, 1, Initializers.zeros());
        Sequential model = new Sequential(dense);
        model.compile(new SGD(1), objective);
        dense.trainable(false);
        return model;
    }

    @Test
    void weightedMetricsAreWeightedAndOthersNot() {
        Sequential model = zero(new Objective(new MeanSquaredError())
                .metrics(new LossMetric(new MeanSquaredError()).named("plain"))
                .weightedMetrics(new LossMetric(new MeanSquaredError()).named("weighted")));
        Tensor x = Tensor.zeros(3, 1);
        Tensor y = Tensor.of(new float[][] {{1}, {2}, {3}});
        Examples examples = Examples.of(List.of(x), List.of(y), Tensor.of(1f, 0f, 3f));
        for (int batchSize : new int[] {1, 2, 3}) {
            FitOptions options = new FitOptions().batchSize(batchSize).shuffle(false);
            Logs logs = model.fit(examples, options).epochs().get(0);
            assertEquals((1 + 4 + 9) / 3.0, logs.get("plain"), 1e-12);
            assertEquals((1 + 3 * 9) / 4.0, logs.get("weighted"), 1e-12);
            assertEquals((1 + 3 * 9) / 3.0, logs.get("loss"), 1e-12);
            Evaluation evaluation = model.evaluate(Batches.of(examples, batchSize));
            assertEquals(logs.get("weighted"), evaluation.get("weighted"));
            assertEquals(logs.get("plain"), evaluation.get("plain"));
            Tensor labels = Tensor.of(new float[][] {{1}, {0}, {1}});
            Logs byClass = model.fit(Examples.of(List.of(x), List.of(labels), Tensor.of(1f, 5f, 3f)),
                    options.classWeight(7, 0.5f)).epochs().get(0);
            assertEquals((0.5 + 1.5) / (0.5 + 35 + 1.5), byClass.get("weighted"), 1e-12);
            assertEquals(2 / 3.0, byClass.get("plain"), 1e-12);
        }
    }

    @Test
    void penaltiesAreAveragedOverExamplesNotBatches() {
        Dense dense = new Dense(1).with("kernelRegularizer", new L2(1f));
        Sequential model = new Sequential(1, new Input(1), dense);
        model.compile(new SGD(0.25f), new MeanSquaredError());
        dense.w().assign(1);
        // All inputs and targets are 0, so the loss is the penalty w^2 alone: w is 1 in the first batch, then 1 - 0.25 * 2 = 0.5.
        Examples zeros = Examples.of(Tensor.zeros(3, 1), Tensor.zeros(3, 1));
        History history = model.fit(zeros, new FitOptions().batchSize(2).validationData(zeros));
        assertEquals((2 * 1 + 0.25) / 3, history.get("loss").get(0), 1e-12);
        assertEquals(0.0625, history.get("val_loss").get(0), 1e-12);
        assertEquals(0.0625, model.evaluate(zeros).loss(), 1e-12);
    }

    // ------------------------------------------------------------------------------------------------ class weights

    @Test
    void classWeightsOfSeveralOutputsAreRefused() {
        Node x = new Input(4).apply();
        Functional model = new Functional(5, List.of(x), List.of(new Dense(3).apply(x), new Dense(3).apply(x)));
        model.compile(new SGD(0.05f), new Objective(new MeanSquaredError()), new Objective(new MeanSquaredError()));
        List<Tensor> before = copyOfWeights(model);
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> model.fit(Examples.of(List.of(X), List.of(Y, Y), null), OPTIONS.classWeight(1, 2, 3)));
        assertEquals("classWeight is for models of one output. Received: one of 2. Give weights of examples", e.getMessage());
        assertEquals(before, copyOfWeights(model));
    }

    /** Two steps of time, in each one of three classes. */
    private static Sequential overTime(Loss loss) {
        Sequential model = new Sequential(5, new Input(2), new Embedding(6, 4), new Dense(3), new Softmax());
        model.compile(new SGD(0.5f), new Objective(loss).weightedMetrics(new LossMetric(loss)));
        return model;
    }

    @Test
    void everyStepOfTimeHasTheWeightOfItsClass() {
        int count = 9;
        Tensor x = Tensor.generate(i -> i * 5 % 6, count, 2);
        Tensor labels = Tensor.generate(i -> i * 7 % 3, count, 2);
        Tensor oneHot = Tensor.generate(i -> labels.get(i / 6, i / 3 % 2) == i % 3 ? 1 : 0, count, 2, 3);
        Tensor own = Tensor.generate(i -> 1 + i % 2, count);
        FitOptions options = new FitOptions().batchSize(4).shuffle(false);
        Sequential dense = overTime(new CategoricalCrossEntropy());
        Logs ofOneHot = dense.fit(Examples.of(List.of(x), List.of(oneHot), own), options.classWeight(1, 2, 4)).epochs().get(0);
        Sequential sparse = overTime(new SparseCategoricalCrossEntropy());
        Logs ofLabels = sparse.fit(Examples.of(List.of(x), List.of(labels), own), options.classWeight(1, 2, 4)).epochs().get(0);
        // By hand: weights for each step of time in place of those of examples.
        Sequential byHand = overTime(new CategoricalCrossEntropy());
        SGD sgd = new SGD(0.5f);
        double sum = 0;
        for (int from = 0; from < count; from += 4) {
            int to = Math.min(count, from + 4);
            int first = from;
            Tensor weights = Tensor.generate(
                    i -> own.get(first + i / 2) * Math.pow(2, labels.get(first + i / 2, i % 2)), to - from, 2);
            Recorded recorded = Recorded.of(() -> new CategoricalCrossEntropy().call(byHand.call(x.slice(first, to)),
                    oneHot.slice(first, to), weights));
            sum += recorded.target().item() * (to - from) / count;
            sgd.applyGradients(byHand.trainableVariables(), recorded.gradient(byHand.trainableVariables()));
        }
        assertEquals(sum, ofOneHot.get("loss"), 1e-5);
        for (int i = 0; i < byHand.weights().size(); i++) {
            assertArrayEquals(byHand.weights().get(i).toArray(), dense.weights().get(i).toArray(), 1e-6f);
            assertArrayEquals(byHand.weights().get(i).toArray(), sparse.weights().get(i).toArray(), 1e-5f);
        }
        assertEquals(ofOneHot.get("loss"), ofLabels.get("loss"), 1e-5);
        assertNotEquals(ofOneHot.get("loss"), ofOneHot.get("categorical_crossentropy"));
    }

    // ------------------------------------------------------------------------------------------------------ accuracy

    /** However accuracy is given, of one column it is that of a yes or no, and of logits a yes begins at 0. */
    @ParameterizedTest
    @CsvSource({"binary_crossentropy, sigmoid, 0.5", "binary_crossentropy(from_logits=true), linear, 0", "hinge, linear, 0"})
    void accuracyOfOneColumn(String text, String activation, float threshold) throws IOException {
        Loss loss = Losses.REGISTRY.of(text);
        Tensor x = Tensor.generate(i -> i / 50f - 1, 100, 1);
        Tensor y = Tensor.generate(i -> i % 7 < 2 ? 1 : 0, 100, 1);
        Sequential model = new Sequential(3, new Input(1), new Dense(1, activation));
        model.weights().get(0).assign(Tensor.full(0.7f, 1, 1));
        Tensor p = model.predict(x);
        float expected = Metrics.of("binary_accuracy").with("threshold", threshold).forward(p, y);
        float precise = new Precision().with("thresholds", List.of(threshold)).forward(p, y);
        List<Objective> all = new ArrayList<>();
        for (Object accuracy : List.of("accuracy", "acc", "binary_accuracy", Metrics.of("accuracy"), Metrics.of("BinaryAccuracy"),
                Metrics.of("binary_accuracy").named("right"), new CategoricalAccuracy().named("acc"))) {
            all.add(new Objective(loss).metrics(accuracy, new Precision()));
            all.add(new Objective(loss).weightedMetrics(accuracy, "precision"));
        }
        all.add(new Recipe().loss(text).metrics("binary_accuracy,precision").objective(Shape.of(1)));
        for (Objective objective : all) {
            model.compile("sgd", objective);
            byte[] file = ModelFile.toBytes(new SavedModel(model));
            for (Evaluation result : List.of(model.evaluate(x, y), ModelFile.fromBytes(file, "file").model().evaluate(x, y))) {
                assertEquals(expected, result.values().values().stream().skip(1).findFirst().orElseThrow(), 1e-6);
                assertEquals(precise, result.get("precision"), 1e-6);
            }
        }
        model.compile("sgd", new Objective(loss).metrics(Metrics.of("binary_accuracy(0.25)"), "precision(thresholds=0.25)"));
        assertEquals(Metrics.of("binary_accuracy(0.25)").forward(p, y), model.evaluate(x, y).get("binary_accuracy"), 1e-6);
        assertEquals(new Precision().with("thresholds", List.of(0.25)).forward(p, y), model.evaluate(x, y).get("precision"), 1e-6);
        if (threshold == 0) {
            for (Object metric : List.of("auc", new AUC().named("area"), Metrics.of("brier_score"), new BalancedAccuracy())) {
                assertTrue(assertThrows(IllegalArgumentException.class, () -> model.compile("sgd", loss, metric)).getMessage()
                        .contains("needs probabilities. Received: outputs that are scores, by the loss "));
            }
        }
    }

    @Test
    void whatIsOfTheLargestPredictionRefusesOneColumn() {
        Tensor column = Tensor.ones(4, 1);
        for (Metric metric : List.of(new CategoricalAccuracy(), Metrics.of("sparse_categorical_accuracy"), Metrics.of("top_k_categorical_accuracy"),
                Metrics.of("sparse_top_k_categorical_accuracy"), new F1Score())) {
            String message = assertThrows(IllegalArgumentException.class, () -> metric.forward(column, column)).getMessage();
            assertTrue(message.startsWith(metric.typeName() + " is of the largest of several predictions, and of one column that is"
                    + " always the same. Received: predictions of shape (4, 1). "), message);
        }
        assertEquals(1f, new F1Score().with("threshold", 0.5).forward(column, column), 1e-6);
    }

    @Test
    void metricsOfSeveralOutputsAreGivenByName() {
        Node x = new Input(3).apply();
        Functional model = new Functional(1, List.of(x), List.of(new Dense(1, "sigmoid").apply(x), new Dense(4, "softmax").apply(x)));
        Objective yes = new Objective(new BinaryCrossEntropy()).metrics("accuracy", "auc");
        model.compile("sgd", yes, new Objective(new SparseCategoricalCrossEntropy()).metrics("accuracy").weightedMetrics("acc"));
        assertEquals(List.of("BinaryAccuracy", "AUC"), model.objectives().get(0).metrics().stream().map(Metric::typeName).toList());
        assertEquals(List.of("loss", "dense_loss", "dense_1_loss", "dense_accuracy", "dense_auc", "dense_1_accuracy", "dense_1_acc"),
                List.copyOf(model.evaluate(Examples.of(List.of(Tensor.ones(2, 3)), List.of(Tensor.ones(2, 1), Tensor.ones(2))))
                        .values().keySet()));
        assertThrows(IllegalStateException.class, yes::metrics);
        Objective misspelt = new Objective(new BinaryCrossEntropy()).metrics("acuracy");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> model.compile("sgd", misspelt, misspelt)).getMessage()
                .contains("Did you mean accuracy?"));
    }

    // --------------------------------------------------------------------------------------------------- evaluation

    @Test
    void anEvaluationNeedsNoOptimizer() {
        Sequential model = model();
        model.fit(X, Y, OPTIONS);
        Evaluation expected = model.evaluate(X, Y);
        model.compile(new Objective(new CategoricalCrossEntropy()).metrics(Metrics.of("accuracy")));
        assertEquals(expected.values(), model.evaluate(X, Y).values());
        String message = "This model was compiled without an optimizer, which is enough to evaluate. To train it,"
                + " compile it with one";
        assertEquals(message, assertThrows(IllegalStateException.class, () -> model.fit(X, Y, OPTIONS)).getMessage());
        assertEquals(message, assertThrows(IllegalStateException.class, () -> model.trainOnBatch(X, Y)).getMessage());
        assertThrows(NullPointerException.class, () -> new Trainer(model, null, List.of(new Objective(new MeanSquaredError()))));
    }

    @Test
    void anEvaluationTellsAllThatIsAskedOfIt() {
        Sequential model = model();
        model.compile(new Adam(0.01f), new CategoricalCrossEntropy(), "accuracy", new F1Score());
        for (int batchSize : new int[] {1, 10, COUNT}) {
            Evaluation plain = model.evaluate(Batches.of(Examples.of(X, Y), batchSize));
            assertEquals(List.of("loss", "accuracy", "f1_score"), List.copyOf(plain.values().keySet()));
            assertEquals(plain.get("loss"), plain.loss());
            assertEquals(COUNT, plain.examples());
            assertEquals(List.of(), plain.predictions());
            assertEquals(List.of(), plain.targets());
            assertEquals(3, plain.results().get("f1_score").length);
            double[] scores = plain.results().get("f1_score");
            assertEquals(plain.get("f1_score"), (scores[0] + scores[1] + scores[2]) / 3, 1e-12);
            assertArrayEquals(new double[] {plain.loss()}, plain.results().get("loss"));
            Evaluation all = model.evaluate(Batches.of(Examples.of(X, Y), batchSize), Collect.PREDICTIONS, Collect.TARGETS);
            assertEquals(plain.values(), all.values());
            assertEquals(List.of(model.predict(X)), all.predictions());
            assertEquals(List.of(Y), all.targets());
            assertThrows(IllegalArgumentException.class, () -> all.get("nosuch"));
        }
    }

    // ------------------------------------------------------------------------------------------------------ streams

    /** A stream of batches of one example each, that says it has {@code announced} and has {@code count}. */
    private record Stream(int announced, int count, List<String> opened) implements Batches {

        @Override
        public ExampleSpec spec() {
            return ExampleSpec.of(Shape.of(4), Shape.of(3));
        }

        @Override
        public int count() {
            return announced;
        }

        @Override
        public Pass open(int epoch) {
            opened.add("pass " + epoch);
            return new Pass() {

                private int at;

                @Override
                public Batch next() {
                    if (at == count) {
                        return null;
                    }
                    opened.add(epoch + ":" + at);
                    Batch batch = new Batch(List.of(X.slice(at, at + 1)), List.of(Y.slice(at, at + 1)), null);
                    at++;
                    return batch;
                }

                @Override
                public void close() {
                    opened.add("closed");
                }
            };
        }
    }

    @Test
    void dataThatAreOtherThanAnnouncedAreRefused() {
        assertOther("There must be 5 batches for training, as announced. Received: only 4. Did the data change in the meantime?",
                () -> model().fit(new Stream(5, 4, new ArrayList<>()), new FitOptions()));
        assertOther("There must be 5 batches for training, as announced. Received: more. Did the data change in the meantime?",
                () -> model().fit(new Stream(5, 6, new ArrayList<>()), new FitOptions()));
        assertOther("There must be 5 batches for validation, as announced. Received: only 0. Did the data change in the"
                + " meantime?",
                () -> model().fit(X, Y, OPTIONS.validationData(new Stream(5, 0, new ArrayList<>()))));
        assertOther("There must be 2 batches for evaluation, as announced. Received: more. Did the data change in the meantime?",
                () -> model().evaluate(new Stream(2, 3, new ArrayList<>())));
    }

    private static void assertOther(String expected, Runnable action) {
        assertEquals(expected, assertThrows(IllegalStateException.class, action::run).getMessage());
    }
}

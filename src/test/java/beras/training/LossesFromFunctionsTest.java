package beras.training;

import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Losses and metrics that are functions train and measure as those that are built in. */
@Tag("model")
class LossesFromFunctionsTest {

    private static final BinaryOperator<Tensor> SQUARES = (p, t) -> p.subtract(t).square();
    private static final BinaryOperator<Tensor> MEANS = (p, t) -> p.subtract(t).square().mean(1);
    private static final BinaryOperator<Tensor> MEAN = (p, t) -> p.subtract(t).square().mean();
    private static final Tensor WEIGHTS = Tensor.generate(i -> 0.5 + i % 3, COUNT);

    @AfterEach
    void unregister() {
        Losses.REGISTRY.unregister("test_squares");
        Metrics.REGISTRY.unregister("test_near");
    }

    private static Sequential net() {
        return new Sequential(3, new Input(4), new Dense(8, "tanh"), new Dense(3, "softmax"));
    }

    private static FitOptions options() {
        return new FitOptions().epochs(3).batchSize(10).seed(5);
    }

    /** The same numbers up to the order of roundings. */
    private static void assertClose(Map<String, Double> expected, Map<String, Double> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, value) -> assertEquals(value, actual.get(name), 1e-6 * Math.abs(value), name));
    }

    private static void assertClose(History expected, History actual) {
        assertEquals(expected.epochs().size(), actual.epochs().size());
        for (int i = 0; i < expected.epochs().size(); i++) {
            assertClose(expected.epochs().get(i).values(), actual.epochs().get(i).values());
        }
        assertEquals(List.of(), actual.warnings());
    }

    private static void assertTrainsAsMse(BinaryOperator<Tensor> function, Examples examples, FitOptions options) {
        Model expected = net();
        expected.compile(new SGD(0.1f), "mse", "mae");
        Model actual = net();
        actual.compile(new SGD(0.1f), Losses.lambda("squares", function), "mae");
        assertClose(expected.fit(examples, options.validationData(examples)), actual.fit(examples, options.validationData(examples)));
        assertClose(expected.evaluate(examples).values(), actual.evaluate(examples).values());
    }

    @Test
    void trainsAndMeasuresAsTheSameLossThatIsBuiltIn() {
        for (BinaryOperator<Tensor> function : List.of(SQUARES, MEANS, MEAN)) {
            assertTrainsAsMse(function, Examples.of(X, Y), options());
        }
    }

    @Test
    void takesWeightsOfExamplesAndOfClasses() {
        Examples weighted = Examples.of(List.of(X), List.of(Y), WEIGHTS);
        for (BinaryOperator<Tensor> function : List.of(SQUARES, MEANS)) {
            assertTrainsAsMse(function, weighted, options());
            assertTrainsAsMse(function, weighted, options().classWeight(1, 2, 3));
        }
        Model number = net();
        number.compile(new SGD(0.1f), Losses.lambda("squares", MEAN));
        List<Tensor> before = copyOfWeights(number);
        String refused = "squares gives one number for a batch, which weights of examples or classes do not apply to.";
        for (Executable wrong : List.<Executable>of(() -> number.fit(weighted, options()),
                () -> number.fit(X, Y, options().classWeight(1, 2, 3)))) {
            String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
            assertTrue(message.startsWith(refused), message);
        }
        assertThrows(IllegalArgumentException.class, () -> number.evaluate(weighted));
        assertEquals(before, copyOfWeights(number));
    }

    /** The last batch is smaller, and so counts less. */
    @Test
    void theLossOfAnEpochDoesNotDependOnHowItIsCutIntoBatches() {
        for (BinaryOperator<Tensor> function : List.of(SQUARES, MEANS, MEAN)) {
            Model model = net();
            model.compile(new Objective(Losses.lambda("squares", function)).metrics(Metrics.lambda("same", function)));
            Map<String, Double> whole = model.evaluate(Examples.of(X, Y)).values();
            assertEquals(new MeanSquaredError().forward(model.predict(X), Y).item(), whole.get("loss"), 1e-7);
            assertEquals(whole.get("loss"), whole.get("same"), 1e-7);
            assertClose(whole, model.evaluate(Batches.of(Examples.of(X, Y), 10)).values());
        }
    }

    // ---------------------------------------------------------------------------------------------------- metrics

    @Test
    void aMetricIsTheMeanOfAFunctionUnderItsName() {
        Tensor errors = Tensor.of(0.05f, -0.2f, 0f).reshape(3, 1);
        Metric near = Metrics.lambda("nearEnough", (p, t) -> p.subtract(t).abs().less(0.1));
        assertEquals((float) (2 / 3.0), near.forward(errors, Tensor.zeros(3, 1)));
        assertEquals((float) (2 / 3.0), near.forward(errors.reshape(3), Tensor.zeros(3)));
        assertEquals(Metric.Direction.UNKNOWN, near.direction());
        Metric.Accumulator weighted = near.accumulator();
        weighted.update(errors, Tensor.zeros(3, 1), Tensor.of(1f, 5f, 2f));
        assertEquals(3 / 8.0, weighted.result());
        Metric.Accumulator resumed = near.accumulator();
        resumed.restore(weighted.state());
        resumed.update(errors, Tensor.zeros(3, 1), null);
        assertEquals(5 / 11.0, resumed.result());
        Metric images = Metrics.lambda("largest", (p, t) -> p.subtract(t).abs().max(1, 2));
        Metric.Accumulator each = images.accumulator();
        Tensor p = Tensor.generate(i -> i, 2, 3, 2);
        each.update(p, Tensor.zeros(2, 3, 2), Tensor.of(1f, 3f));
        assertEquals((5 + 3 * 11) / 4.0, each.result());
        assertThrows(IllegalArgumentException.class, () -> each.update(p, Tensor.zeros(2, 3, 2), Tensor.ones(2, 3)));
        Metric number = Metrics.lambda("largest", (a, b) -> a.subtract(b).abs().max());
        assertEquals(11f, number.forward(p, Tensor.zeros(2, 3, 2)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> number.accumulator().update(p, Tensor.zeros(2, 3, 2),
                Tensor.of(1f, 3f))).getMessage().startsWith("A metric of largest is one number for a batch"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Metrics.lambda("wrong", (a, b) -> a.sum(0))
                .forward(p, p)).getMessage().startsWith("wrong must give one number for each example, of shape (2,) or (2, 1);"));
    }

    @Test
    void bothAreMadeByTheirNames() {
        Losses.register("test_squares", SQUARES);
        Metrics.register("test_near", Metric.Direction.UP, (p, t) -> p.subtract(t).abs().less(0.1));
        Recipe recipe = new Recipe().layers("8:tanh, 3:softmax").loss("test_squares").metrics("test_near, test_squares, accuracy")
                .optimizer("sgd(0.1)").seed(3);
        Model model = Models.of(recipe, Shape.of(4));
        model.compile(recipe, COUNT);
        History history = model.fit(X, Y, options());
        assertEquals(List.of("loss", "test_near", "test_squares", "accuracy", "learning_rate"),
                List.copyOf(history.epochs().get(0).values().keySet()));
        assertEquals(Metric.Direction.UP, Metrics.of("test_near").direction());
        Model byName = net();
        byName.compile("sgd(0.1)", "test_squares", "test_near");
        assertEquals(2, byName.evaluate(X, Y).values().size());
        assertThrows(IllegalArgumentException.class, () -> Metrics.register("test_squares", MEANS));
        assertThrows(IllegalArgumentException.class, () -> Metrics.register("accuracy", MEANS));
    }
}

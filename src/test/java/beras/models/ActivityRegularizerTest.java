package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.config.Config;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.ActivityRegularization;
import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import beras.metrics.Metrics;
import beras.optimizers.SGD;
import beras.regularizers.L1L2;
import beras.regularizers.L2;
import beras.tensor.Dice;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Penalties on what layers give: in the loss as Keras has them, for each batch divided by its examples. */
@Tag("model")
class ActivityRegularizerTest {

    private static final Tensor X = new Dice("activity").normal(10, 3);
    private static final Tensor Y = new Dice("targets").normal(10, 2);
    private static final float L1 = 0.02f;
    private static final float L2 = 0.3f;

    /** The same net, with the penalty on what comes behind the first activation said in several ways. */
    static Stream<Supplier<Sequential>> nets() {
        return Stream.of(
                () -> net(new Dense(4, "relu").with("activityRegularizer", new L1L2(L1, L2))),
                () -> net(new Dense(4), Layers.ACTIVATIONS.of("relu").with("activityRegularizer", new L1L2(L1, L2))),
                () -> net(new Dense(4, "relu"), new ActivityRegularization(L1, L2)),
                () -> net(new Dense(4).activation(Layers.ACTIVATIONS.of("relu").with("activityRegularizer", new L1L2(L1, L2)))),
                () -> new Sequential(new Input(3), net(new Dense(4, "relu").with("activityRegularizer", new L1L2(L1, L2)))));
    }

    private static Sequential net(Layer... first) {
        Layer[] layers = Stream.of(Stream.of(new Input(3)), Stream.of(first), Stream.of(new Dense(2))).flatMap(each -> each)
                .toArray(Layer[]::new);
        Sequential model = new Sequential(3, layers);
        for (int i = 0; i < 4; i++) {
            model.weights().get(i).assign(new Dice("weight " + i).normal(model.weights().get(i).shape().toArray()));
        }
        return model;
    }

    /** The sum over all examples of the penalty, in double precision. */
    private static double penalty(Model model, Tensor x) {
        Tensor hidden = x.matmul(model.weights().get(0)).add(model.weights().get(1));
        double sum = 0;
        for (float value : hidden.toArray()) {
            double y = Math.max(value, 0);
            sum += L1 * y + L2 * y * y;
        }
        return sum;
    }

    private static double squaredError(Model model, Tensor x, Tensor y) {
        Loss loss = new MeanSquaredError();
        return loss.forward(model.forward(x), y).item();
    }

    @ParameterizedTest
    @MethodSource("nets")
    void isInTheLossOfAStepAndOfAnEvaluation(Supplier<Sequential> maker) {
        Sequential model = maker.get();
        model.compile(new SGD(0.1f), new MeanSquaredError(), Metrics.of("mse"));
        double expected = squaredError(model, X, Y) + penalty(model, X) / 10;
        assertEquals(expected, model.evaluate(X, Y).loss(), 1e-6);
        assertEquals(expected, model.evaluate(Batches.of(Examples.of(X, Y), 3)).loss(), 1e-6);
        assertEquals(squaredError(model, X, Y), model.evaluate(Batches.of(Examples.of(X, Y), 3)).get("mse"), 1e-6);
        assertEquals(expected, model.trainOnBatch(X, Y).loss(), 1e-6);
    }

    /** Also however it is said, and whether layers are computed in one step with the next. */
    @ParameterizedTest
    @MethodSource("nets")
    void aStepOfFitIsThatOfATape(Supplier<Sequential> maker) {
        Sequential fitted = maker.get();
        Sequential taped = maker.get();
        fitted.compile(new SGD(0.1f), new MeanSquaredError());
        fitted.trainOnBatch(X, Y);
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            loss = new MeanSquaredError().call(taped.call(X), Y);
            for (Tensor penalty : tape.penalties()) {
                loss = new Add().call(loss, penalty);
            }
        }
        new SGD(0.1f).applyGradients(taped.weights(), tape.gradient(loss, taped.weights()));
        Sequential first = nets().findFirst().orElseThrow().get();
        first.compile(new SGD(0.1f), new MeanSquaredError());
        first.trainOnBatch(X, Y);
        for (int i = 0; i < 4; i++) {
            assertEquals(taped.weights().get(i).copy(), fitted.weights().get(i).copy());
            assertEquals(first.weights().get(i).copy(), fitted.weights().get(i).copy());
        }
    }

    @Test
    void isOfTheOutputBeforeAnActivationThatIsALayer() {
        Sequential model = net(new Dense(4).with("activityRegularizer", new L1L2(0, L2)), Layers.ACTIVATIONS.of("relu"));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        double penalty = 0;
        for (float value : X.matmul(model.weights().get(0)).add(model.weights().get(1)).toArray()) {
            penalty += L2 * (double) value * value / 10;
        }
        assertEquals(squaredError(model, X, Y) + penalty, model.evaluate(X, Y).loss(), 1e-5);
        assertEquals(squaredError(model, X, Y) + penalty, model.trainOnBatch(X, Y).loss(), 1e-5);
    }

    @Test
    void aLayerThatIsUsedTwiceCountsTwice() {
        Node x = new Input(3).apply();
        Dense twice = new Dense(3).with("activityRegularizer", new L2(0.5f));
        Model model = new Functional(4, List.of(x), List.of(new Dense(2).apply(twice.apply(twice.apply(x)))));
        GradientTape tape = new GradientTape();
        try (tape) {
            model.run(X);
        }
        Tensor once = X.matmul(twice.w()).add(twice.b());
        Tensor again = once.matmul(twice.w()).add(twice.b());
        assertEquals(2, tape.penalties().size());
        assertEquals(0.05 * once.multiply(once).sum().item(), tape.penalties().get(0).item(), 1e-5);
        assertEquals(0.05 * again.multiply(again).sum().item(), tape.penalties().get(1).item(), 1e-5);
    }

    @Test
    void whatHasNoInputOrAPenaltyAlreadyTakesNone() {
        Config l2 = Config.of("L2").with("l2", 0.1);
        assertThrows(IllegalArgumentException.class,
                () -> Layers.REGISTRY.of(Config.of("Input").with("shape", List.of(3)).with("activityRegularizer", l2)));
        String message = assertThrows(IllegalArgumentException.class,
                () -> Layers.REGISTRY.of(Config.of("ActivityRegularization").with("activityRegularizer", l2))).getMessage();
        assertTrue(message.contains("takes l1 and l2, and no regularizer besides"), message);
        assertEquals(List.of("l1 of L1L2 must be finite and at least 0. Received: -1.0"), List.of(assertThrows(
                IllegalArgumentException.class, () -> new ActivityRegularization(-1f, 0f)).getMessage()));
    }
}

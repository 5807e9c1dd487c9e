package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.losses.Losses;
import beras.metrics.Mean;
import beras.metrics.MeanMetric;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Functional;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("model")
class MonitorTest {

    private static Monitor begun(String name) {
        return begun(new Monitor(name), name);
    }

    private static Monitor begun(Monitor monitor, String name) {
        monitor.begin(new FakeTraining(1).with(name));
        return monitor;
    }

    static Stream<Arguments> directions() {
        List<String> up = List.of("accuracy", "val_accuracy", "val_top_k_categorical_accuracy", "acc", "auc", "val_auc_1",
                "precision", "recall_at_precision", "sensitivity_at_specificity", "f1_score", "fbeta_score", "r2_score", "r2",
                "mean_iou", "one_hot_io_u", "cosine_similarity", "pearson_correlation", "first_accuracy_2");
        List<String> down = List.of("loss", "val_loss", "output_loss", "mean_squared_error", "root_mean_squared_error", "mse",
                "val_mae", "categorical_crossentropy", "binary_cross_entropy", "kl_divergence", "squared_hinge", "poisson",
                        "logcosh",
                "log_cosh_1", "val_brier_score", "bce", "kld", "val_cross-entropy");
        return Stream.concat(up.stream().map(name -> Arguments.of(name, Mode.MAX)), down.stream().map(name -> Arguments.of(name,
                Mode.MIN)));
    }

    @ParameterizedTest
    @MethodSource("directions")
    void theNameTellsWhatIsBetter(String name, Mode mode) {
        assertEquals(mode, Monitor.direction(name));
        assertEquals(mode == Mode.MAX, begun(name).isBetter(2, 1));
        assertEquals(mode == Mode.MIN, begun(name).isBetter(1, 2));
    }

    /** Dice and Tversky are losses here, and coefficients elsewhere, of which more is better. */
    static Stream<String> names() {
        return Metrics.names().stream().filter(name -> !List.of("Dice", "Tversky").contains(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyMetricTellsByItsName(String metric) {
        String name = Metrics.of(metric).name();
        assertDoesNotThrow(() -> begun(name), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false_positives", "glossy", "lossless", "my_number", "inaccuracy", "accuracy_x", "LOSS", "dice",
        "tversky"})
    void aNameThatDoesNotTellNeedsAMode(String name) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> begun(name));
        assertTrue(e.getMessage().endsWith("Received: " + name), e.getMessage());
        assertEquals(Mode.AUTO, Monitor.direction(name));
        assertTrue(begun(new Monitor(name).mode(Mode.MAX), name).isBetter(2, 1));
        assertTrue(begun(new Monitor(name).mode(Mode.MIN), name).isBetter(1, 2));
    }

    @Test
    void aModeGoesBeforeTheName() {
        assertTrue(begun(new Monitor("loss").mode(Mode.MAX), "loss").isBetter(2, 1));
        assertTrue(begun(new Monitor("accuracy").mode(Mode.MIN), "accuracy").isBetter(1, 2));
    }

    /** Each in turn has a name that tells the opposite, or nothing. */
    @Test
    void whatAMetricSaysOfItselfGoesBeforeItsName() {
        Metric unknown = new MeanMetric() {

            @Override
            protected String defaultName() {
                return "accuracy";
            }

            @Override
            protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {}
        };
        Node x = new Input(1).apply();
        Functional model = new Functional(List.of(x), List.of(new Dense(1).named("a").apply(x),
                new Dense(1).named("b").apply(x)));
        model.compile(new SGD(1), new Objective(Losses.REGISTRY.of("mse")).metrics(Metrics.of("r2").named("error")),
                new Objective(Losses.REGISTRY.of("mse")).metrics(unknown).weightedMetrics(Metrics.of("mae").named("glossy")));
        Tensor one = Tensor.ones(1, 1);
        Examples examples = Examples.of(List.of(one), List.of(one, one), null);
        Map<String, Mode> modes = new LinkedHashMap<>();
        FitOptions options = new FitOptions().validationData(examples).callbacks(
                new LambdaCallback().onTrainBegin(training -> modes.putAll(training.modes())), new EarlyStopping("val_b_glossy"));
        model.fit(examples, options);
        assertEquals("{loss=MIN, a_loss=MIN, b_loss=MIN, a_error=MAX, b_accuracy=AUTO, b_glossy=MIN, val_loss=MIN,"
                + " val_a_loss=MIN, val_b_loss=MIN, val_a_error=MAX, val_b_accuracy=AUTO, val_b_glossy=MIN, learning_rate=AUTO}",
                modes.toString());
    }

    @Test
    void aNumberThatTheLogsWillNotHaveIsRefusedNamingThoseThereAre() {
        assertMessage("There will be no val_los in the logs to monitor, only [loss, val_loss, accuracy, val_accuracy,"
                + " learning_rate]. Did you mean val_loss?", () -> new Monitor("val_los").begin(new FakeTraining(1)));
    }

    @Test
    void withoutValidationItIsSaidHowToHaveSome() {
        Sequential model = new Sequential(1, new Input(1), new Dense(1));
        model.compile("sgd", "mse");
        for (String name : List.of("val_loss", "val_mae")) {
            assertMessage("There will be no " + name + " in the logs to monitor, only [loss, learning_rate]. Give examples to"
                    + " validate, by validationSplit or validationData",
                    () -> model.fit(Tensor.ones(2, 1), Tensor.ones(2, 1), new FitOptions().callbacks(new EarlyStopping(name))));
        }
    }

    @Test
    void onlyMoreThanMinDeltaIsAnImprovement() {
        Monitor down = begun(new Monitor("loss").minDelta(0.25), "loss");
        assertFalse(down.isBetter(0.75, 1));
        assertTrue(down.isBetter(0.74, 1));
        Monitor up = begun(new Monitor("accuracy").minDelta(0.25), "accuracy");
        assertFalse(up.isBetter(1.25, 1));
        assertTrue(up.isBetter(1.26, 1));
        assertFalse(begun("loss").isBetter(1, 1), "as good is not better");
    }

    @Test
    void keepsTheBestAndForgetsItWhenItBeginsAnew() {
        Monitor monitor = begun(new Monitor("loss").minDelta(0.5), "loss");
        assertTrue(Double.isNaN(monitor.best()));
        assertTrue(monitor.improves(3));
        assertFalse(monitor.improves(2.5));
        assertEquals(3, monitor.best());
        assertTrue(monitor.improves(2.25));
        assertEquals(2.25, monitor.best());
        begun(monitor, "loss");
        assertTrue(Double.isNaN(monitor.best()));
        assertTrue(monitor.improves(100));
    }

    @Test
    void whatIsNotANumberIsNeverTheBest() {
        Monitor monitor = begun("loss");
        assertFalse(monitor.improves(Double.NaN));
        assertTrue(monitor.improves(Double.POSITIVE_INFINITY));
        assertFalse(monitor.improves(Double.NaN));
        assertTrue(monitor.improves(5));
    }

    @Test
    void badArgumentsAreRefused() {
        assertMessage("The number to monitor must have a name, such as val_loss. Received: \" \"", () -> new Monitor(" "));
        for (double delta : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertMessage("minDelta must be finite and at least 0. Received: " + delta,
                    () -> new Monitor("loss").minDelta(delta));
        }
        assertThrows(NullPointerException.class, () -> new Monitor("loss").mode(null));
        assertMessage("There is no val_loss in these logs, only [loss]. Did you mean loss?",
                () -> new Monitor("val_loss").value(FakeTraining.logs("loss", 1)));
    }

    static void assertMessage(String expected, Runnable action) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}

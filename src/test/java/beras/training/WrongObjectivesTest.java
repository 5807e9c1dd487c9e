package beras.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.activations.Activations;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.losses.BinaryCrossEntropy;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.models.Functional;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be learnt is refused when a net is compiled. */
@Tag("model")
class WrongObjectivesTest {

    private static final String OF_SIGMOIDS = "CategoricalCrossEntropy needs outputs that share 1 between them: of sigmoids it"
            + " would make all 1. Received: Sigmoid at the end. For one class of several end in a softmax; for a yes or no from"
            + " each output take BinaryCrossEntropy";

    private static Sequential net(Layer... layers) {
        Layer[] all = new Layer[layers.length + 1];
        all[0] = new Input(3);
        System.arraycopy(layers, 0, all, 1, layers.length);
        return new Sequential(7, all);
    }

    private static void assertRefused(String message, Sequential net, Loss loss) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> net.compile(new SGD(1f), loss)).getMessage());
        assertThrows(IllegalStateException.class, () -> net.fit(Tensor.ones(1, 3), Tensor.ones(1, 4)), "it is not compiled");
    }

    @Test
    void crossEntropyOverSigmoids() {
        assertRefused(OF_SIGMOIDS, net(new Dense(4), new Sigmoid()), new CategoricalCrossEntropy());
        assertRefused(OF_SIGMOIDS, net(new Dense(4, "sigmoid")), new CategoricalCrossEntropy().labelSmoothing(0.1));
        assertRefused(OF_SIGMOIDS, net(new Dense(5, "relu"), net5()), Losses.of("cross-entropy"));
        assertRefused(OF_SIGMOIDS.replace("Sigmoid at", "HardSigmoid \"end\" at"),
                net(new Dense(4), Activations.of("hard_sigmoid").named("end")),
                new CategoricalCrossEntropy());
    }

    /** A net in a net that ends in sigmoids. */
    private static Sequential net5() {
        return new Sequential(new Input(5), new Dense(4, "sigmoid"));
    }

    /** Rows are divided by their sum, or sigmoids are yes or no each, or no end of the net at all. */
    @Test
    void whatCanBeLearntOfSigmoids() {
        assertDoesNotThrow(() -> net(new Dense(4, "sigmoid")).compile(new SGD(1f),
                new CategoricalCrossEntropy().normalize(true)));
        assertDoesNotThrow(() -> net(new Dense(4, "sigmoid")).compile(new SGD(1f), new BinaryCrossEntropy()));
        assertDoesNotThrow(() -> net(new Dense(4, "sigmoid"), new Dense(4, "softmax")).compile(new SGD(1f),
                new CategoricalCrossEntropy()));
        float loss = new CategoricalCrossEntropy().forward(new Sigmoid().forward(Tensor.zeros(1, 2)), Tensor.ones(1, 2)).item();
        assertEquals(2 * Math.log(2), loss, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"softmax, mse", "softmax, cross-entropy", "softmax, bce", "softmax, sparse_categorical_cross_entropy",
        "log_softmax, mae"})
    void aSoftmaxOverOneUnit(String activation, String loss) {
        String type = activation.equals("softmax") ? "Softmax" : "LogSoftmax";
        assertRefused("A softmax over one unit gives the same whatever comes in, so it cannot be trained. Received: " + type
                + " at the end, for an output of shape (1,). End in a sigmoid for yes or no, without activation for an amount, or"
                + " with a unit for each class", net(new Dense(1, activation)), Losses.of(loss));
    }

    @Test
    void ofSeveralOutputsEachIsLookedAt() {
        Node x = new Input(3).apply();
        Node one = new Dense(1).apply(x);
        Functional net = new Functional(List.of(x), List.of(one, new Softmax().apply(one)));
        Objective objective = new Objective(Losses.of("mse"));
        String message = assertThrows(IllegalArgumentException.class, () -> net.compile(new SGD(1f), objective, objective))
                .getMessage();
        assertTrue(message.startsWith("A softmax over one unit"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"softmax", "sigmoid"})
    void toMeasureAloneNothingIsRefused(String activation) {
        Sequential net = net(new Dense(1, activation));
        net.compile(new Objective(new CategoricalCrossEntropy()));
        assertTrue(net.evaluate(Tensor.ones(2, 3), Tensor.ones(2, 1)).loss() >= 0);
    }
}

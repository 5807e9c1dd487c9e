package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.layers.Add;
import beras.layers.Average;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Flatten;
import beras.layers.GlobalAveragePooling2D;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.MaxPooling2D;
import beras.layers.Multiply;
import beras.layers.Node;
import beras.layers.Rescaling;
import beras.layers.Reshape;
import beras.layers.SeparableConv2D;
import beras.layers.UnitNormalization;
import beras.layers.ZeroPadding2D;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.losses.BinaryCrossEntropy;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.models.Ensemble;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be learnt is refused when a net is compiled. */
@Tag("model")
class WrongObjectivesTest {

    private static final String OF_SIGMOIDS = "CategoricalCrossEntropy needs outputs that share 1 between them: of sigmoids it"
            + " would make all 1. Received: Sigmoid at the end. For one class of several end in a softmax; for independent"
            + " classes use BinaryCrossEntropy";

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
        assertRefused(OF_SIGMOIDS, net(new Dense(4, "sigmoid")), new CategoricalCrossEntropy().with("labelSmoothing", 0.1));
        assertRefused(OF_SIGMOIDS, net(new Dense(5, "relu"), net5()), Losses.REGISTRY.of("cross-entropy"));
        assertRefused(OF_SIGMOIDS.replace("Sigmoid at", "HardSigmoid \"end\" at"),
                net(new Dense(4), Layers.ACTIVATIONS.of("hard_sigmoid").named("end")),
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
                new CategoricalCrossEntropy().with("normalize", true)));
        assertDoesNotThrow(() -> net(new Dense(4, "sigmoid")).compile(new SGD(1f), new BinaryCrossEntropy()));
        assertDoesNotThrow(() -> net(new Dense(4, "sigmoid"), new Dense(4, "softmax")).compile(new SGD(1f),
                new CategoricalCrossEntropy()));
        Node x = new Input(3).apply();
        Node shares = new Dense(4, "softmax").apply(x);
        assertDoesNotThrow(() -> new Functional(x, new Average().apply(shares, new Dense(4, "sigmoid").apply(x)))
                .compile(new SGD(1f), new CategoricalCrossEntropy()), "a mean with shares is not independent");
        float loss = new CategoricalCrossEntropy().forward(new Sigmoid().forward(Tensor.zeros(1, 2)), Tensor.ones(1, 2)).item();
        assertEquals(2 * Math.log(2), loss, 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"softmax, mse", "softmax, cross-entropy", "softmax, bce", "softmax, sparse_categorical_cross_entropy",
        "log_softmax, mae"})
    void aSoftmaxOverOneUnit(String activation, String loss) {
        String type = activation.equals("softmax") ? "Softmax" : "LogSoftmax";
        assertRefused("An output that is constant cannot be trained, such as a softmax over one unit. Received: "
                + type + " at the end, for an output of shape (1,). End in a sigmoid for two classes, without activation for"
                + " a regression, or with a unit for each class", net(new Dense(1, activation)), Losses.REGISTRY.of(loss));
    }

    @Test
    void zerosAroundAConstantAreNoConstant() {
        assertDoesNotThrow(() -> net(new Dense(1, "softmax"), new Reshape(1, 1, 1), new ZeroPadding2D(1), new Flatten())
                .compile(new SGD(1f), new MeanSquaredError()));
    }

    // ------------------------------------------------------------------------------------------ logits, probabilities

    private static final String END_IN = "End in a softmax; or, if they are logits, set fromLogits(true), in text"
            + " from_logits=true";

    /** A layer of which nothing is known. */
    private static final class Custom extends Layer {

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).copy();
        }
    }

    private static Exception refused(Model net, String loss) {
        return assertThrows(IllegalArgumentException.class, () -> net.compile("adam", loss), loss);
    }

    @Test
    void whatIsNoProbabilityBeforeACrossEntropy() {
        assertRefused("CategoricalCrossEntropy needs probabilities, from 0 to 1. Received: outputs of Dense(4), which may be"
                + " negative or above 1. " + END_IN, net(new Dense(4)), new CategoricalCrossEntropy());
        assertRefused("SparseCategoricalCrossEntropy needs probabilities, from 0 to 1. Received: outputs of ReLU, which may be"
                + " above 1. " + END_IN, net(new Dense(4, "relu")), Losses.REGISTRY.of("sparse_categorical_crossentropy"));
        assertRefused("BinaryCrossEntropy needs probabilities, from 0 to 1. Received: outputs of Tanh, which may be negative. "
                + END_IN.replace("softmax", "sigmoid"), net(new Dense(1, "tanh")), new BinaryCrossEntropy());
        assertRefused("KLDivergence needs probabilities, from 0 to 1. Received: outputs of Dense(4) \"end\", which may be"
                + " negative or above 1. End in a softmax", net(new Dense(4).named("end")), Losses.REGISTRY.of("kld"));
        assertRefused(OF_SIGMOIDS.replace("CategoricalCrossEntropy", "KLDivergence"), net(new Dense(4, "sigmoid")),
                Losses.REGISTRY.of("kld"));
        assertRefused("Poisson needs predictions of at least 0. Received: outputs of Dense(1), which may be negative. End in"
                + " exponential or softplus", net(new Dense(1)), Losses.REGISTRY.of("poisson"));
        assertRefused("SparseCategoricalCrossEntropy needs an output for each class, at least 2. Received: outputs of shape (1,)."
                + " For two classes use BinaryCrossEntropy, and end in a sigmoid", net(new Dense(1, "sigmoid")),
                Losses.REGISTRY.of("sparse_categorical_crossentropy"));
    }

    private static Stream<Supplier<Model>> endsOfAnyNumbers() {
        List<Supplier<Model>> ends = new ArrayList<>();
        for (String activation : Layers.ACTIVATIONS.names()) {
            if (!Set.of("Softmax", "Sigmoid", "HardSigmoid", "SparseSigmoid").contains(activation)) {
                ends.add(() -> net(new Dense(4, activation)));
                ends.add(() -> net(new Dense(4), Layers.ACTIVATIONS.of(activation)));
            }
        }
        for (String layer : List.of("batch_norm", "layer_norm", "rms_normalization", "prelu", "normalization", "rescaling(2)", "dropout(0.5)",
                "gaussian_noise(0.1)", "linear", "reshape([2, 2])", "flatten", "activity_regularization", "repeat_vector(2)")) {
            ends.add(() -> net(new Dense(4), Layers.REGISTRY.of(layer)));
        }
        ends.add(() -> net(new Dense(4), new Sequential(new Input(4), new Rescaling(1, 0))));
        ends.add(() -> net(new Sequential(new Input(3), new Sequential(new Input(3), new Dense(4)), new Dropout(0.1))));
        for (String layer : List.of("conv(2, 2)", "separable_conv(2, 2)", "separable_conv(2, 2, activation=tanh)", "depthwise_conv(2)",
                "conv_transpose(2, 2)")) {
            ends.add(() -> new Sequential(new Input(4, 4, 2), Layers.REGISTRY.of(layer)));
        }
        ends.add(() -> new Sequential(new Input(4), Layers.REGISTRY.of("embedding(5, 2)")));
        for (String layer : List.of("max_pool(2)", "avg_pool(2)", "global_max_pool", "global_avg_pool", "up_sampling(2)", "zero_padding",
                "cropping_2d", "permute([3, 1, 2])", "unit_normalization")) {
            ends.add(() -> new Sequential(new Input(5, 5, 2), new Conv2D(2, 2), Layers.REGISTRY.of(layer)));
        }
        for (String merge : List.of("add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate")) {
            ends.add(() -> {
                Node x = new Input(3).apply();
                return new Functional(x, Layers.REGISTRY.of(merge).apply(new Dense(4, "sigmoid").apply(x), new Dense(4).apply(x)));
            });
        }
        ends.add(() -> new Ensemble(List.of(net(new Dense(4)), net(new Dense(4, "softmax")))));
        ends.add(() -> new Ensemble(List.of(net(new Dense(4, "softmax")), net(new Dense(4)))));
        return ends.stream();
    }

    @ParameterizedTest
    @MethodSource("endsOfAnyNumbers")
    void whateverGivesThem(Supplier<Model> net) {
        for (String loss : List.of("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "kld")) {
            Exception e = refused(net.get(), loss);
            assertTrue(e.getMessage().contains(" needs probabilities, from 0 to 1. Received: outputs of "), e.getMessage());
        }
        for (String loss : List.of("categorical_crossentropy(from_logits=true)", "binary_crossentropy(from_logits=true)", "mse",
                "hinge")) {
            assertDoesNotThrow(() -> net.get().compile("adam", loss));
        }
    }

    private static Stream<Supplier<Model>> endsOfProbabilities() {
        List<Supplier<Model>> ends = new ArrayList<>();
        for (String activation : List.of("softmax", "sigmoid", "hard_sigmoid", "sparse_sigmoid", "hard_tanh(0, 1)")) {
            ends.add(() -> net(new Dense(4, activation)));
            ends.add(() -> net(new Dense(4), Layers.ACTIVATIONS.of(activation)));
            ends.add(() -> net(new Sequential(new Input(3), new Dense(4, activation))));
            ends.add(() -> net(new Dense(4, activation), new Dropout(0.1), new Reshape(2, 2), new Flatten(), Layers.activation("linear")));
            ends.add(() -> new Sequential(new Input(4, 4, 2), new Conv2D(2, 2).activation(activation), new MaxPooling2D(2)));
            ends.add(() -> new Sequential(new Input(4, 4, 2), new SeparableConv2D(2, 2).activation(activation),
                    new GlobalAveragePooling2D()));
            ends.add(() -> new Ensemble(List.of(net(new Dense(4, activation)), net(new Dense(5), new Dense(4, activation)))));
        }
        return ends.stream();
    }

    @ParameterizedTest
    @MethodSource("endsOfProbabilities")
    void whatIsAProbabilityBeforeACrossEntropyOfLogits(Supplier<Model> net) {
        for (String loss : List.of("CategoricalCrossEntropy", "SparseCategoricalCrossEntropy", "BinaryCrossEntropy")) {
            Exception e = refused(net.get(), loss + "(from_logits=true)");
            String activation = loss.startsWith("B") ? "sigmoid" : "softmax";
            assertTrue(e.getMessage().startsWith(loss + " from logits applies the " + activation + " itself. Received: outputs"
                    + " of "), e.getMessage());
            assertTrue(e.getMessage().endsWith(", which are from 0 to 1 already. Leave out that activation, or"
                    + " fromLogits(true), in text from_logits=true"), e.getMessage());
        }
        assertDoesNotThrow(() -> net.get().compile("adam", "binary_crossentropy"));
        assertDoesNotThrow(() -> net.get().compile("adam", "sparse_categorical_crossentropy"));
    }

    @Test
    void whatIsNotKnownIsNotRefused() {
        Node x = new Input(4).apply();
        Node p = new Dense(4, "sigmoid").apply(x);
        List<Model> nets = List.of(net(new Dense(4), new Custom()), new Sequential(new Input(4), Layers.activation("linear")),
                new Sequential(new Input(4), new Custom(), new Flatten()), // as an import may end
                new Functional(x, new Add().apply(new Multiply().apply(p, new Dense(4, "sigmoid").apply(x)), p)));
        for (Model net : nets) {
            for (String loss : List.of("categorical_crossentropy", "categorical_crossentropy(from_logits=true)",
                    "binary_crossentropy", "poisson", "kld")) {
                assertDoesNotThrow(() -> net.compile("adam", loss));
            }
        }
    }

    /** Bounds are followed through layers that move them, and no value that may occur is refused. */
    @Test
    void whatIsMadeAProbabilityIsOne() {
        for (Model net : List.of(net(new Dense(4, "tanh"), new Rescaling(0.5, 0.5)), net(new Dense(4), new ReLU().with("maxValue", 1)),
                net(new Dense(4, "sigmoid"), Layers.activation("hard_tanh(-1, 2)")),
                net(new Dense(4, "softmax"), new ReLU()), net(new Dense(4, "relu"), new UnitNormalization()))) {
            assertDoesNotThrow(() -> net.compile("adam", "binary_crossentropy"));
        }
        refused(net(new Dense(4, "tanh"), new Rescaling(0.6, 0.5)), "binary_crossentropy");
        refused(net(new Dense(4, "softmax"), new Rescaling(-1)), "binary_crossentropy");
        assertDoesNotThrow(() -> net(new Dense(4, "log_softmax")).compile("adam", "categorical_crossentropy(from_logits=true)"));
        assertDoesNotThrow(() -> net(new Dense(4, "softmax"), new Reshape(4, 1)).compile("adam", "mse"));
        for (String positive : List.of("exponential", "softplus", "relu", "sigmoid", "sparse_plus", "square_plus")) {
            assertDoesNotThrow(() -> net(new Dense(1, positive)).compile("adam", "poisson"));
        }
        assertTrue(refused(net(new Dense(4), new Rescaling(0, 3)), "mse").getMessage().contains("Received: Dense(4) at the end"));
    }

    @Test
    void ofSeveralOutputsEachIsJudgedByItsLoss() {
        Node x = new Input(3).apply();
        Functional net = new Functional(List.of(x), List.of(new Dense(2).apply(x), new Dense(2).named("logits").apply(x)));
        String message = assertThrows(IllegalArgumentException.class, () -> net.compile(new SGD(1f),
                new Objective(Losses.REGISTRY.of("mse")), new Objective(new CategoricalCrossEntropy()))).getMessage();
        assertTrue(message.contains("outputs of Dense(2) \"logits\","), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"softmax", "sigmoid"})
    void toMeasureAloneNothingIsRefused(String activation) {
        Sequential net = net(new Dense(1, activation));
        net.compile(new Objective(new CategoricalCrossEntropy()));
        assertTrue(net.evaluate(Tensor.ones(2, 3), Tensor.ones(2, 1)).loss() >= 0);
    }
}

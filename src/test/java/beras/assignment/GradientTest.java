package beras.assignment;

import static beras.assignment.Fixtures.B1;
import static beras.assignment.Fixtures.B2;
import static beras.assignment.Fixtures.T;
import static beras.assignment.Fixtures.W1;
import static beras.assignment.Fixtures.W2;
import static beras.assignment.Fixtures.X;
import static beras.assignment.Fixtures.Y;
import static beras.assignment.Fixtures.assertClose;
import static beras.assignment.Fixtures.dense;
import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.GradientTape;
import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the assignment says of the gradient tape. */
@Tag("gradient")
class GradientTest {

    private static final String D = "[[0.2, -0.1, 0.4], [0.3, 0.5, -0.2], [-0.6, 0.1, 0.7]]";
    private static final String D_BIAS = "[[0.1, 0, -0.1]]";

    /** The checks' net A on a batch: Dense, LeakyReLU, Dense, Softmax, cross-entropy. */
    private static final class NetA {

        final Dense first = dense(W1, B1);
        final Dense second = dense(W2, B2);
        final Softmax softmax = new Softmax();
        final Tensor input;
        final Tensor truth;
        Tensor prediction;

        NetA(Tensor input, Tensor truth) {
            this.input = input;
            this.truth = truth;
        }

        Tensor loss() {
            prediction = softmax.call(second.call(new LeakyReLU(0.3f).call(first.call(input))));
            return new CategoricalCrossEntropy().call(prediction, truth);
        }

        List<Tensor> weights() {
            return List.of(first.w(), first.b(), second.w(), second.b());
        }
    }

    private static void assertGradientsOfNetA(List<Tensor> gradients) {
        assertEquals(4, gradients.size());
        assertClose("[[0.05339314901, 0.1124914531], [0.3419228859, -0.4999183699], [-0.2885297369, 0.612409823]]",
                gradients.get(0));
        assertClose("[[0.006365831443, 0.2574717083]]", gradients.get(1));
        assertClose("[[0.5080454309, 0.003046749605, -0.5110921806], [-0.1649804904, 0.09185709794, 0.0731233925]]",
                gradients.get(2));
        assertClose("[[-0.1118851622, 0.3143048056, -0.2024196434]]", gradients.get(3));
    }

    @Test
    @DisplayName("public test G1: four gradients of a net of two layers")
    void multiLayerGradients() {
        Dense layer1 = dense("[[0.0496714153, -0.01382643012], [0.06476885381, 0.1523029856],"
                + " [-0.02341533747, -0.02341369569]]",
                "[[0, 0]]");
        Dense layer2 = dense("[[0.1579212816], [0.07674347292]]", "[[0]]");
        GradientTape tape = new GradientTape();
        Tensor prediction;
        Tensor loss;
        try (tape) {
            prediction = layer2.call(layer1.call(tensor("[[1, 0.5, -0.3]]")));
            loss = new MeanSquaredError().call(prediction, tensor("[[1.5]]"));
        }
        List<Tensor> sources = new ArrayList<>(layer1.trainableVariables());
        sources.addAll(layer2.trainableVariables());
        List<Tensor> gradients = tape.gradient(loss, sources);
        assertClose("[[0.01938979405]]", prediction);
        assertClose("2.192206582", loss);
        assertEquals(4, gradients.size());
        assertClose("[[-0.4676397224, -0.2272543385], [-0.2338198612, -0.1136271692], [0.1402919167, 0.06817630154]]",
                gradients.get(0));
        assertClose("[[-0.4676397224, -0.2272543385]]", gradients.get(1));
        assertClose("[[-0.2637868274], [-0.2053581819]]", gradients.get(2));
        assertClose("[[-2.961220412]]", gradients.get(3));
    }

    @Test
    @DisplayName("public test G2: 2 x + 1 at 3 against 10")
    void deterministicGradients() {
        Dense layer = new Dense(1, 1, Initializers.REGISTRY.of("zero"));
        layer.w().assign(new float[][] {{2}});
        layer.b().assign(new float[][] {{1}});
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            loss = new MeanSquaredError().call(layer.call(tensor("[[3]]")), tensor("[[10]]"));
        }
        List<Tensor> gradients = tape.gradient(loss, layer.trainableVariables());
        assertEquals(9f, loss.item());
        assertEquals(-18f, gradients.get(0).get(0, 0));
        assertEquals(-6f, gradients.get(1).get(0, 0));
    }

    @Test
    @DisplayName("Spring 2023: a zero layer on [1, 2, 3, 4]")
    void zeroLayer() {
        Dense layer = new Dense(4, 1, Initializers.REGISTRY.of("zero"));
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            loss = new MeanSquaredError().call(layer.call(tensor("[[1, 2, 3, 4]]")), tensor("[[1]]"));
        }
        List<Tensor> gradients = tape.gradient(loss, layer.weights());
        assertClose("[[-2], [-4], [-6], [-8]]", gradients.get(0));
        assertClose("[[-2]]", gradients.get(1));
    }

    @Test
    @DisplayName("checks 34 and 40: net A; inside the scope, after it and twice, changing nothing")
    void netA() {
        NetA net = new NetA(X, Y);
        GradientTape tape = new GradientTape();
        Tensor loss;
        List<Tensor> inside;
        try (tape) {
            loss = net.loss();
            inside = tape.gradient(loss, net.weights());
        }
        assertClose("[[0.5591926771, 0.1575108107, 0.2832965122], [0.2170369986, 0.4710988005, 0.3118642009]]",
                net.prediction);
        assertClose("1.394474311", loss);
        assertGradientsOfNetA(inside);
        assertEquals(inside, tape.gradient(loss, net.weights()));
        assertEquals(inside, tape.gradient(loss, net.weights()));
        assertEquals(tensor(W1), net.first.w().copy());
        assertSame(X, net.first.inputs().get(0));
        assertSame(net.prediction, net.softmax.outputs().get(0));
    }

    @Test
    @DisplayName("check 37: gradients to the input and to the truth, none to a stranger, in the order of the sources")
    void otherSources() {
        NetA net = new NetA(X, Y);
        Tensor stranger = Tensor.ones(2, 3);
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            loss = net.loss();
        }
        List<Tensor> gradients = tape.gradient(loss, List.of(net.second.b(), X, Y, stranger, net.first.w()));
        assertClose("[[-0.1118851622, 0.3143048056, -0.2024196434]]", gradients.get(0));
        assertClose("[[0.01653980709, 0.01713061912, -0.06970351457], [-0.0673975656, 0.08776781364, 0.2210036238]]",
                gradients.get(1));
        assertEquals(Tensor.zeros(2, 3), gradients.get(2));
        assertNull(gradients.get(3));
        assertClose("[[0.05339314901, 0.1124914531], [0.3419228859, -0.4999183699], [-0.2885297369, 0.612409823]]",
                gradients.get(4));
    }

    @Test
    @DisplayName("check 38: a batch fed twice has the same loss and gradients: 1 / batch is taken once")
    void doubledBatch() {
        NetA net = new NetA(tensor("[[1, 2, -1], [0.5, -1.5, 2], [1, 2, -1], [0.5, -1.5, 2]]"),
                tensor("[[0, 0, 1], [1, 0, 0], [0, 0, 1], [1, 0, 0]]"));
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            loss = net.loss();
        }
        assertClose("1.394474311", loss);
        assertGradientsOfNetA(tape.gradient(loss, net.weights()));
    }

    @Test
    @DisplayName("check 41: the end of an inner scope is not that of the outer one; a scope left by an exception leaves no tape")
    void scopes() {
        try (GradientTape outer = new GradientTape()) {
            try (GradientTape inner = new GradientTape()) {
                assertNull(inner.producer(X));
            }
            assertTrue(GradientTape.isRecording());
            assertNull(outer.producer(X));
        }
        assertFalse(GradientTape.isRecording());
        assertThrows(ArithmeticException.class, () -> {
            try (GradientTape tape = new GradientTape()) {
                dense(W1, B1).call(X);
                throw new ArithmeticException();
            }
        });
        assertFalse(GradientTape.isRecording());
        netA();
    }

    @Test
    @DisplayName("check 41: calls outside the scope and forward inside it are not recorded")
    void notRecorded() {
        Dense layer = dense(W1, B1);
        GradientTape tape = new GradientTape();
        Tensor forward;
        try (tape) {
            forward = layer.forward(X);
        }
        Tensor after = layer.call(X);
        assertNull(tape.gradient(forward, List.of(layer.w())).get(0));
        assertNull(tape.gradient(after, List.of(layer.w())).get(0));
    }

    @Test
    @DisplayName("check 42: the gradient of a target of many elements is that of their sum")
    void targetOfManyElements() {
        Dense layer = dense(W1, B1);
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = layer.call(X);
        }
        List<Tensor> gradients = tape.gradient(y, layer.weights());
        assertClose("[[1.5, 1.5], [0.5, 0.5], [1, 1]]", gradients.get(0));
        assertClose("[[2, 2]]", gradients.get(1));
    }

    @Test
    @DisplayName("check 42: a tape may begin at the output of an activation")
    void targetBehindAnActivation() {
        assertClose("[[1, 1, 0.3], [1, 0.3, 1]]", gradientOfSum(new LeakyReLU()));
        assertClose("[[0.1966119332, 0.1049935854, 0.1966119332], [0.2350037122, 0.1491464521, 0.1049935854]]",
                gradientOfSum(new Sigmoid()));
        assertClose(Tensor.zeros(2, 3), gradientOfSum(new Softmax()));
    }

    private static Tensor gradientOfSum(Layer activation) {
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = activation.call(X);
        }
        return tape.gradient(y, List.of(X)).get(0);
    }

    @Test
    @DisplayName("check 43: a residual: gradients of both paths are added")
    void residual() {
        Dense layer = dense(D, D_BIAS);
        GradientTape tape = new GradientTape();
        Tensor sum;
        Tensor loss;
        try (tape) {
            Tensor h = layer.call(X);
            sum = new Add().call(h, new LeakyReLU(0.3f).call(h));
            loss = new MeanSquaredError().call(sum, T);
        }
        List<Tensor> gradients = tape.gradient(loss, List.of(layer.w(), layer.b(), X));
        assertClose("[[3, 1.6, -1.04], [-1.885, -0.78, 3.6]]", sum);
        assertClose("5.489704167", loss);
        assertClose("[[0.8165833333, 0.4643333333, 1.182666667], [4.216916667, 3.940333333, -3.634666667],"
                + " [-3.400333333, -3.476, 4.817333333]]", gradients.get(0));
        assertClose("[[0.2998333333, -0.138, 2.382666667]]", gradients.get(1));
        assertClose("[[0.1530666667, 0.9368, -0.7054666667], [0.8737666667, -1.392383333, 2.179633333]]", gradients.get(2));
    }

    @Test
    @DisplayName("check 45: one tensor as both inputs of a node")
    void sameTensorTwice() {
        Dense layer = dense(D, D_BIAS);
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            Tensor h = layer.call(X);
            loss = new MeanSquaredError().call(new Add().call(h, h), T);
        }
        List<Tensor> gradients = tape.gradient(loss, layer.weights());
        assertClose("6.946666667", loss);
        assertClose("[[0.2, 0, 0.8], [6.066666667, 5.333333333, -4.4], [-5.866666667, -5.333333333, 5.2]]",
                gradients.get(0));
        assertClose("[[-0.9333333333, -1.066666667, 2]]", gradients.get(1));
    }
}

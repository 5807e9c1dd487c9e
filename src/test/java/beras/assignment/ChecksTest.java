package beras.assignment;

import static beras.assignment.Fixtures.B1;
import static beras.assignment.Fixtures.B2;
import static beras.assignment.Fixtures.J;
import static beras.assignment.Fixtures.W1;
import static beras.assignment.Fixtures.W2;
import static beras.assignment.Fixtures.X;
import static beras.assignment.Fixtures.Y;
import static beras.assignment.Fixtures.assertClose;
import static beras.assignment.Fixtures.dense;
import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.LambdaCallback;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The numbers of the assignment's checks that no golden value repeats: local and composed gradients, tape, training. */
@Tag("assignment")
class ChecksTest {

    private final Dense layer = dense(W1, B1);

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

    private static final List<String> GRADIENTS_OF_NET_A = List.of(
            "[[0.05339314901, 0.1124914531], [0.3419228859, -0.4999183699], [-0.2885297369, 0.612409823]]",
            "[[0.006365831443, 0.2574717083]]",
            "[[0.5080454309, 0.003046749605, -0.5110921806], [-0.1649804904, 0.09185709794, 0.0731233925]]",
            "[[-0.1118851622, 0.3143048056, -0.2024196434]]");

    @Test
    @DisplayName("public test G1: four gradients of a net of two layers")
    void multiLayerGradients() {
        Dense layer1 = dense("[[0.0496714153, -0.01382643012], [0.06476885381, 0.1523029856],"
                + " [-0.02341533747, -0.02341369569]]",
                "[[0, 0]]");
        Dense layer2 = dense("[[0.1579212816], [0.07674347292]]", "[[0]]");
        Sequential net = new Sequential(layer1, layer2);
        Recorded loss = Recorded.of(() -> new MeanSquaredError().call(net.call(tensor("[[1, 0.5, -0.3]]")), tensor("[[1.5]]")));
        assertClose("[[0.01938979405]]", net.outputs().get(0));
        assertClose("2.192206582", loss.target());
        assertAllClose(List.of("[[-0.4676397224, -0.2272543385], [-0.2338198612, -0.1136271692], [0.1402919167, 0.06817630154]]",
                "[[-0.4676397224, -0.2272543385]]", "[[-0.2637868274], [-0.2053581819]]", "[[-2.961220412]]"),
                loss.gradient(net.trainableVariables()));
    }

    @Test
    @DisplayName("checks 5 and 6: the local gradient to the input is w, not transposed; that to w is for each example, that to b ones")
    void localGradients() {
        layer.call(X);
        assertAllClose(List.of(W1), layer.inputGradients());
        assertAllClose(List.of("[[[1, 1], [2, 2], [-1, -1]], [[0.5, 0.5], [-1.5, -1.5], [2, 2]]]", "[[1, 1]]"),
                layer.weightGradients());
    }

    @Test
    @DisplayName("check 9: an absent upstream, in both spellings, gives the local gradients")
    void absentUpstream() {
        layer.call(X);
        for (List<Tensor> absent : Arrays.asList(null, Arrays.asList((Tensor) null))) {
            assertEquals(layer.inputGradients(), layer.composeInputGradients(absent));
            assertEquals(layer.weightGradients(), layer.composeWeightGradients(absent));
        }
    }

    @Test
    @DisplayName("check 10: several upstreams give separate gradients, one upstream after the other")
    void severalUpstreams() {
        layer.call(X);
        List<Tensor> upstreams = List.of(J, tensor("[[0, 1], [-1, 1]]"));
        assertAllClose(List.of("[[0.5, -0.5, -1.7], [-0.55, 1.35, 1.55]]", "[[-0.2, 0.4, 0.6], [-0.3, 0.1, 1.1]]"),
                layer.composeInputGradients(upstreams));
        assertAllClose(List.of("[[1.25, -0.5], [1.25, -8.5], [0, 8]]", "[[1.5, 1]]",
                "[[-0.5, 1.5], [1.5, 0.5], [-2, 1]]", "[[-1, 2]]"), layer.composeWeightGradients(upstreams));
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
        assertAllClose(GRADIENTS_OF_NET_A, inside);
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
        Recorded recorded = Recorded.of(net::loss);
        List<Tensor> gradients = recorded.gradient(List.of(net.second.b(), X, Y, stranger, net.first.w()));
        assertClose(GRADIENTS_OF_NET_A.get(3), gradients.get(0));
        assertClose("[[0.01653980709, 0.01713061912, -0.06970351457], [-0.0673975656, 0.08776781364, 0.2210036238]]",
                gradients.get(1));
        assertEquals(Tensor.zeros(2, 3), gradients.get(2));
        assertNull(gradients.get(3));
        assertClose(GRADIENTS_OF_NET_A.get(0), gradients.get(4));
    }

    @Test
    @DisplayName("check 38: a batch fed twice has the same loss and gradients: 1 / batch is taken once")
    void doubledBatch() {
        NetA net = new NetA(tensor("[[1, 2, -1], [0.5, -1.5, 2], [1, 2, -1], [0.5, -1.5, 2]]"),
                tensor("[[0, 0, 1], [1, 0, 0], [0, 0, 1], [1, 0, 0]]"));
        Recorded recorded = Recorded.of(net::loss);
        assertClose("1.394474311", recorded.target());
        assertAllClose(GRADIENTS_OF_NET_A, recorded.gradient(net.weights()));
    }

    @Test
    @DisplayName("check 50: two epochs of regression, batches of 2, 2 and 1")
    void fit() {
        List<Double> seen = new ArrayList<>();
        Tensor x = tensor("[[1, 0], [0, 1], [1, 1], [2, -1], [-1, 2]]");
        Tensor y = tensor("[[2], [-1], [1], [5], [-4]]");
        Dense zero = new Dense(2, 1, Initializers.REGISTRY.of("zero"));
        Sequential regression = new Sequential(zero);
        regression.compile(new SGD(0.1f), new MeanSquaredError());
        History history = regression.fit(x, y, new FitOptions().batchSize(2).epochs(2).shuffle(false)
                .callbacks(new LambdaCallback()
                .onBatchEnd((batch, logs) -> seen.add(logs.get("loss"))).onEpochEnd((epoch, logs) -> {
                    if (epoch == 0) {
                        assertClose("[[1.668], [-1.476]]", zero.w());
                        assertClose("[[0.112]]", zero.b());
                    }
                })));
        assertClose("[[1.692728], [-1.268296]]", zero.w());
        assertClose("[[0.286512]]", zero.b());
        // The batches' losses 2.5, 10, 6.4516 and 0.090448, 0.16778632, 0.0817731216, averaged over the examples so far.
        double[] running = {2.5, 6.25, 6.29032, 0.090448, 0.12911716, 0.11964835232};
        assertEquals(running.length, seen.size());
        for (int i = 0; i < running.length; i++) {
            assertEquals(running[i], seen.get(i), 1e-5 * running[i]);
        }
        assertEquals(List.of(seen.get(2), seen.get(5)), history.get("loss"));
    }

    private static void assertAllClose(List<String> expected, List<Tensor> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertClose(expected.get(i), actual.get(i));
        }
    }
}

package beras.assignment;

import static beras.assignment.Fixtures.assertClose;
import static beras.assignment.Fixtures.range;
import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the assignment says of activations. */
@Tag("activations")
class ActivationsTest {

    private static final Tensor G = tensor("[[-2, -0.5, 0, 0.5, 2]]");
    private static final Tensor UPSTREAM = tensor("[[1, -2, 3, 4, -0.5]]");

    @Test
    @DisplayName("public test B2: LeakyReLU() on -8..7")
    void leakyReLU() {
        assertClose("[-2.4, -2.1, -1.8, -1.5, -1.2, -0.9, -0.6, -0.3, 0, 1, 2, 3, 4, 5, 6, 7]",
                new LeakyReLU().call(range(-8, 8)));
    }

    @Test
    @DisplayName("public test B3: Sigmoid on -8..7")
    void sigmoid() {
        assertClose("[0.0003353501305, 0.0009110511944, 0.002472623157, 0.006692850924, 0.01798620996, 0.04742587318,"
                + " 0.119202922, 0.2689414214, 0.5, 0.7310585786, 0.880797078, 0.9525741268, 0.98201379, 0.9933071491,"
                + " 0.9975273768, 0.9990889488]",
                new Sigmoid().call(range(-8, 8)));
    }

    @Test
    @DisplayName("public test B4: Softmax rows are positive and sum to 1")
    void softmaxRows() {
        Rng rng = new Rng(4, "test", 0);
        Tensor y = new Softmax().call(Tensor.generate(rng::uniform, 3, 4));
        assertClose(Tensor.ones(3), y.sum(1));
        assertEquals(y, y.maximum(Tensor.scalar(Float.MIN_VALUE)), "positive");
    }

    @Test
    @DisplayName("Spring 2024: Softmax of a single row without batch axis, -8..7")
    void softmaxOfRank1() {
        assertClose("[1.933671675e-07, 5.256264578e-07, 1.428800849e-06, 3.883883383e-06, 1.055748963e-05, 2.86982322e-05,"
                + " 7.80098831e-05, 0.0002120528477, 0.0005764194025, 0.001566870387, 0.004259195302, 0.01157769319,"
                + " 0.03147143302, 0.0855482245, 0.2325441841, 0.63212063]", new Softmax().call(range(-8, 8)));
    }

    @Test
    @DisplayName("Spring 2023: LeakyReLU on (2, 3, 4), gradient 0 at 0, composed with its own output")
    void leakyReLUOfRank3() {
        LeakyReLU leaky = new LeakyReLU();
        Tensor y = leaky.call(range(-12, 12).reshape(2, 3, 4));
        Tensor slope = Tensor.generate(i -> i < 12 ? 0.3 : i == 12 ? 0 : 1, 2, 3, 4);
        assertClose(slope, leaky.inputGradients().get(0));
        assertClose(slope.multiply(y), leaky.composeInputGradients(List.of(y)).get(0));
    }

    @Test
    @DisplayName("Spring 2023: Softmax and its Jacobians on -8..7 shaped (4, 4)")
    void softmaxJacobiansOfEqualRows() {
        Softmax softmax = new Softmax();
        Tensor y = softmax.call(range(-8, 8).reshape(4, 4));
        Tensor jacobian = tensor("[[0.03103084924, -0.002793725143, -0.007594132289, -0.0206429918],"
                + " [-0.002793725143, 0.07955018645, -0.0206429918, -0.05611346951],"
                + " [-0.007594132289, -0.0206429918, 0.1807693486, -0.1525322245],"
                + " [-0.0206429918, -0.05611346951, -0.1525322245, 0.2292886858]]");
        assertClose(tensor("[[0.03205860328, 0.08714431874, 0.2368828181, 0.6439142599]]").broadcastTo(y.shape()), y);
        Tensor jacobians = softmax.inputGradients().get(0);
        assertClose(jacobian.broadcastTo(jacobians.shape()), jacobians);
        assertEquals(3, jacobians.rank());
    }

    @Test
    @DisplayName("check 14: gradients of LeakyReLU and ReLU, 0 at 0; ReLU on -8..7")
    void slopes() {
        assertClose("[[0.3, 0.3, 0, 1, 1]]", localGradient(new LeakyReLU(), G));
        assertClose("[[0.01, 0.01, 0, 1, 1]]", localGradient(new LeakyReLU(0.01f), G));
        assertClose("[[0, 0, 0, 1, 1]]", localGradient(new ReLU(), G));
        assertClose("[[0]]", localGradient(new LeakyReLU(), Tensor.full(-0f, 1, 1)));
        assertClose("[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]", new ReLU().call(range(-8, 8)));
    }

    @Test
    @DisplayName("check 15: elementwise composition")
    void composition() {
        assertClose("[[0.3, -0.6, 0, 4, -0.5]]", composed(new LeakyReLU()));
        assertClose("[[0.1049935854, -0.4700074244, 0.75, 0.9400148488, -0.0524967927]]", composed(new Sigmoid()));
    }

    @Test
    @DisplayName("check 16: Sigmoid and its derivative; exact and finite far out")
    void sigmoidDerivative() {
        Tensor x = tensor("[-8, -2, -1, -0.5, 0, 0.5, 1, 2, 8]");
        assertClose("[0.0003353501305, 0.119202922, 0.2689414214, 0.3775406688, 0.5, 0.6224593312, 0.7310585786,"
                + " 0.880797078, 0.9996646499]", new Sigmoid().call(x));
        assertClose("[0.0003352376708, 0.1049935854, 0.1966119332, 0.2350037122, 0.25, 0.2350037122, 0.1966119332,"
                + " 0.1049935854, 0.0003352376708]", localGradient(new Sigmoid(), x));
        assertEquals(tensor("[0, 1]"), new Sigmoid().call(tensor("[-1000, 1000]")));
        assertEquals(tensor("[0, 0]"), localGradient(new Sigmoid(), tensor("[-1000, 1000]")));
    }

    @Test
    @DisplayName("check 17: Softmax; a constant added to a row changes nothing")
    void softmax() {
        Tensor y = new Softmax().call(tensor("[[1, 2, 3], [0, 0, 0], [-1, 0.5, 2.5]]"));
        assertClose("[[0.09003057317, 0.2447284711, 0.6652409558], [0.3333333333, 0.3333333333, 0.3333333333],"
                + " [0.02590865472, 0.1161145347, 0.8579768106]]", y);
        assertClose(y, new Softmax().call(tensor("[[101, 102, 103], [100, 100, 100], [99, 100.5, 102.5]]")));
    }

    @Test
    @DisplayName("check 18: Softmax of large numbers")
    void softmaxDoesNotOverflow() {
        assertClose("[[0.09003057317, 0.2447284711, 0.6652409558], [0.2119415576, 0.2119415576, 0.5761168848]]",
                new Softmax().call(tensor("[[1000, 1001, 1002], [-1000, -1000, -999]]")));
    }

    @Test
    @DisplayName("check 19: Softmax Jacobians, symmetric, with rows that sum to 0")
    void softmaxJacobians() {
        Tensor jacobians = localGradient(new Softmax(), tensor("[[1, 2, 3], [0, 0, 0], [-1, 0.5, 2.5]]"));
        assertClose("[[[0.08192506906, -0.02203304452, -0.05989202454], [-0.02203304452, 0.1848364465, -0.162803402],"
                + " [-0.05989202454, -0.162803402, 0.2226954265]],"
                + " [[0.2222222222, -0.1111111111, -0.1111111111], [-0.1111111111, 0.2222222222, -0.1111111111],"
                + " [-0.1111111111, -0.1111111111, 0.2222222222]],"
                + " [[0.02523739633, -0.003008371387, -0.02222902494], [-0.003008371387, 0.1026319495, -0.09962357813],"
                + " [-0.02222902494, -0.09962357813, 0.1218526031]]]", jacobians);
        assertEquals(jacobians, jacobians.transpose(0, 2, 1), "symmetric");
        assertClose(Tensor.zeros(3, 3), jacobians.sum(2));
    }

    @Test
    @DisplayName("check 21: the input stays as it is, the output is another object, local gradients can be read twice")
    void noSideEffects() {
        for (Layer activation : List.of(new LeakyReLU(), new ReLU(), new Sigmoid(), new Softmax())) {
            Tensor x = tensor("[[1, 2, 3], [0.5, 0.25, 4]]");
            Tensor before = x.copy();
            Tensor y = activation.call(x);
            assertNotSame(x, y);
            assertNotSame(x.data(), y.data(), "memory of its own");
            Tensor kept = y.copy();
            assertEquals(activation.inputGradients(), activation.inputGradients());
            assertEquals(before, x);
            assertEquals(kept, y);
        }
    }

    @Test
    @DisplayName("section 5: no weights, no weight gradients, whatever the upstream")
    void noWeights() {
        for (Layer activation : List.of(new LeakyReLU(), new ReLU(), new Sigmoid(), new Softmax())) {
            Tensor y = activation.call(G);
            assertEquals(List.of(), activation.weights());
            assertEquals(List.of(), activation.weightGradients());
            assertEquals(List.of(), activation.composeWeightGradients(List.of(y)));
        }
    }

    private static Tensor localGradient(Layer activation, Tensor x) {
        activation.call(x);
        return activation.inputGradients().get(0);
    }

    private static Tensor composed(Layer activation) {
        activation.call(G);
        return activation.composeInputGradients(List.of(UPSTREAM)).get(0);
    }
}

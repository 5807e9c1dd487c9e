package beras.assignment;

import static beras.assignment.Fixtures.assertClose;
import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.RMSProp;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the assignment says of optimizers. */
@Tag("optimizers")
class OptimizersTest {

    private static final List<String> P_GRADIENTS =
            List.of("[[0.1, -0.2], [0.3, 0]]", "[[-0.1, 0.4], [0.05, 2]]", "[[0, 0], [1, -1]]");
    private static final List<String> Q_GRADIENTS = List.of("[[1, -1]]", "[[0.5, 0.25]]", "[[-2, 0]]");

    private final Variable p = new Variable(tensor("[[1, -2], [3, 0.5]]"));
    private final Variable q = new Variable(tensor("[[0.1, -0.1]]"));

    private void assertSteps(Optimizer optimizer, List<String> ps, List<String> qs) {
        for (int step = 0; step < ps.size(); step++) {
            optimizer.applyGradients(List.of(p, q), List.of(tensor(P_GRADIENTS.get(step)), tensor(Q_GRADIENTS.get(step))));
            assertClose(ps.get(step), p);
            assertClose(qs.get(step), q);
        }
    }

    @Test
    @DisplayName("check 30: SGD (BasicOptimizer)")
    void sgd() {
        assertSteps(new SGD(0.1f),
                List.of("[[0.99, -1.98], [2.97, 0.5]]", "[[1, -2.02], [2.965, 0.3]]", "[[1, -2.02], [2.865, 0.4]]"),
                List.of("[[0, 0]]", "[[-0.05, -0.025]]", "[[0.15, -0.025]]"));
    }

    @Test
    @DisplayName("check 32: Adam, its moments, and one step counted per call")
    void adam() {
        Adam adam = new Adam(0.05f);
        assertSteps(adam,
                List.of("[[0.95000005, -1.950000025], [2.950000017, 0.5]]",
                        "[[0.9526316263, -1.968305196], [2.910833667, 0.4627931615]]",
                        "[[0.954665842, -1.982455144], [2.871470913, 0.4513611435]]"),
                List.of("[[0.050000005, -0.050000005]]", "[[0.003391028956, -0.02652659966]]",
                        "[[0.01370887954, -0.008381589861]]"));
        assertClose("[[-0.0009, 0.0198], [0.1288, 0.08]]", adam.state(p).get(0));
        assertClose("[[1.997001e-05, 0.00019976004], [0.00109231759, 0.004996]]", adam.state(p).get(1));
        assertClose("[[-0.074, -0.0585]]", adam.state(q).get(0));
        assertClose("[[0.005247751, 0.0010604385]]", adam.state(q).get(1));
        assertEquals(3, adam.steps());
    }

    @Test
    @DisplayName("check 32: where the first gradient is 0, the first step of Adam moves nothing")
    void adamWithoutGradient() {
        new Adam(0.05f).applyGradients(List.of(p), List.of(tensor(P_GRADIENTS.get(0))));
        assertEquals(0.5f, p.get(1, 1));
    }

    @Test
    @DisplayName("check 33: gradients and objects stay, empty lists do nothing but count a step of Adam")
    void sideEffects() {
        Adam adam = new Adam(0.05f);
        Tensor gradient = tensor(P_GRADIENTS.get(0));
        float[] memory = p.data();
        adam.applyGradients(List.of(p), List.of(gradient));
        assertSame(memory, p.data());
        assertEquals(tensor(P_GRADIENTS.get(0)), gradient);
        adam.applyGradients(List.of(), List.of());
        assertEquals(2, adam.steps());
    }

    @Test
    @DisplayName("check 33: epsilon stands outside the root")
    void placeOfEpsilon() {
        assertClose("[-0.0009090909091]", firstStep(new Adam(0.001f), 1e-6f));
        assertClose("[-0.003161277976]", firstStep(new RMSProp(0.001f), 0.01f));
    }

    private static Tensor firstStep(Optimizer optimizer, float gradient) {
        Variable w = new Variable(tensor("[0]"));
        optimizer.applyGradients(List.of(w), List.of(Tensor.of(gradient)));
        return w;
    }

    @Test
    @DisplayName("Spring 2023: two steps of each, with its state")
    void twoSteps() {
        assertTwoSteps(new SGD(0.05f), "[-1.025, 1.025]", "[-1.05, 1.05]", List.of());
        assertTwoSteps(new RMSProp(0.05f).beta(0.8).epsilon(1e-7f), "[-1.111803349, 1.111803349]", "[-1.195136654, 1.195136654]",
                List.of("[.09, .09]"));
        assertTwoSteps(new Adam(0.05f).beta1(0.8).beta2(0.888).epsilon(1e-6f), "[-1.0499999, 1.0499999]",
                "[-1.0999998, 1.0999998]",
                List.of("[.18, -.18]", "[.052864, .052864]"));
    }

    private static void assertTwoSteps(Optimizer optimizer, String first, String second, List<String> state) {
        Variable w = new Variable(tensor("[-1, 1]"));
        Tensor gradient = tensor("[0.5, -0.5]");
        optimizer.applyGradients(List.of(w), List.of(gradient));
        assertClose(first, w);
        optimizer.applyGradients(List.of(w), List.of(gradient));
        assertClose(second, w);
        assertEquals(state.size(), optimizer.state(w).size());
        for (int i = 0; i < state.size(); i++) {
            assertClose(state.get(i), optimizer.state(w).get(i));
        }
    }
}

package beras.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Elementwise;
import beras.layers.Layers;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Composed gradients of the layers and losses of the assignment against differences, and against
 * their local Jacobians.
 */
@Tag("gradient")
class ComposedGradientsTest {

    /** How far two orders of summation may lead apart, in units in the last place of the largest element. */
    private static final int ULPS = 4;

    private static final List<Elementwise> ACTIVATIONS = Stream.of("relu", "leaky_relu", "sigmoid", "tanh", "elu(0.6)", "selu",
            "gelu", "gelu(approximate=true)", "silu", "mish", "softplus", "softsign", "hard_sigmoid", "exponential", "linear")
            .map(Layers::activation).map(Elementwise.class::cast).toList();
    private static final List<Elementwise> FUSABLE = ACTIVATIONS.stream().filter(Elementwise::fusable).toList();

    /** Batch, inputs, outputs: odd ones, and those where one axis could be taken for another. */
    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of(1, 1, 1), Arguments.of(1, 3, 2), Arguments.of(3, 3, 5), Arguments.of(5, 1, 3),
                Arguments.of(4, 7, 1), Arguments.of(1, 17, 1), Arguments.of(7, 5, 7), Arguments.of(3, 31, 33),
                Arguments.of(17, 5, 10));
    }

    // ------------------------------------------------------------------------------------------- central differences

    @ParameterizedTest
    @MethodSource("shapes")
    void dense(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, inputs);
        check(GradientCheck.of(dense(inputs, outputs)), x, inputs * outputs + outputs);
        for (Elementwise activation : FUSABLE) {
            check(GradientCheck.of(dense(inputs, outputs).fused(activation).orElseThrow()), x, inputs * outputs + outputs);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void activations(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, outputs);
        check(GradientCheck.of(new Softmax()), x, 0);
        check(GradientCheck.of(new LogSoftmax()), x, 0);
        for (Elementwise activation : ACTIVATIONS) {
            check(GradientCheck.of(activation), x, 0);
        }
    }

    /** Of rows that sum to anything: the loss takes them as they are. */
    @ParameterizedTest
    @MethodSource("shapes")
    void losses(int batch, int inputs, int outputs) {
        Tensor truth = random("truth", batch, outputs);
        Tensor probabilities = probabilities("truth", batch, outputs);
        check(GradientCheck.of(p -> new MeanSquaredError().call(p, truth)), random("x", batch, outputs), 0);
        check(GradientCheck.of(p -> new CategoricalCrossEntropy().call(p, probabilities)), probabilities("p", batch, outputs), 0);
        check(GradientCheck.of(z -> new CategoricalCrossEntropy().call(new Softmax().call(z), probabilities)),
                random("x", batch, outputs), 0);
    }

    // Two layers, with the numbers of the assignment's checks.

    private static final Tensor X = Tensor.of(new float[][] {{1f, 2f, -1f}, {0.5f, -1.5f, 2f}});
    private static final Tensor LABELS = Tensor.of(new float[][] {{0f, 0f, 1f}, {1f, 0f, 0f}});
    private static final Tensor TARGETS = Tensor.of(new float[][] {{1f, 0f, -1f}, {0.5f, 2f, 0f}});

    @Test
    void nets() {
        checkNet(new LeakyReLU(), z -> new CategoricalCrossEntropy().call(new Softmax().call(z), LABELS));
        checkNet(new Sigmoid(), z -> new MeanSquaredError().call(z, TARGETS));
        checkNet(new ReLU(), z -> new MeanSquaredError().call(new Sigmoid().call(z), LABELS));
    }

    private static void checkNet(Elementwise hidden, UnaryOperator<Tensor> loss) {
        Dense first = new Dense(3, 2, Initializers.zeros());
        first.w().assign(new float[][] {{0.1f, -0.2f}, {0.3f, 0.4f}, {-0.5f, 0.6f}});
        first.b().assign(new float[][] {{0.05f, -0.1f}});
        Dense second = new Dense(2, 3, Initializers.zeros());
        second.w().assign(new float[][] {{0.7f, -0.3f, 0.2f}, {-0.4f, 0.5f, 0.1f}});
        second.b().assign(new float[][] {{0.01f, 0.02f, -0.03f}});
        check(GradientCheck.of(x -> loss.apply(second.call(hidden.call(first.call(x))))), X, 17);
    }

    private static void check(GradientCheck check, Tensor x, int ofWeights) {
        GradientCheck.Report report = check.check(x);
        assertTrue(report.passed(), report::toString);
        assertEquals(x.size() + ofWeights, report.compared() + report.skipped());
        assertTrue(report.skipped() <= 0.1 * report.compared(), report::toString);
    }

    // -------------------------------------------------------------------------------------------------- definitions

    @ParameterizedTest
    @MethodSource("shapes")
    void denseByItsDefinition(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, inputs);
        Tensor upstream = random("upstream", batch, outputs);
        checkDefinition(dense(inputs, outputs), upstream, x);
        for (Elementwise activation : FUSABLE) {
            checkDefinition(dense(inputs, outputs).fused(activation).orElseThrow(), upstream, x);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void activationsByTheirDefinition(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, outputs);
        Tensor upstream = random("upstream", batch, outputs);
        checkDefinition(new Softmax(), upstream, x);
        checkDefinition(new LogSoftmax(), upstream, x);
        for (Elementwise activation : ACTIVATIONS) {
            checkDefinition(activation, upstream, x);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void lossesByTheirDefinition(int batch, int inputs, int outputs) {
        Tensor upstream = Tensor.scalar(0.7f);
        checkDefinition(new MeanSquaredError(), upstream, random("x", batch, outputs), random("truth", batch, outputs));
        checkDefinition(new CategoricalCrossEntropy(), upstream, probabilities("p", batch, outputs),
                probabilities("truth", batch, outputs));
    }

    private static void checkDefinition(Diffable diffable, Tensor upstream, Tensor... inputs) {
        try (GradientTape tape = new GradientTape()) {
            Call call = tape.producer(diffable.call(inputs));
            assertSame(Definitions.inputsFromLocal(call, upstream),
                    diffable.composeInputGradients(List.of(upstream)), inputs);
            assertSame(Definitions.weightsFromLocal(call, upstream), diffable.composeWeightGradients(List.of(upstream)),
                    diffable.weights().toArray(Tensor[]::new));
        }
    }

    private static void assertSame(List<Tensor> definition, List<Tensor> composed, Tensor[] owners) {
        assertEquals(owners.length, definition.size());
        assertEquals(owners.length, composed.size());
        for (int i = 0; i < owners.length; i++) {
            Tensor zeros = Tensor.zeros(owners[i].shape()); // what a null stands for
            Tensor expected = definition.get(i);
            Tensor actual = composed.get(i) == null ? zeros : composed.get(i);
            assertEquals(owners[i].shape(), expected.shape());
            assertEquals(owners[i].shape(), actual.shape());
            float largest = expected.maximum(expected.negate()).max().item();
            assertTrue(actual.allClose(expected, 0, ULPS * Math.ulp(largest)),
                    "gradient " + i + ": expected by definition " + expected + ", composed " + actual);
        }
    }

    // -------------------------------------------------------------------------------------------------------- inputs

    private static Tensor random(String purpose, int rows, int cols) {
        return Tensor.generate(new Rng(1, purpose, 0)::normal, rows, cols);
    }

    /** From 0.1 to 1: away from where the loss clips. */
    private static Tensor probabilities(String purpose, int rows, int cols) {
        Rng rng = new Rng(1, purpose, 0);
        return Tensor.generate(i -> 0.1 + 0.9 * rng.uniform(i), rows, cols);
    }

    private static Dense dense(int inputs, int outputs) {
        Dense dense = new Dense(inputs, outputs, Initializers.glorotNormal(), 1);
        dense.b().assign(random("bias", 1, outputs));
        return dense;
    }
}

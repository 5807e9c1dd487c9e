package beras.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.Elementwise;
import beras.layers.activations.ELU;
import beras.layers.activations.Exponential;
import beras.layers.activations.GELU;
import beras.layers.activations.HardSigmoid;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Linear;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.Mish;
import beras.layers.activations.ReLU;
import beras.layers.activations.SELU;
import beras.layers.activations.SiLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.layers.activations.Softplus;
import beras.layers.activations.Softsign;
import beras.layers.activations.Tanh;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every composed gradient against central differences of a twin, the same function written in doubles, and against its own
 * definition by local Jacobians.
 */
@Tag("gradient")
class ComposedGradientsTest {

    /** A gradient may be off by this share of the largest element of its tensor; float itself resolves 6e-8. */
    private static final double TOLERANCE = 1e-6;

    /** Of the central differences: in doubles their own error is then near 1e-10. */
    private static final double STEP = 1e-5;

    /** How far two orders of summation may lead apart, in units in the last place of the largest element. */
    private static final int ULPS = 4;

    /** An activation and its twin. */
    private record Activation(Elementwise layer, DoubleUnaryOperator twin) {}

    private static final Activation RELU = new Activation(new ReLU(), x -> awayFromKink(x) > 0 ? x : 0);
    private static final Activation LEAKY_RELU =
            new Activation(new LeakyReLU(), x -> awayFromKink(x) > 0 ? x : 0.3f * x);
    private static final Activation SIGMOID = new Activation(new Sigmoid(), x -> 1 / (1 + Math.exp(-x)));
    private static final Activation TANH = new Activation(new Tanh(), Math::tanh);
    private static final Activation ELU = new Activation(new ELU(0.6f), x -> awayFromKink(x) > 0 ? x : 0.6f * Math.expm1(x));
    private static final Activation SELU = new Activation(new SELU(),
            x -> 1.0507009873554805 * (awayFromKink(x) > 0 ? x : 1.6732632423543772 * Math.expm1(x)));
    private static final Activation GELU = new Activation(new GELU().approximate(true),
            x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
    private static final Activation SILU = new Activation(new SiLU(), x -> x / (1 + Math.exp(-x)));
    private static final Activation MISH = new Activation(new Mish(), x -> x * Math.tanh(Math.log1p(Math.exp(x))));
    private static final Activation SOFTPLUS = new Activation(new Softplus(), x -> Math.log1p(Math.exp(x)));
    private static final Activation SOFTSIGN = new Activation(new Softsign(), x -> x / (1 + Math.abs(x)));
    private static final Activation HARD_SIGMOID =
            new Activation(new HardSigmoid(), x -> Math.min(Math.max(x / 6 + 0.5, 0), 1));
    private static final Activation EXPONENTIAL = new Activation(new Exponential(), Math::exp);
    private static final Activation LINEAR = new Activation(new Linear(), x -> x);
    private static final List<Activation> ACTIVATIONS = List.of(RELU, LEAKY_RELU, SIGMOID, TANH, ELU, SELU, GELU, SILU,
            MISH, SOFTPLUS, SOFTSIGN, HARD_SIGMOID, EXPONENTIAL, LINEAR);
    private static final List<Activation> FUSABLE = ACTIVATIONS.stream().filter(a -> a.layer.fusable()).toList();

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
        Dense dense = dense(inputs, outputs);
        checkDense(batch, dense, dense, x -> x);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void denseWithActivation(int batch, int inputs, int outputs) {
        for (Activation activation : FUSABLE) {
            Dense dense = dense(inputs, outputs);
            checkDense(batch, dense, dense.fused(activation.layer).orElseThrow(), activation.twin);
        }
    }

    private static void checkDense(int batch, Dense dense, Diffable whole, DoubleUnaryOperator activation) {
        Tensor x = random("x", batch, dense.w().dim(0));
        Tensor upstream = random("upstream", batch, dense.w().dim(1));
        check(List.of(x, dense.w(), dense.b()), upstream, () -> whole.call(x),
                s -> s.get(0).affine(s.get(1), s.get(2)).map(activation).dot(Matrix.of(upstream)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void activations(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, outputs);
        Tensor upstream = random("upstream", batch, outputs);
        for (Activation activation : ACTIVATIONS) {
            check(List.of(x), upstream, () -> activation.layer.call(x),
                    s -> s.get(0).map(activation.twin).dot(Matrix.of(upstream)));
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void softmax(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, outputs);
        Tensor upstream = random("upstream", batch, outputs);
        check(List.of(x), upstream, () -> new Softmax().call(x), s -> s.get(0).softmax().dot(Matrix.of(upstream)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void logSoftmax(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, outputs);
        Tensor upstream = random("upstream", batch, outputs);
        check(List.of(x), upstream, () -> new LogSoftmax().call(x),
                s -> s.get(0).softmax().map(Math::log).dot(Matrix.of(upstream)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void meanSquaredError(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, outputs);
        Tensor truth = random("truth", batch, outputs);
        check(List.of(x), Tensor.scalar(1f), () -> new MeanSquaredError().call(x, truth),
                s -> s.get(0).meanSquaredError(Matrix.of(truth)));
    }

    /** Of rows that sum to anything: the loss takes them as they are. */
    @ParameterizedTest
    @MethodSource("shapes")
    void crossEntropyOfProbabilities(int batch, int inputs, int outputs) {
        Tensor p = probabilities("p", batch, outputs);
        Tensor truth = probabilities("truth", batch, outputs);
        check(List.of(p), Tensor.scalar(1f), () -> new CategoricalCrossEntropy().call(p, truth),
                s -> s.get(0).crossEntropy(Matrix.of(truth)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void crossEntropyThroughLogits(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, outputs);
        Tensor truth = probabilities("truth", batch, outputs);
        check(List.of(x), Tensor.scalar(1f), () -> new CategoricalCrossEntropy().call(new Softmax().call(x), truth),
                s -> s.get(0).softmax().crossEntropy(Matrix.of(truth)));
    }

    // Two layers, with the numbers of the assignment's checks.

    private static final Tensor X = Tensor.of(new float[][] {{1f, 2f, -1f}, {0.5f, -1.5f, 2f}});
    private static final Tensor LABELS = Tensor.of(new float[][] {{0f, 0f, 1f}, {1f, 0f, 0f}});
    private static final Tensor TARGETS = Tensor.of(new float[][] {{1f, 0f, -1f}, {0.5f, 2f, 0f}});

    @Test
    void netWithLeakyReluSoftmaxAndCrossEntropy() {
        checkNet(LEAKY_RELU, z -> new CategoricalCrossEntropy().call(new Softmax().call(z), LABELS),
                z -> z.softmax().crossEntropy(Matrix.of(LABELS)));
    }

    @Test
    void netWithSigmoidAndMeanSquaredError() {
        checkNet(SIGMOID, z -> new MeanSquaredError().call(z, TARGETS), z -> z.meanSquaredError(Matrix.of(TARGETS)));
    }

    @Test
    void netWithReluSigmoidAndMeanSquaredError() {
        checkNet(RELU, z -> new MeanSquaredError().call(SIGMOID.layer.call(z), LABELS),
                z -> z.map(SIGMOID.twin).meanSquaredError(Matrix.of(LABELS)));
    }

    private static void checkNet(Activation hidden, Function<Tensor, Tensor> loss, ToDoubleFunction<Matrix> twinLoss) {
        Dense first = new Dense(3, 2, Initializers.zeros());
        first.w().assign(new float[][] {{0.1f, -0.2f}, {0.3f, 0.4f}, {-0.5f, 0.6f}});
        first.b().assign(new float[][] {{0.05f, -0.1f}});
        Dense second = new Dense(2, 3, Initializers.zeros());
        second.w().assign(new float[][] {{0.7f, -0.3f, 0.2f}, {-0.4f, 0.5f, 0.1f}});
        second.b().assign(new float[][] {{0.01f, 0.02f, -0.03f}});
        check(List.of(X, first.w(), first.b(), second.w(), second.b()), Tensor.scalar(1f),
                () -> loss.apply(second.call(hidden.layer.call(first.call(X)))),
                s -> twinLoss.applyAsDouble(s.get(0).affine(s.get(1), s.get(2)).map(hidden.twin).affine(s.get(3), s.get(4))));
    }

    /** Something to differentiate, called under a tape. */
    private interface Forward {
        Tensor run();
    }

    /**
     * Compares the gradients of {@code sum(upstream * forward)} to the sources with central differences.
     *
     * @param twin the same sum, from the sources' values in doubles
     */
    private static void check(List<? extends Tensor> sources, Tensor upstream, Forward forward,
            ToDoubleFunction<List<Matrix>> twin) {
        List<Tensor> gradients;
        try (GradientTape tape = new GradientTape()) {
            gradients = tape.gradient(forward.run(), sources, upstream);
        }
        List<Matrix> values = sources.stream().map(Matrix::of).toList();
        for (int i = 0; i < sources.size(); i++) {
            assertEquals(sources.get(i).shape(), gradients.get(i).shape());
            double[] at = values.get(i).data;
            double[] differences = new double[at.length];
            double largest = 0;
            for (int k = 0; k < at.length; k++) {
                double value = at[k];
                at[k] = value + STEP;
                double above = twin.applyAsDouble(values);
                at[k] = value - STEP;
                double below = twin.applyAsDouble(values);
                at[k] = value;
                differences[k] = (above - below) / (2 * STEP);
                largest = Math.max(largest, Math.abs(differences[k]));
            }
            float[] gradient = gradients.get(i).toArray();
            for (int k = 0; k < at.length; k++) {
                // The last term is the error of the differences themselves, where the gradient is zero throughout.
                assertEquals(differences[k], gradient[k], TOLERANCE * largest + 1e-9, "source " + i + ", element " + k);
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- definitions

    @ParameterizedTest
    @MethodSource("shapes")
    void denseByItsDefinition(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, inputs);
        Tensor upstream = random("upstream", batch, outputs);
        checkDefinition(dense(inputs, outputs), upstream, x);
        for (Activation activation : FUSABLE) {
            checkDefinition(dense(inputs, outputs).fused(activation.layer).orElseThrow(), upstream, x);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void activationsByTheirDefinition(int batch, int inputs, int outputs) {
        Tensor x = random("x", batch, outputs);
        Tensor upstream = random("upstream", batch, outputs);
        checkDefinition(new Softmax(), upstream, x);
        checkDefinition(new LogSoftmax(), upstream, x);
        for (Activation activation : ACTIVATIONS) {
            checkDefinition(activation.layer, upstream, x);
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
            assertSame(diffable.composeInputsFromLocal(call, upstream),
                    diffable.composeInputGradients(call, upstream), inputs);
            assertSame(diffable.composeWeightsFromLocal(call, upstream), diffable.composeWeightGradients(call, upstream),
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

    private static double awayFromKink(double x) {
        assertTrue(Math.abs(x) > 20 * STEP, "differences need inputs away from the kink at 0: choose another seed");
        return x;
    }

    /** A small matrix of doubles: what the twins are written with. */
    private record Matrix(int rows, int cols, double[] data) {

        static Matrix of(Tensor t) {
            float[] floats = t.toArray();
            Matrix m = new Matrix(t.dim(0), t.dim(1), new double[floats.length]);
            for (int i = 0; i < floats.length; i++) {
                m.data[i] = floats[i];
            }
            return m;
        }

        /** {@code this · w + b}. */
        Matrix affine(Matrix w, Matrix b) {
            Matrix out = new Matrix(rows, w.cols, new double[rows * w.cols]);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < w.cols; c++) {
                    double sum = b.data[c];
                    for (int k = 0; k < cols; k++) {
                        sum += data[r * cols + k] * w.data[k * w.cols + c];
                    }
                    out.data[r * w.cols + c] = sum;
                }
            }
            return out;
        }

        Matrix map(DoubleUnaryOperator function) {
            Matrix out = new Matrix(rows, cols, data.clone());
            for (int i = 0; i < data.length; i++) {
                out.data[i] = function.applyAsDouble(data[i]);
            }
            return out;
        }

        Matrix softmax() {
            Matrix out = map(Math::exp);
            for (int r = 0; r < rows; r++) {
                double sum = 0;
                for (int c = 0; c < cols; c++) {
                    sum += out.data[r * cols + c];
                }
                for (int c = 0; c < cols; c++) {
                    out.data[r * cols + c] /= sum;
                }
            }
            return out;
        }

        /** {@code sum(this * other)}. */
        double dot(Matrix other) {
            double sum = 0;
            for (int i = 0; i < data.length; i++) {
                sum += data[i] * other.data[i];
            }
            return sum;
        }

        double meanSquaredError(Matrix truth) {
            double sum = 0;
            for (int i = 0; i < data.length; i++) {
                sum += (data[i] - truth.data[i]) * (data[i] - truth.data[i]);
            }
            return sum / data.length;
        }

        double crossEntropy(Matrix truth) {
            return -map(Math::log).dot(truth) / rows;
        }
    }
}

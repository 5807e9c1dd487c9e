package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.layers.SymmetricMatrix.Eigen;
import beras.models.Models;
import beras.models.Sequential;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eigenvectors of symmetric matrices, and what a layer makes of patches by them. */
@Tag("layers")
class WhiteningTest {

    // ---------------------------------------------------------------------------------------------- eigenvectors

    /** Also of matrices whose eigenvalues are far apart, equal, or nearly 0. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 30})
    void vectorsAreOrthonormalAndMakeTheMatrixAgain(int n) {
        for (double spread : new double[] {1, 1e-3, 0}) {
            double[][] root = new double[n][n];
            Rng rng = new Rng(4, "matrix", n);
            for (int i = 0; i < n * n; i++) {
                root[i / n][i % n] = rng.normal(i) * Math.pow(spread, i / n / (double) n);
            }
            double[][] matrix = new double[n][n];
            for (int i = 0; i < n * n * n; i++) {
                matrix[i / n / n][i / n % n] += root[i % n][i / n / n] * root[i % n][i / n % n];
            }
            double[][] half = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
            half[n - 1][0] = n == 1 ? half[0][0] : Double.NaN; // below the diagonal nothing is read
            Eigen[] all = SymmetricMatrix.decompose(half);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double dot = 0;
                    double again = 0;
                    for (int k = 0; k < n; k++) {
                        dot += all[i].vector()[k] * all[j].vector()[k];
                        again += all[k].value() * all[k].vector()[i] * all[k].vector()[j];
                    }
                    assertEquals(i == j ? 1 : 0, dot, 1e-13);
                    assertEquals(matrix[i][j], again, 1e-12 * Math.max(1, all[0].value()));
                }
                double largest = Arrays.stream(all[i].vector()).boxed().max(Comparator.comparing(Math::abs)).orElseThrow();
                assertTrue(largest > 0, "the sign");
                assertTrue(i == 0 || all[i].value() <= all[i - 1].value(), "the largest first");
            }
        }
    }

    // --------------------------------------------------------------------------------------------------- whitening

    /** Smooth images far from 0, whose neighbours are alike. */
    private static Tensor images(int count, int side, int channels) {
        Rng rng = new Rng(9, "images", 0);
        float[] x = new float[count * side * side * channels];
        for (int i = 0; i < x.length; i++) {
            float before = i % (side * channels) < channels ? 0 : x[i - channels] - 5;
            x[i] = 5 + 0.8f * before + 0.3f * (float) rng.normal(i) + (i % channels == 1 ? 0.2f * (float) rng.normal(i / channels) : 0);
        }
        return Tensor.wrap(x, count, side, side, channels);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatItGivesIsWhite(int channels) {
        Tensor x = images(40, 9, channels);
        Whitening2D layer = new Whitening2D(2, 3).with("epsilon", 0);
        layer.adapt(x);
        int filters = 12 * channels;
        float[] y = layer.forward(x).toArray();
        int rows = y.length / filters;
        for (int a = 0; a < filters; a++) {
            for (int b = 0; b < filters; b++) {
                double sum = 0;
                double products = 0;
                for (int row = 0; row < rows; row++) {
                    sum += y[row * filters + a];
                    products += y[row * filters + a] * y[row * filters + b];
                }
                int expected = a == b ? 1 : a % (filters / 2) == b % (filters / 2) ? -1 : 0;
                assertEquals(0, sum / rows, 1e-4, "mean");
                assertEquals(expected, products / rows, 1e-3, "covariance of " + a + " and " + b);
            }
        }
        assertTrue(layer.trainableVariables().isEmpty());
    }

    @Test
    void epsilonBoundsWhatHardlyVaries() {
        Tensor x = images(20, 8, 1);
        Whitening2D plain = new Whitening2D(2).with("epsilon", 0);
        Whitening2D bounded = new Whitening2D(2).with("epsilon", 3);
        plain.adapt(x);
        bounded.adapt(x);
        float[] a = plain.w().toArray();
        float[] b = bounded.w().toArray();
        for (int i = 0; i < a.length; i++) {
            assertTrue(Math.abs(b[i]) < Math.abs(a[i]), "element " + i);
        }
        Whitening2D scaled = new Whitening2D(2).with("epsilon", 3);
        scaled.adapt(x.multiply(16));
        assertEquals(bounded.w().divide(16), scaled.w().copy(), "epsilon is a share of the mean variance");
        Tensor flat = Tensor.full(0.5, 3, 4, 4, 1);
        plain.adapt(flat);
        assertEquals(Tensor.zeros(3, 3, 3, 8), plain.forward(flat));
    }

    @Test
    void manyPatchesAreTakenAtSomePlaces() {
        Tensor x = images(30, 200, 1); // 1.2 million patches of one pixel
        Whitening2D layer = new Whitening2D(1).with("epsilon", 0);
        layer.adapt(x);
        float[] y = layer.forward(x).toArray();
        double squares = 0;
        for (float value : y) {
            squares += value * value;
        }
        assertEquals(1, squares / y.length, 0.01);
    }

    @Test
    void imagesThatDoNotFitAreRefused() {
        Whitening2D layer = new Whitening2D(3);
        assertRefused("needs images (count, height, width, channels) to adapt to. Received shape: (4, 5, 6)", layer, Tensor.zeros(4, 5, 6));
        assertRefused("Received shape: (0, 5, 5, 1)", layer, Tensor.zeros(0, 5, 5, 1));
        assertRefused("pixels that are finite", layer, Tensor.full(Double.NaN, 2, 5, 5, 1));
        assertRefused("has a kernel for 1 channels", layer, Tensor.zeros(2, 5, 5, 2));
        Whitening2D beyond = new Whitening2D(3).padding("same");
        assertRefused("not smaller than its patches, [3, 3]", beyond, Tensor.zeros(2, 2, 5, 1));
        assertRefused("has no setting useBias", () -> new Whitening2D(3).useBias(false));
        assertRefused("has no setting dilationRate", () -> new Whitening2D(3).with("dilationRate", 2));
    }

    private static void assertRefused(String message, Whitening2D layer, Tensor images) {
        assertRefused(message, () -> layer.adapt(images));
    }

    private static void assertRefused(String message, Executable action) {
        String received = assertThrows(IllegalArgumentException.class, action).getMessage();
        assertTrue(received.contains(message), received);
    }

    // ------------------------------------------------------------------------------------------------- in a model

    @Test
    void aModelHasItLearnFromWhatComesToItAndTrainsTheRest() {
        Tensor x = images(30, 6, 1).reshape(30, 36);
        Whitening2D inner = new Whitening2D(2);
        Sequential model = new Sequential(3, new Input(36), new Rescaling(2, -1), new Sequential(new Input(36), new Reshape(6, 6, 1),
                inner), new Conv2D(2, 2, "relu"), new Flatten(), new Dense(2, "softmax"));
        Models.adapt(model, () -> x);
        Whitening2D alone = new Whitening2D(2);
        alone.adapt(new Rescaling(2, -1).forward(x).reshape(30, 6, 6, 1));
        assertEquals(alone.w().copy(), inner.w().copy());
        assertEquals(alone.b().copy(), inner.b().copy());
        model.compile("adam", "cross-entropy");
        float[] before = model.weights().get(2).toArray();
        model.fit(x, Tensor.generate(i -> i % 2 == i / 2 % 2 ? 1 : 0, 30, 2), new FitOptions().epochs(2));
        assertEquals(alone.w().copy(), inner.w().copy());
        assertFalse(Arrays.equals(before, model.weights().get(2).toArray()), "the others learn");
        Models.adapt(new Sequential(new Input(3), new Dense(2)), () -> {
            throw new AssertionError("nobody needs examples");
        });
    }

    @Test
    void itIsTheConvolutionThatItSays() {
        Whitening2D layer = new Whitening2D(2, 3).strides(2).padding("same").activation("tanh");
        Tensor x = images(3, 7, 2);
        layer.adapt(x);
        Config config = layer.convolution();
        Conv2D same = (Conv2D) Layers.REGISTRY.of(config);
        same.build(List.of(Shape.of(7, 7, 2)));
        same.w().assign(layer.w());
        same.b().assign(layer.b());
        assertEquals(same.forward(x), layer.forward(x));
    }
}

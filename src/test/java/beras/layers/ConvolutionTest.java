package beras.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.GradientTape;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions of many shapes against their definition in float64. */
@Tag("layers")
class ConvolutionTest {

    private static final int[][] SIZES = {{1, 1}, {1, 7}, {2, 2}, {3, 5}, {8, 8}, {14, 13}, {31, 33}};
    private static final int[][] KERNELS = {{1, 1}, {3, 3}, {2, 5}};
    /** Of float32, per addition: as many as a plain sum of floats may be off, and no more. */
    private static final double ULP = 0x1p-23;
    private static final int ELEMENTS = 12;

    /** A case: images, window and groups. */
    record Case(int batch, int height, int width, int channels, int filters, int[] kernel, int[] strides, int dilation,
            boolean same, int groups) {

        Conv2D layer() {
            Conv2D layer = new Conv2D(filters, kernel).strides(strides).with("dilationRate", dilation).padding(same ? "same" : "valid")
                    .with("groups", groups).seed(5);
            layer.build(List.of(Shape.of(height, width, channels)));
            layer.b().assign(numbers("bias", filters));
            return layer;
        }

        int out(int axis) {
            int size = axis == 0 ? height : width;
            return same ? (size + strides[axis] - 1) / strides[axis] : (size - span(axis)) / strides[axis] + 1;
        }

        int span(int axis) {
            return (kernel[axis] - 1) * dilation + 1;
        }

        int before(int axis) {
            return same ? Math.max(0, (out(axis) - 1) * strides[axis] + span(axis) - (axis == 0 ? height : width)) / 2 : 0;
        }

        /** Element {@code i} of the output, by its definition. */
        double output(double[] x, double[] w, double[] b, int i) {
            int filter = i % filters;
            int col = i / filters % out(1);
            int row = i / filters / out(1) % out(0);
            int image = i / filters / out(1) / out(0);
            int channelsOfGroup = channels / groups;
            double sum = b[filter];
            for (int r = 0; r < kernel[0]; r++) {
                for (int c = 0; c < kernel[1]; c++) {
                    int y = row * strides[0] + r * dilation - before(0);
                    int z = col * strides[1] + c * dilation - before(1);
                    for (int ch = 0; y >= 0 && y < height && z >= 0 && z < width && ch < channelsOfGroup; ch++) {
                        int channel = filter / (filters / groups) * channelsOfGroup + ch;
                        sum += x[((image * height + y) * width + z) * channels + channel]
                                * w[((r * kernel[1] + c) * channelsOfGroup + ch) * filters + filter];
                    }
                }
            }
            return sum;
        }

        @Override
        public String toString() {
            return batch + "x" + height + "x" + width + "x" + channels + " * " + kernel[0] + "x" + kernel[1] + "x" + filters
                    + ", strides " + strides[0] + " " + strides[1] + ", dilation " + dilation + (same ? ", same" : ", valid")
                    + ", groups " + groups;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(SIZES).flatMap(size -> Stream.of(KERNELS).flatMap(kernel -> Stream.of(true, false)
                .flatMap(same -> Stream.of(
                        new Case(2, size[0], size[1], 3, 4, kernel, new int[] {1, 1}, 1, same, 1),
                        new Case(1, size[0], size[1], 2, 6, kernel, new int[] {3, 2}, 1, same, 2),
                        new Case(2, size[0], size[1], 4, 4, kernel, new int[] {1, 1}, 2, same, 4),
                        new Case(0, size[0], size[1], 1, 2, kernel, new int[] {1, 3}, 1, same, 1)))))
                .filter(c -> c.same || c.height >= c.span(0) && c.width >= c.span(1));
    }

    private static Tensor numbers(String purpose, int... shape) {
        return Tensor.generate(new Rng(11, purpose, 0)::normal, shape);
    }

    private static double[] doubles(Tensor tensor) {
        float[] floats = tensor.toArray();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void outputsAndGradientsAreThoseOfTheDefinition(Case c) {
        Conv2D layer = c.layer();
        Tensor x = numbers("x", c.batch, c.height, c.width, c.channels);
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = layer.call(x);
        }
        assertEquals(Shape.of(c.batch, c.out(0), c.out(1), c.filters), y.shape());
        Tensor upstream = numbers("upstream", y.shape().toArray());
        List<Tensor> sources = List.of(x, layer.w(), layer.b());
        List<Tensor> gradients = tape.gradient(y, sources, upstream);
        double[][] values = {doubles(x), doubles(layer.w()), doubles(layer.b())};
        for (int i = 0; i < y.size(); i++) {
            near(c.output(values[0], values[1], values[2], i), y.toArray()[i], c.kernel[0] * c.kernel[1] * c.channels);
        }
        double[] u = doubles(upstream);
        for (int s = 0; s < values.length; s++) {
            assertEquals(sources.get(s).shape(), gradients.get(s).shape());
            float[] gradient = gradients.get(s).toArray();
            Rng rng = new Rng(13, "elements", s);
            for (int k = 0; k < ELEMENTS && gradient.length > 0; k++) {
                int element = Math.floorMod(rng.bits(k), gradient.length);
                double difference = difference(c, values, s, element, u);
                near(difference, gradient[element], s == 0 ? c.kernel[0] * c.kernel[1] * c.filters : y.size() / c.filters);
            }
        }
    }

    /** The central difference of the sum of {@code upstream * output}; the output is linear, so any step will do. */
    private static double difference(Case c, double[][] values, int source, int element, double[] upstream) {
        double before = values[source][element];
        double[] sums = new double[2];
        for (int side = 0; side < 2; side++) {
            values[source][element] = before + (side == 0 ? 1 : -1);
            for (int i = 0; i < upstream.length; i++) {
                sums[side] += upstream[i] * c.output(values[0], values[1], values[2], i);
            }
        }
        values[source][element] = before;
        return (sums[0] - sums[1]) / 2;
    }

    /** Terms are of the size of 1. */
    private static void near(double expected, float actual, int terms) {
        assertEquals(expected, actual, 4 * ULP * (terms + 1));
    }

    /** Even where pixels are equal, 0 or no numbers, and where windows overlap or go beyond the edge. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "none"})
    void poolingWithinTheLayerHasTheBitsOfPoolingAfterIt(String activation) {
        List<Supplier<Layer>> pools = List.of(() -> new MaxPooling2D(2), () -> new MaxPooling2D(3, 2).strides(1).padding("same"));
        for (Supplier<Layer> pool : pools) {
            for (float special : new float[] {0f, Float.NaN, Float.POSITIVE_INFINITY}) {
                Tensor x = Tensor.generate(i -> (i * 13 % 7 - 3) / 2.0, 2, 7, 6, 2);
                x.data()[11] = special;
                List<Tensor> apart = pooled(activation, pool.get(), x, false);
                List<Tensor> within = pooled(activation, pool.get(), x, true);
                for (int i = 0; i < apart.size(); i++) {
                    assertArrayEquals(bits(apart.get(i)), bits(within.get(i)), pool.get() + " of " + special + ", tensor " + i);
                }
            }
        }
    }

    /** What comes out, and the gradients of images, kernel and bias. */
    private static List<Tensor> pooled(String activation, Layer pool, Tensor x, boolean within) {
        Conv2D layer = new Conv2D(3, 2).seed(3);
        if (activation.equals("relu")) {
            layer.activation(activation);
        }
        layer.build(List.of(x.shape().rest()));
        layer.b().assign(Tensor.of(0.25f, -0.5f, 0f));
        Layer both = within ? layer.fused(pool).orElseThrow() : null;
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = within ? both.call(x) : pool.call(layer.call(x));
        }
        Tensor upstream = Tensor.generate(i -> i % 5 - 2, y.shape().toArray());
        List<Tensor> all = new ArrayList<>(List.of(y));
        all.addAll(tape.gradient(y, List.of(x, layer.w(), layer.b()), upstream));
        return all;
    }

    private static int[] bits(Tensor tensor) {
        float[] values = tensor.toArray();
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    private static Conv2D built() {
        Conv2D layer = new Conv2D(2, 2).seed(3);
        layer.build(List.of(Shape.of(3, 3, 2)));
        return layer;
    }

    @Test
    void wrongSettingsAreRefused() {
        refused(() -> new Conv2D(0, 3), "filters of Conv2D must be at least 1. Received: 0");
        refused(() -> new SeparableConv2D(0, 3), "filters of SeparableConv2D must be at least 1. Received: 0");
        refused(() -> new Conv2D(3, 0), "kernelSize of Conv2D needs one or 2 whole numbers of at least 1. Received: [0]");
        refused(() -> new Conv2D(3, 1, 2, 3), "kernelSize of Conv2D needs one or 2 whole numbers of at least 1. Received: [1, 2, 3]");
        refused(() -> new Conv2D(3, 3).padding("causal"), "padding of Conv2D must be valid or same");
        refused(() -> new Conv2D(3, 3).padding("full"), "one of [valid, same, causal]");
        refused(() -> new Conv2D(4, 3).with("groups", 3).build(List.of(Shape.of(5, 5, 3))), "3 channels and 4 filters");
        refused(() -> new Conv2D(4, 6).outputShape(Shape.of(5, 5, 3)), "padding=same lets it go beyond. Received shape: (5, 5, 3)");
        refused(() -> new MaxPooling1D(2).padding("causal"), "padding of MaxPooling1D must be valid or same");
        refused(() -> new Conv2D(4, 3).build(List.of(Shape.of(784))), "Reshape(28, 28, 1)");
        refused(() -> built().forward(Tensor.zeros(1, 3, 3, 4)), "a kernel for 2 channels");
    }

    @Test
    void axesThatAreTooLongAreRefused() {
        Shape image = Shape.of(28, 28, 8);
        int huge = 2_000_000_000;
        refused(() -> new Conv1D(1, 3).padding("causal").with("dilationRate", huge).outputShape(Shape.of(28, 1)), "longer than");
        refused(() -> new Conv2DTranspose(1, 3).strides(huge).outputShape(image), "the settings of Conv2DTranspose make an axis");
        refused(() -> new Conv2DTranspose(1, 3).with("dilationRate", huge).outputShape(image), "longer than 2147483647");
        refused(() -> new UpSampling2D(huge).outputShape(image), "Received: 56000000000");
        refused(() -> new DepthwiseConv2D(3).with("depthMultiplier", huge).outputShape(image), "Received: 16000000000");
        refused(() -> new ZeroPadding2D(huge).outputShape(image), "Received: 4000000028");
        int most = Integer.MAX_VALUE; // twice as much is -2 as an int
        refused(() -> new Cropping2D(most).outputShape(image), "of more pixels than are cut off");
    }

    private static void refused(Runnable made, String message) {
        Exception e = assertThrows(IllegalArgumentException.class, made::run);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}

package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Convolutions against the sums that their contract names, element by element, on windows of all kinds. */
@Tag("kernels")
class ConvolutionsTest implements RestoresThreads {

    /** A convolution to compute. */
    private record Setting(Window w, int images, int channels, int filters, int groups) {

        int perGroup() {
            return channels / groups;
        }

        int group(int filter) {
            return filter / (filters / groups);
        }

        float[] images(Numbers numbers) {
            return numbers.make(1, images * w.pixels() * channels);
        }

        float[] kernel(Numbers numbers) {
            return numbers.make(2, w.taps() * perGroup() * filters);
        }

        float[] upstream(Numbers numbers) {
            return numbers.make(3, images * w.positions() * filters);
        }
    }

    private enum Numbers {
        NORMAL,
        /** Four of five are zeros of either sign. */
        SPARSE,
        /** Products that underflow, to -0 too. */
        TINY,
        /** Infinities, and what they make of zeros. */
        INFINITE,
        NAN;

        float[] make(int purpose, int n) {
            Rng rng = new Rng(n, "test", 10L * ordinal() + purpose);
            float[] x = new float[n];
            for (int i = 0; i < n; i++) {
                float value = (float) rng.normal(2L * i);
                x[i] = this == TINY ? value * 1e-30f
                        : this != NORMAL && rng.uniform(2L * i + 1) < 0.8 ? Math.copySign(0f, value) : value;
            }
            for (int i = purpose; i < n && (this == INFINITE || this == NAN); i += 97) {
                x[i] = this == NAN ? Float.NaN : Float.NEGATIVE_INFINITY;
            }
            return x;
        }
    }

    static List<Setting> settings() {
        List<Setting> all = new ArrayList<>();
        for (int[] size : new int[][] {{1, 1}, {1, 9}, {2, 3}, {5, 4}, {7, 7}, {13, 12}, {31, 33}}) {
            for (int[] kernel : new int[][] {{1, 1}, {3, 3}, {1, 2}, {5, 4}}) {
                for (int[] move : new int[][] {{1, 1, 1, 1}, {2, 3, 1, 1}, {3, 1, 1, 1}, {1, 1, 2, 3}, {2, 1, 1, 2}}) {
                    Window same = Window.same(size[0], size[1], kernel[0], kernel[1], move[0], move[1], move[2], move[3]);
                    Window valid = Window.valid(size[0], size[1], kernel[0], kernel[1], move[0], move[1], move[2], move[3]);
                    int n = all.size();
                    int images = size[0] > 20 ? 1 : new int[] {3, 1, 2, 0, 7}[n % 5];
                    all.add(new Setting(same, images, 1 + n % 3, 1 + n % 4, 1));
                    all.add(new Setting(valid, images, 4, 6, 2));
                }
            }
        }
        all.add(new Setting(Window.same(6, 5, 3, 3, 1, 1, 1, 1), 3, 5, 5, 5));
        all.add(new Setting(Window.same(6, 5, 3, 2, 2, 3, 1, 1), 2, 33, 33, 33));
        all.add(new Setting(Window.valid(9, 8, 3, 3, 1, 2, 2, 1), 2, 17, 17, 17));
        all.add(new Setting(Window.same(9, 8, 3, 3, 1, 1, 1, 1), 2, 3, 12, 3));
        all.add(new Setting(Window.same(6, 5, 1, 1, 1, 1, 1, 1), 3, 16, 16, 16));
        all.add(new Setting(Window.same(12, 11, 3, 3, 1, 1, 1, 1), 5, 16, 64, 1));
        all.add(new Setting(Window.valid(13, 13, 3, 3, 1, 1, 1, 1), 4, 32, 64, 1));
        all.add(new Setting(Window.valid(28, 28, 3, 3, 1, 1, 1, 1), 2, 1, 32, 1));
        all.add(new Setting(Window.same(9, 9, 1, 1, 1, 1, 1, 1), 6, 70, 70, 1));
        all.add(new Setting(Window.same(9, 9, 1, 1, 2, 2, 1, 1), 6, 30, 40, 1));
        all.add(new Setting(Window.same(4, 4, 3, 3, 1, 1, 1, 1), 2, 80, 8,
                1)); // more rows of the kernel than are summed at a time
        all.add(new Setting(Window.same(3, 3, 2, 2, 1, 1, 1, 1), 2, 0, 3, 1));
        all.add(new Setting(Window.same(3, 3, 2, 2, 1, 1, 1, 1), 2, 3, 0, 1));
        all.add(new Setting(Window.same(0, 3, 2, 2, 1, 1, 1, 1), 0, 3, 2, 1));
        all.add(new Setting(new Window(3, 4, 3, 3, 1, 1, 1, 1, 4, 5, 9, 12), 2, 3, 2, 1)); // windows beside the image
        all.add(new Setting(new Window(8, 8, 3, 3, 1, 1, 1, 1, 0, 0, 2, 3), 2, 3, 2, 1)); // pixels without a place
        all.add(new Setting(Window.same(4, 4, 3, 3, 1, 1, 30_000, 30_000), 2, 3, 2, 1)); // too far apart to copy what lies between
        all.add(new Setting(Window.same(4, 4, 3, 3, 1, 1, 30_000, 30_000), 2, 5, 5, 5));
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void eachElementIsTheSumOfTheContract(Numbers numbers) {
        for (Setting setting : settings()) {
            check(setting, numbers, Faces.scalar(Faces.NEVER), "scalar");
            check(setting, numbers, Faces.chosen(Faces.NEVER), "chosen");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void theBitsAreThoseOfTheContractOnAnyNumberOfThreads(int threads) {
        Threads.set(threads);
        for (Setting setting : settings()) {
            check(setting, Numbers.NORMAL, Faces.chosen(1), "on " + threads + " threads");
            check(setting, Numbers.SPARSE, Faces.chosen(1), "on " + threads + " threads");
        }
    }

    /** What the contract says of a setting. */
    private record Expected(float[] output, float[] inputGradient, float[] kernelGradient) {

        private static final Map<Setting, Map<Numbers, Expected>> KNOWN = new HashMap<>();

        static Expected of(Setting s, Numbers numbers) {
            return KNOWN.computeIfAbsent(s, any -> new EnumMap<>(Numbers.class)).computeIfAbsent(numbers, any -> {
                float[] x = s.images(numbers);
                float[] kernel = s.kernel(numbers);
                float[] upstream = s.upstream(numbers);
                return new Expected(forward(s, x, kernel), ConvolutionsTest.inputGradient(s, upstream, kernel),
                        ConvolutionsTest.kernelGradient(s, x, upstream));
            });
        }
    }

    private static void check(Setting s, Numbers numbers, Faces faces, String how) {
        Expected expected = Expected.of(s, numbers);
        String what = s + " " + numbers + " " + how;
        MatrixView x = new MatrixView(s.images(numbers), 0, s.images * s.w.pixels(), s.channels);
        MatrixView kernel = new MatrixView(s.kernel(numbers), 0, s.w.taps() * s.perGroup(), s.filters);
        MatrixView upstream = new MatrixView(s.upstream(numbers), 0, s.images * s.w.positions(), s.filters);
        MatrixView bias = new MatrixView(Numbers.NORMAL.make(4, s.filters));

        MatrixView y = like(upstream);
        faces.convolutions().forward(s.w, s.groups, UnaryOp.LINEAR, 0f, x, kernel, null, y);
        assertArrayEquals(expected.output, y.data, () -> "forward of " + what);

        faces.convolutions().forward(s.w, s.groups, UnaryOp.RELU, 0f, x, kernel, bias, y);
        MatrixView activated = new MatrixView(expected.output.clone(), 0, y.rows, y.cols);
        new ScalarElements().biasActivation(UnaryOp.RELU, 0f, bias, activated, 0, y.rows);
        assertArrayEquals(activated.data, y.data, () -> "forward with bias and ReLU of " + what);

        MatrixView gradient = like(x);
        faces.convolutions().inputGradient(s.w, s.groups, upstream, kernel, gradient);
        assertArrayEquals(expected.inputGradient, gradient.data, () -> "input gradient of " + what);

        gradient = like(kernel);
        faces.convolutions().kernelGradient(s.w, s.groups, x, upstream, gradient);
        assertArrayEquals(expected.kernelGradient, gradient.data, () -> "kernel gradient of " + what);
    }

    private static MatrixView like(MatrixView block) {
        float[] before = new float[block.data.length];
        Arrays.fill(before, 7f);
        return new MatrixView(before, 0, block.rows, block.cols);
    }

    /** The pixels of each place's taps, -1 outside of the image. */
    private static int[][] pixels(Setting s) {
        Window w = s.w;
        int[][] pixels = new int[s.images * w.positions()][w.taps()];
        for (int place = 0; place < pixels.length; place++) {
            int image = place / w.positions();
            int i = place % w.positions() / w.outWidth();
            int j = place % w.outWidth();
            for (int tap = 0; tap < w.taps(); tap++) {
                int row = i * w.strideHeight() + tap / w.kernelWidth() * w.dilationHeight() - w.top();
                int col = j * w.strideWidth() + tap % w.kernelWidth() * w.dilationWidth() - w.left();
                boolean outside = row < 0 || row >= w.height() || col < 0 || col >= w.width();
                pixels[place][tap] = outside ? -1 : (image * w.height() + row) * w.width() + col;
            }
        }
        return pixels;
    }

    private static float at(Setting s, float[] x, int pixel, int channel) {
        return pixel < 0 ? 0f : x[pixel * s.channels + channel];
    }

    private static float[] forward(Setting s, float[] x, float[] kernel) {
        int[][] pixels = pixels(s);
        float[] y = new float[pixels.length * s.filters];
        for (int filter = 0; filter < s.filters; filter++) {
            int first = s.group(filter) * s.perGroup();
            for (int place = 0; place < pixels.length; place++) {
                float chain = 0f;
                for (int tap = 0; tap < s.w.taps(); tap++) {
                    for (int c = 0; c < s.perGroup(); c++) {
                        chain = Math.fma(at(s, x, pixels[place][tap], first + c),
                                kernel[(tap * s.perGroup() + c) * s.filters + filter], chain);
                    }
                }
                y[place * s.filters + filter] = chain + 0f;
            }
        }
        return y;
    }

    private static float[] inputGradient(Setting s, float[] upstream, float[] kernel) {
        int[][] pixels = pixels(s);
        float[] gradient = new float[s.images * s.w.pixels() * s.channels];
        int filters = s.filters / s.groups;
        for (int channel = 0; channel < s.channels; channel++) {
            int group = channel / s.perGroup();
            int row = channel % s.perGroup();
            for (int place = 0; place < pixels.length; place++) {
                for (int tap = 0; tap < s.w.taps(); tap++) {
                    int pixel = pixels[place][tap];
                    if (pixel >= 0) {
                        float chain = 0f;
                        for (int filter = group * filters; filter < (group + 1) * filters; filter++) {
                            chain = Math.fma(upstream[place * s.filters + filter],
                                    kernel[(tap * s.perGroup() + row) * s.filters + filter], chain);
                        }
                        gradient[pixel * s.channels + channel] += chain + 0f;
                    }
                }
            }
        }
        return gradient;
    }

    private static float[] kernelGradient(Setting s, float[] x, float[] upstream) {
        int[][] pixels = pixels(s);
        float[] gradient = new float[s.w.taps() * s.perGroup() * s.filters];
        for (int filter = 0; filter < s.filters; filter++) {
            int first = s.group(filter) * s.perGroup();
            for (int tap = 0; tap < s.w.taps(); tap++) {
                for (int c = 0; c < s.perGroup(); c++) {
                    float sum = 0f;
                    float chain = 0f;
                    for (int place = 0; place < pixels.length; place++) {
                        chain = Math.fma(at(s, x, pixels[place][tap], first + c), upstream[place * s.filters + filter], chain);
                        if (place % 256 == 255) {
                            sum += chain;
                            chain = 0f;
                        }
                    }
                    gradient[(tap * s.perGroup() + c) * s.filters + filter] = sum + chain + 0f;
                }
            }
        }
        return gradient;
    }

    /** A case without zeros beside infinities would not show that they meet. */
    @Test
    void infinitiesMeetZeros() {
        Setting s = new Setting(Window.same(5, 5, 3, 3, 1, 1, 1, 1), 1, 2, 2, 1);
        float[] kernel = s.kernel(Numbers.NORMAL);
        kernel[0] = Float.POSITIVE_INFINITY;
        MatrixView y = new MatrixView(new float[50], 0, 25, 2);
        Faces.chosen(Faces.NEVER).convolutions().forward(s.w, 1, UnaryOp.LINEAR, 0f, new MatrixView(s.images(Numbers.NORMAL), 0,
                25, 2), new MatrixView(kernel, 0, 18, 2), null, y);
        assertTrue(Float.isNaN(y.data[0]), "the first tap of the first place is outside of the image");
        assertTrue(Float.isInfinite(y.data[24]), "that of the middle is not");
    }

    static List<Runnable> wrongWindows() {
        int most = Integer.MAX_VALUE;
        return List.of(() -> new Window(1 << 16, 1 << 16, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1),
                () -> new Window(1, 1, 1 << 16, 1 << 16, 1, 1, 1, 1, 0, 0, 1, 1),
                () -> new Window(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1 << 16, 1 << 16),
                () -> new Window(1, 1, 1, 1, most, 1, 1, 1, 0, 0, 3, 1), () -> new Window(1, 1, 1, 1, 1, most, 1, 1, 0, 0, 1, 3),
                () -> new Window(1, 1, 3, 1, 1, 1, most, 1, 0, 0, 1, 1), () -> new Window(1, 1, 1, 3, 1, 1, 1, most, 0, 0, 1, 1),
                () -> new Window(1, 1, most, 1, most, 1, most, 1, most, 0, most, 1),
                () -> Window.same(3, 3, 5, 1, 1, 1, most, 1), () -> Window.valid(3, 3, 0, 1, 1, 1, 1, 1),
                () -> Window.same(3, 3, 1, 1, 0, 1, 1, 1), () -> Window.valid(3, 3, 1, 1, 1, 0, 1, 1),
                () -> Window.valid(3, 3, 1, 1, 1, 1, 1, 0), () -> Window.same(-1, 3, 1, 1, 1, 1, 1, 1),
                () -> new Window(3, 3, 1, 1, 1, 1, 1, 1, -1, 0, 1, 1), () -> new Window(3, 3, 1, 1, 1, 1, 1, 1, 0, 0, 1, -1));
    }

    @ParameterizedTest
    @MethodSource("wrongWindows")
    void aWindowThatNoNumberHoldsIsRefused(Runnable window) {
        String message = assertThrows(IllegalArgumentException.class, window::run).getMessage();
        assertTrue(message.contains("Received: "), message);
    }

    @Test
    void aLargeWindowOnASmallImageHasNoPlace() {
        assertEquals(0, Window.valid(3, 3, 5, 5, 1, 1, Integer.MAX_VALUE / 8, Integer.MAX_VALUE / 8).positions());
        assertEquals(1, Window.same(3, 3, 1, 1, Integer.MAX_VALUE / 2, Integer.MAX_VALUE / 2, 1, 1).positions());
    }

    /** Sizes whose product would wrap round to what the blocks have. */
    @Test
    void sizesThatOverflowAreRefused() {
        Convolutions convolutions = Faces.chosen(Faces.NEVER).convolutions();
        MatrixView none = new MatrixView(new float[0], 0, 0, 0);
        Window taps = Window.same(1, 1, 1 << 15, 1 << 15, 1, 1, 1, 1);
        MatrixView x = new MatrixView(new float[4], 0, 1, 4);
        String message = assertThrows(IllegalArgumentException.class,
                () -> convolutions.forward(taps, 1, UnaryOp.LINEAR, 0f, x, none, null, new MatrixView(new float[0], 0, 1,
                0))).getMessage();
        assertTrue(message.contains("kernel rows") && message.contains("Received: "), message);
        Window places = new Window(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1 << 15, 1 << 15);
        MatrixView four = new MatrixView(new float[4], 0, 4, 1);
        message = assertThrows(IllegalArgumentException.class,
                () -> convolutions.kernelGradient(places, 1, four, none, new MatrixView(new float[0], 0, 1, 0))).getMessage();
        assertTrue(message.contains("positions") && message.contains("Received: "), message);
    }

    @Test
    void groupsMustDivideChannelsAndFilters() {
        Convolutions convolutions = Faces.chosen(Faces.NEVER).convolutions();
        Window w = Window.same(1, 1, 1, 1, 1, 1, 1, 1);
        MatrixView four = new MatrixView(new float[4], 0, 1, 4);
        MatrixView kernel = new MatrixView(new float[8], 0, 2, 4);
        MatrixView six = new MatrixView(new float[6], 0, 1, 6);
        for (Runnable wrong : List.<Runnable>of(() -> convolutions.forward(w, 0, UnaryOp.LINEAR, 0f, four, kernel, null, four),
                () -> convolutions.inputGradient(w, 3, four, kernel, six), () -> convolutions.kernelGradient(w, 4, four, six,
                kernel))) {
            String message = assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
            assertTrue(message.contains("groups") && message.contains("Received: "), message);
        }
    }
}

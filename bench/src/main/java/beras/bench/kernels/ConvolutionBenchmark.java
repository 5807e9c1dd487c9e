package beras.bench.kernels;

import beras.kernels.MatrixView;
import beras.kernels.Window;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Param;

/** A pass of a convolution layer, "valid", that moves by one pixel. */
public abstract class ConvolutionBenchmark extends Checked {

    /** Half the distance from 1 to the next float: the relative error of one rounding. */
    private static final double ROUNDING = 0x1p-24;
    private static final int SAMPLES = 1000;

    /** Images x height and width x channels x kernel height and width x filters: the layers of a small network for digits. */
    @Param({"64x28x1x3x32", "64x13x32x3x64"})
    public String shape;

    protected Window window;
    protected MatrixView input;
    protected MatrixView kernel;
    protected MatrixView upstream;
    protected MatrixView output;
    protected MatrixView ofInput;
    protected MatrixView ofKernel;
    protected MatrixView bias;

    private int images;
    private int size;
    private int channels;
    private int taps;
    private int filters;
    private int outSize;
    private float[] x;
    private float[] k;
    private float[] dy;

    @Override
    protected void prepare() {
        int[] sizes = Inputs.sizes(shape);
        images = sizes[0];
        size = sizes[1];
        channels = sizes[2];
        taps = sizes[3];
        filters = sizes[4];
        window = Window.valid(size, size, taps, taps, 1, 1, 1, 1);
        outSize = window.outHeight();
        int pixels = images * window.pixels();
        int places = images * window.positions();
        int depth = window.taps() * channels;
        x = Inputs.uniform(pixels * channels, -1, 1, 1);
        k = Inputs.uniform(depth * filters, -1, 1, 2);
        dy = Inputs.uniform(places * filters, -1, 1, 3);
        input = new MatrixView(x, 0, pixels, channels);
        kernel = new MatrixView(k, 0, depth, filters);
        upstream = new MatrixView(dy, 0, places, filters);
        bias = new MatrixView(new float[filters]);
        output = new MatrixView(new float[places * filters], 0, places, filters);
        ofInput = new MatrixView(new float[pixels * channels], 0, pixels, channels);
        ofKernel = new MatrixView(new float[depth * filters], 0, depth, filters);
    }

    /** In the products, an fma counting as two. */
    protected final long flops() {
        return 2L * images * outSize * outSize * taps * taps * channels * filters;
    }

    /** The sum of some products, and of their sizes. */
    private final class Sum {
        private double sum;
        private double size;
        private int terms;

        void add(double product) {
            sum += product;
            size += Math.abs(product);
            terms++;
        }

        void requireClose(String what, MatrixView got, int index, boolean relu) {
            ConvolutionBenchmark.this.requireClose(what, index, got.get(index), relu ? Math.max(sum, 0) : sum,
                    (terms + 2) * ROUNDING * size);
        }
    }

    private double x(int image, int row, int col, int channel) {
        return x[((image * size + row) * size + col) * channels + channel];
    }

    private double k(int r, int c, int channel, int filter) {
        return k[((r * taps + c) * channels + channel) * filters + filter];
    }

    private double dy(int image, int i, int j, int filter) {
        return dy[((image * outSize + i) * outSize + j) * filters + filter];
    }

    /** Checks some outputs, without bias and with ReLU. */
    protected final void checkOutput() {
        new SplittableRandom(1).ints(SAMPLES, 0, images * outSize * outSize * filters).forEach(index -> {
            int place = index / filters;
            Sum sum = new Sum();
            for (int r = 0; r < taps; r++) {
                for (int c = 0; c < taps; c++) {
                    for (int channel = 0; channel < channels; channel++) {
                        sum.add(x(place / (outSize * outSize), place / outSize % outSize + r, place % outSize + c, channel)
                                * k(r, c, channel, index % filters));
                    }
                }
            }
            sum.requireClose("y", output, index, true);
        });
    }

    /** Checks some gradients of the images. */
    protected final void checkOfInput() {
        new SplittableRandom(1).ints(SAMPLES, 0, images * size * size * channels).forEach(index -> {
            int pixel = index / channels;
            Sum sum = new Sum();
            for (int r = 0; r < taps; r++) {
                for (int c = 0; c < taps; c++) {
                    int i = pixel / size % size - r;
                    int j = pixel % size - c;
                    for (int filter = 0; filter < filters && Math.min(i, j) >= 0 && Math.max(i, j) < outSize; filter++) {
                        sum.add(dy(pixel / (size * size), i, j, filter) * k(r, c, index % channels, filter));
                    }
                }
            }
            sum.requireClose("dx", ofInput, index, false);
        });
    }

    /** Checks some gradients of the kernel. */
    protected final void checkOfKernel() {
        new SplittableRandom(1).ints(SAMPLES, 0, taps * taps * channels * filters).forEach(index -> {
            int filter = index % filters;
            int channel = index / filters % channels;
            int tap = index / filters / channels;
            Sum sum = new Sum();
            for (int place = 0; place < images * outSize * outSize; place++) {
                int image = place / (outSize * outSize);
                int i = place / outSize % outSize;
                int j = place % outSize;
                sum.add(x(image, i + tap / taps, j + tap % taps, channel) * dy(image, i, j, filter));
            }
            sum.requireClose("dk", ofKernel, index, false);
        });
    }
}

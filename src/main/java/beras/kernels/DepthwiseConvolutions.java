package beras.kernels;

import java.util.Arrays;

/** {@link Convolutions} of as many groups as channels and filters: a row of places at a time, tap by tap. */
final class DepthwiseConvolutions {

    private final Products products;
    private final Elements elements;

    DepthwiseConvolutions(Products products, Elements elements) {
        this.products = products;
        this.elements = elements;
    }

    /** The rows of places of all images. */
    static int rows(Window w, MatrixView y) {
        return w.outWidth() == 0 ? 0 : y.rows / w.outWidth();
    }

    /** Places that are computed at a time, as their pixels follow each other. */
    private static int run(Window w, MatrixView kernel) {
        int most = Math.min(Thresholds.DEPTHWISE_FLOATS / kernel.cols, Thresholds.PATCH_FLOATS / kernel.size());
        return w.strideWidth() == 1 ? Math.max(1, Math.min(w.outWidth(), most)) : 1;
    }

    /** Each row of the kernel as often as a run has places. */
    private static float[] repeat(MatrixView kernel, int run) {
        float[] repeated = Scratch.other(kernel.size() * run);
        for (int tap = 0, at = 0; tap < kernel.rows; tap++) {
            for (int i = 0; i < run; i++, at += kernel.cols) {
                System.arraycopy(kernel.data, kernel.row(tap), repeated, at, kernel.cols);
            }
        }
        return repeated;
    }

    void forward(Window w, UnaryOp op, float alpha, MatrixView x, MatrixView kernel, MatrixView bias, MatrixView y, int from,
            int to) {
        int channels = x.cols;
        int run = run(w, kernel);
        float[] repeated = repeat(kernel, run);
        for (int row = from; row < to; row++) {
            int first = y.row(row * w.outWidth());
            Arrays.fill(y.data, first, first + w.outWidth() * channels, 0f);
            for (int j = 0; j < w.outWidth(); j += run) {
                for (int tap = 0; tap < w.taps(); tap++) {
                    int c = tap % w.kernelWidth();
                    int places = w.firstPlace(c, j);
                    int n = (w.endPlace(c, j + run) - places) * channels;
                    int pixels = w.pixels(row, tap / w.kernelWidth());
                    if (n > 0 && pixels >= 0) {
                        elements.live().fma(x.data, x.row(pixels + places * w.strideWidth() + w.left(c)), repeated,
                                tap * run * channels, y.data, first + places * channels, n);
                    }
                }
            }
            ScalarProducts.addZero(y.data, first, w.outWidth() * channels);
            products.live().after(op, alpha, bias, y, row * w.outWidth(), (row + 1) * w.outWidth());
        }
    }

    void addInputGradient(Window w, MatrixView upstream, MatrixView kernel, MatrixView out, int from, int to) {
        int channels = out.cols;
        int run = run(w, kernel);
        float[] repeated = repeat(kernel, run);
        for (int row = from; row < to; row++) {
            int first = upstream.row(row * w.outWidth());
            for (int j = 0; j < w.outWidth(); j += run) {
                for (int r = 0; r < w.kernelHeight(); r++) {
                    int pixels = w.pixels(row, r);
                    for (int c = w.kernelWidth() - 1; c >= 0 && pixels >= 0; c--) { // so that each pixel's places come in order
                        int places = w.firstPlace(c, j);
                        int n = (w.endPlace(c, j + run) - places) * channels;
                        if (n > 0) {
                            elements.live().addProducts(upstream.data, first + places * channels, repeated,
                                    (r * w.kernelWidth() + c) * run * channels, out.data,
                                    out.row(pixels + places * w.strideWidth() + w.left(c)), n);
                        }
                    }
                }
            }
        }
    }

    void kernelGradient(Window w, MatrixView x, MatrixView upstream, MatrixView out, int channel, int end) {
        int channels = end - channel;
        int size = w.taps() * channels;
        float[] sums = Scratch.other(2 * size);
        int place = 0;
        do { // at least once: without images the gradient is zero
            int last = place + Math.min(Convolutions.PATCH_CHUNK, upstream.rows - place);
            int sum = place == 0 ? 0 : size;
            Arrays.fill(sums, sum, sum + size, 0f);
            while (place < last) {
                int row = place / w.outWidth();
                int j = place % w.outWidth();
                int n = Math.min(w.outWidth() - j, last - place);
                for (int tap = 0; tap < w.taps(); tap++) {
                    int c = tap % w.kernelWidth();
                    int pixels = w.pixels(row, tap / w.kernelWidth());
                    int placesEnd = w.endPlace(c, j + n);
                    for (int q = w.firstPlace(c, j); q < placesEnd && pixels >= 0; q++) {
                        elements.live().fma(x.data, x.row(pixels + q * w.strideWidth() + w.left(c)) + channel, upstream.data,
                                upstream.row(row * w.outWidth() + q) + channel, sums, sum + tap * channels, channels);
                    }
                }
                place += n;
            }
            ScalarProducts.addZero(sums, sum, size);
            if (sum > 0) {
                elements.live().add(sums, size, sums, 0, size);
            }
        } while (place < upstream.rows);
        Patches.copyRows(w.taps(), sums, 0, channels, out.data, out.offset + channel, out.stride, channels);
    }
}

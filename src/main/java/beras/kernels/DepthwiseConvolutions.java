package beras.kernels;


/** {@link Convolutions} of as many groups as channels and filters: the channels of a tap are multiplied one by one with those of the kernel. */
final class DepthwiseConvolutions {

    private final Products products;
    private final Elements elements;

    DepthwiseConvolutions(Products products, Elements elements) {
        this.products = products;
        this.elements = elements;
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

    /** {@code y = x * kernel} for some positions. */
    void forward(Window w, MatrixView x, MatrixView kernel, MatrixView y, int from, int to) {
        WindowedImages images = WindowedImages.ofTaps(w, x, x.cols);
        for (int position = from; position < to; ) {
            int first = position % w.places();
            int n = Math.min(w.places() - first, to - position);
            products.live().depthwise(n, x.cols, w.taps(), images.data(), images.image(position / w.places(), 0), images.positions(), first,
                    images.elements(), 0, kernel.data, kernel.offset, kernel.stride, y.data, y.row(position), y.stride, false);
            position += n;
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

    /** The gradient of some channels of the kernel. */
    void kernelGradient(Window w, MatrixView x, MatrixView upstream, MatrixView out, int channel, int end) {
        int channels = end - channel;
        int size = w.taps() * channels;
        WindowedImages images = WindowedImages.ofTaps(w, x, channels);
        float[] sums = Scratch.other(2 * size);
        int position = 0;
        do { // at least once: without images the gradient is zero
            int last = position + Math.min(Convolutions.PATCH_CHUNK, upstream.rows - position);
            int sum = position == 0 ? 0 : size;
            int begin = position;
            do {
                int first = w.places() == 0 ? 0 : position % w.places();
                int n = Math.min(w.places() - first, last - position);
                int image = n == 0 ? 0 : images.image(position / w.places(), channel);
                products.live().depthwise(w.taps(), channels, n, images.data(), image, images.elements(), 0, images.positions(), first,
                        upstream.data, upstream.row(position) + channel, upstream.stride, sums, sum, channels, position > begin);
                position += n;
            } while (position < last);
            if (sum > 0) {
                elements.live().add(sums, size, sums, 0, size);
            }
        } while (position < upstream.rows);
        Patches.copyRows(w.taps(), sums, 0, channels, out.data, out.offset + channel, out.stride, channels);
    }
}

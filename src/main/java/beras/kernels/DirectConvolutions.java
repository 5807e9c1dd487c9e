package beras.kernels;

import beras.kernels.ProductPlan.Tile;
import java.util.Arrays;

/**
 * {@link Convolutions} of few channels: products whose left matrix is read where it lies in the images. Its element for a position and
 * an element of the kernel is a float at the sum of two offsets, one of each. So a patch is not copied first, which takes longer than
 * to multiply it with few filters.
 */
final class DirectConvolutions {

    private final Products products;

    /** @param products what multiplies */
    DirectConvolutions(Products products) {
        this.products = products;
    }

    /** Whether a forward pass is faster without copies of patches. */
    static boolean suitsForward(Window w, MatrixView x, int channels, int filters) {
        return isShorter(w, x, channels, filters < Tile.SPARSE.columns ? Thresholds.FORWARD_RUN : Thresholds.SHORT_RUN);
    }

    /** Whether the gradient of a kernel is. */
    static boolean suitsKernelGradient(Window w, MatrixView x, int channels) {
        return isShorter(w, x, channels, Thresholds.SHORT_RUN);
    }

    private static boolean isShorter(Window w, MatrixView x, int channels, int run) {
        return !w.isPoint() && channels * Patches.run(w, x, channels) < run;
    }

    /** The images as this thread reads them, until it asks for others; so many channels are read at a time. */
    static Source source(Window w, MatrixView x, int channels) {
        return new Source(w, x, channels);
    }

    /** {@code y = x * kernel} for some positions of the group that begins at a channel. */
    void forward(Source source, int channel, MatrixView kernel, MatrixView y, int filter, int filters, int from, int to) {
        Window w = source.w;
        for (int position = from; position < to; ) {
            int first = position % w.places();
            int n = Math.min(w.places() - first, to - position);
            int image = source.image(position / w.places(), channel);
            products.live().gather(n, filters, kernel.rows, source.data, image, source.positions, first, source.elements, 0,
                    kernel.data, kernel.offset + filter, kernel.stride, y.data, y.row(position) + filter, y.stride, false);
            position += n;
        }
    }

    /**
     * What some positions add to some rows of the gradient of the kernel: {@code sums (to - from, filters)}, from {@code offset} on.
     */
    void kernelGradient(Source source, int channel, MatrixView upstream, int filter, int filters, int positionFrom, int positionTo, float[] sums,
            int offset, int from, int to) {
        Window w = source.w;
        int position = positionFrom;
        do { // at least once: without positions the sums are zero
            int first = w.places() == 0 ? 0 : position % w.places();
            int n = Math.min(w.places() - first, positionTo - position);
            int image = n == 0 ? 0 : source.image(position / w.places(), channel);
            products.live().gather(to - from, filters, n, source.data, image, source.elements, from, source.positions, first,
                    upstream.data, upstream.row(position) + filter, upstream.stride, sums, offset, filters, position > positionFrom);
            position += n;
        } while (position < positionTo);
    }

    /** The images, or one at a time with zeros around it if the window leaves it. */
    static final class Source {

        private final Window w;
        private final MatrixView x;
        private final int channels;
        private final int height;
        private final int width;
        private final int stride; // floats between pixels
        private final float[] data;
        private final int[] positions;
        private final int[] elements;

        private Source(Window w, MatrixView x, int channels) {
            this.w = w;
            this.x = x;
            this.channels = channels;
            boolean isWithin = w.isWithin();
            height = isWithin ? w.height() : Window.reach(w.outHeight(), w.strideHeight(), w.kernelHeight(), w.dilationHeight());
            width = isWithin ? w.width() : Window.reach(w.outWidth(), w.strideWidth(), w.kernelWidth(), w.dilationWidth());
            stride = isWithin ? x.stride : channels;
            data = isWithin ? x.data : Scratch.panel(height * width * channels);
            if (!isWithin) {
                Arrays.fill(data, 0, height * width * channels, 0f);
            }
            positions = positions();
            elements = elements();
        }

        /** Where the channels of an image begin in {@link #data}, into which they are copied if need be. */
        private int image(int image, int channel) {
            if (data == x.data) {
                return x.row(image * w.pixels()) + channel;
            }
            int n = Math.min(w.width(), width - w.left());
            for (int r = w.top(); n > 0 && r < height && r - w.top() < w.height(); r++) {
                int from = x.row(image * w.pixels() + (r - w.top()) * w.width()) + channel;
                int to = (r * width + w.left()) * channels;
                if (x.stride == channels) {
                    System.arraycopy(x.data, from, data, to, n * channels);
                } else {
                    Patches.copyRows(n, x.data, from, x.stride, data, to, channels, channels);
                }
            }
            return 0;
        }

        /** The offset of each position from the start of an image. */
        private int[] positions() {
            int[] positions = Scratch.words(w.places());
            int at = 0;
            for (int i = 0; i < w.outHeight(); i++) {
                int row = i * w.strideHeight() * width * stride;
                for (int j = 0; j < w.outWidth(); j++) {
                    positions[at++] = row + j * w.strideWidth() * stride;
                }
            }
            return positions;
        }

        /** The offset of each element of a patch from its position: the channels of each tap in turn. */
        private int[] elements() {
            int[] elements = Scratch.steps(w.taps() * channels);
            int at = 0;
            for (int r = 0; r < w.kernelHeight(); r++) {
                for (int c = 0; c < w.kernelWidth(); c++) {
                    int tap = (r * w.dilationHeight() * width + c * w.dilationWidth()) * stride;
                    for (int each = 0; each < channels; each++) {
                        elements[at++] = tap + each;
                    }
                }
            }
            return elements;
        }
    }
}

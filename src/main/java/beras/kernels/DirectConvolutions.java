package beras.kernels;

/**
 * {@link Convolutions} of few channels, and depthwise ones: products whose left matrix is read where it lies in the images. Its element
 * for a position and an element of the kernel is a float at the sum of two offsets, one of each; of a depthwise convolution it is a
 * float for each channel there. So a patch is not copied first, which takes longer than to multiply it with few filters.
 */
final class DirectConvolutions {

    private final Products products;

    /** @param products what multiplies */
    DirectConvolutions(Products products) {
        this.products = products;
    }

    /** Whether a forward pass is faster without copies of patches. */
    static boolean suitsForward(Window w, MatrixView x, int channels, int filters) {
        return isShorter(w, x, channels, filters < Thresholds.FORWARD_FILTERS ? Thresholds.FORWARD_RUN : Thresholds.SHORT_RUN);
    }

    /** Whether the gradient of a kernel is. */
    static boolean suitsKernelGradient(Window w, MatrixView x, int channels) {
        return isShorter(w, x, channels, x.stride == channels ? Thresholds.SHORT_RUN : Thresholds.FORWARD_RUN);
    }

    private static boolean isShorter(Window w, MatrixView x, int channels, int run) {
        return !w.isPoint() && channels * Patches.run(w, x, channels) < run && WindowedImages.suit(w, channels);
    }

    /** {@code y = x * kernel} for some positions of the group that begins at a channel. */
    void forward(WindowedImages source, int channel, MatrixView kernel, MatrixView y, int filter, int filters, int from, int to) {
        Window w = source.window();
        for (int position = from; position < to; ) {
            int first = position % w.positions();
            int n = Math.min(w.positions() - first, to - position);
            int image = source.image(position / w.positions(), channel);
            products.live().gather(source.isByTap(), n, filters, kernel.rows, source.data(), image, source.positions(), first, source.elements(), 0,
                    kernel.data, kernel.offset + filter, kernel.stride, y.data, y.row(position) + filter, y.stride, false);
            position += n;
        }
    }

    /**
     * What some positions add to some rows of the gradient of the kernel: {@code sums (to - from, filters)}, from {@code offset} on.
     */
    void kernelGradient(WindowedImages source, int channel, MatrixView upstream, int filter, int filters, int positionFrom,
            int positionTo, float[] sums, int offset, int from, int to) {
        Window w = source.window();
        int position = positionFrom;
        do { // at least once: without positions the sums are zero
            int first = w.positions() == 0 ? 0 : position % w.positions();
            int n = Math.min(w.positions() - first, positionTo - position);
            int image = n == 0 ? 0 : source.image(position / w.positions(), channel);
            products.live().gather(source.isByTap(), to - from, filters, n, source.data(), image, source.elements(), from, source.positions(), first,
                    upstream.data, upstream.row(position) + filter, upstream.stride, sums, offset, filters, position > positionFrom);
            position += n;
        } while (position < positionTo);
    }
}

package beras.kernels;

import java.util.Arrays;

/**
 * Images whose patches under a {@link Window} are read without copies, for {@link Convolutions} of few channels, and depthwise
 * convolutions: copying a patch takes longer than multiplying it by few filters. A float of a patch is at the sum of three offsets:
 * of the image, the position and the element of the patch. If the window extends beyond an image, one image at a time is copied,
 * with zero padding.
 *
 * <p>Valid until the next instance of this thread.
 */
final class WindowedImages {

    /** Padded images larger than this many images, and not small, are not copied. */
    private static final long MOST_TIMES = 4;

    private final Window w;
    private final MatrixView x;
    private final int channels;
    private final boolean isByTap; // the elements of a patch are, and all channels are read together
    private final int height;
    private final int width;
    private final int stride; // floats between pixels
    private final float[] data;
    private final int[] positions; // the offset of each from the start of an image
    private final int[] elements; // the offset of each element of a patch from its position
    private int copiedImage = -1; // the one in data, if images are copied
    private int copiedChannel;

    private WindowedImages(Window w, MatrixView x, int channels, boolean isByTap, boolean isCopied) {
        this.w = w;
        this.x = x;
        this.channels = channels;
        this.isByTap = isByTap;
        height = isCopied ? Window.reach(w.outHeight(), w.strideHeight(), w.kernelHeight(), w.dilationHeight()) : w.height();
        width = isCopied ? Window.reach(w.outWidth(), w.strideWidth(), w.kernelWidth(), w.dilationWidth()) : w.width();
        stride = isCopied ? channels : x.stride;
        int size = height * width * channels;
        data = isCopied ? Scratch.panel(size + FloatMath.LANES) : x.data;
        if (isCopied) {
            Arrays.fill(data, 0, size, 0f);
        }
        positions = positionOffsets();
        elements = elementOffsets(isByTap ? 1 : channels);
    }

    /** Whether an image with what surrounds it is not much larger than without. */
    static boolean suit(Window w, int channels) {
        long size = (long) Window.reach(w.outHeight(), w.strideHeight(), w.kernelHeight(), w.dilationHeight())
                * Window.reach(w.outWidth(), w.strideWidth(), w.kernelWidth(), w.dilationWidth()) * channels;
        return w.isWithin() || size <= Math.max(Thresholds.PATCH_FLOATS, MOST_TIMES * w.pixels() * channels)
                && size <= Integer.MAX_VALUE - FloatMath.LANES;
    }

    /** Patches of {@code channels} channels, whose elements are the channels of each tap in turn. */
    static WindowedImages ofPatches(Window w, MatrixView x, int channels) {
        return new WindowedImages(w, x, channels, false, !w.isWithin());
    }

    /** Patches whose elements are the taps; the channels of each are read together, in whole vectors. */
    static WindowedImages ofTaps(Window w, MatrixView x, int channels) {
        return new WindowedImages(w, x, channels, true, !w.isWithin() || channels % FloatMath.LANES != 0);
    }

    /** Whether a forward pass is faster without copies of patches. */
    static boolean suitsForward(Window w, MatrixView x, int channels, int filters) {
        return isShorter(w, x, channels, filters < Thresholds.FORWARD_FILTERS ? Thresholds.FORWARD_RUN : Thresholds.SHORT_RUN);
    }

    static boolean suitsKernelGradient(Window w, MatrixView x, int channels) {
        return isShorter(w, x, channels, x.stride == channels ? Thresholds.SHORT_RUN : Thresholds.FORWARD_RUN);
    }

    private static boolean isShorter(Window w, MatrixView x, int channels, int run) {
        return !w.isPoint() && channels * Patches.run(w, x, channels) < run && suit(w, channels);
    }

    /** {@code y = x * kernel} for some positions of the group that begins at a channel. */
    void forward(Products products, int channel, MatrixView kernel, MatrixView y, int filter, int filters, int from, int to) {
        for (int position = from; position < to; ) {
            int first = position % w.positions();
            int n = Math.min(w.positions() - first, to - position);
            int image = image(position / w.positions(), channel);
            products.live().gather(isByTap, n, filters, kernel.rows, data, image, positions, first, elements, 0,
                    kernel.data, kernel.offset + filter, kernel.stride, y.data, y.row(position) + filter, y.stride, false);
            position += n;
        }
    }

    /**
     * The contribution of some positions to some rows of the gradient of the kernel: {@code sums (to - from, filters)}, from {@code
     * offset} on.
     */
    void kernelGradient(Products products, int channel, MatrixView upstream, int filter, int filters, int positionFrom,
            int positionTo, float[] sums, int offset, int from, int to) {
        int position = positionFrom;
        do { // at least once: without positions the sums are zero
            int first = w.positions() == 0 ? 0 : position % w.positions();
            int n = Math.min(w.positions() - first, positionTo - position);
            int image = n == 0 ? 0 : image(position / w.positions(), channel);
            products.live().gather(isByTap, to - from, filters, n, data, image, elements, from, positions, first,
                    upstream.data, upstream.row(position) + filter, upstream.stride, sums, offset, filters, position > positionFrom);
            position += n;
        } while (position < positionTo);
    }

    /** The offset of an image in data, from one of its channels on. */
    private int image(int image, int channel) {
        if (data == x.data) {
            return x.row(image * w.pixels()) + channel;
        }
        if (image == copiedImage && channel == copiedChannel) {
            return 0;
        }
        copiedImage = image;
        copiedChannel = channel;
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

    private int[] positionOffsets() {
        int[] offsets = Scratch.words(w.positions());
        int at = 0;
        for (int i = 0; i < w.outHeight(); i++) {
            int row = i * w.strideHeight() * width * stride;
            for (int j = 0; j < w.outWidth(); j++) {
                offsets[at++] = row + j * w.strideWidth() * stride;
            }
        }
        return offsets;
    }

    private int[] elementOffsets(int channelsOfElements) {
        int[] offsets = Scratch.steps(w.taps() * channelsOfElements);
        int at = 0;
        for (int r = 0; r < w.kernelHeight(); r++) {
            for (int c = 0; c < w.kernelWidth(); c++) {
                int tap = (r * w.dilationHeight() * width + c * w.dilationWidth()) * stride;
                for (int channel = 0; channel < channelsOfElements; channel++) {
                    offsets[at++] = tap + channel;
                }
            }
        }
        return offsets;
    }
}

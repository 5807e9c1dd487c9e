package beras.layers;

import beras.config.Settings;
import beras.kernels.Window;
import beras.tensor.Operation;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * How the window of a layer moves over examples {@code (height, width, channels)}, or {@code (steps, channels)}, which count as
 * images of one row.
 */
final class Windowing {

    /** The padding at the edges. */
    enum Padding {
        /** The window stays within. */
        VALID,
        /** An output for each pixel, or for every stride-th one. */
        SAME,
        /** As {@link #SAME}, and nothing comes from behind; for convolutions of sequences. */
        CAUSAL
    }

    private final String layer;
    private final int axes;
    private boolean mayBeCausal;
    private int[] size;
    private int[] strides; // null: as the size
    private int[] dilation;
    private Padding padding = Padding.VALID;

    /**
     * @param layer whose it is
     * @param axes  2 for images, 1 for sequences
     * @param size  that of the window
     * @param strides default 1 along each axis; null: as the size
     */
    Windowing(String layer, int axes, int[] size, int[] strides) {
        this.layer = layer;
        this.axes = axes;
        this.size = perAxis("the window", size);
        this.strides = strides == null ? null : perAxis("strides", strides);
        this.dilation = perAxis("dilation", 1);
    }

    /** One of a convolution, whose strides are 1 by default. */
    static Windowing ofConvolution(String layer, int axes, boolean mayBeCausal) {
        Windowing windowing = new Windowing(layer, axes, new int[] {1}, new int[] {1});
        windowing.mayBeCausal = mayBeCausal;
        return windowing;
    }

    /** The size of an axis, as a layer's settings make it. */
    static int axis(String layer, long size) {
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the settings of " + layer + " make an axis longer than " + Integer.MAX_VALUE
                    + ". Received: " + size);
        }
        return (int) size;
    }

    private int axis(long size) {
        return axis(layer, size);
    }

    /** The name of the layer in messages. */
    String layer() {
        return layer;
    }

    /** The setting of the size, by the layer's name for it. */
    void size(Settings s, String name) {
        size = perAxis(name, s.integers(name, size));
    }

    /** The settings of strides and padding. */
    void move(Settings s) {
        int[] given = s.integers("strides", strides);
        strides = given == null ? null : perAxis("strides", given);
        Padding wanted = s.choice("padding", padding);
        if (wanted == Padding.CAUSAL && !mayBeCausal) {
            throw new IllegalArgumentException("padding of " + layer + " must be valid or same; causal is for Conv1D."
                    + " Received: causal");
        }
        padding = wanted;
    }

    /** The setting of the dilation. */
    void dilation(Settings s) {
        dilation = perAxis("dilationRate", s.integers("dilationRate", dilation));
    }

    private int[] perAxis(String name, int... given) {
        int[] all = given;
        if (given != null && given.length == 1) {
            all = new int[axes];
            Arrays.fill(all, given[0]);
        }
        if (all == null || all.length != axes || Arrays.stream(all).anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(name + " of " + layer + " needs " + (axes == 1 ? "a whole number" : "one or " + axes
                    + " whole numbers") + " of at least 1. Received: " + Arrays.toString(given));
        }
        return all.clone();
    }

    /** Sizes of the window along the axes. */
    int[] size() {
        return size.clone();
    }

    Shape example(Shape batch) {
        if (batch.rank() == 0) {
            throw new IllegalArgumentException(layer + " needs a batch axis. Received shape: " + batch);
        }
        return batch.rest();
    }

    /** Refuses examples that have other axes, or no channels. */
    void requireImage(Shape input) {
        if (input.rank() != axes + 1 || input.dim(-1) == 0) {
            throw new IllegalArgumentException(layer + " needs examples " + (axes == 1 ? "(steps, channels)"
                    : "(height, width, channels)") + ", with at least one channel" + (axes == 1 ? "" : "; Reshape(28, 28, 1) makes"
                    + " images of rows of 784 pixels") + ". Received shape: " + input);
        }
    }

    /**
     * The window over examples of this shape.
     *
     * @throws IllegalArgumentException if they have other axes, or are smaller than the window
     */
    Window over(Shape input) {
        requireImage(input);
        int[] s = strides == null ? size : strides;
        int last = axes - 1;
        int height = axes == 1 ? 1 : input.dim(0);
        int width = input.dim(last);
        int rows = axes == 1 ? 1 : size[0];
        int down = axes == 1 ? 1 : s[0];
        int apart = axes == 1 ? 1 : dilation[0];
        if (padding == Padding.CAUSAL) {
            return new Window(1, width, 1, size[0], 1, s[0], 1, dilation[0], 0, axis((size[0] - 1L) * dilation[0]), 1,
                    axis((width + s[0] - 1L) / s[0]));
        }
        Window w = padding == Padding.SAME
                ? Window.same(height, width, rows, size[last], down, s[last], apart, dilation[last])
                : Window.valid(height, width, rows, size[last], down, s[last], apart, dilation[last]);
        if (w.positions() == 0 && w.pixels() > 0) {
            throw new IllegalArgumentException("the window of " + layer + ", " + Arrays.toString(size)
                    + (Arrays.stream(dilation).allMatch(d -> d == 1) ? "" : " with dilation " + Arrays.toString(dilation))
                    + ", must fit into the examples; padding=same lets it go beyond. Received shape: " + input);
        }
        return w;
    }

    /** The window whose image is made of places of this shape, when a convolution is transposed. */
    Window under(Shape places) {
        requireImage(places);
        int[] image = new int[axes + 1];
        for (int axis = 0; axis < axes; axis++) {
            long span = (size[axis] - 1L) * dilation[axis] + 1;
            image[axis] = axis((long) places.dim(axis) * strides[axis]
                    + (padding == Padding.SAME ? 0 : Math.max(span - strides[axis], 0)));
        }
        image[axes] = 1;
        return over(Shape.of(image));
    }

    /** The shape of an example with a pixel for each place. */
    Shape places(Window w, int channels) {
        return axes == 1 ? Shape.of(w.outWidth(), channels) : Shape.of(w.outHeight(), w.outWidth(), channels);
    }

    /** The shape of an example that the window moves over. */
    Shape pixels(Window w, int channels) {
        return axes == 1 ? Shape.of(w.width(), channels) : Shape.of(w.height(), w.width(), channels);
    }

    Shape kernel(int channels, int filters) {
        return axes == 1 ? Shape.of(size[0], channels, filters) : Shape.of(size[0], size[1], channels, filters);
    }

    /** The covered pixels of images, {@code (batch, places, taps, channels)}, by operations; zeros beyond the edges. */
    static Tensor patches(Window w, Tensor images) {
        int batch = images.dim(0);
        int channels = images.dim(-1);
        return images.reshape(batch, w.pixels(), channels).pad(1, 0, 1).gather(1, covered(w))
                .reshape(batch, w.positions(), w.taps(), channels);
    }

    /** Adds {@code (batch, places, taps, channels)} to the pixels that a window covers, {@code (batch, pixels, channels)}. */
    static Tensor overlaps(Window w, Tensor patches) {
        int channels = patches.dim(3);
        return new Operation.ScatterAdd(1, w.pixels() + 1, covered(w))
                .apply(patches.reshape(patches.dim(0), w.positions() * w.taps(), channels)).slice(1, 0, w.pixels());
    }

    /** The pixel that each tap in each place covers; the number of pixels for one beyond the edges. */
    private static int[] covered(Window w) {
        int[] covered = new int[w.positions() * w.taps()];
        for (int i = 0; i < covered.length; i++) {
            int place = i / w.taps();
            int tap = i % w.taps();
            int row = place / w.outWidth() * w.strideHeight() + tap / w.kernelWidth() * w.dilationHeight() - w.top();
            int col = place % w.outWidth() * w.strideWidth() + tap % w.kernelWidth() * w.dilationWidth() - w.left();
            boolean within = row >= 0 && row < w.height() && col >= 0 && col < w.width();
            covered[i] = within ? row * w.width() + col : w.pixels();
        }
        return covered;
    }
}

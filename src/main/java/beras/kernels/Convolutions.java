package beras.kernels;

import java.util.Arrays;

/**
 * Convolutions of images: products whose left matrix is read from the images, some rows at a time.
 *
 * <p>Channels are last, and a block has a pixel a row: images {@code (images * height * width, channels)}, outputs
 * {@code (images * outHeight * outWidth, filters)}, the kernel {@code (kernelHeight * kernelWidth * channels, filters)}. With
 * {@code groups}, the channels and the filters are cut into as many parts, and a part of the filters sees its part of the
 * channels only: the kernel has {@code channels / groups} rows a tap. As many groups as channels make a depthwise convolution.
 *
 * <p>An element is what {@link Products} makes of it: one chain of {@code fma}, in the order of kernel row, kernel column, channel
 * (for the gradient of the images: filter), where a pixel outside of the image, or a place that the strides leave out, is a
 * zero. The gradient of the kernel runs over the places of all images in turn, in blocks of {@value #BLOCK}, whose sums are added
 * one after the other.
 */
public final class Convolutions {

    static final Convolutions IN_USE = new Convolutions(Products.IN_USE, Elements.IN_USE);

    /** Places in a chain of the gradient of a kernel. */
    static final int BLOCK = 256;
    /** Floats of the left matrix that are read at a time: they stay in the second-level cache. */
    private static final int PANEL = 1 << 15;

    private final Products products;
    private final Elements elements;

    /** @param products what multiplies, and says from which size on work is split */
    Convolutions(Products products, Elements elements) {
        this.products = products;
        this.elements = elements;
    }

    /**
     * A convolution layer's forward pass, {@code y = op(x * kernel + bias)}.
     *
     * @param bias a number for each filter, or null for none
     */
    public void forward(Window w, int groups, UnaryOp op, float alpha, Block x, Block kernel, Block bias, Block y) {
        requireShapes(w, groups, "x", x, "kernel", kernel, "y", y);
        if (bias != null) {
            bias.requireSize("bias", y.cols);
        }
        int channels = x.cols / groups;
        int filters = y.cols / groups;
        splitRows(y.rows, (long) y.size() * w.taps() * channels, (from, to) -> {
            for (int g = 0; g < groups; g++) {
                forward(w, op, alpha, x.columns(g * channels, (g + 1) * channels),
                        kernel.columns(g * filters, (g + 1) * filters),
                        bias == null ? null : bias.columns(g * filters, (g + 1) * filters),
                        y.columns(g * filters, (g + 1) * filters), from, to);
            }
        });
    }

    private void forward(Window w, UnaryOp op, float alpha, Block x, Block kernel, Block bias, Block y, int from, int to) {
        int depth = kernel.rows;
        int step = rowsAtOnce(depth);
        for (int row = from; row < to; row += step) {
            int rows = Math.min(step, to - row);
            float[] panel = Scratch.panel(rows * depth);
            for (int i = 0; i < rows; i++) {
                readPixels(w, x, row + i, 0, depth, panel, i * depth);
            }
            products.live().dense(op, alpha, new Block(panel, 0, rows, depth), kernel, bias, y.rows(row, row + rows), 0, rows);
        }
    }

    /** What the window covers in a place: the channels of each tap in turn, of which elements {@code from} to {@code to}. */
    private static void readPixels(Window w, Block x, int place, int from, int to, float[] out, int offset) {
        int image = place / w.places();
        int i = place % w.places() / w.outWidth();
        int j = place % w.outWidth();
        for (int k = from; k < to; ) {
            int tap = k / x.cols;
            int channel = k % x.cols;
            int n = Math.min(x.cols - channel, to - k);
            int row = i * w.strideHeight() + tap / w.kernelWidth() * w.dilationHeight() - w.top();
            int col = j * w.strideWidth() + tap % w.kernelWidth() * w.dilationWidth() - w.left();
            if (row >= 0 && row < w.height() && col >= 0 && col < w.width()) {
                int pixel = (image * w.height() + row) * w.width() + col;
                System.arraycopy(x.data, x.row(pixel) + channel, out, offset + k - from, n);
            } else {
                Arrays.fill(out, offset + k - from, offset + k - from + n, 0f);
            }
            k += n;
        }
    }

    /** The gradient of the images, {@code out}, from that of {@code y}. */
    public void inputGradient(Window w, int groups, Block upstream, Block kernel, Block out) {
        requireShapes(w, groups, "out", out, "kernel", kernel, "upstream", upstream);
        int channels = out.cols / groups;
        int filters = upstream.cols / groups;
        splitRows(out.rows, (long) out.size() * w.taps() * filters, (from, to) -> {
            for (int g = 0; g < groups; g++) {
                inputGradient(w, upstream.columns(g * filters, (g + 1) * filters),
                        kernel.columns(g * filters, (g + 1) * filters), out.columns(g * channels, (g + 1) * channels), from, to);
            }
        });
    }

    private void inputGradient(Window w, Block upstream, Block kernel, Block out, int from, int to) {
        int depth = w.taps() * upstream.cols;
        Block turned = turned(w, kernel, out.cols);
        int step = rowsAtOnce(depth);
        for (int row = from; row < to; row += step) {
            int rows = Math.min(step, to - row);
            float[] panel = Scratch.panel(rows * depth);
            for (int i = 0; i < rows; i++) {
                readPlaces(w, upstream, row + i, panel, i * depth);
            }
            products.live().gemm(false, false, new Block(panel, 0, rows, depth), turned, out.rows(row, row + rows), 0, rows, 0,
                    out.cols);
        }
    }

    /** The kernel with rows of taps and filters, and columns of channels. */
    private static Block turned(Window w, Block kernel, int channels) {
        int filters = kernel.cols;
        float[] turned = Scratch.other(kernel.size());
        for (int k = 0; k < kernel.rows; k++) {
            int tap = k / channels;
            int channel = k % channels;
            for (int f = 0; f < filters; f++) {
                turned[(tap * filters + f) * channels + channel] = kernel.data[kernel.row(k) + f];
            }
        }
        return new Block(turned, 0, w.taps() * filters, channels);
    }

    /** The gradients of the places that cover a pixel, by the tap that does. */
    private static void readPlaces(Window w, Block upstream, int pixel, float[] out, int offset) {
        int image = pixel / w.pixels();
        int row = pixel % w.pixels() / w.width();
        int col = pixel % w.width();
        int n = upstream.cols;
        for (int tap = 0; tap < w.taps(); tap++) {
            int i = row + w.top() - tap / w.kernelWidth() * w.dilationHeight();
            int j = col + w.left() - tap % w.kernelWidth() * w.dilationWidth();
            int outRow = i / w.strideHeight();
            int outCol = j / w.strideWidth();
            if (i >= 0 && i % w.strideHeight() == 0 && outRow < w.outHeight()
                    && j >= 0 && j % w.strideWidth() == 0 && outCol < w.outWidth()) {
                int place = (image * w.outHeight() + outRow) * w.outWidth() + outCol;
                System.arraycopy(upstream.data, upstream.row(place), out, offset + tap * n, n);
            } else {
                Arrays.fill(out, offset + tap * n, offset + (tap + 1) * n, 0f);
            }
        }
    }

    /** The gradient of the kernel, {@code out}, from the images and the gradient of {@code y}. */
    public void kernelGradient(Window w, int groups, Block x, Block upstream, Block out) {
        requireShapes(w, groups, "x", x, "out", out, "upstream", upstream);
        int channels = x.cols / groups;
        int filters = upstream.cols / groups;
        splitRows(out.rows, (long) out.size() * upstream.rows, (from, to) -> {
            for (int g = 0; g < groups; g++) {
                kernelGradient(w, x.columns(g * channels, (g + 1) * channels),
                        upstream.columns(g * filters, (g + 1) * filters), out.columns(g * filters, (g + 1) * filters).rows(from, to),
                        from);
            }
        });
    }

    /** @param out rows of the kernel, of which the first is row {@code from} */
    private void kernelGradient(Window w, Block x, Block upstream, Block out, int from) {
        int depth = out.rows;
        int place = 0;
        do { // at least once: without images the gradient is zero
            int rows = Math.min(BLOCK, upstream.rows - place);
            float[] panel = Scratch.panel(rows * depth);
            for (int i = 0; i < rows; i++) {
                readPixels(w, x, place + i, from, from + depth, panel, i * depth);
            }
            Block sum = place == 0 ? out : new Block(Scratch.other(out.size()), 0, out.rows, out.cols);
            products.live().gemm(true, false, new Block(panel, 0, rows, depth), upstream.rows(place, place + rows), sum, 0, depth,
                    0, out.cols);
            for (int i = 0; place > 0 && i < out.rows; i++) {
                elements.live().add(sum.data, sum.row(i), out.data, out.row(i), out.cols);
            }
            place += rows;
        } while (place < upstream.rows);
    }

    private static int rowsAtOnce(int depth) {
        return Math.max(8, PANEL / Math.max(depth, 1));
    }

    private void splitRows(int rows, long multiplyAdds, Threads.Range task) {
        products.splitRows(rows, multiplyAdds, task);
    }

    private static void requireShapes(Window w, int groups, String xName, Block x, String kernelName, Block kernel, String yName,
            Block y) {
        if (groups < 1 || x.cols % groups != 0 || y.cols % groups != 0) {
            throw new IllegalArgumentException("Channels and filters must be multiples of the groups. Received: " + x.cols + " and "
                    + y.cols + " in " + groups + " groups");
        }
        int images = w.pixels() == 0 ? 0 : x.rows / w.pixels();
        x.requireDense(xName, images * w.pixels(), x.cols);
        kernel.requireDense(kernelName, w.taps() * (x.cols / groups), y.cols);
        y.requireDense(yName, images * w.places(), y.cols);
    }
}

package beras.kernels;

import beras.kernels.ProductPlan.Tile;
import java.util.Arrays;

/**
 * Convolutions of images: products with a matrix of patches, read from the images some rows at a time.
 *
 * <p>Channels are last, and a block has a pixel a row: images {@code (images * height * width, channels)}, outputs {@code (images *
 * outHeight * outWidth, filters)}, the kernel {@code (kernelHeight * kernelWidth * channels, filters)}. With {@code groups},
 * channels and filters are divided into equal parts, and each part of the filters uses only its part of the channels: the kernel
 * has {@code channels / groups} rows per tap. As many groups as channels make a depthwise convolution.
 *
 * <p>A chain is of {@code fma}, started at 0 and ended by {@code + 0f}, as in {@link Products}. An output is one chain, in the
 * order of kernel row, kernel column, channel, where a pixel outside of the image is a zero. The gradient of a pixel is a sum, from
 * 0 on, over the positions that cover it, in their order: of each the chain over the filters. The gradient of the kernel runs over
 * the positions of all images in turn, in chains of {@value #PATCH_CHUNK} positions, which are added one after the other.
 */
public final class Convolutions {

    static final Convolutions IN_USE = new Convolutions(Products.IN_USE, Elements.IN_USE, Thresholds.SHARED_WORK);

    /** Output positions in a chain of the gradient of a kernel. */
    static final int PATCH_CHUNK = 256;
    private final Products products;
    private final Elements elements;
    long work; // multiply-adds from which on work is split; tests split all

    /**
     * @param products what multiplies
     * @param elements what adds
     * @param work     the number of multiply-adds from which on work is split
     */
    Convolutions(Products products, Elements elements, long work) {
        this.products = products;
        this.elements = elements;
        this.work = work;
    }

    /**
     * A convolution layer's forward pass, {@code y = op(x * kernel + bias)}.
     *
     * @param bias a number per filter, or null
     */
    public void forward(Window w, int groups, UnaryOp op, float alpha, MatrixView x, MatrixView kernel, MatrixView bias,
            MatrixView y) {
        requireShapes(w, groups, "x", x, "kernel", kernel, "y", y);
        if (bias != null) {
            bias.requireSize("bias", y.cols);
        }
        boolean isDepthwise = isDepthwise(groups, x, y) && WindowedImages.suit(w, x.cols);
        int parts = isDepthwise ? 1 : groups;
        int channels = x.cols / parts;
        int filters = y.cols / parts;
        Threads.split(y.rows, Thresholds.ROW_GRAIN, (long) y.size() * kernel.rows, work, (from, to) -> {
            int step = placesAtOnce(Math.max(kernel.rows, y.cols));
            WindowedImages source = isDepthwise ? WindowedImages.ofTaps(w, x, channels)
                    : WindowedImages.suitsForward(w, x, channels, filters) ? WindowedImages.ofPatches(w, x, channels) : null;
            for (int position = from; position < to; position += Math.min(step, to - position)) {
                int end = position + Math.min(step, to - position);
                for (int part = 0; part < parts; part++) {
                    product(w, source, x, part * channels, channels, kernel, y, part * filters, filters, position, end);
                }
                elements.after(op, alpha, bias, y, position, end);
            }
        });
    }

    /**
     * {@code y = x * kernel} for some positions of one group.
     *
     * @param source null: patches are copied
     */
    private void product(Window w, WindowedImages source, MatrixView x, int channel, int channels, MatrixView kernel, MatrixView y,
            int filter, int filters, int from, int to) {
        if (source != null) {
            source.forward(products, channel, kernel, y, filter, filters, from, to);
            return;
        }
        int depth = kernel.rows;
        float[] a = x.data;
        int aOffset = x.offset + from * x.stride + channel;
        int lda = x.stride;
        if (!w.isPoint()) {
            a = Scratch.panel((to - from) * depth);
            aOffset = 0;
            lda = depth;
            Patches.im2col(w, x, channel, channels, from, to, 0, depth, a);
        }
        products.live().gemm(false, false, to - from, filters, depth, a, aOffset, lda, kernel.data, kernel.offset + filter,
                kernel.stride, y.data, y.row(from) + filter, y.stride);
    }

    /** The gradient of the images, {@code out}, from the gradient of {@code y}. */
    public void inputGradient(Window w, int groups, MatrixView upstream, MatrixView kernel, MatrixView out) {
        requireShapes(w, groups, "out", out, "kernel", kernel, "upstream", upstream);
        if (out.size() == 0) {
            return;
        }
        int channels = out.cols / groups;
        int filters = upstream.cols / groups;
        Threads.split(out.rows / w.pixels(), 1, (long) upstream.size() * kernel.rows, work, (from, to) -> {
            Arrays.fill(out.data, out.row(from * w.pixels()), out.row(to * w.pixels()), 0f);
            if (isDepthwise(groups, out, upstream)) {
                ScalarElements adding = elements.chosen(elements.addProducts, (long) kernel.rows * upstream.size());
                DepthwiseConvolutions.addInputGradient(adding, w, upstream, kernel, out, from * w.outHeight(), to * w.outHeight());
                return;
            }
            for (int g = 0; g < groups; g++) {
                addInputGradient(w, upstream, g * filters, filters, kernel, out, g * channels, channels, from * w.positions(),
                        to * w.positions());
            }
        });
    }

    /** Adds the contribution of some positions of one group to {@code out}. */
    private void addInputGradient(Window w, MatrixView upstream, int filter, int filters, MatrixView kernel, MatrixView out,
            int channel, int channels, int from, int to) {
        int depth = kernel.rows;
        float[] turned = Scratch.other(depth * filters);
        Patches.transpose(depth, filters, kernel.data, kernel.offset + filter, kernel.stride, turned, 0, depth);
        int step = placesAtOnce(depth);
        for (int position = from; position < to; position += Math.min(step, to - position)) {
            int positions = Math.min(step, to - position);
            float[] c = out.data;
            int cOffset = out.offset + position * out.stride + channel;
            int ldc = out.stride;
            if (!w.isPoint()) {
                c = Scratch.panel(positions * depth);
                cOffset = 0;
                ldc = depth;
            }
            products.live().gemm(false, false, positions, depth, filters, upstream.data, upstream.row(position) + filter,
                    upstream.stride, turned, 0, depth, c, cOffset, ldc);
            if (!w.isPoint()) {
                Patches.col2im(elements.chosen(elements.add, (long) positions * depth), w, out, channel, channels, position, position + positions,
                        0, depth, c);
            }
        }
    }

    /** The gradient of the kernel, {@code out}, from the images and the gradient of {@code y}. */
    public void kernelGradient(Window w, int groups, MatrixView x, MatrixView upstream, MatrixView out) {
        requireShapes(w, groups, "x", x, "out", out, "upstream", upstream);
        int channels = x.cols / groups;
        int filters = upstream.cols / groups;
        long multiplyAdds = (long) out.size() * upstream.rows;
        if (isDepthwise(groups, x, upstream) && WindowedImages.suit(w, x.cols)) {
            Threads.split(x.cols, Thresholds.CHANNEL_GRAIN, multiplyAdds, work, (from, to) -> kernelGradient(w,
                    WindowedImages.ofTaps(w, x, to - from), x, from, to - from, upstream, from, to - from, out, 0, out.rows));
            return;
        }
        boolean isDirect = WindowedImages.suitsKernelGradient(w, x, channels);
        int grain = isDirect ? Tile.ROWS_GATHERED : Thresholds.KERNEL_ROW_GRAIN;
        if (groups == 1 && (out.rows >= filters || filters < Thresholds.COLUMN_GRAIN * Threads.count() && out.rows > grain)) {
            Threads.split(out.rows, grain, multiplyAdds, work, // each copies its part of the patches
                    (from, to) -> kernelGradient(w, isDirect ? WindowedImages.ofPatches(w, x, channels) : null, x, 0, channels,
                            upstream, 0, filters, out, from, to));
            return;
        }
        Threads.split(out.cols, Thresholds.FILTER_GRAIN, multiplyAdds, work, (from, to) -> {
            WindowedImages source = isDirect ? WindowedImages.ofPatches(w, x, channels) : null;
            for (int filter = from; filter < to; ) {
                int group = filter / filters;
                int end = Math.min(to, (group + 1) * filters);
                kernelGradient(w, source, x, group * channels, channels, upstream, filter, end - filter, out, 0, out.rows);
                filter = end;
            }
        });
    }

    /**
     * Some rows and columns of {@code out}, which are of one group.
     *
     * @param source null: patches are copied
     */
    private void kernelGradient(Window w, WindowedImages source, MatrixView x, int channel, int channels, MatrixView upstream,
            int filter, int filters, MatrixView out, int rowFrom, int rowTo) {
        int step = Math.max(1, Math.min(Thresholds.KERNEL_ROWS, Thresholds.PATCH_FLOATS / Math.max(filters, 1)));
        for (int from = rowFrom; from < rowTo; from += Math.min(step, rowTo - from)) {
            int to = from + Math.min(step, rowTo - from);
            int depth = to - from;
            int size = filters * depth;
            // Otherwise sums has a row per filter: then the gradients, whose zeros are skipped, are the left matrix.
            boolean hasKernelRows = source != null || products.live().isFasterTransposed(filters, depth,
                    Math.min(PATCH_CHUNK, upstream.rows), upstream.data, upstream.offset + filter, upstream.stride);
            float[] sums = Scratch.other(2 * size);
            int position = 0;
            do { // at least once: without images the gradient is zero
                int positions = Math.min(PATCH_CHUNK, upstream.rows - position);
                int sum = position == 0 ? 0 : size;
                int up = upstream.offset + position * upstream.stride + filter;
                if (source != null) {
                    source.kernelGradient(products, channel, upstream, filter, filters, position, position + positions, sums, sum, from, to);
                } else {
                    float[] patch = x.data;
                    int at = x.offset + position * x.stride + channel + from;
                    int stride = x.stride;
                    if (!w.isPoint()) {
                        patch = Scratch.panel(positions * depth);
                        at = 0;
                        stride = depth;
                        Patches.im2col(w, x, channel, channels, position, position + positions, from, to, patch);
                    }
                    if (hasKernelRows) {
                        products.live().gemm(true, false, depth, filters, positions, patch, at, stride, upstream.data, up,
                                upstream.stride, sums, sum, filters);
                    } else {
                        products.live().gemm(true, false, filters, depth, positions, upstream.data, up, upstream.stride, patch, at,
                                stride, sums, sum, depth);
                    }
                }
                if (position > 0) {
                    elements.chosen(elements.add, size).add(sums, size, sums, 0, size);
                }
                position += positions;
            } while (position < upstream.rows);
            int at = out.offset + from * out.stride + filter;
            if (hasKernelRows) {
                Patches.copyRows(depth, sums, 0, filters, out.data, at, out.stride, filters);
            } else {
                Patches.transpose(filters, depth, sums, 0, depth, out.data, at, out.stride);
            }
        }
    }

    private static boolean isDepthwise(int groups, MatrixView x, MatrixView y) {
        return groups == x.cols && groups == y.cols;
    }

    /** Whole tiles, if there is room. */
    private static int placesAtOnce(int depth) {
        int positions = Math.max(1, Thresholds.PATCH_FLOATS / Math.max(depth, 1));
        return positions < Thresholds.ROW_GRAIN ? positions : positions / Thresholds.ROW_GRAIN * Thresholds.ROW_GRAIN;
    }

    private static void requireShapes(Window w, int groups, String xName, MatrixView x, String kernelName, MatrixView kernel,
            String yName, MatrixView y) {
        if (groups < 1 || x.cols % groups != 0 || y.cols % groups != 0) {
            throw new IllegalArgumentException("Channels and filters must be multiples of the groups. Received: " + x.cols + " and "
                    + y.cols + " in " + groups + " groups");
        }
        int images = w.pixels() == 0 ? 0 : x.rows / w.pixels();
        x.requireDense(xName, images * w.pixels(), x.cols);
        kernel.requireDense(kernelName, size("kernel rows", w.taps(), x.cols / groups), y.cols);
        y.requireDense(yName, size("positions", images, w.positions()), y.cols);
    }

    private static int size(String what, int a, int b) {
        if ((long) a * b > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A convolution can have at most " + Integer.MAX_VALUE + " " + what + ". Received: " + a
                    + " x " + b);
        }
        return a * b;
    }
}

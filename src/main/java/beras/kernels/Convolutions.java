package beras.kernels;

import java.util.Arrays;

/**
 * Convolutions of images: products whose one matrix is read from the images, some rows at a time.
 *
 * <p>Channels are last, and a block has a pixel a row: images {@code (images * height * width, channels)}, outputs
 * {@code (images * outHeight * outWidth, filters)}, the kernel {@code (kernelHeight * kernelWidth * channels, filters)}. With
 * {@code groups}, the channels and the filters are cut into as many parts, and a part of the filters sees its part of the
 * channels only: the kernel has {@code channels / groups} rows a tap. As many groups as channels make a depthwise convolution.
 *
 * <p>A chain is of {@code fma}, started at 0 and ended by {@code + 0f}, as in {@link Products}. An output is one chain, in the
 * order of kernel row, kernel column, channel, where a pixel outside of the image is a zero. The gradient of a pixel is a sum, from
 * 0 on, over the places that cover it, in their order: of each the chain over the filters. The gradient of the kernel runs over the
 * places of all images in turn, in chains of {@value #BLOCK} places, which are added one after the other.
 */
public final class Convolutions {

    static final Convolutions IN_USE = new Convolutions(Products.IN_USE, Elements.IN_USE, Products.WORK);

    /** Places in a chain of the gradient of a kernel. */
    static final int BLOCK = 256;
    /** Floats that are read from images, or added to them, at a time: mostly they stay in the second-level cache. */
    private static final int PANEL = 1 << 17;
    /** Rows of the gradient of a kernel at a time, for the same reason. */
    private static final int DEPTH = 512;
    /** Numbers that follow each other in an image: from so many on, copying a place's is fast. */
    private static final int SHORT = 16;
    /** Parts of what threads share start at multiples of these. */
    private static final int PLACE_GRAIN = 8;
    private static final int FILTER_GRAIN = 8;
    private static final int DEPTH_GRAIN = 16;
    private static final int CHANNEL_GRAIN = 16;
    /** Floats of a row of places that a depthwise convolution computes at a time: they stay in the first-level cache. */
    private static final int RUN = 1024;

    private final Products products;
    private final Elements elements;
    private final long work;

    /**
     * @param products what multiplies
     * @param elements what adds
     * @param work     from so many multiply-adds on, work is split
     */
    Convolutions(Products products, Elements elements, long work) {
        this.products = products;
        this.elements = elements;
        this.work = work;
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
        // A zero outside of the image may be left out where it meets numbers.
        if (isDepthwise(groups, x, y) && isFinite(kernel)) {
            split(rows(w, y), 1, (long) y.size() * w.taps(), (from, to) -> depthwise(w, op, alpha, x, kernel, bias, y, from, to));
            return;
        }
        split(y.rows, PLACE_GRAIN, (long) y.size() * kernel.rows, (from, to) -> {
            int step = placesAtOnce(Math.max(kernel.rows, y.cols));
            for (int place = from; place < to; place += Math.min(step, to - place)) {
                int end = place + Math.min(step, to - place);
                for (int g = 0; g < groups; g++) {
                    product(w, x, g * (x.cols / groups), x.cols / groups, kernel, y, g * (y.cols / groups), y.cols / groups, place,
                            end);
                }
                products.live().after(op, alpha, bias, y, place, end);
            }
        });
    }

    /** {@code y = x * kernel} for some places of one group. */
    private void product(Window w, Block x, int channel, int channels, Block kernel, Block y, int filter, int filters, int from,
            int to) {
        int depth = kernel.rows;
        boolean columns = !w.isPoint() && isShort(w, x, channels);
        float[] a = x.data;
        int aOffset = x.offset + from * x.stride + channel;
        int lda = x.stride;
        if (!w.isPoint()) {
            a = Scratch.panel((to - from) * depth);
            aOffset = 0;
            if (columns) {
                lda = to - from;
                readColumns(w, x, channel, channels, from, to, 0, depth, a);
            } else {
                lda = depth;
                move(false, w, x, channel, channels, from, to, 0, depth, a);
            }
        }
        products.live().gemm(columns, false, to - from, filters, depth, a, aOffset, lda, kernel.data, kernel.offset + filter,
                kernel.stride, y.data, y.row(from) + filter, y.stride);
    }

    /** The gradient of the images, {@code out}, from that of {@code y}. */
    public void inputGradient(Window w, int groups, Block upstream, Block kernel, Block out) {
        requireShapes(w, groups, "out", out, "kernel", kernel, "upstream", upstream);
        if (out.size() == 0) {
            return;
        }
        int channels = out.cols / groups;
        int filters = upstream.cols / groups;
        split(out.rows / w.pixels(), 1, (long) upstream.size() * kernel.rows, (from, to) -> {
            Arrays.fill(out.data, out.row(from * w.pixels()), out.row(to * w.pixels()), 0f);
            if (isDepthwise(groups, out, upstream)) {
                addDepthwiseInputGradient(w, upstream, kernel, out, from * w.outHeight(), to * w.outHeight());
                return;
            }
            for (int g = 0; g < groups; g++) {
                addInputGradient(w, upstream, g * filters, filters, kernel, out, g * channels, channels, from * w.places(),
                        to * w.places());
            }
        });
    }

    /** Adds to {@code out} what comes from some places of one group. */
    private void addInputGradient(Window w, Block upstream, int filter, int filters, Block kernel, Block out, int channel,
            int channels, int from, int to) {
        int depth = kernel.rows;
        float[] turned = Scratch.other(depth * filters);
        turn(depth, filters, kernel.data, kernel.offset + filter, kernel.stride, turned, 0, depth);
        int step = placesAtOnce(depth);
        for (int place = from; place < to; place += Math.min(step, to - place)) {
            int places = Math.min(step, to - place);
            float[] c = out.data;
            int cOffset = out.offset + place * out.stride + channel;
            int ldc = out.stride;
            if (!w.isPoint()) {
                c = Scratch.panel(places * depth);
                cOffset = 0;
                ldc = depth;
            }
            products.live().gemm(false, false, places, depth, filters, upstream.data, upstream.row(place) + filter, upstream.stride,
                    turned, 0, depth, c, cOffset, ldc);
            if (!w.isPoint()) {
                move(true, w, out, channel, channels, place, place + places, 0, depth, c);
            }
        }
    }

    /** {@code out (n, m)} = {@code a (m, n)} transposed. */
    private static void turn(int m, int n, float[] a, int aOffset, int lda, float[] out, int outOffset, int ldo) {
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < m; i++) {
                out[outOffset + j * ldo + i] = a[aOffset + i * lda + j];
            }
        }
    }

    /** The gradient of the kernel, {@code out}, from the images and the gradient of {@code y}. */
    public void kernelGradient(Window w, int groups, Block x, Block upstream, Block out) {
        requireShapes(w, groups, "x", x, "out", out, "upstream", upstream);
        int channels = x.cols / groups;
        int filters = upstream.cols / groups;
        long multiplyAdds = (long) out.size() * upstream.rows;
        if (isDepthwise(groups, x, upstream) && isFinite(upstream)) {
            split(x.cols, CHANNEL_GRAIN, multiplyAdds, (from, to) -> depthwiseKernelGradient(w, x, upstream, out, from, to));
            return;
        }
        if (groups == 1 && filters < FILTER_GRAIN * Threads.count()) {
            split(out.rows, DEPTH_GRAIN, multiplyAdds,
                    (from, to) -> kernelGradient(w, x, 0, channels, upstream, 0, filters, out, from, to));
            return;
        }
        split(out.cols, FILTER_GRAIN, multiplyAdds, (from, to) -> {
            for (int filter = from; filter < to; ) {
                int group = filter / filters;
                int end = Math.min(to, (group + 1) * filters);
                kernelGradient(w, x, group * channels, channels, upstream, filter, end - filter, out, 0, out.rows);
                filter = end;
            }
        });
    }

    /** Some rows and columns of {@code out}, which are of one group. */
    private void kernelGradient(Window w, Block x, int channel, int channels, Block upstream, int filter, int filters, Block out,
            int rowFrom, int rowTo) {
        boolean columns = !w.isPoint() && isShort(w, x, channels);
        int step = Math.max(1, Math.min(DEPTH, PANEL / Math.max(filters, 1)));
        for (int from = rowFrom; from < rowTo; from += Math.min(step, rowTo - from)) {
            int to = from + Math.min(step, rowTo - from);
            int depth = to - from;
            int size = filters * depth;
            float[] sums = Scratch.other(2 * size);
            int place = 0;
            do { // at least once: without images the gradient is zero
                int places = Math.min(BLOCK, upstream.rows - place);
                int sum = place == 0 ? 0 : size;
                int upstreamAt = upstream.offset + place * upstream.stride + filter;
                if (columns) {
                    float[] panel = Scratch.panel(places * depth);
                    readColumns(w, x, channel, channels, place, place + places, from, to, panel);
                    products.live().gemm(false, false, depth, filters, places, panel, 0, places, upstream.data, upstreamAt,
                            upstream.stride, sums, sum, filters);
                } else {
                    float[] b = x.data;
                    int bOffset = x.offset + place * x.stride + channel + from;
                    int ldb = x.stride;
                    if (!w.isPoint()) {
                        b = Scratch.panel(places * depth);
                        bOffset = 0;
                        ldb = depth;
                        move(false, w, x, channel, channels, place, place + places, from, to, b);
                    }
                    // Transposed, for the zeros to skip are in the gradients.
                    products.live().gemm(true, false, filters, depth, places, upstream.data, upstreamAt, upstream.stride, b, bOffset,
                            ldb, sums, sum, depth);
                }
                if (place > 0) {
                    elements.live().add(sums, size, sums, 0, size);
                }
                place += places;
            } while (place < upstream.rows);
            int at = out.offset + from * out.stride + filter;
            if (columns) {
                copyRows(depth, sums, 0, filters, out.data, at, out.stride, filters);
            } else {
                turn(filters, depth, sums, 0, depth, out.data, at, out.stride);
            }
        }
    }

    /**
     * Reads what the window covers in some places: the channels of each tap in turn, a place a row, of which rows elements
     * {@code from} to {@code to}. Or adds such rows to the images, in the order of places.
     */
    private void move(boolean add, Window w, Block x, int channel, int channels, int placeFrom, int placeTo, int from, int to,
            float[] panel) {
        if (placeFrom == placeTo) {
            return; // perhaps an image has none
        }
        int image = placeFrom / w.places();
        int i = placeFrom % w.places() / w.outWidth();
        int j = placeFrom % w.outWidth();
        int run = run(w, x, channels);
        // The columns of places whose kernel rows are in the image as a whole, if they are read as a whole.
        int wholeFirst = run < w.kernelWidth() ? w.outWidth() : (w.left() + w.strideWidth() - 1) / w.strideWidth();
        int wholeEnd = Math.floorDiv(w.width() - w.kernelWidth() + w.left(), w.strideWidth()) + 1;
        int stride = w.strideWidth() * x.stride;
        int p = 0;
        for (int place = placeFrom; place < placeTo; ) {
            int jEnd = Math.min(w.outWidth(), j + placeTo - place);
            for (int r = 0; r < w.kernelHeight(); r++) {
                int row = i * w.strideHeight() + r * w.dilationHeight() - w.top();
                boolean inside = row >= 0 && row < w.height();
                int first = inside ? Math.min(Math.max(wholeFirst, j), jEnd) : jEnd;
                int end = Math.min(Math.max(wholeEnd, first), jEnd);
                int pixel = (image * w.height() + row) * w.width() - w.left();
                for (int q = j; q < first; q++) {
                    moveParts(add, w, x, channel, channels, inside, pixel, r, q, run, from, to, panel, p + (q - j) * (to - from));
                }
                int start = r * run * channels;
                int e = Math.max(start, from);
                int n = Math.min(start + run * channels, to) - e;
                if (first < end && n > 0) {
                    int at = p + (first - j) * (to - from) + e - from;
                    int pixels = x.offset + (pixel + first * w.strideWidth()) * x.stride + channel + e - start;
                    if (add) {
                        addRows(end - first, panel, at, to - from, x.data, pixels, stride, n);
                    } else {
                        copyRows(end - first, x.data, pixels, stride, panel, at, to - from, n);
                    }
                }
                for (int q = end; q < jEnd; q++) {
                    moveParts(add, w, x, channel, channels, inside, pixel, r, q, run, from, to, panel, p + (q - j) * (to - from));
                }
            }
            p += (jEnd - j) * (to - from);
            place += jEnd - j;
            j = 0;
            if (++i == w.outHeight()) {
                i = 0;
                image++;
            }
        }
    }

    /** The taps of a kernel row that follow each other in an image: all, or one if other pixels or channels lie between them. */
    private static int run(Window w, Block x, int channels) {
        return w.dilationWidth() == 1 && x.stride == channels ? w.kernelWidth() : 1;
    }

    /** {@link #move} for a kernel row in a place, of which some is outside of the image or lies apart. */
    private void moveParts(boolean add, Window w, Block x, int channel, int channels, boolean inside, int pixel, int r, int j,
            int run, int from, int to, float[] panel, int p) {
        for (int c = 0; c < w.kernelWidth(); c += run) {
            int start = (r * w.kernelWidth() + c) * channels;
            int first = Math.max(start, from);
            int end = Math.min(start + run * channels, to);
            if (first >= end) {
                continue;
            }
            int col = j * w.strideWidth() + c * w.dilationWidth() - w.left();
            int inFirst = end;
            int inEnd = end;
            if (inside) {
                inFirst = Math.min(Math.max(first, start + Math.min(run, Math.max(0, -col)) * channels), end);
                inEnd = Math.max(inFirst, Math.min(end, start + Math.max(0, Math.min(run, w.width() - col)) * channels));
            }
            if (!add) {
                Arrays.fill(panel, p + first - from, p + inFirst - from, 0f);
                Arrays.fill(panel, p + inEnd - from, p + end - from, 0f);
            }
            if (inFirst < inEnd) {
                int pixels = x.offset + (pixel + w.left() + col) * x.stride + channel + inFirst - start;
                if (add) {
                    elements.live().add(panel, p + inFirst - from, x.data, pixels, inEnd - inFirst);
                } else {
                    System.arraycopy(x.data, pixels, panel, p + inFirst - from, inEnd - inFirst);
                }
            }
        }
    }

    /** One after the other, for what the rows are added to may overlap. */
    private void addRows(int rows, float[] from, int fromOffset, int fromRow, float[] to, int toOffset, int toRow, int n) {
        ScalarElements live = elements.live();
        for (int r = 0; r < rows; r++) {
            live.add(from, fromOffset + r * fromRow, to, toOffset + r * toRow, n);
        }
    }

    private static void copyRows(int rows, float[] from, int fromOffset, int fromRow, float[] to, int toOffset, int toRow, int n) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, fromOffset + r * fromRow, to, toOffset + r * toRow, n);
        }
    }

    /** Whether so few numbers follow each other in an image that it is read along its rows rather than in each place. */
    private static boolean isShort(Window w, Block x, int channels) {
        return channels * run(w, x, channels) < SHORT;
    }

    /** Reads what {@link #move} does, transposed: the places of each element in turn. */
    private static void readColumns(Window w, Block x, int channel, int channels, int placeFrom, int placeTo, int from, int to,
            float[] panel) {
        if (placeFrom == placeTo) {
            return;
        }
        int step = w.strideWidth() * x.stride;
        int p = 0;
        for (int element = from; element < to; element++) {
            int tap = element / channels;
            int j = placeFrom % w.outWidth();
            for (int place = placeFrom; place < placeTo; ) {
                int n = Math.min(w.outWidth() - j, placeTo - place);
                int pixels = w.pixels(place / w.outWidth(), tap / w.kernelWidth());
                int first = pixels < 0 ? j + n : Math.min(w.firstPlace(tap % w.kernelWidth(), j), j + n);
                int end = Math.max(first, w.endPlace(tap % w.kernelWidth(), j + n));
                Arrays.fill(panel, p, p + first - j, 0f);
                if (first < end) {
                    int pixel = pixels + first * w.strideWidth() + w.left(tap % w.kernelWidth());
                    copy(x.data, x.row(pixel) + channel + element % channels, step, panel, p + first - j, end - first);
                }
                Arrays.fill(panel, p + end - j, p + n, 0f);
                p += n;
                place += n;
                j = 0;
            }
        }
    }

    private static void copy(float[] from, int fromOffset, int step, float[] to, int toOffset, int n) {
        if (step == 1) {
            System.arraycopy(from, fromOffset, to, toOffset, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            to[toOffset + i] = from[fromOffset + i * step];
        }
    }

    // ----------------------------------------------------------------------------------------------- depthwise

    // A row of places at a time, tap by tap.

    private static boolean isDepthwise(int groups, Block x, Block y) {
        return groups == x.cols && groups == y.cols;
    }

    private static boolean isFinite(Block block) {
        return ScalarProducts.isFinite(block.data, block.offset, block.stride, block.rows, block.cols);
    }

    /** The rows of places of all images. */
    private static int rows(Window w, Block y) {
        return w.outWidth() == 0 ? 0 : y.rows / w.outWidth();
    }

    /** Places that are computed at a time, as their pixels follow each other. */
    private static int run(Window w, Block kernel) {
        int most = Math.min(RUN / kernel.cols, PANEL / kernel.size());
        return w.strideWidth() == 1 ? Math.max(1, Math.min(w.outWidth(), most)) : 1;
    }

    /** Each row of the kernel as often as a run has places. */
    private static float[] repeat(Block kernel, int run) {
        float[] repeated = Scratch.other(kernel.size() * run);
        for (int tap = 0, at = 0; tap < kernel.rows; tap++) {
            for (int i = 0; i < run; i++, at += kernel.cols) {
                System.arraycopy(kernel.data, kernel.row(tap), repeated, at, kernel.cols);
            }
        }
        return repeated;
    }

    private void depthwise(Window w, UnaryOp op, float alpha, Block x, Block kernel, Block bias, Block y, int from, int to) {
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

    private void addDepthwiseInputGradient(Window w, Block upstream, Block kernel, Block out, int from, int to) {
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

    private void depthwiseKernelGradient(Window w, Block x, Block upstream, Block out, int channel, int end) {
        int channels = end - channel;
        int size = w.taps() * channels;
        float[] sums = Scratch.other(2 * size);
        int place = 0;
        do { // at least once: without images the gradient is zero
            int last = place + Math.min(BLOCK, upstream.rows - place);
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
        copyRows(w.taps(), sums, 0, channels, out.data, out.offset + channel, out.stride, channels);
    }

    // ------------------------------------------------------------------------------------------------------ all

    /** Whole tiles, if there is room. */
    private static int placesAtOnce(int depth) {
        int places = Math.max(1, PANEL / Math.max(depth, 1));
        return places < PLACE_GRAIN ? places : places / PLACE_GRAIN * PLACE_GRAIN;
    }

    private void split(int n, int grain, long multiplyAdds, Threads.Range task) {
        if (multiplyAdds < work || !Threads.shared()) {
            task.run(0, n);
        } else {
            Threads.split(n, grain, task);
        }
    }

    private static void requireShapes(Window w, int groups, String xName, Block x, String kernelName, Block kernel, String yName,
            Block y) {
        if (groups < 1 || x.cols % groups != 0 || y.cols % groups != 0) {
            throw new IllegalArgumentException("Channels and filters must be multiples of the groups. Received: " + x.cols + " and "
                    + y.cols + " in " + groups + " groups");
        }
        int images = w.pixels() == 0 ? 0 : x.rows / w.pixels();
        x.requireDense(xName, images * w.pixels(), x.cols);
        kernel.requireDense(kernelName, size("kernel rows", w.taps(), x.cols / groups), y.cols);
        y.requireDense(yName, size("places", images, w.places()), y.cols);
    }

    private static int size(String what, int a, int b) {
        if ((long) a * b > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A convolution can have at most " + Integer.MAX_VALUE + " " + what + ". Received: " + a
                    + " x " + b);
        }
        return a * b;
    }
}

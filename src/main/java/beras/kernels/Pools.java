package beras.kernels;

/**
 * Pooling of images: the maximum or mean of the pixels at each position of a {@link Window}, per channel, and the gradients.
 *
 * <p>Channels are last, and each row of a block is a pixel: images {@code (images * height * width, channels)}, outputs {@code
 * (images * outHeight * outWidth, channels)}. Taps outside of an image are ignored. A mean is the sum of the rows of taps, each a
 * chain of additions from its first pixel on, over their number. The gradient of a pixel is a chain of additions in the order of
 * the positions that cover it, from +0.
 */
public final class Pools extends KernelGroup<ScalarPools> {

    static final Pools IN_USE = inUse(new Pools(new ScalarPools(), Thresholds.SHARED_ELEMENTS));

    private final SimdKernel<ScalarPools> max =
            ofRows((k, t, n) -> { while (n-- > 0) { k.max(TinyBlocks.WINDOW, t.pixels, t.c, t.taps, 0, t.rows); } });
    private final SimdKernel<ScalarPools> maxGradient =
            ofRows((k, t, n) -> { while (n-- > 0) { k.maxGradient(TinyBlocks.WINDOW, t.a, t.taps, t.pixels, 0, t.rows); } });

    /** @param elements the number of elements from which on work is split */
    Pools(ScalarPools live, int elements) {
        super(live, elements);
    }

    @Override
    ScalarPools simd() {
        return new VectorPools();
    }

    /**
     * {@code y} = the largest pixel of each position: the first of equal ones; the last NaN, if there is one.
     *
     * @param taps receives which tap it was, counted row by row
     */
    public void max(Window w, MatrixView x, MatrixView y, MatrixView taps) {
        requireShapes(w, "x", x, "y", y);
        taps.requireDense("taps", y.rows, y.cols);
        splitRows(max, y.rows, work(w, y), (k, from, to) -> k.max(w, x, y, taps, from, to));
    }

    /** The gradient of {@link #max} with respect to the images, {@code out}: the upstream gradient is added to the largest pixel. */
    public void maxGradient(Window w, MatrixView upstream, MatrixView taps, MatrixView out) {
        requireShapes(w, "out", out, "upstream", upstream);
        taps.requireDense("taps", upstream.rows, upstream.cols);
        boolean isDisjoint = w.isWithin() && w.strideHeight() >= w.kernelHeight() && w.strideWidth() >= w.kernelWidth();
        if (!isDisjoint || out.rows == 0) {
            splitRows(maxGradient, out.rows, out.cols, (k, from, to) -> k.maxGradient(w, upstream, taps, out, from, to));
        } else {
            splitRows(out.rows / w.pixels(), w.pixels() * out.cols,
                    (k, from, to) -> k.maxGradientOfDisjointWindows(w, upstream, taps, out, from * w.positions(), to * w.positions()));
        }
    }

    /** {@code y} = the mean of the pixels of each position. */
    public void average(Window w, MatrixView x, MatrixView y) {
        requireShapes(w, "x", x, "y", y);
        splitRows(y.rows, work(w, y), (k, from, to) -> k.average(w, x, y, from, to));
    }

    /** The gradient of {@link #average} to the images, {@code out}. */
    public void averageGradient(Window w, MatrixView upstream, MatrixView out) {
        requireShapes(w, "out", out, "upstream", upstream);
        splitRows(out.rows, out.cols, (k, from, to) -> k.averageGradient(w, upstream, out, from, to));
    }

    /** Floats that are read for a row of the output. */
    private static int work(Window w, MatrixView y) {
        return (int) Math.min(Integer.MAX_VALUE, (long) w.taps() * y.cols);
    }

    private static void requireShapes(Window w, String xName, MatrixView x, String yName, MatrixView y) {
        if (w.dilationHeight() != 1 || w.dilationWidth() != 1) {
            throw new IllegalArgumentException("Pooling has no dilation. Received: " + w);
        }
        int images = w.pixels() == 0 ? 0 : x.rows / w.pixels();
        x.requireDense(xName, images * w.pixels(), x.cols);
        y.requireDense(yName, images * w.positions(), x.cols);
    }
}

package beras.kernels;

import java.util.Arrays;

/** The definition of {@link Pools}, in plain Java. */
class ScalarPools {

    final void max(Window w, Block x, Block y, Block taps, int from, int to) {
        for (int place = from; place < to; place++) {
            int row = place % w.places() / w.outWidth() * w.strideHeight() - w.top();
            int col = place % w.outWidth() * w.strideWidth() - w.left();
            int corner = (place / w.places() * w.height() + row) * w.width() + col; // may lie outside
            boolean first = true;
            for (int r = Math.max(0, -row); r < Math.min(w.kernelHeight(), w.height() - row); r++) {
                for (int c = Math.max(0, -col); c < Math.min(w.kernelWidth(), w.width() - col); c++) {
                    int xr = x.row(corner + r * w.width() + c);
                    int tap = r * w.kernelWidth() + c;
                    if (first) {
                        System.arraycopy(x.data, xr, y.data, y.row(place), x.cols);
                        Arrays.fill(taps.data, taps.row(place), taps.row(place) + x.cols, tap);
                        first = false;
                    } else {
                        larger(x.data, xr, tap, y.data, y.row(place), taps.data, taps.row(place), x.cols);
                    }
                }
            }
        }
    }

    /** Takes what is larger than the largest so far, and its tap. */
    void larger(float[] x, int xOffset, float tap, float[] y, int yOffset, float[] taps, int tapsOffset, int n) {
        for (int i = 0; i < n; i++) {
            float value = x[xOffset + i];
            if (value > y[yOffset + i] || Float.isNaN(value)) {
                y[yOffset + i] = value;
                taps[tapsOffset + i] = tap;
            }
        }
    }

    final void maxGradient(Window w, Block upstream, Block taps, Block out, int from, int to) {
        for (int pixel = from; pixel < to; pixel++) {
            int row = pixel % w.pixels() / w.width() + w.top();
            int col = pixel % w.width() + w.left();
            int image = pixel / w.pixels() * w.outHeight();
            Arrays.fill(out.data, out.row(pixel), out.row(pixel) + out.cols, 0f);
            for (int i = first(row, w.kernelHeight(), w.strideHeight()); i <= last(row, w.strideHeight(), w.outHeight()); i++) {
                for (int j = first(col, w.kernelWidth(), w.strideWidth()); j <= last(col, w.strideWidth(), w.outWidth()); j++) {
                    int tap = (row - i * w.strideHeight()) * w.kernelWidth() + col - j * w.strideWidth();
                    int place = (image + i) * w.outWidth() + j;
                    addChosen(upstream.data, upstream.row(place), taps.data, taps.row(place), tap, out.data, out.row(pixel),
                            out.cols);
                }
            }
        }
    }

    /** Adds what belongs to a tap. */
    void addChosen(float[] upstream, int upstreamOffset, float[] taps, int tapsOffset, float tap, float[] out, int outOffset,
            int n) {
        for (int i = 0; i < n; i++) {
            if (taps[tapsOffset + i] == tap) {
                out[outOffset + i] += upstream[upstreamOffset + i];
            }
        }
    }

    /** The first place, along one axis, whose window covers a pixel; the pixel is counted from the first window's beginning. */
    private static int first(int pixel, int kernel, int stride) {
        return Math.max(0, Math.floorDiv(pixel - kernel, stride) + 1);
    }

    /** The last such place. */
    private static int last(int pixel, int stride, int places) {
        return Math.min(places - 1, pixel / stride);
    }

    final void average(Window w, Block x, Block y, int from, int to) {
        float[] sums = Scratch.floats(x.cols);
        for (int place = from; place < to; place++) {
            int row = place % w.places() / w.outWidth() * w.strideHeight() - w.top();
            int col = place % w.outWidth() * w.strideWidth() - w.left();
            int corner = (place / w.places() * w.height() + row) * w.width() + col;
            int firstRow = Math.max(0, -row);
            int firstCol = Math.max(0, -col);
            int rows = Math.min(w.kernelHeight(), w.height() - row) - firstRow;
            int cols = Math.min(w.kernelWidth(), w.width() - col) - firstCol;
            for (int r = 0; r < rows; r++) {
                int begin = corner + (firstRow + r) * w.width() + firstCol;
                float[] sum = r == 0 ? y.data : sums;
                int offset = r == 0 ? y.row(place) : 0;
                System.arraycopy(x.data, x.row(begin), sum, offset, x.cols);
                for (int c = 1; c < cols; c++) {
                    add(x.data, x.row(begin + c), sum, offset, x.cols);
                }
                if (r > 0) {
                    add(sums, 0, y.data, y.row(place), x.cols);
                }
            }
            divide(y.data, y.row(place), (float) rows * cols, y.cols);
        }
    }

    /** {@code out += a}. Simple enough for the compiler to make it lanes by itself, as are those below. */
    private static void add(float[] a, int aOffset, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] += a[aOffset + i];
        }
    }

    private static void divide(float[] y, int yOffset, float count, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] /= count;
        }
    }

    final void averageGradient(Window w, Block upstream, Block out, int from, int to) {
        for (int pixel = from; pixel < to; pixel++) {
            int row = pixel % w.pixels() / w.width() + w.top();
            int col = pixel % w.width() + w.left();
            int image = pixel / w.pixels() * w.outHeight();
            Arrays.fill(out.data, out.row(pixel), out.row(pixel) + out.cols, 0f);
            for (int i = first(row, w.kernelHeight(), w.strideHeight()); i <= last(row, w.strideHeight(), w.outHeight()); i++) {
                int rows = within(i, w.strideHeight(), w.top(), w.kernelHeight(), w.height());
                for (int j = first(col, w.kernelWidth(), w.strideWidth()); j <= last(col, w.strideWidth(), w.outWidth()); j++) {
                    float count = (float) rows * within(j, w.strideWidth(), w.left(), w.kernelWidth(), w.width());
                    addQuotients(upstream.data, upstream.row((image + i) * w.outWidth() + j), count, out.data, out.row(pixel),
                            out.cols);
                }
            }
        }
    }

    /** The taps, along one axis, that lie within the image in a place. */
    private static int within(int place, int stride, int before, int kernel, int size) {
        int begin = place * stride - before;
        return Math.min(kernel, size - begin) - Math.max(0, -begin);
    }

    /** {@code out += upstream / count}. */
    private static void addQuotients(float[] upstream, int upstreamOffset, float count, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] += upstream[upstreamOffset + i] / count;
        }
    }
}

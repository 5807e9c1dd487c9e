package beras.kernels;

import java.util.Arrays;

/** The definition of {@link Pools}, in plain Java. */
class ScalarPools {

    void max(Window w, MatrixView x, MatrixView y, MatrixView taps, int from, int to) {
        for (int position = from; position < to; position++) {
            int row = position % w.positions() / w.outWidth() * w.strideHeight() - w.top();
            int col = position % w.outWidth() * w.strideWidth() - w.left();
            int corner = (position / w.positions() * w.height() + row) * w.width() + col; // may lie outside
            int firstRow = Math.max(0, -row);
            int firstCol = Math.max(0, -col);
            int rows = Math.min(w.kernelHeight(), w.height() - row) - firstRow;
            int cols = Math.min(w.kernelWidth(), w.width() - col) - firstCol;
            largest(x.data, x.row(corner + firstRow * w.width() + firstCol), rows, w.width() * x.cols, cols, x.cols,
                    firstRow * w.kernelWidth() + firstCol, w.kernelWidth(), y.data, y.row(position), taps.data, taps.row(position));
        }
    }

    /**
     * The maximum of some pixels of {@code n} channels each, and its tap.
     *
     * @param rowStep from a row of pixels to the next, in floats
     * @param tap     the tap of the first pixel
     * @param tapStep from the taps of a row to the taps of the next
     */
    void largest(float[] x, int xOffset, int rows, int rowStep, int cols, int n, int tap, int tapStep, float[] y, int yOffset,
            float[] taps, int tapsOffset) {
        largestFrom(0, x, xOffset, rows, rowStep, cols, n, tap, tapStep, y, yOffset, taps, tapsOffset);
    }

    /** As {@link #largest}, from a channel on. */
    final void largestFrom(int channel, float[] x, int xOffset, int rows, int rowStep, int cols, int n, int tap, int tapStep,
            float[] y, int yOffset, float[] taps, int tapsOffset) {
        for (int i = channel; i < n; i++) {
            float largest = x[xOffset + i];
            int its = tap;
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < cols; c++) {
                    float value = x[xOffset + r * rowStep + c * n + i];
                    if (value > largest || Float.isNaN(value)) {
                        largest = value;
                        its = tap + r * tapStep + c;
                    }
                }
            }
            y[yOffset + i] = largest;
            taps[tapsOffset + i] = its;
        }
    }

    final void maxGradient(Window w, MatrixView upstream, MatrixView taps, MatrixView out, int from, int to) {
        for (int pixel = from; pixel < to; pixel++) {
            int row = pixel % w.pixels() / w.width() + w.top();
            int col = pixel % w.width() + w.left();
            int image = pixel / w.pixels() * w.outHeight();
            boolean first = true;
            for (int i = first(row, w.kernelHeight(), w.strideHeight()); i <= last(row, w.strideHeight(), w.outHeight()); i++) {
                for (int j = first(col, w.kernelWidth(), w.strideWidth()); j <= last(col, w.strideWidth(), w.outWidth()); j++) {
                    int tap = (row - i * w.strideHeight()) * w.kernelWidth() + col - j * w.strideWidth();
                    int position = (image + i) * w.outWidth() + j;
                    addChosen(first, upstream.data, upstream.row(position), taps.data, taps.row(position), tap, out.data,
                            out.row(pixel), out.cols);
                    first = false;
                }
            }
            if (first) {
                Arrays.fill(out.data, out.row(pixel), out.row(pixel) + out.cols, 0f);
            }
        }
    }

    /** {@link #maxGradient} of a window that stays within the image, and of which no two positions cover a pixel; of whole images. */
    final void maxGradientOfDisjointWindows(Window w, MatrixView upstream, MatrixView taps, MatrixView out, int from, int to) {
        Arrays.fill(out.data, out.row(from / w.positions() * w.pixels()), out.row(to / w.positions() * w.pixels()), 0f);
        int[] pixels = Scratch.steps(w.taps()); // of each tap, relative to the first
        for (int tap = 0; tap < w.taps(); tap++) {
            pixels[tap] = (tap / w.kernelWidth() * w.width() + tap % w.kernelWidth()) * out.cols;
        }
        for (int position = from; position < to; position++) {
            int row = position / w.positions() * w.height() + position % w.positions() / w.outWidth() * w.strideHeight();
            int corner = row * w.width() + position % w.outWidth() * w.strideWidth();
            put(upstream.data, upstream.row(position), taps.data, taps.row(position), pixels, out.data, out.row(corner), out.cols);
        }
    }

    private static void put(float[] upstream, int upstreamOffset, float[] taps, int tapsOffset, int[] pixels, float[] out,
            int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + pixels[(int) taps[tapsOffset + i]] + i] = upstream[upstreamOffset + i] + 0f;
        }
    }

    /** Adds what belongs to a tap, to zeros the first time. */
    void addChosen(boolean first, float[] upstream, int upstreamOffset, float[] taps, int tapsOffset, float tap, float[] out,
            int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            float chosen = taps[tapsOffset + i] == tap ? upstream[upstreamOffset + i] : 0f;
            out[outOffset + i] = (first ? 0f : out[outOffset + i]) + chosen;
        }
    }

    /** The first position, along one axis, whose window covers a pixel; the pixel is counted from the first window's beginning. */
    private static int first(int pixel, int kernel, int stride) {
        return Math.max(0, Math.floorDiv(pixel - kernel, stride) + 1);
    }

    /** The last such position. */
    private static int last(int pixel, int stride, int positions) {
        return Math.min(positions - 1, pixel / stride);
    }

    final void average(Window w, MatrixView x, MatrixView y, int from, int to) {
        float[] sums = Scratch.floats(x.cols);
        for (int position = from; position < to; position++) {
            int row = position % w.positions() / w.outWidth() * w.strideHeight() - w.top();
            int col = position % w.outWidth() * w.strideWidth() - w.left();
            int corner = (position / w.positions() * w.height() + row) * w.width() + col;
            int firstRow = Math.max(0, -row);
            int firstCol = Math.max(0, -col);
            int rows = Math.min(w.kernelHeight(), w.height() - row) - firstRow;
            int cols = Math.min(w.kernelWidth(), w.width() - col) - firstCol;
            for (int r = 0; r < rows; r++) {
                int begin = corner + (firstRow + r) * w.width() + firstCol;
                float[] sum = r == 0 ? y.data : sums;
                int offset = r == 0 ? y.row(position) : 0;
                System.arraycopy(x.data, x.row(begin), sum, offset, x.cols);
                for (int c = 1; c < cols; c++) {
                    add(x.data, x.row(begin + c), sum, offset, x.cols);
                }
                if (r > 0) {
                    add(sums, 0, y.data, y.row(position), x.cols);
                }
            }
            divide(y.data, y.row(position), (float) rows * cols, y.cols);
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

    final void averageGradient(Window w, MatrixView upstream, MatrixView out, int from, int to) {
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

    /** The taps, along one axis, that lie within the image in a position. */
    private static int within(int position, int stride, int before, int kernel, int size) {
        int begin = position * stride - before;
        return Math.min(kernel, size - begin) - Math.max(0, -begin);
    }

    /** {@code out += upstream / count}. */
    private static void addQuotients(float[] upstream, int upstreamOffset, float count, float[] out, int outOffset, int n) {
        for (int i = 0; i < n; i++) {
            out[outOffset + i] += upstream[upstreamOffset + i] / count;
        }
    }
}

package beras.kernels;

import java.util.Arrays;

/** The patches of images under a {@link Window}, as the matrices of {@link Convolutions}. */
final class Patches {

    /**
     * Reads the patches of some positions: a row per position with the channels of each tap in turn, from which elements {@code
     * from} to {@code to} are read.
     */
    static void im2col(Window w, MatrixView x, int channel, int channels, int placeFrom, int placeTo, int from, int to, float[] panel) {
        move(null, w, x, channel, channels, placeFrom, placeTo, from, to, panel);
    }

    /** Adds rows in the layout of {@link #im2col} to the images, in the order of positions. */
    static void col2im(ScalarElements adding, Window w, MatrixView x, int channel, int channels, int placeFrom, int placeTo, int from, int to,
            float[] panel) {
        move(adding, w, x, channel, channels, placeFrom, placeTo, from, to, panel);
    }

    /** @param adding adds the panel to the images; if it is null, the images are copied to the panel */
    private static void move(ScalarElements adding, Window w, MatrixView x, int channel, int channels, int placeFrom, int placeTo,
            int from, int to, float[] panel) {
        if (placeFrom == placeTo) {
            return; // perhaps an image has none
        }
        int image = placeFrom / w.positions();
        int i = placeFrom % w.positions() / w.outWidth();
        int j = placeFrom % w.outWidth();
        int run = run(w, x, channels);
        // The columns of positions whose kernel rows are entirely in the image, if rows are read as a whole.
        int wholeFirst = run < w.kernelWidth() ? w.outWidth() : (w.left() + w.strideWidth() - 1) / w.strideWidth();
        int wholeEnd = Math.floorDiv(w.width() - w.kernelWidth() + w.left(), w.strideWidth()) + 1;
        int stride = w.strideWidth() * x.stride;
        int p = 0;
        for (int position = placeFrom; position < placeTo; ) {
            int jEnd = Math.min(w.outWidth(), j + placeTo - position);
            for (int r = 0; r < w.kernelHeight(); r++) {
                int row = i * w.strideHeight() + r * w.dilationHeight() - w.top();
                boolean inside = row >= 0 && row < w.height();
                int first = inside ? Math.min(Math.max(wholeFirst, j), jEnd) : jEnd;
                int end = Math.min(Math.max(wholeEnd, first), jEnd);
                int pixel = (image * w.height() + row) * w.width() - w.left();
                for (int q = j; q < first; q++) {
                    moveParts(adding, w, x, channel, channels, inside, pixel, r, q, run, from, to, panel, p + (q - j) * (to - from));
                }
                int start = r * run * channels;
                int e = Math.max(start, from);
                int n = Math.min(start + run * channels, to) - e;
                if (first < end && n > 0) {
                    int at = p + (first - j) * (to - from) + e - from;
                    int pixels = x.offset + (pixel + first * w.strideWidth()) * x.stride + channel + e - start;
                    if (adding != null) {
                        addRows(adding, end - first, panel, at, to - from, x.data, pixels, stride, n);
                    } else {
                        copyRows(end - first, x.data, pixels, stride, panel, at, to - from, n);
                    }
                }
                for (int q = end; q < jEnd; q++) {
                    moveParts(adding, w, x, channel, channels, inside, pixel, r, q, run, from, to, panel, p + (q - j) * (to - from));
                }
            }
            p += (jEnd - j) * (to - from);
            position += jEnd - j;
            j = 0;
            if (++i == w.outHeight()) {
                i = 0;
                image++;
            }
        }
    }

    /** The contiguous taps of a kernel row in an image: all, or one if other pixels or channels are between them. */
    static int run(Window w, MatrixView x, int channels) {
        return w.dilationWidth() == 1 && x.stride == channels ? w.kernelWidth() : 1;
    }

    /** {@link #move} for a kernel row in a position that is partly outside of the image or not contiguous. */
    private static void moveParts(ScalarElements adding, Window w, MatrixView x, int channel, int channels, boolean inside,
            int pixel, int r, int j, int run, int from, int to, float[] panel, int p) {
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
            if (adding == null) {
                Arrays.fill(panel, p + first - from, p + inFirst - from, 0f);
                Arrays.fill(panel, p + inEnd - from, p + end - from, 0f);
            }
            if (inFirst < inEnd) {
                int pixels = x.offset + (pixel + w.left() + col) * x.stride + channel + inFirst - start;
                if (adding != null) {
                    adding.add(panel, p + inFirst - from, x.data, pixels, inEnd - inFirst);
                } else {
                    System.arraycopy(x.data, pixels, panel, p + inFirst - from, inEnd - inFirst);
                }
            }
        }
    }

    /** Sequentially, as the target rows may overlap. */
    private static void addRows(ScalarElements adding, int rows, float[] from, int fromOffset, int fromRow, float[] to,
            int toOffset, int toRow, int n) {
        for (int r = 0; r < rows; r++) {
            adding.add(from, fromOffset + r * fromRow, to, toOffset + r * toRow, n);
        }
    }

    static void copyRows(int rows, float[] from, int fromOffset, int fromRow, float[] to, int toOffset, int toRow, int n) {
        if (fromRow == n && toRow == n) {
            System.arraycopy(from, fromOffset, to, toOffset, rows * n);
            return;
        }
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, fromOffset + r * fromRow, to, toOffset + r * toRow, n);
        }
    }

    /** {@code out (n, m)} = {@code a (m, n)} transposed. */
    static void transpose(int m, int n, float[] a, int aOffset, int lda, float[] out, int outOffset, int ldo) {
        int eights = m - m % 8;
        for (int i = 0; i < eights; i += 8) { // so that few rows far apart compete for the same lines of the cache
            transpose8(n, a, aOffset + i * lda, lda, out, outOffset + i, ldo);
        }
        for (int i = eights; i < m; i++) {
            for (int j = 0; j < n; j++) {
                out[outOffset + j * ldo + i] = a[aOffset + i * lda + j];
            }
        }
    }

    private static void transpose8(int n, float[] a, int a0, int lda, float[] out, int outOffset, int ldo) {
        int a1 = a0 + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        int a4 = a3 + lda;
        int a5 = a4 + lda;
        int a6 = a5 + lda;
        int a7 = a6 + lda;
        int to = outOffset;
        for (int j = 0; j < n; j++) {
            out[to] = a[a0 + j];
            out[to + 1] = a[a1 + j];
            out[to + 2] = a[a2 + j];
            out[to + 3] = a[a3 + j];
            out[to + 4] = a[a4 + j];
            out[to + 5] = a[a5 + j];
            out[to + 6] = a[a6 + j];
            out[to + 7] = a[a7 + j];
            to += ldo;
        }
    }

    private Patches() {}
}

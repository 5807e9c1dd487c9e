package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Matrix product in lanes.
 *
 * <p>The work is cut into tiles of {@code c}: some rows by one or two vectors of columns, whose sums stay in registers
 * while {@code k} runs. A step takes a vector of {@code b} and a single number of {@code a} per row, so every sum is a
 * chain of fma in increasing {@code k}, and no lane ever meets another: that is what makes the bits independent of the
 * width.
 *
 * <p>The tile kernels read {@code a} by two strides (between rows, and between steps of {@code k}), which serves {@code a}
 * and its transpose without a copy. They read {@code b} at {@code bStep} between steps: in place where that is a plain
 * stream, else from a panel packed beforehand, which also absorbs the transpose of {@code b} and pads its edge with
 * zeros. There is no mask in the loop: rows beyond the last are the last row again, computed and stored twice alike, and
 * columns beyond the last are computed, of zeros or of what the next row of {@code b} begins with, into a scratch tile and left
 * there, or overwritten by the next row.
 *
 * <p>Shape of the tiles. Latency wants at least 8 independent sums, loads want more sums than loads of {@code a} and
 * {@code b} together, registers want at most 32 vectors (16 without AVX-512). So 8 x 2 (19 registers) with 16 lanes,
 * 6 x 2 (15 registers) with fewer, and 8 x 1 for what is left of the columns: 10 columns in one vector instead of two.
 */
final class VectorGemm {

    /** Steps of k per pass: a packed panel of {@code b} must stay in the second-level cache. */
    private static final int K_BLOCK = 1024;
    /** From these sizes on, jumping through rows of {@code b} costs more than packing it once. */
    private static final int PACK_ROWS = 256;
    static final int PACK_STRIDE = 512;

    /**
     * What every sum ends with; -0 plus it is +0. It is added by fma, which the tiles use anyway: sums compiled here, before any
     * others, put the vectors of other code on the heap of JDK 17, see {@link Lanes#useEachOperation}.
     */
    private static final FloatVector NOTHING = FloatVector.zero(FLOATS);
    private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1f);

    private static final int WIDE = 2 * COUNT;
    private static final int WIDE_ROWS = COUNT == 16 ? 8 : 6;
    private static final int NARROW_ROWS = 8;

    /** @param onlyWide whether the wide tile computes few columns, too: the other may not be compiled yet */
    static void gemm(boolean onlyWide, boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        int aRow = transposeA ? 1 : lda;
        int aStep = transposeA ? lda : 1;
        if (k == 0) {
            for (int i = 0; i < m; i++) {
                Arrays.fill(c, cOffset + i * ldc, cOffset + i * ldc + n, 0f);
            }
        }
        for (int kFrom = 0; kFrom < k; kFrom += K_BLOCK) {
            int kSize = Math.min(K_BLOCK, k - kFrom);
            int aFrom = aOffset + kFrom * aStep;
            int bFrom = transposeB ? bOffset + kFrom : bOffset + kFrom * ldb;
            for (int j = 0; j < n; ) {
                int left = n - j;
                int width = onlyWide || left > COUNT ? WIDE : COUNT;
                int cols = Math.min(width, left);
                int from = transposeB ? bFrom + j * ldb : bFrom + j;
                int lastRow = from + (kSize - 1) * ldb;
                boolean stream = !transposeB && (m < PACK_ROWS || ldb < PACK_STRIDE);
                // Where the rows of c follow each other, what one writes too much is written anew by the next.
                boolean overrun = cols == n && ldc == n && k <= K_BLOCK;
                if (stream && cols == width) {
                    column(width, cols, m, kSize, a, aFrom, aRow, aStep, b, from, ldb, b, lastRow, c, cOffset + j, ldc, kFrom > 0,
                            false);
                } else if (stream && width == COUNT && width - cols <= ldb) {
                    // A row is read beyond its end into the next; the last one, which may have none, is copied.
                    float[] last = Scratch.floats(width + NARROW_ROWS * width);
                    pack(false, b, lastRow, ldb, 1, cols, last, width);
                    column(width, cols, m, kSize, a, aFrom, aRow, aStep, b, from, ldb, last, 0, c, cOffset + j, ldc, kFrom > 0,
                            overrun);
                } else {
                    float[] panel = Scratch.floats(kSize * width + NARROW_ROWS * width);
                    pack(transposeB, b, from, ldb, kSize, cols, panel, width);
                    column(width, cols, m, kSize, a, aFrom, aRow, aStep, panel, 0, width, panel, (kSize - 1) * width, c,
                            cOffset + j, ldc, kFrom > 0, overrun);
                }
                j += cols;
            }
        }
    }

    /**
     * All rows of one tile-wide column of {@code c}, of which {@code cols} exist.
     *
     * @param last    has the last row of {@code b} at {@code lastOffset}, and behind it, if columns are missing, room for a tile
     * @param overrun whether a row may be written beyond its end, as far as there are rows
     */
    private static void column(int width, int cols, int m, int k, float[] a, int aOffset, int aRow, int aStep, float[] b,
            int bOffset, int bStep, float[] last, int lastOffset, float[] c, int cOffset, int ldc, boolean accumulate,
            boolean overrun) {
        int rowsPerTile = width == WIDE ? WIDE_ROWS : NARROW_ROWS;
        for (int i = 0; i < m; i += rowsPerTile) {
            int rows = Math.min(rowsPerTile, m - i);
            int ai = aOffset + i * aRow;
            int ci = cOffset + i * ldc;
            if (cols == width || overrun && (m - i - rowsPerTile) * cols >= width - cols) {
                tile(width, k, a, ai, aRow, aStep, rows - 1, b, bOffset, bStep, last, lastOffset, c, ci, ldc, accumulate);
            } else {
                int edge = lastOffset + width;
                if (accumulate) {
                    copyRows(rows, cols, c, ci, ldc, last, edge, width);
                }
                tile(width, k, a, ai, aRow, aStep, rows - 1, b, bOffset, bStep, last, lastOffset, last, edge, width, accumulate);
                copyRows(rows, cols, last, edge, width, c, ci, ldc);
            }
        }
    }

    /** A tile of {@code k} steps. The narrow one takes the last row of {@code b} from {@code last}, and always makes that step. */
    static void tile(int width, int k, float[] a, int aOffset, int aRow, int aStep, int lastRow, float[] b, int bOffset,
            int bStep, float[] last, int lastOffset, float[] c, int cOffset, int cRow, boolean accumulate) {
        if (width == COUNT) {
            tile8x1(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, last, lastOffset, c, cOffset, cRow, accumulate);
        } else if (WIDE_ROWS == 8) {
            tile8x2(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, c, cOffset, cRow, accumulate);
        } else {
            tile6x2(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, c, cOffset, cRow, accumulate);
        }
    }

    static void copyRows(int rows, int cols, float[] from, int fromOffset, int fromRow, float[] to, int toOffset,
            int toRow) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, fromOffset + r * fromRow, to, toOffset + r * toRow, cols);
        }
    }

    /** Copies {@code cols} columns of {@code op(b)} into rows of {@code width} floats, the rest of them zero. */
    private static void pack(boolean transposeB, float[] b, int bOffset, int ldb, int k, int cols, float[] panel, int width) {
        if (cols < width) {
            Arrays.fill(panel, 0, k * width, 0f);
        }
        if (transposeB) {
            for (int p = 0; p < k; p++) {
                for (int j = 0; j < cols; j++) {
                    panel[p * width + j] = b[bOffset + j * ldb + p];
                }
            }
        } else {
            copyRows(k, cols, b, bOffset, ldb, panel, 0, width);
        }
    }

    /** 8 rows by 2 vectors: 16 sums, 2 of b and 1 of a in registers. */
    private static void tile8x2(int k, float[] a, int aOffset, int aRow, int aStep, int lastRow, float[] b, int bOffset,
            int bStep, float[] c, int cOffset, int cRow, boolean accumulate) {
        int a0 = aOffset;
        int a1 = aOffset + Math.min(1, lastRow) * aRow;
        int a2 = aOffset + Math.min(2, lastRow) * aRow;
        int a3 = aOffset + Math.min(3, lastRow) * aRow;
        int a4 = aOffset + Math.min(4, lastRow) * aRow;
        int a5 = aOffset + Math.min(5, lastRow) * aRow;
        int a6 = aOffset + Math.min(6, lastRow) * aRow;
        int a7 = aOffset + Math.min(7, lastRow) * aRow;
        int c0 = cOffset;
        int c1 = cOffset + Math.min(1, lastRow) * cRow;
        int c2 = cOffset + Math.min(2, lastRow) * cRow;
        int c3 = cOffset + Math.min(3, lastRow) * cRow;
        int c4 = cOffset + Math.min(4, lastRow) * cRow;
        int c5 = cOffset + Math.min(5, lastRow) * cRow;
        int c6 = cOffset + Math.min(6, lastRow) * cRow;
        int c7 = cOffset + Math.min(7, lastRow) * cRow;
        FloatVector s0x, s0y;
        FloatVector s1x, s1y;
        FloatVector s2x, s2y;
        FloatVector s3x, s3y;
        FloatVector s4x, s4y;
        FloatVector s5x, s5y;
        FloatVector s6x, s6y;
        FloatVector s7x, s7y;
        if (accumulate) {
            s0x = FloatVector.fromArray(FLOATS, c, c0);
            s0y = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
            s1x = FloatVector.fromArray(FLOATS, c, c1);
            s1y = FloatVector.fromArray(FLOATS, c, c1 + COUNT);
            s2x = FloatVector.fromArray(FLOATS, c, c2);
            s2y = FloatVector.fromArray(FLOATS, c, c2 + COUNT);
            s3x = FloatVector.fromArray(FLOATS, c, c3);
            s3y = FloatVector.fromArray(FLOATS, c, c3 + COUNT);
            s4x = FloatVector.fromArray(FLOATS, c, c4);
            s4y = FloatVector.fromArray(FLOATS, c, c4 + COUNT);
            s5x = FloatVector.fromArray(FLOATS, c, c5);
            s5y = FloatVector.fromArray(FLOATS, c, c5 + COUNT);
            s6x = FloatVector.fromArray(FLOATS, c, c6);
            s6y = FloatVector.fromArray(FLOATS, c, c6 + COUNT);
            s7x = FloatVector.fromArray(FLOATS, c, c7);
            s7y = FloatVector.fromArray(FLOATS, c, c7 + COUNT);
        } else {
            s0x = s0y = FloatVector.zero(FLOATS);
            s1x = s1y = FloatVector.zero(FLOATS);
            s2x = s2y = FloatVector.zero(FLOATS);
            s3x = s3y = FloatVector.zero(FLOATS);
            s4x = s4y = FloatVector.zero(FLOATS);
            s5x = s5y = FloatVector.zero(FLOATS);
            s6x = s6y = FloatVector.zero(FLOATS);
            s7x = s7y = FloatVector.zero(FLOATS);
        }
        int ap = 0;
        int bp = bOffset;
        for (int p = 0; p < k; p++) {
            FloatVector bx = FloatVector.fromArray(FLOATS, b, bp);
            FloatVector by = FloatVector.fromArray(FLOATS, b, bp + COUNT);
            FloatVector ar = FloatVector.broadcast(FLOATS, a[a0 + ap]);
            s0x = ar.fma(bx, s0x);
            s0y = ar.fma(by, s0y);
            ar = FloatVector.broadcast(FLOATS, a[a1 + ap]);
            s1x = ar.fma(bx, s1x);
            s1y = ar.fma(by, s1y);
            ar = FloatVector.broadcast(FLOATS, a[a2 + ap]);
            s2x = ar.fma(bx, s2x);
            s2y = ar.fma(by, s2y);
            ar = FloatVector.broadcast(FLOATS, a[a3 + ap]);
            s3x = ar.fma(bx, s3x);
            s3y = ar.fma(by, s3y);
            ar = FloatVector.broadcast(FLOATS, a[a4 + ap]);
            s4x = ar.fma(bx, s4x);
            s4y = ar.fma(by, s4y);
            ar = FloatVector.broadcast(FLOATS, a[a5 + ap]);
            s5x = ar.fma(bx, s5x);
            s5y = ar.fma(by, s5y);
            ar = FloatVector.broadcast(FLOATS, a[a6 + ap]);
            s6x = ar.fma(bx, s6x);
            s6y = ar.fma(by, s6y);
            ar = FloatVector.broadcast(FLOATS, a[a7 + ap]);
            s7x = ar.fma(bx, s7x);
            s7y = ar.fma(by, s7y);
            ap += aStep;
            bp += bStep;
        }
        ONE.fma(s0x, NOTHING).intoArray(c, c0);
        ONE.fma(s0y, NOTHING).intoArray(c, c0 + COUNT);
        ONE.fma(s1x, NOTHING).intoArray(c, c1);
        ONE.fma(s1y, NOTHING).intoArray(c, c1 + COUNT);
        ONE.fma(s2x, NOTHING).intoArray(c, c2);
        ONE.fma(s2y, NOTHING).intoArray(c, c2 + COUNT);
        ONE.fma(s3x, NOTHING).intoArray(c, c3);
        ONE.fma(s3y, NOTHING).intoArray(c, c3 + COUNT);
        ONE.fma(s4x, NOTHING).intoArray(c, c4);
        ONE.fma(s4y, NOTHING).intoArray(c, c4 + COUNT);
        ONE.fma(s5x, NOTHING).intoArray(c, c5);
        ONE.fma(s5y, NOTHING).intoArray(c, c5 + COUNT);
        ONE.fma(s6x, NOTHING).intoArray(c, c6);
        ONE.fma(s6y, NOTHING).intoArray(c, c6 + COUNT);
        ONE.fma(s7x, NOTHING).intoArray(c, c7);
        ONE.fma(s7y, NOTHING).intoArray(c, c7 + COUNT);
    }

    /** 6 rows by 2 vectors: 12 sums, 2 of b and 1 of a in registers. */
    private static void tile6x2(int k, float[] a, int aOffset, int aRow, int aStep, int lastRow, float[] b, int bOffset,
            int bStep, float[] c, int cOffset, int cRow, boolean accumulate) {
        int a0 = aOffset;
        int a1 = aOffset + Math.min(1, lastRow) * aRow;
        int a2 = aOffset + Math.min(2, lastRow) * aRow;
        int a3 = aOffset + Math.min(3, lastRow) * aRow;
        int a4 = aOffset + Math.min(4, lastRow) * aRow;
        int a5 = aOffset + Math.min(5, lastRow) * aRow;
        int c0 = cOffset;
        int c1 = cOffset + Math.min(1, lastRow) * cRow;
        int c2 = cOffset + Math.min(2, lastRow) * cRow;
        int c3 = cOffset + Math.min(3, lastRow) * cRow;
        int c4 = cOffset + Math.min(4, lastRow) * cRow;
        int c5 = cOffset + Math.min(5, lastRow) * cRow;
        FloatVector s0x, s0y;
        FloatVector s1x, s1y;
        FloatVector s2x, s2y;
        FloatVector s3x, s3y;
        FloatVector s4x, s4y;
        FloatVector s5x, s5y;
        if (accumulate) {
            s0x = FloatVector.fromArray(FLOATS, c, c0);
            s0y = FloatVector.fromArray(FLOATS, c, c0 + COUNT);
            s1x = FloatVector.fromArray(FLOATS, c, c1);
            s1y = FloatVector.fromArray(FLOATS, c, c1 + COUNT);
            s2x = FloatVector.fromArray(FLOATS, c, c2);
            s2y = FloatVector.fromArray(FLOATS, c, c2 + COUNT);
            s3x = FloatVector.fromArray(FLOATS, c, c3);
            s3y = FloatVector.fromArray(FLOATS, c, c3 + COUNT);
            s4x = FloatVector.fromArray(FLOATS, c, c4);
            s4y = FloatVector.fromArray(FLOATS, c, c4 + COUNT);
            s5x = FloatVector.fromArray(FLOATS, c, c5);
            s5y = FloatVector.fromArray(FLOATS, c, c5 + COUNT);
        } else {
            s0x = s0y = FloatVector.zero(FLOATS);
            s1x = s1y = FloatVector.zero(FLOATS);
            s2x = s2y = FloatVector.zero(FLOATS);
            s3x = s3y = FloatVector.zero(FLOATS);
            s4x = s4y = FloatVector.zero(FLOATS);
            s5x = s5y = FloatVector.zero(FLOATS);
        }
        int ap = 0;
        int bp = bOffset;
        for (int p = 0; p < k; p++) {
            FloatVector bx = FloatVector.fromArray(FLOATS, b, bp);
            FloatVector by = FloatVector.fromArray(FLOATS, b, bp + COUNT);
            FloatVector ar = FloatVector.broadcast(FLOATS, a[a0 + ap]);
            s0x = ar.fma(bx, s0x);
            s0y = ar.fma(by, s0y);
            ar = FloatVector.broadcast(FLOATS, a[a1 + ap]);
            s1x = ar.fma(bx, s1x);
            s1y = ar.fma(by, s1y);
            ar = FloatVector.broadcast(FLOATS, a[a2 + ap]);
            s2x = ar.fma(bx, s2x);
            s2y = ar.fma(by, s2y);
            ar = FloatVector.broadcast(FLOATS, a[a3 + ap]);
            s3x = ar.fma(bx, s3x);
            s3y = ar.fma(by, s3y);
            ar = FloatVector.broadcast(FLOATS, a[a4 + ap]);
            s4x = ar.fma(bx, s4x);
            s4y = ar.fma(by, s4y);
            ar = FloatVector.broadcast(FLOATS, a[a5 + ap]);
            s5x = ar.fma(bx, s5x);
            s5y = ar.fma(by, s5y);
            ap += aStep;
            bp += bStep;
        }
        ONE.fma(s0x, NOTHING).intoArray(c, c0);
        ONE.fma(s0y, NOTHING).intoArray(c, c0 + COUNT);
        ONE.fma(s1x, NOTHING).intoArray(c, c1);
        ONE.fma(s1y, NOTHING).intoArray(c, c1 + COUNT);
        ONE.fma(s2x, NOTHING).intoArray(c, c2);
        ONE.fma(s2y, NOTHING).intoArray(c, c2 + COUNT);
        ONE.fma(s3x, NOTHING).intoArray(c, c3);
        ONE.fma(s3y, NOTHING).intoArray(c, c3 + COUNT);
        ONE.fma(s4x, NOTHING).intoArray(c, c4);
        ONE.fma(s4y, NOTHING).intoArray(c, c4 + COUNT);
        ONE.fma(s5x, NOTHING).intoArray(c, c5);
        ONE.fma(s5y, NOTHING).intoArray(c, c5 + COUNT);
    }

    /** 8 rows by 1 vector: 8 sums, 1 of b and 1 of a in registers. */
    private static void tile8x1(int k, float[] a, int aOffset, int aRow, int aStep, int lastRow, float[] b, int bOffset,
            int bStep, float[] last, int lastOffset, float[] c, int cOffset, int cRow, boolean accumulate) {
        int a0 = aOffset;
        int a1 = aOffset + Math.min(1, lastRow) * aRow;
        int a2 = aOffset + Math.min(2, lastRow) * aRow;
        int a3 = aOffset + Math.min(3, lastRow) * aRow;
        int a4 = aOffset + Math.min(4, lastRow) * aRow;
        int a5 = aOffset + Math.min(5, lastRow) * aRow;
        int a6 = aOffset + Math.min(6, lastRow) * aRow;
        int a7 = aOffset + Math.min(7, lastRow) * aRow;
        int c0 = cOffset;
        int c1 = cOffset + Math.min(1, lastRow) * cRow;
        int c2 = cOffset + Math.min(2, lastRow) * cRow;
        int c3 = cOffset + Math.min(3, lastRow) * cRow;
        int c4 = cOffset + Math.min(4, lastRow) * cRow;
        int c5 = cOffset + Math.min(5, lastRow) * cRow;
        int c6 = cOffset + Math.min(6, lastRow) * cRow;
        int c7 = cOffset + Math.min(7, lastRow) * cRow;
        FloatVector s0;
        FloatVector s1;
        FloatVector s2;
        FloatVector s3;
        FloatVector s4;
        FloatVector s5;
        FloatVector s6;
        FloatVector s7;
        if (accumulate) {
            s0 = FloatVector.fromArray(FLOATS, c, c0);
            s1 = FloatVector.fromArray(FLOATS, c, c1);
            s2 = FloatVector.fromArray(FLOATS, c, c2);
            s3 = FloatVector.fromArray(FLOATS, c, c3);
            s4 = FloatVector.fromArray(FLOATS, c, c4);
            s5 = FloatVector.fromArray(FLOATS, c, c5);
            s6 = FloatVector.fromArray(FLOATS, c, c6);
            s7 = FloatVector.fromArray(FLOATS, c, c7);
        } else {
            s0 = FloatVector.zero(FLOATS);
            s1 = FloatVector.zero(FLOATS);
            s2 = FloatVector.zero(FLOATS);
            s3 = FloatVector.zero(FLOATS);
            s4 = FloatVector.zero(FLOATS);
            s5 = FloatVector.zero(FLOATS);
            s6 = FloatVector.zero(FLOATS);
            s7 = FloatVector.zero(FLOATS);
        }
        int ap = 0;
        int bp = bOffset;
        for (int p = 1; p < k; p++) {
            FloatVector bx = FloatVector.fromArray(FLOATS, b, bp);
            FloatVector ar = FloatVector.broadcast(FLOATS, a[a0 + ap]);
            s0 = ar.fma(bx, s0);
            ar = FloatVector.broadcast(FLOATS, a[a1 + ap]);
            s1 = ar.fma(bx, s1);
            ar = FloatVector.broadcast(FLOATS, a[a2 + ap]);
            s2 = ar.fma(bx, s2);
            ar = FloatVector.broadcast(FLOATS, a[a3 + ap]);
            s3 = ar.fma(bx, s3);
            ar = FloatVector.broadcast(FLOATS, a[a4 + ap]);
            s4 = ar.fma(bx, s4);
            ar = FloatVector.broadcast(FLOATS, a[a5 + ap]);
            s5 = ar.fma(bx, s5);
            ar = FloatVector.broadcast(FLOATS, a[a6 + ap]);
            s6 = ar.fma(bx, s6);
            ar = FloatVector.broadcast(FLOATS, a[a7 + ap]);
            s7 = ar.fma(bx, s7);
            ap += aStep;
            bp += bStep;
        }
        // The last step once more in full: a loop inside another would put the sums on the heap of JDK 17.
        FloatVector bx = FloatVector.fromArray(FLOATS, last, lastOffset);
        FloatVector ar = FloatVector.broadcast(FLOATS, a[a0 + ap]);
        s0 = ar.fma(bx, s0);
        ar = FloatVector.broadcast(FLOATS, a[a1 + ap]);
        s1 = ar.fma(bx, s1);
        ar = FloatVector.broadcast(FLOATS, a[a2 + ap]);
        s2 = ar.fma(bx, s2);
        ar = FloatVector.broadcast(FLOATS, a[a3 + ap]);
        s3 = ar.fma(bx, s3);
        ar = FloatVector.broadcast(FLOATS, a[a4 + ap]);
        s4 = ar.fma(bx, s4);
        ar = FloatVector.broadcast(FLOATS, a[a5 + ap]);
        s5 = ar.fma(bx, s5);
        ar = FloatVector.broadcast(FLOATS, a[a6 + ap]);
        s6 = ar.fma(bx, s6);
        ar = FloatVector.broadcast(FLOATS, a[a7 + ap]);
        s7 = ar.fma(bx, s7);
        ONE.fma(s0, NOTHING).intoArray(c, c0);
        ONE.fma(s1, NOTHING).intoArray(c, c1);
        ONE.fma(s2, NOTHING).intoArray(c, c2);
        ONE.fma(s3, NOTHING).intoArray(c, c3);
        ONE.fma(s4, NOTHING).intoArray(c, c4);
        ONE.fma(s5, NOTHING).intoArray(c, c5);
        ONE.fma(s6, NOTHING).intoArray(c, c6);
        ONE.fma(s7, NOTHING).intoArray(c, c7);
    }

    private VectorGemm() {}
}

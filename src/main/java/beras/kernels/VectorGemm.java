package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Matrix product in lanes.
 *
 * <p>The work is cut into tiles of {@code c}: some rows by one to four vectors of columns, whose sums stay in registers
 * while {@code k} runs. A step takes a vector of {@code b} and a single number of {@code a} per row, so every sum is a
 * chain of fma in increasing {@code k}, and no lane ever meets another: that is what makes the bits independent of the
 * width.
 *
 * <p>The tile kernels read {@code a} by two strides (between rows, and between steps of {@code k}), which serves {@code a}
 * and its transpose without a copy. They read {@code b} at {@code bStep} between steps: in place where that is a plain
 * stream, else from a panel packed beforehand, which also absorbs the transpose of {@code b}, pads its edge with zeros, and may
 * begin at a line of the cache ({@link AlignedPanel}). There is no mask in the loop: rows beyond the last are the last row again,
 * computed and stored twice alike, and columns beyond the last are computed, of zeros or of what the next row of {@code b} begins
 * with, into a scratch tile and left there, or overwritten by the next row.
 *
 * <p>Shape of the tiles. Latency wants at least 8 independent sums, loads want more sums than loads of {@code a} and
 * {@code b} together, registers want at most 32 vectors (16 without AVX-512). So 8 x 2 (19 registers) with 16 lanes,
 * 6 x 2 (15 registers) with fewer, and 8 x 1 for what is left of the columns: 10 columns in one vector instead of two. Where the
 * processor makes two fma of 16 lanes at a time, checking and adding up indices takes longer than these. So there are tiles with
 * fewer indices for each fma: 6 x 4 (29 registers) for large products, and 12 x 1 for two steps at a time.
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
    static final FloatVector NOTHING = FloatVector.zero(FLOATS);
    static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1f);

    private static final int WIDE = 2 * COUNT;
    private static final int WIDE_ROWS = COUNT == 16 ? 8 : 6;
    private static final int NARROW_ROWS = 8;
    private static final int NARROW_PAIR_ROWS = 12;
    /** Of tiles that may lack columns. */
    private static final int MOST_ROWS = NARROW_PAIR_ROWS;

    /** Whether there is a broad tile: it needs more than 16 registers. */
    static final boolean HAS_BROAD = COUNT == 16;
    static final int BROAD = 4 * COUNT;
    private static final int BROAD_ROWS = 6;
    /** From these sizes on the broad tile is worth the time to compile it, to pack its columns, and to add zero at its end. */
    private static final long BROAD_WORK = 1 << 21;
    private static final int BROAD_LEAST_ROWS = 64;
    private static final int BROAD_LEAST_STEPS = 96;
    /** What its sums start from: loaded, for the JVM's first compiler gives up on a tile with more vector operations. */
    private static final float[] ZEROS = new float[BROAD];

    /** Whether the broad tile makes a product faster. */
    static boolean isBroad(int m, int n, int k) {
        return HAS_BROAD && m >= BROAD_LEAST_ROWS && n >= BROAD && k >= BROAD_LEAST_STEPS && (long) m * n * k >= BROAD_WORK;
    }

    /**
     * @param narrow whether few columns have a tile of their own
     * @param broad  whether many columns have one; only for products that are {@linkplain #isBroad broad}
     */
    static void gemm(boolean narrow, boolean broad, boolean transposeA, boolean transposeB, int m, int n, int k, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        int aRow = transposeA ? 1 : lda;
        int aStep = transposeA ? lda : 1;
        if (k == 0) {
            for (int i = 0; i < m && n > 0; i++) { // without columns, c may be an empty array
                Arrays.fill(c, cOffset + i * ldc, cOffset + i * ldc + n, 0f);
            }
        }
        for (int kFrom = 0; kFrom < k; kFrom += K_BLOCK) {
            int kSize = Math.min(K_BLOCK, k - kFrom);
            int aFrom = aOffset + kFrom * aStep;
            int bFrom = transposeB ? bOffset + kFrom : bOffset + kFrom * ldb;
            for (int j = 0; j < n; ) {
                int left = n - j;
                int width = broad && left >= BROAD ? BROAD : narrow && left <= COUNT ? COUNT : WIDE;
                int cols = Math.min(width, left);
                float[] right = b;
                int at = transposeB ? bFrom + j * ldb : bFrom + j;
                int stride = ldb;
                float[] last = b;
                int lastAt = at + (kSize - 1) * ldb;
                boolean stream = !transposeB && (m < PACK_ROWS || ldb < PACK_STRIDE);
                if (width == BROAD) {
                    AlignedPanel panel = AlignedPanel.ofThread();
                    if (panel.copyPays(!stream, VectorGemm::read, kSize * width, b, at, ldb)) {
                        right = panel.floats();
                        stride = width;
                        pack(transposeB, b, at, ldb, kSize, cols, right, panel.start(), width);
                        at = panel.start();
                    }
                } else if (stream && width == COUNT && cols < width && cols == ldb && !transposeA) {
                    // So few are copied at once, to where there is something behind the last row.
                    right = last = Scratch.floats(kSize * ldb + (1 + MOST_ROWS) * width);
                    lastAt = (kSize - 1) * ldb;
                    System.arraycopy(b, at, right, 0, kSize * ldb);
                    at = 0;
                } else if (stream && width == COUNT && cols < width && width - cols <= ldb) {
                    // A row is read beyond its end into the next; the last one, which may have none, is copied.
                    last = Scratch.floats(width + MOST_ROWS * width);
                    pack(false, b, lastAt, ldb, 1, cols, last, 0, width);
                    lastAt = 0;
                } else if (!stream || cols < width) {
                    right = last = Scratch.floats(kSize * width + MOST_ROWS * width);
                    stride = width;
                    lastAt = (kSize - 1) * width;
                    pack(transposeB, b, at, ldb, kSize, cols, right, 0, width);
                    at = 0;
                }
                // Where the rows of c follow each other, what one writes too much is written anew by the next.
                boolean overrun = cols == n && ldc == n && k <= K_BLOCK;
                column(width, cols, m, kSize, a, aFrom, aRow, aStep, right, at, stride, last, lastAt, c, cOffset + j, ldc, kFrom > 0,
                        overrun);
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
        int rowsPerTile = width == BROAD ? BROAD_ROWS
                : width == WIDE ? WIDE_ROWS
                : isInPairs(k, aStep, b, last) ? NARROW_PAIR_ROWS : NARROW_ROWS;
        for (int i = 0; i < m; i += rowsPerTile) {
            int rows = Math.min(rowsPerTile, m - i);
            int ai = aOffset + i * aRow;
            int ci = cOffset + i * ldc;
            if (cols == width || overrun && (m - i - rowsPerTile) * cols >= width - cols) {
                tile(width, k, a, ai, aRow, aStep, rows - 1, b, bOffset, bStep, last, lastOffset, c, ci, ldc, accumulate);
                if (width == BROAD) {
                    for (int r = 0; r < rows; r++) {
                        ScalarProducts.addZero(c, ci + r * ldc, width);
                    }
                }
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

    /**
     * A tile of {@code k} steps. The narrow one takes the last row of {@code b} from {@code last} where that is another array, and
     * always makes that step.
     */
    static void tile(int width, int k, float[] a, int aOffset, int aRow, int aStep, int lastRow, float[] b, int bOffset,
            int bStep, float[] last, int lastOffset, float[] c, int cOffset, int cRow, boolean accumulate) {
        if (width == BROAD) {
            tile6x4(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, c, cOffset, cRow, accumulate);
        } else if (width == COUNT) {
            if (isInPairs(k, aStep, b, last)) {
                tile12x1(k, a, aOffset, aRow, lastRow, b, bOffset, bStep, c, cOffset, cRow, accumulate);
            } else {
                tile8x1(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, last, lastOffset, c, cOffset, cRow, accumulate);
            }
        } else if (WIDE_ROWS == 8) {
            tile8x2(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, c, cOffset, cRow, accumulate);
        } else {
            tile6x2(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, c, cOffset, cRow, accumulate);
        }
    }

    /** Whether {@link #tile12x1} takes the place of {@link #tile8x1}. */
    private static boolean isInPairs(int k, int aStep, float[] b, float[] last) {
        return k % 2 == 0 && aStep == 1 && last == b;
    }

    /** A tile for {@link AlignedPanel}. */
    private static void read(float[] panel, int start) {
        float[] product = Scratch.floats(BROAD);
        tile6x4(AlignedPanel.READ / BROAD, ZEROS, 0, 0, 0, 0, panel, start, BROAD, product, 0, 0, false);
    }

    static void copyRows(int rows, int cols, float[] from, int fromOffset, int fromRow, float[] to, int toOffset,
            int toRow) {
        if (fromRow == cols && toRow == cols) {
            System.arraycopy(from, fromOffset, to, toOffset, rows * cols);
            return;
        }
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, fromOffset + r * fromRow, to, toOffset + r * toRow, cols);
        }
    }

    /** Copies {@code cols} columns of {@code op(b)} into rows of {@code width} floats, the rest of them zero. */
    private static void pack(boolean transposeB, float[] b, int bOffset, int ldb, int k, int cols, float[] panel, int start,
            int width) {
        if (cols < width) {
            Arrays.fill(panel, start, start + k * width, 0f);
        }
        if (transposeB) {
            for (int p = 0; p < k; p++) {
                for (int j = 0; j < cols; j++) {
                    panel[start + p * width + j] = b[bOffset + j * ldb + p];
                }
            }
        } else {
            copyRows(k, cols, b, bOffset, ldb, panel, start, width);
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

    /** 6 rows by 4 vectors: 24 sums, 4 of b and 1 of a in registers. Sums may be -0. */
    private static void tile6x4(int k, float[] a, int aOffset, int aRow, int aStep, int lastRow, float[] b, int bOffset,
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
        float[] z = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        int z2 = accumulate ? c2 : 0;
        int z3 = accumulate ? c3 : 0;
        int z4 = accumulate ? c4 : 0;
        int z5 = accumulate ? c5 : 0;
        FloatVector s0x = FloatVector.fromArray(FLOATS, z, z0);
        FloatVector s0y = FloatVector.fromArray(FLOATS, z, z0 + COUNT);
        FloatVector s0z = FloatVector.fromArray(FLOATS, z, z0 + 2 * COUNT);
        FloatVector s0w = FloatVector.fromArray(FLOATS, z, z0 + 3 * COUNT);
        FloatVector s1x = FloatVector.fromArray(FLOATS, z, z1);
        FloatVector s1y = FloatVector.fromArray(FLOATS, z, z1 + COUNT);
        FloatVector s1z = FloatVector.fromArray(FLOATS, z, z1 + 2 * COUNT);
        FloatVector s1w = FloatVector.fromArray(FLOATS, z, z1 + 3 * COUNT);
        FloatVector s2x = FloatVector.fromArray(FLOATS, z, z2);
        FloatVector s2y = FloatVector.fromArray(FLOATS, z, z2 + COUNT);
        FloatVector s2z = FloatVector.fromArray(FLOATS, z, z2 + 2 * COUNT);
        FloatVector s2w = FloatVector.fromArray(FLOATS, z, z2 + 3 * COUNT);
        FloatVector s3x = FloatVector.fromArray(FLOATS, z, z3);
        FloatVector s3y = FloatVector.fromArray(FLOATS, z, z3 + COUNT);
        FloatVector s3z = FloatVector.fromArray(FLOATS, z, z3 + 2 * COUNT);
        FloatVector s3w = FloatVector.fromArray(FLOATS, z, z3 + 3 * COUNT);
        FloatVector s4x = FloatVector.fromArray(FLOATS, z, z4);
        FloatVector s4y = FloatVector.fromArray(FLOATS, z, z4 + COUNT);
        FloatVector s4z = FloatVector.fromArray(FLOATS, z, z4 + 2 * COUNT);
        FloatVector s4w = FloatVector.fromArray(FLOATS, z, z4 + 3 * COUNT);
        FloatVector s5x = FloatVector.fromArray(FLOATS, z, z5);
        FloatVector s5y = FloatVector.fromArray(FLOATS, z, z5 + COUNT);
        FloatVector s5z = FloatVector.fromArray(FLOATS, z, z5 + 2 * COUNT);
        FloatVector s5w = FloatVector.fromArray(FLOATS, z, z5 + 3 * COUNT);
        int ap = 0;
        int bp = bOffset;
        for (int p = 0; p < k; p++) {
            FloatVector bx = FloatVector.fromArray(FLOATS, b, bp);
            FloatVector by = FloatVector.fromArray(FLOATS, b, bp + COUNT);
            FloatVector bz = FloatVector.fromArray(FLOATS, b, bp + 2 * COUNT);
            FloatVector bw = FloatVector.fromArray(FLOATS, b, bp + 3 * COUNT);
            FloatVector ar = FloatVector.broadcast(FLOATS, a[a0 + ap]);
            s0x = ar.fma(bx, s0x);
            s0y = ar.fma(by, s0y);
            s0z = ar.fma(bz, s0z);
            s0w = ar.fma(bw, s0w);
            ar = FloatVector.broadcast(FLOATS, a[a1 + ap]);
            s1x = ar.fma(bx, s1x);
            s1y = ar.fma(by, s1y);
            s1z = ar.fma(bz, s1z);
            s1w = ar.fma(bw, s1w);
            ar = FloatVector.broadcast(FLOATS, a[a2 + ap]);
            s2x = ar.fma(bx, s2x);
            s2y = ar.fma(by, s2y);
            s2z = ar.fma(bz, s2z);
            s2w = ar.fma(bw, s2w);
            ar = FloatVector.broadcast(FLOATS, a[a3 + ap]);
            s3x = ar.fma(bx, s3x);
            s3y = ar.fma(by, s3y);
            s3z = ar.fma(bz, s3z);
            s3w = ar.fma(bw, s3w);
            ar = FloatVector.broadcast(FLOATS, a[a4 + ap]);
            s4x = ar.fma(bx, s4x);
            s4y = ar.fma(by, s4y);
            s4z = ar.fma(bz, s4z);
            s4w = ar.fma(bw, s4w);
            ar = FloatVector.broadcast(FLOATS, a[a5 + ap]);
            s5x = ar.fma(bx, s5x);
            s5y = ar.fma(by, s5y);
            s5z = ar.fma(bz, s5z);
            s5w = ar.fma(bw, s5w);
            ap += aStep;
            bp += bStep;
        }
        s0x.intoArray(c, c0);
        s0y.intoArray(c, c0 + COUNT);
        s0z.intoArray(c, c0 + 2 * COUNT);
        s0w.intoArray(c, c0 + 3 * COUNT);
        s1x.intoArray(c, c1);
        s1y.intoArray(c, c1 + COUNT);
        s1z.intoArray(c, c1 + 2 * COUNT);
        s1w.intoArray(c, c1 + 3 * COUNT);
        s2x.intoArray(c, c2);
        s2y.intoArray(c, c2 + COUNT);
        s2z.intoArray(c, c2 + 2 * COUNT);
        s2w.intoArray(c, c2 + 3 * COUNT);
        s3x.intoArray(c, c3);
        s3y.intoArray(c, c3 + COUNT);
        s3z.intoArray(c, c3 + 2 * COUNT);
        s3w.intoArray(c, c3 + 3 * COUNT);
        s4x.intoArray(c, c4);
        s4y.intoArray(c, c4 + COUNT);
        s4z.intoArray(c, c4 + 2 * COUNT);
        s4w.intoArray(c, c4 + 3 * COUNT);
        s5x.intoArray(c, c5);
        s5y.intoArray(c, c5 + COUNT);
        s5z.intoArray(c, c5 + 2 * COUNT);
        s5w.intoArray(c, c5 + 3 * COUNT);
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

    /**
     * 12 rows by 1 vector of an even number of steps, for which {@code a} has its numbers side by side: an index is computed and
     * checked once for two steps. 12 sums, 2 of b and 1 of a in registers.
     */
    private static void tile12x1(int k, float[] a, int aOffset, int aRow, int lastRow, float[] b, int bOffset, int bStep,
            float[] c, int cOffset, int cRow, boolean accumulate) {
        int a0 = aOffset;
        int a1 = aOffset + Math.min(1, lastRow) * aRow;
        int a2 = aOffset + Math.min(2, lastRow) * aRow;
        int a3 = aOffset + Math.min(3, lastRow) * aRow;
        int a4 = aOffset + Math.min(4, lastRow) * aRow;
        int a5 = aOffset + Math.min(5, lastRow) * aRow;
        int a6 = aOffset + Math.min(6, lastRow) * aRow;
        int a7 = aOffset + Math.min(7, lastRow) * aRow;
        int a8 = aOffset + Math.min(8, lastRow) * aRow;
        int a9 = aOffset + Math.min(9, lastRow) * aRow;
        int a10 = aOffset + Math.min(10, lastRow) * aRow;
        int a11 = aOffset + Math.min(11, lastRow) * aRow;
        int c0 = cOffset;
        int c1 = cOffset + Math.min(1, lastRow) * cRow;
        int c2 = cOffset + Math.min(2, lastRow) * cRow;
        int c3 = cOffset + Math.min(3, lastRow) * cRow;
        int c4 = cOffset + Math.min(4, lastRow) * cRow;
        int c5 = cOffset + Math.min(5, lastRow) * cRow;
        int c6 = cOffset + Math.min(6, lastRow) * cRow;
        int c7 = cOffset + Math.min(7, lastRow) * cRow;
        int c8 = cOffset + Math.min(8, lastRow) * cRow;
        int c9 = cOffset + Math.min(9, lastRow) * cRow;
        int c10 = cOffset + Math.min(10, lastRow) * cRow;
        int c11 = cOffset + Math.min(11, lastRow) * cRow;
        float[] z = accumulate ? c : ZEROS;
        int z0 = accumulate ? c0 : 0;
        int z1 = accumulate ? c1 : 0;
        int z2 = accumulate ? c2 : 0;
        int z3 = accumulate ? c3 : 0;
        int z4 = accumulate ? c4 : 0;
        int z5 = accumulate ? c5 : 0;
        int z6 = accumulate ? c6 : 0;
        int z7 = accumulate ? c7 : 0;
        int z8 = accumulate ? c8 : 0;
        int z9 = accumulate ? c9 : 0;
        int z10 = accumulate ? c10 : 0;
        int z11 = accumulate ? c11 : 0;
        FloatVector s0 = FloatVector.fromArray(FLOATS, z, z0);
        FloatVector s1 = FloatVector.fromArray(FLOATS, z, z1);
        FloatVector s2 = FloatVector.fromArray(FLOATS, z, z2);
        FloatVector s3 = FloatVector.fromArray(FLOATS, z, z3);
        FloatVector s4 = FloatVector.fromArray(FLOATS, z, z4);
        FloatVector s5 = FloatVector.fromArray(FLOATS, z, z5);
        FloatVector s6 = FloatVector.fromArray(FLOATS, z, z6);
        FloatVector s7 = FloatVector.fromArray(FLOATS, z, z7);
        FloatVector s8 = FloatVector.fromArray(FLOATS, z, z8);
        FloatVector s9 = FloatVector.fromArray(FLOATS, z, z9);
        FloatVector s10 = FloatVector.fromArray(FLOATS, z, z10);
        FloatVector s11 = FloatVector.fromArray(FLOATS, z, z11);
        int ap = 0;
        int bp = bOffset;
        for (int p = 0; p < k; p += 2) {
            FloatVector bx = FloatVector.fromArray(FLOATS, b, bp);
            FloatVector by = FloatVector.fromArray(FLOATS, b, bp + bStep);
            s0 = FloatVector.broadcast(FLOATS, a[a0 + ap]).fma(bx, s0);
            s0 = FloatVector.broadcast(FLOATS, a[a0 + ap + 1]).fma(by, s0);
            s1 = FloatVector.broadcast(FLOATS, a[a1 + ap]).fma(bx, s1);
            s1 = FloatVector.broadcast(FLOATS, a[a1 + ap + 1]).fma(by, s1);
            s2 = FloatVector.broadcast(FLOATS, a[a2 + ap]).fma(bx, s2);
            s2 = FloatVector.broadcast(FLOATS, a[a2 + ap + 1]).fma(by, s2);
            s3 = FloatVector.broadcast(FLOATS, a[a3 + ap]).fma(bx, s3);
            s3 = FloatVector.broadcast(FLOATS, a[a3 + ap + 1]).fma(by, s3);
            s4 = FloatVector.broadcast(FLOATS, a[a4 + ap]).fma(bx, s4);
            s4 = FloatVector.broadcast(FLOATS, a[a4 + ap + 1]).fma(by, s4);
            s5 = FloatVector.broadcast(FLOATS, a[a5 + ap]).fma(bx, s5);
            s5 = FloatVector.broadcast(FLOATS, a[a5 + ap + 1]).fma(by, s5);
            s6 = FloatVector.broadcast(FLOATS, a[a6 + ap]).fma(bx, s6);
            s6 = FloatVector.broadcast(FLOATS, a[a6 + ap + 1]).fma(by, s6);
            s7 = FloatVector.broadcast(FLOATS, a[a7 + ap]).fma(bx, s7);
            s7 = FloatVector.broadcast(FLOATS, a[a7 + ap + 1]).fma(by, s7);
            s8 = FloatVector.broadcast(FLOATS, a[a8 + ap]).fma(bx, s8);
            s8 = FloatVector.broadcast(FLOATS, a[a8 + ap + 1]).fma(by, s8);
            s9 = FloatVector.broadcast(FLOATS, a[a9 + ap]).fma(bx, s9);
            s9 = FloatVector.broadcast(FLOATS, a[a9 + ap + 1]).fma(by, s9);
            s10 = FloatVector.broadcast(FLOATS, a[a10 + ap]).fma(bx, s10);
            s10 = FloatVector.broadcast(FLOATS, a[a10 + ap + 1]).fma(by, s10);
            s11 = FloatVector.broadcast(FLOATS, a[a11 + ap]).fma(bx, s11);
            s11 = FloatVector.broadcast(FLOATS, a[a11 + ap + 1]).fma(by, s11);
            ap += 2;
            bp += 2 * bStep;
        }
        ONE.fma(s0, NOTHING).intoArray(c, c0);
        ONE.fma(s1, NOTHING).intoArray(c, c1);
        ONE.fma(s2, NOTHING).intoArray(c, c2);
        ONE.fma(s3, NOTHING).intoArray(c, c3);
        ONE.fma(s4, NOTHING).intoArray(c, c4);
        ONE.fma(s5, NOTHING).intoArray(c, c5);
        ONE.fma(s6, NOTHING).intoArray(c, c6);
        ONE.fma(s7, NOTHING).intoArray(c, c7);
        ONE.fma(s8, NOTHING).intoArray(c, c8);
        ONE.fma(s9, NOTHING).intoArray(c, c9);
        ONE.fma(s10, NOTHING).intoArray(c, c10);
        ONE.fma(s11, NOTHING).intoArray(c, c11);
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

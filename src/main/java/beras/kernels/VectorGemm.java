package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;

import beras.kernels.ProductPlan.Algorithm;
import beras.kernels.ProductPlan.Packing;
import beras.kernels.ProductPlan.Tile;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Matrix product with SIMD.
 *
 * <p>The work is cut into tiles of {@code c}: some rows by one to four vectors of columns, whose sums stay in registers over all of
 * {@code k}. A step uses a vector of {@code b} and a scalar of {@code a} per row, so every sum is a chain of fma in increasing
 * {@code k}, and lanes are never combined: so the result is independent of the width.
 *
 * <p>The tile kernels read {@code a} by two strides (between rows, and between steps of {@code k}), for {@code a} and its transpose
 * without a copy. They read {@code b} at stride {@code bStep}: in place if access is sequential, else from a packed panel, which
 * also transposes {@code b}, pads its edge with zeros, and may begin at a cache line ({@link Alignment}). The loop has no mask:
 * rows beyond the last repeat the last row, computed and stored twice alike, and columns beyond the last are computed from zeros
 * into a scratch tile and dropped, or overwritten by the next row.
 *
 * <p>Shape of the tiles. An fma has a latency of four cycles and a throughput of up to two per cycle, so a tile has at least 8
 * independent sums. Up to two loads start per cycle, so a tile has more sums than loads of {@code a} and {@code b}. And its vectors
 * fit in the registers: 32, or 16 without AVX-512. So 8 x 2 (19 registers) with 16 lanes, 6 x 2 (15 registers) with fewer, and 8 x
 * 1 for the remaining columns: 10 columns in one vector instead of two. On a processor with two fma of 16 lanes per cycle, the
 * bounds checks and additions of indices take longer than the fma. So large products have a tile with fewer indices per fma: 6 x 4
 * (29 registers).
 */
final class VectorGemm {

    /** Rows of tiles in which columns may be missing. */
    private static final int MAX_ROWS = Math.max(Tile.NARROW.rows, Tile.WIDE.rows);

    /**
     * @param algorithm  {@link Algorithm#BROAD} or {@link Algorithm#DENSE}
     * @param endsNarrow whether the narrow tile computes the last columns, if they are few
     */
    static void gemm(Algorithm algorithm, boolean endsNarrow, boolean transposeA, boolean transposeB, int m, int n, int k, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        int aRow = transposeA ? 1 : lda;
        int aStep = transposeA ? lda : 1;
        if (k == 0) {
            for (int i = 0; i < m && n > 0; i++) { // without columns, c may be an empty array
                Arrays.fill(c, cOffset + i * ldc, cOffset + i * ldc + n, 0f);
            }
        }
        for (int kFrom = 0; kFrom < k; kFrom += Thresholds.STEPS_PER_PASS) {
            int kSize = Math.min(Thresholds.STEPS_PER_PASS, k - kFrom);
            int aFrom = aOffset + kFrom * aStep;
            int bFrom = transposeB ? bOffset + kFrom : bOffset + kFrom * ldb;
            for (int j = 0; j < n; ) {
                int left = n - j;
                Tile tile = ProductPlan.denseTile(algorithm, endsNarrow, left);
                int width = tile.columns;
                int cols = Math.min(width, left);
                float[] right = b;
                int at = transposeB ? bFrom + j * ldb : bFrom + j;
                int stride = ldb;
                Packing packing = ProductPlan.densePacking(transposeB, m, kSize, ldb, tile, cols);
                if (tile == Tile.BROAD) {
                    Alignment.Panel panel = Scratch.alignedPanel();
                    if (panel.shouldCopy(packing == Packing.PACKED, VectorGemm::read, kSize * width, b, at, ldb)) {
                        right = panel.floats();
                        stride = width;
                        pack(transposeB, b, at, ldb, kSize, cols, right, panel.start(), width);
                        at = panel.start();
                    }
                } else if (packing == Packing.PACKED) {
                    right = Scratch.floats(kSize * width + MAX_ROWS * width);
                    stride = width;
                    pack(transposeB, b, at, ldb, kSize, cols, right, 0, width);
                    at = 0;
                }
                if (tile == Tile.BROAD) {
                    broadColumn(m, kSize, a, aFrom, aRow, aStep, right, at, stride, c, cOffset + j, ldc, kFrom > 0);
                } else {
                    // If the rows of c are contiguous, the next row overwrites the excess of a row.
                    boolean overrun = cols == n && ldc == n && k <= Thresholds.STEPS_PER_PASS;
                    column(tile, cols, m, kSize, a, aFrom, aRow, aStep, right, at, stride, c, cOffset + j, ldc, kFrom > 0,
                            overrun);
                }
                j += cols;
            }
        }
    }

    /** All rows of a column as wide as the broad tile, which has no fewer rows: the last are computed by the wide one. */
    private static void broadColumn(int m, int k, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int bStep,
            float[] c, int cOffset, int ldc, boolean accumulate) {
        int rows = Tile.BROAD.rows;
        int whole = m - m % rows;
        for (int i = 0; i < whole; i += rows) {
            int ci = cOffset + i * ldc;
            compute(Tile.BROAD, k, a, aOffset + i * aRow, aRow, aStep, rows - 1, b, bOffset, bStep, c, ci, ldc, accumulate);
            for (int r = 0; r < rows; r++) {
                addZero(c, ci + r * ldc);
            }
        }
        for (int j = 0; whole < m && j < Tile.BROAD.columns; j += Tile.WIDE.columns) {
            compute(Tile.WIDE, k, a, aOffset + whole * aRow, aRow, aStep, m - whole - 1, b, bOffset + j, bStep, c,
                    cOffset + whole * ldc + j, ldc, accumulate);
        }
    }

    /** {@link ScalarProducts#addZero} for a row of the broad tile, in vectors: a loop over so few columns stays scalar. */
    private static void addZero(float[] c, int at) {
        for (int j = at; j < at + Tile.BROAD.columns; j += COUNT) {
            FloatVector.fromArray(FLOATS, c, j).add(0f).intoArray(c, j);
        }
    }

    /**
     * All rows of a column as wide as the narrow or the wide tile, of which {@code cols} exist.
     *
     * <p>If columns are missing, {@code b} is packed, with room for a tile behind its last row.
     *
     * @param overrun whether a row may be written beyond its end, up to the last row
     */
    private static void column(Tile tile, int cols, int m, int k, float[] a, int aOffset, int aRow, int aStep, float[] b,
            int bOffset, int bStep, float[] c, int cOffset, int ldc, boolean accumulate, boolean overrun) {
        int width = tile.columns;
        for (int i = 0; i < m; i += tile.rows) {
            int rows = Math.min(tile.rows, m - i);
            int ai = aOffset + i * aRow;
            int ci = cOffset + i * ldc;
            if (cols == width || overrun && (m - i - tile.rows) * cols >= width - cols) {
                compute(tile, k, a, ai, aRow, aStep, rows - 1, b, bOffset, bStep, c, ci, ldc, accumulate);
            } else {
                int edge = bOffset + k * bStep;
                if (accumulate) {
                    Patches.copyRows(rows, c, ci, ldc, b, edge, width, cols);
                }
                compute(tile, k, a, ai, aRow, aStep, rows - 1, b, bOffset, bStep, b, edge, width, accumulate);
                Patches.copyRows(rows, b, edge, width, c, ci, ldc, cols);
            }
        }
    }

    /** A tile of {@code k} steps. */
    static void compute(Tile tile, int k, float[] a, int aOffset, int aRow, int aStep, int lastRow, float[] b, int bOffset,
            int bStep, float[] c, int cOffset, int cRow, boolean accumulate) {
        float[] from = accumulate ? c : Tiles.ZEROS;
        int fromOffset = accumulate ? cOffset : 0;
        int fromRow = accumulate ? cRow : 0;
        if (tile == Tile.BROAD) {
            Tiles.tile6x4(k, a, aOffset, aRow, aStep, b, bOffset, bStep, from, fromOffset, fromRow, c, cOffset, cRow);
        } else if (tile == Tile.NARROW) {
            Tiles.tile8x1(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, from, fromOffset, fromRow, c, cOffset, cRow);
        } else if (COUNT == 16) {
            Tiles.tile8x2(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, from, fromOffset, fromRow, c, cOffset, cRow);
        } else {
            Tiles.tile6x2(k, a, aOffset, aRow, aStep, lastRow, b, bOffset, bStep, from, fromOffset, fromRow, c, cOffset, cRow);
        }
    }

    /** {@link ScalarProducts#gather}. */
    static void gather(boolean byColumn, int m, int n, int k, float[] a, int aOffset, int[] rows, int firstRow, int[] steps,
            int firstStep, float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc, boolean accumulate) {
        for (int j = 0; j < n; ) {
            boolean isWide = Tile.HAS_LARGE && n - j > COUNT && !byColumn;
            int width = isWide ? 2 * COUNT : COUNT;
            int cols = Math.min(width, n - j);
            float[] right = b;
            int at = bOffset + j;
            int stride = ldb;
            if (cols < width) {
                right = Scratch.floats((k + Tile.ROWS_GATHERED) * width);
                pack(false, b, at, ldb, k, cols, right, 0, width);
                at = 0;
                stride = width;
            }
            for (int i = 0; i < m; i += Tile.ROWS_GATHERED) {
                int count = Math.min(Tile.ROWS_GATHERED, m - i);
                int ci = cOffset + i * ldc + j;
                float[] out = c;
                int outAt = ci;
                int outRow = ldc;
                if (cols < width) {
                    out = right;
                    outAt = k * width;
                    outRow = width;
                    if (accumulate) {
                        Patches.copyRows(count, c, ci, ldc, out, outAt, outRow, cols);
                    }
                }
                float[] from = accumulate ? out : Tiles.ZEROS;
                int fromAt = accumulate ? outAt : 0;
                int fromRow = accumulate ? outRow : 0;
                if (byColumn) {
                    Tiles.byColumn9x1(k, a, aOffset + j, rows, firstRow + i, count - 1, steps, firstStep, right, at, stride, from, fromAt,
                            fromRow, out, outAt, outRow);
                } else if (isWide) {
                    Tiles.gather9x2(k, a, aOffset, rows, firstRow + i, count - 1, steps, firstStep, right, at, stride, from, fromAt,
                            fromRow, out, outAt, outRow);
                } else {
                    Tiles.gather9x1(k, a, aOffset, rows, firstRow + i, count - 1, steps, firstStep, right, at, stride, from, fromAt,
                            fromRow, out, outAt, outRow);
                }
                if (cols < width) {
                    Patches.copyRows(count, out, outAt, outRow, c, ci, ldc, cols);
                }
            }
            j += cols;
        }
    }

    /** A tile for {@link Alignment}. */
    private static void read(float[] panel, int start) {
        int width = Tile.BROAD.columns;
        float[] product = Scratch.floats(width);
        Tiles.tile6x4(Thresholds.TIMED_FLOATS / width, Tiles.ZEROS, 0, 0, 0, panel, start, width, Tiles.ZEROS, 0, 0, product, 0, 0);
    }

    /** Copies {@code cols} columns of {@code op(b)} into rows of {@code width} floats, the rest of them zero. */
    private static void pack(boolean transposeB, float[] b, int bOffset, int ldb, int k, int cols, float[] panel, int start,
            int width) {
        if (cols < width) {
            Arrays.fill(panel, start, start + k * width, 0f);
        }
        if (transposeB) {
            Patches.transpose(cols, k, b, bOffset, ldb, panel, start, width);
        } else {
            Patches.copyRows(k, b, bOffset, ldb, panel, start, width, cols);
        }
    }

    private VectorGemm() {}
}

package beras.kernels;

import static beras.kernels.Lanes.COUNT;

/**
 * Which products {@link SparseGemm} is for. Apart from it, so that its vectors are made only when there is such a product.
 */
final class SparseChoice {

    /** The least columns of a product: those of the narrow tile. */
    static final int WIDTH = 4 * COUNT;
    /** Those of the wide one, which needs more than 16 registers. */
    static final int WIDE = 8 * COUNT;
    static final boolean HAS_WIDE = COUNT == 16;

    /** Multiply-adds from which on it is worth to look for zeros. */
    private static final long WORK = 1 << 20;
    /** Pairs of numbers that are looked at, and after how many of them a product may be given up. */
    private static final int SAMPLES = 128;
    private static final int SOME_SAMPLES = 32;
    private static final int FEW_SAMPLES = 16;
    /** Time to look whether a step is to be listed, in columns of a product; and how fast a step is, beside one of dense code. */
    private static final float LOOKING_COLUMNS = 1.4f * COUNT;
    private static final float ROWS_SPEED = 0.62f;
    private static final float COLUMNS_SPEED = 0.74f;

    /** At most so many rows are few. */
    private static final int FEW_ROWS = 4;

    /**
     * Whether {@code op(a) · b}, {@code (m, k)} by {@code (k, n)}, is expected to be faster here than in dense code: looks at
     * some numbers of {@code a}.
     */
    static boolean pays(boolean transposeA, int m, int n, int k, float[] a, int aOffset, int lda) {
        if (n < WIDTH || (long) m * n * k < WORK) {
            return false;
        }
        float columns = 0;
        for (int left = n; left > 0; left -= width(n, left)) {
            columns += width(n, left);
        }
        float most = ((transposeA ? COLUMNS_SPEED : ROWS_SPEED) * n - LOOKING_COLUMNS) / columns * SAMPLES;
        int pairs = (m + 1) / 2;
        int row = 0;
        int col = 0;
        int full = 0;
        for (int i = 1; i <= SAMPLES; i++) {
            row += 0xc13fa9a9; // multiples of these two fractions of 2^32 cover a square evenly (Roberts's R2)
            col += 0x91e10da5;
            int r = 2 * (int) ((row & 0xffff_ffffL) * pairs >>> 32);
            int p = (int) ((col & 0xffff_ffffL) * k >>> 32);
            int next = Math.min(r + 1, m - 1);
            boolean zero = transposeA ? a[aOffset + p * lda + r] == 0f && a[aOffset + p * lda + next] == 0f
                    : a[aOffset + r * lda + p] == 0f && a[aOffset + next * lda + p] == 0f;
            full += zero ? 0 : 1;
            if (i == FEW_SAMPLES && full >= FEW_SAMPLES - 1 || i == SOME_SAMPLES && full > SOME_SAMPLES * 3 / 4) {
                return false;
            }
        }
        return full < most;
    }

    /** Whether so few rows are better computed by {@link SparseGemm#gemmOfFewRows}. */
    static boolean hasFewRows(int m, int n) {
        return m <= FEW_ROWS && n >= WIDTH;
    }

    /** The width of the next tile of {@code n} columns, of which so many are left. */
    static int width(int n, int left) {
        return HAS_WIDE && n >= WIDE && left > WIDTH ? WIDE : WIDTH;
    }

    private SparseChoice() {}
}

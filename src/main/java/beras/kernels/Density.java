package beras.kernels;

/** How many steps of a product {@link SparseGemm} would list, by samples of the left matrix. */
final class Density {

    /** The density of a matrix without zeros. */
    static final int ALL = Thresholds.SAMPLES;

    /** The number of pairs in {@link #ALL} samples of {@code op(a) (m, k)}, each of two rows and one step, that are not both zero. */
    static int of(boolean transposeA, int m, int k, float[] a, int aOffset, int lda) {
        int pairs = (m + 1) / 2;
        int row = 0;
        int col = 0;
        int full = 0;
        for (int i = 1; i <= ALL; i++) {
            row += 0xc13fa9a9; // multiples of these two fractions of 2^32 cover a square evenly (Roberts's R2)
            col += 0x91e10da5;
            int r = 2 * (int) ((row & 0xffff_ffffL) * pairs >>> 32);
            int p = (int) ((col & 0xffff_ffffL) * k >>> 32);
            int next = Math.min(r + 1, m - 1);
            boolean zero = transposeA ? a[aOffset + p * lda + r] == 0f && a[aOffset + p * lda + next] == 0f
                    : a[aOffset + r * lda + p] == 0f && a[aOffset + next * lda + p] == 0f;
            full += zero ? 0 : 1;
        }
        return full;
    }

    private Density() {}
}

package beras.kernels;

import java.util.concurrent.CountDownLatch;

/** {@link Products} in lanes. */
final class VectorProducts extends ScalarProducts {

    /** Open once a product came that {@link SparseGemm} is for. */
    private final CountDownLatch sparseProduct = new CountDownLatch(1);
    private final ScalarElements scalarElements = new ScalarElements();
    private volatile boolean onlyWide;
    private volatile boolean scalarAfter;
    private volatile boolean skipsZeros;

    VectorProducts() {
        super(new VectorElements());
    }

    /** For now uses one tile for all products, and scalar code for what follows them. */
    VectorProducts onlyWide() {
        onlyWide = true;
        scalarAfter = true;
        return this;
    }

    /** From now on what follows a product is in lanes, too. */
    void useElements() {
        scalarAfter = false;
    }

    /** From now on few columns have a tile of their own. */
    void useNarrowTile() {
        onlyWide = false;
    }

    @Override
    ScalarElements elements() {
        return scalarAfter ? scalarElements : super.elements();
    }

    /** Whether a product came that would be faster if zeros were skipped. */
    boolean sawSparseProduct() {
        return sparseProduct.getCount() == 0;
    }

    /** Waits until there is one. */
    void awaitSparseProduct() throws InterruptedException {
        sparseProduct.await();
    }

    /** Says that there is one. */
    void wantSkipping() {
        if (!sawSparseProduct()) { // asked for by each such product, of which there are many
            sparseProduct.countDown();
        }
    }

    /** From now on zeros are skipped, which is slow until it is compiled. */
    VectorProducts skipZeros() {
        skipsZeros = true;
        return this;
    }

    @Override
    void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b, int bOffset,
            int ldb, float[] c, int cOffset, int ldc) {
        if (!transposeA && !transposeB && SparseChoice.hasFewRows(m, n)) {
            if (skipsZeros) {
                SparseGemm.gemmOfFewRows(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
                return;
            }
            wantSkipping();
        } else if (!transposeB && SparseChoice.pays(transposeA, m, n, k, a, aOffset, lda)) {
            if (!skipsZeros) {
                wantSkipping();
            } else if (SparseGemm.gemm(transposeA, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc)) {
                return;
            }
        }
        VectorGemm.gemm(onlyWide, transposeA, transposeB, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
    }
}

package beras.kernels;

import java.util.concurrent.CountDownLatch;

/** {@link Products} in lanes. */
final class VectorProducts extends ScalarProducts {

    /** Open once a product came that {@link SparseGemm} is for. */
    private final CountDownLatch sparseProduct = new CountDownLatch(1);
    private final ScalarElements scalarElements = new ScalarElements();
    private volatile boolean onlyWide;
    private volatile boolean skipsZeros;

    VectorProducts() {
        super(new VectorElements());
    }

    /** Leaves to scalar code, for now, what {@link VectorGemm} would need another tile for, and what follows a product. */
    VectorProducts onlyWide() {
        onlyWide = true;
        return this;
    }

    /** Ends {@link #onlyWide}. */
    void useAllTiles() {
        onlyWide = false;
    }

    @Override
    ScalarElements elements() {
        return onlyWide ? scalarElements : super.elements();
    }

    /** Waits until a product comes that would be faster if zeros were skipped. */
    void awaitSparseProduct() throws InterruptedException {
        sparseProduct.await();
    }

    /** Ends that wait. */
    void wantSkipping() {
        if (sparseProduct.getCount() > 0) { // asked for by each such product, of which there are many
            sparseProduct.countDown();
        }
    }

    /** From now on zeros are skipped, which is slow until it is compiled. */
    VectorProducts skipZeros() {
        skipsZeros = true;
        return this;
    }

    @Override
    void gemm(boolean transposeA, boolean transposeB, Block a, Block b, Block c, int rowFrom, int rowTo, int colFrom, int colTo) {
        int m = rowTo - rowFrom;
        int n = colTo - colFrom;
        if (onlyWide && !VectorGemm.isWide(n)) {
            super.gemm(transposeA, transposeB, a, b, c, rowFrom, rowTo, colFrom, colTo);
            return;
        }
        int k = transposeA ? a.rows : a.cols;
        int aOffset = transposeA ? a.offset + rowFrom : a.row(rowFrom);
        int bOffset = transposeB ? b.row(colFrom) : b.offset + colFrom;
        int cOffset = c.row(rowFrom) + colFrom;
        if (!transposeA && !transposeB && SparseChoice.hasFewRows(m, n)) {
            if (skipsZeros) {
                SparseGemm.gemmOfFewRows(m, n, k, a.data, aOffset, a.stride, b.data, bOffset, b.stride, c.data, cOffset,
                        c.stride);
                return;
            }
            wantSkipping();
        } else if (!transposeB && SparseChoice.pays(transposeA, m, n, k, a.data, aOffset, a.stride)) {
            if (!skipsZeros) {
                wantSkipping();
            } else if (SparseGemm.gemm(transposeA, m, n, k, a.data, aOffset, a.stride, b.data, bOffset, b.stride, c.data, cOffset,
                    c.stride)) {
                return;
            }
        }
        VectorGemm.gemm(transposeA, transposeB, m, n, k, a.data, aOffset, a.stride, b.data, bOffset, b.stride, c.data, cOffset,
                c.stride);
    }
}

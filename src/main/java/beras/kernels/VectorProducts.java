package beras.kernels;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** {@link Products} in lanes. */
final class VectorProducts extends ScalarProducts {

    /** Kernels that come into use only when there is a product that is faster with them, for they take time to compile. */
    enum Occasional {
        /** {@link SparseGemm}. */
        SKIPPING,
        /** The broad tile of {@link VectorGemm}. */
        BROAD
    }

    private final Set<Occasional> wanted = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Occasional> wishes = new LinkedBlockingQueue<>();
    private final ScalarElements scalarElements = new ScalarElements();
    private volatile boolean onlyWide;
    private volatile boolean scalarAfter;
    private volatile boolean skipsZeros;
    private volatile boolean broad;

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

    /** Whether these kernels were wanted. */
    boolean wants(Occasional kernels) {
        return wanted.contains(kernels);
    }

    /** Waits for the next that are wanted, each of them once. */
    Occasional awaitWanted() throws InterruptedException {
        return wishes.take();
    }

    /** Says that a product would be faster with these kernels. */
    void want(Occasional kernels) {
        if (wanted.add(kernels)) {
            wishes.add(kernels);
        }
    }

    /** From now on zeros are skipped, which is slow until it is compiled. */
    VectorProducts skipZeros() {
        skipsZeros = true;
        return this;
    }

    /** From now on many columns have a tile of their own, which is slow until it is compiled. */
    VectorProducts useBroadTile() {
        broad = true;
        return this;
    }

    /** Whether all of these kernels are in use. */
    boolean isComplete() {
        return !onlyWide && !scalarAfter && skipsZeros && broad;
    }

    @Override
    boolean chains(Block x, Block w, Block y) {
        return skipsZeros && SparseGemm.chains(y.rows, y.cols, x.cols)
                && SparseChoice.pays(false, y.rows, y.cols, x.cols, x.data, x.offset, x.stride);
    }

    @Override
    boolean denseSteps(Block x, Block w, Block y, int from, int to, Stage stage) {
        return SparseGemm.gemm(false, y.rows, y.cols, to - from, x.data, x.offset + from, x.stride, w.data, w.row(from), w.stride,
                y.data, y.offset, y.stride, stage);
    }

    @Override
    void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b, int bOffset,
            int ldb, float[] c, int cOffset, int ldc) {
        boolean fewRows = !transposeA && !transposeB && SparseChoice.hasFewRows(m, n);
        boolean skip = fewRows || !transposeB && SparseChoice.pays(transposeA, m, n, k, a, aOffset, lda);
        if (skip && !skipsZeros) {
            want(Occasional.SKIPPING);
        } else if (fewRows) {
            SparseGemm.gemmOfFewRows(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
            return;
        } else if (skip && SparseGemm.gemm(transposeA, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc, null)) {
            return;
        }
        boolean isBroad = VectorGemm.isBroad(m, n, k);
        if (isBroad && !broad && !skip) { // dense products that wait for SparseGemm do not count
            want(Occasional.BROAD);
        }
        VectorGemm.gemm(!onlyWide, isBroad && broad, transposeA, transposeB, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset,
                ldc);
    }
}

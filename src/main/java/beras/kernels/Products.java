package beras.kernels;

import beras.kernels.ProductPlan.Algorithm;
import beras.kernels.ProductPlan.Sharing;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Matrix products.
 *
 * <p>An element of a product is one chain of {@code fma} in increasing {@code k}, started at 0 and ended by {@code + 0f}: a
 * product is never -0. So a zero of the left matrix changes nothing where the right one is finite, and may be skipped.
 */
public final class Products extends KernelGroup<ScalarProducts> {

    static final Products IN_USE = new Products(new ScalarProducts(), Elements.IN_USE);

    private final Elements following;
    long work; // multiply-adds from which on work is split; tests split all

    /** @param elements for what follows a product */
    Products(ScalarProducts live, Elements elements) {
        this(live, elements, Thresholds.SHARED_WORK);
    }

    /** @param work the number of multiply-adds from which on work is split */
    Products(ScalarProducts live, Elements elements, long work) {
        super(live, Thresholds.SHARED_ELEMENTS);
        following = elements;
        this.work = work;
    }

    @Override
    ScalarProducts simd() {
        return new VectorProducts().using(Algorithm.values());
    }

    /**
     * {@code c = op(a) · op(b)}, where {@code op} transposes if the flag is set; {@code op(a)} is {@code m x k}, {@code op(b)} is
     * {@code k x n}, {@code c} is {@code m x n}, is overwritten and must not overlap the others. With {@code k = 0} it becomes
     * zero.
     */
    public void gemm(boolean transposeA, boolean transposeB, MatrixView a, MatrixView b, MatrixView c) {
        int k = transposeA ? a.rows : a.cols;
        a.requireShape("a", transposeA ? k : c.rows, transposeA ? c.rows : k);
        b.requireShape("b", transposeB ? c.cols : k, transposeB ? k : c.cols);
        if (isSingle((long) c.size() * k)) {
            live().gemm(transposeA, transposeB, a, b, c, 0, c.rows, 0, c.cols);
        } else if (ProductPlan.sharing(c.rows, c.cols) == Sharing.ROWS) {
            Threads.split(c.rows, Thresholds.ROW_GRAIN,
                    (from, to) -> live().gemm(transposeA, transposeB, a, b, c, from, to, 0, c.cols));
        } else {
            Threads.split(c.cols, Thresholds.COLUMN_GRAIN,
                    (from, to) -> live().gemm(transposeA, transposeB, a, b, c, 0, c.rows, from, to));
        }
    }

    /**
     * A Dense layer's forward pass, {@code y = op(x · w + bias)}: {@code x (m, k)}, {@code w (k, n)}, {@code y (m, n)}.
     *
     * @param bias {@code n} floats, or null for none
     */
    public void dense(UnaryOp op, float alpha, MatrixView x, MatrixView w, MatrixView bias, MatrixView y) {
        x.requireShape("x", y.rows, w.rows);
        w.requireShape("w", x.cols, y.cols);
        if (bias != null) {
            bias.requireSize("bias", y.cols);
        }
        if (isSingle((long) y.size() * x.cols)) {
            dense(op, alpha, x, w, bias, y, 0, y.rows);
            return;
        }
        Sharing sharing = ProductPlan.layerSharing(live().canSplitK(x, w, y), y.rows, y.cols, Threads.count());
        if (sharing == Sharing.K) {
            if (splitK(x, w, y)) {
                Threads.split(y.rows, Thresholds.ROW_GRAIN, (from, to) -> following.after(op, alpha, bias, y, from, to));
                return;
            }
            sharing = ProductPlan.layerSharing(false, y.rows, y.cols, Threads.count());
        }
        if (sharing == Sharing.COLUMNS) {
            Threads.split(y.cols, Thresholds.COLUMN_GRAIN, (from, to) -> dense(op, alpha, x, w.columns(from, to),
                    bias == null ? null : bias.columns(from, to), y.columns(from, to), 0, y.rows));
        } else {
            Threads.split(y.rows, Thresholds.ROW_GRAIN, (from, to) -> dense(op, alpha, x, w, bias, y, from, to));
        }
    }

    private void dense(UnaryOp op, float alpha, MatrixView x, MatrixView w, MatrixView bias, MatrixView y, int rowFrom,
            int rowTo) {
        live().gemm(false, false, x, w, y, rowFrom, rowTo, 0, y.cols);
        following.after(op, alpha, bias, y, rowFrom, rowTo);
    }

    /**
     * {@code y = x · w} by threads that each add the steps of their rows of {@code w} to the sums of the preceding thread.
     *
     * @return whether it was computed
     */
    private boolean splitK(MatrixView x, MatrixView w, MatrixView y) {
        AtomicBoolean failed = new AtomicBoolean();
        return Threads.splitK(w.rows, Thresholds.ROW_GRAIN, (from, to, stage) -> {
            if (!live().denseSteps(x, w, y, from, to, stage)) {
                failed.set(true);
            }
        }) && !failed.get();
    }

    private boolean isSingle(long multiplyAdds) {
        return !Threads.shared(multiplyAdds, work);
    }
}

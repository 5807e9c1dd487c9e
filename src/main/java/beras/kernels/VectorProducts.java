package beras.kernels;

import beras.kernels.ProductPlan.Way;

/** {@link Products} with SIMD, with the kernels of a stage. As more are compiled, another of these takes its place. */
final class VectorProducts extends ScalarProducts {

    private final ProductStage stage;
    private final ProductRequests requests;

    VectorProducts(ProductStage stage, ProductRequests requests) {
        this.stage = stage;
        this.requests = requests;
    }

    ProductStage stage() {
        return stage;
    }

    @Override
    boolean canSplitK(MatrixView x, MatrixView w, MatrixView y) {
        return stage.has(Way.SKIP_ZEROS) && ProductPlan.canSplitK(y.rows, y.cols, x.cols)
                && ProductPlan.isSparse(false, y.cols, Density.of(false, x.rows, x.cols, x.data, x.offset, x.stride));
    }

    @Override
    boolean denseSteps(MatrixView x, MatrixView w, MatrixView y, int from, int to, KSplitStage stage) {
        return SparseGemm.gemm(false, y.rows, y.cols, to - from, x.data, x.offset + from, x.stride, w.data, w.row(from), w.stride,
                y.data, y.offset, y.stride, stage);
    }

    @Override
    boolean isFasterTransposed(int m, int n, int k, float[] a, int aOffset, int lda) {
        return fastest(true, false, m, n, k, a, aOffset, lda) != Way.SKIP_ZEROS
                && ProductPlan.way(true, false, n, m, k, Density.ALL) == Way.BROAD;
    }

    private static Way fastest(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda) {
        boolean matters = ProductPlan.dependsOnDensity(transposeA, transposeB, m, n, k);
        return ProductPlan.way(transposeA, transposeB, m, n, k, matters ? Density.of(transposeA, m, k, a, aOffset, lda) : Density.ALL);
    }

    @Override
    void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        Way fastest = fastest(transposeA, transposeB, m, n, k, a, aOffset, lda);
        if (!stage.has(fastest)) {
            requests.request(fastest);
        }
        Way way = ProductPlan.wayIn(stage, fastest, m, n, k);
        if (way == Way.FEW_ROWS) {
            SparseGemm.gemmOfFewRows(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
            return;
        }
        if (way == Way.SKIP_ZEROS) {
            if (SparseGemm.gemm(transposeA, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc, null)) {
                return;
            }
            way = ProductPlan.denseWay(stage, m, n, k);
        }
        if (!stage.has(Way.NARROW) && ProductPlan.endsNarrow(n)) {
            requests.request(Way.NARROW);
        }
        VectorGemm.gemm(stage, way, transposeA, transposeB, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
    }

    @Override
    void gather(boolean byColumn, int m, int n, int k, float[] a, int aOffset, int[] rows, int firstRow, int[] steps, int firstStep,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc, boolean accumulate) {
        if (stage.has(Way.GATHER)) {
            VectorGemm.gather(byColumn, m, n, k, a, aOffset, rows, firstRow, steps, firstStep, b, bOffset, ldb, c, cOffset, ldc, accumulate);
        } else {
            requests.request(Way.GATHER);
            super.gather(byColumn, m, n, k, a, aOffset, rows, firstRow, steps, firstStep, b, bOffset, ldb, c, cOffset, ldc, accumulate);
        }
    }
}

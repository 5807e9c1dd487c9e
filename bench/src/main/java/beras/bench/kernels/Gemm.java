package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.MatrixView;

/** The matrix product of BERAS. */
public class Gemm extends GemmBenchmark {

    private float[] c;
    private MatrixView left;
    private MatrixView right;
    private MatrixView product;

    @Override
    protected void prepare() {
        super.prepare();
        c = new float[m * n];
        left = new MatrixView(a, 0, a.length / lda, lda);
        right = new MatrixView(b, 0, k, n);
        product = new MatrixView(c, 0, m, n);
    }

    @Override
    protected void call() {
        Backend.products().gemm(transposeA, false, left, right, product);
    }

    @Override
    protected float[] product() {
        return c;
    }
}

package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.Block;

/** The matrix product of BERAS. */
public class Gemm extends GemmBenchmark {

    private float[] c;
    private Block left;
    private Block right;
    private Block product;

    @Override
    protected void prepare() {
        super.prepare();
        c = new float[m * n];
        left = new Block(a, 0, a.length / lda, lda);
        right = new Block(b, 0, k, n);
        product = new Block(c, 0, m, n);
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

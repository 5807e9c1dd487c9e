package beras.bench.kernels;

import beras.kernels.Backend;

/** The matrix product of BERAS. */
public class Gemm extends GemmBenchmark {

    private float[] c;

    @Override
    protected void prepare() {
        super.prepare();
        c = new float[m * n];
    }

    @Override
    protected void call() {
        Backend.kernels().gemm(transposeA, false, m, n, k, a, 0, lda, b, 0, n, c, 0, n);
    }

    @Override
    protected float[] product() {
        return c;
    }
}

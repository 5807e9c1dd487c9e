package beras.bench.rivals;

import dev.ludovic.netlib.blas.JavaBLAS;

/** The BLAS of dev.ludovic.netlib in the Java Vector API. */
public class VectorBlasGemm extends RivalGemm {

    private JavaBLAS blas;
    private float[] c;

    @Override
    public String library() {
        return "netlib VectorBLAS " + Versions.of("netlib");
    }

    @Override
    protected void prepare() {
        super.prepare();
        c = new float[m * n];
        blas = JavaBLAS.getInstance();
        // Without the vector module it would quietly be a scalar one.
        if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
            throw new IllegalStateException("This JVM gives no VectorBLAS but " + blas.getClass().getName());
        }
    }

    /** It takes columns for rows, so it multiplies the transposed matrices: cᵀ = bᵀ · aᵀ. */
    @Override
    protected void call() {
        blas.sgemm("N", transposeA ? "T" : "N", n, m, k, 1f, b, n, a, lda, 0f, c, n);
    }

    @Override
    protected float[] product() {
        return c;
    }
}

package beras.bench.rivals;

import beras.kernels.Threads;
import org.bytedeco.openblas.global.openblas;

/** OpenBLAS, as Bytedeco builds it. */
public class OpenBlasGemm extends NativeGemm {

    @Override
    public String library() {
        return "OpenBLAS " + Versions.of("openblas");
    }

    @Override
    protected void prepare() {
        super.prepare();
        openblas.blas_set_num_threads(Threads.count());
    }

    @Override
    protected void call() {
        openblas.cblas_sgemm(openblas.CblasRowMajor, transposeA ? openblas.CblasTrans : openblas.CblasNoTrans,
                openblas.CblasNoTrans, m, n, k, 1f, nativeA, lda, nativeB, n, 0f, nativeC, n);
    }
}

package beras.bench.rivals;

import beras.kernels.Threads;
import org.bytedeco.mkl.global.mkl_rt;

/** Intel's MKL. */
public class MklGemm extends NativeGemm {

    @Override
    public String library() {
        return "MKL " + Versions.of("mkl");
    }

    @Override
    protected void prepare() {
        super.prepare();
        mkl_rt.MKL_Set_Num_Threads(Threads.count());
    }

    @Override
    protected void call() {
        mkl_rt.cblas_sgemm(mkl_rt.CblasRowMajor, transposeA ? mkl_rt.CblasTrans : mkl_rt.CblasNoTrans, mkl_rt.CblasNoTrans,
                m, n, k, 1f, nativeA, lda, nativeB, n, 0f, nativeC, n);
    }
}

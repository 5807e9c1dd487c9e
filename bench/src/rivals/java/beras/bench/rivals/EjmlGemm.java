package beras.bench.rivals;

import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;

/** EJML, in scalar Java. */
public class EjmlGemm extends RivalGemm {

    private FMatrixRMaj left;
    private FMatrixRMaj right;
    private FMatrixRMaj c;

    @Override
    public String library() {
        return "EJML " + Versions.of("ejml");
    }

    @Override
    protected void prepare() {
        super.prepare();
        left = new FMatrixRMaj(transposeA ? k : m, lda, true, a);
        right = new FMatrixRMaj(k, n, true, b);
        c = new FMatrixRMaj(m, n);
    }

    @Override
    protected void call() {
        if (transposeA) {
            CommonOps_FDRM.multTransA(left, right, c);
        } else {
            CommonOps_FDRM.mult(left, right, c);
        }
    }

    @Override
    protected float[] product() {
        return c.data;
    }
}

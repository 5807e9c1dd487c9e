package beras.bench.rivals;

import beras.kernels.Threads;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R032Store;

/** ojAlgo, in scalar Java. */
public class OjAlgoGemm extends RivalGemm {

    private MatrixStore<Double> left;
    private R032Store right;
    private R032Store c;

    @Override
    public String library() {
        return "ojAlgo " + Versions.of("ojalgo");
    }

    @Override
    protected void prepare() {
        super.prepare();
        OjAlgoUtils.limitThreadsTo(Threads.count());
        R032Store stored = store(transposeA ? k : m, lda, a);
        left = transposeA ? stored.transpose() : stored;
        right = store(k, n, b);
        c = R032Store.FACTORY.make(m, n);
    }

    private static R032Store store(int rows, int cols, float[] values) {
        R032Store store = R032Store.FACTORY.make(rows, cols);
        for (int i = 0; i < values.length; i++) {
            store.set(i / cols, i % cols, values[i]);
        }
        return store;
    }

    @Override
    protected void call() {
        left.multiply(right, c);
    }

    @Override
    protected float[] product() {
        float[] values = new float[m * n];
        for (int i = 0; i < values.length; i++) {
            values[i] = c.floatValue(i / n, i % n);
        }
        return values;
    }
}

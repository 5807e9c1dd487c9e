package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.Update;
import beras.kernels.UpdateRules;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A step of Adam, with the settings of its first one. */
public class AdamStep extends Checked {

    private static final float RATE = 0.001f;
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-7f;

    /** The weights and biases of a layer from 784 to 128. */
    @Param("100480")
    public int shape;

    private float[] w;
    private float[] g;
    private float[] m;
    private float[] v;
    private float[] before;
    private Update update;
    private MatrixView weights;
    private MatrixView gradient;
    private MatrixView[] moments;

    @Override
    protected void prepare() {
        w = Inputs.uniform(shape, -0.1, 0.1, 1);
        g = Inputs.uniform(shape, -1, 1, 2);
        m = new float[shape];
        v = new float[shape];
        before = w.clone();
        update = new UpdateRules.Adam(RATE / (1 - BETA1), BETA1, BETA2, (float) (1 / Math.sqrt(1 - BETA2)), EPSILON);
        weights = new MatrixView(w);
        gradient = new MatrixView(g);
        moments = new MatrixView[] {new MatrixView(m), new MatrixView(v)};
    }

    @Override
    protected void call() {
        Backend.updates().apply(update, weights, gradient, moments);
    }

    @Override
    protected void check() {
        for (int i = 0; i < shape; i++) {
            double gi = g[i];
            requireClose("m", i, m[i], (1 - BETA1) * gi, 1e-7);
            requireClose("v", i, v[i], (1 - BETA2) * gi * gi, 1e-9);
            // In the first step the bias corrections undo the betas exactly.
            requireClose("w", i, w[i], before[i] - RATE * gi / (Math.abs(gi) + EPSILON), 1e-7);
        }
    }

    @Benchmark
    public void adam(Elements done) {
        call();
        done.elements += shape;
    }
}

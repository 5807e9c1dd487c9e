package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.UnaryOp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The exponential of many numbers. */
public class Exp extends Checked {

    @Param("12800")
    public int shape;

    protected float[] x;
    protected float[] y;
    private MatrixView in;
    private MatrixView out;

    @Override
    protected void prepare() {
        x = Inputs.uniform(shape, -20, 20, 1);
        y = new float[shape];
        in = new MatrixView(x);
        out = new MatrixView(y);
    }

    @Override
    protected void call() {
        Backend.elements().map(UnaryOp.EXP, 0f, in, out);
    }

    @Override
    protected void check() {
        for (int i = 0; i < shape; i++) {
            double right = Math.exp(x[i]);
            requireClose("y", i, y[i], right, 1e-6 * right);
        }
    }

    @Benchmark
    public void exp(Elements done) {
        call();
        done.elements += shape;
    }
}

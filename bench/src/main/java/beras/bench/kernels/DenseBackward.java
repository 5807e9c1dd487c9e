package beras.bench.kernels;

import beras.bench.kernels.Products.Matrix;
import beras.kernels.Backend;
import beras.kernels.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * A Dense layer's backward pass, the three kernels that {@code beras.layers.Dense} calls: the gradients of the weights, the
 * bias and the input. Only the two products are counted.
 */
public class DenseBackward extends Checked {

    /** Batch x inputs x outputs. */
    @Param("128x784x128")
    public String shape;

    private int batch;
    private int inputs;
    private int outputs;
    private float[] x;
    private float[] w;
    private float[] dy;
    private float[] dw;
    private float[] db;
    private float[] dx;

    @Override
    protected void prepare() {
        int[] sizes = Inputs.sizes(shape);
        batch = sizes[0];
        inputs = sizes[1];
        outputs = sizes[2];
        x = Inputs.uniform(batch * inputs, 0, 1, 1);
        w = Inputs.uniform(inputs * outputs, -0.1, 0.1, 2);
        dy = Inputs.uniform(batch * outputs, -1, 1, 3);
        dw = new float[inputs * outputs];
        db = new float[outputs];
        dx = new float[batch * inputs];
    }

    @Override
    protected void call() {
        Kernels kernels = Backend.kernels();
        kernels.gemm(true, false, inputs, outputs, batch, x, 0, inputs, dy, 0, outputs, dw, 0, outputs);
        kernels.columnSums(dy, 0, batch, outputs, db, 0);
        kernels.gemm(false, true, batch, inputs, outputs, dy, 0, outputs, w, 0, outputs, dx, 0, inputs);
    }

    @Override
    protected void check() {
        Matrix upstream = Matrix.of(dy, outputs);
        Products.check(this, "dw", inputs, batch, outputs, Matrix.of(x, inputs).transposed(), upstream, dw);
        Products.check(this, "db", 1, batch, outputs, Matrix.ones(), upstream, db);
        Products.check(this, "dx", batch, outputs, inputs, upstream, Matrix.of(w, outputs).transposed(), dx);
    }

    @Benchmark
    public void denseBackward(Flops done) {
        call();
        done.flops += 4L * batch * inputs * outputs;
    }
}

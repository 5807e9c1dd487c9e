package beras.bench.kernels;

import beras.bench.kernels.Products.Matrix;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
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
    private MatrixView input;
    private MatrixView weights;
    private MatrixView upstream;
    private MatrixView ofWeights;
    private MatrixView ofBias;
    private MatrixView ofInput;

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
        input = new MatrixView(x, 0, batch, inputs);
        weights = new MatrixView(w, 0, inputs, outputs);
        upstream = new MatrixView(dy, 0, batch, outputs);
        ofWeights = new MatrixView(dw, 0, inputs, outputs);
        ofBias = new MatrixView(db);
        ofInput = new MatrixView(dx, 0, batch, inputs);
    }

    @Override
    protected void call() {
        Backend.products().gemm(true, false, input, upstream, ofWeights);
        Backend.sums().reduceColumns(BinaryOp.ADD, upstream, ofBias);
        Backend.products().gemm(false, true, upstream, weights, ofInput);
    }

    @Override
    protected void check() {
        Matrix rows = Matrix.of(dy, outputs);
        Products.check(this, "dw", inputs, batch, outputs, Matrix.of(x, inputs).transposed(), rows, dw);
        Products.check(this, "db", 1, batch, outputs, Matrix.ones(), rows, db);
        Products.check(this, "dx", batch, outputs, inputs, rows, Matrix.of(w, outputs).transposed(), dx);
    }

    @Benchmark
    public void denseBackward(Flops done) {
        call();
        done.flops += 4L * batch * inputs * outputs;
    }
}

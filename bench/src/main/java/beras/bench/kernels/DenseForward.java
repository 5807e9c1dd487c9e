package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.UnaryOp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A Dense layer's forward pass with ReLU, fused as {@code beras.layers.Dense} does it. Only the product is counted. */
public class DenseForward extends Checked {

    /** Batch x inputs x outputs. */
    @Param("128x784x128")
    public String shape;

    private int batch;
    private int inputs;
    private int outputs;
    private float[] x;
    private float[] w;
    private float[] bias;
    private float[] y;
    private MatrixView input;
    private MatrixView weights;
    private MatrixView biases;
    private MatrixView output;

    @Override
    protected void prepare() {
        int[] sizes = Inputs.sizes(shape);
        batch = sizes[0];
        inputs = sizes[1];
        outputs = sizes[2];
        x = Inputs.uniform(batch * inputs, 0, 1, 1);
        w = Inputs.uniform(inputs * outputs, -0.1, 0.1, 2);
        bias = Inputs.uniform(outputs, -1, 1, 3);
        y = new float[batch * outputs];
        input = new MatrixView(x, 0, batch, inputs);
        weights = new MatrixView(w, 0, inputs, outputs);
        biases = new MatrixView(bias);
        output = new MatrixView(y, 0, batch, outputs);
    }

    @Override
    protected void call() {
        Backend.products().dense(UnaryOp.RELU, 0f, input, weights, biases, output);
    }

    @Override
    protected void check() {
        for (int i = 0; i < y.length; i++) {
            int row = i / outputs;
            int column = i % outputs;
            double sum = bias[column];
            for (int p = 0; p < inputs; p++) {
                sum += (double) x[row * inputs + p] * w[p * outputs + column];
            }
            requireClose("y", i, y[i], Math.max(sum, 0), 1e-4);
        }
    }

    @Benchmark
    public void denseForward(Flops done) {
        call();
        done.flops += 2L * batch * inputs * outputs;
    }
}

package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.MatrixView;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Softmax of each row. */
public class Softmax extends Checked {

    /** Rows x columns: a batch of digits, a hundred of them, and a batch with a thousand classes. */
    @Param({"128x10", "12800x10", "128x1000"})
    public String shape;

    protected int rows;
    protected int cols;
    protected float[] x;
    protected float[] y;
    private MatrixView inputs;
    private MatrixView outputs;

    @Override
    protected void prepare() {
        int[] sizes = Inputs.sizes(shape);
        rows = sizes[0];
        cols = sizes[1];
        x = Inputs.uniform(rows * cols, -10, 10, 1);
        y = new float[rows * cols];
        inputs = new MatrixView(x, 0, rows, cols);
        outputs = new MatrixView(y, 0, rows, cols);
    }

    @Override
    protected void call() {
        Backend.softmaxes().softmax(inputs, outputs, null);
    }

    @Override
    protected void check() {
        for (int row = 0; row < x.length; row += cols) {
            double sum = 0;
            for (int i = row; i < row + cols; i++) {
                sum += Math.exp(x[i]);
            }
            for (int i = row; i < row + cols; i++) {
                double right = Math.exp(x[i]) / sum;
                requireClose("y", i, y[i], right, 1e-5 * right);
            }
        }
    }

    @Benchmark
    public void softmax(Elements done) {
        call();
        done.elements += y.length;
    }
}

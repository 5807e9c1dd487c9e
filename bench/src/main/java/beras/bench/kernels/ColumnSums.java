package beras.bench.kernels;

import beras.bench.kernels.Products.Matrix;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The sums of columns: the gradient of a bias. The counter is the number of summed elements. */
public class ColumnSums extends Checked {

    /** Rows x columns. */
    @Param("128x128")
    public String shape;

    private int rows;
    private int cols;
    private float[] x;
    private float[] sums;
    private MatrixView in;
    private MatrixView out;

    @Override
    protected void prepare() {
        int[] sizes = Inputs.sizes(shape);
        rows = sizes[0];
        cols = sizes[1];
        x = Inputs.uniform(rows * cols, -1, 1, 1);
        sums = new float[cols];
        in = new MatrixView(x, 0, rows, cols);
        out = new MatrixView(sums);
    }

    @Override
    protected void call() {
        Backend.sums().reduceColumns(BinaryOp.ADD, in, out);
    }

    @Override
    protected void check() {
        Products.check(this, "sums", 1, rows, cols, Matrix.ones(), Matrix.of(x, cols), sums);
    }

    @Benchmark
    public void columnSums(Elements done) {
        call();
        done.elements += x.length;
    }
}

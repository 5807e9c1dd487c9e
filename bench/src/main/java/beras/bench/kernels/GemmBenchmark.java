package beras.bench.kernels;

import beras.bench.kernels.Products.Matrix;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The matrix product of any library: {@code c (m, n) = a (m, k) · b (k, n)}, row-major. */
public abstract class GemmBenchmark extends Checked {

    /** {@code MxKxN}; with a T, a is stored transposed, {@code k x m}. The first are of training on MNIST. */
    @Param({"128x784x128", "784x128x128T", "128x128x10", "32x784x128", "256x784x512", "512x512x512", "1024x1024x1024",
        "2048x2048x2048"})
    public String shape;

    protected int m;
    protected int k;
    protected int n;
    protected boolean transposeA;
    /** Elements between the rows of a, as it is stored. */
    protected int lda;
    protected float[] a;
    protected float[] b;

    /** The product of the last {@link #call}, row-major. */
    protected abstract float[] product();

    @Override
    protected void prepare() {
        int[] sizes = Inputs.sizes(shape);
        m = sizes[0];
        k = sizes[1];
        n = sizes[2];
        transposeA = shape.endsWith("T");
        lda = transposeA ? m : k;
        a = Inputs.uniform(m * k, -1, 1, 1);
        b = Inputs.uniform(k * n, -1, 1, 2);
    }

    @Override
    protected final void check() {
        Matrix stored = Matrix.of(a, lda);
        Products.check(this, "c", m, k, n, transposeA ? stored.transposed() : stored, Matrix.of(b, n), product());
    }

    @Benchmark
    public final void gemm(Flops done) {
        call();
        done.flops += 2L * m * k * n;
    }
}

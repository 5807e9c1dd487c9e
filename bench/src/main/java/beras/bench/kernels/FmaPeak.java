package beras.bench.kernels;

import static beras.bench.kernels.VectorLoops.CHAINS;
import static beras.bench.kernels.VectorLoops.LANES;

import org.openjdk.jmh.annotations.Benchmark;

/** The most multiply-adds that Java gets out of a core: chains of fma that stay in registers. */
public class FmaPeak extends Checked {

    private static final int STEPS = 1024;

    /** Not final, so that the compiler cannot use their values. The chains tend to 1, far from infinity and from subnormals. */
    private float factor = 0.999f;
    private float addend = 0.001f;
    private float[] start;
    private float[] end;

    @Override
    protected void prepare() {
        start = Inputs.uniform(CHAINS * LANES, 0, 2, 1);
        end = new float[CHAINS * LANES];
    }

    @Override
    protected void call() {
        VectorLoops.fmaChains(start, factor, addend, STEPS, end);
    }

    @Override
    protected void check() {
        for (int i = 0; i < end.length; i++) {
            double x = start[i];
            for (int step = 0; step < STEPS; step++) {
                x = x * factor + addend;
            }
            requireClose("end", i, end[i], x, 1e-3);
        }
    }

    @Benchmark
    public void fmaPeak(Flops done) {
        call();
        done.flops += 2L * STEPS * end.length;
    }
}

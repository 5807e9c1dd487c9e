package beras.bench.kernels;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** How fast memory is read: the sum of an array that fits no cache. */
public class MemoryRead extends Checked {

    /** Floats; this many are 256 MiB. */
    @Param("67108864")
    public int shape;

    private float[] x;
    private float[] sums;
    private long ones;

    /** Zeros and ones: every partial sum is a whole number below 2^24, hence exact. */
    @Override
    protected void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        x = new float[shape];
        for (int i = 0; i < shape; i++) {
            if (random.nextBoolean()) {
                x[i] = 1f;
                ones++;
            }
        }
        sums = new float[VectorLoops.LANES];
    }

    @Override
    protected void call() {
        VectorLoops.sum(x, sums);
    }

    @Override
    protected void check() {
        double sum = 0;
        for (float lane : sums) {
            sum += lane;
        }
        requireClose("sum", 0, sum, ones, 0);
    }

    @Benchmark
    public void memoryRead(Bytes done) {
        call();
        done.bytes += (long) Float.BYTES * shape;
    }
}

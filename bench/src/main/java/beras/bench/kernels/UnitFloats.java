package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.MatrixView;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Pixels to floats from 0 to 1. */
public class UnitFloats extends Checked {

    /** A batch of 128 digits. */
    @Param("100352")
    public int shape;

    private byte[] pixels;
    private float[] y;
    private MatrixView out;

    @Override
    protected void prepare() {
        pixels = new byte[shape];
        new SplittableRandom(1).nextBytes(pixels);
        y = new float[shape];
        out = new MatrixView(y);
    }

    @Override
    protected void call() {
        Backend.elements().bytesToUnitRange(pixels, 0, out);
    }

    @Override
    protected void check() {
        for (int i = 0; i < shape; i++) {
            requireClose("y", i, y[i], Byte.toUnsignedInt(pixels[i]) / 255.0, 1e-7);
        }
    }

    @Benchmark
    public void bytesToUnitRange(Elements done) {
        call();
        done.elements += shape;
    }
}

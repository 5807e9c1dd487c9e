package beras.bench.rivals;

import org.bytedeco.javacpp.FloatPointer;

/** A native library on native memory: copying Java's arrays there and back is not measured. */
public abstract class NativeGemm extends RivalGemm {

    protected FloatPointer nativeA;
    protected FloatPointer nativeB;
    protected FloatPointer nativeC;

    @Override
    public final boolean usesThreads() {
        return true;
    }

    @Override
    protected void prepare() {
        super.prepare();
        nativeA = new FloatPointer(a);
        nativeB = new FloatPointer(b);
        nativeC = new FloatPointer((long) m * n);
    }

    @Override
    protected final float[] product() {
        float[] c = new float[m * n];
        nativeC.get(c);
        return c;
    }
}

package beras.bench.rivals;

import beras.bench.kernels.GemmBenchmark;

/** The matrix product of another library, found through {@link java.util.ServiceLoader}. */
public abstract class RivalGemm extends GemmBenchmark {

    /** Name and version. */
    public abstract String library();

    /** Whether it can share one product between threads; if so, {@code beras.threads} of them. */
    public boolean usesThreads() {
        return false;
    }
}

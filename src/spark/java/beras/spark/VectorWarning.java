package beras.spark;

import beras.kernels.Backend;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whether this JVM computes with vectors. */
final class VectorWarning {

    private static final AtomicBoolean WARNED = new AtomicBoolean();

    /** Warns once in a JVM that it is slow, and why, if it is. */
    static void warnIfScalar() {
        if (!Backend.isVector() && WARNED.compareAndSet(false, true)) {
            System.getLogger(VectorWarning.class.getName()).log(System.Logger.Level.WARNING, "BERAS runs " + Backend.describe()
                    + ". Of executors that is spark.executor.extraJavaOptions");
        }
    }

    private VectorWarning() {}
}

package beras.spark;

import beras.kernels.ScalarWarning;

/** Whether this JVM computes with vectors. */
final class VectorWarning {

    /** Warns once in a JVM that it is slow, and why, if it is. */
    static void warnIfScalar() {
        ScalarWarning.logOnce("The options of executors' Java are spark.executor.extraJavaOptions");
    }

    private VectorWarning() {}
}

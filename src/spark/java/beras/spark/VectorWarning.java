package beras.spark;

import beras.compute.Compute;


/** Whether this JVM computes with vectors. */
final class VectorWarning {

    /** Warns once in a JVM that it is slow, and why, if it is. */
    static void warnIfScalar() {
        Compute.warnIfScalar("The options of executors' Java are spark.executor.extraJavaOptions");
    }

    private VectorWarning() {}
}

package beras.kernels;

/**
 * Tells, once in a JVM, that kernels are scalar though nobody asked for that by {@code beras.simd=off}: why, and what to do.
 * Logged as a warning by the {@link System.Logger} named {@code beras}, when a model is first trained, evaluated or asked to
 * predict.
 */
public final class ScalarWarning {

    private static volatile boolean silent; // it was logged, or is not to be

    /** Logs the warning, if there is one and it was not logged before. */
    public static void logOnce() {
        logOnce("");
    }

    /**
     * As {@link #logOnce()}.
     *
     * @param advice a sentence on what to do in some surroundings, such as on a cluster
     */
    public static void logOnce(String advice) {
        if (silent) { // asked in each step
            return;
        }
        synchronized (ScalarWarning.class) {
            if (silent) {
                return;
            }
            silent = true;
        }
        if (!Backend.isVector() && !SimdProperty.value().equals(SimdProperty.OFF)) {
            System.getLogger("beras").log(System.Logger.Level.WARNING, "BERAS computes without vectors, several times slower than"
                    + " with them. " + Backend.describe() + (advice.isEmpty() ? "" : ". " + advice) + ". If that is intended,"
                    + " start Java with -D" + SimdProperty.NAME + "=" + SimdProperty.OFF);
        }
    }

    /** For a program that reports by itself what runs, before it begins: nothing is logged. Loads no kernels. */
    public static void silence() {
        silent = true;
    }

    private ScalarWarning() {}
}

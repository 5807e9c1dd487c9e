package beras.kernels;

/**
 * Warns, once per JVM, if kernels are scalar without {@code beras.simd=off}, with the reason and the remedy. The {@link
 * System.Logger} named {@code beras} logs it at the first training, evaluation or prediction.
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
        if (silent) { // read in each step
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

    /** Suppresses the log message, for a program that reports the implementation itself. Loads no kernels. */
    public static void silence() {
        silent = true;
    }

    private ScalarWarning() {}
}

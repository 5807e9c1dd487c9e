package beras.kernels;

/**
 * All kernels, by families. Chooses those of this JVM, once, and says which.
 *
 * <p>The system property {@code beras.simd} decides: {@code auto} (default: vectors of the processor's preferred width if
 * the module {@code jdk.incubator.vector} is there), {@code off} (scalar), or {@code 128}, {@code 256}, {@code 512} bits.
 * A width beyond the processor's is emulated: right, but very slow. The results are the same bits in every case.
 */
public final class Backend {

    private static final String MODULE = "jdk.incubator.vector";

    private record Choice(boolean vector, String description) {}

    private static final Choice CHOICE = choose();
    private static final WarmUp WARM_UP = CHOICE.vector ? new WarmUp() : null;
    private static final Thread WARM_UP_THREAD = warmUp();

    /** Matrix products. */
    public static Products products() {
        return Products.IN_USE;
    }

    /** Functions of each element. */
    public static Elements elements() {
        return Elements.IN_USE;
    }

    /** Sums, maxima and their places. */
    public static Sums sums() {
        return Sums.IN_USE;
    }

    /** Normalizations and their gradients. */
    public static Normalizations normalizations() {
        return Normalizations.IN_USE;
    }

    /** What optimizers do to weights. */
    public static Updates updates() {
        return Updates.IN_USE;
    }

    /** Softmax and its logarithm. */
    public static Softmaxes softmaxes() {
        return Softmaxes.IN_USE;
    }

    /** Losses of the rows of predictions. */
    public static RowLosses rowLosses() {
        return RowLosses.IN_USE;
    }

    /**
     * What runs, in one line without the number of threads, such as {@code vector, 16 lanes of 512 bits}; if scalar, the
     * reason and the remedy.
     */
    public static String describe() {
        return CHOICE.description;
    }

    /** Whether the kernels run in vector lanes. */
    public static boolean isVector() {
        return CHOICE.vector;
    }

    /**
     * Waits until the kernels that {@link #describe} names are compiled and in use, a second or two after the first use of this
     * class; those too that come into use only when there is something for them. Until then other kernels stand in for them, with
     * the same results: only who measures speed, or wants the first request to be fast, need wait.
     *
     * @throws InterruptedException if this thread is interrupted while it waits
     */
    public static void awaitFast() throws InterruptedException {
        if (WARM_UP != null) {
            WARM_UP.all();
        }
        WARM_UP_THREAD.join();
    }

    private static Thread warmUp() {
        Thread thread = new Thread(WARM_UP == null ? () -> { } : WARM_UP, "beras-warm-up");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static Choice choose() {
        if (SimdProperty.value().equals("off")) {
            return scalar("asked for by -D" + SimdProperty.NAME + "=off");
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return scalar("start Java with --add-modules " + MODULE + " to make it fast");
        }
        if (System.getProperty("java.vm.info", "").contains("interpreted")) {
            return scalar("this JVM only interprets (-Xint), where vectors are slower");
        }
        return vector();
    }

    private static Choice scalar(String reason) {
        return new Choice(false, "scalar: " + reason);
    }

    /** Apart, so that no class of the incubator module is loaded where it is missing. */
    private static Choice vector() {
        int bits = Lanes.FLOATS.vectorBitSize();
        if (SimdProperty.bits() == 0 && bits < 128) {
            return scalar("this processor or JVM offers vectors of only " + bits + " bits");
        }
        String note = bits > Lanes.PREFERRED_BITS ? ", emulated: this processor has " + Lanes.PREFERRED_BITS + " bits" : "";
        return new Choice(true, "vector, " + Lanes.COUNT + " lanes of " + bits + " bits" + note);
    }

    private Backend() {}
}

package beras.kernels;

/**
 * All kernels, by groups. Chooses the implementation for this JVM, once.
 *
 * <p>The system property {@code beras.simd} decides: {@code auto} (default: vectors of the processor's preferred width if the
 * module {@code jdk.incubator.vector} is present), {@code off} (scalar), or {@code 128}, {@code 256}, {@code 512} bits. A width
 * beyond the processor's is emulated: correct, but very slow. Where vector code would be slow, for example in a JVM without its
 * optimising compiler, {@code auto} stays scalar, and {@link #describe} has the reason. The results are bit-identical in all cases.
 * With any other value, each access to kernels throws an IllegalArgumentException.
 */
public final class Backend {

    /** The system property; set it before the first use of a kernel. */
    public static final String PROPERTY = SimdProperty.NAME;
    /** Its value for scalar kernels: as good for short work, as vector code takes a second or two until it is compiled. */
    public static final String OFF = SimdProperty.OFF;

    private static final String MODULE = "jdk.incubator.vector";

    /** The implementation to use; for invalid settings, the error. */
    private record Choice(boolean vector, String description, String wrong) {}

    private static final boolean HARDWARE_FMA = isFmaFast();
    private static final Choice CHOICE = choose();
    private static final WarmUp WARM_UP = CHOICE.vector ? new WarmUp(Products.IN_USE, SimdProperty.bits() > 0) : null;

    static {
        if (WARM_UP != null) {
            WARM_UP.start();
        }
    }

    /** Matrix products. */
    public static Products products() {
        return checked(Products.IN_USE);
    }

    /** Convolutions. */
    public static Convolutions convolutions() {
        requireRightSettings();
        return Convolutions.IN_USE;
    }

    /** Attention. */
    public static Attentions attentions() {
        requireRightSettings();
        return Attentions.IN_USE;
    }

    /** Recurrent layers. */
    public static Recurrences recurrences() {
        requireRightSettings();
        return Recurrences.IN_USE;
    }

    /** Pooling. */
    public static Pools pools() {
        return checked(Pools.IN_USE);
    }

    /** Functions of each element. */
    public static Elements elements() {
        return checked(Elements.IN_USE);
    }

    /** Sums, maxima and argmax. */
    public static Sums sums() {
        return checked(Sums.IN_USE);
    }

    /** Normalizations and their gradients. */
    public static Normalizations normalizations() {
        return checked(Normalizations.IN_USE);
    }

    /** Update rules of optimizers. */
    public static Updates updates() {
        return checked(Updates.IN_USE);
    }

    /** Softmax and its logarithm. */
    public static Softmaxes softmaxes() {
        return checked(Softmaxes.IN_USE);
    }

    /** Losses of the rows of predictions. */
    public static RowLosses rowLosses() {
        return checked(RowLosses.IN_USE);
    }

    private static <F extends KernelGroup<?>> F checked(F group) {
        requireRightSettings();
        return group;
    }

    private static void requireRightSettings() {
        if (CHOICE.wrong != null) {
            throw new IllegalArgumentException(CHOICE.wrong);
        }
    }

    /**
     * The implementation in use, in one line without the number of threads, such as {@code vector, 16 lanes of 512 bits}; if
     * scalar, with the reason and the remedy.
     */
    public static String describe() {
        requireRightSettings();
        return WARM_UP == null ? CHOICE.description : WARM_UP.describe(CHOICE.description);
    }

    /** Whether fused multiply-add is an instruction of this processor; else all kernels are some thousand times slower. */
    public static boolean isFmaInHardware() {
        return HARDWARE_FMA;
    }

    /** Whether the kernels run in vector lanes, or will as soon as these are compiled. */
    public static boolean isVector() {
        return CHOICE.vector && !WARM_UP.hasFailed();
    }

    /**
     * Waits until the SIMD code of the kernels that products need, and of the kernels used so far, is compiled; all other kernels
     * then use SIMD, too, and are compiled in use. The wait ends a second or two after the first use of this class, or after at
     * most some minutes if the compiler does not make kernels fast, which {@link #describe} then reports. Until then scalar kernels
     * replace them, with bit-identical results: wait only to measure speed, or if the first request must be fast.
     *
     * @throws InterruptedException if this thread is interrupted while waiting
     */
    public static void awaitFast() throws InterruptedException {
        if (WARM_UP != null) {
            WARM_UP.awaitIdle();
            if (Products.IN_USE.live() instanceof VectorProducts products) {
                products.requestAll();
                WARM_UP.awaitIdle();
                KernelGroup.useSimdThroughout();
            }
        }
    }

    /** Asks for a kernel with SIMD, as {@link WarmUp#request}. */
    static <K> void warmUp(SimdKernel<K> kernel, K simd, K scalar) {
        WARM_UP.request(kernel, simd, scalar);
    }

    private static boolean isFmaFast() {
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 3; run++) { // the first may load classes
            long start = System.nanoTime();
            float x = 1f;
            for (int i = 0; i < Thresholds.FMA_CALLS; i++) {
                x = Math.fma(x, 0.5f, 1f);
            }
            best = Math.min(best, System.nanoTime() - start + (x > 2f ? 1 : 0)); // x is used
        }
        return best < Thresholds.FMA_CALLS * Thresholds.SLOW_FMA_NANOS;
    }

    private static Choice choose() {
        String asked;
        try {
            asked = SimdProperty.value();
        } catch (IllegalArgumentException e) {
            return new Choice(false, null, e.getMessage()); // thrown at each access to kernels
        }
        if (asked.equals(OFF)) {
            return scalar("requested by -D" + SimdProperty.NAME + "=" + OFF);
        }
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return scalar("start Java with --add-modules " + MODULE + " to make it fast");
        }
        String reason = !asked.equals("auto") ? null : slowJvm(System.getProperty("java.vm.name", ""),
                System.getProperty("java.vm.info", ""), System.getProperty("java.vm.version", ""));
        return reason == null ? vector() : scalar(reason);
    }

    /** The reason for which vectors would be slow in this JVM; null if there is none. */
    static String slowJvm(String name, String info, String version) {
        if (!name.contains("Server VM")) {
            return "vectors are fast only on HotSpot's server VM. This JVM is: " + name;
        }
        if (info.contains("interpreted")) {
            return "this JVM only interprets (-Xint), where vectors are slower";
        }
        if (info.contains("emulated-client")) {
            return "this JVM has no optimising compiler, without which vectors are slower; leave out -XX:TieredStopAtLevel";
        }
        if (version.contains("jvmci")) {
            return "this JVM's compiler, by JVMCI, may not make vectors fast; request them by -D" + SimdProperty.NAME
                    + "=128, 256 or 512";
        }
        return null;
    }

    private static Choice scalar(String reason) {
        return choice(false, "scalar: " + reason);
    }

    private static Choice choice(boolean vector, String description) {
        String note = HARDWARE_FMA ? "" : "; fused multiply-add in software, which is very slow";
        return new Choice(vector, description + note, null);
    }

    /** A separate class, so that no class of the incubator module is loaded where it is missing. */
    private static Choice vector() {
        int bits = Lanes.FLOATS.vectorBitSize();
        if (SimdProperty.bits() == 0 && bits < 128) {
            return scalar("this processor or JVM offers vectors of only " + bits + " bits");
        }
        String note = bits > Lanes.PREFERRED_BITS ? ", emulated: this processor has " + Lanes.PREFERRED_BITS + " bits" : "";
        return choice(true, "vector, " + Lanes.COUNT + " lanes of " + bits + " bits" + note);
    }

    private Backend() {}
}

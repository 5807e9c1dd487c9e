package beras.kernels;

import java.util.List;

/** Sets which kernels are in use, and from which size on work is shared, for tests that compare whole trainings. */
public final class KernelSetup {

    private static final List<KernelGroup<?>> FAMILIES = List.of(Products.IN_USE, Pools.IN_USE, Elements.IN_USE, Sums.IN_USE,
            Softmaxes.IN_USE, RowLosses.IN_USE, Normalizations.IN_USE, Updates.IN_USE);

    /**
     * Brings kernels of a width into use at once, compiled or not, without the thread that waits until they are. To be called in
     * a copy of these classes that has computed nothing yet.
     *
     * @param width a value of {@link Backend#PROPERTY} other than {@code auto}
     * @return how many lanes they have; 0: they are scalar
     */
    public static int use(String width) {
        String before = System.getProperty(Backend.PROPERTY, "auto");
        try {
            System.setProperty(Backend.PROPERTY, width);
            int lanes = width.equals(Backend.OFF) ? 0 : Lanes.COUNT;
            System.setProperty(Backend.PROPERTY, Backend.OFF);
            ScalarWarning.silence();
            Backend.describe();
            if (lanes > 0) {
                Lanes.useEachOperation();
                KernelGroup.useSimdThroughout();
                Products.IN_USE.useSimd();
            }
            return lanes;
        } finally {
            System.setProperty(Backend.PROPERTY, before);
        }
    }

    /** Whether all work is shared, however small, or as by default what is large enough. */
    public static void shareAll(boolean all) {
        FAMILIES.forEach(family -> family.elements = all ? 1 : Thresholds.SHARED_ELEMENTS);
        Products.IN_USE.work = all ? 1 : Thresholds.SHARED_WORK;
        Convolutions.IN_USE.work = all ? 1 : Thresholds.SHARED_WORK;
    }

    private KernelSetup() {}
}

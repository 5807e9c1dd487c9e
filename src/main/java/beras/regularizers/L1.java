package beras.regularizers;

import beras.config.Settings;

/** {@code l1 * sum(|w|)}: {@link L1L2} with {@code l2} 0. It draws small weights to 0. */
public final class L1 extends L1L2 {

    /** The default of {@code l1}. */
    public static final double DEFAULT = 0.01;

    /** With {@code l1} {@value #DEFAULT}. */
    public L1() {
        this(DEFAULT);
    }

    /**
     * @param l1 finite and at least 0
     * @throws IllegalArgumentException if it is not
     */
    public L1(double l1) {
        super(l1, 0);
    }

    @Override
    public void settings(Settings s) {
        l1(s);
    }
}

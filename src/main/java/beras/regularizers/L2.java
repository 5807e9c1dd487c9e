package beras.regularizers;

import beras.config.Settings;

/** {@code l2 * sum(w^2)}: {@link L1L2} with {@code l1} 0. */
public final class L2 extends L1L2 {

    /** The default of {@code l2}. */
    public static final double DEFAULT = 0.01;

    /** With {@code l2} {@value #DEFAULT}. */
    public L2() {
        this(DEFAULT);
    }

    /**
     * @param l2 finite and at least 0
     * @throws IllegalArgumentException if it is not
     */
    public L2(double l2) {
        super(0, l2);
    }

    @Override
    public void settings(Settings s) {
        l2(s);
    }
}

package beras.layers;

/** Pads sequences {@code (batch, steps, features)} with zeros at both ends. */
public final class ZeroPadding1D extends Borders {

    /** One step of zeros on each side. */
    public ZeroPadding1D() {
        this(1);
    }

    /**
     * @param padding steps to add: one number for both sides, or one before and one after
     * @throws IllegalArgumentException if they are none of this, or one is less than 0
     */
    public ZeroPadding1D(int... padding) {
        super("padding", true, 1, padding);
    }
}

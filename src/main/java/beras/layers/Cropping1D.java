package beras.layers;

/** Cuts off the first and last steps of sequences {@code (batch, steps, features)}. */
public final class Cropping1D extends Borders {

    /** One step on each side. */
    public Cropping1D() {
        this(1);
    }

    /**
     * @param cropping steps to cut off: one number for both sides, or one before and one after
     * @throws IllegalArgumentException if they are none of this, or one is less than 0
     */
    public Cropping1D(int... cropping) {
        super("cropping", false, 1, cropping);
    }
}

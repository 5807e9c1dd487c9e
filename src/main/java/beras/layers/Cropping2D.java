package beras.layers;

/** Cuts off the edges of images {@code (batch, height, width, channels)}. */
public final class Cropping2D extends Borders {

    /** Nothing is cut off. */
    public Cropping2D() {
        this(0);
    }

    /**
     * @param cropping rows and columns to cut off: one number for all edges; or one for top and bottom, one for left and right; or
     *                 for top, bottom, left, right
     * @throws IllegalArgumentException if they are none of this, or one is less than 0
     */
    public Cropping2D(int... cropping) {
        super("cropping", false, 2, cropping);
    }
}

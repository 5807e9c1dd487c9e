package beras.layers;

/** Pads images {@code (batch, height, width, channels)} with zeros. */
public final class ZeroPadding2D extends Borders {

    /** One row or column of zeros at each edge. */
    public ZeroPadding2D() {
        this(1);
    }

    /**
     * @param padding rows and columns to add: one number for all edges; or one for top and bottom, one for left and right; or
     *                for top, bottom, left, right
     * @throws IllegalArgumentException if they are none of this, or one is less than 0
     */
    public ZeroPadding2D(int... padding) {
        super("padding", true, 2, padding);
    }
}

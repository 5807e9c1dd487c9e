package beras.kernels;

/**
 * The geometry of a small window that moves over an image: its position {@code (i, j)} covers, in tap {@code (r, c)}, the pixel in
 * row {@code i * strideHeight + r * dilationHeight - top} and column {@code j * strideWidth + c * dilationWidth - left}, which may
 * be outside of the image.
 *
 * @param height       rows of pixels of an image; a sequence is an image of one row
 * @param width        pixels in a row
 * @param kernelHeight rows of taps of the window
 * @param kernelWidth  taps in a row
 * @param top          rows of padding above the image
 * @param left         columns of padding left of the image
 * @param outHeight    rows of positions
 * @param outWidth     positions in a row
 */
public record Window(int height, int width, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth,
        int dilationHeight, int dilationWidth, int top, int left, int outHeight, int outWidth) {

    /** @throws IllegalArgumentException if a size, a stride or a dilation is less than 1, or another number less than 0 */
    public Window {
        if (Math.min(Math.min(kernelHeight, kernelWidth), Math.min(strideHeight, strideWidth)) < 1
                || Math.min(dilationHeight, dilationWidth) < 1 || Math.min(height, width) < 0 || Math.min(top, left) < 0
                || Math.min(outHeight, outWidth) < 0) {
            throw new IllegalArgumentException("A window needs kernel, strides and dilation of at least 1, and no number less than"
                    + " 0. Received: " + height + " x " + width + ", kernel " + kernelHeight + " x " + kernelWidth + ", strides "
                    + strideHeight + " x " + strideWidth + ", dilation " + dilationHeight + " x " + dilationWidth + ", padding "
                    + top + " and " + left + ", positions " + outHeight + " x " + outWidth);
        }
        requireInt("pixels", (long) height * width);
        requireInt("positions", (long) outHeight * outWidth);
        requireInt("taps", (long) kernelHeight * kernelWidth);
        requireInt("rows that it covers", (long) outHeight * strideHeight + (long) kernelHeight * dilationHeight + top + height);
        requireInt("columns that it covers", (long) outWidth * strideWidth + (long) kernelWidth * dilationWidth + left + width);
    }

    private static void requireInt(String what, long n) {
        if (n > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("A window can have at most " + Integer.MAX_VALUE + " " + what + ". Received: " + n);
        }
    }

    /** A window that stays within the image ("valid"). */
    public static Window valid(int height, int width, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth,
            int dilationHeight, int dilationWidth) {
        return new Window(height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, 0, 0,
                placesWithin(height, span(kernelHeight, dilationHeight), strideHeight),
                placesWithin(width, span(kernelWidth, dilationWidth), strideWidth));
    }

    /**
     * A window with a position for every pixel, or for every {@code stride}-th ("same"): padding is split evenly between both
     * sides, with the odd one at the end.
     */
    public static Window same(int height, int width, int kernelHeight, int kernelWidth, int strideHeight, int strideWidth,
            int dilationHeight, int dilationWidth) {
        int outHeight = ceilDiv(height, strideHeight);
        int outWidth = ceilDiv(width, strideWidth);
        return new Window(height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth,
                outside(height, outHeight, span(kernelHeight, dilationHeight), strideHeight) / 2,
                outside(width, outWidth, span(kernelWidth, dilationWidth), strideWidth) / 2, outHeight, outWidth);
    }

    /** Pixels from the first tap to the last. */
    private static long span(int kernel, int dilation) {
        return (kernel - 1L) * dilation + 1;
    }

    private static int placesWithin(int size, long span, int stride) {
        return stride < 1 || size < span ? 0 : (int) ((size - span) / stride) + 1;
    }

    private static int outside(int size, int positions, long span, int stride) {
        long outside = Math.max(0, (positions - 1L) * stride + span - size);
        requireInt("pixels outside of the image", outside);
        return (int) outside;
    }

    private static int ceilDiv(int a, int b) {
        return b < 1 ? 0 : (int) ((a + b - 1L) / b);
    }

    /** Pixels of an image. */
    public int pixels() {
        return height * width;
    }

    /** Output positions of the window. */
    public int positions() {
        return outHeight * outWidth;
    }

    /** Taps of the window. */
    public int taps() {
        return kernelHeight * kernelWidth;
    }

    /** Whether each position is a pixel. */
    boolean isPoint() {
        return taps() == 1 && strideHeight == 1 && strideWidth == 1 && top == 0 && left == 0 && outHeight == height
                && outWidth == width;
    }

    /** Whether it stays within the image in each position. */
    boolean isWithin() {
        return top == 0 && left == 0 && reach(outHeight, strideHeight, kernelHeight, dilationHeight) <= height
                && reach(outWidth, strideWidth, kernelWidth, dilationWidth) <= width;
    }

    /** Pixels along one axis from the first tap in the first position to the last tap in the last one. */
    static int reach(int positions, int stride, int kernel, int dilation) {
        return Math.max(0, positions - 1) * stride + (kernel - 1) * dilation + 1;
    }

    /** The column of the pixel that the first position's taps in a column cover. */
    int left(int c) {
        return c * dilationWidth - left;
    }

    /** The first position in a row, from {@code j} on, in which the taps in a column are not left of the image. */
    int firstPosition(int c, int j) {
        int col = left(c);
        return col >= 0 ? j : Math.max(j, -strides(col));
    }

    /** The end of the positions in a row, before {@code j}, in which the taps in a column are not right of the image. */
    int endPosition(int c, int j) {
        return Math.min(Math.min(j, outWidth), strides(width - 1 - left(c)) + 1);
    }

    /** Rounded down; called so often that a division would be noticeable. */
    private int strides(int columns) {
        return strideWidth == 1 ? columns : Math.floorDiv(columns, strideWidth);
    }

    /** The first pixel of the row that the taps in row {@code r} cover in a row of positions of all images; -1 if it is outside. */
    int pixels(int row, int r) {
        int pixelRow = row % outHeight * strideHeight + r * dilationHeight - top;
        return pixelRow < 0 || pixelRow >= height ? -1 : (row / outHeight * height + pixelRow) * width;
    }
}

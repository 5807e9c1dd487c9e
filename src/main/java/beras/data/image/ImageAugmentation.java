package beras.data.image;

import beras.tensor.Rng;
import java.util.Arrays;
import java.util.Objects;

/**
 * Image augmentation: changes images a little and at random, so that a network learns shapes, not places. Each image is
 * shifted, rotated, zoomed and sheared about its centre, by one affine map with bilinear interpolation; pixels from outside are
 * 0. Then a square may be erased. As interpolation blurs, a network that must be confident on sharp images, too, needs some
 * {@code unchanged} ones.
 *
 * <p>How image {@code index} looks in an epoch is a function of the seed, the epoch and the index alone.
 *
 * @param shift     at most so many pixels along each axis, 0 to 32,768
 * @param rotation  at most so many degrees either way, 0 to 180
 * @param zoom      each axis by its own factor, from {@code 1 - zoom} to {@code 1 + zoom}; 0 to 0.9
 * @param shear     rows slip sideways by at most so many times their distance from the centre, 0 to 1
 * @param flip      whether images are mirrored
 * @param erase     the side of a square of zeros in pixels, 0 to 32,768, which covers the image there; its centre may be any
 *     pixel, so that some of it may be outside (DeVries and Taylor, arXiv 1708.04552)
 * @param unchanged the share of images that stay as they are in an epoch, neither moved nor mirrored nor erased, drawn anew for
 *                  each epoch, 0 to 1
 *
 * <pre>{@code
 * model.fit(new AugmentedImages(images, ImageAugmentation.DIGITS, 7), new FitOptions().epochs(20));
 * }</pre>
 */
public record ImageAugmentation(double shift, double rotation, double zoom, double shear, Flip flip, int erase,
        double unchanged) {

    /** How images are mirrored. */
    public enum Flip {
        /** Not at all. */
        NONE,
        /**
         * Left and right change places in every other epoch, in the first epoch of half of the images, so that two epochs in turn
         * show both sides of each (Jordan, arXiv 2404.00498, section 3.6). Unchanged images are not mirrored.
         */
        HORIZONTAL
    }

    /** Suits handwritten digits of 28 x 28: two pixels, 12 degrees, a tenth, a tenth. */
    public static final ImageAugmentation DIGITS = new ImageAugmentation(2, 12, 0.1, 0.1);

    private static final int MAX_SIDE = 1 << 15;
    private static final double RADIANS = StrictMath.PI / 180;

    /** Random numbers for each image. */
    private static final int NUMBERS = 6;

    /** Coordinates are fixed-point numbers, so that steps add up without error; the largest images keep them in range. */
    private static final int FRACTION_BITS = 32;
    private static final double FIXED_ONE = 0x1p32;
    private static final long FRACTION = (1L << FRACTION_BITS) - 1;
    /** A float holds so many bits of the fraction. */
    private static final int FLOAT_BITS = 24;
    private static final float FLOAT_UNIT = 0x1p-24f;

    private static final ThreadLocal<float[]> BORDERED = ThreadLocal.withInitial(() -> new float[0]);

    /**
     * @throws IllegalArgumentException if a range is not as described
     */
    public ImageAugmentation {
        requireRange("shift", shift, MAX_SIDE);
        requireRange("rotation", rotation, 180);
        requireRange("zoom", zoom, 0.9);
        requireRange("shear", shear, 1);
        requireRange("erase", erase, MAX_SIDE);
        requireRange("unchanged", unchanged, 1);
        Objects.requireNonNull(flip, "flip");
    }

    /** Mirrors no image, erases nothing, and leaves no image unchanged. */
    public ImageAugmentation(double shift, double rotation, double zoom, double shear) {
        this(shift, rotation, zoom, shear, Flip.NONE, 0, 0);
    }

    private static void requireRange(String name, double value, double largest) {
        if (!(value >= 0 && value <= largest)) {
            throw new IllegalArgumentException(name + " must be 0 to " + largest + ". Received: " + value);
        }
    }

    /**
     * Writes the changed image: values between its least and its largest value and 0.
     *
     * @param pixels holds the image from index {@code from} on, row by row
     * @param height rows, 1 to 32,768
     * @param width  columns, 1 to 32,768
     * @param index  the number of the image among all
     * @param out    takes {@code height * width} pixels from index {@code at} on; may be {@code pixels}, also in place
     * @throws IllegalArgumentException if the sides are not as described
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public void augment(float[] pixels, int from, int height, int width, long seed, int epoch, int index, float[] out, int at) {
        augment(pixels, from, height, width, 1, seed, epoch, index, out, at);
    }

    /**
     * As {@link #augment(float[], int, int, int, long, int, int, float[], int)}, of images whose pixels have several channels,
     * side by side: all of them change alike.
     *
     * @param channels numbers of a pixel, at least 1
     * @throws IllegalArgumentException if the sides or the channels are not as described
     * @throws IndexOutOfBoundsException if an array is too short
     */
    public void augment(float[] pixels, int from, int height, int width, int channels, long seed, int epoch, int index,
            float[] out, int at) {
        if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE || channels < 1) {
            throw new IllegalArgumentException("The sides of an image must be 1 to " + MAX_SIDE + ", and its channels at"
                    + " least 1. Received: " + Images.sides(height, width, channels));
        }
        int size = Math.toIntExact((long) height * width * channels);
        Objects.checkFromIndexSize(from, size, pixels.length);
        Objects.checkFromIndexSize(at, size, out.length);
        if (unchanged > 0 && new Rng(seed, "unchanged", epoch).uniform(index) < unchanged) {
            System.arraycopy(pixels, from, out, at, size);
            return;
        }
        Change change = random(seed, epoch, index);
        boolean mirrored = isMirrored(seed, epoch, index);
        for (int channel = 0; channel < channels; channel++) {
            change.draw(bordered(pixels, from + channel, height, width, channels, mirrored), height, width, channels, out,
                    at + channel);
        }
        eraseSquare(seed, epoch, index, height, width, channels, out, at);
    }

    private void eraseSquare(long seed, int epoch, int index, int height, int width, int channels, float[] out, int at) {
        Rng rng = new Rng(seed, "erase", epoch);
        int top = (int) (height * rng.uniform(2L * index)) - erase / 2;
        int left = (int) (width * rng.uniform(2L * index + 1)) - erase / 2;
        int from = Math.max(left, 0) * channels;
        int to = Math.min(left + erase, width) * channels;
        for (int row = Math.max(top, 0); row < Math.min(top + erase, height); row++) {
            Arrays.fill(out, at + row * width * channels + from, at + row * width * channels + to, 0f);
        }
    }

    /**
     * An image inside a border of zeros, one pixel wide, but two below and one more at the end. Each row's right border is
     * followed by the left one of the next, so that a pixel and its neighbours to the right and below can be read anywhere up
     * to the border.
     *
     * @param step     from one pixel to the next: the number of channels, of which this is one
     * @param mirrored whether left and right change places
     */
    static float[] bordered(float[] pixels, int from, int height, int width, int step, boolean mirrored) {
        int stride = width + 2;
        int size = Math.toIntExact((height + 3L) * stride + 1);
        float[] bordered = BORDERED.get();
        if (bordered.length < size) {
            bordered = new float[size];
            BORDERED.set(bordered);
        }
        Arrays.fill(bordered, 0, size, 0f);
        for (int row = 0; row < height; row++) {
            int at = (row + 1) * stride + (mirrored ? width : 1);
            for (int i = from + row * width * step; i < from + (row + 1) * width * step; i += step) {
                bordered[at] = pixels[i];
                at += mirrored ? -1 : 1;
            }
        }
        return bordered;
    }

    private boolean isMirrored(long seed, int epoch, int index) {
        return flip == Flip.HORIZONTAL && (new Rng(seed, "mirror", 0).uniform(index) < 0.5) == (epoch % 2 == 0);
    }

    private Change random(long seed, int epoch, int index) {
        Rng rng = new Rng(seed, "augmentation", epoch);
        long first = (long) index * NUMBERS;
        return new Change(shift * spread(rng, first), shift * spread(rng, first + 1), rotation * spread(rng, first + 2),
                1 + zoom * spread(rng, first + 3), 1 + zoom * spread(rng, first + 4), shear * spread(rng, first + 5));
    }

    /** Uniform from -1 to 1. */
    private static double spread(Rng rng, long number) {
        return 2 * rng.uniform(number) - 1;
    }

    /**
     * The changes of one image, in the order from last to first.
     *
     * @param right   pixels
     * @param down    pixels
     * @param degrees counter-clockwise
     * @param wide    factor of the width
     * @param high    factor of the height
     * @param slant   how far a row moves to the right for each row below the centre
     */
    record Change(double right, double down, double degrees, double wide, double high, double slant) {

        /**
         * Draws the image: looks up, for each pixel, where it comes from.
         *
         * @param step from one pixel to the next
         */
        void draw(float[] bordered, int height, int width, int step, float[] out, int at) {
            double sin = StrictMath.sin(degrees * RADIANS);
            double cos = StrictMath.cos(degrees * RADIANS);
            // The inverse of: stretch, slant, turn, move. A step along a row moves the source by (xStep, yStep).
            double xStep = (cos - slant * sin) / wide;
            double xRowStep = (-sin - slant * cos) / wide;
            double yStep = sin / high;
            double yRowStep = cos / high;
            double xCentre = (width - 1) / 2.0;
            double yCentre = (height - 1) / 2.0;
            long xFirst = fixed(xCentre - xStep * (xCentre + right) - xRowStep * (yCentre + down) + 1);
            long yFirst = fixed(yCentre - yStep * (xCentre + right) - yRowStep * (yCentre + down) + 1);
            for (int row = 0; row < height; row++) {
                drawRow(bordered, height, width, xFirst + row * fixed(xRowStep), yFirst + row * fixed(yRowStep), fixed(xStep),
                        fixed(yStep), step, out, at + row * width * step);
            }
        }

        private static long fixed(double value) {
            return Math.round(value * FIXED_ONE);
        }

        private static void drawRow(float[] bordered, int height, int width, long x, long y, long xStep, long yStep,
                int step, float[] out, int at) {
            long xEnd = (width + 1L) << FRACTION_BITS;
            long yEnd = (height + 1L) << FRACTION_BITS;
            int stride = width + 2;
            for (int i = at; i < at + width * step; i += step) {
                long xIn = Math.min(Math.max(x, 0), xEnd);
                long yIn = Math.min(Math.max(y, 0), yEnd);
                int above = (int) (yIn >> FRACTION_BITS) * stride + (int) (xIn >> FRACTION_BITS);
                int below = above + stride;
                float xPart = fraction(xIn);
                float upper = bordered[above] + xPart * (bordered[above + 1] - bordered[above]);
                float lower = bordered[below] + xPart * (bordered[below + 1] - bordered[below]);
                out[i] = upper + fraction(yIn) * (lower - upper);
                x += xStep;
                y += yStep;
            }
        }

        private static float fraction(long fixed) {
            return (int) ((fixed & FRACTION) >>> (FRACTION_BITS - FLOAT_BITS)) * FLOAT_UNIT;
        }
    }
}

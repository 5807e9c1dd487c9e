package beras.digits;

import beras.data.DataException;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.data.image.PictureForm;
import beras.feed.Examples;
import beras.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;

/**
 * Converts a picture of one digit to the form of MNIST, for a network trained on it: white on black, scaled into a box of 20 x
 * 20 pixels without changing its proportions, and shifted so that its centre of mass is the middle of 28 x 28 pixels. (LeCun,
 * Cortes and Burges, "The MNIST database of handwritten digits".)
 *
 * <p>Specks beside the digit are left out, and strokes that would be thinner than a pen's are made thicker.
 */
public final class DigitForm implements PictureForm {

    /** Rows and columns of the result. */
    public static final int SIDE = 28;
    private static final int BOX = 20;
    /** Cells of paper along the longer side: larger than the stroke of a digit that fills the picture. */
    private static final int CELLS = 3;
    /** A part of the ink that is so much smaller than the largest is a speck. */
    private static final double SPECK = 0.04;
    /** Strokes are at least so wide in the box. */
    private static final double MIN_STROKE = 1.6;

    /** Found by {@link java.util.ServiceLoader}. */
    public DigitForm() {}

    @Override
    public String name() {
        return "digit";
    }

    /** {@code (28, 28, 1)}. */
    @Override
    public Optional<Shape> imageShape() {
        return Optional.of(Shape.of(SIDE, SIDE, 1));
    }

    @Override
    public boolean isOfGrey() {
        return true;
    }

    @Override
    public boolean showsInk() {
        return true;
    }

    /** With {@link OutlierImages}. */
    @Override
    public Examples withOutliers(Examples shown, Images images, double share, long seed) {
        return new OutlierImages(shown, images, share, seed);
    }

    /**
     * {@inheritDoc}
     *
     * @throws DataException if nothing is written in the picture
     */
    @Override
    public byte[] pixels(Picture picture, int rows, int columns, int channels, String name) throws DataException {
        Ink ink = Ink.of(picture, CELLS);
        Components components = Components.of(ink.mask(), ink.width, ink.height);
        int[] parts = components.labels();
        int[] sizes = new int[components.count() + 1];
        for (int part : parts) {
            sizes[part]++;
        }
        sizes[0] = 0; // the background
        int largest = Arrays.stream(sizes).max().orElse(0);
        if (largest == 0) {
            throw new DataException(name + ": expected a picture of a digit. Received: one in which nothing is written. Take it with"
                    + " more light, or nearer");
        }
        Bounds bounds = new Bounds();
        for (int at = 0; at < parts.length; at++) {
            if (sizes[parts[at]] >= SPECK * largest) {
                bounds.add(at % ink.width, at / ink.width);
            }
        }
        Box box = bounds.box();
        int left = box.left();
        int top = box.top();
        int width = box.width();
        int height = box.height();
        float[] digit = new float[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int most = 0; // the largest part that the pixel is in or touches: strokes have soft edges
                for (int i = Math.max(0, top + y - 1); i <= Math.min(ink.height - 1, top + y + 1); i++) {
                    for (int j = Math.max(0, left + x - 1); j <= Math.min(ink.width - 1, left + x + 1); j++) {
                        most = Math.max(most, sizes[parts[i * ink.width + j]]);
                    }
                }
                digit[y * width + x] = most >= SPECK * largest ? ink.at(left + x, top + y) : 0;
            }
        }
        return of(digit, width, height);
    }

    /**
     * The pixels of a digit, row by row, 0 to 255, from its ink.
     *
     * @param ink how much is on each pixel, row by row, at least 0 and somewhere more; the digit reaches all four sides
     */
    static byte[] of(float[] ink, int width, int height) {
        return centred(scaled(thick(ink, width, height), width, height));
    }

    /** With strokes of at least {@value #MIN_STROKE} pixels in the box: each pixel becomes the most around it. */
    private static float[] thick(float[] digit, int width, int height) {
        double area = 0;
        double edge = 0; // how much it goes up and down along rows and columns
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                float here = digit[y * width + x];
                area += here;
                edge += Math.abs(here - (x == 0 ? 0 : digit[y * width + x - 1]))
                        + Math.abs(here - (y == 0 ? 0 : digit[(y - 1) * width + x]));
            }
        }
        // A stroke of length l and width w has area w l and two sides, of which |cos| + |sin| is seen, 4 / pi on average.
        double stroke = 8 / Math.PI * area / edge;
        double scale = (double) BOX / Math.max(width, height);
        int radius = (int) Math.round((MIN_STROKE / scale - stroke) / 2);
        return radius < 1 ? digit : Extremes.of(digit, width, height, radius, 1);
    }

    /** The digit in the box, row by row, each pixel the mean of the area it covers, the darkest 255. */
    private static float[][] scaled(float[] digit, int width, int height) {
        double scale = (double) BOX / Math.max(width, height);
        int columns = Math.max(1, (int) Math.round(width * scale));
        int rows = Math.max(1, (int) Math.round(height * scale));
        float[][] box = new float[rows][columns];
        float most = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                box[i][j] = mean(digit, width, (double) j * width / columns, (j + 1.0) * width / columns,
                        (double) i * height / rows, (i + 1.0) * height / rows);
                most = Math.max(most, box[i][j]);
            }
        }
        for (float[] row : box) {
            for (int j = 0; j < columns; j++) {
                row[j] *= 255 / most;
            }
        }
        return box;
    }

    private static float mean(float[] digit, int width, double left, double right, double top, double bottom) {
        double sum = 0;
        int height = digit.length / width;
        for (int y = (int) top; y < Math.min(height, Math.ceil(bottom)); y++) {
            double tall = Math.min(bottom, y + 1) - Math.max(top, y);
            for (int x = (int) left; x < Math.min(width, Math.ceil(right)); x++) {
                sum += digit[y * width + x] * tall * (Math.min(right, x + 1) - Math.max(left, x));
            }
        }
        return (float) (sum / ((right - left) * (bottom - top)));
    }

    private static byte[] centred(float[][] box) {
        double sum = 0;
        double sumX = 0;
        double sumY = 0;
        for (int i = 0; i < box.length; i++) {
            for (int j = 0; j < box[i].length; j++) {
                sum += box[i][j];
                sumX += (j + 0.5) * box[i][j];
                sumY += (i + 0.5) * box[i][j];
            }
        }
        int left = within(SIDE / 2.0 - sumX / sum, SIDE - box[0].length);
        int top = within(SIDE / 2.0 - sumY / sum, SIDE - box.length);
        byte[] pixels = new byte[SIDE * SIDE];
        for (int i = 0; i < box.length; i++) {
            for (int j = 0; j < box[i].length; j++) {
                pixels[(top + i) * SIDE + left + j] = (byte) Math.round(box[i][j]);
            }
        }
        return pixels;
    }

    /** MNIST has the centre of mass in the pixel right of and below the middle. */
    private static int within(double place, int most) {
        return (int) Math.min(most, Math.max(0, Math.ceil(place)));
    }
}

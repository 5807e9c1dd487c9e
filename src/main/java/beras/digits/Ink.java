package beras.digits;

import beras.data.image.Picture;
import java.util.Arrays;

/**
 * How much ink is on each pixel of a picture, 0 to 255, whether it is dark on light or light on dark, and however unevenly the
 * light falls.
 *
 * <p>What the paper looks like is taken, in each of a few cells, from its lighter (or darker) pixels, and between them
 * interpolated. The difference to it is ink from {@link #threshold} on, which Otsu's method finds ("A threshold selection
 * method from gray-level histograms", 1979).
 */
final class Ink {

    /** In each cell of paper so large a part of the pixels is taken to be without ink. */
    private static final double PAPER = 0.2;
    private static final int LEVELS = 256;
    /** Ink that differs less from its paper is none: noise, or a picture of nothing. */
    private static final int LEAST_CONTRAST = 24;

    final int width;
    final int height;
    private final byte[] ink;
    private final int threshold; // LEVELS: no ink

    private Ink(int width, int height, byte[] ink, int threshold) {
        this.width = width;
        this.height = height;
        this.ink = ink;
        this.threshold = threshold;
    }

    /**
     * The ink of a picture.
     *
     * @param cells of paper along its longer side, each larger than a digit
     */
    static Ink of(Picture picture, int cells) {
        int width = picture.width();
        int height = picture.height();
        boolean isDark = isDarkOnLight(picture);
        int side = Math.max(1, (Math.max(width, height) + cells - 1) / cells);
        int columns = (width + side - 1) / side;
        int rows = (height + side - 1) / side;
        int[] paper = paper(picture, isDark, side, columns, rows);
        byte[] ink = new byte[width * height];
        int[] histogram = new int[LEVELS];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double around = between(paper, columns, rows, (x + 0.5) / side - 0.5, (y + 0.5) / side - 0.5);
                double less = around - light(picture, isDark, x, y);
                int level = (int) Math.min(LEVELS - 1, Math.max(0, Math.round(less)));
                ink[y * width + x] = (byte) level;
                histogram[level]++;
            }
        }
        return new Ink(width, height, ink, threshold(histogram));
    }

    /** The brightness of a pixel, or how dark it is, so that paper is always bright. */
    private static int light(Picture picture, boolean isDarkOnLight, int x, int y) {
        int grey = picture.grey(x, y);
        return isDarkOnLight ? grey : LEVELS - 1 - grey;
    }

    /** Whether most of the border, where there is rarely ink, is brighter than the threshold between ink and paper. */
    private static boolean isDarkOnLight(Picture picture) {
        int[] all = new int[LEVELS];
        int[] border = new int[LEVELS];
        int width = picture.width();
        int height = picture.height();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                all[picture.grey(x, y)]++;
                if (x == 0 || y == 0 || x == width - 1 || y == height - 1) {
                    border[picture.grey(x, y)]++;
                }
            }
        }
        return quantile(border, 0.5) >= otsu(all);
    }

    /** The brightness of paper in each cell. */
    private static int[] paper(Picture picture, boolean isDark, int side, int columns, int rows) {
        int[] paper = new int[columns * rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int[] histogram = new int[LEVELS];
                for (int y = row * side; y < Math.min((row + 1) * side, picture.height()); y++) {
                    for (int x = column * side; x < Math.min((column + 1) * side, picture.width()); x++) {
                        histogram[light(picture, isDark, x, y)]++;
                    }
                }
                paper[row * columns + column] = quantile(histogram, 1 - PAPER);
            }
        }
        return paper;
    }

    /** The level below which so large a part of the pixels is, or at it. */
    private static int quantile(int[] histogram, double share) {
        long all = Arrays.stream(histogram).asLongStream().sum();
        long below = 0;
        int level = 0;
        while (level < LEVELS - 1 && below + histogram[level] < share * all) {
            below += histogram[level++];
        }
        return level;
    }

    /** Bilinear, and constant beyond the middles of the outermost cells. */
    private static double between(int[] cells, int columns, int rows, double x, double y) {
        double inX = Math.min(Math.max(x, 0), columns - 1);
        double inY = Math.min(Math.max(y, 0), rows - 1);
        int left = (int) inX;
        int top = (int) inY;
        int right = Math.min(left + 1, columns - 1);
        int bottom = Math.min(top + 1, rows - 1);
        double dx = inX - left;
        double dy = inY - top;
        return (cells[top * columns + left] * (1 - dx) + cells[top * columns + right] * dx) * (1 - dy)
                + (cells[bottom * columns + left] * (1 - dx) + cells[bottom * columns + right] * dx) * dy;
    }

    private static int threshold(int[] histogram) {
        int threshold = otsu(histogram);
        return mean(histogram, threshold, LEVELS) - mean(histogram, 0, threshold) < LEAST_CONTRAST ? LEVELS : threshold;
    }

    /** The first level of the upper of two parts that differ most, by the variance between them. */
    private static int otsu(int[] histogram) {
        double all = Arrays.stream(histogram).asLongStream().sum();
        double sum = 0;
        for (int level = 0; level < LEVELS; level++) {
            sum += (double) level * histogram[level];
        }
        double below = 0;
        double sumBelow = 0;
        double most = 0;
        int best = LEVELS;
        for (int level = 1; level < LEVELS; level++) {
            below += histogram[level - 1];
            sumBelow += (level - 1.0) * histogram[level - 1];
            double above = all - below;
            if (below > 0 && above > 0) {
                double apart = sumBelow / below - (sum - sumBelow) / above;
                double variance = below * above * apart * apart;
                if (variance > most) {
                    most = variance;
                    best = level;
                }
            }
        }
        return best;
    }

    private static double mean(int[] histogram, int from, int to) {
        double count = 0;
        double sum = 0;
        for (int level = from; level < to; level++) {
            count += histogram[level];
            sum += (double) level * histogram[level];
        }
        return count == 0 ? 0 : sum / count;
    }

    /** How much is on a pixel. */
    int at(int x, int y) {
        return ink[y * width + x] & 0xff;
    }

    /** The pixels that are written on, row by row: the edges of strokes, too, which have half as much as their middle. */
    boolean[] mask() {
        boolean[] mask = new boolean[ink.length];
        for (int i = 0; i < ink.length; i++) {
            mask[i] = 2 * (ink[i] & 0xff) >= threshold;
        }
        return mask;
    }
}

package beras.digits;

import beras.data.image.Picture;

/**
 * How much ink is on each pixel of a picture, 0 to 255, whether it is dark on light or light on dark, and however unevenly the
 * light falls.
 *
 * <p>The brightness of the paper comes from the lighter (or darker) pixels of each of a few cells, and is interpolated between
 * them. The difference to it is ink from a threshold on that {@link Histogram#otsu} finds.
 */
final class Ink {

    /** In each cell of paper so large a part of the pixels is taken to be without ink. */
    private static final double PAPER = 0.2;
    private static final int LEVELS = 256;
    /** Ink that differs less from its paper is none: noise, or a picture of nothing. */
    private static final int MIN_CONTRAST = 24;

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
        Grid cellsOfPaper = (column, row) -> paper[row * columns + column];
        byte[] ink = new byte[width * height];
        int[] histogram = new int[LEVELS];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double around = cellsOfPaper.between(columns, rows, (x + 0.5) / side - 0.5, (y + 0.5) / side - 0.5);
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
        return Histogram.quantile(border, 0.5) >= Histogram.otsu(all);
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
                paper[row * columns + column] = Histogram.quantile(histogram, 1 - PAPER);
            }
        }
        return paper;
    }

    private static int threshold(int[] histogram) {
        int threshold = Histogram.otsu(histogram);
        double contrast = Histogram.mean(histogram, threshold, LEVELS) - Histogram.mean(histogram, 0, threshold);
        return contrast < MIN_CONTRAST ? LEVELS : threshold;
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

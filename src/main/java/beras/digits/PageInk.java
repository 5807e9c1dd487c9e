package beras.digits;

import beras.data.image.Picture;
import java.util.Arrays;

/**
 * How much ink is on each pixel of a page, as the share of light that it takes from the paper, whether it is dark on light or light
 * on dark.
 *
 * <p>Paper is the closing of grey morphology, which fills all dark things narrower than a window: so shadows stay in it, with
 * their edges, and strokes do not. Beside the edges of a page it is extrapolated from farther in.
 */
final class PageInk {

    private static final int LEVELS = 256;
    /** Paper is computed on blocks of pixels, so many along the longer side. */
    private static final int BLOCKS = 500;
    /** The window is so large a part of the longer side: larger than a stroke. */
    private static final int WINDOW = 8;
    /** Whether ink is darker or lighter is decided in so many parts along each side, that light may differ between them. */
    private static final int PARTS = 4;
    /** Paper for light ink is darker. */
    private static final int BRIGHT = 192;
    /** Paper that is darker takes no more part in the share: there is nothing but noise. */
    private static final float DARKEST = 24;
    /** Ink that differs less from its paper, of {@value #LEVELS} levels, is none. */
    private static final int MIN_CONTRAST = 24;
    /** Noise of a larger deviation is smoothed, at most so often. */
    private static final double NOISE = 5;
    private static final int MAX_SMOOTHING = 3;
    /** Ink is beyond so many deviations of the noise. */
    private static final double DEVIATIONS = 4;
    /** Thin and pale strokes have so large a part of the ink that separates ink from paper. */
    private static final double PALE = 0.4;
    /** Ruled lines are paler: so much of the ink of pale strokes. */
    private static final double FAINT = 0.5;

    final int width;
    final int height;
    /** Row by row, 0 to 255, with noise around 0. */
    final float[] level;
    /** The pixels with writing; all false if there is no ink. */
    final boolean[] mask;
    /** The same with paler ink, such as that of ruled lines. */
    final boolean[] faint;
    private final Picture picture;
    private final boolean isDark;

    /** @param isDark whether ink is darker than paper */
    PageInk(Picture picture, boolean isDark) {
        this.picture = picture;
        this.isDark = isDark;
        width = picture.width();
        height = picture.height();
        level = level();
        double noise = noise();
        for (int i = 0; i < MAX_SMOOTHING && noise > NOISE; i++) {
            smooth();
            noise = noise();
        }
        double threshold = Math.max(DEVIATIONS * noise, PALE * threshold(noise));
        double faintest = Math.max(DEVIATIONS * noise, FAINT * threshold);
        mask = new boolean[level.length];
        faint = new boolean[level.length];
        for (int i = 0; i < level.length; i++) {
            mask[i] = level[i] >= threshold;
            faint[i] = level[i] >= faintest;
        }
    }

    /** From the longer tail of brightness around the median of each part, unless most of the page is as bright as light ink. */
    static boolean isDarkOnLight(Picture picture) {
        double darker = 0;
        int bright = 0;
        for (int row = 0; row < PARTS; row++) {
            for (int column = 0; column < PARTS; column++) {
                int[] histogram = new int[LEVELS];
                for (int y = row * picture.height() / PARTS; y < (row + 1) * picture.height() / PARTS; y++) {
                    for (int x = column * picture.width() / PARTS; x < (column + 1) * picture.width() / PARTS; x++) {
                        histogram[picture.grey(x, y)]++;
                    }
                }
                int median = Histogram.quantile(histogram, 0.5);
                bright += median >= BRIGHT ? 1 : 0;
                for (int grey = 0; grey < LEVELS; grey++) {
                    double less = median - grey;
                    darker += histogram[grey] * less * less * less;
                }
            }
        }
        return darker >= 0 || 2 * bright > PARTS * PARTS;
    }

    /** How bright a pixel is, or how dark if ink is light: ink takes light away. */
    int light(int x, int y) {
        return isDark ? picture.grey(x, y) : LEVELS - 1 - picture.grey(x, y);
    }

    // ------------------------------------------------------------------------------------------------------ paper

    private float[] level() {
        int longer = Math.max(width, height);
        int side = Math.max(1, longer / BLOCKS);
        int columns = (width + side - 1) / side;
        int rows = (height + side - 1) / side;
        float[] light = new float[width * height];
        float[] paper = new float[columns * rows];
        int[] counts = new int[columns * rows];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int block = y / side * columns + x / side;
                light[y * width + x] = light(x, y);
                paper[block] += light[y * width + x];
                counts[block]++;
            }
        }
        for (int i = 0; i < paper.length; i++) {
            paper[i] /= counts[i];
        }
        int reach = Math.max(2, longer / side / WINDOW / 2);
        float[] filled = filled(paper, columns, rows, reach);
        Grid blocks = (column, row) -> filled[row * columns + column];
        int[] histogram = new int[2 * LEVELS];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                float around = Math.max(DARKEST, (float) blocks.between(columns, rows, (x + 0.5) / side - 0.5, (y + 0.5) / side - 0.5));
                float less = Math.max(1 - LEVELS, (LEVELS - 1) * (around - light[y * width + x]) / around);
                light[y * width + x] = less;
                histogram[LEVELS + (int) Math.floor(less)]++;
            }
        }
        float bias = Histogram.quantile(histogram, 0.5) - LEVELS + 0.5f; // the lightest of noisy paper is lighter than paper
        for (int i = 0; i < light.length; i++) {
            light[i] -= bias;
        }
        return light;
    }

    /** Fills dark things in the blocks. */
    private static float[] filled(float[] blocks, int columns, int rows, int reach) {
        float[] filled = Extremes.closing(blocks, columns, rows, reach, reach);
        float[] paper = filled.clone();
        darkenBesideEdges(paper, filled, Extremes.closing(blocks, columns, rows, 0, reach), columns, rows, reach, true);
        darkenBesideEdges(paper, filled, Extremes.closing(blocks, columns, rows, reach, 0), columns, rows, reach, false);
        return paper;
    }

    /**
     * Corrects paper beside two opposite edges. A window that ends at an edge sees only one side of it, and would take paper that
     * becomes darker towards the edge for ink. So paper is extrapolated there, mirrored through a point, but is no darker than
     * the closing along the edge: a shadow may begin there.
     *
     * @param paper  changed
     * @param filled the closing of the blocks by square windows
     * @param along  the closing by windows one block wide along these edges
     * @param sides  whether the edges are the left and the right one, or else the upper and the lower one
     */
    private static void darkenBesideEdges(float[] paper, float[] filled, float[] along, int columns, int rows, int reach,
            boolean sides) {
        int count = sides ? columns : rows;
        int step = sides ? 1 : columns;
        if (count <= 2 * reach) {
            return; // all is beside an edge
        }
        int[] places = new int[filled.length];
        Arrays.setAll(places, i -> sides ? i % columns : i / columns);
        int[] lighter = new int[LEVELS]; // of many noisy blocks the lightest is lighter than of some
        for (int i = 0; i < filled.length; i++) {
            lighter[Math.round(filled[i] - along[i])] += places[i] >= reach && places[i] < count - reach ? 1 : 0;
        }
        int noise = Histogram.quantile(lighter, 0.5);
        for (int i = 0; i < filled.length; i++) {
            int inward = Math.max(0, reach - places[i]) - Math.max(0, places[i] - (count - 1 - reach)); // to where windows are whole
            if (inward != 0) {
                float onward = 2 * filled[i + inward * step] - filled[i + 2 * inward * step];
                paper[i] = Math.min(paper[i], Math.max(onward, along[i] + noise));
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------- noise

    /** The standard deviation of paper: from the median of the pixels lighter than it, where there is no ink. */
    private double noise() {
        int[] histogram = new int[LEVELS + 1];
        for (float each : level) {
            if (each < 0) {
                histogram[Math.min(LEVELS, (int) -each)]++;
            }
        }
        return (Histogram.quantile(histogram, 0.5) + 0.5) / 0.6745;
    }

    /** The mean of 3 x 3 pixels, nearer ones counting more. */
    private void smooth() {
        smooth(1, width, height, width);
        smooth(width, height, width, 1);
    }

    private void smooth(int step, int count, int lines, int stride) {
        for (int line = 0; line < lines; line++) {
            int at = line * stride;
            float before = level[at];
            for (int i = 0; i < count; i++) {
                float here = level[at + i * step];
                float after = i == count - 1 ? here : level[at + (i + 1) * step];
                level[at + i * step] = (before + 2 * here + after) / 4;
                before = here;
            }
        }
    }

    /** Otsu's threshold of all that is beyond noise; infinite if there is no ink. */
    private double threshold(double noise) {
        int least = (int) Math.ceil(Math.min(LEVELS, Math.max(DEVIATIONS * noise, MIN_CONTRAST / 2.0)));
        int[] histogram = new int[LEVELS];
        for (float each : level) {
            if (each >= least) {
                histogram[(int) Math.min(LEVELS - 1, each)]++;
            }
        }
        int threshold = Histogram.otsu(histogram);
        threshold = threshold == LEVELS ? least : threshold; // all ink has one level
        return Histogram.mean(histogram, threshold, LEVELS) < MIN_CONTRAST ? Double.POSITIVE_INFINITY : threshold;
    }
}

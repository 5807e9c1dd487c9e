package beras.digits;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Takes ruled lines off a page: thin, long and nearly level. A column of a line is taken off where it is as thick as the line alone,
 * and stays where a stroke crosses it. (As staff lines are removed from music by the lengths of vertical runs.)
 */
final class Rules {

    /** Lines are level up to so many degrees. */
    private static final double MAX_DEGREES = 6;
    private static final double STEP = 0.1;
    private static final double FINE_STEP = 0.02;
    /** A smaller page has none: a stroke would be taken for one. */
    private static final int MIN_SIDE = 200;
    /** A line is at most so large a part of the longer side thick, and at least so many pixels. */
    private static final int THICKNESS = 120;
    private static final int MIN_THICKNESS = 5;
    /** So many columns are looked at to find lines. */
    private static final int COLUMNS = 400;
    private static final int BIN = 2;

    private final boolean[] mask;
    private final int width;
    private final int height;
    private final int thickness;
    private final double coverage;

    /**
     * @param mask     of ink; changed
     * @param coverage a line covers so large a share of the width at least
     */
    Rules(boolean[] mask, int width, int height, double coverage) {
        this.mask = mask;
        this.width = width;
        this.height = height;
        this.thickness = Math.max(MIN_THICKNESS, Math.max(width, height) / THICKNESS);
        this.coverage = coverage;
    }

    /** Places of short vertical runs. */
    private static final class Runs {
        private int[] x = new int[1 << 12];
        private float[] y = new float[1 << 12];
        private int count;

        void add(int column, float middle) {
            if (count == x.length) {
                x = Arrays.copyOf(x, 2 * count);
                y = Arrays.copyOf(y, 2 * count);
            }
            x[count] = column;
            y[count++] = middle;
        }
    }

    /** Takes lines off the mask; returns by how much they fall for each pixel to the right, or nothing if there are none. */
    OptionalDouble erase() {
        if (Math.max(width, height) < MIN_SIDE) {
            return OptionalDouble.empty();
        }
        int step = Math.max(1, width / COLUMNS);
        Runs runs = runs(step);
        double slope = steepest(runs, 0, MAX_DEGREES, STEP);
        slope = steepest(runs, slope, STEP, FINE_STEP);
        int[] votes = votes(runs, slope);
        int margin = margin(slope);
        boolean any = false;
        int[] order = order(votes);
        for (int bin : order) {
            double y = (bin + 1) * BIN - margin; // between two bins
            int both = votes[bin] + votes[bin + 1];
            if (both > 0 && both >= coverage * columnsOf(y, slope, step)) {
                erase(y, slope);
                any = true;
                for (int near = Math.max(0, bin - 2); near <= Math.min(votes.length - 1, bin + 3); near++) {
                    votes[near] = 0;
                }
            }
        }
        return any ? OptionalDouble.of(slope) : OptionalDouble.empty();
    }

    private Runs runs(int step) {
        Runs runs = new Runs();
        for (int x = step / 2; x < width; x += step) {
            int y = 0;
            while (y < height) {
                int from = y;
                while (y < height && mask[y * width + x]) {
                    y++;
                }
                if (y > from && y - from <= thickness) {
                    runs.add(x, (from + y - 1) / 2f);
                }
                y++;
            }
        }
        return runs;
    }

    private double steepest(Runs runs, double middle, double most, double step) {
        double best = middle;
        double score = -1;
        for (int i = (int) Math.round(-most / step); i <= Math.round(most / step); i++) {
            double slope = middle + StrictMath.tan(Math.toRadians(i * step));
            double sum = 0;
            for (int each : votes(runs, slope)) {
                sum += (double) each * each;
            }
            if (sum > score) {
                score = sum;
                best = slope;
            }
        }
        return best;
    }

    private int margin(double slope) {
        return (int) Math.ceil(Math.abs(slope) * width) + BIN;
    }

    private int[] votes(Runs runs, double slope) {
        int margin = margin(slope);
        int[] votes = new int[(height + 2 * margin) / BIN + 2];
        for (int i = 0; i < runs.count; i++) {
            votes[(int) ((runs.y[i] - slope * runs.x[i] + margin) / BIN)]++;
        }
        return votes;
    }

    /** Bins by the votes of each with the next, most first. */
    private static int[] order(int[] votes) {
        long[] keys = new long[votes.length - 1];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ((long) -(votes[i] + votes[i + 1]) << Integer.SIZE) + i;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        Arrays.setAll(order, i -> (int) keys[i]);
        return order;
    }

    /** How many of the columns that are looked at a line passes inside the page. */
    private int columnsOf(double y, double slope, int step) {
        int inside = 0;
        for (int x = step / 2; x < width; x += step) {
            double at = y + slope * x;
            inside += at >= 0 && at < height ? 1 : 0;
        }
        return Math.max(inside, width / step / 4); // a line in a corner is too short to be sure of
    }

    /** Follows a line from left to right, twice: to see how thick it is, and to take it off. */
    private void erase(double y, double slope) {
        int[] lengths = new int[thickness + 1];
        follow(y, slope, thickness, lengths);
        int all = Arrays.stream(lengths).sum();
        int typical = 0;
        for (int below = 0; typical < thickness && 2 * below < all; ) {
            below += lengths[++typical];
        }
        follow(y, slope, typical + Math.max(1, typical / 2), null);
    }

    /**
     * @param most    a run that is longer is no line alone
     * @param lengths counts the runs; null: they are taken off
     */
    private void follow(double y, double slope, int most, int[] lengths) {
        double drift = 0; // paper is never quite flat
        int reach = Math.max(2, thickness / 2);
        for (int x = 0; x < width; x++) {
            int middle = (int) Math.round(y + slope * x + drift);
            int at = nearest(x, middle, reach);
            if (at < 0) {
                continue;
            }
            int from = at;
            int to = at;
            while (from > 0 && mask[(from - 1) * width + x] && to - from <= most) {
                from--;
            }
            while (to < height - 1 && mask[(to + 1) * width + x] && to - from <= most) {
                to++;
            }
            int length = to - from + 1;
            if (length <= most) {
                drift += 0.05 * ((from + to) / 2.0 - y - slope * x - drift);
                drift = Math.max(-2.0 * thickness, Math.min(2.0 * thickness, drift));
                if (lengths != null) {
                    lengths[Math.min(length, thickness)]++;
                } else {
                    for (int row = from; row <= to; row++) {
                        mask[row * width + x] = false;
                    }
                }
            }
        }
    }

    /** The row of the nearest ink to a place in a column; -1 if there is none. */
    private int nearest(int x, int y, int reach) {
        for (int away = 0; away <= reach; away++) {
            if (y - away >= 0 && y - away < height && mask[(y - away) * width + x]) {
                return y - away;
            }
            if (y + away >= 0 && y + away < height && mask[(y + away) * width + x]) {
                return y + away;
            }
        }
        return -1;
    }
}

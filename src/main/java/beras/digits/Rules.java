package beras.digits;

import java.util.Arrays;
import java.util.Optional;

/**
 * Takes ruled lines off a page: thin, long and nearly level. A column of a line is taken off where it is as thick as the line alone,
 * and stays where a stroke crosses it. (As staff lines are removed from music by the lengths of vertical runs.)
 */
final class Rules {

    /** How much lines rise or fall at most: six degrees. */
    private static final double MAX_SLOPE = 0.105;
    /** The largest difference in distance between lines at one side and at the other, as a share of the width. */
    private static final double MAX_SPREAD = 0.25;
    /** They are looked for first with so many bins along the longer side, and about so many runs. */
    private static final int COARSE_BINS = 250;
    private static final int COARSE_RUNS = 3000;
    /** A smaller page has none: a stroke would be taken for one. */
    private static final int MIN_SIDE = 200;
    /** A line is at most so large a part of the longer side thick, and at least so many pixels. */
    private static final int THICKNESS = 120;
    private static final int MIN_THICKNESS = 5;
    /** So many columns are looked at to find lines. */
    private static final int COLUMNS = 400;
    private static final int BIN = 2;
    /** Two lines are more bins apart. */
    private static final int NEAR = 2;
    /**
     * From this many lines on, further ones are found by the columns in which no stroke crosses them: they cover such a share.
     */
    private static final int SOME = 3;
    private static final double COVERAGE_OF_MORE = 0.5;
    /** So large a share of a line is not thicker than usual. */
    private static final double USUAL = 0.85;

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

    /** Takes lines off the mask; returns the lines of which they are some, or nothing if there are none. */
    Optional<Pencil> erase() {
        if (Math.max(width, height) < MIN_SIDE) {
            return Optional.empty();
        }
        int step = Math.max(1, width / COLUMNS);
        Runs runs = runs(step);
        Pencil pencil = pencil(runs);
        int[] votes = votes(runs, 1, pencil, BIN);
        double first = pencil.middleY() - pencil.reach(width, height);
        int found = 0;
        for (int bin : order(votes)) {
            int above = bin == 0 ? 0 : votes[bin - 1];
            int below = bin == votes.length - 1 ? 0 : votes[bin + 1];
            int all = above + votes[bin] + below;
            double line = first + (bin + 0.5 + (below - above) / Math.max(1.0, all)) * BIN;
            if (all > 0 && all >= (found < SOME ? coverage * columnsOf(pencil, line, step, false)
                    : COVERAGE_OF_MORE * (all + columnsOf(pencil, line, step, true)))) {
                erase(pencil, line);
                found++;
                for (int near = Math.max(0, bin - NEAR); near <= Math.min(votes.length - 1, bin + NEAR); near++) {
                    votes[near] = 0;
                }
            }
        }
        return found > 0 ? Optional.of(pencil) : Optional.empty();
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

    /** The lines on which most of the runs are: on a grid whose meshes become smaller around the best. */
    private Pencil pencil(Runs runs) {
        double bin = Math.max(2 * BIN, Math.max(width, height) / (double) COARSE_BINS);
        int every = Math.max(1, runs.count / COARSE_RUNS);
        double slopes = Math.min(MAX_SLOPE, bin / width); // a mesh moves no line by more than half a bin
        double spreads = Math.min(MAX_SPREAD, 2 * bin / height) / width;
        int most = (int) Math.ceil(MAX_SLOPE / slopes);
        int mostSpread = (int) Math.ceil(MAX_SPREAD / width / spreads);
        Pencil best = best(runs, every, Pencil.level(width, height), slopes, most, spreads, mostSpread, bin);
        while (bin > BIN || slopes * width > BIN / 2.0) {
            bin = Math.max(BIN, bin / 2);
            every = 1;
            slopes /= 2;
            spreads /= 2;
            best = best(runs, every, best, slopes, 2, spreads, 2, bin);
        }
        return best;
    }

    private Pencil best(Runs runs, int every, Pencil around, double slopes, int most, double spreads, int mostSpread,
            double bin) {
        Pencil best = around;
        double score = -1;
        for (int i = 0; i <= 2 * most; i++) {
            for (int j = 0; j <= 2 * mostSpread; j++) { // 0, then ever farther away: of equals the nearest
                Pencil pencil = around.with(around.slope() + slopes * fromMiddle(i), around.spread() + spreads * fromMiddle(j));
                double sum = 0;
                for (int each : votes(runs, every, pencil, bin)) {
                    sum += (double) each * each;
                }
                if (sum > score) {
                    score = sum;
                    best = pencil;
                }
            }
        }
        return best;
    }

    /** 0, -1, 1, -2, 2 and so on. */
    private static int fromMiddle(int index) {
        return index % 2 == 0 ? index / 2 : -(index + 1) / 2;
    }

    private int[] votes(Runs runs, int every, Pencil pencil, double bin) {
        double reach = pencil.reach(width, height);
        int[] votes = new int[(int) (2 * reach / bin) + 2];
        double first = pencil.middleY() - reach;
        int column = -1;
        double scale = 0;
        double shift = 0;
        for (int i = 0; i < runs.count; i += every) {
            if (runs.x[i] != column) { // in a column the number of a line is linear in the row
                column = runs.x[i];
                double line = pencil.line(column, 0);
                scale = (pencil.line(column, 1) - line) / bin;
                shift = (line - first) / bin;
            }
            votes[(int) (shift + scale * runs.y[i])]++;
        }
        return votes;
    }

    /** Bins by the votes of each and its neighbours, most first. */
    private static int[] order(int[] votes) {
        long[] keys = new long[votes.length];
        for (int i = 0; i < keys.length; i++) {
            long all = (long) votes[Math.max(0, i - 1)] + votes[i] + votes[Math.min(votes.length - 1, i + 1)];
            keys[i] = (-all << Integer.SIZE) + i;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        Arrays.setAll(order, i -> (int) keys[i]);
        return order;
    }

    /** The number of examined columns where a line passes inside the page, or only the ones without ink. */
    private int columnsOf(Pencil pencil, double line, int step, boolean empty) {
        int inside = 0;
        for (int x = step / 2; x < width; x += step) {
            double at = pencil.row(line, x);
            inside += at >= 0 && at < height && !(empty && nearest(x, (int) at, BIN) >= 0) ? 1 : 0;
        }
        return Math.max(inside, width / step / 4); // a line in a corner is too short to be sure of
    }

    /** Follows a line from left to right, twice: to see how thick it is, and to take it off. */
    private void erase(Pencil pencil, double line) {
        int[] lengths = new int[thickness + 1];
        follow(pencil, line, thickness, lengths);
        int all = Arrays.stream(lengths).sum();
        int usual = 0;
        for (int below = 0; usual < thickness && below < USUAL * all; ) {
            below += lengths[++usual];
        }
        follow(pencil, line, usual + 1, null);
    }

    /**
     * @param most    a run that is longer is no line alone
     * @param lengths counts the runs; null: they are taken off
     */
    private void follow(Pencil pencil, double line, int most, int[] lengths) {
        double drift = 0; // paper is never quite flat
        int reach = Math.max(2, thickness / 2);
        for (int x = 0; x < width; x++) {
            double row = pencil.row(line, x);
            int middle = (int) Math.round(row + drift);
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
                drift += 0.05 * ((from + to) / 2.0 - row - drift);
                drift = Math.max(-2.0 * thickness, Math.min(2.0 * thickness, drift));
                if (lengths != null) {
                    lengths[Math.min(length, thickness)]++;
                } else {
                    for (int y = from; y <= to; y++) {
                        mask[y * width + x] = false;
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

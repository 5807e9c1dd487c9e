package beras.data.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the numbers of a column become: {@code z / sqrt(1 + (z / 3)^2)} of {@code z = (x - median) / spread}, which is at most 3 in size,
 * so that outliers do no harm (Holzm&uuml;ller, Grinsztajn and Steinwart, Better by Default, 2024, arXiv 2407.04491), and beside it a
 * piecewise-linear code, by which a net sees steps and bends (Gorishniy, Rubachev and Babenko, On Embeddings for Numerical Features in
 * Tabular Deep Learning, 2022, arXiv 2203.05556). The code has a feature for each bin between two edges, {@code
 * clamp((x - lower) / (upper - lower), 0, 1) / (2 sqrt(bins))}, of which that of the median is subtracted: so zeros, which a missing value
 * has, are those of the median in all features. Divided so, the code varies half as much as the number beside it;
 * where effects are smooth, a net fits one that varies more to the noise. All settings of it are here.
 *
 * @param median of the training rows
 * @param spread of the training rows: the interquartile range; if that is 0, the median of the distances from the median of the
 *               numbers that differ from it; if none is in the {@link NumberSample}, the distance of the farthest number
 * @param inner  the edges between the smallest and the largest number of the training rows, in ascending order; none if there is no
 *               code, as for two values, of which the number tells all
 */
record NumberCode(double median, double spread, List<Double> inner) {

    /** Numbers approach this, in spreads from the median, but do not reach it. */
    static final double LIMIT = 3;

    /** A table becomes at most so many numbers, of 256 MB as floats: in larger ones columns have fewer bins, or no code. */
    private static final long MOST_VALUES = 1L << 26;
    /** A row becomes at most so many numbers; with more columns there are fewer bins, or no code. */
    private static final long MOST_FEATURES = 1L << 13;

    /** A range is at most so many spreads, so that no square of a distance in spreads overflows. */
    static final double MOST_SPREADS = 1e100;

    NumberCode {
        inner = List.copyOf(inner);
    }

    /** How many bins columns have by default in a table of so many rows to train on and columns of numbers. */
    static int bins(long rows, long columns) {
        long most = Math.min(MOST_VALUES / rows, MOST_FEATURES) / Math.max(1, columns) - 1; // a feature is the number itself
        return (int) Math.max(1, Math.min(TableOptions.BINS, most));
    }

    /**
     * Learns from numbers that are not all one.
     *
     * @param bins how many at most, at least 1
     */
    static NumberCode learn(NumberTally numbers, int bins) {
        double[] sorted = numbers.sample().sorted();
        double median = quantile(sorted, 0.5);
        double range = numbers.max() - numbers.min();
        double spread = spread(sorted, median);
        if (spread == 0) {
            spread = Math.max(numbers.max() - median, median - numbers.min());
        }
        return new NumberCode(median, Math.max(spread, range / MOST_SPREADS), inner(sorted, numbers.min(), numbers.max(), bins));
    }

    private static double spread(double[] sorted, double median) {
        double range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
        if (range > 0) {
            return range;
        }
        double[] distances = Arrays.stream(sorted).map(value -> Math.abs(value - median)).filter(distance -> distance > 0).sorted()
                .toArray();
        return distances.length == 0 ? 0 : quantile(distances, 0.5);
    }

    /** The number before which such a share of some in ascending order is, on a line between two of them. */
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        double part = place - below;
        return part == 0 ? sorted[below] : (1 - part) * sorted[below] + part * sorted[below + 1];
    }

    /**
     * Edges between which there are equally many numbers; of few different numbers each is one. A number that is there more often
     * counts as often as there are in a bin, or all others would share what few bins are left.
     */
    private static List<Double> inner(double[] sorted, double min, double max, int bins) {
        int mostEqual = Math.max(1, sorted.length / bins);
        double[] counted = new double[sorted.length];
        int count = 0;
        int distinct = 0; // without the first and the last
        int equal = 0;
        for (int i = 0; i < sorted.length; i++) {
            boolean isNew = i == 0 || sorted[i] != sorted[i - 1];
            equal = isNew ? 1 : equal + 1;
            distinct += isNew && min < sorted[i] && sorted[i] < max ? 1 : 0;
            if (equal <= mostEqual) {
                counted[count++] = sorted[i];
            }
        }
        List<Double> edges = new ArrayList<>();
        double last = min;
        int next = 0; // the first number beyond the last edge
        for (int left = bins; left > 1; left--) {
            while (next < count && counted[next] <= last) {
                next++;
            }
            int at = distinct < bins ? next : next + (count - next + left - 1) / left - 1;
            if (at >= count || counted[at] >= max) {
                break;
            }
            last = counted[at];
            edges.add(last);
        }
        return edges;
    }
}

package beras.data.table.values;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The encoding of the numbers of a column: {@code z / sqrt(1 + (z / 3)^2)} of {@code z = (x - median) / spread}, which is at
 * most 3 in size, so that outliers do no harm (Holzm&uuml;ller, Grinsztajn and Steinwart, Better by Default, 2024, arXiv
 * 2407.04491), and beside it a piecewise-linear code, by which a network sees steps and bends (Gorishniy, Rubachev and Babenko,
 * On Embeddings for Numerical Features in Tabular Deep Learning, 2022, arXiv 2203.05556). The code has a feature for each bin
 * between two edges, {@code clamp((x - lower) / (upper - lower), 0, 1) / (2 sqrt(bins))}, minus its value at the median: so a
 * missing value, which is all zeros, is encoded as the median. The divisor halves the variation of the code relative to the
 * number beside it; where effects are smooth, a network fits a code of more variation to the noise. All settings of it are
 * here.
 *
 * @param median of the training rows
 * @param spread of the training rows: the interquartile range; if that is 0, the median of the distances from the median of the
 *               numbers that differ from it
 * @param inner  the edges between the smallest and the largest number of the training rows, in ascending order; none if there
 *     is no code, as for two values, which the number alone encodes
 */
public record NumberCode(double median, double spread, List<Double> inner) {

    /** A number has so many bins by default. */
    public static final int BINS = 16;

    /** Numbers approach this, in spreads from the median, but do not reach it. */
    public static final double LIMIT = 3;

    /** A table becomes at most so many numbers, of 256 MB as floats: in larger ones columns have fewer bins, or no code. */
    private static final long MOST_VALUES = 1L << 26;
    /** A row becomes at most so many numbers; with more columns there are fewer bins, or no code. */
    private static final long MOST_FEATURES = 1L << 13;

    /** A range is at most so many spreads, so that no square of a distance in spreads overflows. */
    public static final double MOST_SPREADS = 1e100;

    public NumberCode {
        inner = List.copyOf(inner);
    }

    /** How many bins columns have by default in a table of so many rows to train on and columns of numbers. */
    public static int bins(long rows, long columns) {
        long most = Math.min(MOST_VALUES / rows, MOST_FEATURES) / Math.max(1, columns) - 1; // a feature is the number itself
        return (int) Math.max(1, Math.min(BINS, most));
    }

    /**
     * Learns from numbers that are not all one.
     *
     * @param numbers the numbers of the training rows, or of a sample of them
     * @param min     the smallest number of the training rows
     * @param max     the largest one
     * @param bins    how many at most, at least 1
     */
    public static NumberCode learn(NumberCounts numbers, double min, double max, int bins) {
        double median = numbers.quantile(0.5);
        return new NumberCode(median, Math.max(spread(numbers, median), (max - min) / MOST_SPREADS),
                inner(numbers, min, max, bins));
    }

    private static double spread(NumberCounts numbers, double median) {
        double range = numbers.quantile(0.75) - numbers.quantile(0.25);
        if (range > 0) {
            return range;
        }
        double[] values = numbers.values();
        TreeMap<Double, Long> distances = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != median) {
                NumberCounts.add(distances, Math.abs(values[i] - median), numbers.count(i));
            }
        }
        return NumberCounts.of(distances).quantile(0.5);
    }

    /**
     * Edges between which there are equally many numbers; of few different numbers each is one. A more frequent number counts
     * at most as often as a bin holds, or all others would share few bins.
     */
    private static List<Double> inner(NumberCounts numbers, double min, double max, int bins) {
        double[] values = numbers.values();
        long mostEqual = Math.max(1, numbers.count() / bins);
        long[] before = new long[values.length + 1]; // so many count before each
        int distinct = 0; // without the first and the last
        for (int i = 0; i < values.length; i++) {
            before[i + 1] = before[i] + Math.min(numbers.count(i), mostEqual);
            distinct += min < values[i] && values[i] < max ? 1 : 0;
        }
        long count = before[values.length];
        List<Double> edges = new ArrayList<>();
        double last = min;
        int at = 0; // the first number beyond the last edge
        for (int left = bins; left > 1; left--) {
            while (at < values.length && values[at] <= last) {
                at++;
            }
            if (distinct >= bins) {
                long rank = before[at] + (count - before[at] + left - 1) / left - 1;
                while (at < values.length && before[at + 1] <= rank) {
                    at++;
                }
            }
            if (at == values.length || values[at] >= max) {
                break;
            }
            last = values[at];
            edges.add(last);
        }
        return edges;
    }
}

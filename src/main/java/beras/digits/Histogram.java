package beras.digits;

import java.util.Arrays;

/** A histogram of levels from 0 on, and its statistics. */
final class Histogram {

    /** The least level such that this share of all pixels is at it or below. */
    static int quantile(int[] histogram, double share) {
        long all = Arrays.stream(histogram).asLongStream().sum();
        long below = 0;
        int level = 0;
        while (level < histogram.length - 1 && below + histogram[level] < share * all) {
            below += histogram[level++];
        }
        return level;
    }

    /**
     * The first level of the upper of two parts that differ most, by the variance between them (Otsu, "A threshold selection method
     * from gray-level histograms", 1979); the number of levels if all have one.
     */
    static int otsu(int[] histogram) {
        double all = 0;
        double sum = 0;
        for (int level = 0; level < histogram.length; level++) {
            all += histogram[level];
            sum += (double) level * histogram[level];
        }
        double below = 0;
        double sumBelow = 0;
        double most = 0;
        int best = histogram.length;
        for (int level = 1; level < histogram.length; level++) {
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

    /** The mean of the levels from one on and below another; 0 if there are none. */
    static double mean(int[] histogram, int from, int to) {
        double count = 0;
        double sum = 0;
        for (int level = from; level < to; level++) {
            count += histogram[level];
            sum += (double) level * histogram[level];
        }
        return count == 0 ? 0 : sum / count;
    }

    private Histogram() {}
}

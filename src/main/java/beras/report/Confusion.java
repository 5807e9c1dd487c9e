package beras.report;

import beras.evaluation.ClassificationReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How often each class is taken for each, as a table and a plot show it. Correct counts are shaded by their share of the class,
 * wrong ones relative to the most frequent mistake, so that mistakes remain visible beside hundreds of correct examples; zero
 * has no shade.
 */
final class Confusion {

    /** How many shades a cell may have; the styles give each an opacity on which text stays legible. */
    static final int SHADES = 10;

    /** A mistake: how often a class is taken for another. */
    record Pair(int truth, int predicted, double count) {}

    private final double[][] counts;
    private final double mostWrong;

    Confusion(ClassificationReport report) {
        this.counts = report.confusion().counts();
        this.mostWrong = mistakes().stream().mapToDouble(pair -> share(pair.truth, pair.predicted)).max().orElse(0);
    }

    double count(int truth, int predicted) {
        return counts[truth][predicted];
    }

    /** How often a true class is taken for another; 0 if it does not occur. */
    double share(int truth, int predicted) {
        return counts[truth][predicted] / Math.max(1, Arrays.stream(counts[truth]).sum());
    }

    /** From 0, for a count of zero, to {@link #SHADES}. */
    int shade(int truth, int predicted) {
        double share = share(truth, predicted);
        return (int) Math.ceil(SHADES * (truth == predicted || mostWrong == 0 ? share : share / mostWrong));
    }

    /** All mistakes, the most frequent first. */
    List<Pair> mistakes() {
        List<Pair> pairs = new ArrayList<>();
        for (int truth = 0; truth < counts.length; truth++) {
            for (int predicted = 0; predicted < counts.length; predicted++) {
                if (truth != predicted && counts[truth][predicted] > 0) {
                    pairs.add(new Pair(truth, predicted, counts[truth][predicted]));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::count).reversed());
        return pairs;
    }
}

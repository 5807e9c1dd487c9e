package beras.report;

import beras.evaluation.ClassificationReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How often each class is taken for each, as a table and a plot show it. What is right is shaded by its share of the class, what
 * is wrong against the most frequent mistake, so that mistakes are seen beside hundreds that are right; what never occurs has no
 * shade.
 */
final class Confusion {

    /** How many shades a cell may have. */
    static final int SHADES = 10;

    private static final int FIRST_OPACITY = 12;
    private static final int FURTHER_OPACITY = 5;
    private static final int LONGEST_LABEL = 12;
    private static final int WIDTH = 400;
    private static final int TOP = 58;
    private static final int MOST_SIDE = 34;
    private static final int FEWEST_FOR_NUMBERS = 14;
    private static final double TEXT_DROP = 4;

    /** A mistake: how often a class is taken for another. */
    record Pair(int truth, int predicted, double count) {}

    private final double[][] counts;
    private final List<String> labels;
    private double mostWrong;

    Confusion(ClassificationReport report) {
        this.counts = report.confusion().counts();
        this.labels = report.labels();
        for (Pair pair : mistakes()) {
            mostWrong = Math.max(mostWrong, share(pair.truth, pair.predicted));
        }
    }

    double count(int truth, int predicted) {
        return counts[truth][predicted];
    }

    /** How often a true class is taken for another; 0 if it does not occur. */
    double share(int truth, int predicted) {
        return counts[truth][predicted] / Math.max(1, Arrays.stream(counts[truth]).sum());
    }

    /** From 0, for what never occurs, to {@link #SHADES}. */
    int shade(int truth, int predicted) {
        double share = share(truth, predicted);
        return (int) Math.ceil(SHADES * (truth == predicted || mostWrong == 0 ? share : share / mostWrong));
    }

    /** In percent, so that text stays legible on it. */
    static int opacity(int shade) {
        return shade == 0 ? 0 : FIRST_OPACITY + FURTHER_OPACITY * (shade - 1);
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

    /** Such as {@code true 3, predicted 8: 5, 0.5 % of the class}. */
    private String words(int truth, int predicted) {
        return "true " + labels.get(truth) + ", predicted " + labels.get(predicted) + ": "
                + Labels.number(counts[truth][predicted]) + ", " + Labels.percent(share(truth, predicted)) + " of the class";
    }

    /** As a plot: with numbers if there is room for them. */
    Svg draw() {
        List<String> names = Labels.distinct(labels, LONGEST_LABEL);
        double longest = names.stream().mapToDouble(Svg::length).max().orElse(0);
        double left = TEXT_DROP + 2 + longest;
        double side = Math.min(MOST_SIDE, (WIDTH - left) / counts.length);
        boolean hasNumbers = side >= FEWEST_FOR_NUMBERS;
        boolean areShort = longest <= side;
        double top = areShort ? TOP : TOP + longest;
        Html svg = new Html();
        Svg.text(svg, 0, 17, "title", "Confusion: how often each was taken for each");
        Svg.text(svg, 0, 36, "soft", "A row for each true class, a column for each predicted one");
        for (int truth = 0; truth < counts.length; truth++) {
            double up = top + truth * side;
            if (hasNumbers) {
                Svg.text(svg, left - TEXT_DROP, up + side / 2 + TEXT_DROP, "soft end", names.get(truth));
                double across = left + (truth + 0.5) * side + (areShort ? 0 : TEXT_DROP);
                svg.add("text", names.get(truth), "class", areShort ? "soft mid" : "soft", "transform", "translate("
                        + Svg.at(across) + " " + Svg.at(top - TEXT_DROP) + ")" + (areShort ? "" : " rotate(-90)"));
            }
            for (int predicted = 0; predicted < counts.length; predicted++) {
                drawCell(svg, truth, predicted, left + predicted * side, up, side, hasNumbers);
            }
        }
        double end = counts.length * side;
        svg.empty("path", "class", "axis", "fill", "none", "d", "M" + Svg.at(left) + "," + Svg.at(top) + "h" + Svg.at(end) + "v"
                + Svg.at(end) + "h-" + Svg.at(end) + "z");
        return new Svg(WIDTH, (int) Math.ceil(top + end + 1), "Confusion matrix of " + counts.length + " classes",
                svg.toString());
    }

    private void drawCell(Html svg, int truth, int predicted, double across, double up, double side, boolean hasNumbers) {
        double count = counts[truth][predicted];
        if (count == 0 && !hasNumbers) {
            return;
        }
        svg.open("g").add("title", words(truth, predicted));
        svg.empty("rect", "class", (truth == predicted ? "right h" : "wrong h") + shade(truth, predicted), "x", Svg.at(across),
                "y", Svg.at(up), "width", Svg.at(side), "height", Svg.at(side));
        if (hasNumbers) {
            String number = count == 0 ? "\u00b7" : Labels.number(count);
            double size = Math.min(12, 12 * side / (Svg.length(number) + 2));
            svg.add("text", number, "class", count == 0 ? "soft mid" : "mid", "font-size", Svg.at(size), "x",
                    Svg.at(across + side / 2), "y", Svg.at(up + side / 2 + TEXT_DROP));
        }
        svg.close("g");
    }
}

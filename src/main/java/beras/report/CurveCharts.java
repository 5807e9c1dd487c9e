package beras.report;

import beras.report.Chart.Mark;
import beras.report.Chart.Series;
import beras.runs.EpochNumbers;
import beras.runs.EpochNumbers.Part;
import beras.training.Mode;
import beras.training.Monitor;
import beras.training.Training;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Charts of numbers by epoch. */
final class CurveCharts {

    /** If held-out numbers lie within this share of the axis, they get a chart of their own. */
    private static final double DWARFED = 0.15;
    private static final Set<Part> HELD_OUT = EnumSet.of(Part.VALIDATION, Part.TEST);

    private static Chart byEpoch(String what) {
        return new Chart(what, Axis.of("epoch").whole(), Axis.of(""));
    }

    private static double[] epochs(EpochNumbers numbers) {
        return Arrays.stream(numbers.epochs()).asDoubleStream().toArray();
    }

    private static Optional<Svg> drawn(Chart chart) {
        return chart.isEmpty() ? Optional.empty() : Optional.of(chart.draw(""));
    }

    /** A number of the training, the validation and the test, as far as there is one; empty of none. */
    static Optional<Svg> ofParts(String bare, EpochNumbers numbers, OptionalInt kept) {
        return draw(bare, EnumSet.allOf(Part.class), "", numbers, kept);
    }

    /** Those of held-out examples alone, if those of the training would make them flat lines. */
    static Optional<Svg> ofHeldOut(String bare, EpochNumbers numbers, OptionalInt kept) {
        double[] training = range(bare, EnumSet.of(Part.TRAINING), numbers);
        double[] heldOut = range(bare, HELD_OUT, numbers);
        double all = Math.max(training[1], heldOut[1]) - Math.min(training[0], heldOut[0]);
        boolean isDwarfed = training[0] <= training[1] && heldOut[0] < heldOut[1] && heldOut[1] - heldOut[0] < DWARFED * all;
        return isDwarfed ? draw(bare, HELD_OUT, ", held-out examples alone", numbers, kept) : Optional.empty();
    }

    /** The minimum and the maximum. */
    private static double[] range(String bare, Set<Part> parts, EpochNumbers numbers) {
        double[] all = parts.stream().map(part -> numbers.values().get(part.of(bare))).filter(values -> values != null)
                .flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
        return new double[] {Arrays.stream(all).min().orElse(Double.POSITIVE_INFINITY),
            Arrays.stream(all).max().orElse(Double.NEGATIVE_INFINITY)};
    }

    private static Optional<Svg> draw(String bare, Set<Part> parts, String which, EpochNumbers numbers, OptionalInt kept) {
        Chart chart = byEpoch(bare.replace('_', ' ') + " by epoch" + which);
        double[] at = epochs(numbers);
        String name = "best"; // once in the legend
        for (Part part : parts) {
            double[] values = numbers.values().get(part.of(bare));
            if (values != null) {
                chart.line(part.words(), part.ordinal(), at, values);
                int best = HELD_OUT.contains(part) && numbers.count() > 1 ? best(part.of(bare), values) : -1;
                if (best >= 0) {
                    chart.point(Mark.RING, name, part.ordinal(), at[best], values[best], "");
                    name = "";
                }
            }
        }
        if (kept.isPresent() && numbers.count() > 1 && Arrays.stream(numbers.epochs()).anyMatch(epoch -> epoch == kept.getAsInt())) {
            chart.help("weights kept, epoch " + kept.getAsInt(), kept.getAsInt(), Double.NaN, kept.getAsInt(), Double.NaN);
        }
        return drawn(chart);
    }

    /** The first best of these numbers; negative: there is none, or nobody knows what is better. */
    private static int best(String name, double[] values) {
        Mode direction = Monitor.direction(name);
        int best = -1;
        for (int i = 0; i < values.length && direction != Mode.AUTO; i++) {
            if (Double.isFinite(values[i])
                    && (best < 0 || (direction == Mode.MAX ? values[i] > values[best] : values[i] < values[best]))) {
                best = i;
            }
        }
        return best;
    }

    /** The learning rate of the last step of each epoch. */
    static Optional<Svg> rate(EpochNumbers numbers) {
        return drawn(byEpoch("learning rate by epoch")
                .line("at the end of the epoch", 0, epochs(numbers), numbers.values().get(Training.LEARNING_RATE)));
    }

    /** Runs whose curves are drawn as one: their mean, in the band from the minimum to the maximum. */
    record Group(String name, List<EpochNumbers> runs) {}

    /** A number of several runs; those that have none are left out. */
    static Optional<Svg> ofRuns(String name, List<Group> groups) {
        Chart chart = byEpoch(Part.words(name) + " by epoch");
        for (int look = 0; look < groups.size(); look++) {
            add(chart, look, name, groups.get(look));
        }
        return drawn(chart);
    }

    private static void add(Chart chart, int look, String name, Group group) {
        List<EpochNumbers> having = group.runs.stream().filter(run -> run.values().containsKey(name)).toList();
        int count = having.stream().mapToInt(EpochNumbers::count).min().orElse(0);
        double[][] values = IntStream.range(0, count).mapToObj(epoch -> having.stream().mapToDouble(run -> run.values().get(name)[epoch])
                .sorted().toArray()).toArray(double[][]::new);
        double[] at = having.isEmpty() ? new double[0] : Arrays.copyOf(epochs(having.get(0)), count);
        double[] mean = Arrays.stream(values).mapToDouble(all -> Arrays.stream(all).average().orElse(Double.NaN)).toArray();
        boolean isBand = having.size() > 1;
        if (isBand) { // NaN is sorted last, so that the mean is NaN, too
            int[] there = IntStream.range(0, count).filter(i -> Double.isFinite(mean[i])).toArray();
            int[] around = IntStream.concat(IntStream.of(there),
                    IntStream.range(0, there.length).map(i -> there[there.length - 1 - i])).toArray();
            chart.add(new Series(Mark.BAND, "", look, Chart.pick(at, around), IntStream.range(0, around.length)
                    .mapToDouble(i -> values[around[i]][i < there.length ? having.size() - 1 : 0]).toArray()));
        }
        chart.line(group.name, look, at, mean, i -> isBand ? ", from " + Labels.number(values[i][0]) + " to "
                + Labels.number(values[i][having.size() - 1]) : "");
    }

    private CurveCharts() {}
}

package beras.report;

import beras.report.Chart.Mark;
import beras.runs.EpochNumbers;
import beras.runs.EpochNumbers.Part;
import beras.training.Mode;
import beras.training.Monitor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Charts of numbers by epoch. */
final class CurveCharts {

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
        Chart chart = byEpoch(Labels.sentence(bare.replace('_', ' ')) + " by epoch");
        double[] at = epochs(numbers);
        String name = "best"; // once in the legend
        for (Part part : Part.values()) {
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

    /** The index of the first best value; negative: there is none, or the direction is not known. */
    static int best(String name, double[] values) {
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

    /** A chart of each number, and of the learning rate of the last step of each epoch if it changes. */
    static List<Svg> of(EpochNumbers numbers, OptionalInt kept) {
        Stream<Optional<Svg>> all = numbers.bare().stream().map(name -> ofParts(name, numbers, kept));
        Optional<Svg> rate = !numbers.rateChanges() ? Optional.empty() : drawn(byEpoch("Learning rate by epoch")
                .line("at the end of the epoch", 0, epochs(numbers), numbers.rates()));
        return Stream.concat(all, Stream.of(rate)).flatMap(Optional::stream).toList();
    }

    /** A metric of several runs by their names; runs without it are left out. */
    static Optional<Svg> ofRuns(String name, Map<String, EpochNumbers> runs) {
        Chart chart = byEpoch(Labels.sentence(Part.words(name)) + " by epoch");
        int look = 0;
        for (Map.Entry<String, EpochNumbers> run : runs.entrySet()) {
            double[] values = run.getValue().values().get(name);
            if (values != null) {
                chart.line(run.getKey(), look, epochs(run.getValue()), values);
            }
            look++;
        }
        return drawn(chart);
    }

    private CurveCharts() {}
}

package beras.report;

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

/** Plots of numbers by epoch or by time. */
final class CurveCharts {

    /** What curves are drawn over. */
    private enum Over {
        EPOCHS("epoch"),
        TIME("time");

        private final String word;

        Over(String word) {
            this.word = word;
        }
    }

    /** If held-out numbers lie within this share of the axis, they get a plot of their own. */
    private static final double DWARFED = 0.15;
    private static final Set<Part> HELD_OUT = EnumSet.of(Part.VALIDATION, Part.TEST);
    private static final double MINUTE = 60;
    private static final double HOUR = 3600;

    private final Over over;
    private final double unit; // of time, in seconds
    private final String label;

    /** @param longest seconds that any of the curves takes */
    private CurveCharts(Over over, double longest) {
        this.over = over;
        this.unit = longest > 3 * HOUR ? HOUR : longest > 3 * MINUTE ? MINUTE : 1;
        this.label = over == Over.EPOCHS ? "epoch" : unit == HOUR ? "hours of training" : unit == MINUTE ? "minutes of training"
                : "seconds of training";
    }

    /** Over epochs. */
    static CurveCharts overEpochs() {
        return new CurveCharts(Over.EPOCHS, 0);
    }

    /** Over the time that epochs took; empty if that of none is known. */
    static Optional<CurveCharts> overTime(List<EpochNumbers> all) {
        double longest = all.stream().flatMapToDouble(numbers -> Arrays.stream(numbers.elapsed())).filter(Double::isFinite).max()
                .orElse(Double.NaN);
        return longest > 0 ? Optional.of(new CurveCharts(Over.TIME, longest)) : Optional.empty();
    }

    /** The classes of its plots in a page. */
    String css() {
        return "plot " + over.word;
    }

    /** Lets the reader choose which plots are seen, those over epochs or those over time. */
    static void writeChoice(Html html) {
        html.choice("over", "by epoch", "by time");
    }

    private double[] places(EpochNumbers numbers) {
        return over == Over.EPOCHS ? Arrays.stream(numbers.epochs()).asDoubleStream().toArray()
                : Arrays.stream(numbers.elapsed()).map(seconds -> seconds / unit).toArray();
    }

    private Axis axis() {
        Axis axis = Axis.linear(label);
        return over == Over.EPOCHS ? axis.whole() : axis;
    }

    // --------------------------------------------------------------------------------------------------- one training

    /** A number of the training, the validation and the test, as far as there is one; empty of none. */
    Optional<Svg> ofParts(String bare, EpochNumbers numbers, OptionalInt kept, boolean log) {
        return draw(bare, EnumSet.allOf(Part.class), "", numbers, kept, log);
    }

    /** Those of held-out examples alone, if those of the training would make them flat lines. */
    Optional<Svg> ofHeldOut(String bare, EpochNumbers numbers, OptionalInt kept) {
        double[] training = range(bare, EnumSet.of(Part.TRAINING), numbers);
        double[] heldOut = range(bare, HELD_OUT, numbers);
        double all = Math.max(training[1], heldOut[1]) - Math.min(training[0], heldOut[0]);
        boolean isDwarfed = training[0] <= training[1] && heldOut[0] < heldOut[1] && heldOut[1] - heldOut[0] < DWARFED * all;
        return isDwarfed ? draw(bare, HELD_OUT, ", held-out examples alone", numbers, kept, false) : Optional.empty();
    }

    /** Whether there is a logarithm of all of them, and it would show more. */
    static boolean hasLog(String bare, EpochNumbers numbers) {
        double[] range = range(bare, EnumSet.allOf(Part.class), numbers);
        return Monitor.direction(bare) == Mode.MIN && range[0] > 0 && range[1] > range[0] * (1 + DWARFED);
    }

    /** The minimum and the maximum. */
    private static double[] range(String bare, Set<Part> parts, EpochNumbers numbers) {
        double[] all = parts.stream().map(part -> numbers.values().get(part.of(bare))).filter(values -> values != null)
                .flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
        return new double[] {Arrays.stream(all).min().orElse(Double.POSITIVE_INFINITY),
            Arrays.stream(all).max().orElse(Double.NEGATIVE_INFINITY)};
    }

    private Optional<Svg> draw(String bare, Set<Part> parts, String which, EpochNumbers numbers, OptionalInt kept, boolean log) {
        String words = bare.replace('_', ' ');
        AxesPlot plot = new AxesPlot(words + " by " + over.word + which + (log ? ", logarithmic" : ""), axis(),
                log ? Axis.log("") : Axis.linear(""));
        double[] at = places(numbers);
        for (Part part : parts) {
            double[] values = numbers.values().get(part.of(bare));
            if (values != null) {
                plot.line(part.words(), part.ordinal(), at, values);
                int best = HELD_OUT.contains(part) && numbers.count() > 1 ? best(part.of(bare), values, at) : -1;
                if (best >= 0) {
                    plot.best(part.ordinal(), at[best], values[best]);
                }
            }
        }
        if (kept.isPresent() && numbers.count() > 1) {
            IntStream.range(0, at.length).filter(i -> numbers.epochs()[i] == kept.getAsInt() && Double.isFinite(at[i]))
                    .findFirst().ifPresent(i -> plot.upright("weights kept, epoch " + kept.getAsInt(), at[i]));
        }
        return plot.isEmpty() ? Optional.empty() : Optional.of(plot.draw(""));
    }

    /** The first best of these numbers that has a place; negative: there is none, or nobody knows what is better. */
    private static int best(String name, double[] values, double[] at) {
        Mode direction = Monitor.direction(name);
        int best = -1;
        for (int i = 0; i < values.length && direction != Mode.AUTO; i++) {
            boolean isKnown = Double.isFinite(values[i]) && Double.isFinite(at[i]);
            if (isKnown && (best < 0 || (direction == Mode.MAX ? values[i] > values[best] : values[i] < values[best]))) {
                best = i;
            }
        }
        return best;
    }

    /** The learning rate of the last step of each epoch. */
    Optional<Svg> rate(EpochNumbers numbers) {
        AxesPlot plot = new AxesPlot("learning rate by " + over.word, axis(), Axis.linear(""))
                .line("at the end of the epoch", 0, places(numbers), numbers.values().get(Training.LEARNING_RATE));
        return plot.isEmpty() ? Optional.empty() : Optional.of(plot.draw(""));
    }

    // ------------------------------------------------------------------------------------------------- several runs

    /** Runs whose curves are drawn as one: their mean, in the band from the minimum to the maximum. */
    record Group(String name, List<EpochNumbers> runs) {}

    /** A number of several runs; those that have none are left out. */
    Optional<Svg> ofRuns(String name, List<Group> groups) {
        AxesPlot plot = new AxesPlot(Part.words(name) + " by " + over.word, axis(), Axis.linear(""));
        for (int look = 0; look < groups.size(); look++) {
            add(plot, look, name, groups.get(look));
        }
        return plot.isEmpty() ? Optional.empty() : Optional.of(plot.draw(""));
    }

    private void add(AxesPlot plot, int look, String name, Group group) {
        List<EpochNumbers> having = group.runs.stream().filter(run -> run.values().containsKey(name)).toList();
        if (having.isEmpty()) {
            return;
        }
        int count = having.stream().mapToInt(EpochNumbers::count).min().orElse(0);
        double[] at = new double[count];
        double[] mean = new double[count];
        double[] low = new double[count];
        double[] high = new double[count];
        for (int i = 0; i < count; i++) {
            int epoch = i;
            at[i] = having.stream().mapToDouble(run -> places(run)[epoch]).average().orElse(Double.NaN);
            double[] values = having.stream().mapToDouble(run -> run.values().get(name)[epoch]).toArray();
            mean[i] = Arrays.stream(values).average().orElse(Double.NaN);
            low[i] = Arrays.stream(values).min().orElse(Double.NaN);
            high[i] = Arrays.stream(values).max().orElse(Double.NaN);
        }
        boolean isBand = having.size() > 1;
        if (isBand) {
            int[] known = IntStream.range(0, count).filter(i -> Double.isFinite(at[i]) && Double.isFinite(mean[i])).toArray();
            plot.band(look, AxesPlot.pick(at, known), AxesPlot.pick(low, known), AxesPlot.pick(high, known));
        }
        plot.line(group.name, look, at, mean,
                i -> isBand ? ", from " + Labels.number(low[i]) + " to " + Labels.number(high[i]) : "");
        int best = Part.in(name) != Part.TRAINING && count > 1 ? best(name, mean, at) : -1;
        if (best >= 0) {
            plot.best(look, at[best], mean[best]);
        }
    }
}

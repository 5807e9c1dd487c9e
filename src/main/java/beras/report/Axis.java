package beras.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** An axis of a plot: what it measures, from where to where, and the numbers along it. */
final class Axis {

    private static final double PAD = 0.04;
    private static final double[] NICE = {1, 2, 5, 10};
    private static final int[] OF_DECADE = {1, 2, 5};
    /** Beyond so many digits a number is shown with an exponent. */
    private static final int MOST_DIGITS = 6;

    private final String label;
    private final boolean log;
    private boolean whole;
    private boolean fixed;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    private Axis(String label, boolean log) {
        this.label = label;
        this.log = log;
    }

    /** Of numbers at equal distances. */
    static Axis linear(String label) {
        return new Axis(label, false);
    }

    /** Of numbers above 0 at distances of their logarithms. */
    static Axis log(String label) {
        return new Axis(label, true);
    }

    /** From here to there, whatever is drawn. */
    Axis within(double first, double last) {
        min = first;
        max = last;
        fixed = true;
        return this;
    }

    /** With whole numbers along it. */
    Axis whole() {
        whole = true;
        return this;
    }

    String label() {
        return label;
    }

    boolean isLog() {
        return log;
    }

    void include(double value) {
        if (!fixed) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
    }

    /** Fixes where it begins and ends, once all that is drawn is known; with some room beyond that. */
    void fit() {
        if (fixed) {
            return;
        }
        if (min > max) {
            within(log ? 1 : 0, log ? 10 : 1);
            return;
        }
        double from = scaled(min);
        double to = scaled(max);
        double room = to - from >= Double.MIN_NORMAL ? PAD * (to - from) : Math.max(Math.abs(from) * PAD, whole ? 1 : PAD);
        within(log ? StrictMath.pow(10, from - room) : from - room, log ? StrictMath.pow(10, to + room) : to + room);
    }

    private double scaled(double value) {
        return log ? StrictMath.log10(value) : value;
    }

    /** From 0 at the beginning to 1 at the end. */
    double share(double value) {
        double from = scaled(min);
        return (scaled(value) - from) / (scaled(max) - from);
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** A number along the axis. */
    record Tick(double value, String text) {}

    /** At most about so many numbers. */
    List<Tick> ticks(int count) {
        return log ? ofDecades(count) : atEqualDistances(count);
    }

    private List<Tick> atEqualDistances(int count) {
        double rough = (max - min) / count;
        int exponent = (int) Math.floor(StrictMath.log10(rough));
        double power = StrictMath.pow(10, exponent);
        double step = power;
        for (double nice : NICE) {
            if (nice * power >= rough * (1 - 1e-9)) {
                step = nice * power;
                break;
            }
        }
        step = whole ? Math.max(1, step) : step;
        List<Tick> ticks = new ArrayList<>();
        int decimals = (int) Math.max(0, -Math.floor(StrictMath.log10(step) + 1e-9));
        for (long i = (long) Math.ceil(min / step - 1e-9); i * step <= max + 1e-9 * step; i++) {
            double value = i * step;
            boolean plain = decimals <= MOST_DIGITS && Math.abs(value) < StrictMath.pow(10, MOST_DIGITS);
            ticks.add(new Tick(value, plain ? BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString()
                    : Labels.number(value)));
        }
        return ticks;
    }

    private List<Tick> ofDecades(int count) {
        int first = (int) Math.floor(StrictMath.log10(min));
        int last = (int) Math.ceil(StrictMath.log10(max));
        boolean few = last - first <= count / 2;
        int every = Math.max(1, (last - first) / count);
        List<Tick> ticks = new ArrayList<>();
        for (int exponent = first; exponent <= last; exponent += every) {
            for (int of : few ? OF_DECADE : new int[] {1}) {
                double value = of * StrictMath.pow(10, exponent);
                if (value >= min && value <= max) {
                    ticks.add(new Tick(value, Labels.number(value)));
                }
            }
        }
        return ticks.size() > 1 ? ticks : List.of(new Tick(min, Labels.number(min)), new Tick(max, Labels.number(max)));
    }
}

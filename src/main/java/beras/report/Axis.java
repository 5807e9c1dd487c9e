package beras.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** An axis of a chart: its quantity, its range, and the numbers or names along it. */
final class Axis {

    private static final double PAD = 0.04;
    private static final double[] NICE = {1, 2, 5, 10};
    /** Beyond so many digits a number is shown with an exponent. */
    private static final int MOST_DIGITS = 6;

    final String label;
    private final List<String> names; // of categories; empty: it is of numbers
    private final double perName; // how high a category is
    private boolean whole;
    private boolean fixed;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;

    private Axis(String label, List<String> names, double perName) {
        this.label = label;
        this.names = names;
        this.perName = perName;
    }

    /** An axis of numbers. */
    static Axis of(String label) {
        return new Axis(label, List.of(), 0);
    }

    /** An axis of categories side by side, at 0, 1, 2 ... */
    static Axis columns(String label, List<String> names) {
        return new Axis(label, names, 0).within(-0.5, names.size() - 0.5);
    }

    /** An axis of categories below each other, at 0, 1, 2 ..., each of this height. */
    static Axis rows(String label, List<String> names, double height) {
        return new Axis(label, names, height).within(names.size() - 0.5, -0.5);
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

    /** How high it is, of numbers as given. */
    int height(int usual) {
        return names.isEmpty() ? usual : (int) (perName * names.size());
    }

    void include(double value) {
        if (!fixed) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
    }

    /** Fixes the range once all series are added; with a margin. */
    void fit() {
        if (fixed) {
            return;
        }
        if (min > max) {
            within(0, 1);
            return;
        }
        double room = max - min >= Double.MIN_NORMAL ? PAD * (max - min) : Math.max(Math.abs(min) * PAD, whole ? 1 : PAD);
        within(min - room, max + room);
    }

    /** From 0 at the beginning to 1 at the end. */
    double share(double value) {
        return (value - min) / (max - min);
    }

    /** A number or a name along the axis. */
    record Tick(double value, String text) {}

    /** All names, or at most about so many numbers at equal distances. */
    List<Tick> ticks(int count) {
        if (!names.isEmpty()) {
            return IntStream.range(0, names.size()).mapToObj(i -> new Tick(i, names.get(i))).toList();
        }
        double rough = (max - min) / count;
        int exponent = (int) Math.floor(StrictMath.log10(rough));
        double power = StrictMath.pow(10, exponent);
        double nice = DoubleStream.of(NICE).map(each -> each * power).filter(each -> each >= rough * (1 - 1e-9)).findFirst().orElse(power);
        double step = whole ? Math.max(1, nice) : nice;
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
}

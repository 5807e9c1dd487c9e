package beras.layers;

import java.util.List;
import java.util.Optional;

/**
 * The range of a layer's outputs, whatever it learns: from it a loss decides whether it can train the network. {@code Softmax}
 * and {@code Sigmoid} give numbers from 0 to 1, a {@code Dense} without activation any.
 *
 * @param min         no number is below it; minus infinity if there is no such bound
 * @param max         no number is above it; infinity if there is no such bound
 * @param independent whether each number depends on one input alone, so that the numbers of a row share no sum, as in a softmax
 * @param source      the layer that determines it; empty if unknown
 */
public record OutputRange(double min, double max, boolean independent, Optional<Layer> source) {

    /** An unknown range, such as of the outputs of a custom layer. */
    public static final OutputRange UNKNOWN =
            new OutputRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, Optional.empty());

    /** Any numbers, of a layer that has weights or adds up others. */
    public static OutputRange unbounded(Layer source) {
        return new OutputRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false, Optional.of(source));
    }

    /** A function of each number alone. */
    public static OutputRange elementwise(double min, double max, Layer source) {
        return new OutputRange(min, max, true, Optional.of(source));
    }

    /** The smallest range that contains all of these; unknown if one is. */
    public static OutputRange union(List<OutputRange> ranges) {
        OutputRange all = ranges.get(0);
        for (OutputRange range : ranges) {
            if (!range.isKnown()) {
                return UNKNOWN;
            }
            all = new OutputRange(Math.min(all.min, range.min), Math.max(all.max, range.max),
                    all.independent && range.independent, all.min < range.min || all.max > range.max ? all.source : range.source);
        }
        return all;
    }

    /** Whether the range is known. */
    public boolean isKnown() {
        return source.isPresent();
    }

    /** Whether the range is known to have no bound on either side. */
    public boolean isUnbounded() {
        return isKnown() && min == Double.NEGATIVE_INFINITY && max == Double.POSITIVE_INFINITY;
    }

    /** Whether all numbers are certainly between these bounds. */
    public boolean isWithin(double low, double high) {
        return isKnown() && min >= low && max <= high;
    }

    /** The range clipped at two bounds by a layer. */
    public OutputRange clipped(double low, double high, Layer by) {
        return isWithin(low, high) ? this : elementwise(Math.max(min, low), Math.min(max, high), by);
    }

    /** The range times a factor, plus a number. */
    public OutputRange scaled(double factor, double offset) {
        double a = factor == 0 ? offset : min * factor + offset;
        double b = factor == 0 ? offset : max * factor + offset;
        return new OutputRange(Math.min(a, b), Math.max(a, b), independent, source);
    }
}

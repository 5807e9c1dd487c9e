package beras.layers;

import java.util.List;
import java.util.Optional;

/**
 * What is known of the outputs of a layer, whatever it learns: by it a loss decides whether it can train the net that ends
 * so. {@code Softmax} and {@code Sigmoid} give numbers from 0 to 1, a {@code Dense} without activation any.
 *
 * @param min         no number is below it; minus infinity if there is no such bound
 * @param max         no number is above it; infinity if there is no such bound
 * @param independent whether each number follows from one input alone, so that the numbers of a row share no sum, as those of a
 *                    softmax do
 * @param source      the layer that decides it; empty if nothing is known
 */
public record OutputRange(double min, double max, boolean independent, Optional<Layer> source) {

    /** Nothing is known, such as of the outputs of a custom layer. */
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

    /** What holds for all of these; unknown if one is. */
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

    /** Whether anything is known. */
    public boolean isKnown() {
        return source.isPresent();
    }

    /** Whether it is known that there is no bound on either side. */
    public boolean isUnbounded() {
        return isKnown() && min == Double.NEGATIVE_INFINITY && max == Double.POSITIVE_INFINITY;
    }

    /** Whether all numbers are known to lie there. */
    public boolean isWithin(double low, double high) {
        return isKnown() && min >= low && max <= high;
    }

    /** Of these numbers cut off at two bounds by a layer. */
    public OutputRange clipped(double low, double high, Layer by) {
        return isWithin(low, high) ? this : elementwise(Math.max(min, low), Math.min(max, high), by);
    }

    /** Of these numbers times a factor, and a number added. */
    public OutputRange scaled(double factor, double offset) {
        double a = factor == 0 ? offset : min * factor + offset;
        double b = factor == 0 ? offset : max * factor + offset;
        return new OutputRange(Math.min(a, b), Math.max(a, b), independent, source);
    }
}

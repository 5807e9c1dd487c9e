package beras.initializers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Objects;

/**
 * Random with mean 0 and variance {@code scale / n}, where {@code n} is a number of connections: so the size of signals stays
 * about the same from layer to layer.
 *
 * <p>A matrix {@code (inputs, outputs)} has these numbers of inputs and outputs; with more axes they are the last two, both
 * times the product of the others, the size of a convolution's window. A vector has its length as both.
 */
public final class VarianceScaling implements Initializer {

    /** Which connections of a unit are counted. */
    public enum Mode {
        /** The inputs. */
        FAN_IN,
        /** The outputs. */
        FAN_OUT,
        /** The mean of inputs and outputs. */
        FAN_AVG
    }

    /** The kind of random numbers. */
    public enum Distribution {
        /** Normal, cut at two deviations and widened so that the variance is kept. */
        TRUNCATED_NORMAL,
        /** Normal, not cut. */
        UNTRUNCATED_NORMAL,
        /** Uniform in {@code ±sqrt(3 * variance)}. */
        UNIFORM
    }

    private double scale = 1;
    private Mode mode = Mode.FAN_IN;
    private Distribution distribution = Distribution.TRUNCATED_NORMAL;

    /** With scale 1, over the inputs, truncated normal. */
    public VarianceScaling() {}

    /**
     * @param scale        finite and above 0; default 1
     * @param mode         the meaning of {@code n}; default {@link Mode#FAN_IN}
     * @param distribution default {@link Distribution#TRUNCATED_NORMAL}
     * @throws IllegalArgumentException if the scale is out of range
     */
    public VarianceScaling(double scale, Mode mode, Distribution distribution) {
        this.scale = scale;
        this.mode = Objects.requireNonNull(mode);
        this.distribution = Objects.requireNonNull(distribution);
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        scale = Arguments.positive("scale of VarianceScaling", s.number("scale", scale));
        mode = s.choice("mode", mode);
        distribution = s.choice("distribution", distribution);
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        double n = Math.max(1, switch (mode) {
            case FAN_IN -> inputs(shape);
            case FAN_OUT -> outputs(shape);
            case FAN_AVG -> (inputs(shape) + outputs(shape)) / 2;
        });
        return switch (distribution) {
            case TRUNCATED_NORMAL -> Fill.truncatedNormal(shape, seed, 0, Math.sqrt(scale / n));
            case UNTRUNCATED_NORMAL -> Fill.normal(shape, seed, 0, Math.sqrt(scale / n));
            case UNIFORM -> {
                Rng rng = Fill.rng(seed);
                double limit = Math.sqrt(3 * scale / n);
                yield Tensor.generate(i -> limit * (2 * rng.uniform(i) - 1), shape.toArray());
            }
        };
    }

    private static double inputs(Shape shape) {
        return shape.rank() < 2 ? shape.size() : shape.dim(-2) * window(shape);
    }

    private static double outputs(Shape shape) {
        return shape.rank() < 2 ? shape.size() : shape.dim(-1) * window(shape);
    }

    private static double window(Shape shape) {
        double product = 1;
        for (int axis = 0; axis < shape.rank() - 2; axis++) {
            product *= shape.dim(axis);
        }
        return product;
    }
}

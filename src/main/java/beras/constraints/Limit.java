package beras.constraints;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;
import beras.tensor.Variable;

/**
 * All constraints, by the names that configs have. Constraints on norms multiply each slice of a weight by
 * {@code wanted / (1e-7 + norm)}, with the Euclidean norms along {@code axis}: several axes, by default 0; negative ones count
 * from the last. A slice of zeros stays one.
 */
final class Limit implements Constraint {

    private enum Kind {
        /**
         * Norms of at most a given value, {@code w * min(norm, max) / (1e-7 + norm)}: of the inputs of each unit with the default
         * axis 0. Because of the 1e-7 a slice within the limit shrinks a little too.
         */
        MaxNorm,
        /** Norms of 1: {@code w / (1e-7 + norm)}, of the inputs of each unit with the default axis 0; a slice of zeros stays one. */
        UnitNorm,
        /**
         * Norms between two values, or part of the way there:
         * {@code w * (rate * clip(norm, min, max) + (1 - rate) * norm) / (1e-7 + norm)}, of the inputs of each unit with the default
         * axis 0. A slice of zeros stays one.
         */
        MinMaxNorm,
        /** Nothing below 0: {@code max(w, 0)}. Keras's NonNeg. */
        NonNegative
    }

    private static final float FUZZ = 1e-7f;

    private final Kind kind;
    private float minValue;
    private float maxValue;
    private double rate = 1;
    private int[] axes = {0};

    /** @param type one of the table */
    Limit(String type) {
        kind = Kind.valueOf(type);
        maxValue = kind == Kind.MaxNorm ? 2f : 1f;
    }

    @Override
    public String typeName() {
        return kind.name();
    }

    @Override
    public void settings(Settings s) {
        if (kind == Kind.NonNegative) {
            return;
        }
        if (kind == Kind.MaxNorm) {
            maxValue = Arguments.notNegative("maxValue of MaxNorm", s.real("maxValue", maxValue));
        } else if (kind == Kind.MinMaxNorm) {
            float min = Arguments.notNegative("minValue of MinMaxNorm", s.real("minValue", minValue));
            float max = Arguments.notNegative("maxValue of MinMaxNorm", s.real("maxValue", maxValue));
            if (min > max) {
                throw new IllegalArgumentException("minValue of MinMaxNorm must be at most maxValue. Received: " + min + " and " + max);
            }
            minValue = min;
            maxValue = max;
            rate = Arguments.share("rate of MinMaxNorm", Arguments.positive("rate of MinMaxNorm", s.number("rate", rate)));
        }
        int[] given = s.integers("axis", axes);
        axes = given.length == 0 ? new int[] {0} : given;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the weight has not all of the axes
     */
    @Override
    public void apply(Variable weight) {
        if (kind == Kind.NonNegative) {
            weight.assign(weight.maximum(Tensor.scalar(0f)));
        } else {
            Tensor norms = norms(weight);
            weight.assign(weight.multiply(wanted(norms).divide(norms.add(FUZZ))));
        }
    }

    private Tensor wanted(Tensor norms) {
        return switch (kind) {
            case MaxNorm -> norms.minimum(Tensor.scalar(maxValue));
            case UnitNorm -> Tensor.ones(norms.shape().toArray());
            default -> norms.maximum(Tensor.scalar(minValue)).minimum(Tensor.scalar(maxValue)).multiply((float) rate)
                    .add(norms.multiply((float) (1 - rate)));
        };
    }

    /** The norms, in the weight's shape, with size 1 for the axes summed over. */
    private Tensor norms(Tensor weight) {
        Tensor squares = weight.multiply(weight);
        int[] sizes = weight.shape().toArray();
        for (int axis : axes) {
            Tensor sums = squares.sum(axis);
            sizes[axis < 0 ? axis + sizes.length : axis] = 1;
            squares = sums.reshape(sizes);
        }
        return squares.sqrt();
    }
}

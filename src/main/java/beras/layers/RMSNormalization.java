package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/**
 * Divides the features of each example, the last axis, by the root of the mean of their squares, then scales each by its
 * weight: {@code y = x / sqrt(mean(x * x) + epsilon) * scale}, Zhang and Sennrich (2019). The same in training and outside.
 */
public final class RMSNormalization extends FluentLayer<RMSNormalization> implements KeepsSteps {

    private float epsilon = 1e-6f; // keeps from a division by 0

    /** With epsilon 1e-6. */
    public RMSNormalization() {}

    @Override
    public void settings(Settings s) {
        epsilon = Arguments.positive("epsilon of RMSNormalization", s.real("epsilon", epsilon));
    }

    /** The scale {@code (features)}, at first ones; null before the layer is built. */
    public Variable scale() {
        return own("scale");
    }

    /** {@code [scale]}, of shape {@code (features)}. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        return List.of(WeightSpec.of("scale", Shape.of(features(inputs.get(0), 0)), Initializers.ones()));
    }

    @Override
    public Shape outputShape(Shape input) {
        features(input, scale() == null ? 0 : scale().size());
        return input;
    }

    @Override
    protected Tensor compute(Call call) {
        outputShape(call.input(0).shape());
        return new UnitNormalization.Rows(true, epsilon).apply(call.input(0)).multiply(scale());
    }
}

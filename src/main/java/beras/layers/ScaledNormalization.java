package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The base class of batch and layer normalization: {@code y = gamma * (x - mean) / sqrt(variance + epsilon) + beta}, where
 * gamma and beta have a number for each feature, an element of the last axis.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class ScaledNormalization<L extends ScaledNormalization<L>> extends FluentLayer<L> implements KeepsSteps {

    private float epsilon = 1e-3f;
    private boolean center = true;
    private boolean scale = true;
    private final WeightRules betaRules = new WeightRules("beta", Initializers.zeros());
    private final WeightRules gammaRules = new WeightRules("gamma", Initializers.ones());

    ScaledNormalization() {}

    // ------------------------------------------------------------------------------------------------ settings

    @Override
    public void settings(Settings s) {
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
        center = s.flag("center", center);
        scale = s.flag("scale", scale);
        WeightRules.settings(s, betaRules, gammaRules);
    }

    /**
     * The number added to the variance, so that no number is divided by 0; default 0.001.
     *
     * @throws IllegalArgumentException if it is not finite and above 0
     */
    public final L epsilon(double newEpsilon) {
        return with("epsilon", newEpsilon);
    }

    final float epsilon() {
        return epsilon;
    }

    // ------------------------------------------------------------------------------------------------- weights

    /** {@code [gamma, beta]}, each {@code (features)}, without the ones that the settings leave out. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        Shape shape = Shape.of(features(inputs.get(0)));
        List<WeightSpec> specs = new ArrayList<>();
        if (scale) {
            specs.add(gammaRules.spec(shape));
        }
        if (center) {
            specs.add(betaRules.spec(shape));
        }
        return specs;
    }

    /** Gamma {@code (features)}; null before the layer is built, or without {@code scale}. */
    public final Variable gamma() {
        return own("gamma");
    }

    /** Beta {@code (features)}; null before the layer is built, or without {@code center}. */
    public final Variable beta() {
        return own("beta");
    }

    @Override
    public final Shape outputShape(Shape input) {
        features(input);
        requireFit(input);
        return input;
    }

    /** Refuses examples, or a batch, that do not fit a setting of the layer itself; takes all by default. */
    void requireFit(Shape shape) {}

    /** The number of features of examples or a batch of this shape; rejects one that does not fit. */
    final int features(Shape shape) {
        Variable known = gamma() == null ? beta() : gamma();
        return features(shape, known == null ? 0 : known.size());
    }

    /** The result of an operation on the input, perhaps another tensor, and gamma and beta if present. */
    final Tensor apply(Scaled operation, Tensor... inputs) {
        if (!scale && !center) {
            return operation.apply(inputs);
        }
        Tensor[] all = Arrays.copyOf(inputs, inputs.length + (scale && center ? 2 : 1));
        all[inputs.length] = scale ? gamma() : beta();
        if (scale && center) {
            all[inputs.length + 1] = beta();
        }
        return operation.apply(all);
    }

    /** An operation whose last inputs are gamma and beta, as far as there are such. */
    interface Scaled extends FusedOperation {

        /** Whether there is gamma. */
        boolean scale();

        /** Whether there is beta. */
        boolean center();

        /** The number of gamma among the inputs; -1: there is none. */
        default int gamma(OperationCall call) {
            return scale() ? call.inputCount() - (center() ? 2 : 1) : -1;
        }

        /** Gamma, or ones in its place. */
        default Tensor factors(OperationCall call, int features) {
            return scale() ? call.input(gamma(call)) : constant(call, 1f, features);
        }

        /** Beta, or zeros in its place. */
        default Tensor shifts(OperationCall call, int features) {
            return center() ? call.input(call.inputCount() - 1) : constant(call, 0f, features);
        }

        /** {@code gamma * x + beta}, by operations. */
        default Tensor scaled(OperationCall call, Tensor x) {
            Tensor product = scale() ? x.multiply(call.input(gamma(call))) : x;
            return center() ? product.add(call.input(call.inputCount() - 1)) : product;
        }
    }

    /** {@code (x - mean) / sqrt(variance + epsilon)} with the mean and the variance along these axes, by operations. */
    static Tensor standardized(Tensor x, float epsilon, int... axes) {
        Tensor centered = x.subtract(x.mean(axes).expandDims(axes));
        return centered.divide(centered.square().mean(axes).add(epsilon).sqrt().expandDims(axes));
    }

    static Tensor constant(OperationCall call, float value, int features) {
        Tensor row = call.allocate(1, features);
        Arrays.fill(row.data(), row.offset(), row.offset() + features, value);
        return row;
    }
}

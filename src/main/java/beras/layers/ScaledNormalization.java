package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.constraints.Constraint;
import beras.constraints.Constraints;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.initializers.Ones;
import beras.initializers.Zeros;
import beras.regularizers.Regularizer;
import beras.regularizers.Regularizers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What batch and layer normalization share: {@code y = gamma * (x - mean) / sqrt(variance + epsilon) + beta}, where gamma and
 * beta have a number for each feature, an element of the last axis.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class ScaledNormalization<L extends ScaledNormalization<L>> extends Layer {

    private float epsilon = 1e-3f;
    private boolean center = true;
    private boolean scale = true;
    private Initializer betaInitializer = new Zeros();
    private Initializer gammaInitializer = new Ones();
    private Regularizer betaRegularizer;
    private Regularizer gammaRegularizer;
    private Constraint betaConstraint;
    private Constraint gammaConstraint;
    private Variable gamma; // null without scale
    private Variable beta; // null without center
    private int known; // features; 0: not known

    ScaledNormalization() {}

    /** This. */
    abstract L self();

    // ------------------------------------------------------------------------------------------------ settings

    @Override
    public void settings(Settings s) {
        epsilon = Arguments.positive("epsilon", s.real("epsilon", epsilon));
        center = s.flag("center", center);
        scale = s.flag("scale", scale);
        betaInitializer = s.made("betaInitializer", betaInitializer, Initializers.REGISTRY);
        gammaInitializer = s.made("gammaInitializer", gammaInitializer, Initializers.REGISTRY);
        betaRegularizer = s.made("betaRegularizer", betaRegularizer, Regularizers.REGISTRY);
        gammaRegularizer = s.made("gammaRegularizer", gammaRegularizer, Regularizers.REGISTRY);
        betaConstraint = s.made("betaConstraint", betaConstraint, Constraints.REGISTRY);
        gammaConstraint = s.made("gammaConstraint", gammaConstraint, Constraints.REGISTRY);
    }

    @Override
    public final L named(String newName) {
        super.named(newName);
        return self();
    }

    @Override
    public final L seed(long newSeed) {
        super.seed(newSeed);
        return self();
    }

    /**
     * What is added to the variance, so that no number is divided by 0; default 0.001.
     *
     * @throws IllegalArgumentException if it is not finite and above 0
     */
    public final L epsilon(double newEpsilon) {
        set("epsilon", newEpsilon);
        return self();
    }

    /** Whether beta is added; default true. */
    public final L center(boolean newCenter) {
        requireUnbuilt("center");
        center = newCenter;
        return self();
    }

    /** Whether gamma is multiplied with; default true. */
    public final L scale(boolean newScale) {
        requireUnbuilt("scale");
        scale = newScale;
        return self();
    }

    /** The first beta; default zeros. */
    public final L betaInitializer(Initializer initializer) {
        requireUnbuilt("betaInitializer");
        betaInitializer = Objects.requireNonNull(initializer);
        return self();
    }

    /** As {@link #betaInitializer(Initializer)}, as text such as {@code "he_normal"}. */
    public final L betaInitializer(String text) {
        return betaInitializer(Initializers.of(text));
    }

    /** The first gamma; default ones. */
    public final L gammaInitializer(Initializer initializer) {
        requireUnbuilt("gammaInitializer");
        gammaInitializer = Objects.requireNonNull(initializer);
        return self();
    }

    /** As {@link #gammaInitializer(Initializer)}, as text such as {@code "he_normal"}. */
    public final L gammaInitializer(String text) {
        return gammaInitializer(Initializers.of(text));
    }

    /** A penalty on beta; default none. */
    public final L betaRegularizer(Regularizer regularizer) {
        requireUnbuilt("betaRegularizer");
        betaRegularizer = regularizer;
        return self();
    }

    /** As {@link #betaRegularizer(Regularizer)}, as text such as {@code "l2(0.001)"}. */
    public final L betaRegularizer(String text) {
        return betaRegularizer(Regularizers.of(text));
    }

    /** A penalty on gamma; default none. */
    public final L gammaRegularizer(Regularizer regularizer) {
        requireUnbuilt("gammaRegularizer");
        gammaRegularizer = regularizer;
        return self();
    }

    /** As {@link #gammaRegularizer(Regularizer)}, as text such as {@code "l2(0.001)"}. */
    public final L gammaRegularizer(String text) {
        return gammaRegularizer(Regularizers.of(text));
    }

    /** A rule that beta keeps; default none. */
    public final L betaConstraint(Constraint constraint) {
        requireUnbuilt("betaConstraint");
        betaConstraint = constraint;
        return self();
    }

    /** As {@link #betaConstraint(Constraint)}, as text such as {@code "max_norm(3)"}. */
    public final L betaConstraint(String text) {
        return betaConstraint(Constraints.of(text));
    }

    /** A rule that gamma keeps; default none. */
    public final L gammaConstraint(Constraint constraint) {
        requireUnbuilt("gammaConstraint");
        gammaConstraint = constraint;
        return self();
    }

    /** As {@link #gammaConstraint(Constraint)}, as text such as {@code "max_norm(3)"}. */
    public final L gammaConstraint(String text) {
        return gammaConstraint(Constraints.of(text));
    }

    final float epsilon() {
        return epsilon;
    }

    // ------------------------------------------------------------------------------------------------- weights

    /** Any numbers. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.unbounded(this);
    }

    /** {@code [gamma, beta]}, each {@code (features)}, as far as they are wanted. */
    @Override
    public List<WeightSpec> weightSpecs(List<Shape> inputs) {
        Shape shape = Shape.of(features(inputs.get(0)));
        List<WeightSpec> specs = new ArrayList<>();
        if (scale) {
            specs.add(new WeightSpec("gamma", shape, gammaInitializer, gammaRegularizer, gammaConstraint, false));
        }
        if (center) {
            specs.add(new WeightSpec("beta", shape, betaInitializer, betaRegularizer, betaConstraint, false));
        }
        return specs;
    }

    @Override
    protected void onBuilt(List<Variable> weights) {
        known = weights.isEmpty() ? 0 : weights.get(0).size();
        gamma = scale ? weights.get(0) : null;
        beta = center ? weights.get(scale ? 1 : 0) : null;
    }

    /** Gamma {@code (features)}; null before the layer is built, or without {@link #scale}. */
    public final Variable gamma() {
        return gamma;
    }

    /** Beta {@code (features)}; null before the layer is built, or without {@link #center}. */
    public final Variable beta() {
        return beta;
    }

    @Override
    public final Shape outputShape(Shape input) {
        features(input);
        requireFit(input);
        return input;
    }

    /** Refuses examples, or a batch, that do not fit a setting of the layer itself; takes all by default. */
    void requireFit(Shape shape) {}

    /** The number of features of examples or a batch of this shape; refuses one that does not fit. */
    final int features(Shape shape) {
        if (shape.rank() == 0 || shape.dim(-1) == 0 || known != 0 && shape.dim(-1) != known) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs an input whose last axis is "
                    + (known == 0 ? "at least 1" : known) + ". Received shape: " + shape);
        }
        return shape.dim(-1);
    }

    /** Gamma, or ones in its place. */
    final Tensor factors(Call call, int features) {
        return gamma == null ? constant(call, 1f, features) : gamma;
    }

    /** Beta, or zeros in its place. */
    final Tensor shifts(Call call, int features) {
        return beta == null ? constant(call, 0f, features) : beta;
    }

    static Tensor constant(Call call, float value, int features) {
        Tensor row = call.allocate(1, features);
        Arrays.fill(row.data(), row.offset(), row.offset() + features, value);
        return row;
    }

    // ----------------------------------------------------------------------------------------------- gradients

    @Override
    protected final List<Tensor> inputGradients(Call call) {
        throw new UnsupportedOperationException(getClass().getSimpleName()
                + " has no local Jacobians for single elements: use composeInputGradients and composeWeightGradients");
    }

    @Override
    protected final List<Tensor> weightGradients(Call call) {
        return inputGradients(call);
    }

    /** These gradients in the order of {@link #weights}, as far as there are such; null for state. */
    final List<Tensor> inOrder(Tensor ofGamma, Tensor ofBeta) {
        Tensor[] gradients = new Tensor[weights().size()];
        if (scale) {
            gradients[0] = ofGamma;
        }
        if (center) {
            gradients[scale ? 1 : 0] = ofBeta;
        }
        return Arrays.asList(gradients);
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.initializers.Ones;
import beras.initializers.Zeros;
import beras.kernels.Backend;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Brings each feature, an element of the last axis, to mean 0 and deviation 1 by numbers that stay as they are:
 * {@code y = (x - mean) / max(sqrt(variance), 1e-7)}. Mean and variance are given, or learnt from data by {@link #adapt}; they
 * are saved with the model. With neither the input passes unchanged.
 */
public final class Normalization extends Layer {

    private static final float EPSILON = 1e-7f;

    private final float[] givenMean; // null: to be learnt
    private final float[] givenVariance;
    private Variable mean;
    private Variable variance;

    /** A layer that is to {@link #adapt} to data. */
    public Normalization() {
        this(null, null);
    }

    /**
     * A layer with a mean and a variance for each feature.
     *
     * @throws IllegalArgumentException if their lengths differ, a number is not finite, or a variance is below 0
     */
    public Normalization(float[] mean, float[] variance) {
        if ((mean == null) != (variance == null)) {
            throw new IllegalArgumentException("Normalization needs both mean and variance, or none. Received only one");
        }
        givenMean = mean == null ? null : mean.clone();
        givenVariance = variance == null ? null : variance.clone();
        if (mean != null) {
            requireStatistics();
        }
    }

    private void requireStatistics() {
        boolean fit = givenMean.length == givenVariance.length && givenMean.length > 0;
        for (int i = 0; fit && i < givenMean.length; i++) {
            fit = Float.isFinite(givenMean[i]) && givenVariance[i] >= 0f && givenVariance[i] < Float.POSITIVE_INFINITY;
        }
        if (!fit) {
            throw new IllegalArgumentException("Normalization needs a finite mean and a finite variance of at least 0 for each"
                    + " feature. Received: " + list(givenMean) + " and " + list(givenVariance));
        }
    }

    /** A layer as a config tells it. */
    public static Layer of(Config config) {
        config.requireOnly("name", "seed", "mean", "variance");
        return configured(new Normalization(floats(config, "mean"), floats(config, "variance")), config);
    }

    private static float[] floats(Config config, String name) {
        if (!config.has(name)) {
            return null;
        }
        double[] numbers = config.numbers(name);
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    @Override
    public Config config() {
        return settings().with("mean", list(givenMean)).with("variance", list(givenVariance));
    }

    private static List<Float> list(float[] floats) {
        if (floats == null) {
            return null;
        }
        List<Float> list = new ArrayList<>();
        for (float value : floats) {
            list.add(value);
        }
        return list;
    }

    /**
     * Learns mean and (population) variance of each feature, in place of those before.
     *
     * @param data {@code (count, ..., features)}
     * @throws IllegalArgumentException if there are no data, or they have another number of features than this layer
     */
    public void adapt(Tensor data) {
        if (data.rank() < 2 || data.size() == 0) {
            throw new IllegalArgumentException("Normalization needs data (count, ..., features) to adapt to. Received shape: "
                    + data.shape());
        }
        build(List.of(data.shape().rest()));
        int features = features(data.shape());
        float[] x = data.toArray();
        int rows = x.length / features;
        for (int c = 0; c < features; c++) {
            double sum = 0;
            for (int i = c; i < x.length; i += features) {
                sum += x[i];
            }
            double squares = 0;
            for (int i = c; i < x.length; i += features) {
                squares += (x[i] - sum / rows) * (x[i] - sum / rows);
            }
            mean.data()[mean.offset() + c] = (float) (sum / rows);
            variance.data()[variance.offset() + c] = (float) (squares / rows);
        }
    }

    /** The mean {@code (features)}; null before the layer is built. */
    public Variable mean() {
        return mean;
    }

    /** The variance {@code (features)}; null before the layer is built. */
    public Variable variance() {
        return variance;
    }

    /** {@code [mean, variance]}, each {@code (features)}; no optimizer changes them. */
    @Override
    public List<WeightSpec> weightSpecs(List<Shape> inputs) {
        Shape shape = Shape.of(features(inputs.get(0)));
        return List.of(WeightSpec.state("mean", shape, new Zeros()),
                WeightSpec.state("variance", shape, new Ones()));
    }

    @Override
    protected void onBuilt(List<Variable> weights) {
        mean = weights.get(0);
        variance = weights.get(1);
        if (givenMean != null) {
            mean.assign(Tensor.of(givenMean));
            variance.assign(Tensor.of(givenVariance));
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        features(input);
        return input;
    }

    private int features(Shape shape) {
        int known = mean != null ? mean.size() : givenMean != null ? givenMean.length : 0;
        if (shape.rank() == 0 || shape.dim(-1) == 0 || known != 0 && shape.dim(-1) != known) {
            throw new IllegalArgumentException("Normalization needs an input whose last axis is "
                    + (known == 0 ? "at least 1" : known) + ". Received shape: " + shape);
        }
        return shape.dim(-1);
    }

    @Override
    protected Tensor compute(Call call) {
        return scaled(call, call.input(0), mean);
    }

    /** {@code (x - shift) / max(sqrt(variance), epsilon)}. */
    private Tensor scaled(Call call, Tensor tensor, Tensor shift) {
        Tensor x = tensor.contiguous();
        int features = features(x.shape());
        Tensor scale = call.allocate(1, features);
        for (int c = 0; c < features; c++) {
            float deviation = (float) Math.sqrt(variance.data()[variance.offset() + c]);
            scale.data()[scale.offset() + c] = 1f / Math.max(deviation, EPSILON);
        }
        Tensor zeros = ScaledNormalization.constant(call, 0f, features);
        Tensor y = call.allocate(x.shape());
        Backend.kernels().normalizeColumns(x.data(), x.offset(), shift.data(), shift.offset(), scale.data(), scale.offset(),
                zeros.data(), zeros.offset(), x.size() / features, features, y.data(), y.offset());
        return y;
    }

    /** The factor of each element, in the shape of the input. */
    @Override
    protected List<Tensor> inputGradients(Call call) {
        return composeInputGradients(call, Tensor.ones(call.output().shape().toArray()));
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return List.of(scaled(call, upstream, ScaledNormalization.constant(call, 0f, upstream.dim(-1))));
    }

    @Override
    protected List<Tensor> weightGradients(Call call) {
        throw new UnsupportedOperationException(
                "Normalization has no local Jacobians for mean and variance: they are not trained");
    }

    /** None: mean and variance are not trained. */
    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        return Arrays.asList(null, null);
    }

    @Override
    protected boolean worksByElement() {
        return true;
    }
}

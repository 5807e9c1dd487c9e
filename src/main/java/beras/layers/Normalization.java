package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;

/**
 * Standardises each feature, an element of the last axis, by a fixed mean and variance: {@code y = (x - mean) /
 * max(sqrt(variance), 1e-7)}. Mean and variance are given, or learnt from data by {@link #adapt}; they are saved with the model.
 * With neither the input passes unchanged.
 */
public final class Normalization extends FluentLayer<Normalization> implements KeepsSteps {

    /** The smallest deviation that is divided by. */
    public static final float EPSILON = 1e-7f;

    private float[] givenMean; // null: to be learnt
    private float[] givenVariance;

    /** A layer that is to {@link #adapt} to data. */
    public Normalization() {}

    /**
     * A layer with a mean and a variance for each feature.
     *
     * @throws IllegalArgumentException if their lengths differ, a number is not finite, or a variance is below 0
     */
    public Normalization(float[] mean, float[] variance) {
        givenMean = mean.clone();
        givenVariance = variance.clone();
        Settings.check(this);
    }

    /** As {@link #Normalization(float[], float[])}; the numbers are rounded to floats. */
    public Normalization(double[] mean, double[] variance) {
        this(Tensor.of(mean).data(), Tensor.of(variance).data());
    }

    @Override
    public void settings(Settings s) {
        float[] means = s.reals("mean", givenMean);
        float[] variances = s.reals("variance", givenVariance);
        if ((means == null) != (variances == null)) {
            throw new IllegalArgumentException("Normalization needs both mean and variance, or none. Received only one");
        }
        if (means != null) {
            requireStatistics(means, variances);
        }
        givenMean = means;
        givenVariance = variances;
    }

    private static void requireStatistics(float[] means, float[] variances) {
        boolean fit = means.length == variances.length && means.length > 0;
        for (int i = 0; fit && i < means.length; i++) {
            fit = Float.isFinite(means[i]) && variances[i] >= 0f && variances[i] < Float.POSITIVE_INFINITY;
        }
        if (!fit) {
            throw new IllegalArgumentException("Normalization needs a finite mean and a finite variance of at least 0 for each"
                    + " feature. Received: " + Arrays.toString(means) + " and " + Arrays.toString(variances));
        }
    }

    /** Unless mean and variance were given. */
    @Override
    public boolean adapts() {
        return givenMean == null;
    }

    /**
     * Learns mean and (population) variance of each feature, replacing earlier ones.
     *
     * @param data {@code (count, ..., features)}
     * @throws IllegalArgumentException if there are no data, or they have another number of features than this layer
     */
    @Override
    public void adapt(Tensor data) {
        if (data.rank() < 2 || data.size() == 0) {
            throw new IllegalArgumentException("Normalization needs data (count, ..., features) to adapt to. Received shape: "
                    + data.shape());
        }
        build(List.of(data.shape().rest()));
        outputShape(data.shape());
        int features = data.dim(-1);
        Variable mean = mean();
        Variable variance = variance();
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
        return own("mean");
    }

    /** The variance {@code (features)}; null before the layer is built. */
    public Variable variance() {
        return own("variance");
    }

    /** {@code [mean, variance]}, each {@code (features)}; no optimizer changes them. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        Shape shape = Shape.of(features(inputs.get(0), givenFeatures()));
        return List.of(WeightSpec.state("mean", shape, Initializers.zeros()),
                WeightSpec.state("variance", shape, Initializers.ones()));
    }

    @Override
    void onBuilt() {
        if (givenMean != null) {
            mean().assign(Tensor.of(givenMean));
            variance().assign(Tensor.of(givenVariance));
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        features(input, mean() == null ? givenFeatures() : mean().size());
        return input;
    }

    private int givenFeatures() {
        return givenMean == null ? 0 : givenMean.length;
    }

    @Override
    protected Tensor compute(Call call) {
        outputShape(call.input(0).shape());
        Tensor deviation = variance().stopGradient().sqrt().maximum(EPSILON);
        return call.input(0).subtract(mean().stopGradient()).multiply(Tensor.scalar(1).divide(deviation));
    }
}

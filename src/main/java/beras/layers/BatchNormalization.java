package beras.layers;

import beras.autograd.Call;
import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.initializers.Ones;
import beras.initializers.Zeros;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/**
 * Makes each feature, an element of the last axis, have mean 0 and deviation 1 over the batch and all other axes, then scales
 * and shifts it by weights of its own: Ioffe and Szegedy (2015).
 *
 * <p>In training it takes mean and variance of the batch, and lets moving averages follow them:
 * {@code moving = momentum * moving + (1 - momentum) * batch}; if the loss turns out not to be finite, {@code fit} takes that
 * back. Outside training, or frozen, it takes the moving averages and leaves them as they are. Variances are those of the
 * population.
 *
 * <p>The moving averages begin as 0 and 1, and follow weights that change meanwhile, so that they are wrong for some
 * {@code 3 / (1 - momentum)} steps. {@code FitOptions.preciseStatistics}, which every {@code Recipe} asks for, replaces them by
 * the mean and the variance of training examples when an epoch ends.
 *
 * <pre>{@code
 * new Sequential(new Input(784), new Dense(128), new BatchNormalization(), new ReLU(), new Dense(10, "softmax"));
 * }</pre>
 */
public final class BatchNormalization extends ScaledNormalization<BatchNormalization> implements BatchStatistics {

    // The rows of what is kept for the backward pass.
    private static final int MEAN = 0;
    private static final int INVERSE = 1; // 1 / sqrt(variance + epsilon)
    private static final int SCALE = 2; // gamma * inverse
    private static final int SHARE = 3; // 1 / rows if mean and variance depend on the input, else 0
    private static final int KEPT = 4;
    private static final long NOT_MEASURED = -1;

    private double momentum = 0.99;
    private Initializer movingMeanInitializer = new Zeros();
    private Initializer movingVarianceInitializer = new Ones();
    private long measured = NOT_MEASURED; // rows whose statistics the moving ones are, while they are taken again

    @Override
    public void settings(Settings s) {
        momentum = Arguments.share("momentum", s.number("momentum", momentum));
        super.settings(s);
        movingMeanInitializer = s.made("movingMeanInitializer", movingMeanInitializer, Initializers.REGISTRY);
        movingVarianceInitializer = s.made("movingVarianceInitializer", movingVarianceInitializer, Initializers.REGISTRY);
    }

    /**
     * How slowly the moving averages follow; default 0.99.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public BatchNormalization momentum(double newMomentum) {
        return with("momentum", newMomentum);
    }

    // ------------------------------------------------------------------------------------------------- weights

    /** {@code [gamma, beta, moving_mean, moving_variance]}, each {@code (features)}; the first two as far as wanted. */
    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        Shape shape = Shape.of(features(inputs.get(0)));
        List<WeightSpec> specs = super.ownSpecs(inputs);
        specs.add(WeightSpec.state("moving_mean", shape, movingMeanInitializer));
        specs.add(WeightSpec.state("moving_variance", shape, movingVarianceInitializer));
        return specs;
    }

    /** The moving mean {@code (features)}; null before the layer is built. */
    public Variable movingMean() {
        return own("moving_mean");
    }

    /** The moving variance {@code (features)}; null before the layer is built. */
    public Variable movingVariance() {
        return own("moving_variance");
    }

    /** Whether it is not frozen, as a whole or weight by weight. */
    private boolean learns() {
        boolean weighted = gamma() != null || beta() != null;
        return !isFrozen() && (!weighted || gamma() != null && gamma().trainable() || beta() != null && beta().trainable());
    }

    // ----------------------------------------------------------------------------------------------- computing

    @Override
    protected Tensor compute(Call call) {
        Shape shape = call.input(0).shape();
        features(shape);
        boolean ofBatch = (call.training() || measured != NOT_MEASURED) && shape.size() > 0 && learns();
        return apply(new Columns(this, ofBatch), call.input(0));
    }

    /** Mean and variance of the batch into their rows, the variance in place of its inverse root; the moving ones follow. */
    private void takeStatistics(Tensor x, int rows, int features, Tensor kept) {
        MatrixView means = row(kept, MEAN);
        Backend.sums().reduceColumns(BinaryOp.ADD, x.block(), means);
        for (int c = 0; c < features; c++) {
            set(kept, MEAN, c, get(kept, MEAN, c) / rows);
        }
        Backend.normalizations().columnProducts(x.block(), means, x.block(), means, row(kept, INVERSE));
        Variable movingMean = movingMean();
        Variable movingVariance = movingVariance();
        double share = measured == NOT_MEASURED ? 0 : (double) rows / (measured += rows); // of all rows since the beginning
        for (int c = 0; c < features; c++) {
            set(kept, INVERSE, c, get(kept, INVERSE, c) / rows);
            if (measured == NOT_MEASURED) {
                follow(movingMean, c, get(kept, MEAN, c));
                follow(movingVariance, c, get(kept, INVERSE, c));
            } else {
                double mean = value(movingMean, c);
                double difference = get(kept, MEAN, c) - mean;
                double within = (1 - share) * value(movingVariance, c) + share * get(kept, INVERSE, c);
                double between = share * (1 - share) * difference * difference; // Chan et al. (1979)
                set(movingMean, c, share == 1 ? get(kept, MEAN, c) : (float) (mean + share * difference));
                set(movingVariance, c, share == 1 ? get(kept, INVERSE, c) : (float) (within + between));
            }
        }
    }

    @Override
    public void beginStatistics() {
        measured = 0;
    }

    @Override
    public void endStatistics() {
        measured = NOT_MEASURED;
    }

    private void follow(Variable moving, int c, float batch) {
        set(moving, c, Math.fma((float) (1 - momentum), batch, (float) momentum * value(moving, c)));
    }

    /** Normalizes by the statistics of the batch, which the moving averages then follow, or by the moving averages. */
    private record Columns(BatchNormalization layer, boolean ofBatch) implements Scaled {

        @Override
        public boolean scale() {
            return layer.gamma() != null;
        }

        @Override
        public boolean center() {
            return layer.beta() != null;
        }

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            int features = x.dim(-1);
            int rows = x.size() / features;
            Tensor kept = call.allocate(KEPT, features);
            if (ofBatch && x.mask().isPresent()) {
                throw new UnsupportedOperationException("BatchNormalization takes its statistics of all steps, and so of padding, too."
                        + " Received: sequences with a mask. Take LayerNormalization, or leave the Masking out");
            }
            if (ofBatch) {
                layer.takeStatistics(x, rows, features, kept);
            }
            Tensor factors = factors(call, features);
            Variable movingMean = layer.movingMean();
            Variable movingVariance = layer.movingVariance();
            for (int c = 0; c < features; c++) {
                float mean = ofBatch ? get(kept, MEAN, c) : value(movingMean, c);
                float variance = ofBatch ? get(kept, INVERSE, c) : value(movingVariance, c);
                float inverse = 1f / (float) Math.sqrt(variance + layer.epsilon());
                set(kept, MEAN, c, mean);
                set(kept, INVERSE, c, inverse);
                set(kept, SCALE, c, inverse * value(factors, c));
                set(kept, SHARE, c, ofBatch ? 1f / rows : 0f);
            }
            call.save(kept);
            Tensor shifts = shifts(call, features);
            Tensor y = call.allocate(x.shape());
            Backend.normalizations().normalizeColumns(x.block(), row(kept, MEAN), row(kept, SCALE), shifts.block(), y.block());
            return y;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            Tensor kept = call.saved();
            Tensor sums = sums(call, upstream);
            int features = sums.dim(1);
            if (i > 0) {
                Tensor gradient = call.allocate(Shape.of(features));
                for (int c = 0; c < features; c++) {
                    gradient.data()[gradient.offset() + c] = i == gamma(call) ? get(sums, 1, c) * get(kept, INVERSE, c)
                            : get(sums, 0, c);
                }
                return gradient;
            }
            Tensor x = call.input(0).contiguous();
            Tensor means = call.allocate(2, features); // of the upstream, and of its product with the normalized input, rescaled
            for (int c = 0; c < features; c++) {
                float share = get(kept, SHARE, c);
                float inverse = get(kept, INVERSE, c);
                set(means, 0, c, share * get(sums, 0, c));
                set(means, 1, c, share * get(sums, 1, c) * inverse * inverse * get(kept, SCALE, c));
            }
            Tensor dx = call.allocate(x.shape());
            Backend.normalizations().normalizeColumnsGradient(upstream.block(), row(means, 0), row(kept, SCALE), x.block(),
                    row(kept, MEAN), row(means, 1), dx.block());
            return dx;
        }

        /** The column sums of the upstream, and of its product with {@code x - mean}; all gradients need them. */
        private Tensor sums(OperationCall call, Tensor upstream) {
            Tensor known = call.cached(upstream);
            if (known != null) {
                return known;
            }
            Tensor x = call.input(0).contiguous();
            Tensor sums = call.allocate(2, x.dim(-1));
            Tensor zeros = constant(call, 0f, x.dim(-1));
            Backend.sums().reduceColumns(BinaryOp.ADD, upstream.block(), row(sums, 0));
            Backend.normalizations().columnProducts(upstream.block(), zeros.block(), x.block(), row(call.saved(), MEAN), row(sums, 1));
            return call.cache(upstream, sums);
        }

        /** With the statistics that were taken, as constants if they are the moving ones. */
        @Override
        public Tensor composition(OperationCall call) {
            Tensor x = call.input(0);
            Tensor kept = call.saved();
            int features = x.dim(-1);
            if (get(kept, SHARE, 0) > 0) {
                return scaled(call, standardized(x.reshape(x.size() / features, features), layer.epsilon(), 0).reshape(x.shape().toArray()));
            }
            Tensor mean = kept.slice(MEAN, MEAN + 1).reshape(features);
            Tensor inverse = kept.slice(INVERSE, INVERSE + 1).reshape(features);
            return scaled(call, x.subtract(mean).multiply(inverse));
        }
    }

    private static MatrixView row(Tensor matrix, int row) {
        return new MatrixView(matrix.data(), place(matrix, row, 0), 1, matrix.dim(1));
    }

    private static float get(Tensor matrix, int row, int column) {
        return matrix.data()[place(matrix, row, column)];
    }

    private static void set(Tensor matrix, int row, int column, float value) {
        matrix.data()[place(matrix, row, column)] = value;
    }

    private static int place(Tensor matrix, int row, int column) {
        return matrix.offset() + row * matrix.dim(1) + column;
    }

    private static float value(Tensor vector, int i) {
        return vector.data()[vector.offset() + i];
    }

    private static void set(Tensor vector, int i, float value) {
        vector.data()[vector.offset() + i] = value;
    }
}

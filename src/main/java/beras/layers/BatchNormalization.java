package beras.layers;

import beras.autograd.Call;
import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;

/**
 * Normalizes each feature, an element of the last axis, to mean 0 and standard deviation 1 over the batch and all other axes,
 * then scales and shifts it by trainable weights: Ioffe and Szegedy (2015).
 *
 * <p>In training it takes mean and variance of the batch, and lets moving averages follow them:
 * {@code moving = momentum * moving + (1 - momentum) * batch}; if the loss turns out not to be finite, {@code fit} takes that
 * back. Outside training, or frozen, it takes the moving averages and leaves them as they are. Variances are population
 * variances.
 *
 * <p>The moving averages begin as 0 and 1, and follow weights that change meanwhile, so that they are wrong for some
 * {@code 3 / (1 - momentum)} steps. {@code FitOptions.preciseStatistics}, the default of every {@code Recipe}, replaces them by
 * the mean and the variance of training examples when an epoch ends.
 *
 * <pre>{@code
 * new Sequential(new Input(784), new Dense(128), new BatchNormalization(), new ReLU(), new Dense(10, "softmax"));
 * }</pre>
 */
public final class BatchNormalization extends ScaledNormalization<BatchNormalization> {

    // The rows of the tensor for the backward pass.
    private static final int MEAN = 0;
    private static final int INVERSE = 1; // 1 / sqrt(variance + epsilon)
    private static final int SCALE = 2; // gamma * inverse
    private static final int SHARE = 3; // 1 / rows if mean and variance depend on the input, else 0
    private static final int KEPT = 4;
    private static final long NOT_MEASURED = -1;

    private double momentum = 0.99;
    private Initializer movingMeanInitializer = Initializers.zeros();
    private Initializer movingVarianceInitializer = Initializers.ones();
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

    /** {@code [gamma, beta, moving_mean, moving_variance]}, each {@code (features)}; the first two if enabled. */
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
        MatrixView variances = row(kept, INVERSE);
        Backend.sums().reduceColumns(BinaryOp.ADD, x.block(), means);
        for (int c = 0; c < features; c++) {
            means.set(c, means.get(c) / rows);
        }
        Backend.normalizations().columnProducts(x.block(), means, x.block(), means, variances);
        MatrixView movingMeans = movingMean().block();
        MatrixView movingVariances = movingVariance().block();
        double share = measured == NOT_MEASURED ? 0 : (double) rows / (measured += rows); // of all rows since the beginning
        for (int c = 0; c < features; c++) {
            variances.set(c, variances.get(c) / rows);
            if (measured == NOT_MEASURED) {
                follow(movingMeans, c, means.get(c));
                follow(movingVariances, c, variances.get(c));
            } else {
                double mean = movingMeans.get(c);
                double difference = means.get(c) - mean;
                double within = (1 - share) * movingVariances.get(c) + share * variances.get(c);
                double between = share * (1 - share) * difference * difference; // Chan et al. (1979)
                movingMeans.set(c, share == 1 ? means.get(c) : (float) (mean + share * difference));
                movingVariances.set(c, share == 1 ? variances.get(c) : (float) (within + between));
            }
        }
    }

    /**
     * Until {@link #endStatistics} each call normalizes by the statistics of its batch, as in training, and the layer collects
     * the statistics of all examples, see {@code FitOptions.preciseStatistics}. Only for one thread, which calls it meanwhile.
     */
    public void beginStatistics() {
        measured = 0;
    }

    /** Ends that: calls outside training again leave the statistics as they are. Without effect if they were not begun. */
    public void endStatistics() {
        measured = NOT_MEASURED;
    }

    private void follow(MatrixView moving, int c, float batch) {
        moving.set(c, Math.fma((float) (1 - momentum), batch, (float) momentum * moving.get(c)));
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
            MatrixView factors = factors(call, features).block();
            MatrixView means = row(kept, MEAN);
            MatrixView inverses = row(kept, INVERSE);
            MatrixView scales = row(kept, SCALE);
            MatrixView movingMeans = layer.movingMean().block();
            MatrixView movingVariances = layer.movingVariance().block();
            for (int c = 0; c < features; c++) {
                means.set(c, ofBatch ? means.get(c) : movingMeans.get(c));
                inverses.set(c, 1f / (float) Math.sqrt((ofBatch ? inverses.get(c) : movingVariances.get(c)) + layer.epsilon()));
                scales.set(c, inverses.get(c) * factors.get(c));
            }
            Arrays.fill(kept.data(), kept.offset() + SHARE * features, kept.offset() + KEPT * features, ofBatch ? 1f / rows : 0f);
            call.save(kept);
            Tensor shifts = shifts(call, features);
            Tensor y = call.allocate(x.shape());
            Backend.normalizations().normalizeColumns(x.block(), means, scales, shifts.block(), y.block());
            return y;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            Tensor kept = call.saved();
            Tensor sums = sums(call, upstream);
            int features = sums.dim(1);
            MatrixView inverses = row(kept, INVERSE);
            MatrixView ofUpstream = row(sums, 0);
            MatrixView ofProduct = row(sums, 1);
            if (i > 0) {
                Tensor gradient = call.allocate(Shape.of(features));
                MatrixView out = gradient.block();
                for (int c = 0; c < features; c++) {
                    out.set(c, i == gamma(call) ? ofProduct.get(c) * inverses.get(c) : ofUpstream.get(c));
                }
                return gradient;
            }
            Tensor x = call.input(0).contiguous();
            Tensor means = call.allocate(2, features); // of the upstream, and of its product with the normalized input, rescaled
            MatrixView first = row(means, 0);
            MatrixView second = row(means, 1);
            MatrixView scales = row(kept, SCALE);
            float share = kept.data()[kept.offset() + SHARE * features];
            for (int c = 0; c < features; c++) {
                float inverse = inverses.get(c);
                first.set(c, share * ofUpstream.get(c));
                second.set(c, share * ofProduct.get(c) * inverse * inverse * scales.get(c));
            }
            Tensor dx = call.allocate(x.shape());
            Backend.normalizations().normalizeColumnsGradient(upstream.block(), first, scales, x.block(), row(kept, MEAN), second, dx.block());
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
            if (row(kept, SHARE).get(0) > 0) {
                return scaled(call, standardized(x.reshape(x.size() / features, features), layer.epsilon(), 0).reshape(x.shape().toArray()));
            }
            Tensor mean = kept.slice(MEAN, MEAN + 1).reshape(features);
            Tensor inverse = kept.slice(INVERSE, INVERSE + 1).reshape(features);
            return scaled(call, x.subtract(mean).multiply(inverse));
        }
    }

    private static MatrixView row(Tensor matrix, int row) {
        return new MatrixView(matrix.data(), matrix.offset() + row * matrix.dim(1), 1, matrix.dim(1));
    }
}

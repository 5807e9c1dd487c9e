package beras.layers;

import beras.autograd.Affine;
import beras.autograd.Call;
import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Normalizes each group of channels of each example, over all pixels, to mean 0 and standard deviation 1, then scales and shifts
 * each channel by trainable weights: Wu and He (2018). Channels are the last axis. The same in training and outside; the variance
 * is that of the population.
 */
public final class GroupNormalization extends ScaledNormalization<GroupNormalization> {

    private static final int ALL = -1;

    private int groups = 32;

    /** With 32 groups. */
    public GroupNormalization() {}

    /**
     * @param groups the parts that the channels are cut into; -1: each channel is one
     * @throws IllegalArgumentException if it is neither -1 nor at least 1
     */
    public GroupNormalization(int groups) {
        set("groups", groups);
    }

    @Override
    public void settings(Settings s) {
        int wanted = s.integer("groups", groups);
        if (wanted < 1 && wanted != ALL) {
            throw new IllegalArgumentException("groups of GroupNormalization must be at least 1, or -1 for one a channel. Received: "
                    + wanted);
        }
        groups = wanted;
        super.settings(s);
    }

    @Override
    void requireFit(Shape shape) {
        int channels = shape.dim(-1);
        if (groups != ALL && channels % groups != 0) {
            throw new IllegalArgumentException("GroupNormalization needs channels, the last axis, that are a multiple of its "
                    + groups + " groups. Received shape: " + shape);
        }
    }

    @Override
    protected Tensor compute(Call call) {
        Shape shape = call.input(0).shape();
        int channels = features(example(call.input(0)));
        requireFit(shape);
        int parts = groups == ALL ? channels : groups;
        int batch = shape.dim(0);
        int pixels = shape.rest().size() / channels;
        Tensor rows = call.input(0).reshape(batch, pixels, parts, channels / parts).transpose(0, 2, 1, 3)
                .reshape(batch * parts, pixels * channels / parts);
        Tensor normalized = new LayerNormalization.Rows(epsilon(), false, false).apply(rows);
        return apply(new Columns(gamma() != null, beta() != null), normalized.reshape(batch, parts, pixels, channels / parts)
                .transpose(0, 2, 1, 3).reshape(shape.toArray()));
    }

    /** Scales and shifts each channel. */
    private record Columns(boolean scale, boolean center) implements Scaled {

        @Override
        public Tensor compute(OperationCall call) {
            return normalized(call, call.input(0).contiguous(), shifts(call, call.input(0).dim(-1)));
        }

        private Tensor normalized(OperationCall call, Tensor x, Tensor shifts) {
            Tensor y = call.allocate(x.shape());
            Backend.normalizations().normalizeColumns(x.block(), constant(call, 0f, shifts.size()).block(),
                    factors(call, shifts.size()).block(), shifts.block(), y.block());
            return y;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            Tensor zeros = constant(call, 0f, upstream.dim(-1));
            if (i == 0) {
                return normalized(call, upstream, zeros);
            }
            if (i != gamma(call)) {
                return Affine.columnSums(call, i, upstream);
            }
            Tensor sums = call.allocate(Shape.of(zeros.size()));
            Backend.normalizations().columnProducts(upstream.block(), zeros.block(), call.input(0).contiguous().block(), zeros.block(),
                    sums.block());
            return sums;
        }

        @Override
        public Tensor composition(OperationCall call) {
            return scaled(call, call.input(0));
        }
    }
}

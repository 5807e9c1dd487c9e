package beras.layers;

import beras.autograd.Affine;
import beras.autograd.Call;
import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Makes each group of channels of each example, all of its pixels together, have mean 0 and deviation 1, then scales and shifts
 * each channel by weights of its own: Wu and He (2018). Channels are the last axis. The same in training and outside; the
 * variance is that of the population.
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
        int channels = features(shape);
        requireFit(shape);
        return apply(new Groups(groups == ALL ? channels : groups, epsilon(), gamma() != null, beta() != null), call.input(0));
    }

    /** @param parts that the channels are cut into */
    private record Groups(int parts, float epsilon, boolean scale, boolean center) implements Scaled {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            int channels = x.dim(-1);
            Tensor rows = grouped(call, x);
            Tensor statistics = call.allocate(rows.dim(0), 2);
            normalize(call, rows, statistics, rows);
            call.save(statistics);
            Tensor y = grouped(call, rows, x.shape(), channels, false);
            Backend.normalizations().normalizeColumns(y.block(), constant(call, 0f, channels).block(), factors(call,
                    channels).block(), shifts(call, channels).block(), y.block());
            return y;
        }

        private void normalize(OperationCall call, Tensor rows, Tensor statistics, Tensor out) {
            int n = rows.dim(1);
            Backend.normalizations().normalizeRows(rows.block(), constant(call, 1f, n).block(), constant(call, 0f, n).block(),
                    epsilon, out.block(), statistics.block());
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            Tensor x = call.input(0).contiguous();
            int channels = x.dim(-1);
            if (i != 0 && i != gamma(call)) {
                return Affine.columnSums(call, i, upstream);
            }
            MatrixView zeros = constant(call, 0f, channels).block();
            Tensor rows = grouped(call, x);
            if (i == 0) {
                Tensor scaled = call.allocate(x.shape());
                Backend.normalizations().normalizeColumns(upstream.block(), zeros, factors(call, channels).block(), zeros,
                        scaled.block());
                Tensor above = grouped(call, scaled);
                Backend.normalizations().normalizeRowsGradient(rows.block(), call.saved().block(),
                        constant(call, 1f, rows.dim(1)).block(), above.block(), above.block());
                return grouped(call, above, x.shape(), channels, false);
            }
            normalize(call, rows, call.allocate(rows.dim(0), 2), rows);
            Tensor normalized = grouped(call, rows, x.shape(), channels, false);
            Tensor ofGamma = call.allocate(Shape.of(channels));
            Backend.normalizations().columnProducts(upstream.block(), zeros, normalized.block(), zeros, ofGamma.block());
            return ofGamma;
        }

        @Override
        public Tensor composition(OperationCall call) {
            Tensor x = call.input(0);
            int channels = x.dim(-1);
            Tensor grouped = x.reshape(x.dim(0), x.shape().rest().size() / channels, parts, channels / parts);
            return scaled(call, standardized(grouped, epsilon, 1, 3).reshape(x.shape().toArray()));
        }

        /** A row for each example and group: its channels in all pixels. */
        private Tensor grouped(OperationCall call, Tensor images) {
            int rows = images.dim(0) * parts;
            return grouped(call, images, Shape.of(rows, rows == 0 ? 0 : images.size() / rows), images.dim(-1), true);
        }

        /** Moves from images to groups, there, or back; the shape is that of the result. */
        private Tensor grouped(OperationCall call, Tensor from, Shape shape, int channels, boolean there) {
            Tensor to = call.allocate(shape);
            int n = channels / parts;
            int batch = there ? from.dim(0) : to.dim(0);
            int pixels = batch == 0 ? 0 : from.size() / (batch * channels);
            for (int image = 0; image < batch; image++) {
                for (int pixel = 0; pixel < pixels; pixel++) {
                    for (int g = 0; g < parts; g++) {
                        int inImage = (image * pixels + pixel) * channels + g * n;
                        int inGroup = ((image * parts + g) * pixels + pixel) * n;
                        System.arraycopy(from.data(), from.offset() + (there ? inImage : inGroup), to.data(),
                                to.offset() + (there ? inGroup : inImage), n);
                    }
                }
            }
            return to;
        }
    }
}

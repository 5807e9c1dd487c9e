package beras.layers;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.UnaryOp;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What convolutional layers share: a small window moves over the examples, and in each of its places the pixels that it covers
 * are multiplied by a kernel. Channels are the last axis.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class Convolution<L extends Convolution<L>> extends KernelLayer<L> {

    private final Windowing windowing;

    /** @param axes 2 for images, 1 for sequences */
    Convolution(int axes) {
        windowing = Windowing.ofConvolution(getClass().getSimpleName(), axes);
    }

    /** @param windowing of a layer that this one is a part of */
    Convolution(Windowing windowing) {
        this.windowing = windowing;
    }

    final Windowing windowing() {
        return windowing;
    }

    /**
     * How far the window moves from place to place; default 1.
     *
     * @param strides one for all axes, or one for each
     * @throws IllegalArgumentException if one is less than 1
     */
    public final L strides(int... strides) {
        set("strides", strides);
        return self();
    }

    /**
     * What is done at the edges: {@code valid}, the default, keeps the window within the example; {@code same} fills zeros around
     * it, so that with strides of 1 there is a place for each pixel; {@code causal}, for sequences, fills them before it.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public final L padding(String padding) {
        set("padding", padding);
        return self();
    }

    /**
     * How far the taps of the window lie apart; default 1.
     *
     * @param dilationRate one for all axes, or one for each
     * @throws IllegalArgumentException if one is less than 1
     */
    public final L dilationRate(int... dilationRate) {
        set("dilationRate", dilationRate);
        return self();
    }

    /** The parts that channels and filters are cut into, each convolved for itself. */
    abstract int groupsOf(int channels);

    /** The channels of the output. */
    abstract int filtersOf(int channels);

    /** The channels of examples of this shape; refuses one that does not fit. */
    abstract int channels(Shape input);

    /** Refuses other channels than the kernel was made for. */
    final int requireChannels(Shape input, int known) {
        windowing.requireImage(input);
        if (known != 0 && input.dim(-1) != known) {
            throw new IllegalArgumentException(windowing.layer() + " has a kernel for " + known
                    + " channels. Received shape: " + input);
        }
        return input.dim(-1);
    }

    @Override
    Shape biasShape(Shape input) {
        return Shape.of(filtersOf(channels(input)));
    }

    @Override
    Shape productShape(Shape input) {
        return windowing.places(windowing.over(input), filtersOf(channels(input)));
    }

    @Override
    long uses(Shape input) {
        return windowing.over(input).places();
    }

    /** The kernel as the convolution sees it: a row for each tap and channel of a group, and a column for each filter. */
    private static MatrixView kernelBlock(Tensor kernel, int filters) {
        return new MatrixView(kernel.data(), kernel.offset(), kernel.size() / filters, filters);
    }

    @Override
    Tensor compute(Call call, UnaryOp op, float alpha) {
        Tensor x = call.input(0).contiguous();
        Shape input = windowing.example(x);
        int channels = channels(input);
        Window window = windowing.over(input);
        int filters = filtersOf(channels);
        Tensor y = call.allocate(windowing.places(window, filters).prepend(x.dim(0)));
        Backend.convolutions().forward(window, groupsOf(channels), op, alpha, x.block(), kernelBlock(kernel(), filters),
                bias() == null ? null : bias().block(), y.block());
        return y;
    }

    /** For each group, its channels of what the window covers, times its kernel: both in the shape that the kernel has for groups. */
    @Override
    protected Tensor define(Call call) {
        Tensor x = call.input(0);
        Shape input = x.shape().rest();
        Window window = windowing.over(input);
        int groups = groupsOf(channels(input));
        int filters = filtersOf(channels(input));
        int rows = x.dim(0) * window.places();
        int taps = window.taps();
        int channels = channels(input) / groups;
        Tensor patches = Windowing.patches(window, x).reshape(rows, taps, groups, channels).transpose(2, 0, 1, 3)
                .reshape(groups, rows, taps * channels);
        Tensor kernels = defined(kernel()).reshape(taps, channels, groups, filters / groups).transpose(2, 0, 1, 3)
                .reshape(groups, taps * channels, filters / groups);
        return withBias(patches.matmul(kernels).transpose(1, 0, 2), windowing.places(window, filters).prepend(x.dim(0)));
    }

    /** The product in this shape, with the bias added to it, by operations. */
    final Tensor withBias(Tensor product, Shape shape) {
        Tensor shaped = product.reshape(shape.toArray());
        return bias() == null ? shaped : shaped.add(defined(bias()));
    }

    /** A weight, as a constant if it is fixed. */
    private Tensor defined(Tensor weight) {
        return isFixed() ? weight.stopGradient() : weight;
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Shape input = call.input(0).shape();
        Tensor d = upstream.contiguous();
        Tensor dx = call.allocate(input);
        Backend.convolutions().inputGradient(windowing.over(input.rest()), groupsOf(input.dim(-1)), d.block(),
                kernelBlock(kernel(), d.dim(-1)), dx.block());
        return List.of(dx);
    }

    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        if (isFixed()) {
            return Arrays.asList(null, null);
        }
        Tensor x = call.input(0).contiguous();
        Tensor d = upstream.contiguous();
        Tensor dw = call.allocate(kernel().shape());
        Backend.convolutions().kernelGradient(windowing.over(x.shape().rest()), groupsOf(x.dim(-1)), x.block(), d.block(),
                kernelBlock(dw, d.dim(-1)));
        return withBiasGradient(call, dw, d);
    }

    /** The gradient of the kernel, and that of the bias, if there is one: the sum over all pixels. */
    final List<Tensor> withBiasGradient(Call call, Tensor dw, Tensor d) {
        if (bias() == null) {
            return List.of(dw);
        }
        Tensor db = call.allocate(bias().shape());
        Backend.sums().columnSums(d.block(), db.block());
        return List.of(dw, db);
    }
}

package beras.layers;

import beras.autograd.FusedOperation;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.kernels.Window;
import beras.tensor.Shape;

/**
 * What convolutional layers share: a small window moves over the examples, and in each of its places the pixels that it covers
 * are multiplied by a kernel. Channels are the last axis.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class Convolution<L extends Convolution<L>> extends KernelLayer<L> {

    private final Windowing windowing;
    private int filters = 1;
    private int groups = 1;

    /** @param axes 2 for images, 1 for sequences */
    Convolution(int axes) {
        windowing = Windowing.ofConvolution(getClass().getSimpleName(), axes);
    }

    /** @param windowing of a layer that this one is a part of */
    Convolution(Windowing windowing) {
        this.windowing = windowing;
    }

    Convolution(int axes, int filters, int... kernelSize) {
        this(axes);
        set("filters", filters);
        set("kernelSize", kernelSize);
    }

    final Windowing windowing() {
        return windowing;
    }

    @Override
    public void settings(Settings s) {
        filtersAndWindow(s);
        groups = Arguments.atLeast(1, "groups", s.integer("groups", groups));
        kernelSettings(s);
    }

    final void filtersAndWindow(Settings s) {
        filters(s);
        windowing.size(s.required(), "kernelSize");
        windowing.move(s);
        windowing.dilation(s);
    }

    final int filters() {
        return filters;
    }

    final void filters(Settings s) {
        filters = Arguments.atLeast(1, "filters of " + windowing.layer(), s.required().integer("filters", filters));
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

    /** The parts that channels and filters are cut into, each convolved for itself; by default so many as the settings say. */
    int groupsOf(int channels) {
        return groups;
    }

    /** The channels of the output; by default so many as the settings say. */
    int filtersOf(int channels) {
        return filters;
    }

    /** The channels of examples of this shape; refuses one that does not fit. */
    int channels(Shape input) {
        int channels = requireChannels(input, kernel() == null ? 0 : kernel().dim(-2) * groups);
        if (channels % groups != 0 || filters % groups != 0) {
            throw new IllegalArgumentException(windowing.layer() + " needs channels and filters that are multiples of its "
                    + groups + " groups. Received: " + channels + " channels and " + filters + " filters");
        }
        return channels;
    }

    @Override
    Shape kernelShape(Shape input) {
        return windowing.kernel(channels(input) / groups, filters);
    }

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

    @Override
    FusedOperation operation(Shape batch, UnaryOp op, float alpha) {
        Shape input = windowing.example(batch);
        int channels = channels(input);
        Window window = windowing.over(input);
        int filters = filtersOf(channels);
        return new Convolve(window, groupsOf(channels), windowing.places(window, filters), op, alpha);
    }
}

package beras.layers;

import beras.autograd.FusedOperation;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.UnaryOp;
import beras.kernels.Window;
import beras.tensor.Shape;

/**
 * The base class of convolutional layers: a small window moves over the examples, and at each position the covered pixels are
 * multiplied by a kernel. Channels are the last axis.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class Convolution<L extends Convolution<L>> extends KernelLayer<L> implements Windowed<L> {

    /** The connections of the kernel. */
    enum Form {
        /** The channels of a group with its filters: {@code (size, channels / groups, filters)}. */
        FULL,
        /** Each channel has its own filters: {@code (size, channels, multiplier)}. */
        DEPTHWISE,
        /** Places with pixels, the way of a convolution back: {@code (size, filters, channels)}. */
        TRANSPOSED
    }

    private final Form form;
    private final Windowing windowing;
    private int filters = 1; // of a channel, if each has its own
    private int groups = 1;

    /** @param axes 2 for images, 1 for sequences */
    Convolution(Form form, int axes) {
        this(form, form == Form.DEPTHWISE ? "depthwise_kernel" : "kernel", null, axes);
    }

    /**
     * @param kernel the name of the weight
     * @param owner  that this layer is a part of; null: none
     */
    Convolution(Form form, String kernel, Windowing owner, int axes) {
        super(kernel);
        this.form = form;
        windowing = owner == null ? Windowing.ofConvolution(getClass().getSimpleName(), axes, form == Form.FULL && axes == 1) : owner;
    }

    Convolution(Form form, int axes, int filters, int... kernelSize) {
        this(form, axes);
        set("filters", filters);
        set("kernelSize", kernelSize);
    }

    final Windowing windowing() {
        return windowing;
    }

    /** Whether each channel has its own filters. */
    public final boolean isDepthwise() {
        return form == Form.DEPTHWISE;
    }

    @Override
    public void settings(Settings s) {
        if (!isDepthwise()) {
            filters(s);
        }
        windowing.size(s.required(), "kernelSize");
        windowing.move(s);
        if (isDepthwise()) {
            depthMultiplier(s);
        }
        windowing.dilation(s);
        if (form == Form.FULL) {
            groups = Arguments.atLeast(1, "groups", s.integer("groups", groups));
        }
        kernelSettings(s);
    }

    final void filters(Settings s) {
        filters = Arguments.atLeast(1, "filters of " + windowing.layer(), s.required().integer("filters", filters));
    }

    final void depthMultiplier(Settings s) {
        filters = Arguments.atLeast(1, "depthMultiplier", s.integer("depthMultiplier", filters));
    }

    /** The channels of the output. */
    int filtersOf(int channels) {
        return isDepthwise() ? Windowing.axis(windowing.layer(), (long) channels * filters) : filters;
    }

    /** The channels of examples of this shape; rejects one that does not fit. */
    private int channels(Shape input) {
        windowing.requireImage(input);
        int known = kernel() == null ? 0 : kernel().dim(form == Form.TRANSPOSED ? -1 : -2) * groups;
        int channels = input.dim(-1);
        if (known != 0 && channels != known) {
            throw new IllegalArgumentException(windowing.layer() + " has a kernel for " + known
                    + " channels. Received shape: " + input);
        }
        if (channels % groups != 0 || filters % groups != 0) {
            throw new IllegalArgumentException(windowing.layer() + " needs channels and filters that are multiples of its "
                    + groups + " groups. Received: " + channels + " channels and " + filters + " filters");
        }
        return channels;
    }

    @Override
    final Shape kernelShape(Shape input) {
        int channels = channels(input);
        return switch (form) {
            case FULL -> windowing.kernel(channels / groups, filtersOf(channels));
            case DEPTHWISE -> windowing.kernel(channels, filters);
            case TRANSPOSED -> windowing.kernel(filters, channels);
        };
    }

    @Override
    final Shape biasShape(Shape input) {
        return Shape.of(filtersOf(channels(input)));
    }

    @Override
    final Shape productShape(Shape input) {
        int filtersOf = filtersOf(channels(input));
        Window window = window(input);
        return form == Form.TRANSPOSED ? windowing.pixels(window, filtersOf) : windowing.places(window, filtersOf);
    }

    private Window window(Shape input) {
        return form == Form.TRANSPOSED ? windowing.under(input) : windowing.over(input);
    }

    @Override
    final FusedOperation operation(Shape batch, UnaryOp op, float alpha) {
        Shape input = windowing.example(batch);
        Shape output = productShape(input);
        return form == Form.TRANSPOSED ? new ConvolveTransposed(window(input), output, op, alpha)
                : new Convolve(window(input), isDepthwise() ? input.dim(-1) : groups, output, op, alpha);
    }
}

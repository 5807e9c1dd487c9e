package beras.layers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Shape;

/**
 * Convolves each channel of images {@code (batch, height, width, channels)} for itself, by {@code depthMultiplier} filters of its
 * own. The kernel is {@code (kernel height, kernel width, channels, depthMultiplier)}, the output has
 * {@code channels * depthMultiplier} channels, those of the first channel first, and as many biases.
 *
 * <p>The settings of the kernel are called {@code depthwiseInitializer}, {@code depthwiseRegularizer} and
 * {@code depthwiseConstraint} in configs.
 */
public final class DepthwiseConv2D extends Convolution<DepthwiseConv2D> {

    private int depthMultiplier = 1;

    DepthwiseConv2D() {
        super(2);
    }

    /** For a layer that this one is a part of. */
    DepthwiseConv2D(Windowing windowing) {
        super(windowing);
    }

    /**
     * A layer with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param kernelSize height and width of the window, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public DepthwiseConv2D(int... kernelSize) {
        this();
        set("kernelSize", kernelSize);
    }

    /**
     * As {@link #DepthwiseConv2D(int...)}, with an activation by name.
     *
     * @throws IllegalArgumentException also if there is no such activation
     */
    public DepthwiseConv2D(int kernelSize, String activation) {
        this(kernelSize);
        activation(activation);
    }

    @Override
    DepthwiseConv2D self() {
        return this;
    }

    @Override
    String word() {
        return "depthwise";
    }

    @Override
    public void settings(Settings s) {
        windowing().size(s.required(), "kernelSize");
        windowing().move(s);
        depthMultiplier(s);
        windowing().dilation(s);
        kernelSettings(s);
    }

    /** The setting of the multiplier. */
    void depthMultiplier(Settings s) {
        depthMultiplier = Arguments.atLeast(1, "depthMultiplier", s.integer("depthMultiplier", depthMultiplier));
    }

    @Override
    int groupsOf(int channels) {
        return channels;
    }

    @Override
    int filtersOf(int channels) {
        return Windowing.axis(windowing().layer(), (long) channels * depthMultiplier);
    }

    @Override
    int channels(Shape input) {
        return requireChannels(input, kernel() == null ? 0 : kernel().dim(-2));
    }

    @Override
    Shape kernelShape(Shape input) {
        return windowing().kernel(channels(input), depthMultiplier);
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * Convolves images {@code (batch, height, width, channels)} in two steps: each channel for itself, as {@link DepthwiseConv2D} does,
 * then all of them in each pixel, as {@link Conv2D} with a window of one pixel does. That needs fewer multiplications than one
 * convolution. Bias and activation are those of the second step.
 */
public final class SeparableConv2D extends Layer {

    private final Windowing windowing = Windowing.ofConvolution(getClass().getSimpleName(), 2);
    private final DepthwiseConv2D depthwise = addLayer(new DepthwiseConv2D(windowing).useBias(false));
    private final Pointwise pointwise = addLayer(new Pointwise());

    /** The second step. */
    private static final class Pointwise extends Convolution<Pointwise> {

        Pointwise() {
            super(Windowing.ofConvolution(SeparableConv2D.class.getSimpleName(), 2));
        }

        @Override
        Pointwise self() {
            return this;
        }

        @Override
        String word() {
            return "pointwise";
        }
    }

    SeparableConv2D() {}

    /**
     * A layer of {@code filters} filters with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param filters    the channels of the output
     * @param kernelSize height and width of the window, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public SeparableConv2D(int filters, int... kernelSize) {
        set("filters", filters);
        set("kernelSize", kernelSize);
    }

    /**
     * As {@link #SeparableConv2D(int, int...)}, with an activation by name.
     *
     * @throws IllegalArgumentException also if there is no such activation
     */
    public SeparableConv2D(int filters, int kernelSize, String activation) {
        this(filters, kernelSize);
        activation(activation);
    }

    @Override
    public void settings(Settings s) {
        pointwise.filters(s);
        windowing.size(s.required(), "kernelSize");
        windowing.move(s);
        windowing.dilation(s);
        depthwise.depthMultiplier(s);
        pointwise.kernelSettings(s);
        depthwise.onlyKernelSettings(s);
    }

    @Override
    public SeparableConv2D named(String newName) {
        super.named(newName);
        return this;
    }

    @Override
    public SeparableConv2D seed(long newSeed) {
        super.seed(newSeed);
        return this;
    }

    /**
     * How far the window moves from place to place; default 1.
     *
     * @param strides one for both axes, or one for each
     * @throws IllegalArgumentException if one is less than 1
     */
    public SeparableConv2D strides(int... strides) {
        return with("strides", strides);
    }

    /**
     * What is done at the edges, {@code valid}, the default, or {@code same}, as {@link Convolution#padding}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public SeparableConv2D padding(String padding) {
        return with("padding", padding);
    }

    /**
     * What is computed of the second step, by name; default none.
     *
     * @throws IllegalArgumentException if there is no such activation
     */
    public SeparableConv2D activation(String name) {
        return with("activation", name);
    }

    /** What is computed of the second step: a layer of one input; default none. */
    public SeparableConv2D activation(Layer layer) {
        return with("activation", layer);
    }

    /** Whether a bias is added; default true. */
    public SeparableConv2D useBias(boolean useBias) {
        return with("useBias", useBias);
    }

    @Override
    public SeparableConv2D with(String setting, Object value) {
        set(setting, value);
        return this;
    }

    @Override
    public Shape outputShape(Shape input) {
        return pointwise.outputShape(depthwise.outputShape(input));
    }

    /** That of the second step. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return pointwise.outputRange(inputs);
    }

    @Override
    public long multiplyAdds(List<Shape> inputs) {
        return depthwise.multiplyAdds(inputs) + pointwise.multiplyAdds(List.of(depthwise.outputShape(inputs.get(0))));
    }

    @Override
    protected Tensor compute(Call call) {
        return pointwise.call(depthwise.call(call.input(0)));
    }
}

package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * A convolution in two steps: each channel for itself, then all of them in each place. That needs fewer multiplications than one
 * convolution. Bias and activation belong to the second step.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class SeparableConvolution<L extends SeparableConvolution<L>> extends FluentLayer<L> implements Windowed<L> {

    private final Windowing windowing;
    private final Step depthwise;
    private final Step pointwise;

    private static final class Step extends Convolution<Step> {

        Step(Form form, String kernel, Windowing owner) {
            super(form, kernel, owner, 0);
        }
    }

    /** @param axes 2 for images, 1 for sequences */
    SeparableConvolution(int axes) {
        String name = getClass().getSimpleName();
        windowing = Windowing.ofConvolution(name, axes, false);
        depthwise = addLayer(new Step(Convolution.Form.DEPTHWISE, "depthwise_kernel", windowing).useBias(false));
        pointwise = addLayer(new Step(Convolution.Form.FULL, "pointwise_kernel", Windowing.ofConvolution(name, axes, false)));
    }

    SeparableConvolution(int axes, int filters, int... kernelSize) {
        this(axes);
        set("filters", filters);
        set("kernelSize", kernelSize);
    }

    @Override
    public final void settings(Settings s) {
        pointwise.filters(s);
        windowing.size(s.required(), "kernelSize");
        windowing.move(s);
        windowing.dilation(s);
        depthwise.depthMultiplier(s);
        pointwise.kernelSettings(s);
        depthwise.onlyKernelSettings(s);
    }

    /**
     * The activation of the second step, by name; default none.
     *
     * @throws IllegalArgumentException if there is no such activation
     */
    public final L activation(String name) {
        return with("activation", name);
    }

    /** The activation of the second step: a layer of one input; default none. */
    public final L activation(Layer layer) {
        return with("activation", layer);
    }

    /** Whether a bias is added; default true. */
    public final L useBias(boolean useBias) {
        return with("useBias", useBias);
    }

    @Override
    public final Shape outputShape(Shape input) {
        return pointwise.outputShape(depthwise.outputShape(input));
    }

    /** That of the second step. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        return pointwise.outputRange(inputs);
    }

    @Override
    protected final Tensor compute(Call call) {
        return pointwise.call(depthwise.call(call.input(0)));
    }
}

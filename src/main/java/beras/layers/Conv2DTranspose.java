package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.UnaryOp;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * Goes the way of a {@link Conv2D} back: each pixel of images {@code (batch, height, width, channels)} adds its multiple of the
 * kernel to the output where the window would cover it. With strides of 2 and padding {@code same}, images become twice as high
 * and wide. The kernel is {@code (kernel height, kernel width, filters, channels)}, the bias {@code (filters)}.
 */
public final class Conv2DTranspose extends Convolution<Conv2DTranspose> {

    private int filters = 1;

    Conv2DTranspose() {
        super(2);
    }

    /**
     * A layer of {@code filters} filters with a window of this size: Glorot uniform weights, zero bias.
     *
     * @param filters    the channels of the output
     * @param kernelSize height and width of the window, or one number for both
     * @throws IllegalArgumentException if one is less than 1
     */
    public Conv2DTranspose(int filters, int... kernelSize) {
        this();
        set("filters", filters);
        set("kernelSize", kernelSize);
    }

    /**
     * As {@link #Conv2DTranspose(int, int...)}, with an activation by name.
     *
     * @throws IllegalArgumentException also if there is no such activation
     */
    public Conv2DTranspose(int filters, int kernelSize, String activation) {
        this(filters, kernelSize);
        activation(activation);
    }

    @Override
    Conv2DTranspose self() {
        return this;
    }

    @Override
    public void settings(Settings s) {
        filters = Arguments.atLeast(1, "filters", s.required().integer("filters", filters));
        windowing().size(s.required(), "kernelSize");
        windowing().move(s);
        windowing().dilation(s);
        kernelSettings(s);
    }

    @Override
    int groupsOf(int channels) {
        return 1;
    }

    @Override
    int filtersOf(int channels) {
        return filters;
    }

    @Override
    int channels(Shape input) {
        return requireChannels(input, kernel() == null ? 0 : kernel().dim(-1));
    }

    @Override
    Shape kernelShape(Shape input) {
        return windowing().kernel(filters, channels(input));
    }

    @Override
    Shape productShape(Shape input) {
        channels(input);
        return windowing().pixels(windowing().under(input), filters);
    }

    @Override
    long uses(Shape input) {
        return windowing().under(input).places();
    }

    /** What a convolution computes of its gradient, with a bias added to it. */
    @Override
    Tensor compute(Call call, UnaryOp op, float alpha) {
        Tensor x = call.input(0).contiguous();
        Shape input = windowing().example(x);
        Tensor y = call.allocate(productShape(input).prepend(x.dim(0)));
        MatrixView out = y.block();
        Backend.convolutions().inputGradient(windowing().under(input), 1, x.block(), kernel().block(), out);
        if (bias() != null) {
            MatrixView zeros = ScaledNormalization.constant(call, 0f, filters).block();
            MatrixView ones = ScaledNormalization.constant(call, 1f, filters).block();
            Backend.normalizations().normalizeColumns(out, zeros, ones, bias().block(), out);
        }
        if (op != UnaryOp.LINEAR) {
            Backend.elements().map(op, alpha, out, out);
        }
        return y;
    }

    @Override
    protected Tensor define(Call call) {
        Tensor x = call.input(0);
        Shape input = x.shape().rest();
        Window window = windowing().under(input);
        Tensor kernel = kernel().reshape(window.taps() * filters, x.dim(-1));
        Tensor patches = x.matmul(kernel.transpose()).reshape(x.dim(0), window.places(), window.taps(), filters);
        return withBias(Windowing.overlaps(window, patches), productShape(input).prepend(x.dim(0)));
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        Shape input = call.input(0).shape();
        Tensor dx = call.allocate(input);
        Backend.convolutions().forward(windowing().under(input.rest()), 1, UnaryOp.LINEAR, 0f, upstream.contiguous().block(),
                kernel().block(), null, dx.block());
        return List.of(dx);
    }

    @Override
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        Tensor x = call.input(0).contiguous();
        Tensor d = upstream.contiguous();
        Tensor dw = call.allocate(kernel().shape());
        Backend.convolutions().kernelGradient(windowing().under(x.shape().rest()), 1, d.block(), x.block(), dw.block());
        return withBiasGradient(call, dw, d);
    }
}

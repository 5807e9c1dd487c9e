package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.LinearOperation;
import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.UnaryOp;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * Goes the way of a {@link Conv2D} back: each pixel of images {@code (batch, height, width, channels)} adds its multiple of the
 * kernel to the output where the window would cover it. With strides of 2 and padding {@code same}, images become twice as high
 * and wide. The kernel is {@code (kernel height, kernel width, filters, channels)}, the bias {@code (filters)}.
 */
public final class Conv2DTranspose extends Convolution<Conv2DTranspose> {

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
        super(2, filters, kernelSize);
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
        filtersAndWindow(s);
        kernelSettings(s);
    }

    @Override
    int channels(Shape input) {
        return requireChannels(input, kernel() == null ? 0 : kernel().dim(-1));
    }

    @Override
    Shape kernelShape(Shape input) {
        return windowing().kernel(filters(), channels(input));
    }

    @Override
    Shape productShape(Shape input) {
        channels(input);
        return windowing().pixels(windowing().under(input), filters());
    }

    @Override
    long uses(Shape input) {
        return windowing().under(input).places();
    }

    @Override
    FusedOperation operation(Shape batch, UnaryOp op, float alpha) {
        Shape input = windowing().example(batch);
        return new Transposed(windowing().under(input), productShape(input), op, alpha);
    }

    /**
     * What a convolution computes of its gradient, of images and a kernel, and with a bias added to it, if there is a third input.
     *
     * @param output the shape of one example of the result
     */
    private record Transposed(Window window, Shape output, UnaryOp op, float alpha) implements LinearOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor y = call.allocate(output.prepend(x.dim(0)));
            MatrixView out = y.block();
            Backend.convolutions().inputGradient(window, 1, x.block(), call.input(1).block(), out);
            if (call.inputCount() == 3) {
                MatrixView zeros = ScaledNormalization.constant(call, 0f, output.dim(-1)).block();
                MatrixView ones = ScaledNormalization.constant(call, 1f, output.dim(-1)).block();
                Backend.normalizations().normalizeColumns(out, zeros, ones, call.input(2).block(), out);
            }
            if (op != UnaryOp.LINEAR) {
                Backend.elements().map(op, alpha, out, out);
            }
            return y;
        }

        @Override
        public void gradient(OperationCall call, int i, Tensor upstream, Tensor out) {
            if (i == 0) {
                Backend.convolutions().forward(window, 1, UnaryOp.LINEAR, 0f, upstream.block(), call.input(1).block(), null, out.block());
            } else {
                Backend.convolutions().kernelGradient(window, 1, upstream.block(), call.input(0).contiguous().block(), out.block());
            }
        }

        @Override
        public Tensor product(OperationCall call) {
            Tensor x = call.input(0);
            int filters = output.dim(-1);
            Tensor kernel = call.input(1).reshape(window.taps() * filters, x.dim(-1));
            Tensor patches = x.matmul(kernel.transpose()).reshape(x.dim(0), window.places(), window.taps(), filters);
            return Windowing.overlaps(window, patches).reshape(output.prepend(x.dim(0)).toArray());
        }
    }
}

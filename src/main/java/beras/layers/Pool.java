package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * The largest or the mean of the pixels in each place of a window, channel by channel; of equal ones the first is the largest.
 *
 * @param output the shape of one example of the result
 */
record Pool(boolean isMax, Window window, Shape output) implements FusedOperation {

    private static final int MAX_WINDOW_SIZE = 1 << 24; // the place of the largest pixel is kept as a float

    Pool {
        if (isMax && window.taps() > MAX_WINDOW_SIZE) {
            throw new IllegalArgumentException("Max pooling takes a window of at most " + MAX_WINDOW_SIZE + " pixels. Received: "
                    + window.kernelHeight() + " x " + window.kernelWidth() + ". Pool in two steps");
        }
    }

    @Override
    public Tensor compute(OperationCall call) {
        return compute(call, call.input(0).contiguous());
    }

    Tensor compute(OperationCall call, Tensor x) {
        Tensor y = call.allocate(output.prepend(x.dim(0)));
        if (isMax) {
            Tensor taps = call.allocate(y.shape());
            Backend.pools().max(window, x.block(), y.block(), taps.block());
            call.save(taps);
        } else {
            Backend.pools().average(window, x.block(), y.block());
        }
        return y;
    }

    @Override
    public Tensor gradient(OperationCall call, int i, Tensor upstream) {
        return gradient(call, call.input(0).shape(), upstream);
    }

    /** The gradient to the input, which has this shape. */
    Tensor gradient(OperationCall call, Shape input, Tensor upstream) {
        Tensor dx = call.allocate(input);
        if (isMax) {
            Backend.pools().maxGradient(window, upstream.contiguous().block(), call.saved().block(), dx.block());
        } else {
            Backend.pools().averageGradient(window, upstream.contiguous().block(), dx.block());
        }
        return dx;
    }

    @Override
    public Tensor composition(OperationCall call) {
        return composition(call, call.input(0));
    }

    Tensor composition(OperationCall call, Tensor x) {
        Tensor patches = Windowing.patches(window, x);
        Tensor pooled;
        if (isMax) {
            Tensor taps = call.saved().reshape(x.dim(0), window.positions(), x.dim(-1));
            pooled = Tensor.where(taps.oneHot(window.taps()).transpose(0, 1, 3, 2), patches, Tensor.scalar(0)).sum(2);
        } else {
            pooled = patches.sum(2).divide(Windowing.patches(window, Tensor.ones(1, window.pixels(), 1)).sum(2));
        }
        return pooled.reshape(output.prepend(x.dim(0)).toArray());
    }
}

package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** What is made of the pixels in each place of a window, channel by channel. */
enum Pool {

    /** The largest. */
    MAX {
        @Override
        Tensor compute(OperationCall call, Window w, Tensor x, Shape output) {
            Tensor y = call.allocate(output);
            Tensor taps = call.allocate(output);
            Backend.pools().max(w, x.block(), y.block(), taps.block());
            call.save(taps);
            return y;
        }

        @Override
        Tensor composition(OperationCall call, Window w, Tensor x) {
            Tensor taps = call.saved().reshape(x.dim(0), w.positions(), x.dim(-1));
            Tensor largest = taps.oneHot(w.taps()).transpose(0, 1, 3, 2);
            return Tensor.where(largest, Windowing.patches(w, x), Tensor.scalar(0)).sum(2);
        }

        @Override
        Tensor gradient(OperationCall call, Window w, Shape input, Tensor upstream) {
            Tensor dx = call.allocate(input);
            Backend.pools().maxGradient(w, upstream.contiguous().block(), call.saved().block(), dx.block());
            return dx;
        }
    },

    /** The mean. */
    AVERAGE {
        @Override
        Tensor compute(OperationCall call, Window w, Tensor x, Shape output) {
            Tensor y = call.allocate(output);
            Backend.pools().average(w, x.block(), y.block());
            return y;
        }

        @Override
        Tensor composition(OperationCall call, Window w, Tensor x) {
            Tensor counts = Windowing.patches(w, Tensor.ones(1, w.pixels(), 1)).sum(2);
            return Windowing.patches(w, x).sum(2).divide(counts);
        }

        @Override
        Tensor gradient(OperationCall call, Window w, Shape input, Tensor upstream) {
            Tensor dx = call.allocate(input);
            Backend.pools().averageGradient(w, upstream.contiguous().block(), dx.block());
            return dx;
        }
    };

    private static final int MAX_WINDOW_SIZE = 1 << 24;

    /**
     * The window, whose largest pixel has its place kept as a float.
     *
     * @throws IllegalArgumentException if there are more places than a float distinguishes
     */
    Window checked(Window w) {
        if (this == MAX && (long) w.kernelHeight() * w.kernelWidth() > MAX_WINDOW_SIZE) {
            throw new IllegalArgumentException("Max pooling takes a window of at most " + MAX_WINDOW_SIZE + " pixels. Received: "
                    + w.kernelHeight() + " x " + w.kernelWidth() + ". Pool in two steps");
        }
        return w;
    }

    /**
     * As an operation.
     *
     * @param output the shape of one example of the result
     */
    record Operation(Pool pool, Window window, Shape output) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            return compute(call, call.input(0).contiguous());
        }

        Tensor compute(OperationCall call, Tensor x) {
            return pool.compute(call, window, x, output.prepend(x.dim(0)));
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            return pool.gradient(call, window, call.input(0).shape(), upstream);
        }

        @Override
        public Tensor composition(OperationCall call) {
            return composition(call, call.input(0));
        }

        Tensor composition(OperationCall call, Tensor x) {
            return pool.composition(call, window, x).reshape(output.prepend(x.dim(0)).toArray());
        }
    }

    /** The output, of this shape. */
    abstract Tensor compute(OperationCall call, Window w, Tensor x, Shape output);

    /** The output {@code (batch, places, channels)} by operations; of equal pixels the first is the largest. */
    abstract Tensor composition(OperationCall call, Window w, Tensor x);

    /** The gradient to the input, which has this shape. */
    abstract Tensor gradient(OperationCall call, Window w, Shape input, Tensor upstream);
}

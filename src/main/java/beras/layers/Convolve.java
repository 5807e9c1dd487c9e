package beras.layers;

import beras.autograd.LinearOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.UnaryOp;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * A convolution of images, the first input, with a kernel and a bias, if there is a third input, and a function of each element.
 *
 * @param groups the parts that channels and filters are cut into, each convolved for itself
 * @param output the shape of one example of the result
 */
record Convolve(Window window, int groups, Shape output, UnaryOp op, float alpha) implements LinearOperation {

    /** The kernel as the convolution sees it: a row for each tap and channel of a group, and a column for each filter. */
    private MatrixView block(Tensor kernel) {
        return new MatrixView(kernel.data(), kernel.offset(), kernel.size() / output.dim(-1), output.dim(-1));
    }

    @Override
    public Tensor compute(OperationCall call) {
        Tensor x = call.input(0).contiguous();
        Tensor y = call.allocate(output.prepend(x.dim(0)));
        Backend.convolutions().forward(window, groups, op, alpha, x.block(), block(call.input(1)),
                call.inputCount() == 2 ? null : call.input(2).block(), y.block());
        return y;
    }

    @Override
    public void gradient(OperationCall call, int i, Tensor upstream, Tensor out) {
        if (i == 0) {
            Backend.convolutions().inputGradient(window, groups, upstream.block(), block(call.input(1)), out.block());
        } else {
            Backend.convolutions().kernelGradient(window, groups, call.input(0).contiguous().block(), upstream.block(), block(out));
        }
    }

    /** For each group, its channels of the covered pixels times its kernel: both in the kernel's shape for groups. */
    @Override
    public Tensor product(OperationCall call) {
        Tensor x = call.input(0);
        int filters = output.dim(-1);
        int rows = x.dim(0) * window.positions();
        int taps = window.taps();
        int channels = x.dim(-1) / groups;
        Tensor patches = Windowing.patches(window, x).reshape(rows, taps, groups, channels).transpose(2, 0, 1, 3)
                .reshape(groups, rows, taps * channels);
        Tensor kernels = call.input(1).reshape(taps, channels, groups, filters / groups).transpose(2, 0, 1, 3)
                .reshape(groups, taps * channels, filters / groups);
        return patches.matmul(kernels).transpose(1, 0, 2).reshape(output.prepend(x.dim(0)).toArray());
    }
}
